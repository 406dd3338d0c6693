"""Does the picture tell the truth? A reader who sees only the text follows its lines and finds the graph's edges."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layouts import lay_out

from tui_backprop.panels.lines import Line
from tui_backprop.panels.picture.boxes import BoxSize, CellUse
from tui_backprop.panels.picture.drawing import Active, Label, draw
from tui_backprop.panels.picture.layout import Layout
from tui_backprop.panels.picture.shape import Edge, Shape

RIGHT, LEFT, UP, DOWN = (0, 1), (0, -1), (-1, 0), (1, 0)
BACK = {RIGHT: LEFT, LEFT: RIGHT, UP: DOWN, DOWN: UP}

ARMS = {
    "─━": (LEFT, RIGHT),
    "│┃": (UP, DOWN),
    "╭┏": (RIGHT, DOWN),
    "╮┓": (LEFT, DOWN),
    "╰┗": (RIGHT, UP),
    "╯┛": (LEFT, UP),
    "├┠┡┢": (UP, DOWN, RIGHT),
    "┤┨┩┪": (UP, DOWN, LEFT),
    "┬┯┱┲": (LEFT, RIGHT, DOWN),
    "┴┷┹┺": (LEFT, RIGHT, UP),
    "▶": (LEFT,),
}
ARMS_OF = {glyph: arms for glyphs, arms in ARMS.items() for glyph in glyphs}
PIECES_OF_WIRE = "─━◀"


def text_of(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(span.text for span in row) for row in lines]


class Reader:
    """Follows lines in a text. Names are a letter and digits, numbers begin with a digit or a minus sign."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.names = {
            (row, found.start()): found.group()
            for row, line in enumerate(rows)
            for found in re.finditer(r"[a-z]\d+", line)
        }
        self.followed: set[tuple[int, int]] = set()

    def at(self, row: int, column: int) -> str:
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row])
        return self.rows[row][column] if inside else " "

    def edges(self) -> list[Edge]:
        return [(end, name) for place, name in self.names.items() for end in self.reached_from(*place)]

    def reached_from(self, row: int, column: int) -> list[str]:
        """The names at whose arrows one arrives from a name; a line that leads nowhere is an error."""
        texts = re.compile(r"[a-z]\d+\]?( *[−\d.]+)*[ \]]")
        texts_end = texts.match(self.rows[row], column)
        start = texts_end.end() if texts_end else len(self.rows[row])
        if self.at(row, start) not in PIECES_OF_WIRE + "▶┬┴┤╮╯":
            return []
        reached: list[str] = []
        ways = [(row, start, RIGHT)]
        seen: set[tuple[int, int, tuple[int, int]]] = set()
        while ways:
            row, column, heading = ways.pop()
            if (row, column, heading) in seen:
                continue
            seen.add((row, column, heading))
            self.followed.add((row, column))
            ways += self.onward(row, column, heading, reached)
        return reached

    def onward(
        self, row: int, column: int, heading: tuple[int, int], reached: list[str]
    ) -> list[tuple[int, int, tuple[int, int]]]:
        glyph = self.at(row, column)
        if glyph in "▶◀" and heading == RIGHT and (row, column + 2) in self.names:
            assert self.at(row, column + 1) in " ["
            reached.append(self.names[row, column + 2])
            return []
        if glyph == "◀" and heading == RIGHT:
            return [(row, column + 1, RIGHT)]
        if glyph in "│┃" and heading == RIGHT:
            assert self.at(row, column - 1) in PIECES_OF_WIRE, f"no wire to be seen left of the bar {row, column}"
            assert self.at(row, column + 1) in PIECES_OF_WIRE, f"no wire to be seen right of the bar {row, column}"
            return [(row, column + 1, RIGHT)]
        assert BACK[heading] in ARMS_OF.get(glyph, ()), f"a line ends in nothing at {row, column}: {glyph!r}"
        onward = [arm for arm in ARMS_OF[glyph] if arm not in (BACK[heading], LEFT)]
        return [(row + down, column + right, (down, right)) for down, right in onward]

    def stray_lines(self) -> list[tuple[int, int]]:
        return [
            (row, column)
            for row, line in enumerate(self.rows)
            for column, glyph in enumerate(line)
            if (glyph in ARMS_OF or glyph == "◀") and (row, column) not in self.followed
        ]


