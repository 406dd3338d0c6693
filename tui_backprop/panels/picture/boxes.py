"""The cells that the texts of a node or a leaf take up, and how generously cells are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from tui_backprop.panels.picture.columns import Item


class CellUse(Enum):
    """How generously cells are used: wide, where every edge has room for its number; airy; roomy; narrow, which saves
    columns; low, which saves rows too, at leaves."""

    WIDE = "wide"
    AIRY = "airy"
    ROOMY = "roomy"
    NARROW = "narrow"
    LOW = "low"


class BoxSize(Struct, frozen=True):
    """The cells to keep free for a node's texts, whatever they are at the moment; 0 for a text it never has.

    before: how many of the value's cells lie before the name: one for a parenthesis that comes and goes.
    """

    name: int
    value: int = 0
    gradient: int = 0
    before: int = 0


class BoxPlace(NamedTuple):
    """Where a text goes: the cell it begins in, and how many cells it has."""

    row: int
    column: int
    width: int


class Box(Struct, frozen=True):
    """The places of the texts of a node or leaf. The cells on both sides of the name are free, for marking it."""

    name: BoxPlace
    value: BoxPlace | None
    gradient: BoxPlace | None

    def places(self) -> tuple[BoxPlace, ...]:
        """All of them."""
        return tuple(place for place in (self.name, self.value, self.gradient) if place is not None)


class Spacing(Struct, frozen=True):
    """Cells between things, for one density."""

    lead: int
    """The least length of a wire before the first bar."""
    pitch: int
    """From a bar to the next."""
    tail: int
    """From the last bar to the arrow."""
    run: int
    """The least length of a wire that meets no bar, its arrow counted."""
    apart: int
    """Between a node's numbers and the next column."""
    below_node: int
    """Blank rows below a node's numbers."""
    below_leaf: int
    """Blank rows below a leaf's numbers."""
    beside: bool
    """Whether a leaf's gradient stands beside its value, not below it."""


SPACING = {
    CellUse.WIDE: Spacing(lead=9, pitch=2, tail=6, run=14, apart=4, below_node=3, below_leaf=1, beside=False),
    CellUse.AIRY: Spacing(lead=3, pitch=2, tail=3, run=5, apart=4, below_node=3, below_leaf=1, beside=False),
    CellUse.ROOMY: Spacing(lead=2, pitch=2, tail=2, run=4, apart=3, below_node=1, below_leaf=0, beside=False),
    CellUse.NARROW: Spacing(lead=1, pitch=1, tail=1, run=2, apart=1, below_node=0, below_leaf=0, beside=False),
    CellUse.LOW: Spacing(lead=1, pitch=1, tail=1, run=2, apart=1, below_node=0, below_leaf=0, beside=True),
}


def height_of(item: Item, sizes: Mapping[str, BoxSize], spacing: Spacing) -> int:
    """The rows of an item from its wire's row on, with the blank ones that it wants below."""
    if item.kind == "lane":
        return 1
    size = sizes[item.name]
    if item.kind == "leaf":
        return 1 + (size.gradient > 0 and not spacing.beside) + spacing.below_leaf
    return 1 + (size.value > 0) + (size.gradient > 0) + spacing.below_node


def boxes_in(
    items: Sequence[Item], rows: Mapping[Item, int], left: int, sizes: Mapping[str, BoxSize], spacing: Spacing
) -> dict[str, Box]:
    """The boxes of one column, their names beginning in column `left`; the values of leaves begin below each other."""
    value_at = left + 1 + max((sizes[item.name].name for item in items if item.kind == "leaf"), default=0)
    boxes: dict[str, Box] = {}
    for item in items:
        if item.kind == "leaf":
            boxes[item.name] = _leaf_box(sizes[item.name], rows[item], left, value_at, spacing)
        elif item.kind == "node":
            boxes[item.name] = _node_box(sizes[item.name], rows[item], left)
    return boxes


def _leaf_box(size: BoxSize, row: int, left: int, value_at: int, spacing: Spacing) -> Box:
    value = BoxPlace(row, value_at, size.value) if size.value else None
    gradient = None
    if size.gradient:
        beside = BoxPlace(row, value_at + size.value + (2 if size.value else 0), size.gradient)
        gradient = beside if spacing.beside else BoxPlace(row + 1, value_at, size.gradient)
    return Box(BoxPlace(row, left, size.name), value, gradient)


def _node_box(size: BoxSize, row: int, left: int) -> Box:
    value = BoxPlace(row + 1, left - size.before, size.value) if size.value else None
    gradient = BoxPlace(row + 1 + (size.value > 0), left, size.gradient) if size.gradient else None
    return Box(BoxPlace(row, left, size.name), value, gradient)


def wire_start(box: Box) -> int:
    """The column in which the wire of a box begins: a blank after the texts in its row."""
    return 1 + max(place.column + place.width for place in box.places() if place.row == box.name.row)


def texts_end(box: Box) -> int:
    """The first column right of all texts of a box."""
    return max(place.column + place.width for place in box.places())
