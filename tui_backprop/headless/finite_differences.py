"""Does a gradient agree with what the loss itself does when a parameter is nudged?

Nothing here knows of derivatives or of the training engine: the loss is computed from the equations as they are
written, and its slope from differences. What the engine says is then held against that.
"""

from __future__ import annotations

import math
import sys
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Expression, post_order
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.scenario.forward_order import forward_order
from tui_backprop.scenario.model import Scenario

Verdict = Literal["agrees", "convention", "unclear", "differs"]
"""`convention`: there is a corner or a jump, where the derivative is agreed upon and not found. `unclear`: rounding
hides the slope."""

_EPSILON = sys.float_info.epsilon
_NUDGE = _EPSILON ** (1 / 3)  # where the error of the formula and the rounding of the loss are about equal
_TINY_NUDGE = 1e-9
_ROUNDINGS = 16  # how many roundings of the loss's last bit a difference may be off
_TOLERANCE = 1e-6  # relative to the larger slope
_ROUGH = 1e-3  # an estimate that is less sure of itself than this says nothing,
_NOTHING = 1e-8  # unless the gradient is 0, and this, beside the loss, is as good as 0
_HALVINGS = 6


class Comparison(Struct, frozen=True):
    """How a gradient compares with the slope by differences, which is NaN where none was found."""

    verdict: Verdict
    slope: float


class _Estimate(Struct, frozen=True):
    slope: float
    error: float


class NudgedLoss:
    """The loss of some examples at some parameters, and what it becomes when one parameter is another."""

    def __init__(
        self,
        scenario: Scenario,
        examples: Sequence[int],
        parameters: Mapping[str, float],
        progress: Callable[[int], None] = lambda done: None,
    ) -> None:
        self._scenario = scenario
        self._parameters = parameters
        self._given = {**scenario.constants, **parameters}
        self._operands = {name: scenario.equations.operands(name) for name in scenario.equations}
        self._order = forward_order(self._operands)
        self._passes: list[ChainMap[str, float]] = []
        for example in examples:
            self._passes.append(self._pass(example))
            progress(len(self._passes))
        self.loss = self._reduced(numbers[scenario.loss] for numbers in self._passes)

    def _pass(self, example: int) -> ChainMap[str, float]:
        """Every number of one example; what all examples have in common is there once."""
        scenario = self._scenario
        numbers = ChainMap(dict(zip(scenario.inputs, scenario.examples[example], strict=True)), self._given)
        for name in self._order:
            numbers[name] = scenario.equations.value(name, numbers)
        return numbers

    def _reduced(self, losses: Iterator[float]) -> float:
        total = sum(losses)
        return total / len(self._passes) if self._scenario.reduction == "mean" else total

    def along(self, parameter: str) -> Callable[[float], float]:
        """The loss as a function of one parameter."""
        loss = self._scenario.loss
        moving = self._moving(parameter)
        return lambda value: self._reduced(numbers[loss] for numbers in self._nudged(parameter, value, moving))

    def _moving(self, parameter: str) -> list[str]:
        """The equations that change with a parameter, in forward order."""
        changed = {parameter}
        for name in self._order:
            if not changed.isdisjoint(self._operands[name]):
                changed.add(name)
        return [name for name in self._order if name in changed]

    def _nudged(self, parameter: str, value: float, moving: Sequence[str]) -> Iterator[ChainMap[str, float]]:
        for numbers in self._passes:
            nudged = numbers.new_child({parameter: value})
            for name in moving:
                nudged[name] = self._scenario.equations.value(name, nudged)
            yield nudged

    def corners(self, parameter: str, width: float) -> int:
        """How many corners and jumps of functions such as relu and max the parameter meets within a width of itself."""
        moving = self._moving(parameter)
        here = self._parameters[parameter]
        sides = [list(self._sides(parameter, here + nudge, moving)) for nudge in (-width, 0.0, width)]
        return sum(1 for left, at, right in zip(*sides, strict=True) if not left == at == right)

    def _sides(self, parameter: str, value: float, moving: Sequence[str]) -> Iterator[int]:
        """For every call of a function with a corner, in every example, on which side of the corner it is."""
        for numbers in self._nudged(parameter, value, moving):
            for name in moving:
                # A neuron's sum has none.
                if name in self._scenario.equations.sums:
                    continue
                for part in post_order(self._scenario.equations[name]):
                    if isinstance(part, Call) and FUNCTIONS[part.function].kink:
                        yield _side(part.arguments, numbers)


