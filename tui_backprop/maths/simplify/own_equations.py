"""What cancels when the nodes' own equations are used: with p1 = exp(z1)/s, every exp(z1) is p1*s, and the s goes.

A softmax's derivatives are sums of such quotients. What its sums come to, p1*(y1 + y2 + y3) - y1, is p1 - y1 where the
targets of an example add up to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.expression import ONE, Call, Expression, Name, flattened, post_order, replace
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.writing import Style

_ADDS_UP = 1e-9
_MOST_TOLD = 4


class Replaced(Struct, frozen=True):
    """A tree in which numerators are written as node times denominator, for which nodes and denominators, and why."""

    expression: Expression
    nodes: tuple[str, ...]
    denominators: tuple[Expression, ...]
    why: str


def by_own_equations(tree: Expression, equations: Mapping[str, Expression], style: Style) -> Replaced | None:
    """The tree with the numerators of quotients replaced by their nodes; None where it has none.

    equations: of the nodes that may be used. Both sides of a quotient have to stand in the tree already.
    """
    parts = set(post_order(tree))
    found: dict[Expression, Expression] = {}
    stays: dict[Expression, Expression] = {}
    names: list[str] = []
    for name, equation in equations.items():
        if not isinstance(equation, Call) or equation.function != "/":
            continue
        above, below = equation.arguments
        if {above, below} <= parts and above not in found and above not in stays and below not in found:
            found[above] = Call("*", Name(name), below)
            stays[below] = below
            names.append(name)
    if not found:
        return None
    told = [
        reasons.told(f"`{name}` = `{name}_equation`", {f"{name}_equation": equations[name]}, style)
        for name in names[:_MOST_TOLD]
    ]
    [first, *_] = found
    more = " and so on" if len(names) > _MOST_TOLD else ""
    parts_of_first = {"u": first, "v": found[first]}
    why = f"By its own equation {reasons.listed(told)}{more}: so {reasons.told('`u` is `v`', parts_of_first, style)}"
    why = f"{why}{', and likewise the others' if len(names) > 1 else ''}."
    return Replaced(replace(tree, found | stays), tuple(names), tuple(stays), why)


def shares_of_one(nodes: Sequence[str], equations: Mapping[str, Expression]) -> Iterator[tuple[str, ...]]:
    """The nodes, all of them quotients, that are the shares of one sum, u/(u + v) and v/(u + v), and so add up to 1."""
    groups: dict[Expression, dict[Expression, str]] = {}
    for name in nodes:
        equation = equations[name]
        assert isinstance(equation, Call)
        above, below = equation.arguments
        groups.setdefault(below, {})[above] = name
    for below, shares in groups.items():
        total = equations.get(below.name, below) if isinstance(below, Name) else below
        terms = flattened(total, "+")
        if len(terms) == len(shares) > 1 and shares.keys() == {*terms}:
            yield tuple(shares[term] for term in terms)


def ones_replaced(tree: Expression, given: Mapping[str, float], style: Style) -> tuple[Expression, str] | None:
    """The tree with a sum of given numbers that add up to 1 as 1, and why; None where it has none.

    given: the numbers of the example and the constants.
    """
    sums = [part for part in post_order(tree) if isinstance(part, Call) and part.function == "+"]
    inside = {part.arguments[0] for part in sums}
    for part in sums:
        terms = flattened(part, "+")
        names = [term.name for term in terms if isinstance(term, Name) and term.name in given]
        if part not in inside and len(names) == len(terms) and abs(sum(given[name] for name in names) - 1) <= _ADDS_UP:
            why = reasons.told("In this example `u` is 1.", {"u": part}, style)
            return instantiate(replace(tree, {part: ONE}), {}), why
    return None
