"""The cells of everything: from the shape of a graph to boxes and routes, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from msgspec import Struct

from tui_backprop.panels.picture.boxes import SPACING, Box, BoxSize, CellUse, height_of
from tui_backprop.panels.picture.column_order import untangled
from tui_backprop.panels.picture.columns import Columns, columns_of, main_path
from tui_backprop.panels.picture.gaps import Gap, Row, gaps_of
from tui_backprop.panels.picture.glyphs import ARROW, LINES
from tui_backprop.panels.picture.routes import Cell, Cells, cells_of, routes_of
from tui_backprop.panels.picture.rows import rows_of
from tui_backprop.panels.picture.shape import ELIDED, Edge, Shape, is_elided
from tui_backprop.panels.picture.tracks import Tracks, tracks_of

TAKEN = "█"
"""What fills the cells kept for texts in `Layout.taken`."""


class Region(Struct, frozen=True):
    """The cells from (top, left) up to, not including, (bottom, right)."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Region) -> bool:
        """Whether some cell is in both."""
        return (
            self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right
        )

    def with_(self, other: Region) -> Region:
        """The smallest region that has both."""
        return Region(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


class Layout(Struct, frozen=True):
    """Where all is, with nothing that changes while stepping.

    `regions` has the cells of each box, with those that mark its name. `routes` has for each edge (of, wrt) its cells,
    from the operand to the arrow at the node; `arms` the arms of all wires in a cell, by row and column. `lines` is the
    picture of the wires alone, all `width` cells long; `taken` the same with the cells kept for texts filled in.
    """

    width: int
    height: int
    boxes: Mapping[str, Box]
    regions: Mapping[str, Region]
    routes: Mapping[Edge, tuple[Cell, ...]]
    arms: Mapping[tuple[int, int], int]
    lines: tuple[str, ...]
    taken: tuple[str, ...]


def fitting(shape: Shape, sizes: Mapping[str, BoxSize], width: int, height: int) -> Layout:
    """The roomiest layout that fits in so many cells and rows, with a blank row at its top where that fits too; if none
    does, the one with the least to scroll.

    `sizes` has an entry for every leaf and node but stand-ins: the widest texts they may get.
    """
    columns, gaps = _order(shape)
    sizes = _with_stand_ins(shape, sizes)
    tried: list[_Plan] = []
    for density in CellUse:
        for top in (1, 0):
            plan = _plan(columns, gaps, sizes, density, top)
            if plan.width <= width and plan.height <= height:
                return plan.layout()
        tried.append(plan)
    return min(tried, key=lambda plan: plan.to_scroll(max(width, 1), max(height, 1))).layout()


def _with_stand_ins(shape: Shape, sizes: Mapping[str, BoxSize]) -> Mapping[str, BoxSize]:
    stand_ins = {name: BoxSize(len(ELIDED)) for name in (*shape.leaves, *shape.nodes) if is_elided(name)}
    return {**stand_ins, **sizes}


def _order(shape: Shape) -> tuple[Columns, tuple[Gap, ...]]:
    columns = untangled(columns_of(shape))
    return columns, gaps_of(columns, main_path(shape))


def _plan(
    columns: Columns, gaps: tuple[Gap, ...], sizes: Mapping[str, BoxSize], density: CellUse, top: int = 0
) -> _Plan:
    spacing = SPACING[density]
    heights = {item: height_of(item, sizes, spacing) for items in columns.items for item in items}
    row_of = {row: at + top for row, at in rows_of(columns, gaps, heights).items()}
    tracks = tuple(tracks_of(gap, row_of) for gap in gaps)
    cells = cells_of(columns, gaps, tracks, row_of, sizes, spacing)
    regions = {name: _region(box) for name, box in cells.boxes.items()}
    width = max((region.right for region in regions.values()), default=0)
    height = max((*(region.bottom for region in regions.values()), *(row + 1 for row in row_of.values())), default=0)
    return _Plan(columns, gaps, row_of, tracks, cells, regions, width, height)


class _Plan(Struct, frozen=True):
    """A layout but for its cells, of which a large graph has very many."""

    columns: Columns
    gaps: tuple[Gap, ...]
    row_of: Mapping[Row, int]
    tracks: tuple[Tracks, ...]
    cells: Cells
    regions: Mapping[str, Region]
    width: int
    height: int

    def to_scroll(self, width: int, height: int) -> tuple[int, int]:
        """How many panels full this is, and then how many cells, panels counted whole."""
        pages = ceil(self.width / width) * ceil(self.height / height)
        return pages, max(self.width, width) * max(self.height, height)

    def layout(self) -> Layout:
        """The layout, cell by cell."""
        routes = routes_of(self.columns, self.gaps, self.tracks, self.row_of, self.cells)
        arms: dict[tuple[int, int], int] = {}
        for route in routes.values():
            for row, column, sides in route:
                arms[row, column] = arms.get((row, column), 0) | sides
        grid = [[" "] * self.width for _ in range(self.height)]
        for (row, column), sides in arms.items():
            grid[row][column] = LINES[sides]
        for route in routes.values():
            grid[route[-1].row][route[-1].column] = ARROW
        lines = tuple("".join(line) for line in grid)
        for box in self.cells.boxes.values():
            for row, column, width in box.places():
                grid[row][column : column + width] = TAKEN * width
        taken = tuple("".join(line) for line in grid)
        return Layout(self.width, self.height, self.cells.boxes, self.regions, routes, arms, lines, taken)


def _region(box: Box) -> Region:
    name, places = box.name, box.places()
    right = max(name.column + name.width + 1, *(place.column + place.width for place in places))
    return Region(name.row, name.column - 1, places[-1].row + 1, right)
