"""Whatever a terminal says, in whatever order: does the program stay, hear, draw, and leave the terminal as it was?"""

from __future__ import annotations

import time
from random import Random

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

from support import terminal as terminals
from support.planted import HEARD
from support.tables import all_or, wants_all
from support.terminal import SECONDS_FOR_ANYTHING, Terminal
from terminal_events import LEAVES, PROBE, SHARE_OF_RESIZES, said, size

from tui_backprop.scenario.bundled import bundled_names

EVENTS_IN_ALL = 100_000
EVENTS = -(-EVENTS_IN_ALL // len(bundled_names())) if wants_all() else 150
_EVENTS_AT_ONCE = 25
_SECONDS_TO_HEAR = 1.5
"""Longer than a paste without an end is waited for."""


@pytest.fixture(scope="module", autouse=True)
def _process_to_fork_from():
    yield
    terminals.leave()


@pytest.mark.parametrize("lesson", all_or(bundled_names()[::12], bundled_names()))
def test_the_program_goes_on_whatever_the_terminal_says(lesson):
    random = Random(lesson)
    terminal = Terminal(lesson, plan="stay")
    try:
        terminal.seen("just computed")
        for _ in range(-(-EVENTS // _EVENTS_AT_ONCE)):
            _say(terminal, random)
            terminal.window.forget_the_drawing()
        _draws_and_leaves_in_order(terminal)
    finally:
        terminal.end()


def _say(terminal, random):
    """Say some events, in pieces of one or more, and see that a key is heard afterwards."""
    pieces = [b""]
    for _ in range(_EVENTS_AT_ONCE):
        pieces[-1] += said(random)
        if random.random() < 0.5:
            pieces.append(b"")
        if random.random() < SHARE_OF_RESIZES:
            terminal.window.resize(*size(random))
    for piece in pieces:
        terminal.send(piece)
        terminal.window.read(0)
    _is_heard(terminal, pieces)


def _is_heard(terminal, pieces):
    deadline = time.monotonic() + SECONDS_FOR_ANYTHING
    start = len(terminal.output)
    while time.monotonic() < deadline:
        terminal.send(PROBE)
        again = time.monotonic() + _SECONDS_TO_HEAR
        while time.monotonic() < again:
            terminal.window.read(0.02)
            if HEARD.encode() in terminal.output[start:]:
                return
            assert not terminal.has_ended(), (pieces, terminal.output[-3_000:].decode(errors="replace"))
    raise AssertionError(f"a key is not heard after {pieces}")


def _draws_and_leaves_in_order(terminal):
    terminal.window.resize(100, 30)
    for _ in range(3):
        terminal.send("\x1b[27u")
        _is_heard(terminal, [])
    terminal.send("?")
    terminal.read_until("scroll")
    terminal.send(LEAVES)
    assert terminal.exit_code() == 0
    terminal.assert_as_it_was()
