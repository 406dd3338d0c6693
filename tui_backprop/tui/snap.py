"""The real screen after some keys: they are played into the app without a terminal."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from html import escape
from typing import Any, Literal

from rich.console import Console
from textual import events
from textual.pilot import Pilot

from tui_backprop.charset import Charset
from tui_backprop.errors import UsageError
from tui_backprop.moves.opening import opened_at
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import shown
from tui_backprop.session import Session
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.key_map import AS_DELIVERED, KeyMap
from tui_backprop.tui.key_names import key_event

Format = Literal["text", "svg"]

_ROUNDS_TO_BE_SURE = 10
"""A message can be on its way between two queues; it does not stay there for so many rounds of the loop."""

# Rich sets rows 24.4 apart; at this size the box glyphs of these fonts, 1.164 high, meet from row to row.
_FONT_SIZE = 20.9
_CELL_WIDTH = 0.602 * _FONT_SIZE
_CELL_HEIGHT = 24.4
_RICH_FONT_SIZE = 20
_MARGIN = 12

# Rich's own frame of a picture fetches a font from a server; a picture of a lesson asks nobody.
_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">
<title>{title}</title>
<style>
.{{unique_id}}-matrix {{{{ font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {font_size}px; }}}}
{{styles}}
</style>
<defs>
{{lines}}
</defs>
<rect width="100%" height="100%" rx="8" fill="{background}"/>
<g transform="translate({margin}, {margin})">
{{backgrounds}}
<g class="{{unique_id}}-matrix" xml:space="preserve">
{{matrix}}
</g>
</g>
</svg>
"""


def snap(
    scenario: Scenario,
    keys: Sequence[str] = (),
    width: int = 120,
    height: int = 40,
    format: Format = "text",
    charset: Charset = "unicode",
    place: str = "",
    slip: str = "",
    gradients: str | None = None,
    key_map: KeyMap = AS_DELIVERED,
) -> str:
    """The screen of a lesson, opened at a place, after keys, which are Textual's names or the characters themselves.

    As text, it has exactly `height` lines, without spaces at their ends. Raises UsageError for an unknown key, for one
    that leaves the program, for a place that is not there, and for a slip that cannot be made; ScenarioError for a file
    of own gradients that cannot be used.
    """
    pressed = [(key, key_event(key)) for key in keys]
    session = opened_at(scenario, charset, place, slip, gradients)
    return asyncio.run(_played(session, pressed, (width, height), format, key_map))


async def _played(
    session: Session,
    pressed: Sequence[tuple[str, events.Key]],
    size: tuple[int, int],
    format: Format,
    key_map: KeyMap,
) -> str:
    app = BackpropApp(session, session.charset, plays=False, key_map=key_map)
    async with app.run_test(size=size) as pilot:
        for key, event in pressed:
            app.post_message(event)
            await settled(app, pilot)
            if app.return_code is not None:
                raise UsageError(f"the key '{shown(key)}' leaves the program, so there is no screen to show")
        await settled(app, pilot)
        await pilot.pause()
        return screen_text(app) if format == "text" else screen_picture(app)


async def settled(app: BackpropApp, pilot: Pilot[Any]) -> None:
    """Wait until a key has done all it does, a long training included."""
    quiet_rounds = 0
    # An app that has broken down answers no message any more; what broke it is raised where the app is left.
    while quiet_rounds < _ROUNDS_TO_BE_SURE and app.return_code is None:
        await asyncio.sleep(0)
        quiet_rounds = 0 if app.is_busy or _has_messages(app) else quiet_rounds + 1
    await pilot.pause(0)


def _has_messages(app: BackpropApp) -> bool:
    widgets = [widget for screen in app.screen_stack for widget in screen.walk_children(with_self=True)]
    return any(pump.message_queue_size for pump in (app, *widgets))


def _console_with_screen(app: BackpropApp) -> Console:
    """A console that has the screen printed on it, as the terminal would get it."""
    width, height = app.size
    console = Console(
        width=width, height=height, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True
    )
    # Textual shows a screen's picture only as SVG with its own frame; this is what it makes that from.
    console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    return console


def screen_text(app: BackpropApp) -> str:
    """The screen as text, a line for each row."""
    rows = _console_with_screen(app).export_text(styles=False).split("\n")
    height = app.size.height
    return "\n".join(row.rstrip() for row in [*rows, *[""] * height][:height]) + "\n"


def screen_picture(app: BackpropApp) -> str:
    """The screen as SVG."""
    title = safe_text(app.session.scenario.title) if app.session else app.title
    template = _PICTURE.format(
        width=app.size.width * _CELL_WIDTH + 2 * _MARGIN,
        height=app.size.height * _CELL_HEIGHT + 2 * _MARGIN,
        title=escape(title).replace("{", "{{").replace("}", "}}"),
        font_size=_FONT_SIZE,
        background=app.screen.background_colors[1].hex,
        margin=_MARGIN,
    )
    return _console_with_screen(app).export_svg(code_format=template, font_aspect_ratio=_CELL_WIDTH / _RICH_FONT_SIZE)
