"""Changes the program in random places, one at a time, and reports the changes that no test notices: `make mutate`.

python tests/mutation/mutate.py --seed 2 --count 100           a sample: rooms by their lines, kinds of change alike
python tests/mutation/mutate.py --seed 2 --only 17 --only 23   two changes of that sample again
python tests/mutation/mutate.py --rooms panels moves

For each change the test files that run its line are tried, those of its own room first, the quick ones before the slow
ones. A change that survives is shown for a person to read: it may alter nothing that can be seen, or a test is missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mutation.changes import Change, changes_of
from mutation.which_tests import FileOfTests, recorded

ROOT = Path(__file__).resolve().parents[2]
HOUSE = "tui_backprop"
KEPT = Path(sys.prefix) / "mutation"
NEVER_COPIED = shutil.ignore_patterns(".*", "__pycache__")
ENDLESS = ["-o", "faulthandler_timeout=120", "-o", "faulthandler_exit_on_timeout=true"]
"""A test that takes so many seconds is given up, and has noticed that something is wrong."""
MOST_BYTES = 6 * 2**30
"""A change that fills the memory is stopped there, and noticed by that."""


def room_of(file: str) -> str:
    """The room of a file of the house: its folder, or the file itself."""
    return Path(file).parts[1].removesuffix(".py")


def sampled(root: Path, rooms: Sequence[str], count: int, seed: int) -> list[Change]:
    """So many different changes, drawn from a seed: a line of the house, of whatever room, then a kind of change."""
    sources = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted(root.glob(f"{HOUSE}/**/*.py"))
    }
    chosen = [file for file in sources if not rooms or room_of(file) in rooms]
    if not chosen:
        raise SystemExit(f"no such room; there are {', '.join(sorted(set(map(room_of, sources))))}")
    changes = {file: changes_of(file, sources[file]) for file in chosen}
    chosen = [file for file in chosen if changes[file]]
    chance = random.Random(seed)
    drawn: dict[Change, None] = {}
    while len(drawn) < min(count, sum(map(len, changes.values()))):
        (file,) = chance.choices(chosen, [sources[file].count("\n") for file in chosen])
        kind = chance.choice(sorted({change.kind for change in changes[file]}))
        drawn[chance.choice([change for change in changes[file] if change.kind == kind])] = None
    return list(drawn)


def files_for(change: Change, tests: Iterable[FileOfTests]) -> tuple[list[FileOfTests], list[FileOfTests]]:
    """The test files that run a change: those of its room, and the others, each with the quick ones first."""
    running = sorted((test for test in tests if test.runs(change.file, *change.lines)), key=lambda test: test.seconds)
    near = [test for test in running if Path(test.name).parts[1] == room_of(change.file)]
    return near, [test for test in running if test not in near]


def noticed_by(change: Change, root: Path, tests: Iterable[FileOfTests]) -> str | None:
    """What notices a change that is made in the tree at `root`, which is put back then; None where it survives."""
    path = root / change.file
    source = path.read_text(encoding="utf-8")
    try:
        _write(path, change.made_in(source))
        return next(filter(None, (_sure_failure(root, files) for files in files_for(change, tests) if files)), None)
    finally:
        _write(path, source)


def _write(path: Path, text: str) -> None:
    """Write a module, and forget what was compiled of it: two versions within a second look the same to Python."""
    path.write_text(text, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _sure_failure(root: Path, tests: Sequence[FileOfTests]) -> str | None:
    """The first test of these files that fails, and fails again by itself: some are late on a busy machine."""
    names, seconds = [test.name for test in tests], sum(test.seconds for test in tests)
    late: list[str] = []
    while (failed := _failure(root, [*names, *(f"--deselect={test}" for test in late)], seconds)) is not None:
        if "::" not in failed or _failure(root, [failed], seconds):
            return failed
        late.append(failed)
    return None


def _failure(root: Path, tests: Sequence[str], seconds: float) -> str | None:
    """The first test that fails, or how else it went wrong; None where all pass."""
    words = ["-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider", *ENDLESS, *tests]
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES)),
    )
    try:
        output, _ = process.communicate(timeout=60 + 2 * seconds)
    except subprocess.TimeoutExpired:
        return "the tests no longer end"
    finally:
        # What the tests have started goes with them.
        if process.poll() is None:
            os.killpg(process.pid, 9)
            process.wait()
    if process.returncode == 0:
        return None
    if "Timeout (" in output:
        return "a test no longer ends"
    found = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", output, re.MULTILINE)
    return found[1] if found else output.strip().splitlines()[-1]


def main(words: Sequence[str]) -> None:
    """Try the changes that are asked for, and print what became of each; then those that survived."""
    asked = _arguments().parse_args(words)
    tests = recorded(ROOT, KEPT, asked.jobs)
    sample = list(enumerate(sampled(ROOT, asked.rooms, asked.count, asked.seed), 1))
    waiting = [(number, change) for number, change in sample if not asked.only or number in asked.only]
    until = time.monotonic() + asked.minutes * 60
    survivors: dict[int, Change] = {}
    figures: Counter[str] = Counter()
    trees: SimpleQueue[Path] = SimpleQueue()
    saying = threading.Lock()

    def attempt(numbered: tuple[int, Change]) -> None:
        number, change = numbered
        if time.monotonic() > until:
            figures["not tried"] += 1
            return
        tree = trees.get()
        noticed = noticed_by(change, tree, tests)
        trees.put(tree)
        with saying:
            figures["noticed" if noticed else "survived"] += 1
            if noticed is None:
                survivors[number] = change
            told = noticed or ("SURVIVED" if any(files_for(change, tests)) else "SURVIVED: no test runs it")
            print(f"{number:4} {change.place} ({change.kind}): {told}", flush=True)

    with TemporaryDirectory() as folder, ThreadPoolExecutor(asked.jobs) as workers:
        for job in range(asked.jobs):
            trees.put(Path(shutil.copytree(ROOT, Path(folder) / str(job), ignore=NEVER_COPIED)))
        list(workers.map(attempt, waiting))
    for number, change in sorted(survivors.items()):
        source = (ROOT / change.file).read_text(encoding="utf-8")
        print(f"\n{number:4} {change.place} ({change.kind}) survived\n{change.as_diff(source)}")
    print("\n" + ", ".join(f"{count} {what}" for what, count in figures.items()))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="change the program in random places and report what no test notices")
    parser.add_argument("--seed", type=int, default=1, help="another sample")
    parser.add_argument("--count", type=int, default=60, help="how many changes are drawn")
    parser.add_argument("--minutes", type=float, default=60, help="none is begun after so many")
    parser.add_argument("--rooms", nargs="*", default=(), help="only these, such as panels or session")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many are tried at a time")
    parser.add_argument("--only", type=int, action="append", help="this change of the sample alone; may be repeated")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
