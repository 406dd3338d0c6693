"""The order in which equations are computed, and those that wait for each other in a circle."""

from __future__ import annotations

import heapq
from collections.abc import Mapping


def forward_order(operands: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names of the equations in the order of the forward pass: always the first one, in the mapping's own order,
    whose operands are known.

    `operands` maps each equation to the names it uses; names that are no equations count as known from the start.
    Raises ValueError, naming the cycle, when some equations wait for each other.
    """
    order = _computable(operands)
    if len(order) < len(operands):
        cycle = find_cycles(operands)[0]
        raise ValueError(f"the equations go round in a circle: {' -> '.join([*cycle, cycle[0]])}")
    return order


def find_cycles(operands: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Cycles that share no equation, none if there are none. Each name uses the next one, and the last uses the first.

    Each cycle begins with its first equation in the mapping's order. Not every cycle there is: at least one as long as
    there is any.
    """
    computable = set(_computable(operands))
    waiting = {name: uses for name, uses in operands.items() if name not in computable}
    # Each waiting equation waits for at least one other, so following the first such operand must come to a circle.
    follows = {name: next(used for used in uses if used in waiting) for name, uses in waiting.items()}
    position = {name: index for index, name in enumerate(waiting)}
    walked: set[str] = set()
    cycles: list[tuple[str, ...]] = []
    for start in waiting:
        path: dict[str, int] = {}
        name = start
        while name not in walked:
            walked.add(name)
            path[name] = len(path)
            name = follows[name]
        if name in path:
            cycle = list(path)[path[name] :]
            first = min(range(len(cycle)), key=lambda index: position[cycle[index]])
            cycles.append((*cycle[first:], *cycle[:first]))
    return tuple(cycles)


def _computable(operands: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The forward order, as far as it goes."""
    names = list(operands)
    position = {name: index for index, name in enumerate(names)}
    # Equations of the same operands, as the neurons of a layer, wait together.
    waiting: dict[tuple[str, ...], list[int]] = {}
    for index, name in enumerate(names):
        waiting.setdefault(operands[name], []).append(index)
    groups = list(waiting.values())
    missing: list[int] = []
    feeds: list[list[int]] = [[] for _ in names]
    for group, used in enumerate(waiting):
        equations = [position[name] for name in dict.fromkeys(used) if name in position]
        missing.append(len(equations))
        for index in equations:
            feeds[index].append(group)
    ready = [index for group, count in zip(groups, missing, strict=True) if count == 0 for index in group]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        index = heapq.heappop(ready)
        order.append(names[index])
        for fed in feeds[index]:
            missing[fed] -= 1
            if missing[fed] == 0:
                for member in groups[fed]:
                    heapq.heappush(ready, member)
    return tuple(order)
