"""How does a product of factors shrink, line by line: distribute, cancel, expand, collect? The algebra is sympy's.

Trees go to sympy as trees, never as text, and everything that is not + - * / or a small whole power stays a closed box.
The size of what is handed over is bounded. What comes back is only as good as its value: callers check every line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy

from tui_backprop.maths.expression import (
    ONE,
    Call,
    Expression,
    Name,
    Number,
    chained,
    fold,
    names_in,
    post_order,
    replace,
    size,
)
from tui_backprop.maths.limit import DifferenceQuotient
from tui_backprop.maths.tidy import product_of
from tui_backprop.maths.writing import write
from tui_backprop.numbers import full

LARGEST_SIMPLIFIED = 240
"""Products, or sums of them, with more parts than this are left as they are."""

_LARGEST_POWER = 6
_MOST_EXPANDED_TERMS = 64
_BOXED = "boxed_"


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One line of algebra: what was done, what came out, and why it may be done."""

    rule: str
    expression: Expression
    why: str


def rewritings(products: Sequence[Sequence[Expression]]) -> Iterator[Rewriting]:
    """The lines from a sum of products, one for each path, to the shortest form that is found."""
    whole = _written_out(products)
    if size(whole) > LARGEST_SIMPLIFIED:
        return
    order = {name: place for place, name in enumerate(names_in(whole))}
    current = whole
    if len(products) == 1:
        for line in _distributed(list(products[0]), order):
            if line.expression != current:
                yield line
                current = line.expression
    tidied = _sum([product_of(*product) for product in products]) if current == whole else current
    if tidied != current:
        yield Rewriting("collect", tidied, "Ones fall away, and numbers and signs come to the front.")
        current = tidied
    shortest = _shortest(current, order)
    if shortest != current:
        if _count(current, "/") > _count(shortest, "/"):
            yield Rewriting("cancel", shortest, "What stands above and below cancels.")
        else:
            yield Rewriting("collect", shortest, "Like terms and common factors are brought together.")


def _count(tree: Expression, function: str) -> int:
    return sum(1 for part in post_order(tree) if isinstance(part, Call) and part.function == function)


def _written_out(products: Sequence[Sequence[Expression]]) -> Expression:
    return chained("+", [chained("*", product) for product in products])


def _distributed(factors: list[Expression], order: dict[str, int]) -> Iterator[Rewriting]:
    """A sum with fractions times the factors that cancel them: distribute, cancel, expand, collect."""
    factors = [factor for factor in factors if factor != ONE]
    for place, factor in enumerate(factors):
        terms = _terms(factor)
        if len(terms) < 2:
            continue
        others = factors[:place] + factors[place + 1 :]
        below = {part for term in terms for part in _denominators(_to_sympy(term))}
        cancelling = [other for other in others if below & set(_numerators(_to_sympy(other)))]
        if not cancelling:
            continue
        outer = [other for other in others if other not in cancelling]
        inner = chained("*", cancelling)
        times = " and ".join(write(other) for other in cancelling)
        distributed = _sum([Call("*", term, inner) for term in terms])
        yield Rewriting("distribute", _with_outer(distributed, outer), f"Each term of the sum times {times}.")
        cancelled = [_to_sympy(term) * _to_sympy(inner) for term in terms]
        parts = [_from_sympy(term, order) for term in cancelled]
        yield Rewriting("cancel", _with_outer(_sum(parts), outer), "What stands above and below cancels, term by term.")
        if max(map(_expanded_size, cancelled)) > _MOST_EXPANDED_TERMS:
            return
        expanded = [_from_sympy(sympy.expand(term), order, keeps_order=True) for term in cancelled]
        yield Rewriting("expand", _with_outer(_sum(expanded), outer), "The brackets are multiplied out.")
        collected = _from_sympy(sympy.expand(sympy.Add(*cancelled)), order)
        yield Rewriting("collect", _with_outer(collected, outer), "Equal terms with opposite signs vanish.")
        return


def _terms(tree: Expression) -> list[Expression]:
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


def _sum(terms: Sequence[Expression]) -> Expression:
    """The terms added up; negative ones are subtracted, sums among them written without brackets."""
    flat = [part for term in terms for part in _terms(term)]

    def joined(total: Expression, term: Expression) -> Expression:
        if isinstance(term, Call) and term.function == "neg":
            return Call("-", total, term.arguments[0])
        if isinstance(term, Number) and term.value < 0:
            return Call("-", total, Number(-term.value))
        return Call("+", total, term)

    return reduce(joined, flat)


def _with_outer(inner: Expression, outer: Sequence[Expression]) -> Expression:
    return chained("*", [inner, *outer])


def _shortest(tree: Expression, order: dict[str, int]) -> Expression:
    """The shortest of what factoring, cancelling and expanding give, if it is shorter than the tree."""
    algebra = _to_sympy(tree)
    if _expanded_size(algebra) > _MOST_EXPANDED_TERMS:
        return tree
    candidates = [sympy.cancel(algebra), sympy.factor(algebra), sympy.factor_terms(algebra), sympy.expand(algebra)]
    best = tree
    for candidate in candidates:
        written = _from_sympy(candidate, order)
        if size(written) < size(best):
            best = written
    return best


# --- to sympy and back