def _side(arguments: Sequence[Expression], numbers: Mapping[str, float]) -> int:
    values = [evaluate(argument, numbers) for argument in arguments]
    distance = values[0] - values[1] if len(values) > 1 else values[0]
    return (distance > 0) - (distance < 0)


def compare(losses: NudgedLoss, parameter: str, at: float, gradient: float) -> Comparison:
    """Hold the gradient with respect to a parameter, whose value is `at`, against the slope of the loss there."""
    loss = losses.along(parameter)
    width = max(1.0, abs(at))
    nothing = _NOTHING * max(1.0, abs(losses.loss)) / width
    estimate = _central(loss, at, _NUDGE * width)
    if _verdict(gradient, estimate, nothing) != "agrees":
        estimate = _refined(loss, at)
    verdict = _verdict(gradient, estimate, nothing)
    if verdict == "agrees":
        return Comparison(verdict, estimate.slope)
    corners = losses.corners(parameter, _TINY_NUDGE * width)
    if corners:
        return _at_corner(loss, at, gradient, corners, width)
    return Comparison(verdict, estimate.slope)


def _verdict(gradient: float, estimate: _Estimate, nothing: float) -> Verdict:
    larger = max(abs(gradient), abs(estimate.slope))
    if not estimate.error <= (nothing if gradient == 0 and abs(estimate.slope) <= estimate.error else _ROUGH * larger):
        return "unclear"
    return "agrees" if abs(gradient - estimate.slope) <= _TOLERANCE * larger + estimate.error else "differs"


def _central(loss: Callable[[float], float], at: float, nudge: float) -> _Estimate:
    """The slope between two places around the parameter; its error is that of rounding alone."""
    left, right = at - nudge, at + nudge
    below, above = loss(left), loss(right)
    if not (right > left and math.isfinite(below) and math.isfinite(above)):
        return _Estimate(math.nan, math.inf)
    # The places themselves are rounded: their distance is not quite twice the nudge.
    distance = right - left
    rounding = _ROUNDINGS * _EPSILON * max(abs(below), abs(above))
    return _Estimate((above - below) / distance, rounding / distance)


def _refined(loss: Callable[[float], float], at: float) -> _Estimate:
    """The slope that ever smaller nudges lead to, from whichever first nudge leads there best."""
    firsts = [width * max(1.0, abs(at)) for width in (1e-2, 1e-4, 1e-6, 1e-8)]
    firsts += [width * abs(at) for width in (1e-2, 1e-4) if at]
    return min((_extrapolated(loss, at, first) for first in firsts), key=lambda estimate: estimate.error)


def _extrapolated(loss: Callable[[float], float], at: float, nudge: float) -> _Estimate:
    """The limit of the central differences as the nudge is halved again and again, each halving removing one order."""
    best = _Estimate(math.nan, math.inf)
    before: list[_Estimate] = []
    for halving in range(_HALVINGS):
        row = [_central(loss, at, nudge / 2**halving)]
        for order, coarser in enumerate(before):
            finer, weight = row[-1], 4.0 ** (order + 1)
            slope = (weight * finer.slope - coarser.slope) / (weight - 1)
            change = max(abs(slope - finer.slope), abs(slope - coarser.slope))
            row.append(_Estimate(slope, change + finer.error))
            if row[-1].error < best.error:
                best = row[-1]
        before = row
    return best


def _at_corner(loss: Callable[[float], float], at: float, gradient: float, corners: int, width: float) -> Comparison:
    """At one corner the agreed derivative lies between the slopes on its two sides.

    Where several meet, or the loss jumps, nothing follows for their sum.
    """
    here = loss(at)
    slopes: list[float] = []
    spread = 0.0
    for nudge in (-_NUDGE * width, _NUDGE * width):
        far, near = ((loss(at + size) - here) / size for size in (nudge, nudge / 8))
        slopes.append(near)
        spread = max(spread, abs(far - near))
    margin = _ROUGH * max(map(abs, slopes)) + spread
    if min(slopes) - margin <= gradient <= max(slopes) + margin:
        return Comparison("convention", slopes[1])
    jumps = not spread <= 0.5 * max(map(abs, slopes))
    return Comparison("convention" if corners > 1 or jumps else "differs", slopes[1])
