"""What the toolkit is told so that nothing foreign, of a file or pasted, reaches the terminal as it is."""

from __future__ import annotations

import sys
import traceback

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.driver import Driver

from tui_backprop.safe_text import safe_text
from tui_backprop.tui.terminal_endings import Endings


class SafeApp(App[None]):
    """An app that ends and reports errors in the program's own way.

    endings: what sees to the terminal however the program ends; None where there is no terminal.
    is_served: whether the screen is a web page, before which anybody may sit.
    """

    endings: Endings | None = None
    is_served = False

    def _fatal_error(self) -> None:
        # In place of Textual's report, which shows the values of variables, and so a file's text as it is.
        self._exit_renderables.append(_crash_report(traceback.format_exc()))
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """End with a report of an error that has a picture of itself, which may hold a file's text as it is."""
        pictures = ["".join(segment.text for segment in self.console.render(picture)) for picture in renderables]
        self._exit_renderables.append(_crash_report("\n".join(pictures)))
        self._close_messages_no_wait()

    async def on_event(self, event: events.Event) -> None:
        """Pass events on that the app does not take itself; of what is pasted, only what is safe to show."""
        if isinstance(event, events.Paste):
            event.text = "\n".join(safe_text(line) for line in event.text.split("\n"))
        if not self.takes(event):
            await super().on_event(event)

    def takes(self, event: events.Event) -> bool:
        """Whether the app has taken an event for itself, before any key of its screens."""
        return False

    def get_driver_class(self) -> type[Driver]:
        """What reads the keys and draws: on Windows Textual's own, elsewhere the one that nothing said to it ends."""
        if self.is_served:
            from tui_backprop.tui.page_driver import PageDriver

            return PageDriver
        if sys.platform == "win32":
            return super().get_driver_class()
        from tui_backprop.tui.terminal_driver import TerminalDriver

        return TerminalDriver

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if self.endings is not None:
            self.endings.watch(driver)
        return driver


def _crash_report(trace: str) -> str:
    lines = [safe_text(line) for line in trace.splitlines()]
    return "\n".join([*lines, "A bug in backprop-tui has stopped it. Please report the lines above."])
