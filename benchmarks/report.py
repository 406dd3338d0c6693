"""How are the measurements written down? As tables in Markdown, with the figure that was to be reached beside each."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.rounds import Band
from tui_backprop import __version__

REACH: Mapping[str, Mapping[str, float]] = {
    "micrograd": {
        "parabola": 30, "logistic": 20, "chain of 3": 20, "chain of 100": 20, "2-2-2": 25, "2-16-16-1": 500,
    },
    "torch": {
        "parabola": 250, "logistic": 150, "chain of 3": 100, "chain of 100": 120, "2-2-2": 150, "2-16-16-1": 1.2,
        "2-2-2 by Adam": 50, "2-16-16-1 by Adam": 4,
    },
    "autograd": {
        "parabola": 400, "logistic": 300, "chain of 3": 400, "chain of 100": 500, "2-2-2": 400, "2-16-16-1": 4,
    },
}  # fmt: skip
"""How many times a peer's iterations a second are to be reached at least, for the workloads that it has."""

NODE_COST_REACH = {100_000: 1.6}
"""How many times the cost of a node among 1,000 it may be at most."""

PACKAGES = ("micrograd", "torch", "autograd", "numpy")


@dataclass(frozen=True, slots=True)
class Measured:
    """One workload: seconds an iteration by engine, ours over a peer's iterations a second, and numbers compared.

    ready: the seconds from a scenario to 100 recorded iterations, with all the compiling that there is.
    """

    workload: str
    seconds: Mapping[str, Band]
    ratios: Mapping[str, Band]
    compared: Mapping[str, int]
    ready: float


@dataclass(frozen=True, slots=True)
class NodeCost:
    """A chain of so many nodes: seconds a node in an iteration, and that in relation to the chain of 1,000."""

    nodes: int
    seconds: Band
    ratio: Band
    ready: float


def markdown(workloads: Sequence[Measured], nodes: Sequence[NodeCost], rounds: int) -> str:
    """All that was measured."""
    parts = ["\n".join(f"- {line}" for line in _circumstances(rounds))]
    if workloads:
        parts += [_ratios(workloads), _times(workloads)]
    if nodes:
        parts.append(_nodes(nodes))
    return "\n\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def hand_out(text: str, file: Path | None) -> None:
    """Print a table, and write it to a file where one is given."""
    print(text)
    if file:
        file.write_text(text + "\n", encoding="utf-8")


def digits(number: float) -> str:
    """A number with three significant digits, without an exponent."""
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def machine() -> str:
    """The processor, its cores and the system."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    processor = names[0] if names else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def versions(packages: Iterable[str]) -> str:
    """Python and the packages that are installed, with their versions."""
    found = [f"{platform.python_implementation()} {platform.python_version()}"]
    for package in packages:
        if package == "backprop-tui":
            found.append(f"{package} {__version__}")
            continue
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed")
    return ", ".join(found)


def _circumstances(rounds: int) -> list[str]:
    return [
        f"{datetime.now(UTC):%Y-%m-%d}; {machine()}",
        versions(("backprop-tui", *PACKAGES)),
        f"{rounds} rounds; medians, and in parentheses what 10 % of the rounds lie below and above",
    ]


def band_text(band: Band, scale: float = 1.0) -> str:
    """A median with its band, times a scale: 1e3 shows seconds as milliseconds."""
    return f"{digits(band.median * scale)} ({digits(band.low * scale)}–{digits(band.high * scale)})"


def at_most(most: float, reached: float, unit: str = "") -> str:
    """A figure that was to be kept, and whether it was."""
    return f"≤ {digits(most)}{unit} {'✓' if reached <= most else '✗'}"


def _ratios(workloads: Sequence[Measured]) -> str:
    peers = [*dict.fromkeys(peer for measured in workloads for peer in measured.ratios)]
    rows = []
    for measured in workloads:
        row = [measured.workload]
        for peer in peers:
            if peer not in measured.ratios:
                row += ["", ""]
                continue
            reach, band = REACH[peer][measured.workload], measured.ratios[peer]
            row += [band_text(band), f"{reach:g} {'✓' if band.median >= reach else '✗'}"]
        rows.append(row)
    head = ["iterations a second"]
    for peer in peers:
        head += [f"over {peer}'s", "reach"]
    return table(head, rows)


def _times(workloads: Sequence[Measured]) -> str:
    engines = [*dict.fromkeys(engine for measured in workloads for engine in measured.seconds)]
    rows = [
        [
            measured.workload,
            *(band_text(measured.seconds[name], 1e6) if name in measured.seconds else "" for name in engines),
            digits(measured.ready * 1e3),
            " / ".join(str(count) for count in measured.compared.values()) or "none",
        ]
        for measured in workloads
    ]
    return table(["µs an iteration", *engines, "ours ready after, ms", "numbers compared"], rows)


def _nodes(nodes: Sequence[NodeCost]) -> str:
    rows = []
    for cost in nodes:
        most = NODE_COST_REACH.get(cost.nodes)
        reach = "" if most is None else at_most(most, cost.ratio.median)
        ready = digits(cost.ready * 1e3)
        rows.append([f"{cost.nodes:,}", band_text(cost.seconds, 1e9), band_text(cost.ratio), reach, ready])
    return table(["nodes in a chain", "ns a node", "over that of 1,000", "reach", "ready after, ms"], rows)
