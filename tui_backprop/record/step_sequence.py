"""The steps of an iteration: a sequence of records, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_backprop.engine.iteration import Iteration
from tui_backprop.maths.expression import Expression
from tui_backprop.numbers import for_json
from tui_backprop.on_demand import OnDemand
from tui_backprop.record.step import Step
from tui_backprop.record.step_kinds import STEP_KINDS, Computed
from tui_backprop.record.step_layout import Entry, StepLayout


class Steps(OnDemand[Step]):
    """The steps of one iteration; a number in them that is nothing but rounding is a Remnant."""

    called = "steps"

    def __init__(self, computed: Computed, layout: StepLayout) -> None:
        self.layout = layout
        self._computed = computed

    @property
    def iteration(self) -> Iteration:
        """The iteration whose steps they are."""
        return self._computed.iteration

    def __len__(self) -> int:
        return len(self.layout)

    def made(self, index: int) -> Step:
        """The step at an index."""
        entry, turn, computed = self.layout.entry(index), self.layout.turn(index), self._computed
        kind, graph = STEP_KINDS[entry.kind], computed.graph
        return Step(
            index,
            entry,
            None if turn is None else computed.iteration.batch[turn],
            computed.tree(entry),
            computed.numbers(entry, turn or 0),
            kind.number(computed, entry, turn or 0),
            kind.replaced(computed, entry),
            kind.line(computed.plan, entry),
            is_direct=graph.is_direct(entry.of, entry.name),
        )

    def to_json(self) -> dict[str, Any]:
        """The document that `steps --format json` prints: every step, with the numbers it was computed from."""
        return {**self.given_to_json(), "steps": [step.to_json() for step in self]}

    def given_to_json(self) -> dict[str, Any]:
        """The document without its steps: what is given."""
        graph = self._computed.graph
        return {
            "schema": "backprop-tui/steps/1",
            "iteration": self.iteration.number,
            "constants": _numbers_for_json(graph.constants),
            "parameters": _numbers_for_json(dict(zip(graph.parameters, self.iteration.parameters, strict=True))),
            "examples": [
                _numbers_for_json(dict(zip(graph.inputs, example, strict=True)))
                for example in self._computed.plan.examples
            ],
        }

    def parameter(self, name: str) -> float:
        """A parameter's value in the iteration, before its update."""
        return self._computed.noted.parameters()[self._computed.graph.parameter_places[name]]

    def given(self, name: str, turn: int) -> float:
        """What an iteration begins with: a parameter before its update, an input of an example, a constant."""
        return self.parameter(name) if name in self._computed.graph.parameter_places else self.numbers(turn)[name]

    def loss(self) -> float:
        """The loss, averaged or summed over the examples."""
        return self._computed.noted.loss()

    def reduced_gradient(self, name: str) -> float:
        """A parameter's gradient, averaged or summed over the examples."""
        return self._computed.noted.gradient(self._computed.graph.parameter_places[name])

    def tree(self, entry: Entry) -> Expression:
        """What a step computes."""
        return self._computed.tree(entry)

    def line(self, entry: Entry) -> str:
        """What an update's line sets, in the words of its optimizer; "" of other steps."""
        return STEP_KINDS[entry.kind].line(self._computed.plan, entry)

    def number(self, entry: Entry, turn: int = 0) -> float:
        """What a step comes to, for one of the iteration's examples where each has such a step."""
        return STEP_KINDS[entry.kind].number(self._computed, entry, turn)

    def numbers(self, turn: int) -> Mapping[str, float]:
        """Every value by name that an example's forward pass ends with: constants, parameters, inputs, nodes."""
        return self._computed.noted.example(turn).numbers


def _numbers_for_json(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {name: for_json(number) for name, number in numbers.items()}
