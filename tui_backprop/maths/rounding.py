"""Numbers that carry how far rounding may have put them off: a running error bound beside the evaluation.

In goes a function's own code from the table, so that what is lost inside of it counts too (`1 - a` in a cross-entropy);
out comes the number that it gives, with its bound. Nothing here knows a derivative: how much an error in an operand
grows is seen by moving the operand by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Union

from tui_backprop.maths.functions import FUNCTIONS

UNIT = 2.0**-53
"""How far off one rounding is at most, relative to the number that it gives."""

_LEAST = 5e-324  # a number beside 0 is rounded to a multiple of this
_LIBRARY = 4 * UNIT  # what exp, sin and their like may be off, two units in the last place


class Rounded:
    """A number as it was computed, and how far rounding may have put it off at most (infinity: nothing is known).

    Compared, it is the number alone.
    """

    __slots__ = ("error", "value")

    def __init__(self, value: float, error: float = 0.0) -> None:
        self.value = value
        self.error = error

    def __add__(self, other: Operand) -> Rounded:
        number, error = parts(other)
        total = self.value + number
        return _rounded(total, self.error + error)

    __radd__ = __add__

    def __neg__(self) -> Rounded:
        return Rounded(-self.value, self.error)

    def __sub__(self, other: Operand) -> Rounded:
        number, error = parts(other)
        return _rounded(self.value - number, self.error + error)

    def __rsub__(self, other: float) -> Rounded:
        return _rounded(other - self.value, self.error)

    def __mul__(self, other: Operand) -> Rounded:
        number, error = parts(other)
        grown = abs(self.value) * error + (abs(number) + error) * self.error
        return _rounded(self.value * number, grown)

    __rmul__ = __mul__

    def __truediv__(self, other: Operand) -> Rounded:
        number, error = parts(other)
        quotient = self.value / number
        nearest = abs(number) - error
        # A divisor that may be 0 leaves nothing sure.
        grown = (self.error + abs(quotient) * error) / nearest if nearest > 0 else math.inf
        return _rounded(quotient, grown)

    def __rtruediv__(self, other: float) -> Rounded:
        return Rounded(other) / self

    def __abs__(self) -> Rounded:
        return Rounded(abs(self.value), self.error)

    def __gt__(self, other: Operand) -> bool:
        return self.value > parts(other)[0]

    def __ge__(self, other: Operand) -> bool:
        return self.value >= parts(other)[0]

    def __lt__(self, other: Operand) -> bool:
        return self.value < parts(other)[0]

    def __le__(self, other: Operand) -> bool:
        return self.value <= parts(other)[0]

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Rounded) else other)

    __hash__ = None  # type: ignore[assignment]


Operand = Union[Rounded, float]  # noqa: UP007 - the class above refers to it before it exists


def parts(number: Operand) -> tuple[float, float]:
    """The number alone, and its bound, which is 0 for a plain one."""
    return (number.value, number.error) if isinstance(number, Rounded) else (number, 0.0)


def _rounded(value: float, error: float) -> Rounded:
    """The result of one operation that is rounded to the nearest number."""
    if value:
        error += abs(value) * UNIT + _LEAST
    return Rounded(value, error if error == error else math.inf)


@cache
def rounded_function(function: str) -> Callable[..., Rounded]:
    """A function of the table for numbers that carry their bounds; raises nothing, the value may be infinite or NaN."""
    entry = FUNCTIONS[function]
    names = [f"x{place}" for place in range(entry.arity)]
    # No text of a scenario is in it: the table's own template with numbered operands.
    source = f"lambda {', '.join(names)}: {entry.code.format(*names)}"
    coded: Callable[..., Operand] = eval(source, {"__builtins__": {"abs": abs}, **_library()})
    as_one = _as_one(entry.value)

    def call(*operands: Rounded) -> Rounded:
        try:
            result = coded(*operands)
        except (ArithmeticError, ValueError, NameError):
            # Its code cannot reach this, or there is no number, or it calls what is not in Python's own library.
            return as_one(*operands)
        return result if isinstance(result, Rounded) else Rounded(result)

    def call_at_corner(*operands: Rounded) -> Rounded:
        # On which side of the corner the operands are may be a matter of rounding.
        result = call(*operands)
        return Rounded(result.value, max(result.error, _grown(entry.value, operands, result.value)))

    return call_at_corner if entry.kink else call


@cache
def _library() -> dict[str, Any]:
    """What the templates call, for numbers that carry their bounds."""
    return {name: _as_one(value) if callable(value) else value for name, value in vars(math).items()}


def _as_one(function: Callable[..., float]) -> Callable[..., Rounded]:
    """A function of the library, which is right to two units in the last place."""

    def call(*operands: Operand) -> Rounded:
        result = float(function(*[parts(operand)[0] for operand in operands]))
        error = _grown(function, operands, result)
        if result:
            error += abs(result) * _LIBRARY + _LEAST
        return Rounded(result, error if error == error else math.inf)

    return call


def _grown(function: Callable[..., float], operands: tuple[Operand, ...], result: float) -> float:
    """How far the errors of the operands may put a result off."""
    error = 0.0
    values = [parts(operand)[0] for operand in operands]
    for place, operand in enumerate(operands):
        value, off = parts(operand)
        if off:
            distance = max(off, 4 * math.ulp(value))
            error += off * _steepness(function, values, place, distance, result)
    return error


def _steepness(
    function: Callable[..., float], values: list[float], place: int, distance: float, result: float
) -> float:
    """How much the result moves at most for each unit that one operand moves within a distance."""
    steepest = 0.0
    for moved in (values[place] + distance, values[place] - distance):
        try:
            other = function(*values[:place], moved, *values[place + 1 :])
        except (ArithmeticError, ValueError):
            return math.inf
        steepest = max(steepest, abs(other - result) / distance)
    return steepest
