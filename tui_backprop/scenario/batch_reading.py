"""The field that says which examples an update sees: `batch: 2`, `{size: 2, last: wrap}` or `{size: 2, shuffle: 7}`."""

from __future__ import annotations

from typing import NamedTuple

from tui_backprop.scenario.csv_table import MOST_EXAMPLES
from tui_backprop.scenario.draft import Draft
from tui_backprop.scenario.fields import known_entries, read_choice, read_integer, required
from tui_backprop.scenario.random_numbers import MOST_SEED
from tui_backprop.scenario.tree import Mapping, Node

_WRAP = "wrap"
_ENDS = ("short", _WRAP)


class Batches(NamedTuple):
    """How the examples are divided; the fields are a scenario's `batch`, `wraps` and `shuffle`."""

    size: int | None = None
    wraps: bool = False
    shuffle: int | None = None


def read_batches(draft: Draft, node: Node) -> Batches:
    """What the field says, as far as it can be read; what is wrong with it is noted."""
    report = draft.report
    if not isinstance(node, Mapping):
        return Batches(_size(draft, node, "'batch'"))
    entries = known_entries(report, node, "'batch'", ("size", "last", "shuffle"))
    size = required(report, node, entries, "'batch'", "size", "write how many examples an update sees: {size: 2}")
    last = read_choice(report, entries["last"].value, "last batch", _ENDS) if "last" in entries else None
    shuffle = (
        read_integer(report, entries["shuffle"].value, "'shuffle'", 0, MOST_SEED) if "shuffle" in entries else None
    )
    if last == _WRAP and shuffle is not None:
        message = "batches that wrap go on without passes, so there is nothing to shuffle for each of them"
        report.add(entries["shuffle"].key.place, message, "remove 'last: wrap', or 'shuffle'")
    return Batches(None if size is None else _size(draft, size, "'size'"), last == _WRAP, shuffle)


def _size(draft: Draft, node: Node, what: str) -> int | None:
    # Where the examples cannot be counted, something is wrong with them already.
    most = MOST_EXAMPLES if draft.example_count is None else draft.example_count
    return read_integer(draft.report, node, what, 1, most, f"the number of examples is {most:,}")
