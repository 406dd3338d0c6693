"""How does the derivative of a function that was taken apart become what one knows it as: the sigmoid's a*(1 - a)?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from tui_backprop.maths.derivation.reasons import told
from tui_backprop.maths.expression import Call, Expression, Name, names_in, replace
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.writing import Style

_Ending = tuple[str, str, str]
"""A rule, the expression that it gives, and why: in terms of the operands `u` and `v` and the value `s`."""

_ENDINGS: Mapping[str, tuple[_Ending, ...]] = MappingProxyType(
    {
        "sigmoid": (
            ("substitution", "s^2*exp(-u)", "`s` = `1/(1 + exp(-u))`, so `1/(1 + exp(-u))^2` is `s^2`."),
            (
                "substitution",
                "s^2*((1 - s)/s)",
                "`s*(1 + exp(-u))` is 1, so `s*exp(-u)` is `1 - s`, and `exp(-u)` is `(1 - s)/s`.",
            ),
            ("cancel", "s*(1 - s)", "One `s` above cancels the `s` below."),
        ),
        "softplus": (
            (
                "substitution",
                "sigmoid(u)",
                "Above and below divided by `exp(u)` it is `1/(1 + exp(-u))`: the sigmoid of `u`.",
            ),
        ),
        "bce": (
            (
                "collect",
                "((1 - u)*v - u*(1 - v))/(v*(1 - v))",
                "Both fractions are brought over the common denominator `v*(1 - v)`.",
            ),
            ("collect", "(v - u)/(v*(1 - v))", "Multiplied out, `-u*v` and `u*v` above cancel: `v - u` is left."),
        ),
    }
)


def ending(tree: Call, wrt: str, value: Expression, style: Style) -> Iterator[tuple[str, Expression, str]]:
    """The lines from what the rules give for a function taken apart to its own derivative, each with rule and reason.

    tree: the function's call, whose last operand is the name `wrt`. value: what its value is written as.
    """
    if tree.arguments[-1] != Name(wrt) or any(wrt in names_in(argument) for argument in tree.arguments[:-1]):
        return
    parts: dict[str, Expression] = {**dict(zip(("u", "v"), tree.arguments, strict=False)), "s": value}
    trees: Mapping[Expression, Expression] = {Name(name): part for name, part in parts.items()}
    for rule, formula, why in _ENDINGS.get(tree.function, ()):
        yield rule, replace(parse(formula).expression, trees), told(why, parts, style)
