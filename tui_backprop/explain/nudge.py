"""The table of nudges that a learner reads: difference quotients of ever smaller nudges, and the proof beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.explain.nudged import Nudged, following
from tui_backprop.explain.second_proof import Proof, prove
from tui_backprop.maths.derivation.limit import DifferenceQuotient

SIZES = tuple(10.0**-power for power in range(17))
"""The nudges h of the table: 1, 0.1 … 1e-16."""

Shape = Literal["curve", "straight", "flat", "corner", "jump"]
"""What the rows show where they agree: a curve whose quotients close in on the derivative, a straight line, where they
are the derivative from the start, or nothing that moves at all; and where they cannot, a corner or a jump."""

_SIDE = 1e-6
_ROUGH = 1e-3
_EXACT = 1e-9
_LAST_BIT = 2.0**-52


class Nudge(Struct, frozen=True):
    """One row of the table: [f(x + h) - f(x)]/h, [f(x) - f(x - h)]/h, and the central [f(x + h) - f(x - h)]/(2h).

    noise: how far rounding may put these quotients off.
    """

    size: float
    right: float
    left: float
    central: float
    noise: float


class NudgeTable(Struct, frozen=True):
    """The second proof of ∂of/∂wrt at `at`: the rows, the derivative that they should come to, and what came of it.

    is_factor: whether only the equation of `of` was evaluated, all its other operands being held still.
    limit: the limit of the difference quotient, of a factor that is a polynomial.
    right: what it would be without the slip that it follows from; None where it follows from none.
    """

    of: str
    wrt: str
    at: float
    derivative: float
    rows: tuple[Nudge, ...]
    proof: Proof
    is_factor: bool
    limit: DifferenceQuotient | None = None
    right: float | None = None

    @property
    def aim(self) -> float:
        """The number that the quotients should come to: the derivative, or what it would be without a slip."""
        return self.derivative if self.right is None else self.right

    @property
    def has_corner(self) -> bool:
        """Whether the two sides must be told apart."""
        return self.proof.verdict == "convention"

    @property
    def shape(self) -> Shape:
        """What the rows show."""
        if self.has_corner:
            return "jump" if self.proof.jumps else "corner"
        if all(row.right == row.left == 0 for row in self.rows):
            return "flat"
        errors = ((abs(slope - self.aim), row.noise) for row in self.rows[:3] for slope in (row.right, row.left))
        is_straight = all(error <= _EXACT * abs(self.aim) + noise for error, noise in errors)
        return "straight" if self.aim and is_straight else "curve"

    @property
    def best(self) -> Nudge:
        """The row whose one-sided quotient comes closest to the derivative; of equals the one with the largest h."""
        rows = [row for row in self.rows if math.isfinite(row.right - self.aim)] or list(self.rows)
        return min(rows, key=lambda row: abs(row.right - self.aim))

    @property
    def beside(self) -> Nudge:
        """The row whose one-sided quotients stand for the slopes on the two sides."""
        size = _SIDE * max(1.0, abs(self.at))
        return min(self.rows, key=lambda row: abs(math.log10(row.size / size)))

    @property
    def drowned(self) -> Nudge | None:
        """The first row in which rounding has visibly spoilt the quotient; None: it never does."""
        visible = _ROUGH * (abs(self.aim) or _largest(self.rows))
        return next((row for row in self.rows if visible < abs(row.right - self.aim) < row.noise < math.inf), None)

    @property
    def lost(self) -> float | None:
        """The largest h that is too small to change the number it is added to; None: none of the table's is."""
        return next((row.size for row in self.rows if self.at + row.size == self.at), None)


def nudge_factor(graph: Graph, of: str, wrt: str, numbers: Mapping[str, float], factor: float) -> NudgeTable:
    """The second proof of a factor: the node's equation alone, with the operand nudged and the others held still."""
    nudged = Nudged(graph.equations, of, wrt, [of], [numbers])
    return _table(nudged, (of, wrt), numbers[wrt], factor, is_factor=True)


def nudge_gradient(graph: Graph, wrt: str, numbers: Mapping[str, float], gradient: float) -> NudgeTable:
    """The second proof of a gradient: the loss, with a node or parameter nudged and all that depends on it moved."""
    nudged = Nudged(graph.equations, graph.loss, wrt, following(graph, wrt), [numbers])
    return _table(nudged, (graph.loss, wrt), numbers[wrt], gradient)


def nudge_over_examples(
    graph: Graph, wrt: str, examples: Sequence[Mapping[str, float]], gradient: float, averages: bool
) -> NudgeTable:
    """The second proof of a parameter's gradient over several examples: their mean loss, or its sum."""
    nudged = Nudged(graph.equations, graph.loss, wrt, following(graph, wrt), examples, averages)
    return _table(nudged, (graph.loss, wrt), examples[0][wrt], gradient)


def _table(nudged: Nudged, pair: tuple[str, str], at: float, derivative: float, is_factor: bool = False) -> NudgeTable:
    rows = tuple(_row(nudged, at, size) for size in SIZES)
    return NudgeTable(*pair, at, derivative, rows, prove(nudged, at, derivative), is_factor)


def _row(nudged: Nudged, at: float, size: float) -> Nudge:
    below, here, above = (nudged.at(place).number for place in (at - size, at, at + size))
    right, left = (above.value - here.value) / size, (here.value - below.value) / size
    central = (above.value - below.value) / (2 * size)
    # Of the numbers their last digits are off, and of the places: at + size is not quite that.
    noise = (max(above.error, below.error) + here.error + abs(right) * abs(at) * _LAST_BIT) / size
    return Nudge(size, right, left, central, noise)


def _largest(rows: Sequence[Nudge]) -> float:
    """The largest of the quotients, as a measure for a derivative of 0."""
    slopes = (abs(slope) for row in rows for slope in (row.right, row.left))
    return max(filter(math.isfinite, slopes), default=0.0)
