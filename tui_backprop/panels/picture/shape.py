"""What is to be drawn: names and who uses whom; and, of a graph too large to draw, the part near one node."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Edge = tuple[str, str]
"""(of, wrt): the node that uses, and the operand it uses, in the order of ∂of/∂wrt."""

ELIDED = "…"
"""How the names of stand-ins begin: ends at which a neighbourhood was cut off."""

MOST_FOLLOWED = 7
"""How many operands, and how many users, of one node a neighbourhood follows at most."""

MOST_KEPT = 80
"""How many names of the graph a neighbourhood has at most."""


class Shape(Struct, frozen=True):
    """A graph without its numbers.

    `leaves` are the inputs, constants and parameters in file order, `nodes` the equations' nodes in forward order.
    `operands` gives each node's operands, leaves or nodes, each once, in the order in which its equation names them;
    this is also their order in the picture, top to bottom, wherever that causes no crossing.
    """

    leaves: tuple[str, ...]
    nodes: tuple[str, ...]
    operands: Mapping[str, tuple[str, ...]]
    loss: str

    def edges(self) -> tuple[Edge, ...]:
        """Every (of, wrt), the nodes in forward order."""
        return tuple((node, operand) for node in self.nodes for operand in self.operands[node])


class Relations(Struct, frozen=True):
    """Of every name the nodes that use it, in forward order, and its place: leaves first, then forward order."""

    users: Mapping[str, tuple[str, ...]]
    place: Mapping[str, int]


def relations_of(shape: Shape) -> Relations:
    """Who uses whom, found in one walk over the whole graph."""
    names = (*shape.leaves, *shape.nodes)
    users: dict[str, list[str]] = {name: [] for name in names}
    for of, wrt in shape.edges():
        users[wrt].append(of)
    return Relations(
        {name: tuple(using) for name, using in users.items()}, {name: place for place, name in enumerate(names)}
    )


def neighbourhood(
    shape: Shape, centre: str, radius: int, relations: Relations | None = None, also: tuple[str, ...] = ()
) -> Shape:
    """The part of the graph at most `radius` edges from `centre`, against or along the arrows.

    Where it is cut off, a stand-in whose name begins with `ELIDED` takes the place of all operands, or of all users,
    that are left out. Of a node with very many operands or users the first few and the last are followed, and after
    `MOST_KEPT` names no more are added; but the names in `also` are kept in any case. `relations` saves finding them
    anew for callers that ask often.
    """
    relations = relations or relations_of(shape)
    kept = {centre, *also}
    frontier = [centre]
    for _ in range(radius):
        reached: list[str] = []
        for name in frontier:
            for near in (*_few(shape.operands.get(name, ())), *_few(relations.users[name])):
                if near not in kept and len(kept) < MOST_KEPT:
                    kept.add(near)
                    reached.append(near)
        frontier = reached
    return _cut_out(shape, sorted(kept, key=lambda name: relations.place[name]), relations)


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) <= MOST_FOLLOWED else (*names[: MOST_FOLLOWED - 1], names[-1])


def _cut_out(shape: Shape, names: list[str], relations: Relations) -> Shape:
    kept = frozenset(names)
    leaves = [name for name in names if name not in shape.operands]
    nodes = [name for name in names if name in shape.operands]
    operands = {node: _with_stand_in(node, shape.operands[node], kept) for node in nodes}
    before = [operand for shown in operands.values() for operand in shown if is_elided(operand)]
    after: list[str] = []
    for name in names:
        if any(user not in kept for user in relations.users[name]):
            after.append(f"{ELIDED}after {name}")
            operands[after[-1]] = (name,)
    return Shape((*leaves, *before), (*nodes, *after), operands, shape.loss)


def _with_stand_in(node: str, operands: tuple[str, ...], kept: frozenset[str]) -> tuple[str, ...]:
    """The kept operands, and one stand-in where the first of the others was."""
    shown: dict[str, None] = {}
    for operand in operands:
        shown[operand if operand in kept else f"{ELIDED}before {node}"] = None
    return tuple(shown)


def is_elided(name: str) -> bool:
    """Whether the name stands for what a neighbourhood left out."""
    return name.startswith(ELIDED)
