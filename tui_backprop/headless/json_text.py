"""A record as JSON that can also be read in a terminal."""

from __future__ import annotations

import json
import re
from typing import Any

from tui_backprop.safe_text import safe_text

_NOT_PRINTABLE_ASCII = re.compile(r"[^\n -~]")


def dumped(part: Any, indent: int | None = None) -> str:
    """The JSON text of a record, letters as they are; what is not safe to show in a terminal is escaped.

    Raises ValueError for NaN and infinities: JSON has no such numbers.
    """
    text = json.dumps(part, ensure_ascii=False, allow_nan=False, indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return _NOT_PRINTABLE_ASCII.sub(_escaped_where_unsafe, text)


def _escaped_where_unsafe(match: re.Match[str]) -> str:
    character = match.group()
    # Behind a letter, where it stands in the text too: a mark alone would not be safe.
    return character if safe_text(f"a{character}")[1] == character else json.dumps(character)[1:-1]
