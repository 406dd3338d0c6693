"""The gap between two columns: which wires run straight through, and the order of all wires from top to bottom.

A wire that leaves its item for several others is split at a bar of its own; wires that end at one node are merged at a
bar of that node. Only a wire from one bar to another needs a row to itself; all others lie in the row of an item.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from tui_backprop.panels.picture.column_order import positions
from tui_backprop.panels.picture.columns import Columns, Item, Link
from tui_backprop.panels.picture.shape import Edge


class GapWire(Struct, frozen=True):
    """The row of a wire between the bar of `source` and the bar of `target`."""

    source: Item
    target: Item


Row = Item | GapWire
"""Whatever needs a row: an item stands for the row in which its wire leaves and enters it."""


class Gap(Struct, frozen=True):
    """The wires of one gap.

    `rows`, top to bottom, are all different; an item that is straight behind another is represented by that other one.
    `row_of` says in which row each link runs between the bars. `straight` gives the source straight before a target.
    """

    rows: tuple[Row, ...]
    row_of: Mapping[Link, Row]
    straight: Mapping[Item, Item]


def gaps_of(columns: Columns, main: frozenset[Edge]) -> tuple[Gap, ...]:
    """The gap after each column but the last. `main` are the edges that should be straight before all others."""
    return tuple(
        _gap(left, right, links, main)
        for (left, right), links in zip(pairwise(columns.items), columns.links, strict=True)
    )


def _gap(left: Sequence[Item], right: Sequence[Item], links: Sequence[Link], main: frozenset[Edge]) -> Gap:
    targets_of: dict[Item, list[Item]] = {item: [] for item in left}
    sources_of: dict[Item, list[Item]] = {item: [] for item in right}
    place = positions(left)
    for source, target in links:
        targets_of[source].append(target)
        sources_of[target].append(source)
    for sources in sources_of.values():
        sources.sort(key=lambda item: place[item])
    sources = [item for item in left if targets_of[item]]
    targets = [item for item in right if sources_of[item]]
    straight = _straight(sources, targets, sources_of, main)
    base = _with_entries(sources, targets, sources_of, straight)
    return _with_wires(base, links, targets_of, sources_of, straight)


def _straight(
    sources: list[Item], targets: list[Item], sources_of: Mapping[Item, list[Item]], main: frozenset[Edge]
) -> dict[Item, Item]:
    """Pairs in one row, each item in at most one, none crossing another: the best first."""
    left, right = positions(sources), positions(targets)
    candidates: list[tuple[int, float, int, int]] = []
    for target in targets:
        operands = sources_of[target]
        middle = len(operands) / 2
        for rank, source in enumerate(operands):
            importance = _importance(source, target, len(operands), main)
            if importance is not None:
                candidates.append((importance, abs(rank - middle), right[target], left[source]))
    chosen: list[tuple[int, int]] = []
    for _, _, end, start in sorted(candidates):
        after = bisect_left(chosen, (start, -1))
        fits_above = after == 0 or (chosen[after - 1][0] < start and chosen[after - 1][1] < end)
        fits_below = after == len(chosen) or (chosen[after][0] > start and chosen[after][1] > end)
        if fits_above and fits_below:
            insort(chosen, (start, end))
    return {targets[end]: sources[start] for start, end in chosen}


def _importance(source: Item, target: Item, operands: int, main: frozenset[Edge]) -> int | None:
    """How much a straight wire is wanted, 0 the most. None: several leaves meet at a node, in a row between theirs."""
    lanes = (source.kind, target.kind).count("lane")
    if target.kind == "node" and (target.name, source.name) in main:
        return 0
    if lanes:
        return 3 - lanes
    return None if source.kind == "leaf" and operands > 1 else 3


def _with_entries(
    sources: list[Item], targets: list[Item], sources_of: Mapping[Item, list[Item]], straight: Mapping[Item, Item]
) -> list[Item]:
    """The sources, and among them, in the middle of its operands, each target that is straight behind none of them."""
    place = positions(sources)
    entries: list[list[Item]] = [[] for _ in range(len(sources) + 1)]
    lowest = len(sources)
    ceilings: dict[Item, int] = {}
    for target in reversed(targets):
        ceilings[target] = lowest
        if target in straight:
            lowest = place[straight[target]]
    floor = 0
    for target in targets:
        if target in straight:
            floor = place[straight[target]] + 1
            continue
        operands = sources_of[target]
        wanted = place[operands[max(len(operands) // 2 - 1, 0)]] + 1
        floor = min(max(wanted, floor), ceilings[target])
        entries[floor].append(target)
    rows: list[Item] = []
    for slot, source in enumerate(sources):
        rows += (*entries[slot], source)
    return rows + entries[-1]


def _with_wires(
    base: list[Item],
    links: Sequence[Link],
    targets_of: Mapping[Item, list[Item]],
    sources_of: Mapping[Item, list[Item]],
    straight: Mapping[Item, Item],
) -> Gap:
    """The rows of `base`, and among them the wires that go from a bar to a bar, close to the others of their target."""
    place: dict[Item, int] = positions(base)
    place.update({target: place[source] for target, source in straight.items()})
    row_of: dict[Link, Row] = {}
    between_bars: list[Link] = []
    for link in links:
        source, target = link
        if straight.get(target) == source:
            row_of[link] = source
        elif len(sources_of[target]) == 1:
            row_of[link] = target
        elif len(targets_of[source]) == 1:
            row_of[link] = source
        else:
            between_bars.append(link)
    taken = set(straight.values())
    for source, target in sorted(between_bars, key=lambda link: abs(place[link[0]] - place[link[1]])):
        if source not in taken:
            taken.add(source)
            row_of[source, target] = source
    hulls = {target: [place[target]] for target in sources_of if target in place}
    for (_, target), row in row_of.items():
        if isinstance(row, Item):
            hulls[target].append(place[row])
    keyed: list[tuple[tuple[int, int, int, int], Row]] = [((index, 0, 0, 0), item) for index, item in enumerate(base)]
    for source, target in between_bars:
        if (source, target) not in row_of:
            row_of[source, target] = wire = GapWire(source, target)
            keyed.append(((*_beside(place[source], hulls[target], place[target]), place[target], place[source]), wire))
    return Gap(tuple(row for _, row in sorted(keyed, key=lambda pair: pair[0])), row_of, straight)


def _beside(source: int, hull: list[int], target: int) -> tuple[int, int]:
    """Next to which row of the base, and on which side (-1 above, 1 below), a wire lies."""
    if source > max(hull):
        return max(hull), 1
    if source < min(hull):
        return min(hull), -1
    return source, 1 if target > source else -1
