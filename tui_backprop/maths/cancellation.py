"""When a number is nothing but rounding: the sum that made it has terms so large that no digit of it is left.

A value goes along with the largest term that made it. In a sum that is the largest of its terms, 4 in 4 - 4; what
multiplies, divides or raises the sum does the same to that term. Everything else makes a number of its own. Below 4
units in the last place of that term a value is a `Remnant`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.largest_term import LargestTerm, through_0
from tui_backprop.numbers import Remnant

_UNITS = 4


def largest_term(function: str, value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    """The largest term that made the value of a call, given those that made its operands."""
    of_call = _largest_term_of(function)
    return of_call(value, operands, terms) if of_call else abs(value)


@cache
def _largest_term_of(function: str) -> LargestTerm | None:
    entry = FUNCTIONS[function]
    goes_through_0 = entry.arity == 1 and entry.value(0.0) == 0 and entry.derivatives != ("0",)
    return through_0 if goes_through_0 and entry.largest_term is None else entry.largest_term


def noted(value: float, term: float) -> float:
    """The value; as a Remnant where it is nothing but rounding, `term` being the largest that made it."""
    return Remnant(value, term) if is_rounding(value, term) else value


def is_rounding(value: float, term: float) -> bool:
    """Whether a value that is not 0 is below 4 units in the last place of a term."""
    return value != 0 and math.isfinite(term) and abs(value) < _UNITS * math.ulp(term)


def term_of(value: float) -> float:
    """The largest term that made a number which something is computed from."""
    return value.term if isinstance(value, Remnant) else abs(value)


def evaluate(tree: Expression, values: Mapping[str, float]) -> float:
    """The value of the tree, noted where it is nothing but rounding. Raises KeyError for unknown names."""
    return noted(*_with_term(tree, values))


def noted_value(tree: Expression, values: Mapping[str, float], value: float) -> float:
    """A value that the tree gave, perhaps by another engine's last bits, noted where it is nothing but rounding."""
    return noted(value, _with_term(tree, values)[1])


def _with_term(tree: Expression, values: Mapping[str, float]) -> tuple[float, float]:
    """The value of the tree, and the largest term that made it."""

    def leaf(part: Number | Name) -> tuple[float, float]:
        if isinstance(part, Number):
            return part.value, abs(part.value)
        value = values[part.name] if part.name in values else CONSTANTS[part.name]
        return value, term_of(value)

    def call(part: Call, arguments: list[tuple[float, float]]) -> tuple[float, float]:
        operands, terms = zip(*arguments, strict=True)
        value = float(FUNCTIONS[part.function].value(*operands))
        return value, largest_term(part.function, value, operands, terms)

    return fold(tree, leaf, call)


def product_of(factors: Iterable[float]) -> float:
    """The product from the left, noted where a factor is nothing but rounding, and so it is too."""
    value, term = 1.0, 1.0
    for factor in factors:
        value, term = value * factor, max(term * abs(factor), abs(value) * term_of(factor))
    return noted(value, term)
