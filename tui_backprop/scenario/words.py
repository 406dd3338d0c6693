"""Columns of words in a table or in the examples of a file: which ones, the inputs they become, and what is said where
numbers are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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


def words_problem(name: str, words: Sequence[str], count: int, as_inputs: str = "") -> tuple[str, str]:
    """Message and help for a column of words that is used as numbers: `count` cells, the first of `words` first.

    as_inputs: how such a column is made inputs where it stands; where nothing does it, they are written by hand.
    """
    numbered = [f"{number} for {shown(word)}" for number, word in enumerate(words[:_MOST_NUMBERED])]
    more = " …" if len(words) > _MOST_NUMBERED else ""
    message = f"'{shown(words[0])}' is a word, not a number (and {count - 1:,} more like it, "
    message += f"{counted(len(words), 'word')} in all)"
    if as_inputs:
        other_way = f"{as_inputs}, and use {inputs_told(name, words)} in place of {shown(name)}"
    else:
        columns = listed((plain_name(f"{name}_{word}") for word in words), _MOST_NUMBERED)
        other_way = f"write a 1 or a 0 for each word into a column of its own, {columns}"
    return message, f"number the words, {', '.join(numbered)}{more}; or {other_way}"


def inputs_told(column: str, words: Sequence[str]) -> str:
    """The first inputs that a column of words becomes, for a message."""
    first = inputs_of(column, words[:_MOST_NUMBERED])
    told = ", ".join(f"{shown(name)} (1 for {shown(word)}, else 0)" for name, word in first)
    return f"{told}{' …' if len(words) > _MOST_NUMBERED else ''}"


def inputs_of(column: str, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The inputs that a column of words becomes, `species_1`, `species_2` …, each with its word."""
    return ((f"{column}_{number}", word) for number, word in enumerate(words, start=1))
