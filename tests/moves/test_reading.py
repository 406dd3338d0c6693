"""Can a derivation and a second proof be opened where there is a derivative, read line by line, and closed again?"""

from __future__ import annotations

from typing import Any

import pytest
from support.lessons import scenario
from support.panel_text import opened, played

from tui_backprop.explain.nudge import NudgeTable
from tui_backprop.maths.writing import write
from tui_backprop.moves.move_table import MOVES
from tui_backprop.moves.reading import derivation_is_slow, derived_pair, nudge_is_slow, why_not_derive
from tui_backprop.panels.panel_table import current_panel
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Session

LAST_LINE = "This is the last line; press escape to return to the steps."
ALL_STEPS = [
    (0, "value", None),
    (3, "seed", None),
    (4, "factor", ("L", "a")),
    (5, "gradient", ("L", "a")),
    (6, "factor", ("a", "z")),
    (7, "gradient", ("L", "z")),
    (8, "factor", ("z", "w1")),
    (9, "gradient", ("L", "w1")),
    (14, "update", ("L", "w1")),
]


def _at(steps: int, lesson: str = "logistic") -> Session:
    return played(opened(lesson), f"{steps}*step_on") if steps else opened(lesson)


def _session(lesson: Scenario) -> Session:
    return Session.start(lesson)


def _derivation(session: Session) -> Any:
    assert session.reading is not None
    assert session.reading.kind == "derivation"
    return session.reading.matter


def _table(session: Session) -> NudgeTable:
    assert session.reading is not None
    assert isinstance(session.reading.matter, NudgeTable)
    return session.reading.matter


@pytest.mark.parametrize(("steps", "kind", "pair"), ALL_STEPS)
def test_a_step_about_a_derivative_has_one_to_derive(steps: int, kind: str, pair: tuple[str, str] | None) -> None:
    session = _at(steps)
    assert session.entry.kind == kind
    assert derived_pair(session) == pair
    assert bool(why_not_derive(session)) == (pair is None)


@pytest.mark.parametrize(("steps", "kind", "pair"), [step for step in ALL_STEPS if step[2]])
def test_d_derives_it_and_c_checks_it(steps: int, kind: str, pair: tuple[str, str]) -> None:
    session = _at(steps)
    derivation = _derivation(played(session, "derive"))
    assert (derivation.of, derivation.wrt) == pair
    table = _table(played(session, "nudge"))
    assert (table.of, table.wrt) == pair
    assert table.proof.verdict == "agrees"
    assert table.is_factor == (kind == "factor")


@pytest.mark.parametrize("move", ["derive", "nudge"])
def test_where_there_is_no_derivative_the_move_says_why(move: str) -> None:
    session = played(_at(0), move)
    assert session.reading is None
    assert "not a derivative" in session.notice


def test_the_arrows_go_through_the_lines_and_stop_at_both_ends() -> None:
    session = played(_at(6), "derive")
    count = len(_derivation(session).lines)
    assert count == 13
    first = played(session, "step_back")
    assert first.reading is not None
    assert (first.reading.position, first.notice) == (0, "This is the first line; press escape to return to the steps.")
    end = played(session, f"{count - 1}*step_on")
    assert end.reading is not None
    assert (end.reading.position, end.notice) == (count - 1, "")
    beyond = played(end, "step_on")
    assert beyond.reading == end.reading
    assert beyond.notice == LAST_LINE
    assert played(end, f"{count - 1}*step_back").reading == session.reading


def test_a_second_proof_is_seen_as_a_whole_and_the_arrows_lead_on_to_the_next_step() -> None:
    session = _at(6)
    for move in ("step_on", "step_back", "home", "end"):
        after = played(session, "nudge", move)
        assert (after.cursor, after.reading) == (played(session, move).cursor, None)


def test_leaving_leads_back_to_the_same_step() -> None:
    session = _at(6)
    for move in ("derive", "nudge"):
        read = played(session, move, "leave")
        assert (read.cursor, read.reading) == (session.cursor, None)


def test_up_and_down_go_through_all_that_can_be_read() -> None:
    polynomial = played(opened("title: t\nparameters: {w: 3}\nequations: {L: w^2}\n"), "2*step_on")
    for session, opening, length in ((_at(6), "derive", 13), (_at(6), "nudge", 1), (polynomial, "nudge", 2)):
        last = played(session, opening, f"{length - 1}*node_on")
        assert last.reading is not None
        assert (last.reading.position, last.notice) == (length - 1, "")
        beyond = played(last, "node_on")
        assert (beyond.reading, beyond.notice) == (last.reading, LAST_LINE)
        assert played(last, f"{length - 1}*node_back").reading == played(session, opening).reading


def test_what_is_read_is_looked_at() -> None:
    for opening in ("derive", "nudge", "words"):
        session = played(_at(6), opening)
        assert current_panel(session).name == "equations"
        assert session.is_alone == (opening == "words")
        assert played(session, "zoom").is_alone


