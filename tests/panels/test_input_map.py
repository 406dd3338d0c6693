"""The output over the plane of two inputs: the picture, with and without colours, and what is said of it."""

from __future__ import annotations

import math
import re

import pytest
from support.panel_text import opened, panel, played
from support.screen import running

from tui_backprop.api import load
from tui_backprop.explain.input_plane import frame_of_inputs, plane_at, values_over
from tui_backprop.moves.go_to import go_to
from tui_backprop.panels.lines import SHADES
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.tui.panel_view import PanelView
from tui_backprop.tui.snap import snap

XOR = """\
at (x₁, x₂) = (0, 0), a⁽²⁾₁ = 0.009729 · █ a⁽²⁾₁ above 0.5 · o y = 0  x y = 1  capital: this one
 1.5 ┤███████████████████████████████████▀▀▀
     │████████████x██████████████▀▀▀▀       o          ▄▄
     │████████████████████▀▀▀▀                  ▄▄▄▄█████
     │█████████████▀▀▀                   ▄▄▄█████████████
     │█████▀▀▀▀                  ▄▄▄▄████████████████████
     │▀▀          O       ▄▄▄▄██████████████x████████████
−0.5 ┤             ▄▄▄███████████████████████████████████
     └−0.5────────────────────────────────────────────1.5"""

IN_ASCII = """\
at (x1, x2) = (0, 0), a2_1 = 0.009729 | # a2_1 above 0.5 | o y = 0  x y = 1  capital: this one
 1.5 +###################################'''
     |############x##############''''       o          ,,
     |####################''''                  ,,,,#####
     |#############'''                   ,,,#############
     |#####''''                  ,,,,####################
     |''          O       ,,,,##############x############
-0.5 +             ,,,###################################
     +-0.5--------------------------------------------1.5"""

FILLS = " █░▒"

THREE = """\
title: t
parameters: {w: 1}
data: [{x: 1, u: 2}]
equations: {a: w*x*u, b: w*x - u, c: w*u - x, L: a + b + c}
"""


@pytest.mark.parametrize(("charset", "picture"), [("unicode", XOR), ("ascii", IN_ASCII)])
def test_a_net_that_has_learned_xor(charset, picture):
    session = go_to(played(opened("xor-relu", charset), "plane"), "600.6")
    assert panel(session, "loss", 57, 9).partition("\n")[2] == picture.partition("\n")[2]
    assert panel(session, "loss", 110, 9).partition("\n")[0] == picture.partition("\n")[0]


@pytest.mark.parametrize("lesson", ["moons", "three-classes", "logistic-four", "xor-sigmoid"])
@pytest.mark.parametrize("move", ["step_on", "phase_on"])
def test_every_cell_shows_the_area_of_the_values_there(lesson, move):
    """Read from the glyphs alone, as one who sees no colours would."""
    session = played(opened(lesson), "plane", "2*iteration_on", move)
    _, *lines, _ = PANELS["loss"].lines(session, 61, 12)
    margin = len(lines[0][0].text)
    plane = plane_at(session.history, session.entry)
    (low, high), (bottom, top) = frame_of_inputs(session.history, plane.inputs)
    across, down = 61 - margin, 2 * len(lines)
    columns = tuple(low + (high - low) * (place + 0.5) / across for place in range(across))
    rows = tuple(top - (top - bottom) * (place + 0.5) / down for place in range(down))
    values = values_over(session.history, session.cursor.iteration, plane, rows, columns)
    divide = re.search(r"above (\S+)", panel(session, "loss", 200, 12))
    kinds = values.argmax(axis=0) if divide is None else (values[0] > float(divide[1])).astype(int)
    for row, line in enumerate(lines):
        for column, glyph in enumerate("".join(span.text for span in line)[margin:]):
            upper, lower = kinds[2 * row : 2 * row + 2, column]
            if glyph in FILLS:
                assert upper == lower == FILLS.index(glyph)
            elif glyph in "▀▄":
                assert (upper > lower) == (glyph == "▀")
                assert upper != lower
            else:
                assert glyph in "oxvOXV"


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("0.1", "z⁽¹⁾₁ over x₁ and x₂, the node under the cursor"),
        ("0.2", "a⁽¹⁾₁ over x₁ and x₂, the node under the cursor"),
        ("0.6", "a⁽²⁾₁ over x₁ and x₂"),
        ("0.7", "a⁽²⁾₁ over x₁ and x₂"),
        ("5.1", "z⁽¹⁾₁ over x₁ and x₂, the node under the cursor"),
    ],
)
def test_the_title_says_what_is_drawn(place, title):
    assert PANELS["loss"].title(go_to(played(opened("xor-relu"), "plane"), place)) == title


