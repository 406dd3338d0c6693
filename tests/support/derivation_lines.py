"""What does a line of a derivation say, read as a stranger would: from its text alone?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from support.lessons import tree
from support.oracle import Real, dual

from tui_backprop.maths.derivation.by_rules import Derivation, Line, derive_factor
from tui_backprop.maths.derivation.inner_functions import put_back
from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Expression, Name, fold, names_in, replace
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.writing import PLAIN, Style, typeset_names, typeset_style, write
from tui_backprop.numbers import four_digits

CONTRACT_RULES = frozenset(
    {
        *("definition", "constant rule", "constant multiple rule", "sum rule", "product rule", "quotient rule"),
        *("power rule", "exponential rule", "logarithm rule", "chain rule"),
        *("substitution", "distribute", "cancel", "expand", "collect"),
        *(function.rule for function in FUNCTIONS.values()),
    }
)
"""The names that a rule may have."""


def derived(
    equation: str, wrt: str, node: str = "L", style: Style = PLAIN, at: Mapping[str, float] = MappingProxyType({})
) -> Derivation:
    """The derivation of one factor, at numbers of which those not given are 0.7, 0.3, 1.2 and 0.5 in turn."""
    formula = tree(equation)
    names = [name for name in names_in(formula) if name not in CONSTANTS]
    given = {name: [0.7, 0.3, 1.2, 0.5][place % 4] for place, name in enumerate(names)} | dict(at)
    given[node] = evaluate(formula, given)
    return derive_factor(formula, node, wrt, factor_formulas(formula, node)[wrt], given, style)


def on_screen(*names: str) -> Style:
    """The style of the screen."""
    return typeset_style(typeset_names(names), four_digits)


def statement(line: Line) -> str:
    """A line as plain text: its rule, and what the derivative is."""
    return f"{line.rule}: d {line.of} / d {line.wrt} = {write(line.expression)}"


def rules(derivation: Derivation) -> list[str]:
    """The rules of a derivation's lines."""
    return [line.rule for line in derivation.lines]


def last(derivation: Derivation) -> str:
    """The formula that a derivation ends with, as plain text."""
    return write(derivation.lines[-1].expression)


def of_whole(derivation: Derivation) -> list[Line]:
    """The lines that are about what was to be derived."""
    return [line for line in derivation.lines if (line.of, line.wrt) == (derivation.of, derivation.wrt)]


def with_definitions(line: Line, numbers: Mapping[str, float]) -> dict[str, float]:
    """The numbers, and those of the line's inner names, from the text of `where`, whatever its order is."""
    known = dict(numbers)
    pending = {name: tree(write(definition)) for name, definition in line.where.items()}
    while pending:
        ready = {
            name
            for name, definition in pending.items()
            if all(used in known or used in CONSTANTS for used in names_in(definition))
        }
        assert ready, f"nothing defines what these use: {pending}"
        for name in ready:
            assert name not in numbers, f"{name} is a name of the scenario"
            known[name] = evaluate(pending.pop(name), known)
    return known


def value_as_told(line: Line, numbers: Mapping[str, float]) -> float:
    """What the text of a line's expression evaluates to."""
    return evaluate(tree(write(line.expression)), with_definitions(line, numbers))


def slope_of_subject(line: Line, node: str, equation: Expression, at: Mapping[str, Real]) -> Real:
    """The derivative that the line speaks of, by dual numbers.

    A line may be about an inner name: then everything that this stands for is one variable.
    """
    subject = equation if line.subject == Name(node) else put_back(line.subject, line.where)
    if line.wrt not in line.where:
        return dual(subject, at, line.wrt).slope
    inner = put_back(Name(line.wrt), line.where)
    shown = replace(in_simpler_functions(subject), {in_simpler_functions(inner): Name(line.wrt)})
    return dual(shown, {**at, line.wrt: dual(inner, at).value}, line.wrt).slope


def slope_as_told(line: Line, at: Mapping[str, Real]) -> Real:
    """What the line's expression comes to, with sixty digits."""
    return dual(put_back(line.expression, line.where), at).value


def in_simpler_functions(expression: Expression) -> Expression:
    """The expression with the sigmoid and its like written out."""

    def call(part: Call, arguments: list[Expression]) -> Expression:
        definition = FUNCTIONS[part.function].definition
        if not definition:
            return Call(part.function, *arguments)
        return replace(tree(definition), {Name(name): part for name, part in zip("uv", arguments, strict=False)})

    return fold(expression, lambda leaf: leaf, call)
