"""A scenario that comes through standard input, and keys that come from the terminal all the same."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from tui_backprop.api import checked
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.source import MOST_BYTES

_FILE = "-"


def load_standard_input() -> Scenario:
    """The scenario in what standard input holds; a CSV file that it names is looked for where the program was started.

    Raises ScenarioError.
    """
    data = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin is not None else b""
    return checked(load_text(data, _FILE, Path.cwd()))


def read_keys_from_terminal() -> None:
    """Put the terminal in the place of standard input, where there is one."""
    name = "CONIN$" if sys.platform == "win32" else "/dev/tty"
    if sys.__stdin__ is not None:
        with contextlib.suppress(OSError):
            terminal = os.open(name, os.O_RDWR)
            os.dup2(terminal, sys.__stdin__.fileno())
            os.close(terminal)
