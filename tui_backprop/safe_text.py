"""A string from outside made safe to draw, and how many cells it then takes.

Safe means: neither an escape sequence, nor invisible, nor drawn wider or narrower than it is counted.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MOST_MARKS = 4
"""How many marks may be stacked on one letter; no script needs more, and a flood of them covers the lines above."""
MOST_CHARACTERS_A_CELL = MOST_MARKS + 2
"""Of a text that is longer than this times the room it has, the rest need not be looked at."""

_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Mc", "Me"})
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"}) | _MARKS
_BLANK_BRAILLE = "\u2800"

# What Unicode calls ignorable by default and files under letters or marks: fillers, joiners, variation selectors.
_INVISIBLE = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
# Skin colours: some terminals draw them into the picture before, others beside it.
_MODIFIERS = "[\U0001f3fb-\U0001f3ff]"
# Signs that became wide with Unicode 16: terminals, and versions of Rich, do not agree on them.
_WIDE_SINCE_16 = "[\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d356\U0001d360-\U0001d376]"
# The later parts of a Hangul syllable, drawn into the cells of its first part.
_JOINED = "[\u1161-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]"

# Letters and signs that lessons are made of: all of them are safe, and each takes one cell.
_ORDINARY = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0482\u2010-\u2027\u2030-\u205e\u2070\u2071\u2074-\u208e"
    "\u2190-\u2319\u2500-\u25fc\u2800-\u28ff]*"
)


def safe_text(text: str) -> str:
    """The text in one line, with a replacement character for each one that is not safe to draw.

    All text that a scenario, a file name or an argument brings goes through here before anything draws it. The result
    has as many characters as the text, so that a place in the one is a place in the other.
    """
    if (text.isascii() and text.isprintable()) or _ORDINARY.fullmatch(text):
        return text
    made: list[str] = []
    marks = MOST_MARKS
    for character in text:
        category = unicodedata.category(character)
        # With nothing before it, a mark would be drawn over what stands there already.
        marks = marks + 1 if category in _MARKS else 0
        if character in "\t\n\r":
            made.append(" ")
        elif category in _REFUSED_CATEGORIES or marks > MOST_MARKS or _is_ambiguous(character):
            made.append(REPLACEMENT)
        else:
            made.append(character)
    return "".join(made)


def _is_ambiguous(character: str) -> bool:
    return any(re.match(kind, character) for kind in (_INVISIBLE, _MODIFIERS, _WIDE_SINCE_16))


def is_visible(text: str) -> bool:
    """Whether anything of the text can be seen: spaces, what has no width, and marks with no letter cannot."""
    if text.isascii():
        return bool(text.strip())
    return any(
        unicodedata.category(character) not in _UNSEEN_CATEGORIES
        and not re.match(_INVISIBLE, character)
        and character != _BLANK_BRAILLE
        for character in text
    )


def without_controls(text: str) -> str:
    """Text of several lines in which every control, bidirectional or unassigned character is replaced.

    For what is put together from safe texts and data: it alters no letter and no mark.
    """
    if text.replace("\n", "").isprintable():
        return text
    return "".join(
        REPLACEMENT if character != "\n" and unicodedata.category(character) in _REFUSED_CATEGORIES else character
        for character in text
    )


def cell_width(text: str) -> int:
    """How many cells a safe text takes in a terminal: two for a wide character, none for a mark on the one before."""
    return len(text) if text.isascii() or _ORDINARY.fullmatch(text) else sum(map(_cells, text))


def beginning(text: str, cells: int) -> str:
    """As much of a safe text as fits into so many cells."""
    if text.isascii() or _ORDINARY.fullmatch(text):
        return text[: max(0, cells)]
    for place, character in enumerate(text):
        cells -= _cells(character)
        if cells < 0:
            return text[:place]
    return text


def _cells(character: str) -> int:
    if unicodedata.category(character) in _MARKS or re.match(_JOINED, character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
