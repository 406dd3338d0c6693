"""Long work that goes on without the screen standing still, and what is said of it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from msgspec import Struct

from tui_backprop.panels.lines import Line, Span
from tui_backprop.record.history import History

SLICE_SECONDS = 0.015
"""How long the screen may wait for the next slice to end."""


class Recorder:
    """Extends histories up to an iteration, one after the other, as long at a time as one lets it."""

    def __init__(self, histories: Sequence[History], iteration: int) -> None:
        self._histories = histories
        self._iteration = iteration
        self._pace = 1

    @property
    def _history(self) -> History:
        """The first one that is not there yet, else the last one."""
        return next(filter(self._is_waited_for, self._histories), self._histories[-1])

    def _is_waited_for(self, history: History) -> bool:
        return len(history) <= min(self._iteration, history.last_possible) and history.ended_at is None

    @property
    def target(self) -> int:
        """The last iteration that is to be recorded."""
        return min(self._iteration, self._history.last_possible)

    @property
    def recorded(self) -> int:
        """The last iteration that is recorded."""
        return len(self._history) - 1

    @property
    def is_done(self) -> bool:
        """Whether the iteration is recorded, or the run ends before it."""
        return not any(map(self._is_waited_for, self._histories))

    def work(self, seconds: float = SLICE_SECONDS) -> bool:
        """Record for about so long, at least one iteration; whether it is done then."""
        start = perf_counter()
        while not self.is_done:
            began = perf_counter()
            self._history.extend(min(self.target, self.recorded + self._pace))
            now = perf_counter()
            if now - began < seconds / 4:
                self._pace *= 2
            elif now - began > seconds / 2:
                self._pace = max(1, self._pace // 2)
            if now - start >= seconds - (now - began):
                break
        return self.is_done

    @property
    def told_when_stopped(self) -> str:
        """What the learner reads after stopping it."""
        return f"Training stopped: {self.recorded:,} of {self.target:,} iterations are recorded."

    def lines(self, width: int, height: int) -> tuple[Line, ...]:
        """How far it has come, in place of the narration."""
        share = self.recorded / max(1, self.target)
        cells = max(0, min(40, width - 4))
        full = int(share * cells)
        told = _told("training", f"{self.recorded:,} of {self.target:,} iterations")
        bar: Line = (Span(" "), Span("█" * full + "░" * (cells - full), "marker"))
        return (told, bar)[:height]


class Thought(Struct, frozen=True):
    """A move that takes a moment, in a thread of its own. `brief` is what the move is called."""

    brief: str

    @property
    def told_when_stopped(self) -> str:
        """What the learner reads after stopping it."""
        return f"Stopped: {self.brief}."

    def lines(self, width: int, height: int) -> tuple[Line, ...]:
        """What goes on, in place of the narration."""
        return (_told(self.brief, "one moment"),)[:height]


LongWork = Recorder | Thought


def _told(what: str, how_far: str) -> Line:
    return (Span(f" {what}: ", "heading"), Span(f"{how_far}  "), Span("escape", "key"), Span(" stops", "dim"))
