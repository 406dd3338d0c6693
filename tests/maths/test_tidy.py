"""Does tidying leave the value as it is, and the formula as one would write it?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.lessons import tree
from support.oracle import OutOfDomainError, agrees, dual, exactly
from support.strategies import coordinates, expressions

from tui_backprop.maths.expression import Call, Expression, Name, Number
from tui_backprop.maths.tidy import (
    difference_of,
    instantiate,
    negated,
    power_of,
    product_of,
    put_together,
    quotient_of,
    sum_of,
    taken_apart,
    tidy_call,
)
from tui_backprop.maths.writing import write

POINTS = st.fixed_dictionaries({"x": coordinates(), "y": coordinates(), "z": coordinates()})
EXPONENTS = st.sampled_from([0.0, 1.0, 2.0, 3.0]).map(Number)


def _keeps_value(tidied: Expression, as_written: Expression, point: dict[str, float]) -> None:
    at = {name: exactly(value) for name, value in point.items()}
    try:
        wanted = dual(as_written, at).value
        told = dual(tidied, at).value
    except OutOfDomainError:
        assume(False)
    assert agrees(told, wanted, 30), f"{write(as_written)} became {write(tidied)}"


@pytest.mark.parametrize(
    ("build", "operator"), [(sum_of, "+"), (difference_of, "-"), (product_of, "*"), (quotient_of, "/")]
)
@given(one=expressions(), two=expressions(), point=POINTS)
def test_tidying_two_operands_keeps_the_value(
    build: Callable[[Expression, Expression], Expression],
    operator: str,
    one: Expression,
    two: Expression,
    point: dict[str, float],
) -> None:
    _keeps_value(build(one, two), Call(operator, one, two), point)


@given(st.lists(expressions(most_leaves=4), min_size=1, max_size=4), POINTS)
def test_tidying_a_product_keeps_the_value(factors: list[Expression], point: dict[str, float]) -> None:
    product = factors[0]
    for factor in factors[1:]:
        product = Call("*", product, factor)
    _keeps_value(product_of(*factors), product, point)


@given(expressions(), EXPONENTS, POINTS)
def test_tidying_a_power_keeps_the_value(base: Expression, exponent: Number, point: dict[str, float]) -> None:
    _keeps_value(power_of(base, exponent), Call("^", base, exponent), point)


@given(expressions(), POINTS)
def test_tidying_one_operand_keeps_the_value(operand: Expression, point: dict[str, float]) -> None:
    _keeps_value(negated(operand), Call("neg", operand), point)
    _keeps_value(put_together(taken_apart(operand)), operand, point)


@given(expressions(("u", "v")), expressions(most_leaves=4), expressions(most_leaves=4), POINTS)
def test_putting_parts_into_a_template_keeps_the_value(
    template: Expression, u: Expression, v: Expression, point: dict[str, float]
) -> None:
    at = {name: exactly(value) for name, value in point.items()}
    try:
        parts = {"u": dual(u, at).value, "v": dual(v, at).value}
        wanted = dual(template, parts).value
        told = dual(instantiate(template, {"u": u, "v": v}), at).value
    except OutOfDomainError:
        assume(False)
    assert agrees(told, wanted, 30)


X, Y = Name("x"), Name("y")


@pytest.mark.parametrize(
    ("tidied", "written"),
    [
        (sum_of(X, Number(0)), "x"),
        (sum_of(X, X), "2*x"),
        (sum_of(X, tree("-x")), "0"),
        (sum_of(tree("2*x"), tree("3*x")), "5*x"),
        (sum_of(tree("x/2"), tree("x/2")), "x"),
        (sum_of(X, tree("-y")), "x - y"),
        (sum_of(X, Number(-2)), "x - 2"),
        (sum_of(Number(2), Number(3)), "5"),
        (sum_of(Number(0.1), Number(0.2)), "0.1 + 0.2"),
        (difference_of(Number(3), Number(1)), "2"),
        (difference_of(X, tree("-y")), "x + y"),
        (product_of(X, Number(1)), "x"),
        (product_of(X, Number(0)), "0"),
        (product_of(X, Number(-1)), "-x"),
        (product_of(X, Number(2)), "2*x"),
        (product_of(tree("-x"), tree("-y")), "x*y"),
        (product_of(X, Y, X), "x^2*y"),
        (product_of(tree("x^2"), tree("x^3")), "x^5"),
        (product_of(Number(2), Number(3), X), "6*x"),
        (product_of(Number(0.1), Number(3), X), "0.1*3*x"),
        (product_of(Number(0.5), tree("2*x")), "x"),
        (product_of(tree("1/x"), Y), "y/x"),
        (product_of(tree("x/2"), Number(4)), "2*x"),
        (quotient_of(X, Number(1)), "x"),
        (quotient_of(X, X), "x/x"),  # nothing is cancelled: at 0 this is no number
        (quotient_of(tree("x/y"), tree("y/x")), "x^2/y^2"),
        (quotient_of(tree("-x"), tree("-2")), "x/2"),
        (power_of(X, Number(1)), "x"),
        (power_of(X, Number(0)), "1"),
        (negated(tree("-x")), "x"),
        (negated(Number(2)), "-2"),
        (negated(Number(0)), "0"),
        (tidy_call("log", Name("e")), "1"),
        (tidy_call("sin", X), "sin(x)"),
    ],
)
def test_a_tidied_formula(tidied: Expression, written: str) -> None:
    assert write(tidied) == written
