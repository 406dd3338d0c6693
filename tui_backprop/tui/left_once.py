"""A screen that is left once: what was pressed twice before it is gone does not leave the one below too."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.message import Message


class LeftOnce:
    """Put before a kind of screen, it has the screen answer nothing more once it is left.

    Textual itself leaves whatever is on top as often as it is asked to.
    """

    _is_left = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave the screen with a result; a second time, do nothing."""
        if self._is_left:
            return AwaitComplete()
        self._is_left = True
        left: AwaitComplete = super().dismiss(result)  # type: ignore[misc]
        return left

    async def _on_message(self, message: Message) -> None:
        # What a widget of it tells, such as that a text was written or a row chosen.
        if not self._is_left or message.control is None:
            await super()._on_message(message)  # type: ignore[misc]
