"""The inner function through which an expression depends on a name: what the chain rule takes apart."""

from __future__ import annotations

from collections.abc import Mapping

from tui_backprop.maths.applicable_rule import rule_for
from tui_backprop.maths.expression import Call, Expression, Name, names_in, replace


def only_inner(tree: Call, wrt: str) -> Expression | None:
    """The one composite part through which alone the tree depends on the name, if a rule takes it as a variable."""
    found: dict[Expression, None] = {}
    stack: list[Expression] = [tree]
    while stack:
        part = stack.pop()
        if part == Name(wrt):
            return None
        rule = rule_for(part, wrt)
        if not rule.variables:
            stack.extend(rule.parts)
        for variable in rule.variables:
            if variable == Name(wrt):
                return None
            if wrt in names_in(variable):
                found[variable] = None
    return next(iter(found)) if len(found) == 1 else None


def put_back(tree: Expression, inner: Mapping[str, Expression]) -> Expression:
    """The tree with every inner name replaced by what it stands for, until none is left."""
    while True:
        used = [name for name in names_in(tree) if name in inner]
        if not used:
            return tree
        tree = replace(tree, {Name(name): inner[name] for name in used})
