"""Is the derivative right? The second proof: nudge the name, and see what the difference quotient comes to."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, post_order
from tui_backprop.maths.functions import FUNCTIONS

SIZES = tuple(10.0**-power for power in range(17))
"""The nudges h of the table: 1, 0.1 … 1e-16."""

Verdict = Literal["curve", "straight", "flat", "corner", "jump", "endless", "hidden", "differs"]
"""What a table shows: a curve whose quotients close in on the derivative; a straight line, where they are the
derivative from the start; nothing that moves at all; a corner, where the derivative is a convention that lies between
two slopes; a jump, where there is no slope; a derivative that is no finite number; a slope that rounding hides; or
another slope than the derivative."""

_SIDE = 1e-6
_TINY = 1e-14  # what is nearer to a corner than this is at it, but for rounding
_ROUNDINGS = 16  # how many roundings of a value's last bit a difference may be off
_CLOSE = 1e-5
_ROUGH = 1e-3
_EXACT = 1e-9


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
    """The second proof of ∂of/∂wrt at `at`: the rows, the derivative that they should come to, and whether they do.

    is_factor: whether only the equation of `of` was evaluated, all its other operands being held still.
    """

    of: str
    wrt: str
    at: float
    derivative: float
    rows: tuple[Nudge, ...]
    verdict: Verdict
    is_factor: bool

    @property
    def proves(self) -> bool:
        """Whether the table bears the derivative out, as far as there is one: at a corner or jump the convention."""
        return self.verdict in ("curve", "straight", "flat", "corner", "jump")

    @property
    def has_corner(self) -> bool:
        """Whether the two sides must be told apart."""
        return self.verdict in ("corner", "jump")

    @property
    def best(self) -> Nudge:
        """The row whose one-sided quotient comes closest to the derivative; of equals the one with the largest h."""
        rows = [row for row in self.rows if math.isfinite(row.right - self.derivative)] or list(self.rows)
        return min(rows, key=lambda row: abs(row.right - self.derivative))

    @property
    def beside(self) -> Nudge:
        """The row whose one-sided quotients stand for the slopes on the two sides."""
        return _beside(self.rows, self.at)

    @property
    def drowned(self) -> Nudge | None:
        """The first row in which rounding has visibly spoilt the quotient; None: it never does."""
        visible = _ROUGH * (abs(self.derivative) or _largest(self.rows))
        return next((row for row in self.rows if visible < abs(row.right - self.derivative) < row.noise), None)

    @property
    def lost(self) -> float | None:
        """The largest h that is too small to change the number it is added to; None: none of the table's is."""
        return next((row.size for row in self.rows if self.at + row.size == self.at), None)


def nudge_factor(graph: Graph, of: str, wrt: str, numbers: Mapping[str, float], factor: float) -> NudgeTable:
    """The second proof of a factor: the node's equation alone, with the operand nudged and the others held still."""

    def moved(at: float) -> dict[str, float]:
        nudged = {**numbers, wrt: at}
        return {**nudged, of: graph.equations.value(of, nudged)}

    return _table(graph, (of, wrt), numbers[wrt], factor, moved, [of], is_factor=True)


def nudge_gradient(graph: Graph, wrt: str, numbers: Mapping[str, float], gradient: float) -> NudgeTable:
    """The second proof of a gradient: the loss, with a node or parameter nudged and all that depends on it moved."""
    moving = {wrt}
    following: list[str] = []
    for node in graph.nodes:
        if node != wrt and not moving.isdisjoint(graph.operands[node]):
            moving.add(node)
            following.append(node)

    def moved(at: float) -> dict[str, float]:
        nudged = {**numbers, wrt: at}
        for node in following:
            nudged[node] = graph.equations.value(node, nudged)
        return nudged

    return _table(graph, (graph.loss, wrt), numbers[wrt], gradient, moved, following)


def _table(
    graph: Graph,
    pair: tuple[str, str],
    at: float,
    derivative: float,
    moved: Callable[[float], Mapping[str, float]],
    moving: Sequence[str],
    is_factor: bool = False,
) -> NudgeTable:
    of, wrt = pair
    here = moved(at)[of]
    rows = tuple(_row(size, at, here, lambda place: moved(place)[of]) for size in SIZES)
    tiny = _TINY * max(1.0, abs(at))
    left, middle, right = (list(_sides(graph, moving, moved(place))) for place in (at - tiny, at, at + tiny))
    verdict = _verdict(rows, at, derivative, has_kink=not left == middle == right)
    return NudgeTable(of, wrt, at, derivative, rows, verdict, is_factor)


