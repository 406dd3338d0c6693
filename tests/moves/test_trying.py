"""Trying: what is typed is judged, a wrong answer is told by its slip, the score counts first answers, and leaving
loses nothing."""

from __future__ import annotations

import re

import pytest
from support.panel_text import narration, opened, panel, played, text_of

from tui_backprop.moves.trying import LONGEST_ANSWER, answered, change_by_key, choices, hinted, typed
from tui_backprop.numbers import full
from tui_backprop.panels.asking import asking_lines
from tui_backprop.panels.panel_table import header_line
from tui_backprop.session import Session

ASKING = """\
title: t
parameters: {w: 0.3, b: 0.1}
data: {x: 2, y: 1}
equations: {z: w*x + b, a: sigmoid(z), L: (a - y)^2}
learning_rate: 0.5
questions:
  - {at: update w, after: 1}
  - {at: ∂L/∂w, prompt: "Which way will w go?", hint: "What does L do when w grows?"}
"""


def _answer(session: Session, text: str) -> Session:
    for character in text:
        change = change_by_key(session, character, character)
        session = change(session) if change else session
    return answered(session)


def _pressed(session: Session, *keys: str) -> Session:
    for key in keys:
        change = change_by_key(session, key, key if len(key) == 1 else None)
        assert change is not None
        session = change(session)
    return session


def _asked_for(at_step: int, lesson: str = "logistic") -> Session:
    """A session that is asked for the step of that number, counted from 1."""
    return played(opened(lesson), f"{at_step - 2}*step_on", "try")


def test_a_right_answer_goes_on_to_the_step_and_says_so() -> None:
    trying = _asked_for(2)
    assert "asked:         What is a?" in narration(trying)
    after = _answer(trying, "0.401")
    assert after.cursor.index == 1
    assert after.notice == "Right."
    assert after.is_trying
    assert after.tried.score == "1 of 1"
    assert _answer(trying, "1/(1 + exp(-z))").cursor.index == 1
    assert _answer(trying, "+").notice == "Right: it is 0.4013."


@pytest.mark.parametrize(
    ("step", "text", "told"),
    [
        (7, "1", "The slope of the activation was left out, at ∂a/∂z."),
        (7, "0.4013", "The slope of the activation was not taken at z"),
        (8, "-2.492", "The slope of the activation was left out, at ∂a/∂z."),
        (8, "0.2403", "This is the local factor alone"),
        (9, "0.5", "The factor of a product is what the name is multiplied by"),
        (9, "-1", "The sign is the wrong way round, at ∂z/∂w₁."),
        (14, "0", "The gradient of a bias is not 0"),
        (15, "0.2007", "The gradient was added where it is subtracted."),
        (15, "1.099", "The learning rate belongs in the update, once, and nowhere else"),
        (10, "12345", "Not right. The sign is the other one, and the size is not right either."),
        (10, "-12345", "Not right. The sign is right, but the size is too large."),
        (10, "+", "Not right. The sign is the other one."),
        (10, "0", "Not right. It is not 0."),
        (10, "-0.6", "Right as far as it goes. Give three digits at least."),
        (10, "a - y", "It gives the right number here, but with other parameters or inputs it would not."),
        (10, "a - q", "There is no 'q' here."),
        (10, "-0,6", "has a comma. Write a point: -0.6."),
    ],
)
def test_what_is_not_right_is_told_in_a_sentence_and_asked_again(step: int, text: str, told: str) -> None:
    before = _asked_for(step)
    after = _answer(before, text)
    assert told in after.notice
    assert after.cursor == before.cursor
    assert re.search(r"your answer:", narration(after))


def test_a_slip_is_marked_at_the_very_factor() -> None:
    after = _answer(_asked_for(8), "-2.492")
    marked = [row for row in panel(after, "equations", 70).splitlines() if "◀ here" in row]
    assert len(marked) == 1
    assert "∂a/∂z = a·(1 − a)" in marked[0]
    assert "here" not in panel(played(after, "step_on"), "equations", 70)


def test_only_the_first_answer_counts_and_what_is_shown_counts_as_missed() -> None:
    session = _answer(_asked_for(2), "5")
    assert session.tried.score == "0 of 1"
    session = _answer(session, "0.4013")
    assert session.tried.score == "0 of 1"
    session = answered(session)  # enter on nothing shows L
    assert (session.cursor.index, session.tried.score) == (2, "0 of 2")
    session = answered(session)  # the seed is not asked for
    assert (session.cursor.index, session.tried.score) == (3, "0 of 2")
    session = _answer(session, "-2.492")
    assert "1 of 3 right" in text_of([header_line(session, 80)])
    again = _answer(played(session, "step_back"), "7")
    assert again.tried.score == "1 of 3"


