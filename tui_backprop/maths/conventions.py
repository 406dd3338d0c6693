"""Where a derivative or a value is a convention: sentences for the operands that lie there, and None for all others."""

from __future__ import annotations

import math
from collections.abc import Callable

from tui_backprop.maths.ieee import ieee_log
from tui_backprop.numbers import full


def kink_at_zero(name: str, derivative: str) -> Callable[[float], str | None]:
    """A corner where the operand is 0."""

    def kink(u: float) -> str | None:
        return f"{name} has a corner at 0: by convention its derivative there is {derivative}" if u == 0 else None

    return kink


def kink_at_tie(name: str) -> Callable[[float, float], str | None]:
    """A corner where both operands are equal."""

    def kink(u: float, v: float) -> str | None:
        return f"two operands of {name} are equal: by convention each gets half of the derivative" if u == v else None

    return kink


def no_logarithm(x: float, y: float) -> str | None:
    """0 times the logarithm of what has none, or an infinite one."""
    if x != 0 or math.isfinite(ieee_log(y)):
        return None
    return f"0 times log({full(y)}) counts as 0 by convention"


def no_quotient(x: float, y: float) -> str | None:
    """0 divided by 0, or by what is no number."""
    return f"0/{full(y)} counts as 0 by convention" if x == 0 and (y == 0 or y != y) else None


def costs_nothing(y: float, a: float) -> str | None:
    """A cross-entropy that is 0 times the logarithm of 0."""
    said = no_logarithm(y, a) or no_logarithm(1.0 - y, 1.0 - a)
    return f"{said}: an activation that equals its target to the last bit costs nothing" if said else None
