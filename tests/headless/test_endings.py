"""Does every way to end have its exit code, and its last words?"""

from __future__ import annotations

import os
import signal

import pytest

from tui_backprop.errors import OutputError, UsageError
from tui_backprop.headless.exit_codes import SignalledError, ended, signals_as_errors
from tui_backprop.headless.output import ClosedPipeError


def _raising(error: BaseException):
    def action() -> int:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (UsageError("use it so"), 2, "backprop-tui x: error: use it so\n"),
        (OutputError("no room"), 5, "backprop-tui x: error: no room\n"),
        (ClosedPipeError("closed"), 5, ""),
        (KeyboardInterrupt(), 130, ""),
        (SignalledError(15), 143, ""),
        (
            MemoryError(),
            70,
            "backprop-tui: error: there is not enough memory for this\n"
            "help: try fewer iterations, fewer examples, a smaller scenario\n",
        ),
    ],
)
def test_what_ends_it_gives_the_code(capsys, error, code, told):
    assert ended(_raising(error), "backprop-tui x") == code
    assert capsys.readouterr().err == told


def test_a_bug_is_called_a_bug_without_a_traceback(capsys, monkeypatch):
    monkeypatch.delenv("BACKPROP_TUI_DEBUG", raising=False)
    assert ended(_raising(KeyError("so\x1bmething"))) == 70
    told = capsys.readouterr().err
    assert told.startswith("backprop-tui: error: this is a bug in backprop-tui, please report it: KeyError: ")
    assert "test_endings.py, line " in told
    assert "Traceback" not in told
    assert "\x1b" not in told


def test_a_bug_shows_its_place_when_asked(capsys, monkeypatch):
    monkeypatch.setenv("BACKPROP_TUI_DEBUG", "1")
    assert ended(_raising(ZeroDivisionError("x"))) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_unwinds_and_gives_128_and_its_number(name):
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    unwound = []

    def action() -> int:
        with signals_as_errors():
            try:
                os.kill(os.getpid(), number)
            finally:
                unwound.append(name)
        return 0

    try:
        assert ended(action) == 128 + number
        assert unwound == [name]
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_as_errors():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
