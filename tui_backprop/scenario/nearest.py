"""The known name that someone probably meant, and how names and counts stand in a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui_backprop.other_words import spelled_like
from tui_backprop.safe_text import safe_text

# Comparing is quadratic in the length of the words: what is longer is no slip of the finger, and a file may hold
# thousands of names.
_LONGEST = 40
_MOST_COMPARED = 2_000

MOST_LINES = 4
"""How many lines are named of problems that are told as one."""

MOST_LISTED = 8
"""How many names a message lists where nothing else is said."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The known name most like the word, or None where none is near."""
    if not word or len(word) > _LONGEST:
        return None
    near_in_length = [name for name in names if abs(len(name) - len(word)) <= 2 + len(word) // 3][:_MOST_COMPARED]
    lowered: dict[str, str] = {}
    for name in near_in_length:
        if name != word:
            lowered.setdefault(name.lower(), name)
    if word.lower() in lowered:
        return lowered[word.lower()]
    found = spelled_like(word.lower(), lowered)
    return lowered[found] if found is not None else None


def shown(text: str, most: int = 40) -> str:
    """The text for a message: in one line, safe to draw, and cut where it would fill the screen."""
    return safe_text(text if len(text) <= most else text[: most - 1] + "…")


def listed(names: Iterable[str], most: int = MOST_LISTED, total: int | None = None) -> str:
    """Names for a message: `a, b, c`, and how many more where there are too many to read.

    total: how many names there are, where `names` has only the first `most + 1` of them.
    """
    names = list(names)
    total = len(names) if total is None else total
    if total <= most + 1:
        return ", ".join(shown(name) for name in names)
    return f"{', '.join(shown(name) for name in names[:most])} and {total - most} more"


def counted(number: int, one: str, several: str = "") -> str:
    """`1 row`, `2 rows`; `several` where the plural does not just end in s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def likewise(count: int, lines: Sequence[int], here: int = 0) -> str:
    """What follows a message that is told once for several places: how many more, and their lines but for this one."""
    if not count:
        return ""
    elsewhere = [str(line) for line in dict.fromkeys(lines) if line != here]
    told = ", ".join(elsewhere[:MOST_LINES]) + (" …" if len(elsewhere) > MOST_LINES else "")
    where = f", in line{'s' if len(elsewhere) > 1 else ''} {told}" if elsewhere else " in this line"
    return f" (and {count:,} more like it{where})"


def did_you_mean(word: str, names: Iterable[str], otherwise: str) -> str:
    """The help for an unknown word: the nearest name where one is near, else what is said otherwise."""
    near = nearest(word, names)
    return f"did you mean '{near}'?" if near else otherwise
