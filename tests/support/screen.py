"""Runs the real screen without a terminal, presses keys and mouse buttons on it, and reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tui_backprop.session import Charset, Session
from tui_backprop.settings import Kept
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.key_names import key_event
from tui_backprop.tui.snap import screen_picture, screen_text, settled


class Shown:
    """The running screen."""

    def __init__(self, app: BackpropApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def session(self) -> Session:
        """The session on the screen."""
        assert self.app.session is not None
        return self.app.session

    @property
    def text(self) -> str:
        """What is on the screen, a line for each row."""
        return screen_text(self.app)

    @property
    def picture(self) -> str:
        """The screen as SVG."""
        return screen_picture(self.app)

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        return self.text.splitlines()

    async def press(self, *keys: str) -> None:
        """Press keys, by name or as characters, and wait for all they do."""
        for key in keys:
            self.app.post_message(key_event(key))
            await settled(self.app, self.pilot)

    async def write(self, text: str) -> None:
        """Press the key of each character."""
        await self.press(*text)

    async def click(self, text: str) -> None:
        """Click on the first place on the screen where a text stands."""
        row = next(number for number, line in enumerate(self.lines) if text in line)
        await self.pilot.click(offset=(self.lines[row].index(text), row))
        await settled(self.app, self.pilot)

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await settled(self.app, self.pilot)


@asynccontextmanager
async def running(
    session: Session | None,
    size: tuple[int, int] = (120, 40),
    charset: Charset = "unicode",
    plays: bool = False,
    kept: Kept | None = None,
    is_served: bool = False,
) -> AsyncIterator[Shown]:
    """The screen on a session (None: nothing is open yet), as in a page if `is_served`; it plays only if `plays`."""
    app = BackpropApp(session, charset, plays, kept, is_served)
    async with app.run_test(size=size) as pilot:
        shown = Shown(app, pilot)
        await settled(app, pilot)
        yield shown