@st.composite
def shapes(draw_from: st.DrawFn) -> Shape:
    leaves = tuple(f"p{number}" for number in range(draw_from(st.integers(1, 9))))
    nodes = tuple(f"n{number}" for number in range(draw_from(st.integers(1, 16))))
    operands: dict[str, tuple[str, ...]] = {}
    for count, node in enumerate(nodes):
        known = (*leaves, *nodes[:count])
        chosen = draw_from(st.lists(st.sampled_from(known), max_size=4, unique=True))
        operands[node] = tuple(chosen)
    return Shape(leaves, nodes, operands, nodes[-1])


def sizes_of(shape: Shape) -> dict[str, BoxSize]:
    widths = {name: 2 + len(name) % 3 for name in (*shape.leaves, *shape.nodes)}
    return {name: BoxSize(len(name), width, width if name != "p0" else 0) for name, width in widths.items()}


def labels_of(shape: Shape) -> dict[str, Label]:
    return {
        name: Label(name, "7" * size.value, "−" + "5" * (size.gradient - 1) if size.gradient else None)
        for name, size in sizes_of(shape).items()
    }


def without_texts(layout: Layout) -> dict[str, Label]:
    return {name: Label(name) for name in layout.boxes}


@pytest.mark.parametrize("density", CellUse)
@settings(max_examples=60, deadline=None)
@given(shape=shapes())
def test_following_the_lines_finds_every_edge_and_no_other(density: CellUse, shape: Shape) -> None:
    drawing = draw(lay_out(shape, sizes_of(shape), density), labels_of(shape), Active())
    reader = Reader(text_of(drawing))
    assert sorted(reader.names.values()) == sorted((*shape.leaves, *shape.nodes))
    assert sorted(reader.edges()) == sorted(shape.edges())
    assert reader.stray_lines() == []


@settings(max_examples=60, deadline=None)
@given(shape=shapes(), data=st.data())
def test_marking_changes_no_line(shape: Shape, data: st.DataObject) -> None:
    edge = data.draw(st.sampled_from(shape.edges())) if shape.edges() else None
    node = data.draw(st.sampled_from((*shape.leaves, *shape.nodes)))
    layout = lay_out(shape, sizes_of(shape))
    drawing = draw(layout, labels_of(shape), Active(node=node, edge=edge, path=shape.edges()[:3]))
    reader = Reader(text_of(drawing))
    assert sorted(reader.edges()) == sorted(shape.edges())
    assert reader.stray_lines() == []


@settings(max_examples=60, deadline=None)
@given(shape=shapes(), density=st.sampled_from(CellUse))
def test_texts_have_their_own_cells(shape: Shape, density: CellUse) -> None:
    layout = lay_out(shape, sizes_of(shape), density)
    taken: set[tuple[int, int]] = set(layout.arms)
    for box in layout.boxes.values():
        name = box.name
        around = {(name.row, column) for column in range(name.column - 1, name.column + name.width + 1)}
        cells = [(place.row, place.column + at) for place in box.places() for at in range(place.width)]
        for cell in {*cells, *around}:
            assert cell not in taken
        taken |= {*cells, *around}
    assert all(0 <= row < layout.height and 0 <= column < layout.width for row, column in taken)


@settings(max_examples=50, deadline=None)
@given(shape=shapes(), data=st.data())
def test_every_state_has_the_same_size_and_the_same_cells(shape: Shape, data: st.DataObject) -> None:
    layout = lay_out(shape, sizes_of(shape), data.draw(st.sampled_from(CellUse)))
    edge = data.draw(st.sampled_from(shape.edges())) if shape.edges() else None
    nothing_known = draw(layout, without_texts(layout), Active())
    all_known = draw(layout, labels_of(shape), Active(node=shape.nodes[0], edge=edge, factor="−2.492"))
    for drawing in (nothing_known, all_known):
        assert [len(row) for row in text_of(drawing)] == [layout.width] * layout.height
    for before, after in zip(text_of(nothing_known), text_of(all_known), strict=True):
        for was, now in zip(before, after, strict=True):
            assert (was in ARMS_OF) == (now in ARMS_OF or now == "◀")


@settings(max_examples=20, deadline=None)
@given(shape=shapes())
def test_the_same_graph_gives_the_same_layout(shape: Shape) -> None:
    assert lay_out(shape, sizes_of(shape)) == lay_out(shape, sizes_of(shape))
