"""The picture at one step: the layout with the texts known so far, and what the step is about marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import groupby

from msgspec import Struct

from tui_backprop.charset import Charset
from tui_backprop.panels.lines import Line, Role, Span, cut
from tui_backprop.panels.picture.boxes import Box, BoxPlace
from tui_backprop.panels.picture.glyphs import (
    ACTIVE_CLOSE,
    ACTIVE_OPEN,
    ARROW_BACK,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    heavy,
)
from tui_backprop.panels.picture.layout import TAKEN, Layout, Region
from tui_backprop.panels.picture.routes import Cell
from tui_backprop.panels.picture.shape import ELIDED, Edge, is_elided

_LEAST_STRETCH = 6
"""How many cells an edge runs straight where its number stands beside it."""

_FROM_TEXTS = 3
"""The least blanks between the number of an edge and other texts, of which it is none."""


class Label(Struct, frozen=True):
    """The texts of a node or leaf at a step; None for what is not known yet, which leaves its place blank."""

    name: str
    value: str | None = None
    gradient: str | None = None
    name_role: Role = "name"
    value_role: Role = "value"
    gradient_role: Role = "gradient"


class Active(Struct, frozen=True):
    """What a step is about.

    `node` gets brackets around its name. `edge` (of, wrt) is drawn heavy, with arrows back from `of` to `wrt`, and
    `factor` stands beside it where there is room. `path` are edges to be told apart by their role alone. What is not
    in the layout, because a neighbourhood leaves it out, is not marked.
    """

    node: str | None = None
    edge: Edge | None = None
    factor: str | None = None
    path: tuple[Edge, ...] = ()


_Texts = dict[int, list[tuple[int, Span]]]
"""For each row what is put over the wires: columns and spans."""


def draw(
    layout: Layout,
    labels: Mapping[str, Label],
    active: Active,
    seen: Region | None = None,
    charset: Charset = "unicode",
) -> tuple[Line, ...]:
    """The picture at a step, every row with spans of `layout.width` cells together.

    Every state of the labels and of `active` has everything in the same cells. A text longer than its place is cut;
    stand-ins of a neighbourhood need no label. With `seen` only the rows of that region are given, and texts outside
    of its columns may be missing. Texts are cut as `charset` cuts them; the wires are the same in all.
    """
    seen = seen or Region(0, 0, layout.height, layout.width)
    texts: _Texts = {row: [] for row in range(seen.top, seen.bottom)}
    for name, region in layout.regions.items():
        if region.meets(seen):
            label = labels.get(name) or Label(ELIDED if is_elided(name) else name, name_role="dim")
            target = None if is_elided(name) else name
            _put_label(texts, layout.boxes[name], label, target, name == active.node, charset)
    _put_edges(texts, layout, active)
    if active.edge and active.factor:
        place = _beside(layout, layout.routes.get(active.edge, ()), len(active.factor))
        if place is not None:
            _put(texts, place, active.factor, "factor", None)
    return tuple(_row(layout.lines[row], sorted(put, key=_column)) for row, put in texts.items())


def focus_of(layout: Layout, active: Active) -> Region | None:
    """The region that should be seen at a step: the active edge with both its ends, or the active node."""
    names = active.edge or ((active.node,) if active.node else ())
    regions = [layout.regions[name] for name in names if name in layout.regions]
    return reduce(Region.with_, regions) if regions else None


def _column(text: tuple[int, Span]) -> int:
    return text[0]


def _put(texts: _Texts, place: BoxPlace, text: str, role: Role, target: str | None) -> None:
    if place.row in texts:
        texts[place.row].append((place.column, Span(text, role, target)))


def _cut(text: str, place: BoxPlace, charset: Charset) -> str:
    if len(text) <= place.width:
        return text
    return "".join(span.text for span in cut((Span(text),), place.width, charset))


def _put_label(texts: _Texts, box: Box, label: Label, target: str | None, is_active: bool, charset: Charset) -> None:
    name = _cut(label.name, box.name, charset)
    if is_active:
        row, column, width = box.name
        _put(texts, BoxPlace(row, column - 1, width + 2), f"{ACTIVE_OPEN}{name}{ACTIVE_CLOSE}", "active", target)
    else:
        _put(texts, box.name, name, label.name_role, target)
    if box.value and label.value:
        _put(texts, box.value, _cut(label.value, box.value, charset), label.value_role, target)
    if box.gradient and label.gradient:
        _put(texts, box.gradient, _cut(label.gradient, box.gradient, charset), label.gradient_role, target)


def _put_edges(texts: _Texts, layout: Layout, active: Active) -> None:
    """The cells of the path, and over them those of the active edge."""
    glyphs: dict[int, dict[int, tuple[str, Role]]] = {}
    for edge in active.path:
        for cell in layout.routes.get(edge, ()):
            if cell.row in texts and not _is_behind(layout, cell):
                glyphs.setdefault(cell.row, {})[cell.column] = (layout.lines[cell.row][cell.column], "path_edge")
    if active.edge:
        route = layout.routes.get(active.edge, ())
        for cell in route:
            if cell.row in texts and not _is_behind(layout, cell):
                is_end = cell is route[0] or cell is route[-1]
                glyph = ARROW_BACK if is_end else heavy(layout.arms[cell.row, cell.column], cell.arms)
                glyphs.setdefault(cell.row, {})[cell.column] = (glyph, "active_edge")
    for row, in_row in glyphs.items():
        texts[row] += ((start, Span(text, role)) for start, text, role in _joined(in_row))


def _is_behind(layout: Layout, cell: Cell) -> bool:
    """Whether the cell shows a bar of other edges, behind which this one passes."""
    return cell.arms == LEFT | RIGHT and layout.arms[cell.row, cell.column] == LEFT | RIGHT | UP | DOWN


def _joined(glyphs: Mapping[int, tuple[str, Role]]) -> Iterator[tuple[int, str, Role]]:
    """Neighbouring cells of one role as one text."""
    columns = sorted(glyphs)
    numbered = enumerate(columns)
    for (_, role), run in groupby(numbered, key=lambda pair: (pair[1] - pair[0], glyphs[pair[1]][1])):
        inside = [column for _, column in run]
        yield inside[0], "".join(glyphs[column][0] for column in inside), role


def _row(line: str, texts: list[tuple[int, Span]]) -> Line:
    """The wires of a row with the texts put over them."""
    spans: list[Span] = []
    at = 0
    for column, span in texts:
        if column > at:
            spans.append(_wire(line[at:column]))
        spans.append(span)
        at = column + len(span.text)
    if at < len(line):
        spans.append(_wire(line[at:]))
    return tuple(spans)


def _wire(text: str) -> Span:
    return Span(text, "plain" if text.isspace() else "edge")


def _beside(layout: Layout, route: tuple[Cell, ...], width: int) -> BoxPlace | None:
    """A free place for a number along an edge: above its stretches, longest first, else below; None without one.

    Short stretches have none: they are mostly what the edge shares with others.
    """
    stretches = [list(cells) for _, cells in groupby(route, key=lambda cell: cell.row)]
    long = [cells for cells in stretches if len(cells) >= max(width, _LEAST_STRETCH)]
    for step in (-1, 1):
        for cells in sorted(long, key=lambda cells: -len(cells)):
            row, start, end = cells[0].row + step, cells[0].column, cells[-1].column + 1 - width
            for first in sorted(range(start, end + 1), key=lambda place: abs(2 * place - start - end)):
                last = first + width
                if _is_blank(layout, row, first, last) and _has_no_text(layout, row + step, first, last):
                    return BoxPlace(row, first, width)
    return None


def _is_blank(layout: Layout, row: int, first: int, last: int) -> bool:
    """Whether these cells of a row are blank, with a blank on both sides, and texts further away."""
    inside = 0 <= row < layout.height and first > 0 and last < layout.width
    if not inside or not layout.taken[row][first - 1 : last + 1].isspace():
        return False
    return _has_no_text(layout, row, max(first - _FROM_TEXTS, 0), last + _FROM_TEXTS)


def _has_no_text(layout: Layout, row: int, first: int, last: int) -> bool:
    return not 0 <= row < layout.height or TAKEN not in layout.taken[row][first:last]
