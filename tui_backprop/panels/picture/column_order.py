"""The order of the items of a column, from top to bottom, in which few wires cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence

from tui_backprop.panels.picture.columns import Columns, Item, Link

_SWEEPS = 12
_SWEEPS_WHEN_LARGE = 3
_LARGE = 3000
"""Links past which only a few sweeps are made."""


def untangled(columns: Columns) -> Columns:
    """The columns in an order with few crossings. What already has none stays as it is; ties keep their order."""
    crossings = _crossings(columns.items, columns.links)
    if not crossings:
        return columns
    large = sum(map(len, columns.links)) > _LARGE
    best = current = [list(column) for column in columns.items]
    before, after = _neighbours(columns)
    for sweep in range(_SWEEPS_WHEN_LARGE if large else _SWEEPS):
        current = [list(column) for column in current]
        if sweep % 2 == 0:
            for column in range(len(current) - 2, -1, -1):
                current[column] = _by_neighbours(current[column], current[column + 1], after)
        else:
            for column in range(1, len(current)):
                current[column] = _by_neighbours(current[column], current[column - 1], before)
        found = _crossings(current, columns.links)
        if found < crossings:
            best, crossings = current, found
        if not crossings:
            break
    if not large:
        best = _neighbours_swapped(best, before, after)
    return columns.ordered(best)


def positions(column: Iterable[Item]) -> dict[Item, int]:
    """Where each item stands, counted from the top."""
    return {item: position for position, item in enumerate(column)}


def _crossings(items: Sequence[Sequence[Item]], links: Sequence[Sequence[Link]]) -> int:
    total = 0
    for column, gap in enumerate(links):
        left, right = positions(items[column]), positions(items[column + 1])
        seen: list[int] = []
        ends = sorted((left[source], right[target]) for source, target in gap)
        for _, end in ends:
            total += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return total


def _neighbours(columns: Columns) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    before: dict[Item, list[Item]] = {item: [] for column in columns.items for item in column}
    after: dict[Item, list[Item]] = {item: [] for column in columns.items for item in column}
    for gap in columns.links:
        for source, target in gap:
            before[target].append(source)
            after[source].append(target)
    return before, after


def _by_neighbours(column: list[Item], fixed: list[Item], neighbours: Mapping[Item, list[Item]]) -> list[Item]:
    """The column sorted by the mean position of each item's neighbours; items without any keep their place."""
    place = positions(fixed)
    near = {item: [place[neighbour] for neighbour in neighbours[item]] for item in column if neighbours[item]}
    mean = {item: sum(places) / len(places) for item, places in near.items()}
    movable = iter(sorted((item for item in column if item in mean), key=lambda item: mean[item]))
    return [next(movable) if item in mean else item for item in column]


def _neighbours_swapped(
    items: list[list[Item]], before: Mapping[Item, list[Item]], after: Mapping[Item, list[Item]]
) -> list[list[Item]]:
    """The same after swapping items that stand one above the other wherever that saves crossings."""
    items = [list(column) for column in items]
    place = {item: position for column in items for position, item in enumerate(column)}
    for _ in range(_SWEEPS):
        improved = False
        for column in items:
            for upper in range(len(column) - 1):
                first, second = column[upper], column[upper + 1]
                saved = sum(
                    _inversions(near[first], near[second], place) - _inversions(near[second], near[first], place)
                    for near in (before, after)
                )
                if saved > 0:
                    column[upper], column[upper + 1] = second, first
                    place[first], place[second] = upper + 1, upper
                    improved = True
        if not improved:
            break
    return items


def _inversions(upper: list[Item], lower: list[Item], place: Mapping[Item, int]) -> int:
    return sum(place[one] > place[other] for one in upper for other in lower)
