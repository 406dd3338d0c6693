"""Whatever a terminal or its environment says: does the program go on, answer the next key, and quit in order?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

from support import terminal as terminals
from support.tables import all_or
from support.terminal import Terminal

LESSON = ("parabola",)
KEY = b"\x1b[B"
"""An arrow down: it changes what is seen among the lessons and, where there is a path to walk, in a lesson."""


@pytest.fixture(scope="module", autouse=True)
def _process_to_fork_from() -> Iterator[None]:
    yield
    terminals.leave()


@pytest.fixture
def started() -> Iterator[object]:
    opened: list[Terminal] = []

    def start(*words: str, **how: object) -> Terminal:
        terminal = Terminal(*words, **how)
        opened.append(terminal)
        terminal.seen("just computed" if words else "own file")
        terminal.settle()
        return terminal

    yield start
    for terminal in opened:
        terminal.end()


def _quits_in_order(terminal, key="\x11"):
    terminal.send(key)
    assert terminal.exit_code() == 0
    terminal.assert_as_it_was()


# --- what a terminal says

SAID = {
    "a byte of latin-1": b"\xe9",
    "a paste of latin-1": b"d\xe9riv\xe9e na\xefve",
    "eight-bit meta": b"\xe1b",
    "the mouse in X10's way": b"\x1b[M\xe0\xe0\xe0",
    "a control sequence of the eighth bit": b"\x9bA",
    "a key past all numbers": b"\x1b[99999999999u",
    "a key past Unicode": b"\x1b[1114112u",
    "a text past Unicode": b"\x1b[97;1;1114112u",
    "a key let go": b"\x1b[97;5:3u",
    "half of a surrogate pair": b"\x1b[55296u",
    "a size that cannot be": b"\x1b[48;99999;99999;1;1t",
    "a size of nothing, and the mouse": b"\x1b[48;0;0;0;0t\x1b[<0;5;5M\x1b[<0;5;5m",
    "the mouse far away": b"\x1b[<0;99999999999999;99999999999999M\x1b[<0;99999999999999;99999999999999m",
    "an answer that nobody asked for": b"\x1bP>|q q q\x1b\\",
}
WHERE = {
    "stepping": (LESSON, b""),
    "choosing": ((), b""),
    "writing": (LESSON, b"g"),
    "among the moves": (LESSON, b"\x10"),
}


@pytest.mark.parametrize("where", all_or(["stepping", "choosing"], list(WHERE)))
def test_what_cannot_be_understood_leaves_the_program_as_it_is(started, where):
    words, keys = WHERE[where]
    terminal = started(*words)
    terminal.send(keys or KEY)
    terminal.settle()
    for name, said in SAID.items():
        terminal.send(said + b"\x1b[C\x1b[D")
        terminal.settle()
        assert not terminal.has_ended(), name
    _quits_in_order(terminal)


@pytest.mark.parametrize("name", all_or([*SAID][:6:5], list(SAID)))
def test_the_key_behind_it_in_one_piece_is_heard(started, name):
    _quits_in_order(started(*LESSON), SAID[name] + b"\x11")


# --- two keys in one read

TWICE = {
    "a place": ("g", "5\r\r"),
    "a place, all at once": ("g5\r\r\r",),
    "a move": ("\x10", "\r\r"),
    "the list of moves left": ("\x10", "\x1b[27u\x1b[27u"),
    "a click beside the list of moves": ("\x10", "\x1b[<0;1;1M\x1b[<0;1;1m\x1b[<0;1;1M\x1b[<0;1;1m"),
    "a lesson": ("o", "\r\r"),
    "the lessons left": ("o", "\x1b[27u\x1b[27u"),
    "help": ("?", "\r\r"),
}


@pytest.mark.parametrize("name", all_or(["a place", "a move"], list(TWICE)))
def test_what_is_left_twice_in_one_piece_is_left_once(started, name):
    terminal = started(*LESSON)
    for piece in TWICE[name]:
        terminal.send(piece)
        for _ in range(5):
            terminal.settle()
    # The stepper is what is on top now, and hears.
    terminal.send("?")
    terminal.read_until("scroll")
    _quits_in_order(terminal)


def test_a_derivation_asked_for_and_left_in_one_piece_leaves_no_word_behind(started):
    terminal = started("chain")
    terminal.send("njj")
    terminal.settle()
    _quits_in_order(terminal, "dq")
    assert b"Warning" not in terminal.output


# --- what the environment says

ENVIRONMENTS = [
    {"PYTHONFAULTHANDLER": "1"},
    {"PYTHONDEVMODE": "1"},
    {"TEXTUAL_DRIVER": "nonsense"},
    {"TEXTUAL_DRIVER": "os:path"},
    {"TEXTUAL_DRIVER": "textual.driver:Driver"},
    {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"},
    {"TEXTUAL_COLOR_SYSTEM": "all"},
    {"TEXTUAL_COLOR_SYSTEM": ""},
    {"TEXTUAL_LOG": "/no/such/place"},
    {"TEXTUAL_LOG": "/dev/full"},
    {"TEXTUAL_PRESS": "no-such-key"},
    {"TEXTUAL_SCREENSHOT": "0", "TEXTUAL_SCREENSHOT_LOCATION": "/no/such/place"},
    {"TEXTUAL_THEME": "no-such-theme", "TEXTUAL_FPS": "0", "TEXTUAL_FILTERS": "x", "ESCDELAY": "x"},
]
TOGETHER = {name: value for environment in ENVIRONMENTS for name, value in environment.items()}


@pytest.mark.parametrize("environment", all_or([TOGETHER], ENVIRONMENTS), ids=lambda one: " ".join(one))
def test_a_wrong_environment_is_no_bug(started, environment):
    terminal = started(*LESSON, environment=environment, is_fresh=True)
    _quits_in_order(terminal, "q")
    assert b"bug" not in terminal.output


SIZES = [{"COLUMNS": "80", "LINES": "24"}, {"COLUMNS": "99999", "LINES": "99999"}, {"COLUMNS": "-1", "LINES": "wide"}]


@pytest.mark.parametrize("environment", all_or(SIZES[1:2], SIZES), ids=lambda one: " ".join(one.values()))
@pytest.mark.parametrize("answers", all_or([False], [False, True]), ids=lambda answers: "newer" if answers else "older")
def test_the_window_is_believed_and_not_the_size_that_was_exported(started, environment, answers):
    terminal = started(*LESSON, environment=environment, answers=answers)
    assert b"\x1b[30;1H" in terminal.output
    terminal.window.resize(97, 120)
    terminal.seen("\x1b[120;1H")
    _quits_in_order(terminal)


@pytest.mark.parametrize("size", all_or([(0, 0)], [(0, 0), (65_535, 65_535)]))
def test_a_size_that_cannot_be_is_drawn_on_nevertheless(started, size):
    terminal = started(*LESSON, environment={"COLUMNS": "99999", "LINES": "99999"}, size=size)
    terminal.settle()
    _quits_in_order(terminal)
