"""Is the derivative right? The second proof: nudge the name, and see what the difference quotient comes to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.training.graph import Graph

SIZES = tuple(10.0**-power for power in range(17))
"""The nudges h of the table: 1, 0.1 … 1e-16."""

_SIDE = 1e-6
_CORNER = 1e-3


@dataclass(frozen=True, slots=True)
class Nudge:
    """One row of the table: [f(x + h) - f(x)]/h, [f(x) - f(x - h)]/h, and the central [f(x + h) - f(x - h)]/(2h)."""

    size: float
    right: float
    left: float
    central: float


@dataclass(frozen=True, slots=True)
class NudgeTable:
    """The second proof of ∂of/∂wrt at `at`: the rows, and the derivative that they should come to.

    corner: whether the slopes to the right and to the left differ, so that the derivative is a convention.
    """

    of: str
    wrt: str
    at: float
    derivative: float
    rows: tuple[Nudge, ...]
    corner: bool

    @property
    def best(self) -> Nudge:
        """The row whose central difference comes closest to the derivative."""
        rows = [row for row in self.rows if math.isfinite(row.central)] or list(self.rows)
        return min(rows, key=lambda row: abs(row.central - self.derivative))

    @property
    def is_straight(self) -> bool:
        """Whether the first rows give the derivative already, because `of` is a straight line in `wrt`."""
        margin = 1e-9 * max(1.0, abs(self.derivative))
        return all(abs(row.right - self.derivative) <= margin for row in self.rows[:3])

    @property
    def proves(self) -> bool:
        """Whether the table bears the derivative out: by its best row, or at a corner by lying between both slopes."""
        if self.corner:
            beside = self._row(_SIDE)
            low, high = sorted((beside.left, beside.right))
            margin = _CORNER * max(1.0, abs(low), abs(high))
            return low - margin <= self.derivative <= high + margin
        return abs(self.best.central - self.derivative) <= 1e-5 * max(1.0, abs(self.derivative))

    def _row(self, size: float) -> Nudge:
        return min(self.rows, key=lambda row: abs(math.log10(row.size / size)))


def nudge_factor(graph: Graph, of: str, wrt: str, numbers: Mapping[str, float], factor: float) -> NudgeTable:
    """The second proof of a factor: the node's equation alone, with the operand nudged and the others held still."""
    equation = graph.equations[of]

    def value(at: float) -> float:
        return evaluate(equation, {**numbers, wrt: at})

    return _table(of, wrt, numbers[wrt], factor, value)


def nudge_gradient(graph: Graph, wrt: str, numbers: Mapping[str, float], gradient: float) -> NudgeTable:
    """The second proof of a gradient: the loss, with a node or parameter nudged and all that depends on it moved."""
    moved = {wrt}
    following: list[str] = []
    for node in graph.nodes:
        if node != wrt and not moved.isdisjoint(graph.operands[node]):
            moved.add(node)
            following.append(node)

    def value(at: float) -> float:
        nudged = {**numbers, wrt: at}
        for node in following:
            nudged[node] = evaluate(graph.equations[node], nudged)
        return nudged[graph.loss]

    return _table(graph.loss, wrt, numbers[wrt], gradient, value)


def _table(of: str, wrt: str, at: float, derivative: float, value: Callable[[float], float]) -> NudgeTable:
    here = value(at)
    rows: list[Nudge] = []
    for size in SIZES:
        above, below = value(at + size), value(at - size)
        rows.append(Nudge(size, (above - here) / size, (here - below) / size, (above - below) / (2 * size)))
    beside = rows[6]
    spread = abs(beside.right - beside.left)
    corner = spread > _CORNER * max(1e-3, abs(beside.right), abs(beside.left))
    # A corner stays when the nudge shrinks; a curve that is merely bent straightens out.
    closer = rows[7]
    is_corner = corner and abs(closer.right - closer.left) > spread / 2
    return NudgeTable(of, wrt, at, derivative, tuple(rows), is_corner)
