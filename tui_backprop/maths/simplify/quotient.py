"""What the difference quotient of a polynomial becomes, line by line, until h may go to 0."""

from __future__ import annotations

import sympy

from tui_backprop.maths.derivation.limit import DifferenceQuotient, nudge_name
from tui_backprop.maths.expression import Call, Expression, Name, Number, names_in, post_order, replace, size
from tui_backprop.maths.simplify.algebra import (
    LARGEST_POWER,
    MOST_TERMS,
    expanded_size,
    from_sympy,
    is_small,
    sum_of_terms,
    to_sympy,
)
from tui_backprop.maths.simplify.products import LARGEST_SIMPLIFIED


def difference_quotient(tree: Expression, name: str, taken: frozenset[str]) -> DifferenceQuotient | None:
    """The difference quotient of a polynomial in one name, simplified line by line; None where it is not a small one.

    taken: names that the nudge may not have.
    """
    if size(tree) > LARGEST_SIMPLIFIED or not _is_polynomial(tree, name):
        return None
    h = nudge_name(taken)
    nudged = replace(tree, {Name(name): Call("+", Name(name), Name(h))})
    written = Call("/", Call("-", nudged, tree), Name(h))
    algebra, after = to_sympy(tree), to_sympy(nudged)
    if not is_small(after) or expanded_size(after) > MOST_TERMS:
        return None
    order = {text: place for place, text in enumerate((*names_in(tree), h))}
    above = sum_of_terms(
        [from_sympy(sympy.expand(after), order), Call("neg", from_sympy(sympy.expand(algebra), order))]
    )
    quotient = sympy.expand(sympy.cancel((sympy.expand(after) - sympy.expand(algebra)) / sympy.Symbol(h)))
    return DifferenceQuotient(
        h=h,
        written=written,
        multiplied_out=Call("/", above, Name(h)),
        divided=from_sympy(quotient, order),
        limit=from_sympy(quotient.subs(sympy.Symbol(h), 0), order),
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
        if part.function == "^" and isinstance(exponent, Number) and exponent.value in range(LARGEST_POWER + 1):
            continue
        return False
    return True
