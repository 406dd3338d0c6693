"""What are the steps of an iteration? A sequence of records, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, overload

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.numbers import for_json
from tui_backprop.record.remnants import Remnants
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


class Steps(Sequence[Step]):
    """The steps of one iteration; a number in them that is nothing but rounding is a Remnant.

    before: gives the iteration before it; None for the first one.
    """

    def __init__(
        self,
        graph: Graph,
        program: Program,
        plan: Plan,
        layout: StepLayout,
        iteration: Iteration,
        before: Callable[[], Iteration] | None = None,
    ) -> None:
        self.layout = layout
        self._noted = Remnants(program, plan, iteration, before)
        self.iteration = iteration
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
        return _Numbers(self._program.named, partial(self._noted.slot, turn))

    def parameter(self, name: str, is_updated: bool = False) -> float:
        """A parameter's value in the iteration, or after its update."""
        place = self._graph.parameter_places[name]
        return self._noted.updated(place) if is_updated else self._noted.parameters()[place]

    def loss(self) -> float:
        """The loss, averaged or summed over the examples."""
        return self._noted.loss()

    def reduced_gradient(self, parameter: str) -> float:
        """A parameter's gradient, averaged or summed over the examples."""
        return self._noted.gradient(self._graph.parameter_places[parameter])

    def gradient(self, name: str, turn: int) -> float:
        """The gradient with respect to a node or parameter, for one of the iteration's examples."""
        return self._noted.slot(turn, self._program.gradients[name])

    def factor(self, of: str, wrt: str, turn: int) -> float:
        """The factor of an edge, for one of the iteration's examples."""
        return self._noted.slot(turn, self._program.factors[of, wrt])

    def _of_example(self, index: int, entry: Entry, turn: int) -> Step:
        graph, program = self._graph, self._program
        number, example = partial(self._noted.slot, turn), self.iteration.batch[turn]
        name = entry.name
        if entry.kind == "value":
            formula = graph.equations[name]
            return ValueStep(index, example, name, formula, self.numbers(turn), number(program.values[name]))
        if entry.kind == "seed":
            return SeedStep(index, example, name)
        if entry.kind == "factor":
            formula = graph.factors[entry.of, name]
            is_direct = entry.of == graph.loss and not graph.is_whole_gradient(entry.of, name)
            value = number(program.factors[entry.of, name])
            return FactorStep(index, example, entry.of, name, formula, self.numbers(turn), value, is_direct)
        terms = tuple(
            Term(term.through, number(term.upstream), number(term.factor), number(term.product))
            for term in program.terms[name]
        )
        return GradientStep(index, example, name, terms, number(program.gradients[name]))

    def _mean(self, index: int, entry: Entry) -> MeanStep:
        parameter = entry.name or None
        program = self._program
        slot = program.gradients[parameter] if parameter else program.loss
        value = self.reduced_gradient(parameter) if parameter else self.loss()
        terms = tuple(self._noted.slot(turn, slot) for turn in range(len(self.iteration.batch)))
        return MeanStep(index, parameter, terms, self._plan.averages, value)

    def _update(self, index: int, entry: Entry) -> UpdateStep:
        rate = self._plan.learning_rate
        assert rate is not None
        return UpdateStep(
            index,
            entry.name,
            self.parameter(entry.name),
            self.reduced_gradient(entry.name),
            rate,
            self.parameter(entry.name, is_updated=True),
        )


class _Numbers(Mapping[str, float]):
    """The numbers of one example's pass by name, looked up where they lie."""

    def __init__(self, places: Mapping[str, int], number: Callable[[int], float]) -> None:
        self._places = places
        self._number = number

    def __getitem__(self, name: str) -> float:
        return self._number(self._places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _numbers_for_json(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {name: for_json(number) for name, number in numbers.items()}
