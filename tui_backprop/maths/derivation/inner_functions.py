"""The inner function through which an expression depends on a name: what the chain rule takes apart."""

from __future__ import annotations

from collections.abc import Mapping

from tui_backprop.maths.expression import Call, Expression, Name, flattened, names_in, replace

DEFINITIONS: Mapping[str, str] = {
    "sigmoid": "1/(1 + exp(-u))",
    "softplus": "log(1 + exp(u))",
    "bce": "-(xlogy(u, v) + xlogy(1 - u, 1 - v))",
}
"""What a function is in terms of simpler ones, for those whose derivative is built from them."""


def only_inner(tree: Call, wrt: str) -> Expression | None:
    """The one composite part through which alone the tree depends on the name, if a rule takes it as a variable."""
    found: dict[Expression, None] = {}
    stack: list[Expression] = [tree]
    while stack:
        part = stack.pop()
        if wrt not in names_in(part):
            continue
        if isinstance(part, Name):
            return None
        assert isinstance(part, Call)
        arguments = _arguments_of_rule(part, wrt)
        if arguments is None:
            stack.extend(part.arguments)
            continue
        for argument in arguments:
            if wrt in names_in(argument):
                if isinstance(argument, Name):
                    return None
                found[argument] = None
    return next(iter(found)) if len(found) == 1 else None


def _arguments_of_rule(call: Call, wrt: str) -> tuple[Expression, ...] | None:
    """The operands that a rule takes as its variable; composite ones need the chain rule. None: the rule has none."""
    if call.function in ("+", "-", "*", "neg"):
        if call.function == "*":
            moving = [factor for factor in flattened(call, "*") if wrt in names_in(factor)]
            if len(moving) > 1 and all(factor == moving[0] for factor in moving):
                return (moving[0],)
        return None
    if call.function == "/":
        above, below = call.arguments
        return (below,) if wrt in names_in(below) and wrt not in names_in(above) else None
    if call.function == "^":
        base, exponent = call.arguments
        if wrt in names_in(base) and wrt in names_in(exponent):
            return None
        return (base,) if wrt in names_in(base) else (exponent,)
    return call.arguments


def put_back(tree: Expression, inner: Mapping[str, Expression]) -> Expression:
    """The tree with every inner name replaced by what it stands for, until none is left."""
    while True:
        used = [name for name in names_in(tree) if name in inner]
        if not used:
            return tree
        tree = replace(tree, {Name(name): inner[name] for name in used})
