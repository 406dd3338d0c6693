"""A curve as characters: a grid of dots, two wide and four high in each cell."""

from __future__ import annotations

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BLANK = 0x2800


class DotCanvas:
    """Dots that become rows of braille characters; dot (0, 0) is at the top left."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.dots_across = width * 2
        self.dots_down = height * 4
        self._cells = [bytearray(width) for _ in range(height)]

    def dot(self, x: int, y: int) -> None:
        """Set one dot; outside the canvas nothing happens."""
        if 0 <= x < self.dots_across and 0 <= y < self.dots_down:
            self._cells[y >> 2][x >> 1] |= _DOTS[x & 1][y & 3]

    def column(self, x: int, top: int, bottom: int) -> None:
        """Set the dots of a column from top to bottom, both included."""
        for y in range(max(0, top), min(self.dots_down - 1, bottom) + 1):
            self.dot(x, y)

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Join two dots, column by column, without gaps."""
        if x1 == x0:
            self.column(x0, min(y0, y1), max(y0, y1))
            return
        step = 1 if x1 > x0 else -1
        previous = y0
        for x in range(x0, x1 + step, step):
            y = round(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
            self.column(x, min(previous, y) + (previous < y), max(previous, y) - (previous > y))
            self.dot(x, y)
            previous = y

    def rows(self) -> list[str]:
        """The canvas as text; an empty cell is a space."""
        return ["".join(chr(_BLANK + cell) if cell else " " for cell in row) for row in self._cells]
