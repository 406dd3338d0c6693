"""Why is the derivative what it is? The rules by name, one line each, from the equation to the engine's factor."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Expression, Name, names_in, replace, size
from tui_backprop.maths.rules import Draft, Rules
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.writing import Style, write

LARGEST_DERIVED = 500
"""Equations with more parts than this get their derivative in one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a derivation: the derivative of `subject` with respect to `wrt` is `expression`, by `rule`.

    subject: a node's or inner name, or the part of the equation that the line is about. wrt: a name.
    where: the inner names that the expression uses, each with what it stands for.
    why: a sentence.
    value: the expression's value at the current numbers.
    """

    rule: str
    subject: Expression
    wrt: str
    expression: Expression
    where: Mapping[str, Expression]
    why: str
    value: float

    @property
    def of(self) -> str:
        """The subject as text of the expression language."""
        return write(self.subject)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The lines of a derivation; the last one is the statement that was to be derived.

    opening: what is derived, and how its parts are named, before the first line.
    closing: why the lines stop where they do, where that is not the shortest form; else "".
    """

    of: str
    wrt: str
    value: float
    opening: tuple[str, ...]
    lines: tuple[Line, ...]
    closing: str = ""


def derive_factor(
    equation: Expression, node: str, wrt: str, factor: Expression, numbers: Mapping[str, float], style: Style
) -> Derivation:
    """The derivation of a chain-rule factor by the rules.

    equation: what `node` is computed from; factor: the formula of its derivative with respect to `wrt` that the engine
    uses, which the last line has. numbers: every name's value. style: how the sentences write formulas.
    """
    value = evaluate(factor, numbers)
    if size(equation) <= LARGEST_DERIVED:
        for expands in (True, False):
            rules = Rules(equation, node, wrt, numbers, style, expands)
            _finish(rules, rules.derived(), factor)
            lines = _lines(rules, numbers)
            if all(_is_true(line, node, wrt, value) for line in lines):
                return Derivation(node, wrt, value, _opening(equation, node, lines, style), lines)
        closing = "At these numbers some line on the way is not finite, so only the result is shown."
    else:
        closing = f"The equation of {style.name(node)} is too large to derive line by line."
    line = Line("definition", Name(node), wrt, factor, {}, "This is what the rules give.", value)
    return Derivation(node, wrt, value, (), (line,), closing)


def _is_true(line: Line, node: str, wrt: str, value: float) -> bool:
    if not math.isfinite(line.value):
        return False
    return (line.of, line.wrt) != (node, wrt) or abs(line.value - value) <= 1e-10 * max(1.0, abs(value))


def _finish(rules: Rules, result: Expression, factor: Expression) -> None:
    """From what the rules gave to the formula of the engine."""
    last = instantiate(result, {})
    if last != result:
        rules.say_of_whole("collect", last, "Ones and zeros fall away, numbers and signs come together.")
    back = instantiate(_put_back(last, rules.inner), {})
    if back != last:
        names = [name for name in rules.inner if name in names_in(last)]
        why = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} put back."
        rules.say_of_whole("substitution", back, why)
    if back != factor:
        style, node = rules.style, rules.node
        uses_node = node in names_in(factor)
        why = (
            f"{write(rules.equation, style)} is {style.name(node)} itself."
            if uses_node
            else "The same, written shorter."
        )
        rules.say_of_whole("substitution" if uses_node else "collect", factor, why)


def _lines(rules: Rules, numbers: Mapping[str, float]) -> tuple[Line, ...]:
    whole = {name: _put_back(tree, rules.inner) for name, tree in rules.inner.items()}
    values = {**numbers, **{name: evaluate(tree, numbers) for name, tree in whole.items()}}
    definitions = _nested(whole)
    return tuple(
        Line(
            draft.rule,
            draft.subject,
            draft.wrt,
            draft.expression,
            _used_definitions(draft, definitions),
            draft.why,
            evaluate(draft.expression, values),
        )
        for draft in rules.drafts
    )


def _put_back(tree: Expression, inner: Mapping[str, Expression]) -> Expression:
    """The tree with every inner name replaced by what it stands for, until none is left."""
    while True:
        used = [name for name in names_in(tree) if name in inner]
        if not used:
            return tree
        tree = replace(tree, {Name(name): inner[name] for name in used})


def _nested(whole: Mapping[str, Expression]) -> dict[str, Expression]:
    """The definitions in terms of each other, as they are taught: g = 1 + exp(h), h = -z."""
    definitions: dict[str, Expression] = {}
    for name, tree in whole.items():
        smaller = {other: Name(text) for text, other in whole.items() if size(other) < size(tree)}
        definitions[name] = replace(tree, smaller)
    return definitions


def _used_definitions(draft: Draft, definitions: Mapping[str, Expression]) -> dict[str, Expression]:
    """The definitions of the inner names that a line uses, and of those that these use."""
    wanted = [*names_in(draft.subject), draft.wrt, *names_in(draft.expression)]
    used: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in definitions and name not in used:
            used.add(name)
            wanted.extend(names_in(definitions[name]))
    return {name: tree for name, tree in definitions.items() if name in used}


def _opening(equation: Expression, node: str, lines: Iterable[Line], style: Style) -> tuple[str, ...]:
    inner: dict[str, Expression] = {}
    for line in lines:
        inner.update(line.where)
    return (
        f"{style.name(node)} = {write(equation, style)}",
        *(f"{name} = {write(tree, style)}" for name, tree in inner.items()),
    )
