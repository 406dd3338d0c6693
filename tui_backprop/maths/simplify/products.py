"""How a product of factors shrinks, or a sum of them: distribute, cancel, expand, collect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sympy
from msgspec import Struct

from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.known_forms import why_without_conventions, without_conventions
from tui_backprop.maths.expression import (
    ONE,
    Call,
    Expression,
    Name,
    chained,
    flattened,
    names_in,
    post_order,
    replace,
    size,
)
from tui_backprop.maths.simplify.algebra import (
    MOST_TERMS,
    denominators,
    expanded_size,
    from_sympy,
    is_small,
    numerators,
    sum_of_terms,
    terms_of,
    to_sympy,
)
from tui_backprop.maths.simplify.own_equations import by_own_equations, ones_replaced, shares_of_one
from tui_backprop.maths.tidy import product_of
from tui_backprop.maths.writing import PLAIN, Style, write

LARGEST_SIMPLIFIED = 450
"""Products, or sums of them, with more parts than this are left as they are."""


_LEAST_BOXED = 8


class Rewriting(Struct, frozen=True):
    """One line of algebra: what was done, what came out, and why it may be done."""

    rule: str
    expression: Expression
    why: str


def rewritings(
    products: Sequence[Sequence[Expression]],
    style: Style = PLAIN,
    equations: Mapping[str, Expression] = MappingProxyType({}),
    given: Mapping[str, float] = MappingProxyType({}),
) -> Iterator[Rewriting]:
    """The lines from a sum of products, one for each path, to the shortest form that is found.

    style: how the sentences write formulas. equations: of the nodes, which may be put in where that makes it shorter.
    given: the numbers of the example and the constants, of which some may add up to 1.
    """
    boxed, boxes = _boxed(products)
    if _size_of(boxed) > LARGEST_SIMPLIFIED:
        return
    for line in _rewritings(boxed, boxes, style, equations, given):
        yield Rewriting(line.rule, replace(line.expression, boxes), line.why)


def is_too_large(products: Sequence[Sequence[Expression]]) -> bool:
    """Whether there are no lines for a sum of products because of its size."""
    return _size_of(_boxed(products)[0]) > LARGEST_SIMPLIFIED


def _size_of(products: Sequence[Sequence[Expression]]) -> int:
    return size(chained("+", [chained("*", product) for product in products]))


def _boxed(products: Sequence[Sequence[Expression]]) -> tuple[list[list[Expression]], dict[Expression, Expression]]:
    """The products with a name for each factor that the algebra would not see through, as that of a max, where several
    of them have it; and what these names stand for."""
    counts = Counter(factor for product in products for factor in {*product})
    often = [factor for factor, count in counts.items() if count > 1 and size(factor) >= _LEAST_BOXED]
    names: dict[Expression, Expression] = {
        factor: Name(f"factor {place}")
        for place, factor in enumerate(often)
        if any(isinstance(part, Call) and part.function in ("sign", "step") for part in post_order(factor))
    }
    boxed = [[names.get(factor, factor) for factor in product] for product in products]
    return boxed, {name: factor for factor, name in names.items()}


def _rewritings(
    products: Sequence[Sequence[Expression]],
    boxes: Mapping[Expression, Expression],
    style: Style,
    equations: Mapping[str, Expression],
    given: Mapping[str, float],
) -> Iterator[Rewriting]:
    whole = chained("+", [chained("*", product) for product in products])
    order = {name: place for place, name in enumerate(names_in(whole))}
    plain = without_conventions(whole)
    if plain != whole:
        yield Rewriting("substitution", plain, why_without_conventions(whole, style))
        products = [[without_conventions(factor) for factor in product] for product in products]
        whole = plain
    current = whole
    if len(products) == 1:
        for line in _distributed(list(products[0]), order, style):
            if write(line.expression) != write(current):
                yield line
                current = line.expression
    tidied = sum_of_terms([product_of(*product) for product in products]) if current == whole else current
    if write(tidied) != write(current):
        yield Rewriting("collect", tidied, reasons.of_tidying(current, tidied, style))
        current = tidied
    shortest = _shortest(current, order)
    replaced = by_own_equations(current, equations, style)
    if replaced is not None:
        # The nodes themselves come first now: p1*(1 - p1).
        order = {name: place for place, name in enumerate(dict.fromkeys((*replaced.nodes, *order)))}
        # What cancels as a whole is one thing to the algebra, however it is computed.
        whole_ones = {below: Name(f"below {place}") for place, below in enumerate(replaced.denominators)}
        by_equations = _by_nodes(_shortest(replace(replaced.expression, whole_ones), order), replaced.nodes, order)
        by_equations = replace(by_equations, {name: below for below, name in whole_ones.items()})
        why = "What stands above and below cancels, and like terms add up."
        for shares in shares_of_one(replaced.nodes, equations):
            without = _without_terms_of(boxes, by_equations, shares, order)
            if without is not None:
                by_equations, factor = without
                parts = {"u": boxes[factor], "v": chained("+", map(Name, shares))}
                why = reasons.told(
                    "What stands above and below cancels. The terms with the factor `u` add up to 0, because "
                    "`v` is 1: they are all the shares of one sum.",
                    parts,
                    style,
                )
        if size(by_equations) < size(shortest):
            yield Rewriting("substitution", replaced.expression, replaced.why)
            yield Rewriting("cancel", by_equations, why)
            ones = ones_replaced(by_equations, given, style)
            if ones is not None:
                yield Rewriting("substitution", *ones)
            return
    if shortest != current and not _only_moves_a_sign(current, shortest):
        if reasons.parts_of(current)["/"] > reasons.parts_of(shortest)["/"]:
            yield Rewriting("cancel", shortest, "What stands above and below cancels.")
        else:
            yield Rewriting("collect", shortest, "Like terms and common factors are brought together.")


def _only_moves_a_sign(current: Expression, shortest: Expression) -> bool:
    """Whether a product is written shorter only by the sign before it going into one of its sums: -(t - a)*a*(1 - a) is
    as easy to read, and still has the factors that it was made of."""
    before, after = reasons.parts_of(current), reasons.parts_of(shortest)
    return before["*"] > 1 and before - after == Counter({"neg": 1}) and not after - before


def _distributed(factors: list[Expression], order: Mapping[str, int], style: Style) -> Iterator[Rewriting]:
    """A sum with fractions times the factors that cancel them: distribute, cancel, expand, collect."""
    factors = [factor for factor in factors if factor != ONE]
    for place, factor in enumerate(factors):
        terms = terms_of(factor)
        others = factors[:place] + factors[place + 1 :]
        below = {part for term in terms for part in denominators(to_sympy(term))}
        cancelling = [other for other in others if below & set(numerators(to_sympy(other)))]
        if len(terms) > 1 and cancelling:
            outer = [other for other in others if other not in cancelling]
            yield from _multiplied_out(terms, cancelling, outer, order, style)
            return


def _multiplied_out(
    terms: list[Expression],
    cancelling: list[Expression],
    outer: list[Expression],
    order: Mapping[str, int],
    style: Style,
) -> Iterator[Rewriting]:
    """The terms of a sum times the factors that cancel in them; the outer factors stand by."""

    def whole(parts: Sequence[Expression]) -> Expression:
        return chained("*", [sum_of_terms(parts), *outer])

    times = reasons.listed(write(factor, style) for factor in cancelling)
    inner = chained("*", cancelling)
    distributed = [Call("*", term, inner) for term in terms]
    yield Rewriting("distribute", whole(distributed), f"Each term of the sum is multiplied by {times}.")
    cancelled = [to_sympy(term) * to_sympy(inner) for term in terms]
    gone = [_cancelled(term, inner, order, style) for term in terms]
    parts = [from_sympy(term, order) for term in cancelled]
    yield Rewriting("cancel", whole(parts), _why_cancelled(gone))
    if max(map(expanded_size, cancelled)) > MOST_TERMS:
        return
    expanded = [sympy.expand(term) for term in cancelled]
    parts = [from_sympy(term, order, keeps_order=True) for term in expanded]
    yield Rewriting("expand", whole(parts), "The brackets are multiplied out.")
    collected = from_sympy(sympy.expand(sympy.Add(*cancelled)), order)
    yield Rewriting("collect", chained("*", [collected, *outer]), _why_collected(expanded, order, style))


def _cancelled(term: Expression, inner: Expression, order: Mapping[str, int], style: Style) -> str:
    """What stands below in a term and above in the factors that it is multiplied by."""
    above = numerators(to_sympy(inner))
    return reasons.listed(
        write(from_sympy(part, order), style) for part in denominators(to_sympy(term)) if part in above
    )


def _why_cancelled(gone: Sequence[str]) -> str:
    """Which factor cancels in which term."""
    if len(gone) == 2 and all(gone):
        return f"In the first term {gone[0]} cancels above and below, in the second {gone[1]}."
    return f"What stands above and below cancels: {reasons.listed(dict.fromkeys(filter(None, gone)))}."


def _why_collected(expanded: Sequence[Any], order: Mapping[str, int], style: Style) -> str:
    """Which terms vanish because their opposites are there too."""
    terms = [term for part in expanded for term in sympy.Add.make_args(part)]
    vanishing = [write(from_sympy(term, order), style) for term in terms if -term in terms]
    if vanishing:
        return f"{reasons.listed(vanishing)} add up to 0."
    return "Like terms are added up."


def _name(symbol: Any) -> str:
    return str(symbol.name)


def _shortest(tree: Expression, order: Mapping[str, int]) -> Expression:
    """The shortest of what factoring, cancelling and expanding give, if it is shorter than the tree."""
    algebra = to_sympy(tree)
    if not is_small(algebra):
        return tree
    expanded = sympy.expand(algebra)
    candidates = [sympy.cancel(algebra), sympy.factor(algebra), sympy.factor_terms(algebra), expanded]
    factored = sympy.factor_terms(expanded)
    candidates += [_collected(factored, symbol) for symbol in sorted(expanded.free_symbols, key=_name)]
    best = tree
    for candidate in candidates:
        written = from_sympy(candidate, order)
        if size(written) < size(best):
            best = written
    return best


def _by_nodes(tree: Expression, nodes: Sequence[str], order: Mapping[str, int]) -> Expression:
    """The tree as a product, or collected by a node, if that is no longer: p - p^2 is p*(1 - p)."""
    algebra = to_sympy(tree)
    product = from_sympy(sympy.factor(algebra), order)
    if isinstance(product, Call) and product.function == "neg":
        factors = list(flattened(product.arguments[0], "*"))
        for place, factor in enumerate(factors):
            if isinstance(factor, Call) and factor.function == "-":
                factors[place] = Call("-", *reversed(factor.arguments))
                product = chained("*", factors)
                break
    collected = [from_sympy(_collected(algebra, sympy.Symbol(node)), order) for node in nodes]
    return min((product, *collected, tree), key=size)


def _without_terms_of(
    boxes: Iterable[Expression], tree: Expression, shares: Sequence[str], order: Mapping[str, int]
) -> tuple[Expression, Expression] | None:
    """The tree without the terms of a box, where they add up to 0 because the shares add up to 1; and that box."""
    algebra = to_sympy(tree)
    if not is_small(algebra):
        return None
    expanded = sympy.expand(algebra)
    rest = 1 - sympy.Add(*map(sympy.Symbol, shares[1:]))
    for box in boxes:
        symbol = to_sympy(box)
        coefficient = expanded.coeff(symbol)
        others = sympy.expand(expanded - coefficient * symbol)
        if coefficient == 0 or symbol in others.free_symbols:
            continue
        if sympy.expand(coefficient.subs(sympy.Symbol(shares[0]), rest)) == 0:
            return _by_nodes(_shortest(from_sympy(others, order), order), shares, order), box
    return None


def _collected(product: Any, symbol: Any) -> Any:
    """A product with the sums in it collected by a symbol."""
    return sympy.Mul(*(sympy.collect(factor, symbol) for factor in sympy.Mul.make_args(product)))
