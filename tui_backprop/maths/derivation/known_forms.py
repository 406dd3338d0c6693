"""The last lines of a derivation: from what the rules give to what one knows it as, such as the sigmoid's a*(1 - a).

`ending` is for a function that was taken apart; `without_conventions` for a factor in which xlogy and xdivy keep watch
over a 0, where nothing but the plain quotient and logarithm is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from tui_backprop.maths.derivation.reasons import listed, told
from tui_backprop.maths.expression import ONE, Call, Expression, Name, names_in, post_order, replace
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tidy import instantiate
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


def without_conventions(tree: Expression) -> Expression:
    """The tree with xdivy(x, y) as x/y and xlogy(x, y) as x*log(y): the same number but where a convention steps in."""
    plain: dict[Expression, Expression] = {}
    for part in post_order(tree):
        if isinstance(part, Call) and part.function in ("xdivy", "xlogy"):
            x, y = (replace(argument, plain) for argument in part.arguments)
            second = y if part.function == "xdivy" else Call("log", y)
            if isinstance(x, Call) and x.function == "step":  # 1, but where there is no number to multiply by
                plain[part] = Call("/", ONE, y) if part.function == "xdivy" else second
            else:
                plain[part] = Call("/" if part.function == "xdivy" else "*", x, second)
    return replace(tree, plain)


def why_without_conventions(tree: Expression, style: Style) -> str:
    """Why the functions with a convention may be written without it."""
    functions = dict.fromkeys(part.function for part in post_order(tree) if isinstance(part, Call))
    said = {"xdivy": "`xdivy(x, y)` is `x/y`", "xlogy": "`xlogy(x, y)` is `x*log(y)`"}
    return f"{told(listed(said[name] for name in said if name in functions), {}, style)}: no 0 meets another here."


def plain_ending(factor: Expression, style: Style) -> Iterator[tuple[str, Expression, str]]:
    """The lines from a factor with functions that have a convention to one without, each with rule and reason."""
    plain = without_conventions(factor)
    if plain == factor:
        return
    plain = instantiate(plain, {})
    yield "substitution", plain, why_without_conventions(factor, style)
    if not (isinstance(plain, Call) and plain.function == "-"):
        return
    below = plain.arguments[1]
    if not (isinstance(below, Call) and below.function == "/"):
        return
    parts = dict(zip(("u", "v"), below.arguments, strict=True))
    if plain != instantiate(parse("(1 - u)/(1 - v) - u/v").expression, parts):
        return
    for formula, why in _OF_CROSS_ENTROPY:
        yield "collect", instantiate(parse(formula).expression, parts), told(why, parts, style)


_OF_CROSS_ENTROPY = (
    ("((1 - u)*v - u*(1 - v))/(v*(1 - v))", "Both fractions are brought over the common denominator `v*(1 - v)`."),
    ("(v - u)/(v*(1 - v))", "Multiplied out, `-u*v` and `u*v` above cancel: `v - u` is left."),
)
