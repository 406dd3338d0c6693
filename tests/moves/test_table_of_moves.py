"""What the moves say that only change how things are looked at."""

from __future__ import annotations

import pytest
from support.panel_text import opened, played

from tui_backprop.moves.opening import restarted
from tui_backprop.panels.panel_table import current_panel


@pytest.mark.parametrize(
    ("moves", "notice"),
    [
        (["slower"], "Playing at 1 step a second."),
        (["2*slower"], "Playing at 0.5 steps a second."),
        (["slower", "faster"], "Playing at 2 steps a second."),
        (["4*faster"], "Playing at 30 steps a second."),
        (["digits"], "Numbers are shown with all digits."),
        (["2*digits"], "Numbers are shown with four digits."),
    ],
)
def test_a_change_of_view_is_told(moves, notice):
    assert played(opened("parabola"), *moves).notice == notice


@pytest.mark.parametrize(
    "move", ["play", "next_panel", "previous_panel", "zoom", "leave", "log_axis", "curve", "step_on", "iteration_on"]
)
def test_the_next_move_takes_the_notice_away(move):
    session = played(opened("parabola"), *(["zoom"] if move == "leave" else []), "digits")
    assert session.notice
    assert not played(session, move).notice


def test_the_panels_go_round_both_ways():
    session = opened("parabola")
    on = [current_panel(played(session, f"{count}*next_panel")).name for count in range(4)]
    assert on == ["graph", "equations", "loss", "graph"]
    back = [current_panel(played(session, f"{count}*previous_panel")).name for count in range(4)]
    assert back == ["graph", "loss", "equations", "graph"]


@pytest.mark.parametrize(
    ("move", "of"),
    [
        ("play", lambda session: session.is_playing),
        ("zoom", lambda session: session.is_zoomed),
        ("digits", lambda session: session.shows_all_digits),
        ("log_axis", lambda session: session.loss_view == "log"),
        ("curve", lambda session: session.loss_view == "curve"),
        ("derive", lambda session: session.reading is not None),
        ("nudge", lambda session: session.reading is not None),
        ("split", lambda session: session.lesson.view_of is not None),
    ],
)
def test_what_is_switched_on_is_switched_off_again(move, of):
    session = played(opened("parabola"), "2*step_on")
    assert [bool(of(played(session, f"{count}*{move}"))) for count in range(3)] == [False, True, False]


def test_a_restart_keeps_nothing_but_the_lesson_and_the_characters():
    start = opened("logistic", "ascii")
    session = played(start, "digits", "zoom", "faster", "3*iteration_on", "play", "focus")
    assert restarted(session) == start