@pytest.mark.parametrize("steps", [0, 6, 16])
def test_all_that_is_said_of_a_step_can_be_read_anywhere(steps: int) -> None:
    session = _at(steps)
    words = played(session, "words")
    assert words.reading is not None
    assert words.cursor == session.cursor
    assert played(words, "words") == played(words, "leave")
    assert played(words, "leave").reading is None


@pytest.mark.parametrize("name", [name for name, move in MOVES.items() if move.apply])
def test_what_is_read_stays_with_its_step_whatever_move_is_made(name: str) -> None:
    for opening in ("derive", "nudge"):
        before = played(_at(6), opening)
        after = played(before, name)
        if after.reading is not None:
            assert after.cursor == before.cursor
            assert derived_pair(after) == derived_pair(before)
        else:
            assert (after.cursor, after.lesson) != (before.cursor, before.lesson) or name in (opening, "leave")


def test_a_direct_factor_is_derived_by_itself_and_the_gradient_with_all_paths() -> None:
    session = _session(scenario({"w": 0.5}, {"p": "w^2", "L": "p*w"}))
    factor = next(
        place
        for place in range(len(session.layout))
        if (session.layout.entry(place).of, session.layout.entry(place).name) == ("L", "w")
    )
    session = played(session, f"{factor}*step_on")
    derivation = _derivation(played(session, "derive"))
    assert (write(derivation.lines[-1].expression), derivation.value) == ("p", 0.25)
    assert "direct part" in derivation.closing
    whole = _derivation(played(session, "2*step_on", "derive"))
    assert whole.value == pytest.approx(0.75)


def test_with_several_examples_the_example_on_the_screen_is_derived() -> None:
    lesson = scenario({"w": 0.5}, {"z": "w*x", "L": "z^2"}, inputs=("x",), examples=((1.0,), (3.0,)))
    session = _session(lesson)
    of_first = played(session, "5*step_on")
    assert derived_pair(of_first) == ("z", "w")
    assert _derivation(played(of_first, "derive")).value == 1.0
    assert _derivation(played(of_first, "example_on", "derive")).value == 3.0


@pytest.mark.parametrize(("reduction", "value"), [("mean", 5.0), ("sum", 10.0)])
def test_past_the_last_example_it_is_the_gradient_over_all_of_them(reduction: Any, value: float) -> None:
    # L = (w·x)², by hand: ∂L/∂w = 2·w·x² is 1 and 9 at w = 0.5.
    equations = {"z": "w*x", "L": "z^2"}
    lesson = scenario({"w": 0.5}, equations, inputs=("x",), examples=((1.0,), (3.0,)), reduction=reduction)
    for kind in ("mean", "update"):
        session = _session(lesson)
        while (session.entry.kind, session.entry.name) != (kind, "w"):
            session = played(session, "step_on")
        derived = _derivation(played(session, "derive"))
        assert [line.value for line in derived.lines] == [1.0, 9.0, value]
        assert [write(line.expression) for line in derived.lines[:2]] == ["2*z*x", "2*z*x"]
        table = _table(played(session, "nudge"))
        assert (table.derivative, table.proof.verdict) == (value, "agrees")
        assert table.proof.slope == pytest.approx(value)


def test_the_limit_is_there_for_a_polynomial_factor_only() -> None:
    lesson = "title: t\nparameters: {w: 3}\nequations: {u: w^2, L: sin(u)}\n"
    square = played(opened(lesson), "5*step_on")
    assert derived_pair(square) == ("u", "w")
    limit = _table(played(square, "nudge")).limit
    assert limit is not None
    assert write(limit.divided) == "2*w + h"
    assert _table(played(opened(lesson), "3*step_on", "nudge")).limit is None


def test_what_needs_the_algebra_is_known_to_be_slow_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    factor, gradient = _at(6), _at(7)
    monkeypatch.delitem(__import__("sys").modules, "sympy", raising=False)
    assert [derivation_is_slow(factor), derivation_is_slow(gradient)] == [False, True]
    assert [nudge_is_slow(factor), nudge_is_slow(gradient)] == [True, False]
    monkeypatch.setitem(__import__("sys").modules, "sympy", __import__("math"))
    assert not any(slow(session) for slow in (derivation_is_slow, nudge_is_slow) for session in (factor, gradient))


def test_home_and_end_go_through_the_derivation_that_is_read() -> None:
    read = played(_at(6), "derive")
    count = len(_derivation(read).lines)
    at_end = played(read, "end")
    assert at_end.reading is not None
    assert at_end.reading.position == count - 1
    assert at_end.cursor == read.cursor
    assert "last line" in played(at_end, "end").notice
    at_start = played(at_end, "home")
    assert at_start.reading is not None
    assert at_start.reading.position == 0
    assert "first line" in played(at_start, "home").notice
    assert played(at_end, "leave", "end").cursor.iteration == read.scenario.iterations
