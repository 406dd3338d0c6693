"""However the screen ends, idle or busy: is the terminal as it was, modes and all, and does the exit code tell?"""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

from support import terminal as terminals
from support.tables import all_or, only_in_all, wants_all
from support.terminal import Terminal, Window, modes_left


class State(NamedTuple):
    """What the program is doing: the words it was started with, the keys pressed, and what one waits to see."""

    words: tuple[str, ...]
    keys: tuple[str, ...]
    shows: str


LESSON = ("chain",)
STATES = {
    "idle": State(LESSON, (), "just computed"),
    "playing": State(LESSON, ("+++ ",), "pause"),
    "training": State(LESSON, ("g999999\r",), "escape"),
    "deriving": State(LESSON, ("n", "jj", "d"), "one moment"),
    "choosing a lesson": State((), (), "own file"),
    "reading the help": State(LESSON, ("?",), "scroll"),
    "asked where to go": State(LESSON, ("g",), "go to:"),
    "offered all moves": State(LESSON, ("\x10",), "part of a move"),
}


def _signalled(name: str) -> Callable[[Terminal], None]:
    return lambda terminal: terminal.signal(getattr(signal, name))


def _paused_and_quit(terminal: Terminal) -> None:
    """ctrl+z as a shell does it: the terminal is the shell's meanwhile."""
    terminal.settle()
    terminal.signal(signal.SIGTSTP)
    terminal.wait_until_stopped()
    terminal.assert_as_it_was()
    _gone_on_and_quit(terminal)


def _stopped_hard_and_quit(terminal: Terminal) -> None:
    terminal.settle()
    terminal.signal(signal.SIGSTOP)
    terminal.wait_until_stopped()
    _gone_on_and_quit(terminal)


def _gone_on_and_quit(terminal: Terminal) -> None:
    seen = len(terminal.output)
    terminal.signal(signal.SIGCONT)
    terminal.read_until("[?1049h")
    terminal.read_until("\x1b[1;1H")
    terminal.settle()
    # It is drawn anew, and every mode is on once.
    assert len(terminal.output) - seen > 1_000
    assert modes_left(terminal.output)["keyboard protocols"] == 1
    terminal.send("\x11")


ENDINGS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "ctrl+c": (lambda terminal: terminal.send("\x03"), 130),
    "ctrl+q": (lambda terminal: terminal.send("\x11"), 0),
    "SIGINT": (_signalled("SIGINT"), 130),
    "SIGTERM": (_signalled("SIGTERM"), 143),
    "SIGHUP": (_signalled("SIGHUP"), 129),
    "SIGQUIT": (_signalled("SIGQUIT"), 131),
    "two signals": (lambda terminal: [terminal.signal(15), terminal.signal(15)], 143),
    "the window closes": (lambda terminal: terminal.window.close(), 129),
    "paused, gone on, quit": (_paused_and_quit, 0),
    "stopped hard, gone on, quit": (_stopped_hard_and_quit, 0),
    "told to go on without a pause": (_gone_on_and_quit, 0),
}
EVERY_WAY = [*itertools.product(ENDINGS, STATES)]
SOME_WAYS = [
    ("SIGTERM", "idle"),
    ("SIGHUP", "playing"),
    ("ctrl+c", "training"),
    ("SIGQUIT", "deriving"),
    ("paused, gone on, quit", "choosing a lesson"),
    ("told to go on without a pause", "reading the help"),
    ("the window closes", "asked where to go"),
]


@pytest.fixture
def started() -> Iterator[Callable[..., Terminal]]:
    """Starts the program and brings it into a state."""
    opened: list[Terminal] = []

    def start(state: str = "idle", **how: object) -> Terminal:
        words, keys, shows = STATES[state]
        terminal = Terminal(*words, **how)
        opened.append(terminal)
        terminal.seen("own file" if not words else "just computed")
        for pressed in keys:
            terminal.send(pressed)
            if pressed != keys[-1]:
                terminal.settle()
        terminal.seen(shows)
        return terminal

    yield start
    for terminal in opened:
        terminal.end()


@pytest.fixture(scope="module", autouse=True)
def _process_to_fork_from() -> Iterator[None]:
    yield
    terminals.leave()