def _row(size: float, at: float, here: float, value: Callable[[float], float]) -> Nudge:
    above, below = value(at + size), value(at - size)
    right, left, central = (above - here) / size, (here - below) / size, (above - below) / (2 * size)
    # Of the values their last bits are off, and of the places: at + size is not quite that.
    last_bits = max(abs(above), abs(here)) + abs(right) * abs(at)
    return Nudge(size, right, left, central, _ROUNDINGS * sys.float_info.epsilon * last_bits / size)


def _sides(graph: Graph, nodes: Sequence[str], numbers: Mapping[str, float]) -> Iterator[int]:
    """For every call of a function that has a corner, on which side of it the operands are."""
    for node in nodes:
        # A neuron's sum has none.
        for part in () if node in graph.equations.sums else post_order(graph.equations[node]):
            if isinstance(part, Call) and FUNCTIONS[part.function].kink:
                operands = [evaluate(argument, numbers) for argument in part.arguments]
                distance = operands[0] - operands[1] if len(operands) > 1 else operands[0]
                yield (distance > 0) - (distance < 0)


def _verdict(rows: Sequence[Nudge], at: float, derivative: float, has_kink: bool) -> Verdict:
    if not math.isfinite(derivative):
        return "endless"
    at_corner = _verdict_at_corner(rows, at, derivative) if has_kink else None
    if at_corner:
        return at_corner
    if all(row.right == row.left == 0 for row in rows):
        return "flat" if derivative == 0 else "hidden" if _is_below_rounding(rows, derivative) else "differs"
    errors = ((abs(slope - derivative), row.noise) for row in rows[:3] for slope in (row.right, row.left))
    if derivative and all(error <= _EXACT * abs(derivative) + noise for error, noise in errors):
        return "straight"
    return _verdict_on_curve(rows, derivative)


def _is_below_rounding(rows: Sequence[Nudge], derivative: float) -> bool:
    return abs(derivative) <= rows[0].noise


def _verdict_at_corner(rows: Sequence[Nudge], at: float, derivative: float) -> Verdict | None:
    """What the slopes on the two sides show; None where they are one and the same."""
    beside = _beside(rows, at)
    closer = rows[rows.index(beside) + 1]
    for far, near in ((beside.right, closer.right), (beside.left, closer.left)):
        # Across a jump the values stay apart, however small the nudge is.
        if abs(near * closer.size) > 0.5 * abs(far * beside.size) and abs(near) > 10 * closer.noise:
            return "jump"
    low, high = sorted((beside.left, beside.right))
    margin = _ROUGH * max(abs(low), abs(high)) + beside.noise
    # At a corner the slopes stay apart; in a curve they do not.
    if high - low <= margin or abs(closer.right - closer.left) < 0.5 * (high - low):
        return None
    return "corner" if low - margin <= derivative <= high + margin else "differs"


def _beside(rows: Sequence[Nudge], at: float) -> Nudge:
    size = _SIDE * max(1.0, abs(at))
    return min(rows, key=lambda row: abs(math.log10(row.size / size)))


def _verdict_on_curve(rows: Sequence[Nudge], derivative: float) -> Verdict:
    """Hold the derivative against the row that is surest of itself: little rounding, and the next row says the same."""
    doubts = [
        (row.noise + abs(row.central - finer.central), row)
        for row, finer in pairwise(rows)
        if math.isfinite(row.central) and math.isfinite(finer.central)
    ]
    if not doubts:
        return "hidden"
    doubt, surest = min(doubts, key=lambda pair: pair[0])
    agrees = abs(surest.central - derivative) <= _CLOSE * abs(derivative) + 2 * doubt
    if not agrees:
        return "differs"
    return "curve" if doubt <= _ROUGH * (abs(derivative) or _largest(rows)) else "hidden"


def _largest(rows: Sequence[Nudge]) -> float:
    """The largest of the quotients, as a measure for a derivative of 0."""
    slopes = (abs(slope) for row in rows for slope in (row.right, row.left))
    return max(filter(math.isfinite, slopes), default=0.0)
