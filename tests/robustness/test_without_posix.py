"""Where POSIX is not: does every part load and work without the modules, signals and calls that Windows has not?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tui_backprop

AWAY = """\
import asyncio, os, pathlib, select, signal, sys
import rich.console, textual.app, textual.pilot, numpy
for name in ("termios", "fcntl", "tty", "pty", "resource", "pwd", "grp", "readline", "curses"):
    sys.modules[name] = None
for name in [name for name in vars(signal) if name.startswith("SIG")]:
    if name not in ("SIGINT", "SIGTERM", "SIGABRT", "SIGFPE", "SIGILL", "SIGSEGV", "SIG_DFL", "SIG_IGN"):
        delattr(signal, name)
for module, name in [(os, "fork"), (os, "kill"), (os, "getuid"), (os, "fchmod"), (os, "fchown"), (os, "mkfifo"),
                     (os, "ttyname"), (os, "openpty"), (os, "killpg"), (os, "setsid"), (signal, "pthread_sigmask"),
                     (signal, "setitimer"), (signal, "alarm"), (select, "poll"), (select, "epoll")]:
    if hasattr(module, name):
        delattr(module, name)
rename = os.rename
def rename_onto_nothing(source, target, *more, **others):
    if os.path.lexists(target):
        raise FileExistsError(17, "Windows renames onto no file that is there", str(target))
    rename(source, target, *more, **others)
os.rename = rename_onto_nothing
"""

# The driver that Textual has for Windows cannot be loaded here; the screen is drawn without one.
AS_ON_WINDOWS = """\
import types
from tui_backprop.tui import safe_app
safe_app.sys = types.SimpleNamespace(platform="win32")
"""

EVERY_PART = """\
import importlib, pkgutil, tui_backprop
for module in pkgutil.walk_packages(tui_backprop.__path__, "tui_backprop."):
    if module.name not in ("tui_backprop.__main__", "tui_backprop.tui.terminal_driver"):
        importlib.import_module(module.name)
"""

SETTINGS_TWICE = """\
from tui_backprop.settings import Settings, read_settings, write_settings
path = pathlib.Path("kept.json")
for _ in range(2):
    write_settings(path, Settings())
assert path.exists() and read_settings(path) == (Settings(), ""), read_settings(path)
"""

SCREEN_ENDS = """\
from tui_backprop.tui.terminal_endings import Endings, _is_hung_up
endings = Endings(lambda code: None)
with endings.watched():
    endings.watch(object())
    endings.end_if_terminal_is_gone()
    assert not _is_hung_up()
"""


def _ran(action: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", AWAY + action],
        cwd=folder,
        env={
            "PYTHONPATH": str(Path(tui_backprop.__file__).parents[1]),
            "PYTHONUTF8": "1",
            "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("action", [EVERY_PART, SETTINGS_TWICE + SCREEN_ENDS], ids=["import", "settings, endings"])
def test_nothing_asks_for_what_is_not_there(action, tmp_path):
    _ran(action, tmp_path)


COMMANDS = [
    ["run", "parabola"],
    ["check", "logistic"],
    ["snap", "logistic", "--press", "right n right d", "--output", "screen.txt", "--force"],
    ["handout", "parabola", "--format", "html", "--output", "page.html", "--force"],
]


def test_commands_work_and_replace_a_file_that_is_there(tmp_path):
    for name in ("screen.txt", "page.html"):
        (tmp_path / name).write_text("before")
    each = f"from tui_backprop.cli import main\nfor words in {COMMANDS!r}:\n    assert main(words) == 0, words\n"
    assert "agree with finite differences" in _ran(AS_ON_WINDOWS + each, tmp_path)
    assert "Derivation" in (tmp_path / "screen.txt").read_text(encoding="utf-8")
    assert "</html>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "screen.txt"]
