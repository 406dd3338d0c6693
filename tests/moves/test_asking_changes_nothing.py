"""Asking whether a move is possible records nothing, wherever one stands and however far the move would lead."""

from __future__ import annotations

import pytest
from support.lessons import LESSONS

from tui_backprop.moves.along import why_no_iteration
from tui_backprop.moves.go_to import go_to
from tui_backprop.moves.move_table import TABLE
from tui_backprop.session import Cursor, Session


@pytest.mark.parametrize("name", LESSONS)
def test_no_question_about_a_move_records_an_iteration(name: str) -> None:
    session = Session.start(LESSONS[name])
    for index in range(len(session.layout)):
        here = session.at(Cursor(0, index))
        for move in TABLE:
            move.why_not(here)
            move.reach(here)
            move.is_slow(here)
    assert len(session.history) == 1


def test_asking_about_a_distant_iteration_trains_nothing_and_going_there_does() -> None:
    session = Session.start(LESSONS["parabola"])
    assert why_no_iteration(session, 50_000) == ""
    assert len(session.history) == 1
    assert go_to(session, "999999999").notice == "A run has at most 1,000,000 iterations."
    assert len(session.history) == 1
    assert go_to(session, "50").cursor == Cursor(50, 0)
    assert len(session.history) == 51
