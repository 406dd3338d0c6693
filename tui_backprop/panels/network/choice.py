"""Which columns are drawn in full, which as one box, and which are out of sight, where not all fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tui_backprop.panels.network.layer_columns import FOLDED_WIDTH, Column

LEAST_GAP = 4
"""The cells between two columns: a wire, the bar, a wire and the point of its arrow."""

State = Literal["full", "box", "hidden"]


def states(
    columns: Sequence[Column], first: int, last: int, width: int, *, has_boxes: bool = True
) -> tuple[State, ...]:
    """What becomes of each column: those from `first` to `last` are full, the nearer ones sooner than the others."""
    found: list[State] = ["full" if first <= place <= last else "hidden" for place in range(len(columns))]
    others = sorted(
        (place for place in range(len(columns)) if not first <= place <= last),
        key=lambda place: (max(first - place, place - last), -place),
    )
    for place in others:
        _improve(found, place, _least(columns[place]) if has_boxes else "full", columns, width)
    for place in others:
        if found[place] != "hidden":
            _improve(found, place, "full", columns, width)
    return tuple(found)


def width_of(columns: Sequence[Column], chosen: Sequence[State]) -> int:
    """The cells that the columns and the least gaps between them take, with marks for what is out of sight."""
    drawn = [place for place, state in enumerate(chosen) if state != "hidden"]
    gaps = LEAST_GAP * (len(drawn) - 1)
    marks = (drawn[0] > 0) + (drawn[-1] < len(columns) - 1)
    return sum(cells(columns[place], chosen[place]) for place in drawn) + gaps + marks


def cells(column: Column, state: State) -> int:
    """How wide a column is drawn."""
    return max(FOLDED_WIDTH, len(column.title)) if state == "box" else column.width


def _least(column: Column) -> State:
    is_smaller = column.kind != "cost" and column.count > 1 and column.width > max(FOLDED_WIDTH, len(column.title))
    return "box" if is_smaller else "full"


def _improve(found: list[State], place: int, state: State, columns: Sequence[Column], width: int) -> None:
    before = found[place]
    is_next = found[place] != "hidden" or "hidden" not in _between(found, place)
    found[place] = state
    if not is_next or width_of(columns, found) > width:
        found[place] = before


def _between(found: list[State], place: int) -> list[State]:
    """The states from a column to the ones that are seen, without its own: no column is skipped."""
    seen = [other for other, state in enumerate(found) if state != "hidden"]
    return found[place + 1 : seen[0]] if place < seen[0] else found[seen[-1] + 1 : place]
