"""How lines get onto the screen: one widget for every panel and bar, which repaints only the rows that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import ClassVar, Self, get_args

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import ScreenResultType
from textual.strip import Strip

from tui_backprop.charset import Charset
from tui_backprop.panels.lines import Line, Role, Span, cut
from tui_backprop.safe_text import safe_text
from tui_backprop.tui.dragging import Draggable
from tui_backprop.tui.left_once import LeftOnce
from tui_backprop.tui.painting import Ground, PaintedOnArrival, ScreenPaintedOnArrival
from tui_backprop.tui.terminal_rows import add_text

LinesFor = Callable[[int, int], tuple[Line, ...]]
"""The lines for a width and a height, in cells."""


_ENDLESS = 10_000
_BESIDE_A_TITLE = 6
_MOST_ROWS_KEPT = 500


def _no_lines(width: int, height: int) -> tuple[Line, ...]:
    return ()


class ScreenOfLines(LeftOnce, ScreenPaintedOnArrival[ScreenResultType]):
    """A screen for views of lines: it has the styles of the roles, as component classes `role--…` for styles.tcss.

    They are the screen's and not each view's because Textual works them out anew for everything that has them.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"role--{role}" for role in get_args(Role)}


class _Frame(Struct, frozen=True):
    """A view as it was painted, border included, and what a row of it is made with.

    rows: every row from the top border to the bottom one.
    left, right: what stands beside the lines, which the border draws.
    first: the row of the first line. `filters` are those that the app has, such as the one that takes away colours.
    """

    size: Size
    rows: list[Strip]
    left: Strip
    right: Strip
    first: int
    filters: Sequence[LineFilter]
    background: Color


