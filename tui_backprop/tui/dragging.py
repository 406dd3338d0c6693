"""Text that is taken off the screen by dragging the mouse over it; a click stays a click.

The toolkit has a selection of its own, which needs the place of every cell in every row: a row that only moves up or
down would have to be made anew. This one knows cells alone, and is there for as long as the button is down.
"""

from __future__ import annotations

from msgspec import Struct
from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

_LEFT = 1
_MARKED = Style(reverse=True)


class DraggedOver(Struct, frozen=True):
    """The cells from one to another, both included, as text runs: to the end of a row, and on in the next one."""

    first: Offset
    last: Offset

    @classmethod
    def between(cls, one: Offset, other: Offset) -> DraggedOver:
        """From whichever of two cells comes first."""
        first, last = sorted((one, other), key=lambda cell: (cell.y, cell.x))
        return cls(first, last)

    @property
    def rows(self) -> range:
        """The rows that it touches."""
        return range(self.first.y, self.last.y + 1)

    def cells(self, row: int, width: int) -> tuple[int, int]:
        """Of a row that it touches: its first cell in it, and the one after its last."""
        start = self.first.x if row == self.first.y else 0
        return start, self.last.x + 1 if row == self.last.y else width


class TextTaken(Message):
    """Text was taken by dragging."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Draggable(Widget):
    """A widget of rows, from which text can be taken."""

    _pressed_at: Offset | None = None
    _was_dragged = False
    stretch: DraggedOver | None = None
    """What the mouse was dragged over up to now."""

    def shown_rows(self, rows: range) -> list[Strip]:
        """The rows as they are shown, as wide as the content."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Here a stretch would begin."""
        self._was_dragged = False
        self._pressed_at = event.get_content_offset(self) if event.button == _LEFT else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark what lies between."""
        if self._pressed_at is None:
            return
        if event.button != _LEFT:
            # It was let go where nobody told.
            self._let_go()
            return
        width, height = self.content_size
        x, y = event.get_content_offset_capture(self)
        reached = Offset(max(0, min(x, width - 1)), max(0, min(y, height - 1)))
        if self.stretch is None and reached == self._pressed_at:
            return
        if self.stretch is None:
            self.capture_mouse()
            self._was_dragged = True
        self._mark(DraggedOver.between(self._pressed_at, reached))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Take the text of what is marked."""
        stretch = self.stretch
        self._let_go()
        if stretch is not None:
            width = self.content_size.width
            rows = zip(stretch.rows, self.shown_rows(stretch.rows), strict=True)
            text = "\n".join(shown.crop(*stretch.cells(row, width)).text.rstrip() for row, shown in rows).strip("\n")
            if text.strip():
                self.post_message(TextTaken(text))

    def is_end_of_dragging(self) -> bool:
        """Whether a click is the end of dragging, and means nothing else; asked once for each click."""
        was_dragged, self._was_dragged = self._was_dragged, False
        return was_dragged

    def _let_go(self) -> None:
        self._pressed_at = None
        if self.stretch is not None:
            self.release_mouse()
            self._mark(None)

    def _mark(self, stretch: DraggedOver | None) -> None:
        before, self.stretch = self.stretch, stretch
        self.repaint_rows(sorted({row for one in (before, stretch) if one is not None for row in one.rows}))

    def repaint_rows(self, rows: list[int]) -> None:
        """Have rows painted again, though their lines are the same."""
        raise NotImplementedError

    def marked(self, strip: Strip, row: int, left: int) -> Strip:
        """A row, border included, with its part of the stretch marked; the content begins after `left` cells."""
        if self.stretch is None or row not in self.stretch.rows:
            return strip
        start, end = self.stretch.cells(row, self.content_size.width)
        before, middle, after = strip.divide([left + start, left + end, strip.cell_length])
        return Strip.join([before, middle.apply_style(_MARKED), after])
