"""What is around the program: is there a terminal, and which characters can be shown?"""

from __future__ import annotations

import locale
import os
import sys
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from tui_backprop.session import Charset

_IN_ASCII = MappingProxyType(
    {
        **{"−": "-", "–": "-", "—": "-", "·": "*", "×": "*", "←": "<-", "→": "->", "≤": "<=", "≥": ">=", "≠": "!="},
        **{"∂": "d", "Σ": "sum of", "∞": "Infinity", "…": "...", "≈": "~", "’": "'", "‘": "'", "“": '"', "”": '"'},
    }
)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is open and leads to a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def can_draw() -> bool:
    """Whether there is a terminal that a screen can be drawn on and that keys can be read from."""
    return os.environ.get("TERM", "").lower() not in ("dumb", "unknown") and all(
        map(is_terminal, (sys.stdin, sys.stdout))
    )


def default_charset(environment: Mapping[str, str] = os.environ) -> Charset:
    """What the locale can show: `unicode` where it is a UTF-8 one, else `ascii`."""
    if sys.platform == "win32":
        return "unicode"
    language = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    # At its start Python turns the C locale into C.UTF-8 by setting LC_CTYPE; the user asked for the C locale.
    was_turned = language == "C.UTF-8" and not environment.get("LC_ALL")
    if was_turned and environment.get("LANG") in ("C", "POSIX"):
        return "ascii"
    encoding = language.partition(".")[2].partition("@")[0] or locale.getencoding()
    return "unicode" if encoding.lower().replace("-", "") == "utf8" else "ascii"


def in_charset(text: str, charset: Charset) -> str:
    """The text as it can be printed; for `ascii`, every other sign is spelled out: η is eta, x² is x^2, ≤ is <=.

    What has no spelling becomes its number, because a question mark could be anything.
    """
    if charset == "unicode" or text.isascii():
        return text
    spelled = "".join(character if character.isascii() else _spelled(character) for character in text)
    return spelled.encode("ascii", "backslashreplace").decode("ascii")


def _spelled(character: str) -> str:
    if character in _IN_ASCII:
        return _IN_ASCII[character]
    name = unicodedata.name(character, "")
    if name.startswith("GREEK SMALL LETTER ") and " WITH " not in name:
        return name.rpartition(" ")[2].lower().replace("lamda", "lambda")
    kind, _, parts = unicodedata.decomposition(character).rpartition(">")
    plain = "".join(sign for sign in (chr(int(part, 16)) for part in parts.split()) if sign.isascii())
    return f"^{plain}" if plain and kind == "<super" else plain or character
