"""How does a string from outside become safe to draw, so that it is neither an escape sequence nor invisible?"""

from __future__ import annotations

import unicodedata

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_text(text: str) -> str:
    """The text in one line, with a replacement character for every control, bidirectional or unassigned one.

    All text that a scenario, a file name or an argument brings goes through here before anything draws it.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " "
        if character in "\t\n\r"
        else _REPLACEMENT
        if unicodedata.category(character) in _REFUSED_CATEGORIES
        else character
        for character in text
    )
