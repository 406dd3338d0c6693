"""Products, sums and powers put together so that they read like ones written by hand.

Small algebra only, by construction: ones and zeros vanish, signs and whole numbers come to the front, equal factors
become a power. Nothing is cancelled and nothing is expanded: what a formula means at 0 or at infinity stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from msgspec import Struct

from tui_backprop.maths.expression import ONE, ZERO, Call, Expression, Name, Number, post_order
from tui_backprop.numbers import full


class Product(Struct, frozen=True):
    """A product taken apart: (above / below) * numerators / denominators."""

    above: float
    below: float
    numerators: tuple[Expression, ...]
    denominators: tuple[Expression, ...]


_MOST_FACTORS = 64
"""A product of more stays whole: else each of thousands of nested calls would copy the factors of all the others."""


def taken_apart(tree: Expression) -> Product:
    """The numbers and the other factors of a product or quotient, in order of writing."""
    above, below = 1.0, 1.0
    numerators: list[Expression] = []
    denominators: list[Expression] = []
    stack: list[tuple[Expression, bool]] = [(tree, True)]
    while stack:
        part, is_above = stack.pop()
        if isinstance(part, Number):
            folded = _exactly(above if is_above else below, part.value)
            if folded is None:
                (numerators if is_above else denominators).append(part)
            elif is_above:
                above = folded
            else:
                below = folded
        elif isinstance(part, Call) and part.function == "neg":
            above = -above
            stack.append((part.arguments[0], is_above))
        elif isinstance(part, Call) and part.function == "*":
            stack.extend((argument, is_above) for argument in reversed(part.arguments))
        elif isinstance(part, Call) and part.function == "/":
            stack.append((part.arguments[1], not is_above))
            stack.append((part.arguments[0], is_above))
        else:
            (numerators if is_above else denominators).append(part)
        if len(numerators) + len(denominators) > _MOST_FACTORS:
            return Product(1.0, 1.0, (tree,), ())
    if below < 0:
        above, below = -above, -below
    return Product(above, below, tuple(numerators), tuple(denominators))


def _exactly(one: float, two: float) -> float | None:
    """The product of two numbers where it is exact as written in decimals, else None: 0.1 * 3 stays as it is."""
    product = one * two
    if one in (1.0, -1.0) or two in (1.0, -1.0):
        return product
    return product if Decimal(full(one)) * Decimal(full(two)) == Decimal(full(product)) else None


def put_together(product: Product) -> Expression:
    """The tree of a product taken apart."""
    above, below = product.above, product.below
    if above == 0:
        return ZERO
    if below not in (0.0, 1.0) and (above / below).is_integer() and _exactly(above / below, below) == above:
        above, below = above / below, 1.0
    numerators = _as_powers(product.numerators)
    denominators = _as_powers(product.denominators)
    if abs(above) != 1 or not numerators:
        numerators.insert(0, Number(abs(above)))
    if below != 1:
        denominators.insert(0, Number(below))
    tree = _joined(numerators)
    if denominators:
        tree = Call("/", tree, _joined(denominators))
    return negated(tree) if above < 0 else tree


def _as_powers(factors: tuple[Expression, ...]) -> list[Expression]:
    """Equal factors as one power, at the place of the first: x, y, x^2 gives x^3, y."""
    exponents: dict[Expression, float] = {}
    for factor in factors:
        base, exponent = factor, 1.0
        if isinstance(factor, Call) and factor.function == "^" and isinstance(factor.arguments[1], Number):
            whole = factor.arguments[1].value
            if whole > 0 and whole.is_integer():
                base, exponent = factor.arguments[0], whole
        exponents[base] = exponents.get(base, 0.0) + exponent
    return [base if exponent == 1 else Call("^", base, Number(exponent)) for base, exponent in exponents.items()]


def _joined(factors: list[Expression]) -> Expression:
    tree = factors[0]
    for factor in factors[1:]:
        tree = Call("*", tree, factor)
    return tree


def product_of(*factors: Expression) -> Expression:
    """The product, tidied."""
    parts = [taken_apart(factor) for factor in factors]
    above, below = 1.0, 1.0
    numerators: list[Expression] = []
    denominators: list[Expression] = []
    for part in parts:
        folded = _exactly(above, part.above)
        if folded is None:
            numerators.append(Number(abs(part.above)))
            above = above if part.above > 0 else -above
        else:
            above = folded
        folded = _exactly(below, part.below)
        if folded is None:
            denominators.append(Number(part.below))
        else:
            below = folded
        numerators.extend(part.numerators)
        denominators.extend(part.denominators)
    return put_together(Product(above, below, tuple(numerators), tuple(denominators)))


def quotient_of(one: Expression, two: Expression) -> Expression:
    """The quotient, tidied."""
    return product_of(one, Call("/", ONE, two)) if two != ONE else one


def negated(tree: Expression) -> Expression:
    """The negative of a tree: of a negative one, the tree without its sign."""
    if isinstance(tree, Number):
        return Number(-tree.value) if tree.value else ZERO
    if isinstance(tree, Call) and tree.function == "neg":
        return tree.arguments[0]
    return Call("neg", tree)


def sum_of(one: Expression, two: Expression) -> Expression:
    """The sum, tidied: a negative second term is subtracted, like terms are collected."""
    if one == ZERO:
        return two
    if two == ZERO:
        return one
    collected = _collected(one, two)
    if collected is not None:
        return collected
    if isinstance(two, Call) and two.function == "neg":
        return Call("-", one, two.arguments[0])
    if isinstance(two, Number) and two.value < 0:
        return Call("-", one, Number(-two.value))
    return Call("+", one, two)


def _collected(one: Expression, two: Expression) -> Expression | None:
    left, right = taken_apart(one), taken_apart(two)
    same = (left.below, left.numerators, left.denominators) == (right.below, right.numerators, right.denominators)
    total = left.above + right.above
    if not same or Decimal(full(left.above)) + Decimal(full(right.above)) != Decimal(full(total)):
        return None
    return put_together(Product(total, left.below, left.numerators, left.denominators))


def difference_of(one: Expression, two: Expression) -> Expression:
    """The difference, tidied."""
    return sum_of(one, negated(two))


def power_of(base: Expression, exponent: Expression) -> Expression:
    """The power, tidied: an exponent of 1 or 0 vanishes."""
    if exponent == ONE:
        return base
    if exponent == ZERO:
        return ONE
    return Call("^", base, exponent)


def _logarithm_of(tree: Expression) -> Expression:
    return ONE if tree == Name("e") else Call("log", tree)


_TIDY: Mapping[str, Callable[..., Expression]] = {
    "+": sum_of,
    "-": difference_of,
    "*": product_of,
    "/": quotient_of,
    "^": power_of,
    "neg": negated,
    "log": _logarithm_of,
}


def tidy_call(function: str, *arguments: Expression) -> Expression:
    """A call of any function or operator, tidied at its top."""
    build = _TIDY.get(function)
    return build(*arguments) if build else Call(function, *arguments)


def instantiate(template: Expression, parts: Mapping[str, Expression]) -> Expression:
    """A template with its names replaced and everything above them tidied."""
    results: dict[int, Expression] = {}
    for part in post_order(template):
        if isinstance(part, Name):
            results[id(part)] = parts.get(part.name, part)
        elif isinstance(part, Call):
            results[id(part)] = tidy_call(part.function, *(results[id(argument)] for argument in part.arguments))
        else:
            results[id(part)] = part
    return results[id(template)]
