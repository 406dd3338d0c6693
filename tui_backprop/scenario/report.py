"""What is wrong with one file: every problem is collected, and the first twenty are told in the order of the file.

Problems of one cause are told as one, at the first place, with a count and the lines of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import islice
from typing import NoReturn

from msgspec import Struct

from tui_backprop.errors import MOST_PROBLEMS, Place, Problem, ScenarioError
from tui_backprop.scenario.nearest import did_you_mean, likewise, listed

Help = str | Callable[[], str]
"""What to do about a problem; a function where finding it out costs time and most problems are never told."""


class _Noted(Struct, frozen=True):
    """A problem; those of one cause are told as one."""

    place: Place | None
    message: str
    help: Help
    cause: Hashable


class Report:
    """The problems of one file so far. `lines` is the text of the file, for the line that a problem stands in."""

    def __init__(self, file: str, lines: Sequence[str] = ()) -> None:
        self.file = file
        self.lines = lines
        self._problems: list[_Noted] = []

    def __len__(self) -> int:
        return len(self._problems)

    def add(self, place: Place | None, message: str, help: Help, cause: Hashable = None) -> None:
        """Note a problem; `place` None means the file as a whole. What has the same message, or the same `cause` where
        one is given, is told as one."""
        self._problems.append(_Noted(place, message, help, message if cause is None else cause))

    def add_unknown(self, place: Place, message: str, word: str, known: Iterable[str], otherwise: str) -> None:
        """Note a word that is none of the known ones: the help is the nearest of them, else what is said otherwise."""
        self.add(place, message, lambda: did_you_mean(word, known, otherwise))

    def add_unknown_name(
        self, place: Place, message: str, word: str, known: Callable[[], Sequence[str]], otherwise: str
    ) -> None:
        """Note a name that is none of the scenario's: there may be thousands of either, so they are only put together
        for what is told. `otherwise` is what stands before the known names in the help.
        """

        def help() -> str:
            names = known()
            return did_you_mean(word, names, f"{otherwise} {listed(names, 20)}")

        self.add(place, message, help)

    def fail_if_any(self) -> None:
        """Raise ScenarioError with everything noted, if anything was."""
        if self._problems:
            self.fail()

    def fail(self) -> NoReturn:
        """Raise ScenarioError with everything noted, which must be something."""
        groups: dict[Hashable, list[_Noted]] = {}
        for noted in sorted(self._problems, key=lambda noted: _key(noted.place)):
            groups.setdefault(noted.cause, []).append(noted)
        told = tuple(self._told(*group) for group in islice(groups.values(), MOST_PROBLEMS))
        raise ScenarioError(self.file, told, max(0, len(groups) - MOST_PROBLEMS))

    def _told(self, first: _Noted, *others: _Noted) -> Problem:
        lines = [noted.place.line for noted in others if noted.place is not None]
        message = first.message + likewise(len(others), lines, first.place.line if first.place else 0)
        help = first.help if isinstance(first.help, str) else first.help()
        return Problem(first.place, message, help, self._line(first.place))

    def _line(self, place: Place | None) -> str:
        return self.lines[place.line - 1] if place is not None and place.line <= len(self.lines) else ""


def _key(place: Place | None) -> tuple[int, int]:
    return (place.line, place.column) if place is not None else (0, 0)
