"""Which characters does the locale allow, and how is a text spelled without the others?"""

from __future__ import annotations

import io
import locale
import sys

import pytest

from tui_backprop.headless.terminal import can_draw, default_charset, is_terminal


@pytest.mark.skipif(sys.platform == "win32", reason="there is no locale of this kind")
@pytest.mark.parametrize(
    ("environment", "charset"),
    [
        ({"LANG": "en_US.UTF-8"}, "unicode"),
        ({"LANG": "de_DE.utf8@euro"}, "unicode"),
        ({"LANG": "en_US.ISO-8859-1"}, "ascii"),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, "unicode"),
        ({"LC_CTYPE": "en_US.UTF-8", "LANG": "C"}, "unicode"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "ascii"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "POSIX"}, "ascii"),
        ({"LC_CTYPE": "C.UTF-8"}, "unicode"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "en_US.UTF-8"}, "unicode"),
    ],
)
def test_the_charset_follows_the_locale(environment, charset, monkeypatch):
    monkeypatch.setattr(locale, "getencoding", lambda: "ANSI_X3.4-1968")
    assert default_charset(environment) == charset


class _Stream(io.StringIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("reads", "writes", "term", "drawable"),
    [
        (True, True, "xterm-256color", True),
        (False, True, "xterm-256color", False),
        (True, False, "xterm-256color", False),
        (True, True, "dumb", False),
    ],
)
def test_a_screen_wants_a_terminal_on_both_sides(monkeypatch, reads, writes, term, drawable):
    monkeypatch.setattr(sys, "stdin", _Stream(reads))
    monkeypatch.setattr(sys, "stdout", _Stream(writes))
    monkeypatch.setenv("TERM", term)
    assert can_draw() is drawable


def test_a_stream_that_is_closed_or_missing_is_no_terminal():
    stream = _Stream(True)
    assert is_terminal(stream)
    assert not is_terminal(_Stream(False))
    assert not is_terminal(None)
    with open("/dev/null") as closed:
        pass
    assert not is_terminal(closed)
