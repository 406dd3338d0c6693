"""Moves: where they lead on the lessons, that back undoes on, and that what is not possible says why."""

import pytest
from support.panel_text import opened, played

from tui_backprop.moves.go_to import go_to_name
from tui_backprop.moves.move_table import MOVES, TABLE

LESSONS = ["parabola", "logistic", "chain", "logistic-four", "net-2-2-2"]


def at(session):
    return session.cursor.iteration, session.cursor.index


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize(
    ("on", "back"), [("step_on", "step_back"), ("node_on", "node_back"), ("iteration_on", "iteration_back")]
)
def test_back_leads_where_on_came_from(lesson, on, back):
    session = opened(lesson)
    there = [session.cursor]
    for _ in range(30):
        session = played(session, on)
        there.append(session.cursor)
    for cursor in reversed(there):
        assert session.cursor == cursor
        session = played(session, back)


@pytest.mark.parametrize(
    ("moves", "place"),
    [
        (("node_on",), (0, 1)),
        (("3*step_on", "node_on"), (0, 5)),
        (("4*step_on", "node_on"), (0, 5)),
        (("4*step_on", "node_back"), (0, 3)),
        (("phase_on",), (0, 3)),
        (("2*phase_on",), (0, 14)),
        (("3*phase_on",), (1, 0)),
        (("6*step_on", "phase_back"), (0, 3)),
        (("6*step_on", "2*phase_back"), (0, 0)),
        (("3*phase_on", "phase_back"), (0, 14)),
        (("5*step_on", "2*iteration_on"), (2, 5)),
        (("end",), (100, 16)),
        (("end", "step_on"), (101, 0)),
        (("end", "home"), (0, 0)),
        (("17*step_on",), (1, 0)),
    ],
)
def test_where_moves_lead_on_the_logistic_node(moves, place):
    assert at(played(opened("logistic"), *moves)) == place


def test_examples_are_stepped_through_at_the_same_step():
    session = played(opened("logistic-four"), "5*step_on", "2*example_on")
    assert (session.example, session.entry) == (2, played(opened("logistic-four"), "5*step_on").entry)
    assert played(session, "example_back").example == 1


def test_the_run_ends_with_the_reason_where_numbers_stop_being_finite():
    session = opened("title: t\nparameters: {w: 2}\nequations: {L: w^4}\nlearning_rate: 1\n")
    session = played(session, "end")
    assert session.history.ended_at == session.cursor.iteration
    session = played(session, "step_on")
    assert session.notice.startswith("The numbers stopped being finite in iteration")
    assert at(played(session, "home")) == (0, 0)


def test_a_name_again_leads_to_its_next_step():
    session = opened("logistic")
    kinds = []
    for _ in range(3):
        session = go_to_name(session, "a")
        kinds.append(session.entry.kind)
    assert kinds == ["value", "gradient", "value"]


def test_arrows_go_through_a_derivation_that_is_open_and_escape_leaves_it():
    session = played(opened("logistic"), "6*step_on", "derive", "3*step_on")
    assert session.reading.position == 3
    assert played(session, "step_back").reading.position == 2
    assert played(session, "20*step_on").notice == "This is the last line; press escape to return to the steps."
    assert played(session, "leave").reading is None
    assert played(session, "leave").cursor == session.cursor


def test_splitting_leads_to_the_same_name_and_back():
    session = played(opened("logistic"), "2*iteration_on", "7*step_on")
    view = played(session, "split")
    assert view.entry == session.entry
    assert view.iteration == 2
    assert view.known_gradient("z").number == pytest.approx(session.known_gradient("z").number, rel=1e-12)
    assert at(played(view, "split")) == at(session)


def test_no_two_moves_share_a_key_and_every_one_is_described():
    keys = [key for move in TABLE for key in move.keys]
    assert len(keys) == len(set(keys))
    assert all(move.description.endswith(".") and move.brief and move.shown_keys for move in TABLE)
    assert sum(move.is_in_footer for move in TABLE) <= 7
    assert all((move.apply is None) != (move.screen_action is None) for move in TABLE)
    assert list(MOVES) == [move.name for move in TABLE]
