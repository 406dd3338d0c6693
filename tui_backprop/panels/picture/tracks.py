"""The bars that stand in a gap, and which of them share a track, so that few wires pass behind bars.

A bar is a vertical line. What comes in at its left goes out at its right, so a bar either splits one wire or merges
several into one node's; it never has a wire on both sides of one row except at an end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from msgspec import Struct

from tui_backprop.panels.picture.columns import Item, Link
from tui_backprop.panels.picture.gaps import Gap, Row


class Bar(Struct, frozen=True):
    """A vertical line at the wire of `item`, which it splits or, if `merges`, merges; rows sorted, top first."""

    item: Item
    merges: bool
    lefts: tuple[int, ...]
    rights: tuple[int, ...]

    @property
    def wire(self) -> int:
        """The row of the one wire."""
        return self.rights[0] if self.merges else self.lefts[0]

    @property
    def top(self) -> int:
        """Its first row."""
        return min(self.lefts[0], self.rights[0])

    @property
    def bottom(self) -> int:
        """Its last row."""
        return max(self.lefts[-1], self.rights[-1])


class Tracks(Struct, frozen=True):
    """The bars of a gap, each with the number of its track, 0 the leftmost."""

    bars: tuple[tuple[Bar, int], ...]
    count: int
    turns: Mapping[tuple[Item, bool, bool], int]
    """(item, whether at a bar that merges, whether the bar goes down from the item's wire): the track of the bar."""


def tracks_of(gap: Gap, row_of: Mapping[Row, int]) -> Tracks:
    """The bars that the wires of the gap need, on as few tracks as their overlaps allow."""
    splitting, merging = _bars(gap, row_of)
    bars = [*_with_few_passings(splitting), *_with_few_passings(merging)]
    after: list[list[int]] = [[] for _ in bars]
    earliest = [0] * len(bars)
    for first, bar in enumerate(bars):
        for second in range(first + 1, len(bars)):
            if _must_differ(bar, bars[second], gap):
                after[first].append(second)
                earliest[second] = max(earliest[second], earliest[first] + 1)
    count = 1 + max(earliest, default=-1)
    track = list(earliest)
    # Merging bars move right, next to the arrows.
    for first in range(len(bars) - 1, len(splitting) - 1, -1):
        track[first] = min((track[second] for second in after[first]), default=count) - 1
    placed = tuple(zip(bars, track, strict=True))
    turns = {(bar.item, bar.merges, False): place for bar, place in placed if bar.top < bar.wire}
    turns |= {(bar.item, bar.merges, True): place for bar, place in placed if bar.bottom > bar.wire}
    return Tracks(placed, count, turns)


def _bars(gap: Gap, row_of: Mapping[Row, int]) -> tuple[list[Bar], list[Bar]]:
    """The bars that split, and the bars that merge."""
    leaving: dict[Item, list[int]] = {}
    arriving: dict[Item, list[int]] = {}
    for (source, target), row in gap.row_of.items():
        leaving.setdefault(source, []).append(row_of[row])
        arriving.setdefault(target, []).append(row_of[row])
    splitting = [bar for item, rows in leaving.items() for bar in _bars_at(item, False, rows, row_of[item])]
    merging = [bar for item, rows in arriving.items() for bar in _bars_at(item, True, rows, row_of[item])]
    return sorted(splitting, key=lambda bar: bar.top), sorted(merging, key=lambda bar: bar.top)


def _bars_at(item: Item, merges: bool, rows: list[int], wire: int) -> list[Bar]:
    """One bar; or two, above and below, where a wire that goes straight on would pass through the middle of one."""
    above = [row for row in rows if row < wire]
    below = [row for row in rows if row > wire]
    on = [row for row in rows if row == wire]
    parts = [above + on, on + below] if above and below and on else [rows]
    return [
        Bar(item, merges, tuple(sorted(part)), (wire,)) if merges else Bar(item, merges, (wire,), tuple(sorted(part)))
        for part in parts
        if part and part != [wire]
    ]


def _with_few_passings(bars: list[Bar]) -> list[Bar]:
    """The bars, left to right, in an order in which few wires pass behind them."""
    bars = list(bars)
    for _ in range(len(bars)):
        improved = False
        for left in range(len(bars) - 1):
            first, second = bars[left], bars[left + 1]
            if _passings(second, first) < _passings(first, second):
                bars[left], bars[left + 1] = second, first
                improved = True
        if not improved:
            break
    return bars


def _passings(left: Bar, right: Bar) -> int:
    """How many wires pass behind one of the bars if they stand in this order."""
    return _within(left.rights, right) + _within(right.lefts, left)


def _within(rows: tuple[int, ...], bar: Bar) -> int:
    return bisect_right(rows, bar.bottom) - bisect_left(rows, bar.top)


def _must_differ(left: Bar, right: Bar, gap: Gap) -> bool:
    """Whether the second must stand right of the first: they overlap or all but touch, or a wire goes between them."""
    if left.top <= right.bottom + 1 and right.top <= left.bottom + 1:
        return True
    link: Link = (left.item, right.item)
    return not left.merges and right.merges and link in gap.row_of