@pytest.mark.parametrize(("ending", "state"), all_or(SOME_WAYS, EVERY_WAY))
def test_the_terminal_is_as_it_was_and_the_code_tells(started, ending, state):
    end, code = ENDINGS[ending]
    terminal = started(state)
    end(terminal)
    assert terminal.exit_code() == code
    if terminal.window.is_open:
        terminal.assert_as_it_was()


QUITTING = {
    "q, idle": ("idle", "q"),
    "q, playing": ("playing", "q"),
    "q, training": ("training", "q"),
    "q, deriving": ("deriving", "q"),
    "q, choosing a lesson": ("choosing a lesson", "q"),
    "escape, choosing a lesson": ("choosing a lesson", "\x1b"),
    "from the list of moves": ("offered all moves", "quit\r"),
}


@pytest.mark.parametrize("way", all_or(["q, training"], list(QUITTING)))
def test_quitting_leaves_the_terminal_as_it_was(started, way):
    state, keys = QUITTING[way]
    terminal = started(state)
    for key in keys:
        terminal.send(key)
        terminal.settle()
    assert terminal.exit_code() == 0
    terminal.assert_as_it_was()


BUGS = {
    "in a key press": ("crash", "y", "ZeroDivisionError: [/] "),
    "in a key press while playing": ("crash", "+++ y", "ZeroDivisionError: [/] "),
    "that has a picture of itself": ("crash with picture", "y", "[/] "),
    "in painting": ("crash in painting", " ", "ZeroDivisionError: [/] "),
    "in another thread": ("crash in thread", "njjd", "ZeroDivisionError: [/] "),
    "memory": ("memory", "y", "MemoryError"),
    "recursion": ("recursion", "y", "RecursionError"),
}


@pytest.mark.parametrize("bug", all_or(["that has a picture of itself"], list(BUGS)))
def test_a_bug_leaves_the_terminal_as_it_was_and_is_told_without_sequences(started, bug):
    plan, keys, told = BUGS[bug]
    terminal = started(plan=plan)
    terminal.settle()
    terminal.send(keys)
    assert terminal.exit_code() == 70
    terminal.assert_as_it_was()
    last_words = terminal.output.split(b"[?1049l")[-1].split(b"Traceback")[-1]
    assert told.encode() in last_words
    assert b"Please report" in last_words
    assert not set(last_words.decode().split("[/]")[-1]) & set("\x1b\x9b\x07\u202e")


def test_a_bug_at_the_start_leaves_the_terminal_as_it_was():
    terminal = Terminal(*LESSON, plan="crash at start")
    try:
        assert terminal.exit_code() == 70
        terminal.assert_as_it_was()
    finally:
        terminal.end()


@only_in_all
def test_a_program_that_stands_still_ends_by_a_signal_nevertheless(started):
    terminal = started(plan="stand still")
    terminal.send("y")
    terminal.settle()
    terminal.signal(signal.SIGTERM)
    assert terminal.exit_code() == 143
    terminal.assert_as_it_was()


@only_in_all
def test_a_terminal_that_takes_nothing_more_does_not_keep_the_program(started):
    terminal = started("playing", size=(200, 60))
    terminal.send("+++")
    time.sleep(6)
    terminal.signal(signal.SIGTERM)
    assert terminal.exit_code_unread() == 143
    assert terminal.window.attributes() == terminal.window.attributes_before


def test_where_only_the_keys_come_from_a_terminal_that_closes_the_other_is_as_it_was(started):
    terminal = started(stdin=Window())
    terminal.settle()
    terminal.keys.close()
    assert terminal.exit_code() == 129
    terminal.assert_as_it_was()


@only_in_all
def test_the_end_of_a_text_is_no_end(started):
    terminal = started()
    terminal.send("\x04")
    terminal.send("q")
    assert terminal.exit_code() == 0
    terminal.assert_as_it_was()


@pytest.mark.parametrize("key", all_or(["q"], ["q", "y"]))
def test_with_standard_error_in_a_file_the_screen_is_in_the_terminal(started, tmp_path, key):
    terminal = started(standard_error=str(tmp_path / "errors"), plan="crash")
    terminal.send(key)
    assert terminal.exit_code() == (0 if key == "q" else 70)
    terminal.assert_as_it_was()
    assert b"\x1b" not in (tmp_path / "errors").read_bytes()


@only_in_all
def test_the_pointer_has_its_shape_again(started):
    terminal = started("asked where to go")
    terminal.settle()
    # The mouse moves over the field.
    terminal.send("\x1b[<35;20;30M")
    terminal.seen("\x1b]22;text")
    terminal.send("\x03")
    assert terminal.exit_code() == 130
    terminal.assert_as_it_was()


