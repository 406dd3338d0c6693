"""The driver of a web page, and what is other where the screen is one: its size, and which files may be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.drivers.web_driver import WebDriver

from tui_backprop.errors import UsageError
from tui_backprop.scenario.bundled import resolves_to_path

_LARGEST = 1_000
"""No page has more columns or lines; they would take seconds to draw."""


class PageDriver(WebDriver):
    """Textual's driver of a page; it draws on no more than the largest size."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self._size is not None:
            self._size = _within(self._size[0]), _within(self._size[1])

    def on_meta(self, packet_type: str, payload: dict[str, Any]) -> None:
        """What the page says besides its keys, such as its size."""
        if packet_type == "resize":
            payload = payload | {side: _within(payload[side]) for side in ("width", "height")}
        super().on_meta(packet_type, payload)


def _within(cells: Any) -> int:
    return max(1, min(int(cells), _LARGEST))


def check_is_in_reach(word: str) -> None:
    """Refuse to open, for a visitor of a page, what is no lesson in or below the folder that it is served from.

    Raises UsageError.
    """
    if not resolves_to_path(word):
        return
    folder, path = Path.cwd().resolve(), Path(word).resolve()
    if not path.is_relative_to(folder) or path.suffix != ".yaml":
        raise UsageError("from a page, only .yaml files in or below the folder that it is served from can be opened")
