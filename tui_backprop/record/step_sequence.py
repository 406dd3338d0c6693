"""What are the steps of an iteration? A sequence of records, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
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


class Steps(Sequence[Step]):
    """The steps of one iteration."""

    def __init__(self, graph: Graph, plan: Plan, layout: StepLayout, iteration: Iteration) -> None:
        self.layout = layout
        self.iteration = iteration
        self._graph = graph
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
        return {**self.given_to_json(), "steps": [step.to_json() for step in self]}

    def given_to_json(self) -> dict[str, Any]:
        """The document without its steps: what is given."""
        return {
            "schema": "backprop-tui/steps/1",
            "iteration": self.iteration.number,
            "constants": _numbers_for_json(self._graph.constants),
            "parameters": _numbers_for_json(dict(zip(self._graph.parameters, self.iteration.parameters, strict=True))),
            "examples": [
                _numbers_for_json(dict(zip(self._graph.inputs, example, strict=True)))
                for example in self._plan.examples
            ],
        }

    def numbers(self, turn: int) -> Mapping[str, float]:
        """Every value by name that an example's forward pass ends with: constants, parameters, inputs, nodes."""
        return self.iteration.passes[turn].numbers

    def gradient(self, name: str, turn: int) -> float:
        """The gradient with respect to a node or parameter, for one of the iteration's examples."""
        return self.iteration.passes[turn].gradient(name)

    def factor(self, of: str, wrt: str, turn: int) -> float:
        """The factor of an edge, for one of the iteration's examples."""
        return self.iteration.passes[turn].factor(of, wrt)

    def _of_example(self, index: int, entry: Entry, turn: int) -> Step:
        graph, numbers = self._graph, self.iteration.passes[turn]
        example, name = self.iteration.batch[turn], entry.name
        if entry.kind == "value":
            formula = graph.equations[name]
            return ValueStep(index, example, name, formula, numbers.numbers, numbers.numbers[name])
        if entry.kind == "seed":
            return SeedStep(index, example, name)
        if entry.kind == "factor":
            formula = graph.factors[entry.of, name]
            is_direct = entry.of == graph.loss and not graph.is_whole_gradient(entry.of, name)
            value = numbers.factor(entry.of, name)
            return FactorStep(index, example, entry.of, name, formula, numbers.numbers, value, is_direct)
        pairs = ((user, numbers.gradient(user), numbers.factor(user, name)) for user in graph.consumers.get(name, ()))
        terms = tuple(Term(user, upstream, factor, upstream * factor) for user, upstream, factor in pairs)
        return GradientStep(index, example, name, terms, numbers.gradient(name))

    def _mean(self, index: int, entry: Entry) -> MeanStep:
        parameter, iteration = entry.name or None, self.iteration
        if parameter is None:
            terms, value = tuple(seen.numbers[self._graph.loss] for seen in iteration.passes), iteration.loss
        else:
            terms = tuple(seen.gradient(parameter) for seen in iteration.passes)
            value = iteration.gradients[self._graph.parameter_places[parameter]]
        return MeanStep(index, parameter, terms, self._plan.averages, value)

    def _update(self, index: int, entry: Entry) -> UpdateStep:
        place = self._graph.parameter_places[entry.name]
        iteration, rate = self.iteration, self._plan.learning_rate
        assert rate is not None
        return UpdateStep(
            index,
            entry.name,
            iteration.parameters[place],
            iteration.gradients[place],
            rate,
            iteration.updated[place],
        )


def _numbers_for_json(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {name: for_json(number) for name, number in numbers.items()}
