"""Tries thousands of scenarios and expressions on the program: `make fuzz`. Every case can be tried again by itself.

python tests/robustness/fuzz.py --scenarios 20000 --expressions 100000 --seed 1
python tests/robustness/fuzz.py --only scenario:1234
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[level]) for level in (1, 2)]

from robustness.cases import CSV_NAME, csv_case, expression_case, scenario_case
from robustness.judge import Outcome, judge_expression, judge_file, machine_factor
from robustness.watch import TouchedError

MOST_MEGABYTES = 200


@dataclass
class Figures:
    """What a run of many cases came to. `failures`: how to try a case again, and what was wrong with it."""

    kind: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "none")
    seconds: float = 0.0

    def __str__(self) -> str:
        cases = self.outcomes.total() + len(self.failures)
        return (
            f"{cases:,} {self.kind}s in {self.seconds:.0f} s: {self.outcomes['loaded']:,} loaded, "
            f"{self.outcomes['refused']:,} refused, {len(self.failures):,} wrong; "
            f"the slowest took {self.slowest[0]:.2f} s ({self.slowest[1]})"
        )


def try_scenarios(count: int, seed: int, folder: Path, first: int = 0, until_failure: bool = False) -> Figures:
    """Try so many scenario files, which are written into a folder; `until_failure`: no more after one went wrong."""
    path, table = folder / "case.yaml", folder / CSV_NAME
    factor = machine_factor()

    def attempt(chance: random.Random) -> Outcome:
        data = scenario_case(chance)
        path.write_bytes(data)
        if b"csv" in data:
            table.write_bytes(csv_case(chance))
        return judge_file(path, 1.0 * factor)

    return _tried("scenario", range(first, first + count), seed, attempt, until_failure)


def try_expressions(count: int, seed: int, first: int = 0, until_failure: bool = False) -> Figures:
    """Try so many expressions, as `try_scenarios` does."""
    factor = machine_factor()

    def attempt(chance: random.Random) -> Outcome:
        return judge_expression(expression_case(chance), 0.2 * factor)

    return _tried("expression", range(first, first + count), seed, attempt, until_failure)


def _tried(
    kind: str, numbers: range, seed: int, attempt: Callable[[random.Random], Outcome], until_failure: bool
) -> Figures:
    figures = Figures(kind)
    started = time.monotonic()
    for number in numbers:
        case = f"--seed {seed} --only {kind}:{number}"
        before = time.process_time()
        try:
            figures.outcomes[attempt(random.Random(f"{seed}:{kind}:{number}"))] += 1
        except (Exception, TouchedError) as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            figures.failures.append((case, f"{type(error).__name__}: {error!s:.300} ({where})"))
        figures.slowest = max(figures.slowest, (time.process_time() - before, case))
        if until_failure and figures.failures:
            break
    figures.seconds = time.monotonic() - started
    return figures


def peak_megabytes() -> float:
    """The most memory that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> int:
    """Try the cases, print the figures; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenarios", type=int, default=20_000)
    parser.add_argument("--expressions", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="KIND:NUMBER", help="one case, printed")
    arguments = parser.parse_args()
    baseline = peak_megabytes()
    with tempfile.TemporaryDirectory() as name:
        if arguments.only:
            kind, _, number = arguments.only.partition(":")
            case = expression_case if kind == "expression" else scenario_case
            print(repr(case(random.Random(f"{arguments.seed}:{kind}:{number}"))))
            counts = (1, 0) if kind == "scenario" else (0, 1)
            first = int(number)
        else:
            counts, first = (arguments.scenarios, arguments.expressions), 0
        tried = [
            try_scenarios(counts[0], arguments.seed, Path(name), first),
            try_expressions(counts[1], arguments.seed, first),
        ]
    grown = peak_megabytes() - baseline
    failures = [failure for figures in tried for failure in figures.failures]
    for case_again, what in failures[:20]:
        print(f"{case_again}\n    {what}")
    for figures in tried:
        print(figures)
    print(f"memory grew by {grown:.0f} MB at most")
    return 1 if failures or grown > MOST_MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
