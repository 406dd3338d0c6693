"""What should be said about a step beyond its number: a convention it rests on, a number that is no longer finite?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from tui_backprop.maths.expression import Call, Expression, Name, Number, names_in, post_order
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.writing import Style, write
from tui_backprop.training.graph import Graph
from tui_backprop.training.steps import FactorStep, GradientStep, MeanStep, Step, UpdateStep, ValueStep


def remarks(step: Step, graph: Graph, style: Style) -> tuple[str, ...]:
    """Sentences about a step: kinks where the derivative is a convention, and why a number is not finite."""
    if isinstance(step, FactorStep):
        kinks = _kinks(graph.equations[step.of], step.wrt, step.numbers)
        return (*kinks, *_why_not_finite(step.formula, step.numbers, step.value, style))
    if isinstance(step, ValueStep):
        return _why_not_finite(step.formula, step.numbers, step.value, style)
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
        elif isinstance(part, Call):
            arguments = (values[id(argument)] for argument in part.arguments)
            values[id(part)] = FUNCTIONS[part.function].value(*arguments)
    return values


def _kinks(equation: Expression, wrt: str, numbers: Mapping[str, float]) -> tuple[str, ...]:
    found: list[str] = []
    values = values_of_parts(equation, numbers)
    for part in post_order(equation):
        kink = FUNCTIONS[part.function].kink if isinstance(part, Call) else None
        if isinstance(part, Call) and kink:
            sentence = kink(*(values[id(argument)] for argument in part.arguments))
            if sentence and wrt in names_in(part):
                found.append(f"{sentence[0].upper()}{sentence[1:]}.")
    return tuple(dict.fromkeys(found))


_REMEDIES = {
    "log": "bce_logits(y, z) computes a cross-entropy without this; a smaller learning rate may stay clear of it",
    "bce": "bce_logits(y, z) computes the same from z without this",
    "exp": "sigmoid, softplus and bce_logits are safe forms; a smaller learning rate keeps numbers small",
}


def _why_not_finite(tree: Expression, numbers: Mapping[str, float], value: float, style: Style) -> tuple[str, ...]:
    """The innermost operation that made a number non-finite from finite ones, with what would help."""
    if math.isfinite(value):
        return ()
    values = values_of_parts(tree, numbers)
    for part in post_order(tree):
        if not isinstance(part, Call) or math.isfinite(values[id(part)]):
            continue
        arguments = [values[id(argument)] for argument in part.arguments]
        if not all(map(math.isfinite, arguments)):
            continue
        operation = Call(part.function, *map(Number, arguments))
        remedy = _REMEDIES.get(part.function, "a smaller learning rate may keep the numbers finite")
        result = style.number(values[id(part)])
        because = _because(part, numbers, style)
        return (f"{write(operation, style)} is {result}{because}: {remedy}.",)
    names = [name for name in names_in(tree) if name in numbers and not math.isfinite(numbers[name])]
    return (f"{' and '.join(map(style.name, names))} is not finite, and so this is not.",) if names else ()


def _because(part: Call, numbers: Mapping[str, float], style: Style) -> str:
    names = [name for name in names_in(part) if name in numbers]
    if not names or any(isinstance(argument, Name) for argument in part.arguments):
        return ""
    return ", because " + " and ".join(f"{style.name(name)} = {style.number(numbers[name])}" for name in names)