def test_several_outputs_are_named_together():
    assert PANELS["loss"].title(played(opened(THREE), "plane", "3*step_on")) == "a, b and c over x and u"
    assert "  a  █ b  ░ c  is largest · o an example" in panel(
        played(opened(THREE), "plane", "3*step_on"), "loss", 118, 9
    )


def test_it_is_drawn_anew_as_training_goes_and_from_step_to_step():
    session = played(opened("xor-sigmoid"), "plane")
    pictures = [panel(go_to(session, place), "loss", 100, 12) for place in ("0.6", "100.6", "300.6", "0.1", "0.3")]
    assert len(set(pictures)) == len(pictures)


def test_at_the_end_of_its_training_the_moons_lie_in_two_areas():
    session = played(opened("moons"), "plane", "end", "phase_back", "phase_back")
    assert all(map(math.isfinite, session.history.losses))
    assert session.cursor.iteration == 2_000
    for lines in (PANELS["loss"].lines(session, *size) for size in ((118, 34), (200, 50))):
        marks = [span for line in lines[1:] for span in line if span.role == "example"]
        assert sum(len(span.text) for span in marks) > 60
        wrong = [span for span in marks if span.ground.split("_")[1] != str("ox".index(span.text[0].lower()))]
        assert wrong == []


def test_where_there_is_no_plane_the_key_says_why():
    session = played(opened("chain"), "plane")
    assert session.notice == "What comes out depends on one input here; it can be drawn over the plane of two."
    assert PANELS["loss"].title(session) == "Loss history"


def test_it_is_switched_off_again():
    session = opened("moons")
    assert played(session, "plane", "plane") == session


@pytest.mark.parametrize(
    "equation", ["log(x)*log(u)*w", "w/x + 1/u", "w + 0*x*u", "x^400 + u^w", "sqrt(w - 9 - x^2 - u^2)"]
)
@pytest.mark.parametrize("size", [(118, 30), (60, 8), (20, 4), (12, 3), (1, 1)])
def test_what_is_not_finite_or_flat_is_drawn_as_far_as_it_goes(equation, size):
    data = "[{x: 0, u: 1}, {x: 3, u: 2}]"
    lesson = f"title: t\nparameters: {{w: 2}}\ndata: {data}\nequations: {{a: {equation}, L: a^2}}\n"
    session = played(opened(lesson), "plane")
    for lines in (PANELS["loss"].lines(played(session, *moves), *size) for moves in ((), ("step_on",), ("end",))):
        assert 1 <= len(lines) <= size[1]
        assert all(sum(len(span.text) for span in line) <= size[0] for line in lines)


# --- colours


@pytest.mark.parametrize("theme", ["flexoki", "flexoki-light", "textual-light", "nord", "monokai", "solarized-light"])
async def test_in_grey_too_every_shade_of_one_area_differs_from_every_shade_of_the_other(theme):
    async with running(played(opened("moons"), "plane")) as shown:
        shown.app.theme = theme
        await shown.pilot.pause()
        view = shown.app.screen.query_one("#loss", PanelView)
        greys = [[_grey(view, f"area_{kind}_{shade}") for shade in range(SHADES)] for kind in (0, 1)]
        assert min(abs(one - other) for one in greys[0] for other in greys[1]) > 0.03
        for kind in range(4):
            for shade in range(SHADES):
                ground = f"area_{kind}_{shade}"
                assert abs(_grey(view, ground) - _grey(view, ground, of_text=True)) > 0.4


def _grey(view: PanelView, ground: str, of_text: bool = False) -> float:
    style = view._style("example", ground)
    colour = style.color if of_text else style.bgcolor
    return sum(part * share for part, share in zip(colour.triplet.normalized, (0.3, 0.59, 0.11), strict=True))


def test_half_blocks_and_shades_come_to_the_picture_that_is_written():
    plain = snap(load("xor-relu"), [], 80, 24, format="svg")
    drawn = snap(load("xor-relu"), ["b"], 80, 24, format="svg")
    assert len(set(re.findall("#[0-9a-f]{6}", drawn)) - set(re.findall("#[0-9a-f]{6}", plain))) >= 3
    assert "▀" in drawn or "▄" in drawn
