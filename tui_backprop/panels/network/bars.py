"""The wires between two columns, plain and heavy.

All edges between two layers are one bar: every source joins it from the left (`──┤`), every neuron of the next layer
leaves it to the right (`├─▶`), and that means that each feeds each. No source and no target share a row, so nothing
crosses; an edge drawn heavy can be followed from its source, along the bar, to its target.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tui_backprop.panels.lines import Role
from tui_backprop.panels.network.canvas import Canvas
from tui_backprop.panels.picture import glyphs
from tui_backprop.panels.picture.glyphs import ARROW, ARROW_BACK, DOWN, LEFT, LINES, RIGHT, UP

_HEAVY_BRANCHES = {UP | RIGHT | DOWN: "┣", UP | DOWN | LEFT: "┫"}


class LayerBar(Struct, frozen=True):
    """The bar of a gap: its column, where each source's wire begins, by row, and the column of the arrows' points."""

    column: int
    sources: Mapping[int, int]
    targets: tuple[int, ...]
    points: int


class Lit(Struct, frozen=True):
    """An edge drawn heavy, from the row of its source to the row of its target."""

    source: int
    target: int
    is_back: bool
    role: Role


def draw_bar(canvas: Canvas, bar: LayerBar, lit: tuple[Lit, ...]) -> None:
    """Put the wires of a gap down, then the heavy ones over them."""
    arms = _arms(bar)
    for row, begin in bar.sources.items():
        for column in range(begin, bar.column):
            canvas.glyph(row, column, "─", "edge")
    for row in bar.targets:
        for column in range(bar.column + 1, bar.points):
            canvas.glyph(row, column, "─", "edge")
        canvas.glyph(row, bar.points, ARROW, "edge")
    for row, cell in arms.items():
        canvas.glyph(row, bar.column, LINES[cell], "edge")
    _draw_lit(canvas, bar, arms, lit)


def _arms(bar: LayerBar) -> dict[int, int]:
    rows = (*bar.sources, *bar.targets)
    first, last = min(rows), max(rows)
    arms: dict[int, int] = {}
    for row in range(first, last + 1):
        arms[row] = (UP if row > first else 0) | (DOWN if row < last else 0)
        arms[row] |= (LEFT if row in bar.sources else 0) | (RIGHT if row in bar.targets else 0)
    return arms


def _draw_lit(canvas: Canvas, bar: LayerBar, arms: Mapping[int, int], lit: tuple[Lit, ...]) -> None:
    along: dict[int, int] = {}
    for edge in lit:
        begin, role = bar.sources[edge.source], edge.role
        for column in range(begin, bar.column):
            canvas.glyph(edge.source, column, "━", role)
        for column in range(bar.column + 1, bar.points):
            canvas.glyph(edge.target, column, "━", role)
        canvas.glyph(edge.target, bar.points, ARROW_BACK if edge.is_back else ARROW, role)
        if edge.is_back:
            canvas.glyph(edge.source, begin, ARROW_BACK, role)
        down = edge.source < edge.target
        for row in range(min(edge.source, edge.target), max(edge.source, edge.target) + 1):
            before, after = (UP, DOWN) if down else (DOWN, UP)
            arm = (LEFT if row == edge.source else before) | (RIGHT if row == edge.target else after)
            along[row] = along.get(row, 0) | arm
    for row, cell in along.items():
        glyph = _HEAVY_BRANCHES.get(cell) or glyphs.heavy(arms[row], cell)
        canvas.glyph(row, bar.column, glyph, lit[0].role)
