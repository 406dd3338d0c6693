"""A row of the screen put together from pieces of text in styles."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style


def add_text(segments: list[Segment], text: str, style: Style) -> None:
    """Add a text to a row. Blanks look alike on one ground and join their neighbours, so that less is sent."""
    if segments:
        before = segments[-1]
        is_on_one_ground = before.style is not None and style.bgcolor == before.style.bgcolor
        if style == before.style or (is_on_one_ground and text.isspace() and not _shows_on_blanks(before.style)):
            segments[-1] = Segment(before.text + text, before.style)
            return
        if is_on_one_ground and before.text.isspace() and not _shows_on_blanks(style):
            segments[-1] = Segment(before.text + text, style)
            return
    segments.append(Segment(text, style))


def _shows_on_blanks(style: Style | None) -> bool:
    return bool(style and (style.underline or style.reverse or style.strike))