def test_what_is_no_answer_counts_nothing_and_stays_to_be_mended() -> None:
    session = _answer(_asked_for(10), "(a - y*x1")
    assert session.tried.answer == "(a - y*x1"
    assert session.tried.score == "0 of 0"
    session = _pressed(session, *["backspace"] * 3, ")", "*", "x", "1")
    assert answered(session).notice == "Right."
    assert _pressed(session, "ctrl+u").tried.answer == ""


def test_leaving_loses_nothing() -> None:
    session = _answer(_answer(_asked_for(2), "5"), "0.4013")
    left = played(session, "leave")
    assert not left.is_trying
    assert left.cursor == session.cursor
    back = played(left, "step_on", "step_back", "try")
    assert back.tried.score == session.tried.score == "0 of 1"
    assert played(back, "split", "split").tried.score == "0 of 1"


def test_letters_are_typed_and_arrows_move_as_always() -> None:
    session = _asked_for(2)
    for key in ("left", "right", "up", "down", "tab", "escape", "home", "end"):
        assert change_by_key(session, key, None) is None
    typed_in = _pressed(session, "q", " ", "1")
    assert typed_in.tried.answer == "q 1"
    assert change_by_key(session, "t", "t") is None  # no name begins with t: it leaves
    assert change_by_key(typed_in, "t", "t") is not None
    assert change_by_key(opened("net-2-2-2"), "a", "a") is None  # nobody tries
    assert change_by_key(played(opened("net-2-2-2"), "try"), "t", "t") is not None  # t1


def test_an_answer_is_bounded_and_foreign_signs_in_it_are_harmless() -> None:
    session = typed(_asked_for(2), "9" * 10_000)
    assert len(session.tried.answer) == LONGEST_ANSWER
    hostile = _answer(_asked_for(2), "[red]\x1b[31m[/]")
    assert "\x1b" not in narration(hostile)
    assert "\x1b" not in text_of(asking_lines(typed(session, "\x1b"), 80, 3))


def test_hints_come_one_by_one_first_symbols_then_numbers() -> None:
    session = _asked_for(10)
    assert "hint:" not in narration(session)
    assert "hint:          ∂L/∂w₁ = ∂L/∂z · ∂z/∂w₁" in narration(hinted(session))
    assert "hint:          ∂L/∂w₁ = (−0.5987) · 1" in narration(hinted(hinted(session)))
    alone = hinted(hinted(_asked_for(9)))
    assert "hint:          ∂z/∂w₁ = x₁: you can see its number on the screen." in narration(alone)


@pytest.mark.parametrize("height", range(1, 8))
def test_the_answer_line_is_there_at_every_height(height: int) -> None:
    session = typed(hinted(_answer(_asked_for(10), "5")), "0.12")
    lines = asking_lines(session, 70, height)
    assert len(lines) <= height
    assert "0.12_" in text_of([lines[-1]])


def test_a_lessons_questions_are_offered_where_they_come_and_n_goes_from_one_to_the_next() -> None:
    session = opened(ASKING)
    first = played(session, "next_question")
    assert (first.cursor.iteration, first.entry.name, first.is_trying) == (0, "w", True)
    assert "asked:         Which way will w go?" in narration(first)
    assert "What does L do when w grows?" in narration(hinted(first))
    assert "question:      Which way will w go? t: answer; →: see." in narration(played(first, "leave"))
    second = played(first, "next_question")
    assert second.cursor.iteration == 1
    assert "asked:         What does w become?" in narration(second)
    assert played(second, "next_question").cursor == first.cursor
    answer = full(second.history.parameters(2)["w"])
    assert _answer(second, answer).notice == "Right."


def test_in_a_derivation_the_next_rule_is_asked_for_and_its_line_stays_hidden() -> None:
    session = played(_asked_for(8), "derive")
    lines = session.reading.matter.lines
    for position in range(len(lines) - 1):
        three = choices(session)
        assert len(three) == len({*three}) == 3
        assert session.reading.position == position
        assert f" {position + 2}. " not in panel(session, "equations", 70, 30)
        after = [_pressed(session, key) for key in "123"]
        [right] = [one for one in after if one.reading.position > position]
        wrong = [one for one in after if one is not right]
        assert all("does not lead to the next line" in one.notice for one in wrong)
        assert all(one.reading == session.reading for one in wrong)
        session = right
        assert session.notice == "Right."
    assert choices(session) == ()
    assert session.tried.score == f"{len(lines) - 1} of {len(lines) - 1}"
