"""The formulas that the table of functions has as text, as trees for the operands of a call."""

from __future__ import annotations

from functools import cache, lru_cache

from tui_backprop.maths.expression import Call, Expression
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tidy import instantiate


@cache
def formula(text: str) -> Expression:
    """The tree of a formula of the table."""
    return parse(text).expression


def operands_by_name(call: Call) -> dict[str, Expression]:
    """The operands of a call by the names that the table's formulas have for them."""
    return dict(zip(("u", "v"), call.arguments, strict=False))


# Names beside each other in a wide max have most of their choices in common.
@lru_cache(maxsize=64)
def local_derivative(call: Call, operand: int) -> Expression:
    """The derivative of a call for one of its operands, every other one being held constant."""
    text = FUNCTIONS[call.function].derivatives[operand]
    return instantiate(formula(text), {"result": call, **operands_by_name(call)})


def definition(call: Call) -> Expression | None:
    """A call in terms of simpler functions; None where the table has no such definition."""
    text = FUNCTIONS[call.function].definition
    return instantiate(formula(text), operands_by_name(call)) if text else None
