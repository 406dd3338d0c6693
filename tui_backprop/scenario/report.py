"""What is wrong with one file? Collects every problem, tells the first twenty in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

from tui_backprop.errors import MOST_PROBLEMS, Place, Problem, ScenarioError
from tui_backprop.scenario.nearest import did_you_mean, listed

Help = str | Callable[[], str]
"""What to do about a problem; a function where finding it out costs time and most problems are never told."""


class Report:
    """The problems of one file so far. `lines` is the text of the file, for the line that a problem stands in."""

    def __init__(self, file: str, lines: Sequence[str] = ()) -> None:
        self.file = file
        self.lines = lines
        self._problems: list[tuple[Place | None, str, Help]] = []

    def __len__(self) -> int:
        return len(self._problems)

    def add(self, place: Place | None, message: str, help: Help) -> None:
        """Note a problem; `place` None means the file as a whole."""
        self._problems.append((place, message, help))

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
        in_order = sorted(self._problems, key=lambda problem: _key(problem[0]))
        told = tuple(
            Problem(place, message, help if isinstance(help, str) else help(), self._line(place))
            for place, message, help in in_order[:MOST_PROBLEMS]
        )
        raise ScenarioError(self.file, told, max(0, len(in_order) - MOST_PROBLEMS))

    def _line(self, place: Place | None) -> str:
        return self.lines[place.line - 1] if place is not None and place.line <= len(self.lines) else ""


def _key(place: Place | None) -> tuple[int, int]:
    return (place.line, place.column) if place is not None else (0, 0)
