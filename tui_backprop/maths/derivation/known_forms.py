"""The last lines of a derivation: from what the rules give to what one knows it as, such as the sigmoid's a*(1 - a).

`ending` is for a function that was taken apart; `without_conventions` for a factor in which xlogy and xdivy keep watch
over a 0, where nothing but the plain quotient and logarithm is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_backprop.maths.derivation.reasons import listed, told
from tui_backprop.maths.expression import ONE, Call, Expression, Name, names_in, post_order, replace
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.table_formulas import formula, operands_by_name
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.writing import Style


def ending(tree: Call, wrt: str, value: Expression, style: Style) -> Iterator[tuple[str, Expression, str]]:
    """The lines from what the rules give for a function taken apart to its own derivative, each with rule and reason.

    tree: the function's call, whose last operand is the name `wrt`. value: what its value is written as.
    """
    if tree.arguments[-1] != Name(wrt) or any(wrt in names_in(argument) for argument in tree.arguments[:-1]):
        return
    parts = {**operands_by_name(tree), "s": value}
    trees: Mapping[Expression, Expression] = {Name(name): part for name, part in parts.items()}
    for line in FUNCTIONS[tree.function].ending:
        yield line.rule, replace(formula(line.formula), trees), told(line.why, parts, style)


def without_conventions(tree: Expression) -> Expression:
    """The tree with xdivy(x, y) as x/y and xlogy(x, y) as x*log(y): the same number but where a convention steps in."""
    plain: dict[Expression, Expression] = {}
    for part in _with_plain_form(tree):
        u, v = (replace(argument, plain) for argument in part.arguments)
        written = formula(FUNCTIONS[part.function].plain)
        if isinstance(u, Call) and u.function == "step":  # 1, but where there is no number to multiply by
            plain[part] = instantiate(written, {"u": ONE, "v": v})
        else:
            plain[part] = replace(written, {Name("u"): u, Name("v"): v})
    return replace(tree, plain)


def _with_plain_form(tree: Expression) -> list[Call]:
    """The calls in a tree that are a plain formula but for a convention, operands first."""
    return [part for part in post_order(tree) if isinstance(part, Call) and FUNCTIONS[part.function].plain]


def why_without_conventions(tree: Expression, style: Style) -> str:
    """Why the functions with a convention may be written without it."""
    functions = sorted({part.function for part in _with_plain_form(tree)})
    said = listed(f"`{name}(u, v)` is `{FUNCTIONS[name].plain}`" for name in functions)
    return f"{told(said, {'u': Name('x'), 'v': Name('y')}, style)}: no 0 meets another here."


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
    parts = operands_by_name(below)
    if plain != instantiate(formula("(1 - u)/(1 - v) - u/v"), parts):
        return
    for text, why in _OF_CROSS_ENTROPY:
        yield "collect", instantiate(formula(text), parts), told(why, parts, style)


_OF_CROSS_ENTROPY = (
    ("((1 - u)*v - u*(1 - v))/(v*(1 - v))", "Both fractions are brought over the common denominator `v*(1 - v)`."),
    ("(v - u)/(v*(1 - v))", "Multiplied out, `-u*v` and `u*v` above cancel: `v - u` is left."),
)
