"""How is a row put together from pieces of text in styles, and how does it become ASCII?"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui_backprop.panels.lines import Span, in_ascii
from tui_backprop.tui.painting import PaintedOnArrival


class InCharset(PaintedOnArrival):
    """A widget whose rows are in ASCII where that is asked for, what Textual puts into its border included."""

    is_ascii = False

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the view."""
        rows = super().render_lines(crop)
        return [*map(_row_in_ascii, rows)] if self.is_ascii else rows


def _row_in_ascii(row: Strip) -> Strip:
    if row.text.isascii():
        return row
    texts = in_ascii((tuple(Span(segment.text) for segment in row),))[0]
    return Strip([Segment(span.text, segment.style) for span, segment in zip(texts, row, strict=True)], row.cell_length)


def add_text(segments: list[Segment], text: str, style: Style) -> None:
    """Add a text to a row. Blanks look alike in all styles and join their neighbours, so that less is sent."""
    if segments:
        before = segments[-1]
        if style == before.style or (text.isspace() and not _shows_on_blanks(before.style)):
            segments[-1] = Segment(before.text + text, before.style)
            return
        if before.text.isspace() and not _shows_on_blanks(style):
            segments[-1] = Segment(before.text + text, style)
            return
    segments.append(Segment(text, style))


def _shows_on_blanks(style: Style | None) -> bool:
    return bool(style and (style.underline or style.reverse or style.strike))
