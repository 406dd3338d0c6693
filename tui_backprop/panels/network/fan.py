"""The wires between two columns as one draws a net on paper: a straight line of dots for each edge.

A heavy line is a weight of at least half the size of the largest one in its gap, a dashed line a negative weight; what
the step marks is heavier still. Where a cell has dots of several lines, it has the colour of the most important one.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.lines import Role
from tui_backprop.panels.network.canvas import Canvas
from tui_backprop.panels.picture.glyphs import ARROW, ARROW_BACK

MOST_NEURONS = 6
"""Of a column. Lines between more of them are too many to be followed."""

_DASH = 3
"""Dots of a dash, and of the blank after it."""

_IMPORTANCE: tuple[Role, ...] = ("edge", "positive_edge", "negative_edge", "path_edge", "active_edge")


class FanWire(Struct, frozen=True):
    """An edge from the row and cell where its source's wire begins to the row of its target.

    size: 1 for a thin line, 2 for a heavy one, 3 for what the step marks. is_back: whether it runs to its source.
    """

    source: int
    begin: int
    target: int
    size: int = 1
    is_dashed: bool = False
    is_back: bool = False
    role: Role = "edge"


def draw_fan(canvas: Canvas, wires: Sequence[FanWire], first: int, points: int) -> None:
    """Put the wires of a gap down, from cell `first` to the arrows' points, the most important ones last."""
    top = min(min(wire.source, wire.target) for wire in wires)
    height = 1 + max(max(wire.source, wire.target) for wire in wires) - top
    dots = DotCanvas(points - first, height)
    roles: dict[tuple[int, int], Role] = {}
    for wire in sorted(wires, key=lambda wire: (wire.size, _IMPORTANCE.index(wire.role))):
        for column in range(wire.begin, first):
            canvas.glyph(wire.source, column, "━" if wire.size > 2 else "─", wire.role)
        canvas.glyph(wire.target, points, ARROW_BACK if wire.is_back else ARROW, wire.role)
        for row, column in _line(dots, wire, top):
            roles[row, column] = wire.role
    for row, text in enumerate(dots.rows()):
        for column, glyph in enumerate(text):
            if glyph != " ":
                canvas.glyph(top + row, first + column, glyph, roles[row, column])
    for wire in wires:
        if wire.is_back:
            canvas.glyph(wire.source, wire.begin, ARROW_BACK, wire.role)


def _line(dots: DotCanvas, wire: FanWire, top: int) -> set[tuple[int, int]]:
    """Set the dots of a wire; the cells that they are in."""
    start, end = 4 * (wire.source - top) + 1, 4 * (wire.target - top) + 1
    across = dots.dots_across - 1
    steps = max(across, abs(end - start))
    cells: set[tuple[int, int]] = set()
    for place in range(steps + 1):
        if wire.is_dashed and place // _DASH % 2:
            continue
        x, y = round(across * place / steps), round(start + (end - start) * place / steps)
        for thick in range(wire.size):
            dot_x, dot_y = (x, y + thick) if across >= abs(end - start) else (min(x + thick, across), y)
            dots.dot(dot_x, dot_y)
            cells.add((dot_y // 4, dot_x // 2))
    return cells
