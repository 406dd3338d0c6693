"""Why a derivative is what it is: the rules by name, one line each, from the equation to the engine's factor."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from tui_backprop.maths import cancellation
from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.finishing import finish
from tui_backprop.maths.derivation.known_forms import plain_ending
from tui_backprop.maths.derivation.rules import Rules, TooManyLinesError
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Expression, Name, names_in, replace, size
from tui_backprop.maths.writing import Style, write

LARGEST_DERIVED = 500
"""Equations with more parts than this get their derivative in one line."""

_LARGEST_LINE = 2_000  # a longer one could not be read, and takes long to write
_LONGEST_IN_PLAN = 30
_CLOSE = 1e-9
_VISIBLE = 1e-5

ROUNDED = (
    "All these lines are the same derivative. Where their numbers differ, rounding has taken digits: a number keeps "
    "about 16 of them, and 1 minus almost 1 has few left."
)

CONVENTION = "At these numbers a convention steps in (0 times what is no number counts as 0): no plainer form holds."


class Line(Struct, frozen=True):
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


class Derivation(Struct, frozen=True):
    """The lines of a derivation; the last one is the statement that was to be derived.

    opening: what is derived, and how its parts are named, before the first line.
    closing: why the lines stop where they do, where that is not the shortest form; else "".
    plan: in which order it goes, where there is more than one thing to do; else "".
    """

    of: str
    wrt: str
    value: float
    opening: tuple[str, ...]
    lines: tuple[Line, ...]
    closing: str = ""
    plan: str = ""


def derive_factor(
    equation: Expression, node: str, wrt: str, factor: Expression, numbers: Mapping[str, float], style: Style
) -> Derivation:
    """The derivation of a chain-rule factor by the rules.

    equation: what `node` is computed from; factor: the formula of its derivative with respect to `wrt` that the engine
    uses, which the last line has. numbers: every name's value. style: how the sentences write formulas.
    """
    value = evaluate(factor, numbers)
    closing = f"The equation of {style.name(node)} is too large to derive line by line."
    kept_whole = ""
    is_small = size(equation) <= LARGEST_DERIVED and size(factor) <= _LARGEST_LINE
    for expands in (True, False) if is_small else ():
        rules = Rules(equation, node, wrt, numbers, style, expands)
        lines = _told(rules, factor, numbers)
        if lines:
            closing = _why_not_shown(lines, node, wrt, value)
            if not closing:
                plain = tuple(_plain_lines(lines[-1], numbers, style))
                lines = (*lines, *(line for line in plain if is_close(line.value, value)))
                remark = kept_whole or (ROUNDED if differ_visibly(lines, node, wrt) else "")
                if not all(is_close(line.value, value) for line in plain):
                    remark = f"{remark} {CONVENTION}".lstrip()
                return Derivation(node, wrt, value, _opening(rules, lines), lines, remark, _plan(rules, lines))
        if not rules.taken_apart:
            break
        functions = reasons.listed(dict.fromkeys(tree.function for tree in rules.taken_apart))
        loss = "would lose the result at these numbers" if lines else "would take too many lines"
        kept_whole = f"Taken apart, {functions} {loss}: the rule of the whole is used."
    line = Line(
        "definition",
        Name(node),
        wrt,
        factor,
        {},
        "This is what the rules give.",
        cancellation.evaluate(factor, numbers),
    )
    return Derivation(node, wrt, value, (), (line,), closing)


def _why_not_shown(lines: Iterable[Line], node: str, wrt: str, value: float) -> str:
    if not all(math.isfinite(line.value) for line in lines):
        return "At these numbers some line on the way is not finite, so only the result is shown."
    if not agree(lines, node, wrt, value):
        return "At these numbers rounding makes the lines on the way differ too much, so only the result is shown."
    return ""


def agree(lines: Iterable[Line], of: str, wrt: str, value: float) -> bool:
    """Whether all lines that say what ∂of/∂wrt is have its value, as far as rounding lets them."""
    return all(is_close(line.value, value) for line in lines if (line.of, line.wrt) == (of, wrt))


def is_close(one: float, two: float) -> bool:
    """Whether two numbers are the same but for rounding; absolutely for small ones, which are what large ones leave."""
    return abs(one - two) <= _CLOSE * max(1.0, abs(two))


def differ_visibly(lines: Iterable[Line], of: str, wrt: str) -> bool:
    """Whether lines that say what ∂of/∂wrt is show different numbers, because they are small and rounding is not."""
    values = [line.value for line in lines if (line.of, line.wrt) == (of, wrt)]
    return max(values) - min(values) > _VISIBLE * max(map(abs, values))


def _told(rules: Rules, factor: Expression, numbers: Mapping[str, float]) -> tuple[Line, ...]:
    """All the lines to the factor's formula, with their values; none where they would be too many or too long."""
    try:
        finish(rules, rules.derived(), factor)
    except TooManyLinesError:
        return ()
    if max(size(draft.expression) for draft in rules.drafts) > _LARGEST_LINE:
        return ()
    values = dict(numbers)
    for name, tree in rules.inner.items():  # an inner function is in terms of those that were named before it
        values[name] = cancellation.evaluate(tree, values)
    definitions = _nested(rules.inner)
    return tuple(
        Line(
            draft.rule,
            draft.subject,
            draft.wrt,
            draft.expression,
            definitions_used((*names_in(draft.subject), draft.wrt, *names_in(draft.expression)), definitions),
            draft.why,
            cancellation.evaluate(draft.expression, values),
        )
        for draft in rules.drafts
    )


