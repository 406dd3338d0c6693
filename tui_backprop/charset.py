"""The characters of each charset: those that text is made of from the start, and the twins of those in drawings.

Text of the program is made of `CHARACTERS[charset]`; sentences of others, such as a lesson's title and notes, are
`spelled` before they are measured, broken or cut. In a drawing every character is a cell, and is replaced by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

Charset = Literal["unicode", "ascii"]


class Characters(Struct, frozen=True):
    """How the parts of formulas, statements and lines are written.

    becomes: between a parameter and its update. to: between a number and what it has become.
    nabla: before what a vector of gradients is of.
    between: parts of a line that have nothing to do with each other. ellipsis: where something is left out.
    entrywise: the product of two matrices entry by entry. transposed: behind such a matrix. slope: behind a function,
    its derivative. by: between rows and columns. unknown: in place of a number that is not there yet; none: of one that
    never is.
    """

    minus: str
    nearly: str
    times: str
    partial: str
    nabla: str
    total: str
    eta: str
    becomes: str
    infinity: str
    between: str
    ellipsis: str
    left: str
    right: str
    up: str
    down: str
    to: str
    entrywise: str
    transposed: str
    slope: str
    by: str
    unknown: str
    none: str


CHARACTERS: Mapping[Charset, Characters] = MappingProxyType(
    {
        "unicode": Characters(
            *(
                "−",
                "≈",
                "·",
                "∂",
                "∇",
                "Σ",
                "η",
                "←",
                "∞",
                " · ",
                "…",
                "←",
                "→",
                "↑",
                "↓",
                "→",
                "⊙",
                "ᵀ",
                "′",
                "×",
                "·",
                "—",
            )
        ),
        "ascii": Characters(
            minus="-",
            nearly="~",
            times="*",
            partial="d",
            nabla="grad ",
            total="sum of",
            eta="eta",
            becomes="<-",
            infinity="Infinity",
            between=" | ",
            ellipsis="...",
            left="left",
            right="right",
            up="up",
            down="down",
            to="->",
            entrywise=".*",
            transposed="^T",
            slope="'",
            by="x",
            unknown=".",
            none="--",
        ),
    }
)

# --- text of others

_SPELLINGS = MappingProxyType(
    {
        **{"−": "-", "–": "-", "—": "-", "·": "*", "×": "*", "←": "<-", "→": "->", "≤": "<=", "≥": ">=", "≠": "!="},
        **{
            "∂": "d",
            "∇": "grad ",
            "Σ": "sum of",
            "∞": "Infinity",
            "…": "...",
            "⁄": "/",
            "≈": "~",
            "ŷ": "yhat",
            "⊙": ".*",
        },
        **{"’": "'", "‘": "'", "′": "'", "“": '"', "”": '"'},
    }
)
_FRACTION = re.compile("[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]")
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")


def spelled(text: str, charset: Charset) -> str:
    """The text as the charset can show it; for `ascii`, every other sign is spelled out: η is eta, x² is x^2, ≤ is <=.

    What has no spelling becomes its number, because a question mark could be anything.
    """
    if charset == "unicode" or text.isascii():
        return text
    text = _FRACTION.sub(_spelled_fraction, unicodedata.normalize("NFC", text))
    made: list[str] = []
    for is_raised, run in groupby(text, _is_raised):
        plain = "".join(map(_spelled, run))
        made.append(f"^{plain}" if is_raised else plain)
    return "".join(made)


def _spelled_fraction(match: re.Match[str]) -> str:
    """A fraction, parted from the digit before it, and from what it multiplies: ½x is not one over 2x."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    multiplied = "*" if after == "(" or after.isalnum() else ""
    return f"{' ' if before.isdigit() else ''}{unicodedata.normalize('NFKD', match[0]).replace('⁄', '/')}{multiplied}"


def _is_raised(character: str) -> bool:
    return unicodedata.decomposition(character).startswith("<super>")


def _spelled(character: str) -> str:
    if character.isascii():
        return character
    if character in _SPELLINGS:
        return _SPELLINGS[character]
    greek = _GREEK.fullmatch(unicodedata.name(character, ""))
    if greek:
        name = greek[2].lower().replace("lamda", "lambda")
        return name if greek[1] == "SMALL" else name.title()
    parts = [_SPELLINGS.get(part, part) for part in unicodedata.normalize("NFKD", character)]
    plain = "".join(part for part in parts if part.isascii())
    return plain or character.encode("ascii", "backslashreplace").decode("ascii")


def spelled_around(text: str, start: int, length: int, charset: Charset) -> tuple[str, int, int]:
    """The text as the charset can show it, and where in it a place of the text is then: its start and length."""
    parts = (text[:start], text[start : start + length], text[start + length :])
    before, inside, after = (spelled(part, charset) for part in parts)
    return f"{before}{inside}{after}", len(before) + max(0, start - len(parts[0])), len(inside) or length


# --- drawings

_BRAILLE = 0x2800
_TWINS = (
    *(("─╌┄", "-"), ("│", "|"), ("╭╮╰╯┌┐└┘├┤┬┴┼", "+")),
    *(("━┯┷", "="), ("┃┏┓┗┛┠┡┢┨┩┪┱┲┹┺┣┫", "#")),
    *(("⎡⎢⎣⎤⎥⎦", "|"),),
    *(("▶▸›", ">"), ("◀‹", "<"), ("▴", "^"), ("▾▼", "v"), ("⋮", ":")),
    *(
        ("●∘▲", "o"),
        ("◆", "@"),
        ("✓○", "x"),
        ("█▓", "#"),
        ("░·", "."),
        ("▒", ":"),
        ("▀", "'"),
        ("▄", ","),
        ("▕", "["),
        ("▏", "]"),
    ),
    # Dots, by how full their cell is.
    *((chr(_BRAILLE + dots), " .:*#"[min(4, dots.bit_count())]) for dots in range(256)),
)
_DRAWN = str.maketrans({character: twin for characters, twin in _TWINS for character in characters})


def drawn(drawing: str, charset: Charset) -> str:
    """A piece of a drawing, cell for cell: lines, bars, dots, arrows and marks."""
    return drawing if charset == "unicode" or drawing.isascii() else drawing.translate(_DRAWN)
