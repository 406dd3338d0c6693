"""What the bundled lessons say at their steps: the keys that they name work there, and questions find an answer."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tui_backprop.api import load
from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import TABLE
from tui_backprop.panels.narration import notes_on_step
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.session import Cursor, Session
from tui_backprop.tui.snap import snap

KEYS = {key: move for move in TABLE for key in move.printed_keys("unicode")}
PRESSED = re.compile(r"[Pp]ress (\S+?)(?= |[:.,]?$|[:.,] )([^.]*)")
FURTHER = re.compile(r"(?:, or|, and|, then| or| and) (\S+) (?:to|for|through)\b")


@cache
def _session(lesson: str) -> Session:
    """The lesson with the slip that it is about, where it has one."""
    scenario = load(lesson)
    return Session.start(scenario, slip=scenario.slip.text if scenario.slip else "")


def _keys_told(note: str) -> list[str]:
    """The keys that a note tells to press: c and d in `Press c to …, or d to …`."""
    told = PRESSED.search(note)
    return [told[1], *(key for key in FURTHER.findall(told[2]) if key in KEYS)] if told else []


def _after(session: Session, key: str) -> Session:
    return carried_out(KEYS[key], session)


def test_the_keys_in_a_sentence_are_found():
    assert _keys_told("The slope. Press c to nudge x, and d to see the rule.") == ["c", "d"]
    assert _keys_told("Press n twice for the updates, then → through their lines.") == ["n", "→"]
    assert _keys_told("Press ] to see a jump back, and a for a log axis.") == ["]", "a"]
    assert _keys_told("A note without one: n is a number.") == []


@pytest.mark.parametrize("lesson", bundled_names())
def test_a_key_that_a_note_tells_to_press_does_something_there(lesson: str) -> None:
    session = _session(lesson)
    notes = session.scenario.notes
    for iteration in (0, 2) if session.scenario.learning_rate else (0,):
        session.history.extend(iteration)
        for index in range(len(session.layout)):
            here = session.at(Cursor(iteration, index))
            for note in notes_on_step(here):
                for key in _keys_told(note):
                    move = KEYS[key]
                    assert move.why_not(here) == "", (note, index)
                    assert _after(here, key) != here
    assert all(_keys_told(note) for note in notes.values() if PRESSED.search(note))


@pytest.mark.parametrize("lesson", bundled_names())
def test_every_note_is_shown_on_some_step(lesson: str) -> None:
    session = _session(lesson)
    shown = {note for index in range(len(session.layout)) for note in notes_on_step(session.at(Cursor(0, index)))}
    assert [key for key, note in session.scenario.notes.items() if session.sentence(note) not in shown] == []


@pytest.mark.parametrize(
    ("question", "lesson", "keys", "seen"),
    [
        ("where does a(1 - a) come from", "sigmoid-node", "n right d end", ["∂a/∂z = a·(1 − a) = 0.2403"]),
        ("where does the minus go", "sigmoid", "n n", ["Minus times minus is plus"]),
        ("why is ∂(wa)/∂w equal to a", "weighted-sum", "n right", ["a multiplies w, so it stays"]),
        ("where did the w go", "weighted-sum", "n right", ["w itself becomes 1", "and the w is gone"]),
        ("which terms vanish", "weighted-sum", "n right", ["v·c and b do not contain w: their derivatives are 0."]),
        ("old or new weights", "old-weights", "n", ["From here to the first update no weight may change."]),
        ("why times w going back", "two-gears", "n right", ["This is why a weight is a factor on the way back"]),
        ("why is the gradient of a bias δ", "logistic", "n n left", ["the gradient of the bias is the error a − y"]),
        ("why do two uses add", "used-twice", "n n", ["so y moves by 8·h: the two paths add up"]),
        ("why is e^x its own derivative", "exponential", "n right c", ["Agrees", "close in on 2.718"]),
        ("(t - a) or (a - t)", "half-square", "n right", ["so −(t − a), which is a − t"]),
        ("½ or not", "half-or-not", "end left", ["twice the learning rate would make up for it"]),
        ("log 0 and NaN", "log-zero", "right e", ["log(0) is −∞", "0·(−∞) is not a number", "bce_logits(y, z)"]),
        ("step, iteration, epoch", "epochs", "n n n n n", ["each of the four examples was seen once", "one epoch"]),
    ],
)
def test_a_question_is_answered_within_six_keys(question: str, lesson: str, keys: str, seen: list[str]) -> None:
    assert len(keys.split()) <= 6
    screen = snap(_session(lesson).scenario, keys.split())
    words = " ".join(screen.split())
    assert [text for text in seen if text not in words] == [], screen
