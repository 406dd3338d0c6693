"""What the program says when something is wrong: where, why, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

MOST_PROBLEMS = 20
"""How many problems of one file are told; the rest are counted."""


class Place(NamedTuple):
    """Where in a file a problem stands: line and column count from 1, length is in characters."""

    line: int
    column: int
    length: int = 1


class Problem(NamedTuple):
    """One thing wrong with a scenario: its place (None: the file as a whole), what is wrong, and what to do."""

    place: Place | None
    message: str
    help: str
    source_line: str = ""
    """The text of the line at `place`, for showing a caret under it."""


class ScenarioError(Exception):
    """A scenario was refused, or could not be read. `problems` holds the first twenty; `more` counts the others."""

    def __init__(self, file: str, problems: tuple[Problem, ...], more: int = 0) -> None:
        self.file = file
        self.problems = problems
        self.more = more
        first = problems[0]
        where = f"{file}:{first.place.line}:{first.place.column}" if first.place else file
        rest = len(problems) - 1 + more
        super().__init__(f"{where}: {first.message}" + (f" (and {rest} more)" if rest else ""))


class UsageError(ValueError):
    """The words of a command, or the arguments of a call, do not fit. The message says what would."""


class OutputError(Exception):
    """What was asked for could not be written."""
