"""What does one step say? The kinds of steps, and the steps of an iteration, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Union, overload

from tui_backprop.maths.expression import Expression
from tui_backprop.maths.writing import PLAIN, write
from tui_backprop.numbers import for_json
from tui_backprop.training.graph import Graph
from tui_backprop.training.iteration import Iteration
from tui_backprop.training.plan import Plan
from tui_backprop.training.program import Program

Phase = Literal["forward", "backward", "average", "update"]


@dataclass(frozen=True, slots=True)
class ValueStep:
    """A node's value: its equation with the operands' numbers."""

    kind: ClassVar[str] = "value"
    phase: ClassVar[Phase] = "forward"
    index: int
    example: int
    node: str
    formula: Expression
    numbers: Mapping[str, float]
    value: float

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        return {**_head(self), "example": self.example, "node": self.node, **_written(self)}


@dataclass(frozen=True, slots=True)
class SeedStep:
    """The gradient of the loss with respect to itself, 1, from which the backward pass starts."""

    kind: ClassVar[str] = "seed"
    phase: ClassVar[Phase] = "backward"
    index: int
    example: int
    node: str
    value: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        return {**_head(self), "example": self.example, "node": self.node, "value": self.value}


@dataclass(frozen=True, slots=True)
class FactorStep:
    """One chain-rule factor: the local derivative of the node `of` with respect to its operand `wrt`.

    is_direct: the factor is of the loss itself and only a part of the gradient with respect to `wrt`.
    """

    kind: ClassVar[str] = "factor"
    phase: ClassVar[Phase] = "backward"
    index: int
    example: int
    of: str
    wrt: str
    formula: Expression
    numbers: Mapping[str, float]
    value: float
    is_direct: bool

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        return {**_head(self), "example": self.example, "of": self.of, "wrt": self.wrt, **_written(self)}


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a gradient: the node it comes through, that node's gradient, the factor, and their product."""

    through: str
    upstream: float
    factor: float
    product: float


@dataclass(frozen=True, slots=True)
class GradientStep:
    """The gradient of the loss with respect to a node or parameter: the sum of its terms."""

    kind: ClassVar[str] = "gradient"
    phase: ClassVar[Phase] = "backward"
    index: int
    example: int
    node: str
    terms: tuple[Term, ...]
    value: float

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        terms = [
            {
                "through": term.through,
                "upstream": for_json(term.upstream),
                "factor": for_json(term.factor),
                "product": for_json(term.product),
            }
            for term in self.terms
        ]
        return {
            **_head(self),
            "example": self.example,
            "node": self.node,
            "terms": terms,
            "value": for_json(self.value),
        }


@dataclass(frozen=True, slots=True)
class MeanStep:
    """The loss (`of` is "loss") or a parameter's gradient, averaged or summed over the examples of the iteration.

    parameter: the parameter, None for the loss.
    """

    kind: ClassVar[str] = "mean"
    phase: ClassVar[Phase] = "average"
    index: int
    parameter: str | None
    terms: tuple[float, ...]
    averages: bool
    value: float

    @property
    def of(self) -> str:
        """What is averaged: "loss", or the parameter's name."""
        return self.parameter or "loss"

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        terms = [for_json(term) for term in self.terms]
        return {**_head(self), "of": self.of, "terms": terms, "value": for_json(self.value)}


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """A parameter's update: after = before - learning rate * gradient."""

    kind: ClassVar[str] = "update"
    phase: ClassVar[Phase] = "update"
    index: int
    parameter: str
    before: float
    gradient: float
    learning_rate: float
    after: float

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        return {
            **_head(self),
            "parameter": self.parameter,
            "before": for_json(self.before),
            "gradient": for_json(self.gradient),
            "learning_rate": for_json(self.learning_rate),
            "after": for_json(self.after),
        }


Step = Union[ValueStep, SeedStep, FactorStep, GradientStep, MeanStep, UpdateStep]  # noqa: UP007


def _numbers_for_json(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {name: for_json(number) for name, number in numbers.items()}


def _head(step: Step) -> dict[str, Any]:
    return {"index": step.index, "phase": step.phase, "kind": step.kind}


def _written(step: ValueStep | FactorStep) -> dict[str, Any]:
    return {
        "formula": write(step.formula),
        "substituted": write(step.formula, PLAIN, step.numbers),
        "value": for_json(step.value),
    }


@dataclass(frozen=True, slots=True)
class Entry:
    """What kind of step stands somewhere, and of what: `name` is a node or parameter, `of` a factor's node."""

    kind: Literal["value", "seed", "factor", "gradient", "mean", "update"]
    name: str
    of: str = ""

    @property
    def phase(self) -> Phase:
        """The phase such a step belongs to."""
        return _PHASES[self.kind]


_PHASES: dict[str, Phase] = {
    "value": "forward",
    "seed": "backward",
    "factor": "backward",
    "gradient": "backward",
    "mean": "average",
    "update": "update",
}


@dataclass(frozen=True, slots=True)
class StepLayout:
    """Which step stands where: the same in every iteration of a run.

    per_example: the entries of one example's forward and backward pass.
    tail: the averages and the updates after the last example.
    batch_size: how many examples an iteration goes through.
    first_update: the index of the first update, or the number of steps where there is none.
    places: for each entry its place in `per_example`, or in `tail`.
    """

    per_example: tuple[Entry, ...]
    tail: tuple[Entry, ...]
    batch_size: int
    first_update: int
    places: Mapping[Entry, int]

    @staticmethod
    def of(graph: Graph, plan: Plan) -> StepLayout:
        """The layout of a graph's iterations."""
        entries = [Entry("value", node) for node in graph.nodes]
        entries.append(Entry("seed", graph.loss))
        for name in graph.backward:
            entries.extend(Entry("factor", name, through) for through in graph.consumers.get(name, ()))
            entries.append(Entry("gradient", name))
        tail: list[Entry] = []
        if plan.has_averages:
            tail.append(Entry("mean", ""))
            tail.extend(Entry("mean", parameter) for parameter in graph.parameters)
        if plan.learning_rate is not None:
            tail.extend(
                Entry("update", parameter)
                for parameter, moves in zip(graph.parameters, plan.is_updated, strict=True)
                if moves
            )
        places = {entry: place for part in (entries, tail) for place, entry in enumerate(part)}
        averages = sum(1 for entry in tail if entry.kind == "mean")
        first_update = len(entries) * plan.batch_size + averages
        return StepLayout(tuple(entries), tuple(tail), plan.batch_size, first_update, MappingProxyType(places))

    def __len__(self) -> int:
        return len(self.per_example) * self.batch_size + len(self.tail)

    def entry(self, index: int) -> Entry:
        """What stands at an index."""
        before_tail = len(self.per_example) * self.batch_size
        return (
            self.per_example[index % len(self.per_example)] if index < before_tail else self.tail[index - before_tail]
        )

    def turn(self, index: int) -> int | None:
        """Which of the iteration's examples an index belongs to, counted from 0 in their order; None after the last."""
        turn = index // len(self.per_example)
        return turn if turn < self.batch_size else None

    def index(self, entry: Entry, turn: int = 0) -> int:
        """Where an entry stands, for the given example's turn. Raises KeyError where the iteration has no such step."""
        place = self.places[entry]
        if entry.kind in ("mean", "update"):
            return len(self.per_example) * self.batch_size + place
        return len(self.per_example) * turn + place


class Steps(Sequence[Step]):
    """The steps of one iteration."""

    def __init__(self, graph: Graph, program: Program, plan: Plan, layout: StepLayout, iteration: Iteration) -> None:
        self.layout = layout
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
