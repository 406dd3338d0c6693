"""The rule that a factor comes from, in one line: the outermost rule of its equation, and a sentence."""

from __future__ import annotations

from tui_backprop.maths.applicable_rule import rule_for
from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.rules import lowered
from tui_backprop.maths.derivative import signed_terms
from tui_backprop.maths.expression import ONE, Call, Expression, Name, flattened, names_in
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.writing import Style, write


def principal_rule(equation: Expression, wrt: str) -> str:
    """The rule for an equation's outermost operation, by which its derivative begins.

    Of a/y and of 2*x*x it is that of 1/y and of x*x, which the constant only multiplies.
    """
    applied = rule_for(equation, wrt)
    if applied.form == "multiple" and isinstance(equation, Call) and equation.function != "neg":
        [rest] = applied.parts
        if rest not in flattened(equation, "*"):
            return rule_for(rest, wrt).rule
    return applied.rule


def principal_reason(equation: Expression, node: str, wrt: str, style: Style) -> str:
    """A sentence on the derivative of a node's equation: where it is one rule's doing, that rule's reason."""
    start = f"From {style.name(node)} = {write(equation, style)}"
    reason = _reason(equation, wrt, style)
    return f"{start}. {reason}" if reason else f"{start}; its own derivation shows every rule."


def _reason(equation: Expression, wrt: str, style: Style) -> str:
    if not isinstance(equation, Call):
        return reasons.of_itself(Name(wrt), wrt, style)
    applied = rule_for(equation, wrt)
    if applied.form == "sum":
        return _of_sum([term for _, term in signed_terms(equation)], wrt, style)
    if equation.function == "*":
        constants, moving = _held_and_moving(equation, wrt)
        return reasons.of_multiple(constants, moving[0], wrt, style) if constants and moving == [Name(wrt)] else ""
    if equation.function == "^" and applied.form == "power":
        return _of_power(equation, wrt, style)
    if applied.form == "function" and Name(wrt) in equation.arguments and not _is_told_by_its_definition(equation):
        return reasons.of_function(equation, wrt, style)
    return ""


def _is_told_by_its_definition(call: Call) -> bool:
    function = FUNCTIONS[call.function]
    return bool(function.definition) and not function.ending


def _of_sum(terms: list[Expression], wrt: str, style: Style) -> str:
    moving = [term for term in terms if wrt in names_in(term)]
    if len(moving) > 1:
        return ""
    name, term = style.name(wrt), write(moving[0], style)
    others = (
        "the other term is held constant and gives" if len(terms) == 2 else "the other terms are held constant and give"
    )
    if moving == [Name(wrt)]:
        return f"Only {term} moves; {others} 0."
    why = f"Only {term} contains {name}; {others} 0."
    constants, rest = _held_and_moving(moving[0], wrt)
    if not constants or rest != [Name(wrt)]:
        return f"{why} Its own derivation shows every rule."
    held, itself = (
        reasons.listed(write(constant, style) for constant in constants),
        reasons.partial(Name(wrt), wrt, style),
    )
    return f"{why} In that one {held} {'stays' if len(constants) == 1 else 'stay'} as a factor, times {itself} = 1."


def _of_power(equation: Call, wrt: str, style: Style) -> str:
    base, exponent = equation.arguments
    why = reasons.of_power(equation, exponent, lowered(exponent), style)
    if base == Name(wrt):
        return why
    return f"{why} By the chain rule the derivative of {write(base, style)} is another factor."


def _held_and_moving(tree: Expression, wrt: str) -> tuple[list[Expression], list[Expression]]:
    factors = [factor for factor in flattened(tree, "*") if factor != ONE]
    constants = [factor for factor in factors if wrt not in names_in(factor)]
    return constants, [factor for factor in factors if wrt in names_in(factor)]
