"""From what the rules give to the formula that the engine uses: tidied, put back, in the engine's own form."""

from __future__ import annotations

from collections.abc import Callable

from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.inner_functions import put_back
from tui_backprop.maths.derivation.rules import Rules
from tui_backprop.maths.expression import Call, Expression, Name, names_in, replace
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.writing import write

_Step = tuple[str, Expression, Callable[[], str]]
"""A rule, what it gives, and how to find the sentence on it."""


def finish(rules: Rules, result: Expression, factor: Expression) -> None:
    """Add the lines from the rules' result, which is in terms of inner names, to the factor's formula."""
    told: list[_Step] = [("", rules.drafts[-1].expression, str)]
    for step in _steps(rules, result, factor):
        rule, expression, _ = step
        before_rule, before, before_why = told[-1]
        if write(before) == write(expression):
            continue
        if len(told) > 1 and reasons.parts_of(before) == reasons.parts_of(expression):
            told[-1] = (before_rule, expression, before_why)  # only the order differs, which is not worth a line
        else:
            told.append((rule, expression, step[2]))
    for rule, expression, why in told[1:]:
        rules.say_of_whole(rule, expression, why())


def _steps(rules: Rules, result: Expression, factor: Expression) -> list[_Step]:
    style, node, inner = rules.style, rules.node, rules.inner
    raw = rules.drafts[-1].expression
    tidied = instantiate(result, {})
    whole = instantiate(put_back(tidied, inner), {})
    # The sigmoid's own lines name the node already; everything else does so in a line of its own.
    names_node = isinstance(rules.equation, Call) and node not in names_in(whole)
    unnamed = replace(factor, {Name(node): rules.equation}) if names_node else factor
    used = [name for name in inner if name in names_in(tidied)]
    return [
        ("collect", tidied, lambda: reasons.of_tidying(raw, tidied, style)),
        ("substitution", whole, lambda: reasons.of_putting_back(used, inner, style)),
        ("collect", unnamed, lambda: reasons.of_tidying(whole, unnamed, style)),
        ("substitution", factor, lambda: f"{write(rules.equation, style)} is {style.name(node)} itself."),
    ]
