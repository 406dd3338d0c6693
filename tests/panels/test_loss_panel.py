"""The loss panel: the curve so far, its axes, the loss over the one parameter."""

import pytest
from support.panel_text import opened, panel, played

from tui_backprop.moves.go_to import go_to
from tui_backprop.panels.loss_history import axis_end

FALLING = """\
iteration 20: L = 1.088e−15, fell from 6.800e−15
9 ┤⢱
  │⠈⡆
  │ ⢱
  │  ⡇
  │  ⢸
0 ┤   ⠉⠑⠤⠤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀●
  └0─────────────────────────────────────────────────────▲20"""

RISING = """\
iteration 20: L = 13228, rose from 9186
13228 ┤                                                   ⢠●
      │                                                 ⢀⠔⠁
      │                                               ⢀⠔⠁
      │                                            ⢀⠤⠒⠁
      │                                      ⣀⣀⡠⠤⠔⠊⠁
    0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⠤⠤⠤⠤⠤⠤⠤⠤⠒⠒⠊⠉⠉
      └0─────────────────────────────────────────────────▲20"""

OVER_THE_PARAMETER = """\
L over w: at w = 2.808 it is 0.03686
⠑⠢⢄⡀
   ⠈⠑⠢⢄⡀
       ⠈⠉⠒⠤⣀⡀
            ⠈⠉⠒⠤∘⣀
                  ⠉⠉⠒⠢⠤⢄⣀⡀                                ⢀
                         ⠈⠉⠉⠑⠒⠒⠢∘⠤⠤⠤⣀⣀∘⣀●⣀⣀⣀⣀⣀⣀⣀⠤⠤⠤⠤⠔⠒⠒⠒⠉⠉⠁
−2 ─────────────────────────────────────────────────────── 5"""


@pytest.mark.parametrize(
    ("lesson", "moves", "picture"),
    [
        ("parabola", ("end",), FALLING),
        ("parabola-too-large", ("end",), RISING),
        ("parabola", ("3*iteration_on", "curve"), OVER_THE_PARAMETER),
    ],
    ids=["a loss that falls", "a loss that rises", "the point rolling on the parabola"],
)
def test_pictures(lesson, moves, picture):
    assert panel(played(opened(lesson), *moves), "loss", 60, 8) == picture


def test_only_losses_that_the_cursor_has_passed_are_shown():
    session = opened("logistic")
    assert panel(session, "loss") == "L is computed at the end of the forward pass."
    assert panel(played(session, "2*step_on"), "loss").startswith("iteration 0: L = 0.9130\n")
    # The history holds 100 iterations by now; what is shown does not depend on that.
    assert panel(played(session, "end", "home"), "loss") == panel(session, "loss")


def test_the_log_axis_shows_a_falling_loss_as_it_falls():
    text = panel(played(opened("parabola"), "end", "log_axis"), "loss", 60, 8)
    assert "log axis" in text
    rows = text.split("\n")[1:-1]
    assert all(any("\u2800" < sign <= "\u28ff" or sign == "●" for sign in row) for row in rows)


@pytest.mark.parametrize(
    ("iteration", "end"), [(0, 10), (10, 10), (11, 20), (21, 50), (51, 100), (101, 200), (1_000_000, 1_000_000)]
)
def test_the_axis_ends_at_a_round_number(iteration, end):
    assert axis_end(iteration) == end


def test_the_loss_over_the_parameter_wants_one_parameter():
    session = played(opened("logistic"), "curve")
    assert session.notice == "The loss can be drawn as a curve only if there is exactly one parameter."


@pytest.mark.parametrize("view", ["", "log_axis", "curve"])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (12, 3), (20, 4), (38, 5), (118, 9), (198, 30)])
@pytest.mark.parametrize("lesson", ["parabola", "parabola-too-large"])
def test_it_keeps_to_its_size(lesson, width, height, view):
    session = played(opened(lesson), *([view] if view else []))
    for move in ("step_on", "iteration_on", "3*iteration_on", "end", "iteration_on"):
        session = played(session, move)
        lines = panel(session, "loss", width, height).split("\n")
        assert len(lines) <= height
        assert max(map(len, lines)) <= width


def test_thousands_of_iterations_fall_into_few_columns():
    session = opened("logistic")
    session.history.extend(5000)
    text = panel(go_to(session, "5000"), "loss", 100, 9)
    assert "▲4,999" in text
    assert text.split("\n")[1].startswith("0.9130 ┤⡇")


def test_a_loss_that_stops_being_finite_still_has_a_picture():
    lesson = "title: t\nparameters: {w: 1}\nequations: {L: w^4}\nlearning_rate: 1\n"
    session = played(opened(lesson), "end")
    assert "L = " in panel(session, "loss", 60, 8)


SQUARED = """\
title: t
parameters: {w: 2}
equations: {L: w^2 - 4}
learning_rate: 0.5
"""


@pytest.mark.parametrize(
    ("lesson", "moves", "first_lines"),
    [
        ("logistic", [], "L is computed at the end of the forward pass."),
        ("logistic-four", [], "L is known when all examples are done."),
        (SQUARED, [], "iteration 0: L = 0\n1 ┤"),
        (SQUARED, ["iteration_on"], "iteration 1: L = −4, fell from 0\n 0 ┤"),
        (SQUARED, ["2*iteration_on"], "iteration 2: L = −4, stayed at −4\n 0 ┤"),
        (SQUARED.replace("0.5", "2"), ["iteration_on"], "iteration 1: L = 32, rose from 0\n32 ┤"),
        ("parabola", ["iteration_on", "log_axis"], "iteration 1: L = 1.44, fell from 9  log axis\n   9 ┤"),
        (
            SQUARED,
            ["log_axis"],
            "iteration 0: L = 0  log axis\nno loss so far is above 0, and a log axis shows only those.",
        ),
        (SQUARED.replace("w^2 - 4", "log(w - 2)"), [], "iteration 0: L = −∞\nno loss so far is finite."),
    ],
)
def test_what_is_said_of_the_loss(lesson, moves, first_lines):
    assert panel(played(opened(lesson), *moves), "loss", 60, 8).startswith(first_lines)


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [(15, 8, "iteration 0: L…"), (60, 3, "iteration 0: L = 9"), (15, 3, "iteration 0: L…")],
)
def test_where_there_is_no_room_for_a_curve_only_the_loss_is_told(width, height, told):
    assert panel(played(opened("parabola"), "3*step_on"), "loss", width, height) == told


def test_a_curve_has_room_from_four_lines_on():
    assert len(panel(played(opened("parabola"), "3*step_on"), "loss", 16, 4).split("\n")) == 4
