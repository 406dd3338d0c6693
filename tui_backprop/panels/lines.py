"""What do the panels hand to whoever shows them? Lines of spans, each text with a role: a meaning, not a colour."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

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
    "seed",
    "update",
    "unknown",
    "curve",
    "axis",
    "marker",
    "key",
]


class Span(Struct, frozen=True):
    """A piece of a line. `target` is the node or parameter that a click on it goes to."""

    text: str
    role: Role = "plain"
    target: str | None = None


Line = tuple[Span, ...]


def width_of(line: Line) -> int:
    """How many cells a line takes."""
    return sum(cell_width(span.text) for span in line)


def cut(line: Line, width: int) -> Line:
    """The line, cut to a width; an ellipsis tells that something is missing."""
    if width_of(line) <= width:
        return line
    kept: list[Span] = []
    room = max(0, width - 1)
    for span in line:
        if room <= 0:
            break
        kept.append(replace(span, text=beginning(span.text, room)))
        room -= cell_width(span.text)
    return (*kept, Span("…", "dim")) if width > 0 else ()


def wrapped(text: str, width: int, indent: int = 0) -> tuple[str, ...]:
    """The text broken into lines at spaces (in formulas: around + and −), later lines indented."""
    width = max(width, 8)
    indent = min(indent, width // 2)
    lines: list[str] = []
    rest = text
    while True:
        room = width if not lines else width - indent
        prefix = "" if not lines else " " * indent
        fits = len(beginning(rest[: room * MOST_CHARACTERS_A_CELL], room))
        if fits == len(rest):
            lines.append(prefix + rest)
            return tuple(lines)
        at = rest.rfind(" ", 1, fits + 1)
        if at <= 0:
            at = next((place + 1 for place in range(fits - 1, 0, -1) if rest[place] in "·*"), fits)
        lines.append(prefix + rest[:at].rstrip())
        rest = rest[at:].lstrip()


_IN_ASCII = str.maketrans(
    {
        **dict.fromkeys("─╌┄", "-"),
        **dict.fromkeys("│", "|"),
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
        **dict.fromkeys("▶›→", ">"),
        **dict.fromkeys("◀‹←", "<"),
        **dict.fromkeys("·×", "*"),
        **dict.fromkeys("●∘▲", "o"),
        **dict.fromkeys("█▓", "#"),
        **dict.fromkeys("░▒", "."),
        "−": "-",
        "≈": "~",
        "↑": "^",
        "↓": "v",
        "δ": "d",
        "∂": "d",
        "η": "n",
        "…": ".",
        "▕": "[",
        "▏": "]",
        "Σ": "S",
        "½": "/",
    }
)


def in_ascii(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines in ASCII, sign for sign: every glyph keeps its cell. Braille becomes dots by how full it is."""
    return tuple(tuple(replace(span, text=_ascii(span.text)) for span in line) for line in lines)


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        character
        if character.isascii()
        else " .:*#"[min(4, (ord(character) - 0x2800).bit_count())]
        if 0x2800 <= ord(character) <= 0x28FF
        else "?" * cell_width(character)
        for character in text.translate(_IN_ASCII)
    )
