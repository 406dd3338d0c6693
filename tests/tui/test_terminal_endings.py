"""However the screen ends, is the terminal as it was, and does the exit code tell?"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tui_backprop

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
termios = pytest.importorskip("termios")

PROGRAM = """\
import sys
from tui_backprop.api import load
from tui_backprop.tui import app
if "crash" in sys.argv:
    def crash(session):
        raise ZeroDivisionError("[/] \\x1b[31m")
    app.current_line = crash
sys.exit(app.run_app(load("chain")))
"""
# Turned on at the start, off in the end: the other screen, mouse reports, bracketed paste, focus reports.
MODES = ["1049", "1000", "1003", "1006", "2004", "1004"]
SECONDS_FOR_ANYTHING = 10.0


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, *arguments: str) -> None:
        self.master, self._slave = pty.openpty()
        self.before = termios.tcgetattr(self._slave)
        self.output = b""
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "PYTHONPATH": str(Path(tui_backprop.__file__).parents[1]),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            env=environment,
        )

    def read_until(self, text: str) -> None:
        """Wait until the program has written something."""
        self._read(lambda: text.encode() in self.output)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def close(self) -> None:
        """Close the window."""
        os.close(self._slave)
        os.close(self.master)
        self.master = self._slave = -1

    def exit_code(self) -> int:
        """Wait for the end."""
        if self.master >= 0:
            self._read(lambda: self._process.poll() is not None)
        return self._process.wait(SECONDS_FOR_ANYTHING)

    def attributes(self) -> list:
        """How the terminal is set now."""
        return termios.tcgetattr(self._slave)

    def _read(self, is_enough) -> None:
        deadline = time.monotonic() + SECONDS_FOR_ANYTHING
        while not is_enough():
            assert time.monotonic() < deadline, self.output[-2_000:]
            if select.select([self.master], [], [], 0.05)[0]:
                self.output += os.read(self.master, 65_536)

    def end(self) -> None:
        """Leave nothing behind."""
        self._process.kill()
        self._process.wait()
        for descriptor in {self.master, self._slave} - {-1}:
            os.close(descriptor)


@pytest.fixture
def terminal():
    opened = []

    def open_terminal(*arguments):
        opened.append(Terminal(*arguments))
        opened[0].read_until("just computed")
        return opened[0]

    yield open_terminal
    opened[0].end()


ENDINGS = {
    "q": (lambda terminal: terminal.send("q"), 0),
    "ctrl+c": (lambda terminal: terminal.send("\x03"), 130),
    "SIGTERM": (lambda terminal: terminal.signal(signal.SIGTERM), 143),
    "SIGHUP": (lambda terminal: terminal.signal(signal.SIGHUP), 129),
    "SIGQUIT": (lambda terminal: terminal.signal(signal.SIGQUIT), 131),
    "SIGINT": (lambda terminal: terminal.signal(signal.SIGINT), 130),
}


def _assert_as_it_was(terminal):
    assert terminal.attributes() == terminal.before
    for mode in MODES:
        assert terminal.output.rindex(f"[?{mode}l".encode()) > terminal.output.rindex(f"[?{mode}h".encode()), mode
    assert terminal.output.rindex(b"[?25h") > terminal.output.rindex(b"[?25l")


@pytest.mark.parametrize("ending", ENDINGS)
def test_idle_the_terminal_is_as_it_was_and_the_code_tells(terminal, ending):
    end, code = ENDINGS[ending]
    idle = terminal()
    end(idle)
    assert idle.exit_code() == code
    _assert_as_it_was(idle)


@pytest.mark.parametrize("ending", ["q", "ctrl+c", "SIGTERM"])
def test_busy_the_terminal_is_as_it_was_and_the_code_tells(terminal, ending):
    end, code = ENDINGS[ending]
    busy = terminal()
    busy.send("g999999\r")
    busy.read_until("escape")
    end(busy)
    assert busy.exit_code() == code
    _assert_as_it_was(busy)


def test_a_bug_leaves_the_terminal_as_it_was_and_is_told(terminal):
    crashed = terminal("crash")
    crashed.send("y")
    assert crashed.exit_code() == 70
    _assert_as_it_was(crashed)
    told = crashed.output.split(b"[?1049l")[-1]
    assert b"ZeroDivisionError: [/]" in told
    assert b"Please report" in told
    assert b"\x1b[31m" not in told


@pytest.mark.parametrize("keys", ["", "+++ "], ids=["idle", "playing"])
def test_the_program_ends_when_its_window_closes_without_a_signal(terminal, keys):
    closed = terminal()
    closed.send(keys)
    closed.close()
    assert closed.exit_code() == 129
