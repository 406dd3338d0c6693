"""What a scenario file says, and where: records of scalars, sequences and mappings with their places."""

from __future__ import annotations

from typing import Literal, Union

from msgspec import Struct

from tui_backprop.errors import Place

MERGE_KEY = "<<"
"""With it YAML takes the entries of another mapping; scenarios have no such thing."""


class Scalar(Struct, frozen=True):
    """A piece of text. Lines and columns count from 1, in characters; the end is the first place after it.

    text_column: the column at which the text stands in the file letter for letter, in one line; None where it is
        written otherwise (over several lines, or with escapes).
    refused: something is wrong with it that has been reported; readers pass over it in silence.
    """

    text: str
    style: Literal["plain", "quoted", "block"]
    line: int
    column: int
    end_line: int
    end_column: int
    text_column: int | None = None
    refused: bool = False

    @property
    def place(self) -> Place:
        """Where it begins, and how long it is where it is in one line."""
        in_one_line = self.end_line == self.line
        return Place(self.line, self.column, max(1, self.end_column - self.column) if in_one_line else 1)

    def place_at(self, start: int, end: int) -> Place:
        """The place of text[start:end]; the whole scalar's where the text stands otherwise in the file."""
        if self.text_column is None:
            return self.place
        start = min(max(0, start), len(self.text))
        end = min(max(start + 1, end), max(start + 1, len(self.text)))
        return Place(self.line, self.text_column + start, end - start)


class Sequence(Struct, frozen=True):
    """A list. `flow`: it is written in brackets."""

    items: tuple[Node, ...]
    place: Place
    flow: bool


class Pair(Struct, frozen=True):
    """One `key: value` of a mapping."""

    key: Scalar
    value: Node


class Mapping(Struct, frozen=True):
    """`key: value` entries in file order; a key that was there before is `refused`. `flow`: it is written in braces."""

    entries: tuple[Pair, ...]
    place: Place
    flow: bool

    @property
    def merges(self) -> bool:
        """Whether more entries are meant than stand here: there is a merge key, which has been refused."""
        return any(entry.key.refused and entry.key.text == MERGE_KEY for entry in self.entries)

    def get(self, key: str) -> Pair | None:
        """The entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


Node = Union[Scalar, Sequence, Mapping]  # noqa: UP007 - the classes above refer to it before it exists
