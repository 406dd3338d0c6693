"""The rule that differentiates a tree for a name, found once: derivative, derivation and summary read it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from tui_backprop.maths.expression import ONE, Call, Expression, Number, chained, divide, flattened, names_in
from tui_backprop.maths.functions import FUNCTIONS

Moves = Callable[[Expression], bool]
"""Whether a part changes with the name; what does not is held constant."""

Form = Literal[
    "constant",
    "itself",
    "sum",
    "multiple",
    "divided",
    "product",
    "power",
    "reciprocal",
    "quotient",
    "exponential",
    "moving base",
    "function",
]


class Applicable(Struct, frozen=True):
    """The rule that applies to a tree, by its name, and what the rule calls its parts.

    constant, itself: no parts. sum: the tree's two sides. multiple: what the factors in `held` multiply. divided: above
    and below, which is held. product: the factors, all of which move. power: base and exponent, which is held; equal
    factors are a power too. reciprocal: what stands below 1. quotient: above and below. exponential: base, which is
    held, and exponent. moving base: a power whose base and exponent both move. function: the operands.
    """

    form: Form
    rule: str
    parts: tuple[Expression, ...] = ()
    held: tuple[Expression, ...] = ()

    @property
    def variables(self) -> tuple[Expression, ...]:
        """The parts that the rule takes as its variable: composite ones need the chain rule."""
        if self.form in ("power", "reciprocal"):
            return self.parts[:1]
        if self.form == "exponential":
            return self.parts[1:]
        return self.parts if self.form == "function" else ()


def rule_for(tree: Expression, wrt: str) -> Applicable:
    """The rule by which a tree is differentiated with respect to a name."""
    if wrt not in names_in(tree):
        return Applicable("constant", "constant rule")
    if not isinstance(tree, Call):
        return Applicable("itself", "definition")
    return rule_of_call(tree, lambda part: wrt in names_in(part))


def rule_of_call(call: Call, moves: Moves) -> Applicable:
    """The rule for a call some of whose operands move."""
    if call.function in ("+", "-"):
        return Applicable("sum", "sum rule", call.arguments)
    if call.function == "neg":
        return _multiple([Number(-1.0)], call.arguments[0])
    if call.function == "*":
        return _of_product(flattened(call, "*"), moves)
    if call.function == "/":
        return _of_quotient(call, moves)
    if call.function == "^":
        return _of_power(call, moves)
    return Applicable("function", FUNCTIONS[call.function].rule, call.arguments)


def _multiple(held: list[Expression], rest: Expression) -> Applicable:
    return Applicable("multiple", "constant multiple rule", (rest,), tuple(held))


def _of_product(factors: tuple[Expression, ...], moves: Moves) -> Applicable:
    held = [factor for factor in factors if not moves(factor)]
    moving = [factor for factor in factors if moves(factor)]
    if held:
        return _multiple(held, chained("*", moving))
    if all(factor == moving[0] for factor in moving):
        return Applicable("power", "power rule", (moving[0], Number(len(moving))))
    return Applicable("product", "product rule", tuple(moving))


def _of_quotient(call: Call, moves: Moves) -> Applicable:
    above, below = call.arguments
    if not moves(below):
        return Applicable("divided", "constant multiple rule", (above, below))
    if moves(above):
        return Applicable("quotient", "quotient rule", (above, below))
    if above != ONE:
        return _multiple([above], divide(ONE, below))
    return Applicable("reciprocal", "power rule", (below,))


def _of_power(call: Call, moves: Moves) -> Applicable:
    base, exponent = call.arguments
    if not moves(exponent):
        return Applicable("power", "power rule", (base, exponent))
    form: Form = "moving base" if moves(base) else "exponential"
    return Applicable(form, "exponential rule", (base, exponent))
