"""Which test files run which lines of the house, and how long each takes: recorded once, kept until one is changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from coverage import CoverageData
from coverage.exceptions import DataError

SETTINGS = "[run]\nsource = tui_backprop\npatch = subprocess, fork, _exit\nparallel = true\ndata_file = {folder}/data\n"


@dataclass(frozen=True)
class FileOfTests:
    """A file of tests: how long it takes, and the lines of each file of the house that it runs."""

    name: str
    seconds: float
    lines: dict[str, list[int]]

    def runs(self, file: str, first: int, last: int) -> bool:
        """Whether it runs one of the lines from the first to the last."""
        return any(first <= line <= last for line in self.lines.get(file, ()))


def recorded(root: Path, kept: Path, jobs: int) -> list[FileOfTests]:
    """Every test file of the tree at `root` that passes, what is known of it kept in the folder `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    tests = {path for path in root.glob("tests/**/test_*.py") if "mutation" not in path.parts}
    helpers = {path for path in root.glob("tests/**/*.py") if "mutation" not in path.parts} - tests
    ground = _fingerprint({*root.glob("tui_backprop/**/*.py"), *root.glob("scenarios/*.yaml"), *helpers}, b"")
    names = sorted(str(path.relative_to(root)) for path in tests)

    def known(name: str) -> FileOfTests | None:
        note = kept / f"{_fingerprint({root / name}, ground).hex()}.json"
        if not note.exists():
            print(f"recording {name}", flush=True)
            note.write_text(json.dumps(_record(root, name)))
        seconds, lines = json.loads(note.read_text())
        return FileOfTests(name, seconds, lines) if lines else None

    with ThreadPoolExecutor(jobs) as workers:
        return [test for test in workers.map(known, names) if test is not None]


def _fingerprint(files: Iterable[Path], of_before: bytes) -> bytes:
    made = hashlib.sha256(of_before)
    for path in sorted(files):
        made.update(path.name.encode() + path.read_bytes())
    return made.digest()[:12]


def _record(root: Path, name: str) -> tuple[float, dict[str, list[int]]]:
    """Seconds and lines of a test file; no lines where it fails as things are."""
    with TemporaryDirectory() as folder:
        settings = Path(folder) / "settings"
        settings.write_text(SETTINGS.format(folder=folder))
        words = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", name]
        measured = ["-m", "coverage", "run", f"--rcfile={settings}", *words]
        began = time.monotonic()
        done = subprocess.run([sys.executable, *measured], cwd=root, capture_output=True, check=False)
        seconds = time.monotonic() - began
        # Where measuring made it too slow for its own limits, what it ran is true all the same.
        if done.returncode and subprocess.run([sys.executable, *words], cwd=root, capture_output=True).returncode:
            print(f"{name} fails as things are, and is left out", flush=True)
            return seconds, {}
        lines: dict[str, set[int]] = {}
        for path in Path(folder).glob("data*"):
            data = CoverageData(str(path))
            # A program that a test has killed may leave half a file.
            with contextlib.suppress(DataError):
                data.read()
                for file in data.measured_files():
                    lines.setdefault(str(Path(file).relative_to(root)), set()).update(data.lines(file) or ())
        return seconds, {file: sorted(numbers) for file, numbers in lines.items() if numbers}
