"""The graph as a picture: its places are those of the screen's layout, or of the columns of a net."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from msgspec.structs import replace

from tui_backprop.handout.document import Drawing, Lettering, Picture, Place, Stroke
from tui_backprop.handout.net_drawing import net_drawing
from tui_backprop.panels.graph_panel import part_drawn, picture_of
from tui_backprop.panels.lines import Line
from tui_backprop.panels.network.marks import Marks, network_of
from tui_backprop.panels.network.picture import is_network, lines_with
from tui_backprop.panels.picture.boxes import Box, BoxPlace
from tui_backprop.panels.picture.drawing import Active, Label
from tui_backprop.panels.picture.glyphs import LEFT, RIGHT
from tui_backprop.panels.picture.layout import Layout
from tui_backprop.panels.picture.routes import Cell
from tui_backprop.panels.picture.view import view
from tui_backprop.session import Session

COLUMNS = 86
"""How wide lines of characters are at most."""

_CELL_WIDTH, _ROW_HEIGHT = 8.4, 18.0
_MOST_CELLS, _MOST_ROWS, _MOST_ROWS_OF_TEXT = 104, 60, 48
_LEAST_PIECE = COLUMNS // 2


def graph_picture(session: Session, caption: str, *, has_numbers: bool) -> Picture | None:
    """The graph with all that is known at the cursor, or with nothing but what is given; None where it is too large to
    be seen."""
    if is_network(session.lesson):
        rows = _net_rows(session) if has_numbers else ()
        return Picture(net_drawing(session, has_numbers), rows, caption, is_graph=True)
    if part_drawn(session):
        return None
    layout, texts = picture_of(session, _MOST_CELLS, _MOST_ROWS)
    drawing = _drawing(session, layout, _known(session, texts, has_numbers))
    layout, texts = picture_of(session, COLUMNS, _MOST_ROWS_OF_TEXT)
    lines = view(
        layout, _known(session, texts, has_numbers), Active(), layout.width, layout.height, charset=session.charset
    )
    top = next((row for row, line in enumerate(lines) if _text(line)), 0)
    return Picture(drawing, tuple(_pieces(lines[top:])), caption, is_graph=True)


def _known(session: Session, texts: Mapping[str, Label], has_numbers: bool) -> Mapping[str, Label]:
    """The texts of the names; without what is computed, where that is to be found by the learner."""
    if has_numbers:
        return texts
    nodes = session.graph.equations
    return {
        name: replace(text, gradient=None, value=None if name in nodes else text.value) for name, text in texts.items()
    }


def _net_rows(session: Session) -> tuple[str, ...]:
    """A net as lines of characters, nothing in it marked."""
    last = len(network_of(session.lesson).layers) + 1
    lines = lines_with(session, Marks((0, last)), COLUMNS, _MOST_ROWS_OF_TEXT)
    rows = [_text(line) for line in lines]
    # Of several blank rows one is enough on paper.
    return tuple(row for has_text, run in groupby(rows, bool) for row in (run if has_text else [""]))


def _text(line: Line) -> str:
    return "".join(span.text for span in line).rstrip()


def _pieces(lines: tuple[Line, ...]) -> Iterator[str]:
    """Rows of characters; those of a picture that is too wide in pieces, one below the other."""
    rows = [_text(line) for line in lines]
    while any(rows):
        at = COLUMNS
        if max(map(len, rows)) > COLUMNS:
            at = min(range(_LEAST_PIECE, COLUMNS), key=lambda place: (_cuts(rows, place), -place))
        yield from (row[:at].rstrip() for row in rows)
        rows = [row[at:] for row in rows]
        if any(rows):
            yield ""


def _cuts(rows: list[str], place: int) -> int:
    """How many texts a cut before a column goes through."""
    return sum(row[place - 1 : place].isalnum() or row[place : place + 1].isalnum() for row in rows)


# --- a graph, from the cells of its layout


def _drawing(session: Session, layout: Layout, texts: Mapping[str, Label]) -> Drawing:
    strokes = tuple(
        Stroke(tuple(_places(route)), "edge", edge, has_arrow=True) for edge, route in layout.routes.items()
    )
    labels = tuple(label for name, box in layout.boxes.items() for label in _labels(session, name, box, texts[name]))
    return Drawing(layout.width * _CELL_WIDTH, layout.height * _ROW_HEIGHT, strokes, labels)


def _places(route: tuple[Cell, ...]) -> Iterator[Place]:
    """The ends of a route and its corners."""
    straight = LEFT | RIGHT
    for place, cell in enumerate(route):
        is_end = place in (0, len(route) - 1)
        is_corner = cell.arms & straight and cell.arms != straight
        if is_end or is_corner:
            yield (cell.column + 0.5) * _CELL_WIDTH, (cell.row + 0.5) * _ROW_HEIGHT


def _labels(session: Session, name: str, box: Box, texts: Label) -> Iterator[Lettering]:
    is_given = name not in session.graph.equations
    yield Lettering(_begin(box.name), texts.name, "given" if is_given else "name", name)
    # A value that is not known yet has its place all the same: it may come while one steps.
    if box.value:
        yield Lettering(_begin(box.value), (texts.value or "").strip(), "value", name)
    if box.gradient:
        yield Lettering(_begin(box.gradient), (texts.gradient or "").replace("∂ ", "∂ ", 1), "gradient", name)


def _begin(place: BoxPlace) -> Place:
    return place.column * _CELL_WIDTH, (place.row + 0.5) * _ROW_HEIGHT
