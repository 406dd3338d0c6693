"""The column of everything, and what runs through the columns between a node and its distant users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from tui_backprop.panels.picture.shape import Edge, Shape, relations_of


class Item(Struct, frozen=True):
    """Something that takes up rows of a column: the box of a node or leaf, or a lane, through which its wire passes."""

    name: str
    column: int
    kind: Literal["node", "leaf", "lane"]


Link = tuple[Item, Item]
"""Two items of neighbouring columns, the left one with the wire, the right one reached by it."""


class Columns(Struct, frozen=True):
    """The items of every column, top to bottom, and the links from each column to the next."""

    items: tuple[tuple[Item, ...], ...]
    links: tuple[tuple[Link, ...], ...]

    def ordered(self, items: list[list[Item]]) -> Columns:
        """The same with the items in another order."""
        return Columns(tuple(tuple(column) for column in items), self.links)


def columns_of(shape: Shape) -> Columns:
    """Columns with their items in the order in which one meets them walking back from the loss: trees do not cross."""
    users = relations_of(shape).users
    column_of = _columns_of_names(shape, users)
    met, edge_met = _walk_back(shape, users)
    count = 1 + max(column_of.values(), default=0)
    ranked: list[list[tuple[int, Item]]] = [[] for _ in range(count)]
    links: list[list[Link]] = [[] for _ in range(count - 1)]
    box_of: dict[str, Item] = {}
    for name, column in column_of.items():
        item = box_of[name] = Item(name, column, "node" if name in shape.operands else "leaf")
        ranked[column].append((met[name], item))
        last = max((column_of[user] for user in users[name]), default=column)
        for between in range(column + 1, last):
            lane = Item(name, between, "lane")
            met_first = min(edge_met[user, name] for user in users[name] if column_of[user] > between)
            ranked[between].append((met_first, lane))
            links[between - 1].append((item, lane))
            item = lane
    for of, wrt in shape.edges():
        before = column_of[of] - 1
        source = box_of[wrt] if column_of[wrt] == before else Item(wrt, before, "lane")
        links[before].append((source, box_of[of]))
    items = tuple(tuple(item for _, item in sorted(column)) for column in ranked)
    return Columns(items, tuple(tuple(gap) for gap in links))


def main_path(shape: Shape) -> frozenset[Edge]:
    """The longest way back from the loss: the edges that are drawn straight before all others."""
    depth = _depths(shape)
    path: list[Edge] = []
    node = shape.loss if shape.loss in depth else shape.nodes[-1] if shape.nodes else ""
    while inner := [operand for operand in shape.operands.get(node, ()) if operand in depth]:
        deepest = max(inner, key=lambda operand: depth[operand])
        path.append((node, deepest))
        node = deepest
    return frozenset(path)


def _depths(shape: Shape) -> dict[str, int]:
    """For each node, how many nodes there are on the longest way to it, itself counted."""
    depth: dict[str, int] = {}
    for node in shape.nodes:
        depth[node] = 1 + max((depth[operand] for operand in shape.operands[node] if operand in depth), default=0)
    return depth


def _columns_of_names(shape: Shape, users: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Nodes as far left as their operands let them, but next to their users where that makes no wire longer."""
    column = _depths(shape)
    for node in reversed(shape.nodes):
        if users[node]:
            room = min(column[user] for user in users[node]) - 1
            if len(users[node]) >= sum(operand in column for operand in shape.operands[node]):
                column[node] = room
    for leaf in shape.leaves:
        column[leaf] = min((column[user] for user in users[leaf]), default=1) - 1
    first = min(column.values(), default=0)
    return {name: place - first for name, place in column.items()}


def _walk_back(shape: Shape, users: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, int], dict[Edge, int]]:
    """When each name and each edge is met, walking back depth first from the loss, then from what nothing uses."""
    met: dict[str, int] = {}
    edge_met: dict[Edge, int] = {}
    count = 0
    ends = [name for name in (*shape.nodes, *shape.leaves) if not users[name]]
    for start in (*(end for end in ends if end == shape.loss), *(end for end in ends if end != shape.loss)):
        met[start] = count = count + 1
        way = [(start, iter(_in_walking_order(shape, start)))]
        while way:
            node, rest = way[-1]
            operand = next(rest, None)
            if operand is None:
                way.pop()
                continue
            edge_met[node, operand] = count = count + 1
            if operand not in met:
                met[operand] = count
                way.append((operand, iter(_in_walking_order(shape, operand))))
    return met, edge_met


def _in_walking_order(shape: Shape, node: str) -> tuple[str, ...]:
    """The operands as the equation names them; but a single inner one first, so that leaves hang below the line."""
    operands = shape.operands.get(node, ())
    inner = tuple(operand for operand in operands if operand in shape.operands)
    if len(inner) != 1:
        return operands
    return (*inner, *(operand for operand in operands if operand not in shape.operands))
