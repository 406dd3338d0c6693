"""What is around the program: whether there is a terminal, and which characters it can show."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from tui_backprop.charset import Charset


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is open and leads to a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


_PAGE_DRIVER = "textual.drivers.web_driver:WebDriver"


def is_served() -> bool:
    """Whether the screen is a web page: textual-serve says so in the environment, and speaks through two pipes.

    Where either of them is a terminal, the variable is left over from something else.
    """
    return os.environ.get("TEXTUAL_DRIVER") == _PAGE_DRIVER and not any(map(is_terminal, (sys.stdin, sys.stdout)))


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
