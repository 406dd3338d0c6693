"""The loss panel: the curve so far, its axes, the loss over the one parameter."""

import math

import pytest
from support.panel_text import opened, panel, played

from tui_backprop.moves.go_to import go_to
from tui_backprop.panels.loss_history import axis_end
from tui_backprop.panels.panel_table import PANELS

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
at w = 2.808, L = 0.03686
25 ┤
   │⠑⠢⠤⣀
   │    ⠉⠑⠢⢄⣀⡀
   │         ⠈⠑⠒⠤⠤∘⡀
   │               ⠈⠉⠑⠒⠤⠤⢄⣀⣀
 0 ┤                        ⠉⠉⠉⠒⠒⠒∘⠤⠤⠤⠤⣀⣀∘⣀⣀●⣀⣀⣀⣀⣀⣀⣀⡠⠤⠤⠤⠤⠔⠒⠒
   └−1.5─────────────────────────────────────────────────4.5"""

OVER_TWO_PARAMETERS = """\
at (x, y) = (−0.004153, 0.001207)
 2 ┤⠊⠉  ⣀⡠⠤⠒⠒⠊⣉⣉⣉⠥⠤⠤⠤⠤⠤⠤⠤⠤⠤⠬⣍⣉⣉⡙⠒⠒⠦⢤⣀⡀ ⠉⠙⠒⠦⣄⡀   ⠈⠙⠲⣄⡀
   │⢀⠔⠊⠉ ⣀⠤⠒⢉⣉⠤⠔⣒⡲⠭⣭⣭⣝⣛⣻⣭⣭⡭⢷⣒⡲⠤⣍⣉⠓⠦⣄⡀⠉⠙⠲⣄∘  ⠙⠲⣄     ⠙⢦⡀
   │⠁  ⢠⠊  ⡔⠁⢠⠒⢉⠔⡩⡻⠝⠛∘●∘∘∘⢿⢯⠳⡍⠓∘⠈∘ ∘⠙⡆  ∘⢳    ⠘⡆      ⢧
   │⣄  ⠘⢦⣀ ⠳⣄⣘⠲⢬⣳⡽⢿⣷⣶∘∘⣴⣶⣶∘∘∘⡡∘⢃⣀⠜ ⢀∘⠃ ∘⢀⠜    ⢠⠃      ⡎
   │⠈⠓⠦⢤⣀⡈⠙⠲⠤⢬⣉⣓⣒⠻⠭⠭⠭⠷⠶⠶⠭⠭⠭⠝⢒⣒⣉⡡⠤⠔⠊⠁⣀⡠∘⠒⠁  ⢀⡠⠒⠁    ⢀⡠⠊
