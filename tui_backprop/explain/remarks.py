"""What is to be said about a step beyond its number: a convention it rests on, a number that is no longer finite."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.explain.remedies import not_a_number_remedy, remedy
from tui_backprop.maths.expression import Call, Expression, Name, Number, names_in, post_order
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.writing import Style, write
from tui_backprop.numbers import Remnant
from tui_backprop.record.history import History
from tui_backprop.record.step import Step


def remarks(step: Step, history: History, iteration: int, style: Style) -> tuple[str, ...]:
    """Sentences about a step of an iteration: where it rests on a convention, and why a number is not finite."""
    graph = history.graph
    if isinstance(step.value, Remnant):
        return (*_conventions(step, graph), _of_remnant(step, step.value, style))
    if step.kind in ("value", "factor"):
        reason = _Reason(step.numbers, history, iteration, style).of(step.tree, step.value)
        return (*_conventions(step, graph), *reason)
    if not math.isfinite(step.value):
        return (f"This number is not finite ({style.number(step.value)}); the run cannot go on from here.",)
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


def _of_remnant(step: Step, value: Remnant, style: Style) -> str:
    """Why a number is shown as ≈ 0."""
    left = f"Shown as {style.number(value)}: {style.number(float(value))} is nothing but rounding"
    if any(isinstance(step.numbers.get(name), Remnant) for name in names_in(step.tree)):
        return f"{left}, because it is made of such numbers."
    return f"{left}. Terms as large as {style.number(value.term)} cancel here, and a number keeps about 16 digits."


def _conventions(step: Step, graph: Graph) -> tuple[str, ...]:
    """What the step's number owes to a convention, told for each call of the node's equation that it goes through."""
    if step.kind not in ("value", "factor"):
        return ()
    found: list[str] = []
    equation, wrt = (graph.equations[step.of], step.name) if step.of else (step.tree, None)
    calls = ((part, FUNCTIONS[part.function]) for part in post_order(equation) if isinstance(part, Call))
    telling = [(part, function) for part, function in calls if function.convention or (wrt and function.kink)]
    values = values_of_parts(equation, step.numbers) if telling else {}
    for part, function in telling:
        if wrt is not None and wrt not in names_in(part):
            continue
        for told in (function.kink if wrt is not None else None, function.convention):
            sentence = told(*(values[id(argument)] for argument in part.arguments)) if told else None
            if sentence:
                found.append(f"{sentence[0].upper()}{sentence[1:]}.")
    return tuple(dict.fromkeys(found))


def cause(tree: Expression, numbers: Mapping[str, float]) -> Call | None:
    """The innermost operation of a tree that made a number which is not finite from finite ones."""
    values = values_of_parts(tree, numbers)
    for part in post_order(tree):
        if isinstance(part, Call) and not math.isfinite(values[id(part)]):
            operands = [values[id(argument)] for argument in part.arguments]
            if all(map(math.isfinite, operands)):
                return part
    return None


class _Reason(Struct, frozen=True):
    """Says why a number is not finite, from the numbers of its example's pass."""

    numbers: Mapping[str, float]
    history: History
    iteration: int
    style: Style

    def of(self, tree: Expression, value: float) -> tuple[str, ...]:
        """What made a number non-finite from finite ones, with what would help; and what made it no number at all."""
        if math.isfinite(value):
            return ()
        values = values_of_parts(tree, self.numbers)
        found: list[str] = []
        part = cause(tree, self.numbers)
        if part is not None:
            operation = write(
                Call(part.function, *(Number(values[id(argument)]) for argument in part.arguments)), self.style
            )
            helps = remedy(part, self.history, self.iteration, self.style)
            found.append(f"{operation} is {self.style.number(values[id(part)])}{self._because(part)}: {helps}.")
        no_number, helps = self._no_number(tree, values)
        if no_number:
            found.append(f"{no_number}{f'; {helps}' if helps and helps not in ''.join(found) else ''}.")
        if found:
            return tuple(found)
        names = [name for name in names_in(tree) if name in self.numbers and not math.isfinite(self.numbers[name])]
        shown = " and ".join(map(self.style.name, names))
        return (f"{shown} is not finite, so this is not either.",) if names else ()

    def _no_number(self, tree: Expression, values: Mapping[int, float]) -> tuple[str, str]:
        """Where infinities meet so that no number comes out, ∞/∞, 0·∞, ∞ − ∞, and what helps; "" where they do not."""
        for part in post_order(tree):
            if not isinstance(part, Call) or not math.isnan(values[id(part)]):
                continue
            operands = [values[id(argument)] for argument in part.arguments]
            if any(map(math.isinf, operands)) and not any(map(math.isnan, operands)):
                met = write(Call(part.function, *map(Number, operands)), self.style)
                put_in = write(part, self.style, self.numbers)
                said = (
                    f"{put_in} is NaN, because {met} is not a number"
                    if put_in != met
                    else f"{met} is not a number: NaN"
                )
                return said, not_a_number_remedy(part, operands, self.history)
        return "", ""

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
        equation = self.history.graph.equations.get(name)
        if not isinstance(equation, Call) or self.numbers[name] not in FUNCTIONS[equation.function].saturates:
            return ""
        operation = Call(equation.function, Number(float(self._number(equation.arguments[0]))))
        written = write(operation, self.style)
        return f"{self.style.name(name)} = {written} rounds to {self.style.number(self.numbers[name])}"

    def _number(self, tree: Expression) -> float:
        return values_of_parts(tree, self.numbers)[id(tree)]

    def _value(self, tree: Expression) -> str:
        return self.style.number(self._number(tree))
