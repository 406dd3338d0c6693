"""The part of the picture that is seen in a panel too small for it. It follows the step without jumping about."""

from __future__ import annotations

from collections.abc import Mapping

from tui_backprop.charset import Charset
from tui_backprop.panels.lines import Line, Span, drawing
from tui_backprop.panels.picture.drawing import Active, Label, draw, focus_of
from tui_backprop.panels.picture.glyphs import MORE_ABOVE, MORE_BELOW, MORE_LEFT, MORE_RIGHT
from tui_backprop.panels.picture.layout import Layout, Region

_PAGE = 2 / 3
"""How much of the panel one page goes further than the page before; the rest is seen on both."""


def view(
    layout: Layout,
    labels: Mapping[str, Label],
    active: Active,
    width: int,
    height: int,
    *,
    charset: Charset = "unicode",
) -> tuple[Line, ...]:
    """The picture at a step in at most `height` lines of at most `width` cells, with what is active in sight.

    The picture moves in pages, so it stands still while what is active stays on one. Marks at the edges of the panel
    say where there is more. A text is shown whole or not at all, for half a number would be another number.
    """
    if width < 1 or height < 1:
        return ()
    focus = focus_of(layout, active) or Region(0, 0, 0, 0)
    top = _scrolled(layout.height, height, focus.top, focus.bottom)
    left = _scrolled(layout.width, width, focus.left, focus.right)
    seen = Region(top, left, min(top + height, layout.height), left + width)
    lines = tuple(
        _cropped(line, layout.taken[row], seen, _mark(row, seen, layout.height))
        for row, line in enumerate(draw(layout, labels, active, seen, charset), top)
    )
    return drawing(lines, charset)


def _scrolled(size: int, room: int, first: int, last: int) -> int:
    """The first row or column seen, so that the focus is between the marks.

    It is the first of the pages that show the most of the focus; a page of its own where none shows all that could be.
    """
    furthest = size - room
    if furthest <= 0:
        return 0
    page = max(1, int(room * _PAGE))
    best, most = 0, -size
    for start in (*range(0, furthest, page), furthest):
        shown = min(last, start + room - (start < furthest)) - max(first, start + (start > 0))
        if shown > most:
            best, most = start, shown
    if most < last - first <= room - 2:
        return min(max((first + last - room) // 2, 0), furthest)
    return best


def _mark(row: int, seen: Region, height: int) -> str:
    """The mark at the right of a row that is the first or the last one seen, where there are more."""
    if row == seen.top > 0:
        return MORE_ABOVE
    return MORE_BELOW if row == seen.bottom - 1 < height - 1 else ""


def _cropped(row: Line, taken: str, seen: Region, mark: str) -> Line:
    """The seen cells of a row, with marks where more cells are taken at a side, and `mark` at the right, if any."""
    if not mark and not seen.left and len(taken) <= seen.right:
        return row
    more_left = bool(taken[: seen.left].strip())
    more_right = bool(taken[seen.right :].strip())
    start = seen.left + more_left
    marks = (mark + MORE_RIGHT * more_right)[: seen.right - start]
    end = seen.right - len(marks)
    spans = [Span(MORE_LEFT, "marker")] if more_left else []
    at = start
    for begin, span in _placed(row):
        inside = span.text[max(start - begin, 0) : max(end - begin, 0)]
        if inside:
            is_wire = span.target is None and span.role != "factor"
            whole = is_wire or len(inside) == len(span.text)
            spans.append(Span(inside, span.role, span.target) if whole else Span(" " * len(inside)))
            at += len(inside)
    if marks:
        spans += (Span(" " * (end - at)), Span(marks, "marker"))
    return tuple(span for span in spans if span.text)


def _placed(row: Line) -> list[tuple[int, Span]]:
    """The spans of a row, each with the column it begins in."""
    placed: list[tuple[int, Span]] = []
    column = 0
    for span in row:
        placed.append((column, span))
        column += len(span.text)
    return placed
