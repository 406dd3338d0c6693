"""Which neurons of a column are in sight where there is no room for all of them."""

from __future__ import annotations

from msgspec import Struct

FOLD_ROWS = 2
"""How many rows stand for neurons that are folded away: one for the wires that come, one for those that go."""


class Stretch(Struct, frozen=True):
    """Neighbouring neurons of a column: one that is in sight, or several that are folded away."""

    first: int
    count: int
    is_folded: bool


def runs(count: int, kept: tuple[int, ...], rows_each: int, rows: int) -> tuple[Stretch, ...]:
    """The neurons in sight, in order, with the folds between them: the kept ones, then the first ones as rows allow.

    The kept ones, or the first neuron, are in sight even where the rows do not suffice.
    """
    rows = max(rows, 0)
    if count * rows_each <= rows:
        return tuple(Stretch(place, 1, is_folded=False) for place in range(count))
    best: tuple[Stretch, ...] = ()
    for leading in range(0 if kept else 1, min(count, rows // rows_each + 1) + 1):
        found = _with_folds(count, sorted({*range(leading), *kept}))
        if best and sum(FOLD_ROWS if run.is_folded else rows_each for run in found) > rows:
            break
        best = found
    return best


def _with_folds(count: int, seen: list[int]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    at = 0
    for place in (*seen, count):
        if place > at:
            found.append(Stretch(at, place - at, is_folded=True))
        if place < count:
            found.append(Stretch(place, 1, is_folded=False))
        at = place + 1
    return tuple(found)
