"""Is what is active in sight in a panel that is too small, and is nothing shown by halves?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layouts import lay_out

from tui_backprop.panels.lines import Line
from tui_backprop.panels.picture.boxes import BoxSize, CellUse
from tui_backprop.panels.picture.drawing import Active, Label
from tui_backprop.panels.picture.layout import Layout, fitting
from tui_backprop.panels.picture.shape import Shape
from tui_backprop.panels.picture.view import view


def chain(neurons: int) -> Shape:
    operands: dict[str, tuple[str, ...]] = {}
    for number in range(neurons):
        operands[f"z{number}"] = (f"w{number}", f"a{number - 1}" if number else "x0", f"b{number}")
        operands[f"a{number}"] = (f"z{number}",)
    leaves = ["x0"] + [f"{letter}{number}" for number in range(neurons) for letter in "wb"]
    return Shape(tuple(leaves), tuple(operands), operands, f"a{neurons - 1}")


CHAIN = chain(6)
NUMBER = "−0.1234"
SIZES = {name: BoxSize(2, len(NUMBER), len(NUMBER)) for name in (*CHAIN.leaves, *CHAIN.nodes)}
LABELS = {name: Label(name, NUMBER, NUMBER) for name in (*CHAIN.leaves, *CHAIN.nodes)}


def texts_of(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def trimmed(lines: tuple[Line, ...]) -> str:
    return "\n".join(text.rstrip() for text in texts_of(lines))


START = """
 w0 −0.1234 ─╮
    −0.1234  ├▶[z0]───▶ a0 ─────────┬›
 x0 −0.1234 ─┤  −0.1234 −0.1234     │›
    −0.1234  │  −0.1234 −0.1234     │›
 b0 −0.1234 ─╯          w1 −0.1234 ─┤›
    −0.1234                −0.1234  │›
                        b1 −0.1234 ─╯›
                           −0.1234   ›
"""
LATER = """
‹
‹────────┬▶[z2]───▶ a2 ─────────┬▶ z3›
‹        │  −0.1234 −0.1234     │    ›
‹        │  −0.1234 −0.1234     │    ›
‹       ─┤          w3 −0.1234 ─┤    ›
‹        │             −0.1234  │    ›
‹       ─╯          b3 −0.1234 ─╯    ›
‹                      −0.1234       ›
"""


@pytest.mark.parametrize(("node", "picture"), [("z0", START), ("z2", LATER)])
def test_a_panel_too_narrow_follows_the_active_node(node: str, picture: str) -> None:
    layout = lay_out(CHAIN, SIZES, CellUse.NARROW)
    assert trimmed(view(layout, LABELS, Active(node=node), 38, 11)) == picture.strip("\n")


def test_a_panel_too_low_says_what_is_above_and_below() -> None:
    layout = lay_out(CHAIN, SIZES, CellUse.NARROW)
    first = texts_of(view(layout, LABELS, Active(node="z0"), layout.width, 5))
    last = texts_of(view(layout, LABELS, Active(node="b0"), layout.width, 5))
    assert (first[0][-1], first[-1][-1]) == (" ", "▾")
    assert (last[0][-1], last[-1][-1]) == ("▴", " ")


def test_the_picture_stands_still_while_the_step_stays_on_a_page() -> None:
    layout = lay_out(CHAIN, SIZES, CellUse.NARROW)
    shown = [trimmed(view(layout, {}, Active(path=(("z0", "x0"),)), 60, 11))]
    for node in ("w0", "z0", "a0"):
        active = view(layout, {}, Active(node=node), 60, 11)
        shown.append(trimmed(active).replace("[", " ").replace("]", " "))
    assert len(set(shown)) == 1


def test_the_whole_picture_is_shown_where_it_fits() -> None:
    layout = lay_out(CHAIN, SIZES)
    lines = texts_of(view(layout, LABELS, Active(), layout.width, layout.height))
    assert len(lines) == layout.height
    assert not re.search("[‹›▴▾]", "".join(lines))


def test_in_ascii_the_marks_are_ascii_too() -> None:
    layout = lay_out(CHAIN, SIZES, CellUse.NARROW)
    labels = {name: Label(name, "1.5", "-1.5") for name in LABELS}
    lines = texts_of(view(layout, labels, Active(node="z3"), 38, 5, charset="ascii"))
    assert "".join(lines).isascii()
    assert lines[1].startswith("<")


def test_a_panel_without_any_room_shows_nothing() -> None:
    layout = lay_out(CHAIN, SIZES)
    assert view(layout, LABELS, Active(), 0, 10) == ()
    assert view(layout, LABELS, Active(), 10, 0) == ()


@settings(max_examples=100, deadline=None)
@given(
    width=st.integers(1, 120),
    height=st.integers(1, 14),
    node=st.sampled_from((*CHAIN.leaves, *CHAIN.nodes)),
    data=st.data(),
)
def test_no_line_is_too_long_and_no_text_is_shown_by_halves(
    width: int, height: int, node: str, data: st.DataObject
) -> None:
    edge = data.draw(st.sampled_from((None, *CHAIN.edges())))
    layout = fitting(CHAIN, SIZES, width, height)
    lines = texts_of(view(layout, LABELS, Active(node=node, edge=edge, factor="−1.75"), width, height))
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)
    for line in lines:
        assert set(re.findall(r"[−\d.a-z]+", line)) <= {NUMBER, "−1.75", *LABELS}


@settings(max_examples=100, deadline=None)
@given(width=st.integers(14, 120), height=st.integers(5, 14), node=st.sampled_from((*CHAIN.leaves, *CHAIN.nodes)))
def test_the_active_node_is_in_sight_with_its_numbers(width: int, height: int, node: str) -> None:
    layout: Layout = lay_out(CHAIN, SIZES, CellUse.NARROW)
    lines = texts_of(view(layout, LABELS, Active(node=node), width, height))
    row, column = next((row, line.index(f"[{node}]")) for row, line in enumerate(lines) if f"[{node}]" in line)
    below = lines[row] if node in CHAIN.leaves else lines[row + 1]
    assert below[column:].lstrip(f" [{node}]").startswith(NUMBER)
