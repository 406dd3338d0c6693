"""The limit that a derivative is: the difference quotient of a polynomial, simplified, and then h goes to 0."""

from __future__ import annotations

from itertools import chain, count

from msgspec import Struct

from tui_backprop.maths.expression import Expression


class DifferenceQuotient(Struct, frozen=True):
    """[f(x + h) - f(x)]/h of a polynomial f: as written, with f(x + h) multiplied out, after dividing, and at h = 0.

    h: the name of the nudge, which no name of the expression has.
    """

    h: str
    written: Expression
    multiplied_out: Expression
    divided: Expression
    limit: Expression


def nudge_name(taken: frozenset[str]) -> str:
    """What the nudge is called: h, or where that name is taken, another."""
    return next(name for name in chain("hkd", map("h{}".format, count(1))) if name not in taken)
