"""What curves and maps share: the numbers beside their rows and below them, and what stands over their dots."""

from __future__ import annotations

from collections.abc import Iterable

from tui_backprop.charset import Charset
from tui_backprop.numbers import four_digits
from tui_backprop.panels.lines import Line, Role, Span

Marks = dict[tuple[int, int], tuple[str, Role]]
"""What stands in a cell of a picture, by column and row, with its role."""


def margin_of(top: str, bottom: str) -> int:
    """The cells left of the dots, for the numbers and the axis."""
    return max(len(top), len(bottom)) + 2


def beside_axis(rows: Iterable[Line], top: str, bottom: str) -> list[Line]:
    """The rows with the axis at their left, a number at its upper and at its lower end."""
    lines, room = [*rows], margin_of(top, bottom) - 2
    labels = {len(lines) - 1: bottom, 0: top}
    return [
        (Span(f"{labels.get(place, ''):>{room}} {'┤' if place in labels else '│'}", "axis"), *line)
        for place, line in enumerate(lines)
    ]


def axis_between(low: float, high: float, margin: int, width: int, charset: Charset) -> Line:
    """The axis below the rows, with the numbers at its ends."""
    left, right = four_digits(low, charset), four_digits(high, charset)
    between = "─" * max(0, width - margin - len(left) - len(right))
    return (Span(f"{' ' * (margin - 1)}└{left}{between}{right}", "axis"),)


def with_marks(rows: Iterable[str], marks: Marks) -> list[Line]:
    """Rows of dots with what stands over them."""
    lines: list[Line] = []
    for place, text in enumerate(rows):
        spans: list[Span] = []
        done = 0
        for column in sorted(column for column, row in marks if row == place):
            glyph, role = marks[column, place]
            spans.extend((Span(text[done:column], "curve"), Span(glyph, role)))
            done = column + 1
        lines.append(tuple(span for span in (*spans, Span(text[done:], "curve")) if span.text))
    return lines
