"""The file that a lesson was read from: whether it has changed since, and what it holds now."""

from __future__ import annotations

import os
from contextlib import suppress

from tui_backprop.api import checked
from tui_backprop.scenario.bundled import bundled_name
from tui_backprop.scenario.loading import load_scenario
from tui_backprop.scenario.model import Scenario

Stamp = tuple[int, int] | None


def is_own_file(scenario: Scenario) -> bool:
    """Whether a scenario was read from a file that its reader may edit."""
    return scenario.file not in ("", "-") and not bundled_name(scenario)


class OpenFile:
    """A file of one's own that is watched while its lesson is on the screen."""

    def __init__(self, scenario: Scenario) -> None:
        self._file, self._given = scenario.file, scenario.given
        self._stamp = self._now()

    def is_of(self, scenario: Scenario) -> bool:
        """Whether a scenario was read from this file, with the same numbers put in."""
        return (scenario.file, scenario.given) == (self._file, self._given)

    def _now(self) -> Stamp:
        # A file that is being replaced is not there for a moment.
        with suppress(OSError):
            found = os.stat(self._file)
            return found.st_mtime_ns, found.st_size
        return None

    def has_changed(self) -> bool:
        """Whether its time or its size is another one than when it was last read."""
        return self._now() not in (None, self._stamp)

    def read(self) -> Scenario:
        """The scenario that it holds, with the numbers that were put in place of the file's.

        Raises ScenarioError, and UsageError where one of those numbers has no place any more.
        """
        self._stamp = self._now()
        scenario = checked(load_scenario(self._file))
        return scenario.opened_with(self._given) if self._given else scenario
