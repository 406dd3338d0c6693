"""Columns of words where numbers are wanted, in a table or in the examples of a file: which ones, and the remedy."""

from __future__ import annotations

from collections.abc import Sequence

from tui_backprop.numbers import NumberError, read_number
from tui_backprop.scenario.fields import plain_name
from tui_backprop.scenario.nearest import counted, listed, shown

_MOST_NUMBERED = 3


def words_in(cells: Sequence[str]) -> tuple[str, ...]:
    """The different words of a column of nothing but words, in their order; empty where it is none."""
    # A single one may be a slip, and of most columns the first cell says that they are none.
    if len(cells) < 2 or not (is_word(cells[0]) and all(map(is_word, cells))):
        return ()
    return tuple(dict.fromkeys(cells))


def is_word(cell: str) -> bool:
    """Whether a cell is no number and no slip in writing one; for yes and no there is a remedy of their own."""
    try:
        read_number(cell)
    except NumberError as error:
        return error.message == f"'{cell}' is not a number" and error.help.startswith("write a decimal")
    return False


def words_problem(name: str, words: Sequence[str], count: int) -> tuple[str, str]:
    """Message and help for a column of words that is used as numbers: `count` cells, the first of `words` first."""
    numbered = [f"{number} for {shown(word)}" for number, word in enumerate(words[:_MOST_NUMBERED])]
    more = " …" if len(words) > _MOST_NUMBERED else ""
    columns = listed((plain_name(f"{name}_{word}") for word in words), _MOST_NUMBERED)
    message = f"'{shown(words[0])}' is a word, not a number (and {count - 1:,} more like it, "
    message += f"{counted(len(words), 'word')} in all)"
    return message, (
        f"number the words, {', '.join(numbered)}{more}; or write a 1 or a 0 for each word "
        f"into a column of its own, {columns}"
    )
