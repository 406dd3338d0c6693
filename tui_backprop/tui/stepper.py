"""What is on the screen, and where: header, panels, narration and footer, arranged for whatever size there is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.widget import Widget

from tui_backprop.charset import Charset, drawn
from tui_backprop.moves.move import Move
from tui_backprop.moves.move_table import TABLE
from tui_backprop.panels.lines import Line, Span, cut, drawing, wrapped
from tui_backprop.panels.panel_table import PANELS, LinesOf, current_panel, header_line, narration_lines
from tui_backprop.session import Session
from tui_backprop.tui.line_bars import footer_line, tab_line
from tui_backprop.tui.long_work import LongWork
from tui_backprop.tui.painting import Ground
from tui_backprop.tui.panel_view import LinesFor, PanelView, ScreenOfLines

SMALLEST = Size(20, 5)
SMALLEST_FOR_ALL_PANELS = Size(80, 24)
_ROOMY_HEIGHT = 28
_LOW_HEIGHT = 16
_SMALLEST_HEIGHT_WITH = {"footer": 7, "narration": 8}


# The container comes first in both, because Textual takes the default styles of the first base alone.


class _Body(Vertical, Ground):
    """All views, one below the other."""


class _Row(Horizontal, Ground):
    """Views beside each other."""


def _bindings_of(move: Move) -> list[Binding]:
    # With priority a key acts when it arrives, so that one which opens another screen sends the next keys there.
    action = f"app.press('{move.name}')"
    return [Binding(key, action, move.brief, show=False, priority=True) for key in move.keys]


class Stepper(ScreenOfLines[None], Ground):
    """The main screen. It is told what to show; keys and clicks go to the app."""

    def __init__(self, table: tuple[Move, ...] = TABLE) -> None:
        super().__init__(id="stepper")
        self._table = table
        self._bindings.key_to_bindings |= BindingsMap(chain.from_iterable(map(_bindings_of, table))).key_to_bindings
        self._session: Session | None = None
        self._work: LongWork | None = None
        self._is_ready = False
        self._arrangement: tuple[Size, str, bool] | None = None
        self._body = _Body()
        self._top = _Row(id="top")
        classes = {name: f"panel {panel.row}" for name, panel in PANELS.items()}
        self._views = {
            name: PanelView(name, classes, self._body)
            for name, classes in {"header": "bar", "tabs": "bar", **classes, "narration": "", "footer": "bar"}.items()
        }

    def compose(self) -> ComposeResult:
        """The views, from top to bottom."""
        views = self._views
        with self._body:
            yield from (views["header"], views["tabs"])
            with self._top:
                yield from (views[name] for name, panel in PANELS.items() if panel.row == "upper")
            yield from (views[name] for name, panel in PANELS.items() if panel.row == "lower")
            yield from (views["narration"], views["footer"])

    def on_mount(self) -> None:
        """Show what there was to show before there was a screen."""
        self._is_ready = True
        self.show(self._session, self._work)

    def expect(self, session: Session, size: Size) -> None:
        """Be arranged for a session from the start: done later, all styles would be worked out once more."""
        self._session = session
        self._arrange(size, session)

    def show(self, session: Session | None, work: LongWork | None = None) -> None:
        """Show a session, or the long work that goes on in it."""
        self._session, self._work = session, work
        if session is None or not self._is_ready:
            return
        charset = session.charset
        self._arrange(self.app.size, session)
        current = current_panel(session)
        for name, panel in PANELS.items():
            self._views[name].show(_of(session, panel.lines))
            mark = drawn("▸ ", charset) if panel is current else ""
            self._views[name].entitle(mark + panel.title(session), charset)
        if work:
            self._views["narration"].show(_drawing(work.lines, charset))
        else:
            self._views["narration"].show(_of(session, narration_lines))
        self._views["header"].show(self._header(session, work))
        self._views["tabs"].show(_bar(lambda width: tab_line(current, width, charset)))
        self._views["footer"].show(_bar(lambda width: footer_line(session, width, self._table)))

    def on_mouse_scroll_down(self) -> None:
        """The wheel steps on, or through what is read."""
        self.app.call_later(self.run_action, "app.press('step_on')")

    def on_mouse_scroll_up(self) -> None:
        """The wheel steps back."""
        self.app.call_later(self.run_action, "app.press('step_back')")

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the views for another size; they make their lines anew when they are painted."""
        if self._session is not None:
            self._arrange(event.size, self._session)
            self._views["header"].show(self._header(self._session, self._work))

    def _arrange(self, size: Size, session: Session) -> None:
        current = current_panel(session)
        arrangement = (size, current.name, session.is_alone)
        if arrangement == self._arrangement:
            return
        self._arrangement = arrangement
        tabbed = size.width < SMALLEST_FOR_ALL_PANELS.width or size.height < SMALLEST_FOR_ALL_PANELS.height
        alone = tabbed or session.is_alone
        too_small = _is_too_small(size)
        self._set_class(self, too_small, "-too-small")
        self._set_class(self, tabbed, "-tabbed")
        self._set_class(self, alone, "-alone")
        self._set_class(self, size.height >= _ROOMY_HEIGHT, "-roomy")
        self._set_class(self, size.height < _LOW_HEIGHT, "-low")
        for name in PANELS:
            view = self._views[name]
            view.display = not too_small and (not alone or name == current.name)
            self._set_class(view, name == current.name, "-current")
        self._top.display = not too_small and (not alone or current.row == "upper")
        self._views["tabs"].display = tabbed and not too_small
        for bar, height in _SMALLEST_HEIGHT_WITH.items():
            self._views[bar].display = size.height >= height and not too_small

    def _set_class(self, widget: Widget, is_set: bool, name: str) -> None:
        widget.set_class(is_set, name, update=self._is_ready)

    def _header(self, session: Session, work: LongWork | None) -> LinesFor:
        """The header; where the narration has no room, what answers the last key stands here."""
        if _is_too_small(self.app.size):
            return _too_small(session.charset)
        if not self._views["narration"].display:
            if work is not None:
                return _drawing(work.lines, session.charset)
            if session.is_trying:
                return _of(session, narration_lines)
            if session.notice:
                return _bar(lambda width: cut((Span(f" ! {session.notice}", "warning"),), width, session.charset))
        return _bar(lambda width: header_line(session, width))


def _is_too_small(size: Size) -> bool:
    return size.width < SMALLEST.width or size.height < SMALLEST.height


def _too_small(charset: Charset) -> LinesFor:
    told = f"too small: {SMALLEST.width}x{SMALLEST.height} at least"
    return lambda width, height: tuple(
        cut((Span(row, "warning"),), width, charset) for row in wrapped(told, width)[:height]
    )


def _drawing(lines_for: LinesFor, charset: Charset) -> LinesFor:
    return lambda width, height: drawing(lines_for(width, height), charset)


def _of(session: Session, lines_of: LinesOf) -> LinesFor:
    return lambda width, height: lines_of(session, width, height)


def _bar(line_of: Callable[[int], Line]) -> LinesFor:
    return lambda width, height: (line_of(width),)
