"""What does a command load? The screen and the algebra come only when they are asked for, so that the rest is quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tui_backprop

LOGISTIC = """\
title: Two-feature logistic node
parameters: {w1: 0.5, w2: -0.5, b: 0.1}
data: {x1: 1, x2: 2, y: 1}
equations: {z: w1*x1 + w2*x2 + b, a: sigmoid(z), L: "bce(y, a)"}
learning_rate: 0.5
"""

REPORT = """\
import sys
{action}
print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def _children_find_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the package is installed or not, a program that a test starts is the one under test."""
    monkeypatch.setenv("PYTHONPATH", str(Path(tui_backprop.__file__).parents[1]))


def _loaded(action: str, folder: Path) -> set[str]:
    """The packages that a fresh Python has loaded after doing something."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(action=action)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
        check=True,
    )
    return set(done.stderr.partition("LOADED ")[2].split())


def _of_command(words: list[str]) -> str:
    return f"from tui_backprop.cli import main; assert main({words!r}) == 0"


@pytest.mark.parametrize(
    ("action", "never"),
    [
        (_of_command(["--version"]), {"textual", "sympy", "numpy", "rich", "yaml"}),
        (_of_command(["--help"]), {"textual", "sympy", "numpy", "rich", "yaml"}),
        (_of_command(["list"]), {"textual", "sympy"}),
        (_of_command(["run", "l.yaml"]), {"textual", "sympy"}),
        (_of_command(["run", "l.yaml", "--format", "json"]), {"textual", "sympy", "rich"}),
        (_of_command(["steps", "l.yaml"]), {"textual", "sympy", "rich"}),
        (_of_command(["check", "l.yaml"]), {"textual", "sympy", "rich"}),
        ("import tui_backprop.api", {"textual", "sympy", "rich"}),
    ],
)
def test_what_is_not_needed_is_not_loaded(action, never, tmp_path):
    (tmp_path / "l.yaml").write_text(LOGISTIC)
    loaded = _loaded(action, tmp_path)
    assert "tui_backprop" in loaded
    assert not loaded & never


def test_the_module_is_the_same_program(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tui_backprop", "--version"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stdout.startswith("backprop-tui ")
