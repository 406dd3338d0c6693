"""Whatever a file or an expression is: loaded, or refused with a place inside it; and a broken promise is noticed.

`make test` tries a tenth of the cases, `make test-all` and `make fuzz` all.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from robustness.fuzz import Figures, try_expressions, try_scenarios
from support.tables import wants_all

from tui_backprop.errors import Place
from tui_backprop.maths import parsing, tokens, writing
from tui_backprop.record.history import History
from tui_backprop.scenario import files, loading, report

SEED = 20


PARTS = range(40 if wants_all() else 4)


@pytest.mark.parametrize("part", PARTS)
def test_scenarios(part: int, tmp_path: Path) -> None:
    figures = try_scenarios(500, SEED, tmp_path, first=500 * part)
    assert figures.failures == []
    # Cases that are all refused would say little about what is loaded, and the other way round.
    assert figures.outcomes["loaded"] > 100
    assert figures.outcomes["refused"] > 100


@pytest.mark.parametrize("part", PARTS)
def test_expressions(part: int) -> None:
    figures = try_expressions(2_500, SEED, first=2_500 * part)
    assert figures.failures == []
    assert figures.outcomes["loaded"] > 500
    assert figures.outcomes["refused"] > 500


# --- a program that breaks its promises is found out

Patch = pytest.MonkeyPatch


def _around(patch: Patch, owner: Any, name: str, change: Callable[..., Any]) -> None:
    """Replace a function by one that is given the old one first."""
    old = getattr(owner, name)
    patch.setattr(owner, name, lambda *arguments, **more: change(old, *arguments, **more))


def place_outside(patch: Patch) -> None:
    def add(old: Any, self: Any, place: Place, message: str, help: str) -> None:
        old(self, place and place._replace(column=place.column + 1_000), message, help)

    _around(patch, report.Report, "add", add)


def no_place(patch: Patch) -> None:
    _around(patch, report.Report, "add", lambda old, self, place, *more: old(self, None, *more))


def no_help(patch: Patch) -> None:
    _around(patch, report.Report, "add", lambda old, self, place, message, help: old(self, place, message, " "))


def too_many_problems(patch: Patch) -> None:
    patch.setattr(report, "MOST_PROBLEMS", 40)


def unforeseen_exception(patch: Patch) -> None:
    def shown(old: Any, data: bytes) -> Any:
        return {}[1] if b"#" in data else old(data)

    _around(patch, files, "decoded", shown)


def other_file_opened(patch: Patch) -> None:
    def load(old: Any, path: Path, most: int) -> bytes:
        with open("/dev/null", "rb"):
            return old(path, most)

    _around(patch, files, "read_regular_file", load)


def code_run(patch: Patch) -> None:
    _around(patch, loading, "read_text", lambda old, *more: eval("old(*more)", {"old": old, "more": more}))


def violation_swallowed(patch: Patch) -> None:
    def load(old: Any, path: Path, most: int) -> bytes:
        try:
            socket.socket().close()
        except BaseException:
            return old(path, most)
        return b""

    _around(patch, files, "read_regular_file", load)


def program_started(patch: Patch) -> None:
    def load(old: Any, path: Path, most: int) -> bytes:
        subprocess.run(["true"], check=False)
        return old(path, most)

    _around(patch, files, "read_regular_file", load)


def training_fails(patch: Patch) -> None:
    def extend(self: History, iteration: int) -> int:
        raise OverflowError("math range error")

    patch.setattr(History, "extend", extend)


def written_wrongly(patch: Patch) -> None:
    _around(patch, writing, "write", lambda old, tree: old(tree).replace("(", "").replace(")", ""))


def read_wrongly(patch: Patch) -> None:
    patch.setitem(parsing._BINARY, "*", 1)


def error_outside(patch: Patch) -> None:
    def error(old: Any, start: int, end: int, message: str, help: str) -> Any:
        return old(start, end + 1, message, help)

    _around(patch, tokens, "error", error)


def parser_fails(patch: Patch) -> None:
    patch.setattr(tokens, "_STRANGERS", None)


SCENARIO_BUGS = [
    *(place_outside, no_place, no_help, too_many_problems, unforeseen_exception, other_file_opened, code_run),
    *(violation_swallowed, program_started, training_fails, written_wrongly),
]


@pytest.mark.parametrize("plant", SCENARIO_BUGS, ids=lambda plant: plant.__name__)
def test_a_bug_in_the_loading_of_files_is_found(plant: Callable[[Patch], None], patch: Patch, tmp_path: Path) -> None:
    plant(patch)
    assert _failures(try_scenarios(300, SEED, tmp_path, until_failure=True))


def test_a_file_that_takes_too_long_is_found(patch: Patch, tmp_path: Path) -> None:
    seconds, clock = [0.0], time.process_time
    patch.setattr(time, "process_time", lambda: clock() + seconds[0])

    def read(old: Any, *more: Any) -> Any:
        seconds[0] += 30
        return old(*more)

    _around(patch, loading, "read_tree", read)
    assert "loading took" in _failures(try_scenarios(3, SEED, tmp_path))


@pytest.mark.parametrize(
    "plant", [written_wrongly, read_wrongly, error_outside, parser_fails], ids=lambda plant: plant.__name__
)
def test_a_bug_in_the_parser_is_found(plant: Callable[[Patch], None], patch: Patch) -> None:
    plant(patch)
    assert _failures(try_expressions(1_000, SEED, until_failure=True))


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def _failures(figures: Figures) -> str:
    return "\n".join(what for _, what in figures.failures)
