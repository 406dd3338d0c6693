"""What should be said about a step beyond its number: a convention it rests on, a number that is no longer finite?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Call, Expression, Name, Number, names_in, post_order
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.writing import Style, write
from tui_backprop.record.step import FactorStep, GradientStep, MeanStep, Step, UpdateStep, ValueStep


def remarks(step: Step, graph: Graph, style: Style, *, is_trained: bool) -> tuple[str, ...]:
    """Sentences about a step: kinks where the derivative is a convention, and why a number is not finite.

    is_trained: whether an update came before the step, so that another learning rate would give other numbers.
    """
    if isinstance(step, FactorStep | ValueStep):
        reason = _Reason(step.numbers, graph, style, is_trained).of(step.formula, step.value)
        kinks = _kinks(graph.equations[step.of], step.wrt, step.numbers) if isinstance(step, FactorStep) else ()
        return (*kinks, *reason)
    value = step.after if isinstance(step, UpdateStep) else step.value
    if isinstance(step, GradientStep | MeanStep | UpdateStep) and not math.isfinite(value):
        return (f"This number is not finite ({style.number(value)}); the run cannot go on from here.",)
    return ()


def values_of_parts(tree: Expression, numbers: Mapping[str, float]) -> dict[int, float]:
    """The value of every part of a tree, by the part's identity."""
    values: dict[int, float] = {}
    for part in post_order(tree):
        if isinstance(part, Number):
            values[id(part)] = part.value
        elif isinstance(part, Name):
            values[id(part)] = numbers[part.name] if part.name in numbers else CONSTANTS[part.name]
        else:
            arguments = (values[id(argument)] for argument in part.arguments)
            values[id(part)] = FUNCTIONS[part.function].value(*arguments)
    return values


def _kinks(equation: Expression, wrt: str, numbers: Mapping[str, float]) -> tuple[str, ...]:
    found: list[str] = []
    calls = ((part, FUNCTIONS[part.function].kink) for part in post_order(equation) if isinstance(part, Call))
    with_kinks = [(part, kink) for part, kink in calls if kink]
    values = values_of_parts(equation, numbers) if with_kinks else {}
    for part, kink in with_kinks:
        sentence = kink(*(values[id(argument)] for argument in part.arguments))
        if sentence and wrt in names_in(part):
            found.append(f"{sentence[0].upper()}{sentence[1:]}.")
    return tuple(dict.fromkeys(found))


_REMEDIES = {
    "log": "in a cross-entropy, bce_logits(y, z) does without this",
    "bce": "bce_logits(y, z) computes the same from z without this",
    "exp": "sigmoid, softplus and bce_logits are safe forms",
}
_SMALLER_RATE = "a smaller learning rate may stay clear of it"
_OTHER_START = "other starting values or examples may stay clear of it"
_SATURATING: Mapping[str, tuple[float, ...]] = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""The values that a function never has, but comes so near to that its result is rounded to them."""


class _Reason(Struct, frozen=True):
    """Says why a number is not finite, from the numbers of its example's pass."""

    numbers: Mapping[str, float]
    graph: Graph
    style: Style
    is_trained: bool

    def of(self, tree: Expression, value: float) -> tuple[str, ...]:
        """The innermost operation that made a number non-finite from finite ones, with what would help."""
        if math.isfinite(value):
            return ()
        values = values_of_parts(tree, self.numbers)
        for part in post_order(tree):
            if not isinstance(part, Call) or math.isfinite(values[id(part)]):
                continue
            arguments = [values[id(argument)] for argument in part.arguments]
            if all(map(math.isfinite, arguments)):
                operation = write(Call(part.function, *map(Number, arguments)), self.style)
                result = self.style.number(values[id(part)])
                return (f"{operation} is {result}{self._because(part)}: {self._remedy(part.function)}.",)
        names = [name for name in names_in(tree) if name in self.numbers and not math.isfinite(self.numbers[name])]
        shown = " and ".join(map(self.style.name, names))
        return (f"{shown} is not finite, and so this is not.",) if names else ()

    def _remedy(self, function: str) -> str:
        usual = _SMALLER_RATE if self.is_trained else _OTHER_START
        return f"{_REMEDIES[function]}; {usual}" if function in _REMEDIES else usual

    def _because(self, part: Call) -> str:
        names = [name for name in names_in(part) if name in self.numbers]
        is_plain = any(isinstance(argument, Name) for argument in part.arguments)
        told = [self._rounded(name) or ("" if is_plain else self._equal(name)) for name in names]
        reasons = " and ".join(reason for reason in told if reason)
        if not reasons:
            return ""
        [argument, *others] = part.arguments
        so = "" if others or is_plain else f", so {write(argument, self.style)} = {self._value(argument)}"
        return f", because {reasons}{so if any(map(self._rounded, names)) else ''}"

    def _equal(self, name: str) -> str:
        return f"{self.style.name(name)} = {self.style.number(self.numbers[name])}"

    def _rounded(self, name: str) -> str:
        """That a node's value is not what its function can give, but what the result was rounded to."""
        equation = self.graph.equations.get(name)
        if not isinstance(equation, Call) or self.numbers[name] not in _SATURATING.get(equation.function, ()):
            return ""
        operation = Call(equation.function, Number(float(self._number(equation.arguments[0]))))
        written = write(operation, self.style)
        return f"{self.style.name(name)} = {written} rounds to {self.style.number(self.numbers[name])}"

    def _number(self, tree: Expression) -> float:
        return values_of_parts(tree, self.numbers)[id(tree)]

    def _value(self, tree: Expression) -> str:
        return self.style.number(self._number(tree))
