"""The second proof of a derivative: the number itself is nudged, and its slope by differences is held against it.

Used by `check` and by the learner's `c`. Five things can come of it (`Verdict`), and a right derivative is never said
to differ: how far rounding may put a difference off is known from every operation on the way, nudges of many sizes
must say the same before they count, and what they say against a derivative must hold for the operations one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Literal

from msgspec import Struct

from tui_backprop.explain.nudged import Nudged, Operation
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.rounding import UNIT, Rounded, rounded_function

Verdict = Literal["agrees", "too fine to tell", "unclear", "convention", "differs"]
"""`too fine to tell`: rounding hides the slope. `unclear`: for the reason that the proof gives. `convention`: there is
a corner or a jump, where the derivative is agreed upon and not found."""

_NUDGE = 6e-6  # where the error of the formula and the rounding of an ordinary number are about equal
_TINY = 1e-11  # what is nearer to a corner than this counts as at it
_CLOSE = 1e-6  # how well a slope is known apart from its error, relative to the larger one
_ROUGH = 1e-3  # an estimate that is less sure of itself than this says nothing,
_WIDEST = 0.1  # the largest nudge, beside the place or 1
_NOTHING = 8 * UNIT / _WIDEST  # unless the derivative is 0, and it is little more than the number's own last bits
_RATIO = 3.7  # how much smaller each nudge is than the one before; of a whole number waves would not be seen
_ORDERS = 4  # how many errors of the quotients are removed by extrapolation

DISAGREE = "nudges of several sizes disagree among themselves"
NOT_FINITE = "there are no finite values beside it to compare"
ENDLESS = "no quotient can come to a derivative that is not finite"
TOO_NARROW = "its operations one by one confirm it, but a nudge of the whole shows another slope"


class Proof(Struct, frozen=True):
    """What came of nudging: the verdict, the slope by differences (NaN where there is none), and why it is unclear.

    jumps: whether the number jumps at this place, so that there is no slope.
    only_wide: whether it agrees by wide nudges alone, those of the usual size being too fine to tell.
    """

    verdict: Verdict
    slope: float
    reason: str = ""
    jumps: bool = False
    only_wide: bool = False


class _Estimate(Struct, frozen=True):
    """A slope; how far rounding may have put it off, and how much it changed with the size of the nudge."""

    slope: float
    rounding: float
    change: float = 0.0

    @property
    def error(self) -> float:
        return self.rounding + self.change


_NONE = _Estimate(math.nan, math.inf, math.inf)


def prove(nudged: Nudged, at: float, derivative: float) -> Proof:
    """Hold the derivative of the nudged number, at a place, against its slope by differences."""
    if not math.isfinite(derivative):
        return Proof("unclear", math.nan, ENDLESS)
    width = max(1.0, abs(at))
    left, here, right = (nudged.at(place) for place in (at - _NUDGE * width, at, at + _NUDGE * width))
    usual = _quotient(left.number, right.number, (at + _NUDGE * width) - (at - _NUDGE * width))
    hides = not usual.rounding <= _ROUGH / 4 * max(abs(usual.slope), abs(derivative))
    if not hides and left.sides == here.sides == right.sides and _is_close(usual.slope, derivative, usual.rounding):
        bend = abs(right.number.value - 2 * here.number.value + left.number.value) / (2 * _NUDGE * width)
        if bend <= _ROUGH * abs(usual.slope) + 2 * usual.rounding:
            # No more is needed.
            return Proof("agrees", usual.slope)
    nothing = _NOTHING * max(1.0, abs(here.number.value)) / width
    beside = [nudged.at(at + nudge).sides for nudge in (-_TINY * width, _TINY * width)]
    turning = [not one == middle == two for one, middle, two in zip(beside[0], here.sides, beside[1], strict=True)]
    if any(turning):
        return _proof_at_corner(nudged, at, here.number, derivative, turning)

    def number(place: float) -> Rounded | None:
        # Beyond a corner another piece of the function begins.
        found = nudged.at(place)
        return found.number if found.sides == here.sides else None

    estimates = _estimates(number, at)
    if derivative == 0 and estimates and all(one.slope == 0 for one in estimates):
        # No nudge moves it at all.
        return Proof("agrees", 0.0)
    sure = [estimate for estimate in estimates if _is_sure(estimate, derivative, nothing)]
    if not sure:
        return _unsure(estimates, usual)
    surest = _surest(sure)
    if _is_close(surest.slope, derivative, surest.error):
        return Proof("agrees", surest.slope, only_wide=hides and derivative != 0)
    return _by_operations(nudged, at, derivative, surest.slope)


def _is_close(slope: float, derivative: float, error: float) -> bool:
    return abs(slope - derivative) <= _CLOSE * max(abs(slope), abs(derivative)) + error


def _is_sure(estimate: _Estimate, derivative: float, nothing: float) -> bool:
    """Whether an estimate can tell a right derivative from a wrong one.

    What changes with the size of the nudge is held against the slope alone: of nudges that step over a pole it would
    be little beside a large derivative.
    """
    slope = abs(estimate.slope)
    if derivative == 0 and slope <= estimate.error <= nothing:
        return True
    return estimate.rounding <= _ROUGH * max(abs(derivative), slope) and _is_settled(estimate)


def _is_settled(estimate: _Estimate) -> bool:
    """Whether smaller nudges would say about the same."""
    return estimate.change <= _ROUGH * abs(estimate.slope) + estimate.rounding


def _surest(estimates: Sequence[_Estimate]) -> _Estimate:
    """Of the sizes that say the same as the finest nudges, which have the last word, the one with the least error."""
    finest = estimates[-1]
    same = [one for one in estimates if abs(one.slope - finest.slope) <= one.error + finest.error]
    return min(same, key=lambda one: one.error)


def _unsure(estimates: Sequence[_Estimate], usual: _Estimate) -> Proof:
    """What is to be said where no estimate can tell; `usual` is the slope by a nudge of the usual size."""
    best = min(estimates, key=lambda one: one.error, default=usual)
    if not math.isfinite(best.slope):
        return Proof("unclear", math.nan, NOT_FINITE)
    if best.rounding >= best.change:
        return Proof("too fine to tell", best.slope)
    return Proof("unclear", best.slope, DISAGREE)


# --- slopes by differences


def _quotient(left: Rounded | None, right: Rounded | None, distance: float) -> _Estimate:
    """The slope between two places; where one of them tells nothing, or both are one, none."""
    if left is None or right is None or distance == 0:
        return _NONE
    slope, rounding = (right.value - left.value) / distance, (left.error + right.error) / abs(distance)
    return _Estimate(slope, rounding) if math.isfinite(slope) else _NONE


def _estimates(number: Callable[[float], Rounded | None], at: float) -> list[_Estimate]:
    """What nudges to both sides say, extrapolated to none, the finest last."""

    def central(nudge: float) -> _Estimate:
        left, right = at - nudge, at + nudge
        return _quotient(number(left), number(right), right - left)

    width = max(1.0, abs(at))
    found = _extrapolations(map(central, _sizes(_WIDEST * width, 1e-15 * width)), 2)
    if 0 < abs(at) < 1e-2:
        # A small number has a scale of its own.
        found += _extrapolations(map(central, _sizes(_WIDEST * abs(at), 1e-15 * abs(at))), 2)
    return found


def _sizes(first: float, last: float) -> Iterator[float]:
    while first > last:
        yield first
        first /= _RATIO


def _extrapolations(quotients: Iterator[_Estimate], power: int) -> list[_Estimate]:
    """Where quotients of ever smaller nudges lead to, whose errors fall with the nudge's powers: 1, 2 … or 2, 4 …"""
    found: list[_Estimate] = []
    before: list[_Estimate] = []
    for quotient in quotients:
        row = [quotient]
        for order, coarser in enumerate(before[:_ORDERS]):
            row.append(_extrapolated(row[-1], coarser, _RATIO ** (power * (order + 1))))
        found += [estimate for estimate in row[1:] if math.isfinite(estimate.error)]
        before = row
    return found


