"""The files that take the longest are answered in about a second, and in little memory."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from robustness.judge import judge_refusal
from robustness.worst_files import ACCEPTED, REFUSED, TABLES, Text, filled
from support.tables import all_or

import tui_backprop
from tui_backprop.errors import ScenarioError
from tui_backprop.scenario.csv_table import MOST_BYTES as MOST_TABLE_BYTES
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.source import MOST_BYTES

MOST_SHARE = 80
"""How many times the calibrating work a file may take. The slowest one takes about 30 times as long: a second."""

MOST_MEGABYTES = 200


def calibrating_work() -> float:
    """Seconds for work of the kind that loading is, whatever this machine is and however busy it is at the moment."""
    started = time.process_time()
    words: dict[str, tuple[int, str, list[int]]] = {}
    for number in range(60_000):
        word = f"a{number % 1000}"
        words[word] = (number, str(number) + word, [number])
    return time.process_time() - started


def _is_quick(load: Callable[[], object]) -> bool:
    # A machine may be busy at the one moment that is measured; and what is traced, for coverage, takes its time.
    return any(_share(load) < MOST_SHARE for _ in range(2)) or sys.gettrace() is not None


def _share(load: Callable[[], object]) -> float:
    calibration = calibrating_work()
    started = time.process_time()
    load()
    took = time.process_time() - started
    return took / max(calibration, calibrating_work())


ACCEPTED_NAMES = all_or(["many small equations", "minus signs", "many times frozen", "a wide network"], [*ACCEPTED])
REFUSED_NAMES = all_or(
    ["a long circle", "unknown functions", "late traps", "aliases in one line", "short examples below a wide one"],
    [*REFUSED],
)


@pytest.mark.parametrize("name", ACCEPTED_NAMES)
def test_a_file_at_the_limits_loads_in_about_a_second(name: str) -> None:
    made = ACCEPTED[name]()
    assert len(made.encode()) <= MOST_BYTES
    assert _is_quick(lambda: load_text(made, "f.yaml"))


@pytest.mark.parametrize("name", REFUSED_NAMES)
def test_a_file_past_them_is_refused_in_about_a_second(name: str) -> None:
    made: Text = REFUSED[name]()
    data = made if isinstance(made, bytes) else made.encode()
    assert len(data) <= MOST_BYTES

    def refused() -> None:
        with pytest.raises(ScenarioError) as caught:
            load_text(made, "f.yaml")
        judge_refusal(caught.value, data)

    assert _is_quick(refused)


@pytest.mark.parametrize(
    "name", all_or(["as many numbers as fit", "every name twice", "as many words as may be"], [*TABLES])
)
def test_a_scenario_with_a_table_is_answered_in_about_a_second(name: str, tmp_path: Path) -> None:
    table = TABLES[name]()
    (tmp_path / "points.csv").write_text(table, encoding="utf-8")
    words = ", one_hot: word" if table.startswith("x0,word") else ""
    made = f"title: x\nparameters: {{w: 1}}\nequations: {{L: w*x0}}\ndata: {{csv: points.csv{words}}}\n"

    def load() -> None:
        with contextlib.suppress(ScenarioError):
            load_text(made, "f.yaml", tmp_path)

    assert (tmp_path / "points.csv").stat().st_size <= MOST_TABLE_BYTES
    assert _is_quick(load)


def test_loading_leaves_the_garbage_collector_as_it_was() -> None:
    assert gc.isenabled()
    load_text("title: x\nparameters: {w: 1}\nequations: {L: w}\n", "f.yaml")
    assert gc.isenabled()
    with pytest.raises(ScenarioError):
        load_text("", "f.yaml")
    assert gc.isenabled()
    gc.disable()
    try:
        load_text("title: x\nparameters: {w: 1}\nequations: {L: w}\n", "f.yaml")
        assert not gc.isenabled()
    finally:
        gc.enable()


MEASURED = """
import resource, sys
from robustness.worst_files import ACCEPTED, REFUSED
from tui_backprop.errors import ScenarioError
from tui_backprop.scenario.loading import load_text
made = {**ACCEPTED, **REFUSED}[sys.argv[1]]()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_text(made, "f.yaml")
except ScenarioError:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""

LARGEST = all_or(["flat sums", "a wide network", "control characters"], [*ACCEPTED, *REFUSED])


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with POSIX's means")
@pytest.mark.parametrize("name", LARGEST)
def test_a_large_file_takes_little_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(tui_backprop.__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{root}:{root / 'tests'}")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, name], capture_output=True, text=True, timeout=120, check=True
    )
    assert int(done.stdout) <= MOST_MEGABYTES


CAPPED = """
import resource, sys
from tui_backprop.cli import main
import tui_backprop.headless.run, tui_backprop.headless.check
with open("/proc/self/statm") as status:
    size = int(status.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + 300 * 1024 * 1024,) * 2)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the size of a program is looked up as Linux has it")
@pytest.mark.parametrize(
    "name", all_or(["many small equations"], ["many small equations", "flat sums", "many examples"])
)
def test_the_largest_files_run_with_little_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(tui_backprop.__file__).parents[1]))
    path = tmp_path / "lesson.yaml"
    made = ACCEPTED[name]()
    path.write_text(made if "learning_rate" in made else f"{made}learning_rate: 1e-9\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CAPPED, "run", str(path), "--iterations", "3", "--format", "csv"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # The numbers of some of them stop being finite, which is another thing.
    assert done.returncode in (0, 4), done.stderr
    assert done.stdout.startswith("iteration,loss,")


STARVED = """
import resource, sys
from tui_backprop.cli import main
import tui_backprop.headless.run
with open("/proc/self/statm") as status:
    size = int(status.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + 16 * 1024 * 1024,) * 2)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the size of a program is looked up as Linux has it")
def test_where_there_is_too_little_memory_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(tui_backprop.__file__).parents[1]))
    path = tmp_path / "lesson.yaml"
    path.write_text(ACCEPTED["a wide network"](), encoding="utf-8")
    words = [sys.executable, "-c", STARVED, "run", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.startswith("backprop-tui: error: there is not enough memory for this\nhelp: ")
    assert "Traceback" not in done.stderr


def test_a_file_of_lines_is_filled_to_the_limit() -> None:
    made = filled("", lambda number: "é" * 7 + "\n")()
    assert MOST_BYTES - 15 < len(made.encode()) <= MOST_BYTES
