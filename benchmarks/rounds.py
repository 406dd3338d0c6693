"""How long does an iteration take, in several engines by turns? Processes, stretches, rounds, medians."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Engine:
    """An engine in a process of its own (see worker.py), to be used in a `with`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parent.parent,
            env={**os.environ, **_ONE_THREAD},
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def open(self, workload: str) -> float:
        """Make a workload the one that is looked at and run; the seconds that this took."""
        return float(self._ask(f"open {workload}")["seconds"])

    def look(self, count: int) -> list[dict[str, Any]]:
        """The numbers of the first iterations of a fresh workload."""
        looks: list[dict[str, Any]] = self._ask(f"look {count}")
        return looks

    def run(self, iterations: int) -> float:
        """The seconds that so many more iterations take."""
        return float(self._ask(f"run {iterations}")["seconds"])

    def _ask(self, command: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the process of {self.name} ended at '{command}'; its message stands above")
        return json.loads(answer)


@dataclass(frozen=True, slots=True)
class Band:
    """A median, and what a tenth of the rounds lies below and above."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(numbers: Sequence[float]) -> Band:
        """The band of one number a round."""
        if len(numbers) == 1:
            return Band(numbers[0], numbers[0], numbers[0])
        tenths = statistics.quantiles(numbers, n=10, method="inclusive")
        return Band(statistics.median(numbers), tenths[0], tenths[-1])


def iterations_for(engine: Engine, seconds: float) -> int:
    """How many iterations of the opened workload take about so long."""
    iterations, most = 1, 500_000
    while (took := engine.run(iterations)) < seconds / 4 and iterations < most:
        iterations = min(most, 2 * iterations if took <= 0 else math.ceil(iterations * min(50, seconds / 2 / took)))
    return max(1, min(most, math.ceil(iterations * seconds / took)))


def by_turns(actions: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """The seconds that each action gives, once in every round.

    The order moves on by one from round to round, so that nobody always comes after the same one.
    """
    times: dict[str, list[float]] = {name: [] for name in actions}
    order = [*actions]
    for _ in range(rounds):
        for name in order:
            times[name].append(actions[name]())
        order = [*order[1:], order[0]]
    return times


def interleaved(turns: Mapping[str, tuple[Engine, str]], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Seconds an iteration, round by round, of (engine, workload) by name, in stretches of about so many seconds."""

    def stretch(engine: Engine, workload: str, iterations: int) -> Callable[[], float]:
        def seconds_an_iteration() -> float:
            engine.open(workload)
            return engine.run(iterations) / iterations

        return seconds_an_iteration

    actions = {}
    for name, (engine, workload) in turns.items():
        engine.open(workload)
        actions[name] = stretch(engine, workload, iterations_for(engine, seconds))
    return by_turns(actions, rounds)
