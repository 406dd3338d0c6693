"""How are the times of the screen written down? As tables in Markdown: milliseconds, ratios, what was to be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.report import at_most, band_text, machine, table, versions
from benchmarks.rounds import Band


@dataclass(frozen=True, slots=True)
class Reach:
    """What something is compared with, by its name, and how many times as long it may take, or how many seconds.

    None: no figure is set.
    """

    base: str
    most: float | None = None
    most_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One measured thing: its seconds, and their ratios to another thing's in the same rounds."""

    name: str
    rounds: int
    seconds: Band
    ratio: Band | None
    reach: Reach | None

    @staticmethod
    def of(name: str, times: Mapping[str, Sequence[float]], reach: Reach | None) -> Compared:
        """From the seconds of each round by name."""
        ratio = None
        if reach is not None:
            ratio = Band.of([one / other for one, other in zip(times[name], times[reach.base], strict=True)])
        return Compared(name, len(times[name]), Band.of(times[name]), ratio, reach)


def markdown(tables: Mapping[str, Sequence[Compared]], only_judged: bool = False) -> str:
    """All that was measured, or all that has a figure to reach, with the machine and the versions."""
    parts = [f"- {machine()}\n- {versions(('backprop-tui', 'textual', 'rich', 'PyYAML'))}"]
    parts += [_table(title, rows, only_judged) for title, rows in tables.items()]
    return "\n\n".join(parts)


def _table(title: str, rows: Sequence[Compared], only_judged: bool) -> str:
    head = (title, "ms", "over", "times", "reach")
    shown = [row for row in map(_row, rows) if row[-1] or not only_judged]
    return f"{table(head, shown)}\n\n{_rounds(rows)} rounds; medians, in parentheses 10–90 %."


def _rounds(rows: Sequence[Compared]) -> str:
    return " / ".join(dict.fromkeys(str(row.rounds) for row in rows))


def _row(row: Compared) -> tuple[str, ...]:
    milliseconds = band_text(row.seconds, 1e3)
    if row.reach is None or row.ratio is None:
        return row.name, milliseconds, "", "", ""
    most, seconds = row.reach.most, row.reach.most_seconds
    reach = "" if most is None else at_most(most, row.ratio.median)
    if seconds is not None:
        reach = at_most(seconds * 1e3, row.seconds.median * 1e3, " ms")
    return row.name, milliseconds, row.reach.base, band_text(row.ratio), reach