@only_in_all
def test_an_older_terminal_that_answers_nothing_is_as_it_was(started):
    terminal = started(answers=False)
    terminal.send("q")
    assert terminal.exit_code() == 0
    terminal.assert_as_it_was()


# --- at other sizes


@pytest.mark.parametrize("answers", all_or([True], [True, False]), ids=["newer", "older"][: 1 + wants_all()])
def test_a_window_may_change_its_size_while_it_plays(started, answers):
    terminal = started("playing", answers=answers)
    for size in [(1, 1), (300, 100), (2, 2), (19, 4), (20, 5), (1000, 20)]:
        terminal.window.resize(*size)
        terminal.read_more()
    terminal.window.resize(97, 120)
    terminal.seen("\x1b[120;1H")
    terminal.send("q")
    assert terminal.exit_code() == 0
    terminal.assert_as_it_was()


@only_in_all
@pytest.mark.parametrize("size", [(0, 0), (1, 1), (19, 4), (20, 5), (1000, 20), (20, 200)])
def test_a_window_of_any_size_is_left_as_it_was(size):
    terminal = Terminal(*LESSON, size=size)
    try:
        terminal.seen("\x1b[?2026")
        terminal.settle()
        terminal.send("\x1b[C")
        terminal.settle()
        terminal.send("q")
        assert terminal.exit_code() == 0
        terminal.assert_as_it_was()
    finally:
        terminal.end()


# --- other terminals, other locales


def test_on_a_dumb_terminal_there_is_a_plain_word():
    terminal = Terminal(*LESSON, environment={"TERM": "dumb"})
    try:
        assert terminal.exit_code() == 2
        assert b"the stepper needs a terminal" in terminal.output
        assert b"\x1b" not in terminal.output
        terminal.assert_as_it_was()
    finally:
        terminal.end()


@only_in_all
def test_in_a_locale_without_unicode_the_screen_is_ascii(started):
    terminal = started(environment={"LC_ALL": "C", "LANG": "C"}, is_fresh=True)
    terminal.send("n")
    terminal.settle()
    terminal.send("q")
    assert terminal.exit_code() == 0
    assert terminal.output.isascii()
    terminal.assert_as_it_was()


# --- before there is anything to see

WAITS = [0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.18, 0.21, 0.25, 0.3]
START_SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


@pytest.mark.parametrize(
    ("name", "seconds"),
    all_or([("SIGINT", 0.08), ("SIGTERM", 0.12)], [*itertools.product(START_SIGNALS, WAITS)]),
)
def test_a_signal_while_the_screen_comes_up(name, seconds):
    _ends_in_order_after(Terminal(*LESSON), name, seconds)


@only_in_all
@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5])
@pytest.mark.parametrize("name", START_SIGNALS)
def test_a_signal_in_the_midst_of_starting_as_a_shell_does(name, seconds):
    _ends_in_order_after(Terminal(*LESSON, is_fresh=True), name, seconds)


def _ends_in_order_after(terminal, name, seconds):
    try:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            terminal.window.read(0.005)
        terminal.signal(getattr(signal, name))
        assert terminal.exit_code() == START_SIGNALS[name]
        terminal.assert_as_it_was()
    finally:
        terminal.end()


# --- the account itself


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (b"\x1b[?1049h\x1b[?25l\x1b[?1049l\x1b[?25h", {}),
        (b"\x1b[?1000;1006h\x1b[?1000l", {"?1006": True}),
        (b"\x1b[?7l", {"?7": False}),
        (b"\x1b[>1u\x1b[>25u\x1b[<u", {"keyboard protocols": 1}),
        (b"\x1b[1;31mred", {"colours": True}),
        (b"\x1b[1;31mred\x1b[0m", {}),
        (b"\x1b]0;\x1b[?1000h\x07", {}),
        (b"\x1b]22;text\x07", {"shape of the pointer": "text"}),
        (b"\x1b[?2026$p", {}),
        (b"\x1b[4h", {"4": True}),
    ],
)
def test_what_is_left_on_is_seen(written, left):
    assert modes_left(written) == left


def test_nothing_of_the_tests_is_left_running():
    terminal = Terminal(*LESSON)
    terminal.end()
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)
