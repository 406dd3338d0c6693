"""What is said to the person rather than to the pipe: the one place that writes to standard error."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType

from tui_backprop.charset import spelled, spelled_around
from tui_backprop.errors import Problem, ScenarioError
from tui_backprop.headless.terminal import default_charset, is_terminal
from tui_backprop.safe_text import cell_width, safe_text

_WIDEST_LINE = 160
_QUIET_SECONDS = 0.5
_SECONDS_BETWEEN = 0.1


def say(text: str) -> None:
    """Write lines to standard error, safe to read and in signs that the locale has.

    Where standard error is closed or full, there is nobody to tell.
    """
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{spelled(_safe_lines(text), default_charset())}\n")
        sys.stderr.flush()


def say_error(text: str, help: str = "", of: str = "backprop-tui") -> None:
    """Say what is wrong, and in a line of its own what to do. Line breaks in it are the program's own."""
    say(f"{of}: error: {text}")
    if help:
        say(f"help: {help}")


def say_note(text: str) -> None:
    """Say something about the data that is worth knowing."""
    say(f"note: {text}")


def _safe_lines(text: str) -> str:
    return "\n".join(safe_text(line) for line in text.split("\n"))


def say_refusal(error: ScenarioError) -> None:
    """Say every problem of a scenario: its place, the line, a caret under the place, and what to do."""
    for problem in error.problems:
        say(refusal_text(error.file, problem))
    if error.more:
        say(f"{safe_text(error.file)}: and {error.more:,} more problem{'s' if error.more > 1 else ''}")


def refusal_text(file: str, problem: Problem) -> str:
    """One problem of a file in the form `FILE:LINE:COL: error: …`, the line, a caret, `help: …`."""
    place = problem.place
    where = f"{file}:{place.line}:{place.column}" if place else file
    lines = [f"{safe_text(where)}: error: {safe_text(problem.message)}"]
    if place and problem.source_line:
        source = safe_text(problem.source_line)
        lines.extend(_with_caret(*spelled_around(source, place.column - 1, place.length, default_charset())))
    lines.append(f"help: {safe_text(problem.help)}")
    return "\n".join(lines)


def _with_caret(line: str, start: int, length: int) -> tuple[str, str]:
    """The line, cut around the place where it is very long, and the carets under it."""
    first = 0
    if len(line) > _WIDEST_LINE:
        first = max(0, min(start - _WIDEST_LINE // 2, len(line) - _WIDEST_LINE))
        line = line[first : first + _WIDEST_LINE]
    start = min(max(0, start - first), len(line))
    marked = line[start : start + max(1, length)]
    return line.rstrip(), " " * cell_width(line[:start]) + "^" * max(1, cell_width(marked))


class Progress:
    """A line on standard error that says how far something is; only in a terminal, and only after half a second.

    `shares_terminal`: data are printed to the same terminal meanwhile, which the line would disturb; then it is silent.
    """

    def __init__(self, what: str, total: int, shares_terminal: bool = False) -> None:
        self._what = what
        self._total = max(1, total)
        self._started = time.monotonic()
        self._said_at = self._started + _QUIET_SECONDS - _SECONDS_BETWEEN
        self._width = 0
        self._is_silent = not is_terminal(sys.stderr) or (shares_terminal and is_terminal(sys.stdout))

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._width:
            self._show("")

    def at(self, done: int) -> None:
        """Say how much is done, if it is time to say something."""
        if self._is_silent:
            return
        now = time.monotonic()
        if now - self._said_at >= _SECONDS_BETWEEN:
            self._said_at = now
            self._show(f"{self._what} {done:,} of {self._total:,} ({done / self._total:.0%})")

    def say(self, text: str) -> None:
        """Put a text in the line, in place of what stood there."""
        if not self._is_silent:
            self._show(text)

    def _show(self, text: str) -> None:
        # Spaces rather than an escape sequence wipe the rest of what stood there: it works in any terminal.
        try:
            sys.stderr.write(f"\r{text.ljust(self._width)}" + ("" if text else "\r"))
            sys.stderr.flush()
        except (OSError, ValueError):
            self._is_silent = True
        self._width = len(text)


@contextlib.contextmanager
def opening(word: str) -> Iterator[None]:
    """While a scenario is opened: in a terminal, once that takes half a second, a line says so."""
    with Progress("", 1) as progress:
        told = spelled(f"opening {safe_text(word)} … (ctrl+c: leave)", default_charset())
        timer = threading.Timer(_QUIET_SECONDS, progress.say, (told,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
