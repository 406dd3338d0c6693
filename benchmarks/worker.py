"""How is one engine measured in a process of its own? It reads commands, a line each, and answers in JSON.

    open WORKLOAD   {"seconds": …} for making it ready
    look COUNT      the numbers of the first iterations by name
    run ITERATIONS  {"seconds": …} for so many more iterations

A workload that was opened before stays as it is and is taken up again. Garbage is collected before a timed stretch, and
no collection falls into one, whatever the engine.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
from dataclasses import asdict
from time import perf_counter

from benchmarks.problem import Problem
from benchmarks.workloads import scenario_of

ENGINES = {
    "ours": "benchmarks.ours",
    "micrograd": "benchmarks.peer_micrograd",
    "autograd": "benchmarks.peer_autograd",
    "torch": "benchmarks.peer_torch",
}
"""The module of every engine; it has `problem(scenario)` and names its PACKAGE."""


def _timed(problem: Problem, iterations: int) -> float:
    problem.prepare(iterations)
    gc.collect()
    gc.disable()
    start = perf_counter()
    problem.train(iterations)
    seconds = perf_counter() - start
    gc.enable()
    return seconds


def main(engine: str) -> None:
    """Answer commands until the input ends."""
    problem_of = importlib.import_module(ENGINES[engine]).problem
    problems: dict[str, Problem] = {}
    workload = ""
    for line in sys.stdin:
        command, argument = line.rstrip("\n").split(" ", 1)
        answer: object
        if command == "open":
            workload = argument
            scenario = scenario_of(workload)
            start = perf_counter()
            if workload not in problems:
                problems[workload] = problem_of(scenario)
            answer = {"seconds": perf_counter() - start}
        elif command == "look":
            answer = [asdict(look) for look in problems[workload].looks(int(argument))]
        else:
            answer = {"seconds": _timed(problems[workload], int(argument))}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
