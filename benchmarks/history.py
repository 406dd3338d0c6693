"""How long does a seek take in a long run, how much memory does a history hold, and does it find the same bits?

python -m benchmarks.history [--quick] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.report import at_most, digits, hand_out, table
from benchmarks.workloads import WORKLOADS, chain_of_nodes
from tui_backprop.record.history import MOST_ITERATIONS, History
from tui_backprop.scenario.model import Scenario

REACH_SEEK_MS = 2.0
REACH_MEMORY_MB = 16.0

_NODES, _ITERATIONS, _SEEKS = 50, 100_000, 300
_REMEMBERED = 1_000


def seeks(iterations: int) -> tuple[Sequence[float], float]:
    """The milliseconds of each of some seeks in a run of a chain of 50 nodes, and of reading the iteration then.

    Each is compared bit for bit with what a walk through all iterations met. Raises AssertionError for other bits.
    """
    walked = History(chain_of_nodes(_NODES))
    chance = random.Random(7)
    wanted = sorted(chance.sample(range(iterations), min(_REMEMBERED, iterations)))
    met = {}
    for iteration in wanted:
        walked.extend(iteration)
        met[iteration] = walked.parameter_values(iteration)
    history = History(chain_of_nodes(_NODES))
    history.extend(iterations)
    took, read = [], []
    for iteration in chance.sample(wanted, min(_SEEKS, len(wanted))):
        start = time.perf_counter()
        parameters = history.parameter_values(iteration)
        found = time.perf_counter()
        values = history.iteration(iteration)
        read.append((time.perf_counter() - found) * 1_000)
        took.append((found - start) * 1_000)
        assert parameters == met[iteration] == values.parameters, f"other bits in iteration {iteration}"
    return sorted(took), statistics.median(read)


def memory(make: Callable[[], Scenario], iterations: int) -> float:
    """The megabytes by which the process grows while so many iterations are recorded, at its largest."""
    history = History(make())
    history.extend(1_000)
    gc.collect()
    before = _most_megabytes()
    history.extend(iterations)
    history.loss_extremes.between(0, len(history))
    return _most_megabytes() - before


def _chain() -> Scenario:
    return chain_of_nodes(_NODES)


def _most_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        # What getrusage says of a new process on Linux begins with the size of the one that started it.
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the iterations")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="where to write the table")
    arguments = parser.parse_args(words)
    share = 10 if arguments.quick else 1
    took, read = seeks(_ITERATIONS // share)
    asked = f"a seek in {_ITERATIONS // share:,} iterations of {_NODES} nodes, median"
    median = statistics.median(took)
    rows = [
        (asked, f"{digits(median)} ms", at_most(REACH_SEEK_MS, median)),
        (f"the slowest of {len(took)}", f"{digits(took[-1])} ms", at_most(REACH_SEEK_MS, took[-1])),
        ("all numbers of the iteration found, median", f"{digits(read)} ms", ""),
    ]
    for name, make in (("parabola", WORKLOADS["parabola"]), (f"{_NODES} nodes", _chain)):
        # In a process of its own: what another run gave back would hide what this one takes.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            held = pool.submit(memory, make, MOST_ITERATIONS // share).result()
        about = f"memory of {MOST_ITERATIONS // share:,} iterations, {name}"
        rows.append((about, f"{digits(held)} MB", at_most(REACH_MEMORY_MB, held)))
    found = f"All of the {len(took)} seeks found the very bits that a walk through all iterations met."
    text = f"{table(('', '', 'reach'), rows)}\n\n{found}"
    hand_out(text, arguments.markdown)


if __name__ == "__main__":
    main()
