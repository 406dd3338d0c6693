"""The cells that every edge runs through: first the columns and tracks get theirs, then each edge its route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from tui_backprop.panels.picture.boxes import Box, BoxSize, Spacing, boxes_in, texts_end, wire_start
from tui_backprop.panels.picture.columns import Columns, Item
from tui_backprop.panels.picture.gaps import Gap, Row
from tui_backprop.panels.picture.glyphs import DOWN, LEFT, RIGHT, UP
from tui_backprop.panels.picture.shape import Edge
from tui_backprop.panels.picture.tracks import Tracks

_TO_NAME = 2
"""From an arrow to the name it points at, with a blank between."""


class Cell(NamedTuple):
    """A cell of a route, with the sides to which the edge goes on, as arms of `glyphs`."""

    row: int
    column: int
    arms: int


class Cells(Struct, frozen=True):
    """The boxes; for each gap the columns of its tracks; and for each column but the first that of its arrows."""

    boxes: Mapping[str, Box]
    tracks: tuple[tuple[int, ...], ...]
    arrows: tuple[int, ...]


def cells_of(
    columns: Columns,
    gaps: Sequence[Gap],
    tracks: Sequence[Tracks],
    row_of: Mapping[Row, int],
    sizes: Mapping[str, BoxSize],
    spacing: Spacing,
) -> Cells:
    """Each column as far left as the texts and wires before it allow; its first one leaves a cell free at the left."""
    boxes: dict[str, Box] = {}
    places: list[tuple[int, ...]] = []
    arrows: list[int] = []
    left = 1
    for column, items in enumerate(columns.items):
        rows = {item: row_of[item] for item in items}
        here = boxes_in(items, rows, left, sizes, spacing)
        boxes |= here
        if column == len(gaps):
            break
        feeding = {source for source, _ in columns.links[column]}
        starts = [wire_start(here[item.name]) if item.name in here else left for item in items if item in feeding]
        ends = max((texts_end(box) for box in here.values()), default=left)
        first = max(max(starts, default=left) + spacing.lead, ends + 1)
        at = _track_columns(first, _Crossings(gaps[column], tracks[column], row_of), spacing)
        places.append(at[:-1])
        arrow = at[-1] if len(at) > 1 else max(starts, default=left) + spacing.run - 1
        arrows.append(max(arrow, ends + spacing.apart - _TO_NAME))
        left = arrows[-1] + _TO_NAME
    return Cells(boxes, tuple(places), tuple(arrows))


def _track_columns(first: int, crossings: _Crossings, spacing: Spacing) -> tuple[int, ...]:
    """The columns of the tracks from `first` on, and that of the arrow behind them."""
    at = [first]
    for track in range(crossings.tracks):
        last = track == crossings.tracks - 1
        tight = crossings.on(track) if last else crossings.between(track, track + 1)
        at.append(at[-1] + max(2 if tight else 1, spacing.tail if last else spacing.pitch))
    return tuple(at)


class _Crossings:
    """Where wires pass behind bars: there a piece of the wire must be seen on both sides."""

    def __init__(self, gap: Gap, tracks: Tracks, row_of: Mapping[Row, int]) -> None:
        self.tracks = tracks.count
        reach: dict[int, tuple[int, int]] = {}
        for (source, target), wire in gap.row_of.items():
            row, start, end = row_of[wire], row_of[source], row_of[target]
            split = tracks.turns[source, False, row > start] if row != start else -1
            merged = tracks.turns[target, True, row > end] if row != end else tracks.count
            for at, first, last in ((start, -1, split), (row, split, merged), (end, merged, tracks.count)):
                before = reach.get(at, (first, last))
                reach[at] = (min(first, before[0]), max(last, before[1]))
        self._rows: list[set[int]] = [set() for _ in range(tracks.count)]
        self._crossed: list[set[int]] = [set() for _ in range(tracks.count)]
        for bar, track in tracks.bars:
            for row in range(bar.top, bar.bottom + 1):
                self._rows[track].add(row)
                if row not in bar.lefts and row not in bar.rights and row in reach:
                    first, last = reach[row]
                    if first < track < last:
                        self._crossed[track].add(row)

    def on(self, track: int) -> bool:
        """Whether any wire passes behind a bar on the track."""
        return bool(self._crossed[track])

    def between(self, track: int, following: int) -> bool:
        """Whether, in some row, both tracks have a bar and a wire passes behind one of them."""
        both = self._rows[track] & self._rows[following]
        return bool(both & (self._crossed[track] | self._crossed[following]))


def routes_of(
    columns: Columns, gaps: Sequence[Gap], tracks: Sequence[Tracks], row_of: Mapping[Row, int], cells: Cells
) -> dict[Edge, tuple[Cell, ...]]:
    """For every edge (of, wrt) its cells, from the operand to the arrow at the node."""
    lead: dict[Item, list[tuple[int, int]]] = {}
    routes: dict[Edge, tuple[Cell, ...]] = {}
    for column, links in enumerate(columns.links):
        for source, target in links:
            turns = [*lead.get(source, ()), *_turns(column, source, target, gaps, tracks, row_of, cells)]
            if target.kind == "lane":
                lead[target] = turns
            else:
                box = cells.boxes[source.name]
                route = _trace(box.name.row, wire_start(box), turns, cells.arrows[column])
                routes[target.name, source.name] = route
    return routes


def _turns(
    column: int,
    source: Item,
    target: Item,
    gaps: Sequence[Gap],
    tracks: Sequence[Tracks],
    row_of: Mapping[Row, int],
    cells: Cells,
) -> list[tuple[int, int]]:
    """The (column, row) at which a link changes to another row."""
    start, row, end = row_of[source], row_of[gaps[column].row_of[source, target]], row_of[target]
    turns: list[tuple[int, int]] = []
    if row != start:
        turns.append((cells.tracks[column][tracks[column].turns[source, False, row > start]], row))
    if row != end:
        turns.append((cells.tracks[column][tracks[column].turns[target, True, row > end]], end))
    return turns


def _trace(row: int, column: int, turns: list[tuple[int, int]], arrow: int) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for turn, next_row in turns:
        cells += (Cell(row, at, LEFT | RIGHT) for at in range(column, turn))
        onward, back = (DOWN, UP) if next_row > row else (UP, DOWN)
        step = 1 if next_row > row else -1
        cells.append(Cell(row, turn, LEFT | onward))
        cells += (Cell(at, turn, UP | DOWN) for at in range(row + step, next_row, step))
        cells.append(Cell(next_row, turn, back | RIGHT))
        row, column = next_row, turn + 1
    cells += (Cell(row, at, LEFT | RIGHT) for at in range(column, arrow + 1))
    return tuple(cells)
