"""What has been put on the picture so far, as texts and wires by row and column, and what of it a panel shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct, field

from tui_backprop.panels.lines import Line, Role, Span
from tui_backprop.panels.picture.glyphs import MORE_ABOVE, MORE_BELOW, MORE_LEFT, MORE_RIGHT
from tui_backprop.panels.picture.layout import Region

_Glyph = tuple[str, Role]


class Canvas(Struct):
    """Texts and single glyphs in their places; what is put down later lies over what was there before."""

    height: int
    width: int
    _texts: dict[int, dict[int, Span]] = field(default_factory=dict)
    _glyphs: dict[int, dict[int, _Glyph]] = field(default_factory=dict)

    def text(self, row: int, column: int, text: str, role: Role = "plain", target: str | None = None) -> None:
        """Put a text down. It is seen whole or not at all, for half a number would be another number."""
        if text:
            self._texts.setdefault(row, {})[column] = Span(text, role, target)

    def glyph(self, row: int, column: int, glyph: str, role: Role) -> None:
        """Put a piece of a wire down."""
        self._glyphs.setdefault(row, {})[column] = (glyph, role)

    def is_free(self, row: int, column: int, width: int) -> bool:
        """Whether a text of that width would have the row to itself there, with a blank on both sides."""
        if not 0 <= row < self.height or column < 0 or column + width > self.width:
            return False
        first, last = column - 1, column + width
        texts = self._texts.get(row, {}).items()
        return not any(first <= place <= last for place in self._glyphs.get(row, {})) and not any(
            place <= last and place + len(span.text) > first for place, span in texts
        )

    def seen(self, focus: Region, width: int, height: int) -> tuple[Line, ...]:
        """The part of the canvas that a panel has room for, around the focus, with marks where there is more."""
        top = _start(self.height, height, focus.top, focus.bottom)
        left = _start(self.width, width, focus.left, focus.right)
        bottom, right = min(top + height, self.height), min(left + width, self.width)
        lines: list[Line] = []
        for row in range(top, bottom):
            vertical = MORE_ABOVE if row == top > 0 else MORE_BELOW if row == bottom - 1 < self.height - 1 else ""
            lines.append(self._line(row, left, right, vertical))
        return tuple(lines)

    def _line(self, row: int, left: int, right: int, mark: str) -> Line:
        more_left = left > 0 and self._has_anything(row, 0, left)
        mark += MORE_RIGHT if right < self.width and self._has_anything(row, right, self.width) else ""
        mark = mark[: right - left]
        start, end = left + more_left, right - len(mark)
        spans = [Span(MORE_LEFT, "marker")] if more_left and right > left else []
        at = start
        for place, span in self._pieces(row):
            if place < at or place + len(span.text) > end:
                continue
            if place > at:
                spans.append(Span(" " * (place - at)))
            spans.append(span)
            at = place + len(span.text)
        if mark:
            spans += [Span(" " * (end - at)), Span(mark, "marker")]
        return tuple(span for span in spans if span.text)

    def _has_anything(self, row: int, first: int, end: int) -> bool:
        return any(place < end and place + len(span.text) > first for place, span in self._pieces(row))

    def _pieces(self, row: int) -> Iterator[tuple[int, Span]]:
        """The texts and glyphs of a row from left to right; glyphs behind a text are left out."""
        texts = self._texts.get(row, {})
        covered = {place for start, span in texts.items() for place in range(start, start + len(span.text))}
        wires = {place: glyph for place, glyph in self._glyphs.get(row, {}).items() if place not in covered}
        pieces = [*texts.items(), *((place, Span(glyph, role)) for place, (glyph, role) in wires.items())]
        return iter(sorted(pieces, key=_place))


def joined(line: Line) -> Line:
    """The line with neighbouring pieces of a wire as one span."""
    spans: list[Span] = []
    for (role, target), run in groupby(line, key=lambda span: (span.role, span.target)):
        pieces = list(run)
        if target is None:
            spans.append(Span("".join(piece.text for piece in pieces), role))
        else:
            spans.extend(pieces)
    return tuple(spans)


def _place(piece: tuple[int, Span]) -> int:
    return piece[0]


def _start(size: int, room: int, first: int, last: int) -> int:
    """The first row or column seen, so that the focus stands in the middle where it can."""
    return min(max((first + last - room) // 2, 0), max(size - room, 0))
