"""Typing goes into the answer line while the learner tries, whatever the letters do elsewhere."""

from __future__ import annotations

import pytest
from textual import events

from tui_backprop.api import load
from tui_backprop.session import Session
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.snap import settled, snap

LETTERS = ["q", "n", "d", "+", "1", "space"]


def _last_rows(*keys: str, size: tuple[int, int] = (80, 24)) -> list[str]:
    return snap(load("logistic"), keys, *size).splitlines()[-6:]


def test_letters_that_are_keys_elsewhere_are_typed() -> None:
    rows = _last_rows("t", *LETTERS)
    assert " your answer:   qnd+1 _" in rows
    assert " your answer:   qn_" in _last_rows("t", *LETTERS, *["backspace"] * 4)


def test_enter_judges_and_the_arrows_still_step() -> None:
    rows = _last_rows("t", *"0.401", "enter")
    assert " asked:         What is L?" in rows
    assert " !              Right." in rows
    assert " asked:         What is L?" in _last_rows("t", "right")


def test_t_and_escape_leave() -> None:
    for key in ("t", "escape"):
        assert not any("your answer" in row for row in _last_rows("t", key))


@pytest.mark.parametrize("size", [(120, 40), (58, 17), (30, 7), (24, 5)])
def test_the_answer_line_is_on_screens_of_every_size(size: tuple[int, int]) -> None:
    assert "0.4_" in snap(load("logistic"), ["t", *"0.4"], *size)


async def test_what_is_pasted_goes_there_in_one_line() -> None:
    app = BackpropApp(Session.start(load("logistic")), plays=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        app.post_message(events.Paste("(a - y)\n*x1\x1b[31m"))
        await settled(app, pilot)
        assert app.session is not None
        assert app.session.tried.answer.startswith("(a - y) *x1")
        assert "\x1b" not in app.session.tried.answer
