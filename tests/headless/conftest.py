"""What the tests of the command line share: files to name, and a call of the program inside this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import tui_backprop
from tui_backprop.cli import main

TEXTS = {
    "parabola": """\
title: A parabola
parameters: {w: 0}
equations: {L: "(w - 3)^2"}
learning_rate: 0.3
iterations: 4
expect:
  - {after: 0, loss: 9, gradients: {w: -6}}
  - {after: 3, parameters: {w: 2.808}}
""",
    "logistic": """\
title: Two-feature logistic node
parameters: {w1: 0.5, w2: -0.5, b: 0.1}
data: {x1: 1, x2: 2, y: 1}
equations:
  z: w1*x1 + w2*x2 + b
  a: sigmoid(z)
  L: -(y*log(a) + (1 - y)*log(1 - a))
learning_rate: 0.5
""",
    "derivative": """\
title: The derivative of x squared at 3
parameters: {x: 3}
equations: {f: x^2}
""",
    "batches": """\
title: Three examples, two at a time
constants: {k: 2}
parameters: {w: 1, loss: 0.5}
data:
  - {x: 1, y: 1}
  - {x: 2, y: 0}
  - {x: 3, y: 1}
equations: {z: k*w*x + loss, C: (z - y)^2}
learning_rate: 0.001
batch: 2
iterations: 2
""",
    "explodes": """\
title: Grows past every number
parameters: {w: 2}
equations: {u: w^2, L: u^2*w}
learning_rate: 1
""",
    "starts_infinite": """\
title: A logarithm of nothing
parameters: {w: 0}
equations: {L: log(w)}
learning_rate: 0.1
""",
    "refused": """\
title: Wrong in three places
parameters:
  w: 0x10
  v: 1
equations:
  L: (w - 3)^2 + q
""",
}


@pytest.fixture(autouse=True)
def _children_find_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the package is installed or not, a program that a test starts is the one under test."""
    monkeypatch.setenv("PYTHONPATH", str(Path(tui_backprop.__file__).parents[1]))


@dataclass(frozen=True)
class Result:
    """What a call of the program gave."""

    code: int
    out: str
    err: str


Call = Callable[..., Result]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls the program with words, in a UTF-8 locale and without a terminal."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("BACKPROP_TUI_DEBUG", raising=False)

    def called(*words: str) -> Result:
        code = main(words)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return called


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Writes one of the scenarios above, or a text of one's own, into the current folder, and gives its name."""
    monkeypatch.chdir(tmp_path)

    def written(name: str, text: str | None = None) -> str:
        path = tmp_path / f"{name}.yaml"
        path.write_text(TEXTS[name] if text is None else text, encoding="utf-8")
        return path.name

    return written
