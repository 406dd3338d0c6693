"""What panels hand to whoever shows them: lines of spans, each text with a role, which is a meaning, not a colour."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.charset import CHARACTERS, Charset, drawn
from tui_backprop.safe_text import MOST_CHARACTERS_A_CELL, beginning, cell_width

Role = Literal[
    "plain",
    "heading",
    "name",
    "value",
    "gradient",
    "factor",
    "active",
    "stale",
    "dim",
    "note",
    "warning",
    "edge",
    "active_edge",
    "path_edge",
    "positive_edge",
    "negative_edge",
    "seed",
    "update",
    "unknown",
    "curve",
    "axis",
    "marker",
    "key",
    "example",
    # The areas of a map, each from its weakest shade to its strongest.
    "area_0_0",
    "area_0_1",
    "area_0_2",
    "area_0_3",
    "area_1_0",
    "area_1_1",
    "area_1_2",
    "area_1_3",
    "area_2_0",
    "area_2_1",
    "area_2_2",
    "area_2_3",
    "area_3_0",
    "area_3_1",
    "area_3_2",
    "area_3_3",
]

SHADES = 4
"""How many shades an area of a map has."""


class Span(Struct, frozen=True):
    """A piece of a line. `target` is the node or parameter that a click on it goes to, `ground` the role that
    has the colour behind it, where that is not the panel's own."""

    text: str
    role: Role = "plain"
    target: str | None = None
    ground: Role | None = None


Line = tuple[Span, ...]


def width_of(line: Line) -> int:
    """How many cells a line takes."""
    return sum(cell_width(span.text) for span in line)


def cut(line: Line, width: int, charset: Charset) -> Line:
    """The line, cut to a width; an ellipsis tells that something is missing."""
    if width_of(line) <= width:
        return line
    kept: list[Span] = []
    ellipsis = CHARACTERS[charset].ellipsis[: max(0, width)]
    room = width - len(ellipsis)
    for span in line:
        if room <= 0:
            break
        kept.append(replace(span, text=beginning(span.text, room)))
        room -= cell_width(span.text)
    return (*kept, Span(ellipsis, "dim")) if ellipsis else ()


# A number with its sign, and the parenthesis before it; not what a name ends with.
_NUMBER = re.compile(r"(?<![\w.])\(?[-−]?\d[\d.,]*(?:e[-−]?\d+)?")
_LONGEST_NUMBER = 32


def wrapped(text: str, width: int, indent: int = 0, charset: Charset = "unicode") -> tuple[str, ...]:
    """The text broken into lines at spaces (in formulas: around + and −), later lines indented.

    A number is broken nowhere: later lines begin further left, where one would have no room else; one that is longer
    than a whole line is cut, with an ellipsis.
    """
    width = max(width, 8)
    indent = min(indent, width // 2, max(0, width - max(map(len, _NUMBER.findall(text)), default=0)))
    lines: list[str] = []
    rest = text
    while True:
        room = width if not lines else width - indent
        prefix = "" if not lines else " " * indent
        fits = len(beginning(rest[: room * MOST_CHARACTERS_A_CELL], room))
        if fits == len(rest):
            lines.append(prefix + rest)
            return tuple(lines)
        at, after = _break(rest, fits, CHARACTERS[charset].ellipsis)
        lines.append(prefix + at.rstrip())
        rest = after.lstrip()


def _break(rest: str, fits: int, ellipsis: str) -> tuple[str, str]:
    """What stands before a break in a text of which so many characters fit into a line, and what stands after it."""
    at = rest.rfind(" ", 1, fits + 1)
    if at <= 0:
        at = next((place + 1 for place in range(fits - 1, 0, -1) if rest[place] in "·*"), fits)
    number = next(
        (found for found in _NUMBER.finditer(rest[: fits + _LONGEST_NUMBER]) if found.start() < at < found.end()), None
    )
    if number is None:
        return rest[:at], rest[at:]
    if number.start() > 0:
        return rest[: number.start()], rest[number.start() :]
    return rest[: at - len(ellipsis)] + ellipsis, rest[number.end() :]


def drawing(lines: Iterable[Line], charset: Charset) -> tuple[Line, ...]:
    """Lines that are a drawing, cell for cell in the charset."""
    if charset == "unicode":
        return tuple(lines)
    return tuple(tuple(replace(span, text=drawn(span.text, charset)) for span in line) for line in lines)
