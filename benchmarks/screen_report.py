"""How are the times of the screen written down? As tables in Markdown: milliseconds, ratios, what was to be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.report import at_most, band_text, machine, table, versions
from benchmarks.rounds import Band

_HOW = """\
**The bare app** is `benchmarks/screen_bare_app.py`: as many widgets in the same arrangement, each with a fixed
text, and a key that changes one line, a counter in the header. It paints one row where a step of the lesson paints
about twenty: its time is that of the toolkit alone.

**A frame** is complete when its last byte has arrived at the terminal's side of a pseudo-terminal; the silence
after it is not counted. The first frame counts as filled once every panel has been drawn and the screen stands
still.

**A key** is pressed again and again in a program of its own, as learners do; "after a jump" is the first step after
another key. All programs run at the same time and are measured by turns; ratios are taken
round by round. Python keeps its compiled modules, as it does for an installed program. The lesson is `logistic`."""


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


def markdown(tables: Mapping[str, Sequence[Compared]]) -> str:
    """All that was measured, with the machine and the versions."""
    parts = [f"- {machine()}\n- {versions(('backprop-tui', 'textual', 'rich', 'PyYAML'))}"]
    parts.append(_HOW)
    parts += [_table(title, rows) for title, rows in tables.items()]
    return "\n\n".join(parts)


def _table(title: str, rows: Sequence[Compared]) -> str:
    head = (title, "ms", "over", "times", "reach")
    return f"{table(head, map(_row, rows))}\n\n{_rounds(rows)} rounds; medians, in parentheses 10–90 %."


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
