"""How fast is the engine beside micrograd, torch and autograd, and what does a node cost in a long chain?

python -m benchmarks.engine [--quick] [--workload NAME]… [--markdown FILE]

Whatever peer is installed is measured; the extra `bench` names them all. Before anything is timed, values and
gradients are compared by name, and a mismatch ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from benchmarks.comparison import MismatchError, compare
from benchmarks.report import REACH, Measured, NodeCost, markdown
from benchmarks.rounds import Band, Engine, interleaved
from benchmarks.workloads import NODE_COUNT_COMPARED_WITH, NODE_COUNTS, WORKLOADS

PEERS = ("micrograd", "torch", "autograd")

_ITERATIONS_COMPARED = 5
_NODES = "nodes"


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and how long is measured: rounds, and seconds of a timed stretch."""

    rounds: int
    seconds: float


FULL, QUICK = Effort(21, 0.08), Effort(3, 0.02)


@dataclass(slots=True)
class Results:
    """What was measured so far."""

    workloads: list[Measured] = field(default_factory=list)
    nodes: list[NodeCost] = field(default_factory=list)


def measure_workload(workload: str, engines: Mapping[str, Engine], effort: Effort) -> Measured:
    """One workload in all engines: first compared, then timed. Raises MismatchError."""
    engines = {name: engine for name, engine in engines.items() if name == "ours" or workload in REACH[name]}
    ready = engines["ours"].open(workload)
    looks = engines["ours"].look(_ITERATIONS_COMPARED)
    compared = {}
    for peer, engine in engines.items():
        if peer != "ours":
            engine.open(workload)
            compared[peer] = compare(looks, engine.look(_ITERATIONS_COMPARED), peer)
    turns = {name: (engine, workload) for name, engine in engines.items()}
    times = interleaved(turns, effort.rounds, effort.seconds)
    ratios = {
        peer: Band.of([theirs / ours for theirs, ours in zip(times[peer], times["ours"], strict=True)])
        for peer in compared
    }
    return Measured(workload, {name: Band.of(numbers) for name, numbers in times.items()}, ratios, compared, ready)


def measure_nodes(ours: Engine, effort: Effort) -> list[NodeCost]:
    """What a node costs in chains of different lengths."""
    ready = {count: ours.open(f"{count} nodes") for count in NODE_COUNTS}
    turns = {str(count): (ours, f"{count} nodes") for count in NODE_COUNTS}
    times = interleaved(turns, effort.rounds, effort.seconds)
    costs = {count: [seconds / count for seconds in times[str(count)]] for count in NODE_COUNTS}
    base = costs[NODE_COUNT_COMPARED_WITH]
    return [
        NodeCost(
            count,
            Band.of(numbers),
            Band.of([one / other for one, other in zip(numbers, base, strict=True)]),
            ready[count],
        )
        for count, numbers in costs.items()
    ]


def measure(wanted: Sequence[str], effort: Effort) -> Results:
    """All the workloads that are wanted, in whatever engines are installed. Raises MismatchError."""
    results = Results()
    peers = [peer for peer in PEERS if find_spec(peer)]
    for peer in PEERS:
        if peer not in peers:
            _say(f"{peer} is not installed: left out")
    with ExitStack() as stack:
        engines = {name: stack.enter_context(Engine(name)) for name in ("ours", *peers)}
        for workload in wanted:
            _say(f"{workload} …")
            if workload == _NODES:
                results.nodes = measure_nodes(engines["ours"], effort)
            else:
                results.workloads.append(measure_workload(workload, engines, effort))
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the words of a command line ask for, and print or write the tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few short rounds: a rough figure in seconds")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"so many rounds (default: {FULL.rounds})")
    parser.add_argument(
        "--workload",
        action="append",
        choices=[*WORKLOADS, _NODES],
        metavar="NAME",
        help="only this one; may be repeated",
    )
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write the results there instead of printing them"
    )
    options = parser.parse_args(arguments)
    effort = QUICK if options.quick else FULL
    if options.rounds:
        effort = Effort(options.rounds, effort.seconds)
    try:
        results = measure(options.workload or [*WORKLOADS, _NODES], effort)
    except MismatchError as mismatch:
        print(f"The engines disagree, so nothing is measured: {mismatch}", file=sys.stderr)
        return 1
    text = markdown(results.workloads, results.nodes, effort.rounds)
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
