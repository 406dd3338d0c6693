"""What are the steps of an iteration? A sequence of records, each made when it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.numbers import for_json
from tui_backprop.record.step import (
    FactorStep,
    GradientStep,
    MeanStep,
    SeedStep,
    Step,
    Term,
    UpdateStep,
    ValueStep,
)
from tui_backprop.record.step_layout import Entry, StepLayout
from tui_backprop.scenario.optimizers import GRADIENT, ITERATION, PARAMETER, RATE, UPDATE_NUMBER


class Steps(Sequence[Step]):
    """The steps of one iteration."""

    def __init__(
        self,
        graph: Graph,
        program: Program,
        plan: Plan,
        layout: StepLayout,
        iteration: Iteration,
        before: Callable[[], Iteration],
    ) -> None:
        """`before` gives the iteration before this one, which is not the first."""
        self.layout = layout
        self.iteration = iteration
        self._before = before
        self._graph = graph
        self._program = program
        self._plan = plan

    def __len__(self) -> int:
        return len(self.layout)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"the iteration has {len(self)} steps")
        entry, turn = self.layout.entry(index), self.layout.turn(index)
        if turn is None:
            return self._mean(index, entry) if entry.kind == "mean" else self._update(index, entry)
        return self._of_example(index, entry, turn)

    def to_json(self) -> dict[str, Any]:
        """The document that `steps --format json` prints: every step, with the numbers it was computed from."""
        return {
            "schema": "backprop-tui/steps/1",
            "iteration": self.iteration.number,
            "constants": _numbers_for_json(self._graph.constants),
            "parameters": _numbers_for_json(dict(zip(self._graph.parameters, self.iteration.parameters, strict=True))),
            "examples": [
                _numbers_for_json(dict(zip(self._graph.inputs, example, strict=True)))
                for example in self._plan.examples
            ],
            "steps": [step.to_json() for step in self],
        }

    def numbers(self, turn: int) -> Mapping[str, float]:
        """Every value by name that an example's forward pass ends with: constants, parameters, inputs, nodes."""
        return _Numbers(self._program.named, self.iteration.slots[turn])

    def gradient(self, name: str, turn: int) -> float:
        """The gradient with respect to a node or parameter, for one of the iteration's examples."""
        return self.iteration.slots[turn][self._program.gradients[name]]

    def factor(self, of: str, wrt: str, turn: int) -> float:
        """The factor of an edge, for one of the iteration's examples."""
        return self.iteration.slots[turn][self._program.factors[of, wrt]]

    def _of_example(self, index: int, entry: Entry, turn: int) -> Step:
        graph, program = self._graph, self._program
        slots, example = self.iteration.slots[turn], self.iteration.batch[turn]
        name = entry.name
        if entry.kind == "value":
            formula = graph.equations[name]
            return ValueStep(index, example, name, formula, self.numbers(turn), slots[program.values[name]])
        if entry.kind == "seed":
            return SeedStep(index, example, name)
        if entry.kind == "factor":
            formula = graph.factors[entry.of, name]
            is_direct = entry.of == graph.loss and not graph.is_whole_gradient(entry.of, name)
            value = slots[program.factors[entry.of, name]]
            return FactorStep(index, example, entry.of, name, formula, self.numbers(turn), value, is_direct)
        terms = tuple(
            Term(term.through, slots[term.upstream], slots[term.factor], slots[term.product])
            for term in program.terms[name]
        )
        return GradientStep(index, example, name, terms, slots[program.gradients[name]])

    def _mean(self, index: int, entry: Entry) -> MeanStep:
        parameter = entry.name or None
        iteration, program = self.iteration, self._program
        slot = program.gradients[parameter] if parameter else program.loss
        value = iteration.gradients[self._graph.parameter_places[parameter]] if parameter else iteration.loss
        terms = tuple(slots[slot] for slots in iteration.slots)
        return MeanStep(index, parameter, terms, self._plan.averages, value)

    def _update(self, index: int, entry: Entry) -> UpdateStep:
        iteration, rule, rate = self.iteration, self._plan.rule, self.iteration.rate
        assert rule is not None
        assert rate is not None
        if not entry.name:
            known = {**self._graph.constants, ITERATION: float(iteration.number)}
            return UpdateStep(index, None, RATE, rule.rate, known, None, rate)
        place = self._graph.parameter_places[entry.name]
        turn = bisect_left(self._plan.updated_places, place)
        at = len(rule.lines) - 1 if entry.line is None else entry.line
        gradient = iteration.gradients[place]
        numbers = {
            **rule.constants,
            RATE: rate,
            UPDATE_NUMBER: iteration.number + 1.0,
            PARAMETER: iteration.parameters[place],
            GRADIENT: gradient,
            **dict(zip(rule.state, iteration.state[turn :: len(self._plan.updated_places)], strict=True)),
        }
        for line, column in zip(rule.lines[:at], iteration.lines, strict=False):
            numbers[line.name] = float(column[turn])
        name, formula, after = rule.lines[at].name, rule.lines[at].formula, float(iteration.lines[at][turn])
        before = numbers.get(name)
        if before is None:
            before = float(self._before().lines[at][turn]) if iteration.number else 0.0
        made_of = (gradient, rate) if entry.line is None else (None, None)
        return UpdateStep(index, entry.name, name, formula, numbers, before, after, *made_of)


class _Numbers(Mapping[str, float]):
    """The numbers of one example's pass by name, looked up where they lie."""

    def __init__(self, places: Mapping[str, int], slots: Sequence[float]) -> None:
        self._places = places
        self._slots = slots

    def __getitem__(self, name: str) -> float:
        return self._slots[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _numbers_for_json(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {name: for_json(number) for name, number in numbers.items()}
