"""The derivative of an expression with respect to one name, as an expression of the same language."""

from __future__ import annotations

from tui_backprop.maths.applicable_rule import rule_of_call
from tui_backprop.maths.expression import (
    ONE,
    ZERO,
    Call,
    Expression,
    Name,
    Number,
    flattened,
    names_in,
    post_order,
    replace_in_all,
)
from tui_backprop.maths.functions import CONSTANTS
from tui_backprop.maths.table_formulas import local_derivative
from tui_backprop.maths.tidy import power_of, product_of, quotient_of, sum_of


def derivative(tree: Expression, name: str) -> Expression:
    """The partial derivative of the tree with respect to the name, every other name being held constant.

    Products of equal factors count as powers: x*x*x gives 3*x^2. Where the tree does not contain the name, it is 0.
    """
    return _Differentiated(tree).by(name)


class _Differentiated:
    """A tree whose derivatives for several names are asked for: where each name stands is looked up once."""

    def __init__(self, tree: Expression) -> None:
        self._tree = tree
        self._places: dict[str, list[int]] = {}
        self._users: dict[int, list[int]] = {}

    def by(self, name: str) -> Expression:
        """The derivative with respect to a name."""
        tree = self._tree
        if isinstance(tree, Call) and tree.function == "*":
            # A weight times an activation: what large networks are made of, a hundred thousand times over.
            one, two = tree.arguments
            if isinstance(one, Name) and isinstance(two, Name) and one.name != two.name:
                return two if one.name == name else one if two.name == name else ZERO
        known: dict[int, Expression] = {}
        depends = self._parts_that_contain(name)
        stack: list[tuple[Expression, bool]] = [(tree, False)]
        while stack:
            part, ready = stack.pop()
            if id(part) in known:
                continue
            if id(part) not in depends:
                known[id(part)] = ZERO
            elif isinstance(part, Name):
                known[id(part)] = ONE
            elif isinstance(part, Call):
                inner = _differentiated_parts(part)
                if ready:
                    known[id(part)] = _derivative_of_call(part, known)
                else:
                    stack.append((part, True))
                    stack.extend((argument, False) for argument in inner)
        return known[id(tree)]

    def _parts_that_contain(self, name: str) -> set[int]:
        if not self._places:
            for part in post_order(self._tree):
                if isinstance(part, Name):
                    self._places.setdefault(part.name, []).append(id(part))
                elif isinstance(part, Call):
                    for argument in part.arguments:
                        self._users.setdefault(id(argument), []).append(id(part))
        found: set[int] = set()
        waiting = [*self._places.get(name, ())]
        while waiting:
            part_id = waiting.pop()
            if part_id not in found:
                found.add(part_id)
                waiting.extend(self._users.get(part_id, ()))
        return found


def derivatives(tree: Expression) -> dict[str, Expression]:
    """The partial derivative for every name of the tree, each as `derivative` gives it, in order of first appearance.

    A long sum costs one derivative for each name of each term, not one of the whole sum for each name.
    """
    sign_of_all = 1
    while isinstance(tree, Call) and tree.function == "neg":
        sign_of_all, tree = -sign_of_all, tree.arguments[0]
    totals: dict[str, Expression] = {}
    for sign, term in signed_terms(tree):
        differentiated = _Differentiated(term)
        for name in names_in(term):
            if name not in CONSTANTS:
                of_term = differentiated.by(name)
                of_term = of_term if sign > 0 else product_of(Number(-1), of_term)
                totals[name] = sum_of(totals.get(name, ZERO), of_term)
    return totals if sign_of_all > 0 else {name: product_of(Number(-1), total) for name, total in totals.items()}


def factor_formulas(equation: Expression, node: str) -> dict[str, Expression]:
    """The chain-rule factors of a node, for each operand: its derivatives, with the node's own value put in.

    The sigmoid's factor is a*(1 - a) that way, not sigmoid(z)*(1 - sigmoid(z)). A product's stays as its rule gives it:
    of x^2*exp(x) it is 2*x*exp(x) + x^2*exp(x).
    """
    formulas = derivatives(equation)
    if not isinstance(equation, Call) or equation.function == "*":
        return formulas
    return dict(zip(formulas, replace_in_all([*formulas.values()], {equation: Name(node)}), strict=True))


def signed_terms(tree: Expression) -> list[tuple[int, Expression]]:
    """The terms of a chain of sums and differences as written: a - b + c gives +a, -b, +c."""
    terms: list[tuple[int, Expression]] = []
    while isinstance(tree, Call) and tree.function in ("+", "-"):
        terms.append((1 if tree.function == "+" else -1, tree.arguments[1]))
        tree = tree.arguments[0]
    terms.append((1, tree))
    terms.reverse()
    return terms


def _differentiated_parts(call: Call) -> tuple[Expression, ...]:
    return flattened(call, "*") if call.function == "*" else call.arguments


def _derivative_of_call(call: Call, known: dict[int, Expression]) -> Expression:
    if call.function == "*":
        return _product_rule(flattened(call, "*"), known)
    inner = [known[id(argument)] for argument in call.arguments]
    if rule_of_call(call, lambda part: known[id(part)] != ZERO).form == "quotient":
        return _quotient_rule(call, inner)
    total: Expression = ZERO
    for operand, derivative_of_operand in enumerate(inner):
        if derivative_of_operand != ZERO:
            total = sum_of(total, product_of(local_derivative(call, operand), derivative_of_operand))
    return total


def _product_rule(factors: tuple[Expression, ...], known: dict[int, Expression]) -> Expression:
    """Each factor that depends on the name in turn, by its derivative; equal factors together as a power."""
    counts: dict[Expression, int] = {}
    derivatives: dict[Expression, Expression] = {}
    for factor in factors:
        counts[factor] = counts.get(factor, 0) + 1
        derivatives[factor] = known[id(factor)]
    total: Expression = ZERO
    for factor, count in counts.items():
        if derivatives[factor] == ZERO:
            continue
        term = [
            product_of(Number(count), power_of(other, Number(count - 1)), derivatives[other])
            if other == factor
            else power_of(other, Number(repeated))
            for other, repeated in counts.items()
        ]
        total = sum_of(total, product_of(*term))
    return total


def _quotient_rule(call: Call, inner: list[Expression]) -> Expression:
    """(u'v - uv')/v^2, for a quotient whose both sides depend on the name."""
    u, v = call.arguments
    above = sum_of(product_of(inner[0], v), product_of(Number(-1), u, inner[1]))
    return quotient_of(above, power_of(v, Number(2)))
