"""How a tree goes to sympy and back, and how large it would become there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy

from tui_backprop.maths.expression import ONE, Call, Expression, Name, Number, chained, fold
from tui_backprop.numbers import full

LARGEST_POWER = 6
"""Powers above this stay closed boxes."""

MOST_TERMS = 64
"""What would have more terms when it is multiplied out, or brought over a common denominator, is not."""

_MOST_SYMBOLS = 12
_BOXED = "boxed "
_MOST_DIGITS = 20


def to_sympy(tree: Expression) -> Any:
    """The tree as a sympy expression. Functions, other powers, and numbers far from 1 are opaque to it."""

    def leaf(part: Number | Name) -> Any:
        return sympy.Symbol(part.name) if isinstance(part, Name) else _number_to_sympy(part.value)

    def call(part: Call, arguments: list[Any]) -> Any:
        if part.function == "+":
            return arguments[0] + arguments[1]
        if part.function == "-":
            return arguments[0] - arguments[1]
        if part.function == "*":
            return arguments[0] * arguments[1]
        if part.function == "/" and arguments[1] != 0:
            return arguments[0] / arguments[1]
        if part.function == "neg":
            return -arguments[0]
        if part.function == "^" and isinstance(part.arguments[1], Number):
            exponent = part.arguments[1].value
            if exponent.is_integer() and abs(exponent) <= LARGEST_POWER and not (arguments[0] == 0 and exponent < 0):
                return arguments[0] ** int(exponent)
        return sympy.Function(_BOXED + part.function)(*arguments)

    return fold(tree, leaf, call)


def _number_to_sympy(value: float) -> Any:
    fraction = Fraction(full(value))
    if len(str(fraction.numerator)) + len(str(fraction.denominator)) <= _MOST_DIGITS:
        return sympy.Rational(fraction)
    box = sympy.Symbol(_BOXED + full(abs(value)))
    return box if value > 0 else -box


def from_sympy(algebra: Any, order: Mapping[str, int], keeps_order: bool = False) -> Expression:
    """The tree of a sympy expression, in the order in which names first appeared; in sums the positive terms first.

    keeps_order: sums are written in the order of the names alone.
    """
    if isinstance(algebra, sympy.Symbol):
        boxed = algebra.name.removeprefix(_BOXED)
        return Name(algebra.name) if boxed == algebra.name else Number(float(boxed))
    if isinstance(algebra, sympy.Rational):
        return _number(int(algebra.p), int(algebra.q))
    if isinstance(algebra, sympy.Add):
        terms = sorted(algebra.args, key=lambda term: _rank(term, order))
        if not keeps_order:
            terms.sort(key=lambda term: term.could_extract_minus_sign())
        return sum_of_terms([from_sympy(term, order, keeps_order) for term in terms])
    if isinstance(algebra, sympy.Mul):
        return _product(algebra, order)
    if isinstance(algebra, sympy.Pow) and isinstance(algebra.exp, sympy.Integer):
        base = from_sympy(algebra.base, order)
        if algebra.exp < 0:
            below = base if algebra.exp == -1 else Call("^", base, Number(float(-algebra.exp)))
            return Call("/", ONE, below)
        return Call("^", base, Number(float(algebra.exp)))
    function = type(algebra).__name__.removeprefix(_BOXED)
    return Call(function, *(from_sympy(argument, order) for argument in algebra.args))


def sum_of_terms(terms: Sequence[Expression]) -> Expression:
    """The terms added up; negative ones are subtracted, sums among them written without brackets."""
    flat = [part for term in terms for part in terms_of(term)]

    def joined(total: Expression, term: Expression) -> Expression:
        if isinstance(term, Call) and term.function == "neg":
            return Call("-", total, term.arguments[0])
        if isinstance(term, Number) and term.value < 0:
            return Call("-", total, Number(-term.value))
        return Call("+", total, term)

    return reduce(joined, flat)


def terms_of(tree: Expression) -> list[Expression]:
    """The terms of a sum, with their signs, a minus sign in front of the whole sum spread over them."""
    sign = 1
    while isinstance(tree, Call) and tree.function == "neg":
        sign, tree = -sign, tree.arguments[0]
    terms: list[Expression] = []
    while isinstance(tree, Call) and tree.function in ("+", "-"):
        term = tree.arguments[1]
        terms.append(term if (tree.function == "+") == (sign > 0) else Call("neg", term))
        tree = tree.arguments[0]
    terms.append(tree if sign > 0 else Call("neg", tree))
    terms.reverse()
    return terms


def _product(algebra: Any, order: Mapping[str, int]) -> Expression:
    coefficient, rest = algebra.as_coeff_Mul()
    above: list[Expression] = []
    below: list[Expression] = []
    for factor in sorted(sympy.Mul.make_args(rest), key=lambda factor: _rank(factor, order)):
        written = from_sympy(factor, order)
        if isinstance(factor, sympy.Pow) and factor.exp.could_extract_minus_sign() and isinstance(written, Call):
            below.append(written.arguments[1])
        else:
            above.append(written)
    size_of_coefficient = abs(sympy.Rational(coefficient))
    number = _number(int(size_of_coefficient.p), int(size_of_coefficient.q))
    if isinstance(number, Number):
        if number != ONE or not above:
            above.insert(0, number)
    else:
        if size_of_coefficient.p != 1 or not above:
            above.insert(0, Number(float(size_of_coefficient.p)))
        below.insert(0, Number(float(size_of_coefficient.q)))
    tree = chained("*", above)
    if below:
        tree = Call("/", tree, chained("*", below))
    return Call("neg", tree) if coefficient < 0 else tree


def _number(above: int, below: int) -> Expression:
    """A fraction as the decimal it is, where it has one, else as a fraction."""
    value = above / below
    if Fraction(Decimal(full(value))) == Fraction(above, below):
        return Number(value)
    quotient = Call("/", Number(float(abs(above))), Number(float(below)))
    return Call("neg", quotient) if above < 0 else quotient


def _rank(part: Any, order: Mapping[str, int]) -> tuple[int, ...]:
    """Where a part belongs: by its names' first appearances, numbers last."""
    places = sorted(order.get(symbol.name, len(order)) for symbol in part.free_symbols)
    return tuple(places) if places else (len(order) + 1,)