def _extrapolated(finer: _Estimate, coarser: _Estimate, weight: float) -> _Estimate:
    slope = (weight * finer.slope - coarser.slope) / (weight - 1)
    rounding = (weight * finer.rounding + coarser.rounding) / (weight - 1)
    return _Estimate(slope, rounding, max(abs(slope - finer.slope), abs(slope - coarser.slope)))


# --- corners and jumps


def _proof_at_corner(nudged: Nudged, at: float, here: Rounded, derivative: float, turning: Sequence[bool]) -> Proof:
    """At a corner the derivative is a convention, unless the slopes on both sides are one and the same.

    turning: for every corner on the way, whether the number is at it.
    """
    width = max(1.0, abs(at))
    nothing = _NOTHING * max(1.0, abs(here.value)) / width
    slopes: list[_Estimate] = []
    leaps: list[tuple[float, float]] = []
    for direction in (-width, width):
        places = [at + direction * size for size in _sizes(1e-3, 1e-6)]
        numbers = [nudged.at(place).number for place in places]
        quotients = (_quotient(here, number, place - at) for number, place in zip(numbers, places, strict=True))
        slopes.append(min(_extrapolations(quotients, 1), key=lambda one: one.error, default=_NONE))
        leaps.append((abs(numbers[0].value - here.value), abs(numbers[-1].value - here.value)))
    # Across a jump the number stays apart, however small the nudge is, and not just by how near the corner may be.
    steepest = max(far for far, _ in leaps) / 1e-3
    if any(near > 0.1 * far and near > 100 * _TINY * steepest and near > 100 * here.error for far, near in leaps):
        return Proof("convention", math.nan, jumps=True)
    composed = _composed(nudged, at, turning)
    rough = _ROUGH * max(abs(derivative), abs(composed.slope))
    if abs(composed.slope - derivative) > rough + composed.error:
        return Proof("differs", slopes[1].slope)
    agree = composed.error <= max(rough, nothing if derivative == 0 else 0.0) and all(
        _is_sure(one, derivative, nothing) and _is_close(one.slope, derivative, one.error + rough) for one in slopes
    )
    return Proof("agrees" if agree else "convention", slopes[1].slope)


