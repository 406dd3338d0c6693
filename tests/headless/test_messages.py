"""Are refusals told in the form of the contract, safely, and is progress told only where it helps?"""

from __future__ import annotations

import io
import sys
import time

import pytest

from tui_backprop.errors import Place, Problem, ScenarioError
from tui_backprop.headless import messages
from tui_backprop.headless.messages import Progress, opening, refusal_text, say_refusal

REFUSAL = """\
refused.yaml:3:6: error: '0x10' is not a decimal
  w: 0x10
     ^^^^
help: write it as a decimal; other number systems cannot be read here
refused.yaml:4:3: error: no equation uses the parameter 'v'
  v: 1
  ^
help: use it in an equation, or remove it
refused.yaml:6:18: error: 'q' is not defined
  L: (w - 3)^2 + q
                 ^
help: define it under data (an input), parameters (a number to learn), constants or equations
"""


@pytest.mark.parametrize("words", [("run",), ("steps", "--format", "json"), ("snap",), ("check",)])
def test_every_problem_of_a_refused_file_is_told_at_once(call, file, words):
    command, *options = words
    result = call(command, file("refused"), *options)
    assert (result.code, result.err) == (3, REFUSAL)
    assert result.out == ("" if command != "check" else "1 scenario, 0 checks, 0 failed, 1 refused\n")


def test_a_file_that_is_not_there(call, file):
    file("parabola")
    result = call("run", "./nothing.yaml")
    assert (result.code, result.out) == (3, "")
    assert (
        result.err
        == "nothing.yaml: error: the file does not exist\nhelp: check the spelling, and the folder you are in\n"
    )


def test_what_is_too_much_to_tell_is_counted(capsys):
    say_refusal(ScenarioError("f.yaml", (Problem(None, "is wrong", "mend it"),), more=7))
    assert capsys.readouterr().err == "f.yaml: error: is wrong\nhelp: mend it\nf.yaml: and 7 more problems\n"


def test_one_that_is_too_much_is_one_problem(capsys):
    say_refusal(ScenarioError("f.yaml", (Problem(None, "is wrong", "mend it"),), more=1))
    assert capsys.readouterr().err.endswith("\nf.yaml: and 1 more problem\n")


def test_a_place_in_a_line_that_is_empty_has_no_caret():
    assert refusal_text("f", Problem(Place(2, 1), "m", "h")) == "f:2:1: error: m\nhelp: h"


def _caret(line: str, column: int, length: int = 1) -> tuple[str, str]:
    _, shown, caret, _ = refusal_text("f", Problem(Place(1, column, length), "m", "h", line)).split("\n")
    return shown, caret


@pytest.mark.parametrize(
    ("line", "column", "length", "caret"),
    [
        ("abc", 1, 1, "^"),
        ("abc", 3, 1, "  ^"),
        ("abc", 2, 9, " ^^"),
        ("abc", 4, 1, "   ^"),
        ("数x", 2, 1, "  ^"),
        ("数x", 1, 1, "^^"),
        ("e\u0301x", 3, 1, " ^"),
        ("\tx", 2, 1, " ^"),
    ],
)
def test_the_caret_stands_under_the_place(line, column, length, caret):
    assert _caret(line, column, length)[1] == caret


def test_a_very_long_line_is_cut_around_the_place():
    line = "a" * 1000 + "X" + "b" * 1000
    shown, caret = _caret(line, 1001)
    assert len(shown) == 160
    assert shown[caret.index("^")] == "X"


@pytest.mark.parametrize("before", [0, 40, 79, 80, 200, 1000])
@pytest.mark.parametrize("behind", [0, 40, 1000])
@pytest.mark.parametrize("length", [1, 2, 30, 80])
def test_in_a_cut_line_the_carets_stand_under_the_whole_name(before: int, behind: int, length: int) -> None:
    shown, carets = _caret("a" * before + "X" * length + "b" * behind, before + 1, length)
    assert len(shown) == min(160, before + length + behind)
    start = carets.index("^")
    assert shown[start : len(carets)] == "X" * length
    assert "X" not in shown[:start] + shown[len(carets) :]
    assert set(carets) <= {" ", "^"}


def test_nothing_of_a_file_reaches_the_terminal_as_an_escape():
    problem = Problem(Place(1, 1), "bad \x1b[31m", "do \x07", "line \x9b\u202e")
    text = refusal_text("na\x1bme\n.yaml", problem)
    assert text.split("\n")[0].startswith("na\ufffdme .yaml:1:1: error: bad \ufffd[31m")
    assert not any(character in text for character in "\x1b\x07\x9b\u202e")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [0.0]
    monkeypatch.setattr(messages.time, "monotonic", lambda: time[0])
    return time


def test_progress_is_silent_for_half_a_second_then_told_and_wiped(monkeypatch, clock):
    monkeypatch.setattr(sys, "stderr", _Terminal())
    with Progress("training, iteration", 1000) as progress:
        for clock[0], done in ((0.4, 100), (0.6, 200), (0.65, 210), (0.8, 300)):
            progress.at(done)
    first, second, wiped = sys.stderr.getvalue().removeprefix("\r").split("\r", 2)
    assert first == "training, iteration 200 of 1,000 (20%)"
    assert second == "training, iteration 300 of 1,000 (30%)"
    assert wiped == " " * len(second) + "\r"


@pytest.mark.parametrize(("seconds", "told"), [(0.0, ""), (0.05, "\ropening a�b … (ctrl+c: leave)")])
def test_that_a_scenario_is_opened_is_told_once_it_takes_long_and_wiped(monkeypatch, seconds, told):
    monkeypatch.setattr(sys, "stderr", _Terminal())
    monkeypatch.setattr(messages, "_QUIET_SECONDS", 0.02)
    with opening("a\x1bb"):
        time.sleep(seconds)
    written = sys.stderr.getvalue()
    assert written == (f"{told}\r{' ' * (len(told) - 1)}\r" if told else "")


def test_that_a_scenario_is_opened_is_told_to_nobody_outside_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(messages, "_QUIET_SECONDS", 0.0)
    with opening("word"):
        time.sleep(0.01)
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize("shares_terminal", [False, True])
def test_progress_is_silent_where_it_would_disturb(monkeypatch, clock, shares_terminal):
    monkeypatch.setattr(sys, "stderr", _Terminal() if shares_terminal else io.StringIO())
    monkeypatch.setattr(sys, "stdout", _Terminal())
    with Progress("printing", 10, shares_terminal=shares_terminal) as progress:
        clock[0] = 60.0
        progress.at(5)
    assert sys.stderr.getvalue() == ""