def _plain_lines(last: Line, numbers: Mapping[str, float], style: Style) -> Iterator[Line]:
    """The lines after the engine's factor, to the form without the functions that have a convention at 0."""
    for rule, expression, why in plain_ending(last.expression, style):
        yield Line(rule, last.subject, last.wrt, expression, {}, why, cancellation.evaluate(expression, numbers))


def _nested(inner: Mapping[str, Expression]) -> dict[str, Expression]:
    """The definitions in terms of each other, as they are taught: g = 1 + exp(h), h = -z."""
    return {
        name: replace(tree, {other: Name(text) for text, other in inner.items() if text != name})
        for name, tree in inner.items()
    }


def definitions_used(names: Iterable[str], definitions: Mapping[str, Expression]) -> dict[str, Expression]:
    """The definitions of those names that are inner ones, and of the inner names that these use."""
    wanted = list(names)
    used: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in definitions and name not in used:
            used.add(name)
            wanted.extend(names_in(definitions[name]))
    return {name: tree for name, tree in definitions.items() if name in used}


def _plan(rules: Rules, lines: Iterable[Line]) -> str:
    """From the outermost function to the innermost one."""
    used = {name for line in lines for name in line.where}
    inner = [name for name in rules.inner if name in used]
    if not inner:
        return ""
    whole = next((apart for tree, apart in rules.taken_apart.items() if tree == rules.equation), rules.equation)
    outer = write(replace(whole, {rules.inner[name]: Name(name) for name in inner}), rules.style)
    outer = outer if len(outer) <= _LONGEST_IN_PLAN else "the whole"
    return f"The plan, outer rule first: {'; then '.join((outer, *inner))}."


def _opening(rules: Rules, lines: Iterable[Line]) -> tuple[str, ...]:
    """The equation, what the inner names stand for, and what functions are taken apart into, each in their terms."""
    style = rules.style
    used: dict[str, Expression] = {}
    for line in lines:
        used.update(line.where)

    def forms(*trees: Expression) -> str:
        """The trees that a name or function equals, and the last one in terms of the inner names."""
        last = replace(trees[-1], {rules.inner[name]: Name(name) for name in used})
        return " = ".join(dict.fromkeys(write(tree, style) for tree in (*trees, last)))

    apart = rules.taken_apart
    equation = [rules.equation, *(definition for tree, definition in apart.items() if tree == rules.equation)]
    return (
        f"{style.name(rules.node)} = {forms(*equation)}",
        *(f"{name} = {write(tree, style)}" for name, tree in used.items()),
        *(f"{write(tree, style)} = {forms(part)}" for tree, part in apart.items() if tree != rules.equation),
    )
