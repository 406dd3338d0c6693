"""What does one step say? The kinds of steps, with what each says in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Union

from msgspec import Struct

from tui_backprop.maths.expression import Expression, names_in
from tui_backprop.maths.writing import PLAIN, write
from tui_backprop.numbers import for_json

Phase = Literal["forward", "backward", "average", "update"]


class ValueStep(Struct, frozen=True):
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


class SeedStep(Struct, frozen=True):
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


class FactorStep(Struct, frozen=True):
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


class Term(Struct, frozen=True):
    """One addend of a gradient: the node it comes through, that node's gradient, the factor, and their product."""

    through: str
    upstream: float
    factor: float
    product: float


class GradientStep(Struct, frozen=True):
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


class MeanStep(Struct, frozen=True):
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


class UpdateStep(Struct, frozen=True):
    """One line of a parameter's update: `line` becomes what the formula gives.

    parameter: None for the learning rate (line "eta"), which is the same for all parameters.
    before: what the line's name was worth before it: 0 in the first update, and from the update before where it lives
        for one update only; None for the learning rate.
    gradient, learning_rate: what the update was made of, in its last line, which sets the parameter.
    """

    kind: ClassVar[str] = "update"
    phase: ClassVar[Phase] = "update"
    index: int
    parameter: str | None
    line: str
    formula: Expression
    numbers: Mapping[str, float]
    before: float | None
    after: float
    gradient: float | None = None
    learning_rate: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        made_of = {"gradient": self.gradient, "learning_rate": self.learning_rate}
        return {
            **_head(self),
            "parameter": self.parameter,
            "line": self.line,
            "formula": write(self.formula),
            "names": {name: for_json(self.numbers[name]) for name in names_in(self.formula) if name in self.numbers},
            "substituted": write(self.formula, PLAIN, self.numbers),
            "before": None if self.before is None else for_json(self.before),
            **{name: for_json(number) for name, number in made_of.items() if number is not None},
            "after": for_json(self.after),
        }


Step = Union[ValueStep, SeedStep, FactorStep, GradientStep, MeanStep, UpdateStep]  # noqa: UP007


def _head(step: Step) -> dict[str, Any]:
    return {"index": step.index, "phase": step.phase, "kind": step.kind}


def _written(step: ValueStep | FactorStep) -> dict[str, Any]:
    return {
        "formula": write(step.formula),
        "substituted": write(step.formula, PLAIN, step.numbers),
        "value": for_json(step.value),
    }