def denominators(algebra: Any) -> list[Any]:
    """The bases of what stands below in a product."""
    below = sympy.fraction(algebra)[1]
    return [factor.as_base_exp()[0] for factor in sympy.Mul.make_args(below) if not factor.is_number]


def numerators(algebra: Any) -> list[Any]:
    """The bases of what stands above in a product."""
    above = sympy.fraction(algebra)[0]
    return [factor.as_base_exp()[0] for factor in sympy.Mul.make_args(above) if not factor.is_number]


def is_small(algebra: Any) -> bool:
    """Whether multiplying out, and bringing over a common denominator, stays within bounds."""
    if len(algebra.atoms(sympy.Symbol)) + len(algebra.atoms(sympy.Function)) > _MOST_SYMBOLS:
        return False
    above, below = _fraction_size(algebra)
    return max(above, _size_of(below), expanded_size(algebra)) <= MOST_TERMS


def expanded_size(algebra: Any) -> int:
    """About how many terms multiplying out gives."""
    if isinstance(algebra, sympy.Add):
        return sum(map(expanded_size, algebra.args))
    if isinstance(algebra, sympy.Mul):
        return reduce(lambda total, factor: total * expanded_size(factor), algebra.args, 1)
    if isinstance(algebra, sympy.Pow) and isinstance(algebra.exp, sympy.Integer):
        return int(expanded_size(algebra.base) ** abs(int(algebra.exp)))
    return 1


_Below = dict[Any, tuple[int, int]]
"""What stands below: each base with its exponent and the number of its terms."""


def _fraction_size(algebra: Any) -> tuple[int, _Below]:
    """About how many terms the numerator over a common denominator has, and that denominator."""
    if isinstance(algebra, sympy.Add):
        parts = [_fraction_size(term) for term in algebra.args]
        common: _Below = {}
        for _, below in parts:
            for base, (exponent, terms) in below.items():
                common[base] = max(common.get(base, (0, terms)), (exponent, terms))
        whole = _size_of(common)
        return sum(above * whole // _size_of(below) for above, below in parts), common
    if isinstance(algebra, sympy.Mul):
        product, together = 1, _Below()
        for above, below in map(_fraction_size, algebra.args):
            product *= above
            for base, (exponent, terms) in below.items():
                together[base] = (together.get(base, (0, 0))[0] + exponent, terms)
        return product, together
    if isinstance(algebra, sympy.Pow) and isinstance(algebra.exp, sympy.Integer):
        above, below = _fraction_size(algebra.base)
        exponent = abs(int(algebra.exp))
        if algebra.exp < 0:
            return _size_of(below) ** exponent, {algebra.base: (exponent, above)}
        return above**exponent, {base: (times * exponent, terms) for base, (times, terms) in below.items()}
    return 1, {}


def _size_of(below: _Below) -> int:
    return reduce(lambda total, part: total * part[1] ** part[0], below.values(), 1)