class PanelView(Draggable, PaintedOnArrival, can_focus=False):
    """Shows lines, each role in the style that the screen has for it. The screen must be a ScreenOfLines.

    What was painted is kept as a whole, and of it only the rows that change are made anew: Textual asks for every row
    of a view whenever one row anywhere changes, and making each of them through its styles is most of its work.

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

    def __init__(self, id: str | None = None, classes: str | None = None, ground: Ground | None = None) -> None:
        """A view. Where several change at once, the ground, which fills the screen, asks for their rows together."""
        super().__init__(id=id, classes=classes)
        self.ground = ground
        self._lines_for: LinesFor = _no_lines
        self._lines: tuple[Line, ...] = ()
        self._drawn_size: Size | None = None
        self._frame: _Frame | None = None
        self._rows_made: dict[Line, Strip] = {}
        self._styles_of_roles: dict[tuple[Role, Role | None], Style] = {}
        self._title = self._shown_title = ""
        self._charset: Charset = "unicode"

    def show(self, lines_for: LinesFor) -> None:
        """Show other lines; only the rows that differ are painted again."""
        self._lines_for = lines_for
        content = self.content_region
        if not content:
            # It is painted when a layout brings it to the screen.
            self._drawn_size = None
            self._forget()
            self.clear_cached_dimensions()
        elif self._drawn_size != content.size:
            self._drawn_size = None
            self.refresh()
        else:
            before, self._lines = self._lines, self._made_lines(lines_for)
            self._change_rows([row for row, (old, new) in enumerate(zip_longest(before, self._lines)) if old != new])

    def _change_rows(self, changed: list[int]) -> None:
        """Make the rows of lines that changed, and have them painted."""
        if not changed:
            return
        if self._frame is not None:
            self._put_rows(self._frame, changed)
        # As wide as the view, so that Textual takes the rows as they are and need not cut the sides off.
        gutter, content = self.gutter, self.content_region
        regions = _regions(changed, -gutter.left, content.width + gutter.width)
        if self.ground is None:
            self.refresh(*regions)
        else:
            self.ground.refresh(*(region.translate(content.offset) for region in regions))

    def entitle(self, title: str, charset: Charset) -> None:
        """Put a title into the upper border, as plain text."""
        if (title, charset) != (self._title, self._charset):
            self._title, self._charset = title, charset
            self._put_title()

    def on_resize(self) -> None:
        """Cut the title anew."""
        self._put_title()

    def _put_title(self) -> None:
        # Cut here, because Textual would cut it with a character that not every charset has.
        room = self.outer_size.width - _BESIDE_A_TITLE
        whole: Line = (Span(safe_text(self._title)),)
        shown = "".join(span.text for span in (cut(whole, room, self._charset) if room > 0 else whole))
        if shown != self._shown_title:
            self._shown_title = shown
            self.border_title = Content(shown)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines there are, for a view whose height follows them."""
        return len(self._lines_for(width, _ENDLESS))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have these regions painted again; without any, all of the view is made anew."""
        if repaint and not regions:
            self._forget()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the view, its border included."""
        size = self.outer_size
        if crop != size.region:
            return super().render_lines(crop)
        if self._frame is None or self._frame.size != size:
            self._frame = self._made_frame(size)
        if self.stretch is None:
            return self._frame.rows
        first, left = self._frame.first, self._frame.left.cell_length
        return [self.marked(row, place - first, left) for place, row in enumerate(self._frame.rows)]

    def shown_rows(self, rows: range) -> list[Strip]:
        """The rows as they are shown, without what stands beside them."""
        return [self.render_line(row) for row in rows]

    def repaint_rows(self, rows: list[int]) -> None:
        """Have rows painted again, though their lines are the same."""
        self._change_rows(rows)

    def render_line(self, y: int) -> Strip:
        """One row, as wide as the content of the view."""
        self._bring_lines()
        return self._strip(self._lines[y] if y < len(self._lines) else ())

    def notify_style_update(self) -> None:
        """Forget what was drawn in the styles before."""
        super().notify_style_update()
        self._styles_of_roles.clear()
        self._forget()

    def on_click(self, event: events.Click) -> None:
        """Tell what was clicked."""
        offset = event.get_content_offset(self)
        target = None if offset is None else self._target_at(offset.x, offset.y)
        event.stop()
        if not self.is_end_of_dragging():
            self.post_message(self.Clicked(self, target))

    def _bring_lines(self) -> None:
        """Make the lines if they are not those to be shown, or not of this size."""
        if self._drawn_size != self.content_size:
            self._drawn_size = self.content_size
            self._lines = self._made_lines(self._lines_for)

    def _made_lines(self, lines_for: LinesFor) -> tuple[Line, ...]:
        width, height = self.content_size
        return lines_for(width, height) if width and height else ()

    def _forget(self) -> None:
        self._frame = None
        self._rows_made.clear()

    def _made_frame(self, size: Size) -> _Frame:
        """The whole view: border rows, and what stands beside the lines, from Textual, the lines put between."""
        self._bring_lines()
        gutter, background = self.gutter, self.background_colors[1]
        # With the first line, because its ends have what the border draws at the sides.
        above = super().render_lines(Region(0, 0, size.width, min(size.height, gutter.top + 1)))
        below = super().render_lines(Region(0, size.height - gutter.bottom, size.width, gutter.bottom))
        between = size.height - gutter.top - gutter.bottom
        sides = above[-1] if above else Strip([])
        left, right = sides.crop(0, gutter.left), sides.crop(size.width - gutter.right, size.width)
        rows = [*above[: gutter.top], *[sides] * between, *below]
        frame = _Frame(size, rows, left, right, gutter.top, self.get_line_filters(), background)
        self._rows_made.clear()
        self._put_rows(frame, range(between))
        return frame

    def _put_rows(self, frame: _Frame, changed: Iterable[int]) -> None:
        """Make the rows of lines that changed, and put them into what was painted."""
        height = self.content_size.height
        for row in changed:
            if row >= height:
                continue
            line = self._lines[row] if row < len(self._lines) else ()
            frame.rows[frame.first + row] = self._row(frame, line)

    def _row(self, frame: _Frame, line: Line) -> Strip:
        """A line with what stands beside it."""
        # One that only moved up or down is there already, and so is what Textual keeps with it.
        made = self._rows_made.get(line)
        if made is None:
            strip = self._strip(line)
            for line_filter in frame.filters:
                strip = strip.apply_filter(line_filter, frame.background)
            if len(self._rows_made) >= _MOST_ROWS_KEPT:
                self._rows_made.clear()
            made = self._rows_made[line] = Strip([*frame.left, *strip, *frame.right], frame.size.width)
        return made

    def _strip(self, line: Line) -> Strip:
        width = self.content_size.width
        segments: list[Segment] = []
        for span in line:
            if span.text:
                add_text(segments, safe_text(span.text), self._style(span.role, span.ground))
        # A row is filled to its end: cells without a style would show the terminal's own background.
        missing = width - sum(segment.cell_length for segment in segments)
        if missing > 0:
            add_text(segments, " " * missing, self._style("plain"))
        return Strip(segments).adjust_cell_length(width, self._style("plain"))

    def _style(self, role: Role, ground: Role | None = None) -> Style:
        style = self._styles_of_roles.get((role, ground))
        if style is None:
            style = self._styles_of_roles[role, ground] = self._made_style(role, ground)
        return style

    def _made_style(self, role: Role, ground: Role | None) -> Style:
        styles = self.screen.get_component_styles(f"role--{role}")
        style = self.rich_style + styles.text_style
        _, background = self.background_colors
        if ground is not None:
            under = background + self.screen.get_component_styles(f"role--{ground}").color
            # What has no colour of its own is to be read on any ground.
            style += Style.from_color(under.get_contrast_text(1.0).rich_color, under.rich_color)
        if styles.has_rule("color"):
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


def _regions(rows: list[int], x: int, width: int) -> list[Region]:
    """One region for each run of neighbouring rows."""
    regions: list[Region] = []
    for row in rows:
        if regions and regions[-1].bottom == row:
            above = regions.pop()
            regions.append(Region(x, above.y, width, above.height + 1))
        else:
            regions.append(Region(x, row, width, 1))
    return regions
