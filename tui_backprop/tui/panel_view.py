"""How do lines get onto the screen? One widget for every panel and bar; it repaints only the rows that changed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import ClassVar, get_args

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

from tui_backprop.panels.lines import Line, Role, in_ascii
from tui_backprop.safe_text import safe_text

LinesFor = Callable[[int, int], tuple[Line, ...]]
"""The lines for a width and a height, in cells."""


_ENDLESS = 10_000


def _no_lines(width: int, height: int) -> tuple[Line, ...]:
    return ()


class ScreenOfLines(Screen[ScreenResultType]):
    """A screen for views of lines: it has the styles of the roles, as component classes `role--…` for styles.tcss.

    They are the screen's and not each view's because Textual works them out anew for everything that has them.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"role--{role}" for role in get_args(Role)}


class PanelView(Widget, can_focus=False):
    """Shows lines, each role in the style that the screen has for it. The screen must be a ScreenOfLines.

    It asks for its lines when it is about to paint and its size or what it shows has changed, so that there is never
    a frame in which they do not fit. Nothing it shows is ever read as markup.
    """

    ALLOW_SELECT = False

    class Clicked(Message):
        """A click into the view; `target` is that of the span under it, None elsewhere."""

        def __init__(self, view: PanelView, target: str | None) -> None:
            super().__init__()
            self.view = view
            self.target = target

        @property
        def control(self) -> PanelView:
            """The view that was clicked."""
            return self.view

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines_for: LinesFor = _no_lines
        self._lines: tuple[Line, ...] = ()
        self._drawn_size: Size | None = None
        self._strips: dict[int, Strip] = {}
        self._styles_of_roles: dict[str, Style] = {}
        self._title = ""
        self.is_ascii = False

    def show(self, lines_for: LinesFor) -> None:
        """Show other lines; only the rows that differ are painted again."""
        self._lines_for = lines_for
        if self._drawn_size is None or self._drawn_size != self.content_size or not self.is_on_screen:
            self._drawn_size = None
            self.refresh()
            return
        before, self._lines = self._lines, self._made_lines()
        changed = [row for row, (old, new) in enumerate(zip_longest(before, self._lines)) if old != new]
        for row in changed:
            self._strips.pop(row, None)
        if changed:
            self.refresh(*_regions(changed, self.content_size.width))

    def entitle(self, title: str) -> None:
        """Put a title into the upper border, as plain text."""
        if title != self._title:
            self._title = title
            self.border_title = Content(safe_text(title))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines there are, for a view whose height follows them."""
        return len(self._lines_for(width, _ENDLESS))

    def render_line(self, y: int) -> Strip:
        """One row, as wide as the view."""
        if self._drawn_size != self.content_size:
            self._drawn_size = self.content_size
            self._lines = self._made_lines()
            self._strips.clear()
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._strip(self._lines[y] if y < len(self._lines) else ())
        return strip

    def notify_style_update(self) -> None:
        """Forget what was drawn in the styles before."""
        super().notify_style_update()
        self._styles_of_roles.clear()
        self._strips.clear()

    def on_click(self, event: events.Click) -> None:
        """Tell what was clicked."""
        offset = event.get_content_offset(self)
        target = None if offset is None else self._target_at(offset.x, offset.y)
        event.stop()
        self.post_message(self.Clicked(self, target))

    def _made_lines(self) -> tuple[Line, ...]:
        width, height = self.content_size
        lines = self._lines_for(width, height) if width and height else ()
        return in_ascii(lines) if self.is_ascii else lines

    def _strip(self, line: Line) -> Strip:
        segments = [Segment(span.text, self._style(span.role)) for span in line if span.text]
        # A row is filled to its end: cells without a style would show the terminal's own background.
        return Strip(segments).adjust_cell_length(self.content_size.width, self._style("plain"))

    def _style(self, role: Role) -> Style:
        style = self._styles_of_roles.get(role)
        if style is None:
            style = self._styles_of_roles[role] = self._made_style(role)
        return style

    def _made_style(self, role: Role) -> Style:
        styles = self.screen.get_component_styles(f"role--{role}")
        style = self.rich_style + styles.text_style
        if styles.has_rule("color"):
            _, background = self.background_colors
            style += Style.from_color((background + styles.color).rich_color)
        return style

    def _target_at(self, x: int, y: int) -> str | None:
        if not 0 <= y < len(self._lines):
            return None
        for span in self._lines[y]:
            x -= Segment(span.text).cell_length
            if x < 0:
                return span.target
        return None


def _regions(rows: list[int], width: int) -> list[Region]:
    """One region for each run of neighbouring rows."""
    regions: list[Region] = []
    for row in rows:
        if regions and regions[-1].bottom == row:
            above = regions.pop()
            regions.append(Region(0, above.y, width, above.height + 1))
        else:
            regions.append(Region(0, row, width, 1))
    return regions