def _to_sympy(tree: Expression) -> Any:
    def leaf(part: Number | Name) -> Any:
        return sympy.Rational(Fraction(full(part.value))) if isinstance(part, Number) else sympy.Symbol(part.name)

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
            if exponent.is_integer() and abs(exponent) <= _LARGEST_POWER and not (arguments[0] == 0 and exponent < 0):
                return arguments[0] ** int(exponent)
        return sympy.Function(_BOXED + part.function)(*arguments)

    return fold(tree, leaf, call)


def _from_sympy(algebra: Any, order: dict[str, int], keeps_order: bool = False) -> Expression:
    """The tree of a sympy expression, in the order in which names first appeared; in sums the positive terms first."""
    if isinstance(algebra, sympy.Symbol):
        return Name(algebra.name)
    if isinstance(algebra, sympy.Rational):
        return _number(int(algebra.p), int(algebra.q))
    if isinstance(algebra, sympy.Add):
        terms = sorted(algebra.args, key=lambda term: _rank(term, order))
        if not keeps_order:
            terms.sort(key=lambda term: term.could_extract_minus_sign())
        return _sum([_from_sympy(term, order, keeps_order) for term in terms])
    if isinstance(algebra, sympy.Mul):
        return _product(algebra, order)
    if isinstance(algebra, sympy.Pow) and isinstance(algebra.exp, sympy.Integer):
        base = _from_sympy(algebra.base, order)
        if algebra.exp < 0:
            below = base if algebra.exp == -1 else Call("^", base, Number(float(-algebra.exp)))
            return Call("/", ONE, below)
        return Call("^", base, Number(float(algebra.exp)))
    function = type(algebra).__name__.removeprefix(_BOXED)
    return Call(function, *(_from_sympy(argument, order) for argument in algebra.args))


def _product(algebra: Any, order: dict[str, int]) -> Expression:
    coefficient, rest = algebra.as_coeff_Mul()
    above: list[Expression] = []
    below: list[Expression] = []
    for factor in sorted(sympy.Mul.make_args(rest), key=lambda factor: _rank(factor, order)):
        written = _from_sympy(factor, order)
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


def _rank(part: Any, order: dict[str, int]) -> tuple[int, ...]:
    """Where a part belongs: by its names' first appearances, numbers last."""
    places = sorted(order.get(symbol.name, len(order)) for symbol in part.free_symbols)
    return tuple(places) if places else (len(order) + 1,)


def _denominators(algebra: Any) -> list[Any]:
    below = sympy.fraction(algebra)[1]
    return [factor.as_base_exp()[0] for factor in sympy.Mul.make_args(below) if not factor.is_number]


def _numerators(algebra: Any) -> list[Any]:
    above = sympy.fraction(algebra)[0]
    return [factor.as_base_exp()[0] for factor in sympy.Mul.make_args(above) if not factor.is_number]


def _expanded_size(algebra: Any) -> int:
    """About how many terms multiplying out gives."""
    if isinstance(algebra, sympy.Add):
        return sum(map(_expanded_size, algebra.args))
    if isinstance(algebra, sympy.Mul):
        return reduce(lambda total, factor: total * _expanded_size(factor), algebra.args, 1)
    if isinstance(algebra, sympy.Pow) and isinstance(algebra.exp, sympy.Integer):
        return int(_expanded_size(algebra.base) ** abs(int(algebra.exp)))
    return 1


# --- the limit of a difference quotient


def difference_quotient(tree: Expression, name: str, taken: frozenset[str]) -> DifferenceQuotient | None:
    """The difference quotient of a polynomial in one name, simplified line by line; None where it is not a small one.

    taken: names that the nudge may not have.
    """
    if size(tree) > LARGEST_SIMPLIFIED or not _is_polynomial(tree, name):
        return None
    h = next(candidate for candidate in ("h", "k", "d", *map("h{}".format, range(1, 1000))) if candidate not in taken)
    nudged = replace(tree, {Name(name): Call("+", Name(name), Name(h))})
    written = Call("/", Call("-", nudged, tree), Name(h))
    algebra, after = _to_sympy(tree), _to_sympy(nudged)
    if _expanded_size(after) > _MOST_EXPANDED_TERMS:
        return None
    order = {text: place for place, text in enumerate((*names_in(tree), h))}
    above = _sum([_from_sympy(sympy.expand(after), order), Call("neg", _from_sympy(sympy.expand(algebra), order))])
    quotient = sympy.expand(sympy.cancel((sympy.expand(after) - sympy.expand(algebra)) / sympy.Symbol(h)))
    return DifferenceQuotient(
        h=h,
        written=written,
        multiplied_out=Call("/", above, Name(h)),
        divided=_from_sympy(quotient, order),
        limit=_from_sympy(quotient.subs(sympy.Symbol(h), 0), order),
    )


def _is_polynomial(tree: Expression, name: str) -> bool:
    """Whether the tree is a polynomial in the name; other names may do anything that does not involve it."""
    for part in post_order(tree):
        if not isinstance(part, Call) or name not in names_in(part):
            continue
        if part.function in ("+", "-", "*", "neg"):
            continue
        if part.function == "/" and name not in names_in(part.arguments[1]):
            continue
        exponent = part.arguments[-1]
        if part.function == "^" and isinstance(exponent, Number) and exponent.value in range(_LARGEST_POWER + 1):
            continue
        return False
    return True
