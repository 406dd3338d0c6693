"""The row of everything: as high as the order allows, then moved towards what it is connected with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from tui_backprop.panels.picture.columns import Columns, Item
from tui_backprop.panels.picture.gaps import Gap, Row

_ROUNDS = 6


class _Below(Struct, frozen=True):
    """That one variable lies at least `distance` rows below another."""

    upper: int
    lower: int
    distance: int


def rows_of(columns: Columns, gaps: Sequence[Gap], heights: Mapping[Item, int]) -> dict[Row, int]:
    """The row of the wire of every item, and of every wire between two bars, counted from 0.

    `heights` says how many rows an item takes up from its wire's row on, with the space it wants below itself.
    """
    variable = _variables(columns, gaps)
    order = _order(columns, gaps, variable, heights)
    count = 1 + max(variable.values(), default=-1)
    upper: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    lower: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for below in order:
        lower[below.upper].append((below.lower, below.distance))
        upper[below.lower].append((below.upper, below.distance))
    sequence = _top_down(upper, lower)
    row = [0] * count
    for one in sequence:
        row[one] = max((row[above] + distance for above, distance in upper[one]), default=0)
    _relax(row, sequence, upper, lower, _pulls(gaps, variable, count), _room_below(columns, variable, heights, count))
    first = min(row, default=0)
    return {key: row[index] - first for key, index in variable.items()}


def _variables(columns: Columns, gaps: Sequence[Gap]) -> dict[Row, int]:
    """A number for all that lies in one row by being straight behind each other."""
    variable: dict[Row, int] = {}
    count = 0
    for column, items in enumerate(columns.items):
        for item in items:
            ahead = gaps[column - 1].straight.get(item) if column else None
            if ahead is not None:
                variable[item] = variable[ahead]
            else:
                variable[item] = count
                count += 1
    for gap in gaps:
        for row in gap.rows:
            if row not in variable:
                variable[row] = count
                count += 1
    return variable


def _order(
    columns: Columns, gaps: Sequence[Gap], variable: Mapping[Row, int], heights: Mapping[Item, int]
) -> list[_Below]:
    order = [
        _Below(variable[above], variable[below], heights[above])
        for items in columns.items
        for above, below in pairwise(items)
    ]
    for gap in gaps:
        order += [_Below(variable[above], variable[below], 1) for above, below in pairwise(gap.rows)]
    return order


def _top_down(upper: list[list[tuple[int, int]]], lower: list[list[tuple[int, int]]]) -> list[int]:
    """The variables, each after all that must lie above it. Straight lines never cross, so there is such an order."""
    waiting = [len(above) for above in upper]
    sequence = [one for one, count in enumerate(waiting) if not count]
    for one in sequence:
        for below, _ in lower[one]:
            waiting[below] -= 1
            if not waiting[below]:
                sequence.append(below)
    assert len(sequence) == len(upper), "straight wires cross"
    return sequence


def _pulls(gaps: Sequence[Gap], variable: Mapping[Row, int], count: int) -> list[list[int]]:
    """For each variable the others that it is connected with and would like to be level with."""
    pulls: list[list[int]] = [[] for _ in range(count)]
    for gap in gaps:
        for (source, target), row in gap.row_of.items():
            ends = {variable[source], variable[target], variable[row]}
            for one in sorted(ends):
                pulls[one] += sorted(ends - {one})
    return pulls


def _room_below(columns: Columns, variable: Mapping[Row, int], heights: Mapping[Item, int], count: int) -> list[int]:
    """How many rows each variable needs above the lower edge of the picture."""
    room = [1] * count
    for items in columns.items:
        for item in items:
            room[variable[item]] = max(room[variable[item]], heights[item])
    return room


def _relax(
    row: list[int],
    sequence: list[int],
    upper: list[list[tuple[int, int]]],
    lower: list[list[tuple[int, int]]],
    pulls: list[list[int]],
    room: list[int],
) -> None:
    """Moves everything, as far as the order leaves it free, to the median of what it is connected with."""
    bottom = max((place + needed for place, needed in zip(row, room, strict=True)), default=0)
    for step in range(_ROUNDS):
        moved = False
        for one in reversed(sequence) if step % 2 == 0 else sequence:
            if not pulls[one]:
                continue
            near = sorted(row[other] for other in pulls[one])
            wanted = max(near[(len(near) - 1) // 2], min(row[one], near[len(near) // 2]))
            lowest = min((row[below] - distance for below, distance in lower[one]), default=bottom - room[one])
            highest = max((row[above] + distance for above, distance in upper[one]), default=0)
            place = max(highest, min(wanted, lowest, bottom - room[one]))
            moved = moved or place != row[one]
            row[one] = place
        if not moved:
            break