# --- the operations one by one


def _by_operations(nudged: Nudged, at: float, derivative: float, slope: float) -> Proof:
    """What becomes of a derivative that the nudges speak against: it differs, unless its operations confirm it."""
    composed = _composed(nudged, at, repeat(False))
    if abs(composed.slope - derivative) > _CLOSE * max(abs(derivative), abs(composed.slope)) + composed.error:
        return Proof("differs", slope)
    if composed.error <= _ROUGH * max(abs(derivative), abs(composed.slope)):
        return Proof("unclear", slope, TOO_NARROW)
    return Proof("too fine to tell", slope)


def _composed(nudged: Nudged, at: float, turning: Iterable[bool]) -> _Estimate:
    """The slope put together from nudges of every single operation, along the way from the name to the number.

    At a corner it is any slope between those of the two sides: the middle, give or take half of the distance.
    """
    slope = error = 0.0
    turns = iter(turning)
    for example in nudged.examples:
        numbers = [number.value for number in nudged.passed(example, at)]
        known = {nudged.wrt: _Estimate(1.0, 0.0)}
        for operation in nudged.moving:
            is_turning = operation.has_corner and next(turns)
            known[operation.out] = _through(operation, numbers, known, is_turning)
        if nudged.of in known:
            slope += known[nudged.of].slope * nudged.share
            error += known[nudged.of].error * nudged.share + UNIT * abs(slope)
    return _Estimate(slope, error) if math.isfinite(slope) and math.isfinite(error) else _Estimate(0.0, math.inf)


def _through(
    operation: Operation, numbers: Sequence[float], known: Mapping[int, _Estimate], is_turning: bool
) -> _Estimate:
    """The slope of an operation's value, from those of its operands."""
    values = [numbers[operand] for operand in operation.operands]
    inner = [known.get(operand, _STILL) for operand in operation.operands]
    if is_turning:
        return _through_corner(operation.function, values, inner)
    slope = error = 0.0
    for place, operand in enumerate(inner):
        if operation.has_corner and abs(operand.slope) <= operand.error:
            # It stands still, as far as can be told, be it at the corner itself.
            error += operand.error
        elif operand.slope or operand.error:
            local = _local(operation.function, values, place)
            slope += local.slope * operand.slope
            # The product and the sum are rounded, too.
            error += abs(local.slope) * (operand.error + 4 * UNIT * abs(operand.slope))
            error += local.error * (abs(operand.slope) + operand.error)
    return _Estimate(slope, error)


_STILL = _Estimate(0.0, 0.0)


def _local(function: str, values: Sequence[float], place: int) -> _Estimate:
    """The slope of one operation along one of its operands."""
    called, operands = rounded_function(function), [Rounded(value) for value in values]

    def number(moved: float) -> Rounded:
        operands[place] = Rounded(moved)
        return called(*operands)

    settled = [estimate for estimate in _estimates(number, values[place]) if _is_settled(estimate)]
    return _surest(settled) if settled else _NONE


def _through_corner(function: str, values: Sequence[float], inner: Sequence[_Estimate]) -> _Estimate:
    """Any slope between the two sides'; what the operands' own slopes may be off grows with the steepest of each.

    Of a jump nothing is known: it has no slope.
    """
    nudge = _TINY * max(1.0, *map(abs, values))

    def slopes(steps: Sequence[float], nudge: float = nudge) -> tuple[float, float]:
        """The slopes to the left and to the right, the operands moving together."""
        fastest = max(map(abs, steps))
        if not 0 < fastest < math.inf:
            return 0.0, 0.0
        left, here, right = (
            FUNCTIONS[function].value(*(value + by * step / fastest for value, step in zip(values, steps, strict=True)))
            for by in (-nudge, 0.0, nudge)
        )
        return (here - left) / nudge * fastest, (right - here) / nudge * fastest

    steps = [operand.slope for operand in inner]
    left, right = slopes(steps)
    if any(abs(near) > 4 * abs(far) for near, far in zip(slopes(steps, nudge / 8), (left, right), strict=True)):
        return _NONE
    error = abs(right - left) / 2
    for place, operand in enumerate(inner):
        alone = [float(place == other) for other in range(len(inner))]
        error += operand.error * max(map(abs, slopes(alone)))
    return _Estimate((left + right) / 2, error)
