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
        self._scenario = scenario
        self._stamp = self._now()

    def _now(self) -> Stamp:
        # A file that is being replaced is not there for a moment.
        with suppress(OSError):
            found = os.stat(self._scenario.file)
            return found.st_mtime_ns, found.st_size
        return None

    def has_changed(self) -> bool:
        """Whether its time or its size is another one than when it was last asked for."""
        now = self._now()
        changed = now not in (None, self._stamp)
        self._stamp = now if changed else self._stamp
        return changed

    def read(self) -> Scenario:
        """The scenario that it holds, with the numbers that were put in place of the file's.

        Raises ScenarioError, and UsageError where one of those numbers has no place any more.
        """
        scenario = checked(load_scenario(self._scenario.file))
        return scenario.opened_with(self._scenario.given) if self._scenario.given else scenario