−2 ┤⠦⢤   ⠉⠙⠒⠒⠦⠤⠤⠬⡍⠉⠉⠉⠉⠉⠉⠉⠉⠉⢉⠥⠤⠤⠤⠒⠒⠊⠉   ⡠⠤⠒⠊⠁    ⢀⠤⠒⠁
   └−10───────────────────────────────────────────────────20"""


@pytest.mark.parametrize(
    ("lesson", "moves", "picture"),
    [
        ("parabola", ("end",), FALLING),
        ("parabola-too-large", ("end",), RISING),
        ("parabola", ("3*iteration_on", "2*step_on", "curve"), OVER_THE_PARAMETER),
        ("momentum", ("6*iteration_on", "end", "iteration_back", "curve"), OVER_TWO_PARAMETERS),
    ],
    ids=["a loss that falls", "a loss that rises", "the point rolling on the parabola", "the point in the valley"],
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


@pytest.mark.parametrize(
    ("lesson", "moves", "title"),
    [
        ("logistic", [], "Loss history"),
        ("parabola", [], "L over w"),
        ("parabola", ["iteration_on"], "Loss history"),
        ("parabola", ["iteration_on", "curve"], "L over w"),
        ("parabola", ["log_axis"], "Loss history"),
        ("momentum", ["iteration_on", "curve"], "L over x and y"),
        ("attention", ["iteration_on", "curve"], "L over wq and wk, which move most"),
        ("net-2-2-2", ["iteration_on"], "Loss history"),
        ("epochs", ["iteration_on", "curve"], "L over w, for examples 3 and 4"),
        ("limit", [], "f over x"),
        ("partials", [], "f over x and y"),
        ("weighted-sum", ["end"], "net over w"),
    ],
)
def test_where_nothing_learns_and_before_anything_has_the_function_itself_is_drawn(lesson, moves, title):
    session = played(opened(lesson), *moves)
    assert PANELS["loss"].title(session) == title
    assert len(panel(session, "loss", 60, 8).splitlines()) == 8 or title == "Loss history"


def test_the_loss_and_the_slope_are_told_once_they_are_known():
    session = opened("parabola")
    told = []
    for _ in range(len(session.layout)):
        told.append(panel(session, "loss", 100, 8).splitlines()[0])
        session = played(session, "step_on")
    slope = "at w = 0, L = 9; the line that touches it has slope ∂L/∂w = −6"
    assert told == ["at w = 0, L = 9"] * 3 + [slope, "at w = 1.8"]
    first = panel(opened("chain-rule"), "loss", 100, 8).splitlines()[0]
    assert first == "at x = 1"


@pytest.mark.parametrize("lesson", ["parabola", "parabola-too-small", "parabola-oscillating", "momentum"])
def test_the_point_moves_and_the_picture_stays(lesson):
    session = played(opened(lesson), "curve", "iteration_on")
    pictures = set()
    for _ in range(8):
        axes = [line[: line.index("┤")] for line in panel(session, "loss", 80, 10).splitlines() if "┤" in line]
        pictures.add((*axes, panel(session, "loss", 80, 10).splitlines()[-1]))
        session = played(session, "iteration_on")
    assert len(pictures) == 1


def test_a_run_that_leaves_the_picture_makes_it_twice_as_large():
    session = played(opened("parabola-too-large"), "60*iteration_on", "curve")
    here = session.known_value("w").number
    left, right = panel(session, "loss", 80, 10).splitlines()[-1].strip(" └").replace("−", "-").split("─", 1)
    assert float(left) <= here <= float(right.strip("─"))


def test_one_arrow_points_where_the_gradient_does_and_the_other_downhill():
    text = panel(played(opened("partials"), "end"), "loss", 60, 12)
    told, *rows = text.splitlines()
    head, point, downhill = (
        [(row, place) for row, line in enumerate(rows) for place, sign in enumerate(line) if sign == wanted]
        for wanted in "↗●↙"
    )
    assert len(head) == len(point) == 1
    assert head[0][0] < point[0][0] < downhill[-1][0]
    assert downhill[-1][1] < point[0][1] < head[0][1]
    assert len(downhill) > 1
    assert told.startswith("at (x, y) = (2, 1), f = 11; ∇f = (7, 8) points uphill (·)")


def test_the_path_so_far_is_on_the_map_of_the_two_that_move_most():
    session = played(opened("xor-sigmoid"), "curve")
    counts = [panel(played(session, f"{count}*iteration_on"), "loss", 100, 20).count("∘") for count in (0, 20, 60)]
    assert counts[0] == 0 < counts[1] < counts[2]


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


FLAT = """\
title: t
parameters: {w: 0}
equations: {L: 9.00123 - 0.006*w}
learning_rate: 1
"""
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
        ("logistic-four", [], "L is known when all examples are done; u lists them."),
        (SQUARED, [], "at w = 2, L = 0\n"),
        (SQUARED, ["iteration_on"], "iteration 1: L = −4, fell from 0\n 0 ┤"),
        (FLAT, ["iteration_on"], "iteration 1: L = 9.001, fell by 3.600e−5\n"),
        (SQUARED, ["2*iteration_on"], "iteration 2: L = −4, stayed at −4\n 0 ┤"),
        (SQUARED.replace("0.5", "2"), ["iteration_on"], "iteration 1: L = 32, rose from 0\n32 ┤"),
        ("parabola", ["iteration_on", "log_axis"], "iteration 1: L = 1.44, fell from 9  log axis\n   9 ┤"),
        (
            SQUARED,
            ["log_axis"],
            "iteration 0: L = 0  log axis\nno loss so far is above 0, and a log axis shows only those.",
        ),
        (SQUARED.replace("w^2 - 4", "log(w - 2)"), ["curve"], "at w = 2, L = −∞\n"),
    ],
)
def test_what_is_said_of_the_loss(lesson, moves, first_lines):
    assert panel(played(opened(lesson), *moves), "loss", 60, 8).startswith(first_lines)


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [(15, 8, "iteration 0: L…"), (60, 2, "iteration 0: L = 0.9130"), (15, 3, "iteration 0: L…")],
)
def test_where_there_is_no_room_for_a_curve_only_the_loss_is_told(width, height, told):
    assert panel(played(opened("logistic"), "3*step_on"), "loss", width, height) == told


def test_three_lines_hold_the_picture_without_the_line_above_it():
    session = played(opened("logistic"), "3*step_on")
    assert panel(session, "loss", 60, 3).split("\n") == panel(session, "loss", 60, 4).split("\n")[1:]


def test_a_curve_has_room_from_four_lines_on():
    assert len(panel(played(opened("logistic"), "3*step_on"), "loss", 16, 4).split("\n")) == 4


def test_no_map_is_drawn_around_a_point_one_number_of_which_is_not_finite():
    lesson = "title: t\nparameters: {a: 1, b: 800}\nequations: {L: a^2 + exp(b)}\nlearning_rate: 0.1\n"
    session = played(opened(lesson), "end", "curve")
    assert session.known_value("a").number == 0.8
    assert session.known_value("b").number == -math.inf
    assert panel(session, "loss", 80, 8) == "The point is not finite: there is nothing to draw."
