"""The row and the cell of everything, chosen so that no wire goes through another one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.panels.network.choice import LEAST_GAP, State, cells, width_of
from tui_backprop.panels.network.folds import FOLD_ROWS, Stretch
from tui_backprop.panels.network.layer_columns import Column, Density

_MOST_GAP = 20
_MOST_BETWEEN = 6
"""Blank rows between two neurons of a column, at most."""


class Placed(Struct, frozen=True):
    """A column in its place.

    left: its first cell. tops: the row of each run. ins, outs: the rows where wires come and go, by run.
    """

    column: Column
    state: State
    left: int
    tops: tuple[int, ...]
    ins: tuple[int, ...]
    outs: tuple[int, ...]

    @property
    def out_at(self) -> int:
        """The cell where the wires that leave begin."""
        return self.left + (cells(self.column, self.state) if self.state == "box" else self.column.out_at)

    @property
    def right(self) -> int:
        """The first cell right of it."""
        return self.left + cells(self.column, self.state)

    def run_of(self, neuron: int) -> int:
        """Which run a neuron belongs to."""
        if self.state == "box" or self.column.kind == "cost":
            return 0
        runs = self.column.runs
        return next(place for place, run in enumerate(runs) if run.first <= neuron < run.first + run.count)


def placed(
    columns: Sequence[Column], chosen: Sequence[State], density: Density, width: int, rows: range
) -> tuple[Placed, ...]:
    """The drawn columns from left to right, in these rows; cells to spare go into the gaps between them."""
    drawn = [place for place, state in enumerate(chosen) if state != "hidden"]
    spare = max(0, width - width_of(columns, chosen)) // max(1, len(drawn) - 1)
    gap = min(LEAST_GAP + spare, _MOST_GAP)
    lefts, left = {}, int(drawn[0] > 0)
    for place in drawn:
        lefts[place] = left
        left += cells(columns[place], chosen[place]) + gap
    found: dict[int, Placed] = {}
    if density.has_fan:
        spread = (_spread_out(columns[place], chosen[place], lefts[place], density, len(rows)) for place in drawn)
        return tuple(_lowered(each, rows.start) for each in spread)
    height = min(len(rows), max(_rows(columns[place], chosen[place], density) for place in drawn))
    # Layers first: the rows of inputs and of the cost make way for theirs.
    for place in sorted(drawn, key=lambda place: (columns[place].kind != "layer", place)):
        column, state = columns[place], chosen[place]
        before, after = found.get(place - 1), found.get(place + 1)
        if column.kind == "layer" or state == "box":
            found[place] = _layer(column, state, lefts[place], density, height, before, after)
        elif column.kind == "inputs":
            found[place] = _inputs(column, lefts[place], height, after)
        else:
            found[place] = _cost(column, lefts[place], density, height, before)
    return tuple(_lowered(found[place], rows.start) for place in drawn)


def _spread_out(column: Column, state: State, left: int, density: Density, height: int) -> Placed:
    """A column in the middle of the rows and spread over them: lines of their own may end in any row."""
    if column.kind == "cost":
        top = max(0, (height - density.activation_at - 1 - len(column.runs)) // 2)
        return Placed(column, state, left, (top,), (top,), ())
    count = len(column.runs)
    least = density.rows_each if column.kind == "layer" else 2
    pitch = max(least, min(height // count, least + _MOST_BETWEEN))
    first = max(0, (height - pitch * (count - 1) - least + 1) // 2)
    tops = tuple(first + pitch * place for place in range(count))
    outs = tuple(top + density.outs_at for top in tops) if column.kind == "layer" else tops
    return Placed(column, state, left, tops, tops if column.kind == "layer" else (), outs)


def _lowered(each: Placed, by: int) -> Placed:
    tops, ins, outs = (tuple(row + by for row in rows) for rows in (each.tops, each.ins, each.outs))
    return replace(each, tops=tops, ins=ins, outs=outs)


def _rows(column: Column, state: State, density: Density) -> int:
    if state == "box":
        return 1 + FOLD_ROWS
    if column.kind == "layer":
        return sum(FOLD_ROWS if run.is_folded else density.rows_each for run in column.runs)
    if column.kind == "inputs":
        return 2 * len(column.runs)
    return density.activation_at + 2 + len(column.runs)


def _layer(
    column: Column,
    state: State,
    left: int,
    density: Density,
    height: int,
    before: Placed | None,
    after: Placed | None,
) -> Placed:
    """A layer in the middle, or a little off it where its wires would meet others; one with folds begins at the top."""
    outs = frozenset(before.outs if before else ())
    ins = frozenset(after.ins if after else ())
    rows = _rows(column, state, density)
    middle = max(0, (height - rows) // 2)
    if state == "full" and any(run.is_folded for run in column.runs):
        return _layer_at(column, state, left, density, 0, outs, ins)
    shifts = (0, *(shift for least in range(1, density.rows_each) for shift in (least, -least)))
    tops = [middle + shift for shift in shifts if 0 <= middle + shift <= height - rows]
    # What stands beside a wire stands above its neuron's row: best where no wire of the column before ends there.
    for barred in (outs | {row + 1 for row in outs}, outs):
        for top in tops:
            found = _layer_at(column, state, left, density, top, frozenset(), frozenset())
            if barred.isdisjoint(found.ins) and ins.isdisjoint(found.outs):
                return found
    return _layer_at(column, state, left, density, middle, outs, ins)


def _layer_at(
    column: Column, state: State, left: int, density: Density, top: int, outs: frozenset[int], ins: frozenset[int]
) -> Placed:
    """A layer from a row on. Its runs make way for the rows where wires of the columns beside it end."""
    tops: list[int] = []
    leaving: list[int] = []
    at = top
    boxed = (Stretch(0, column.count, is_folded=True),)
    for run in column.runs if state == "full" else boxed:
        is_one = not run.is_folded
        begin, further = at + (is_one or state == "box"), density.activation_at if is_one else 1
        while begin in outs or begin + further in ins:
            begin += 1
        tops.append(begin)
        leaving.append(begin + further)
        at = begin + (density.rows_each - 1 if is_one else FOLD_ROWS)
    return Placed(column, state, left, tuple(tops), tuple(tops), tuple(leaving))


def _inputs(column: Column, left: int, height: int, after: Placed | None) -> Placed:
    """The inputs spread over the height, each in the next row that no arrow of the first layer takes."""
    ins = set(after.ins) if after else set()
    widest = min(max(2, height // len(column.runs)), 5)
    rows: tuple[int, ...] = ()
    # Best with the rows above the arrows left to what stands beside the wires; closer where that takes too many rows.
    for pitch, taken in ((widest, ins | {row - 1 for row in ins}), (widest, ins), (2, ins), (1, ins)):
        rows = _spread(len(column.runs), pitch, height, taken)
        if rows[-1] < height:
            break
    return Placed(column, "full", left, rows, (), rows)


def _spread(count: int, pitch: int, height: int, taken: set[int]) -> tuple[int, ...]:
    rows: list[int] = []
    at = max(1, (height - pitch * (count - 1)) // 2)
    for _ in range(count):
        while at in taken:
            at += 1
        rows.append(at)
        at += pitch
    return tuple(rows)


def _cost(column: Column, left: int, density: Density, height: int, before: Placed | None) -> Placed:
    """The cost in the middle, as far as the targets below it leave it there; straight behind a single output."""
    outs = before.outs if before else ()
    lowest = max(1, height - density.activation_at - 1 - len(column.runs))
    row = min(outs[0] if len(outs) == 1 else (min(outs) + max(outs)) // 2 if outs else height // 2, lowest)
    if len(outs) > 1:
        free = [other for other in range(1, lowest + 1) if other not in outs]
        row = min(free, key=lambda other: abs(other - row), default=max(outs) + 1)
    return Placed(column, "full", left, (row,), (row,), ())
