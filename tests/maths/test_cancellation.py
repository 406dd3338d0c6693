"""Is a number noted as nothing but rounding where it is that, and nowhere else?"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lessons import tree
from support.oracle import OutOfDomainError, dual, mp, same
from support.strategies import expressions

from tui_backprop.maths.cancellation import evaluate, product_of
from tui_backprop.maths.evaluate import evaluate as plainly
from tui_backprop.maths.expression import Expression, size
from tui_backprop.numbers import Remnant, all_digits, equals, for_json, four_digits

ULP = 2.0**-52


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("0.1 + 0.2 - 0.3", 0.3 + 5e-17),
        ("1 + 3*2^(-52) - 1", 1 + 3 * ULP),
        ("2*(4 - (4 - 2^(-50)))", 8.0),
        ("(0.1 + 0.2 - 0.3)/3", 0.1),
        ("-(0.1 + 0.2 - 0.3)", 0.3),
        ("(0.1 + 0.2 - 0.3)^2", 0.3 * 5.6e-17),
        ("tanh(0.1 + 0.2 - 0.3)", 0.3),
        ("max(0.1 + 0.2 - 0.3, -1)", 0.3),
        ("xlogy(0.1 + 0.2 - 0.3, 2)", 0.3 * math.log(2)),
        ("1e20 - (1e20 - 2^15)", 1e20),
        ("1 - sigmoid(36)", 1.0),
    ],
)
def test_what_is_left_of_a_sum_that_cancels_is_a_remnant(text: str, term: float) -> None:
    value = evaluate(tree(text), {})
    assert isinstance(value, Remnant)
    assert value.term == pytest.approx(term, rel=0.05)
    assert same(float(value), plainly(tree(text), {}))


@pytest.mark.parametrize(
    "text",
    [
        *("1 + 4*2^(-52) - 1", "1 - 1", "1e-300", "1e-20*1e-20", "exp(-40)", "1/(0.1 + 0.2 - 0.3)"),
        *("(0.1 + 0.2 - 0.3)^(-1)", "cos(0.1 + 0.2 - 0.3)", "sign(0.1 + 0.2 - 0.3)", "0.1 + 0.2 - 0.3 + 1e-9"),
        *("max(0.1 + 0.2 - 0.3, 2)", "(1 - 0.9999)^7", "1 - sigmoid(30)", "log(0)", "0/0", "exp(800) - exp(800)"),
    ],
)
def test_everything_else_is_the_number_that_it_is(text: str) -> None:
    assert type(evaluate(tree(text), {})) is float


@settings(max_examples=300)
@given(expressions(("x", "y")), st.floats(-3, 3), st.floats(-3, 3))
def test_what_is_noted_is_beside_its_term_nothing_with_sixty_digits_either(
    expression: Expression, x: float, y: float
) -> None:
    value = evaluate(expression, {"x": x, "y": y})
    assert same(float(value), plainly(expression, {"x": x, "y": y}))
    if isinstance(value, Remnant):
        try:
            exactly = dual(expression, {"x": mp.mpf(x), "y": mp.mpf(y)}).value
        except OutOfDomainError:
            return
        assert abs(exactly) <= 64 * size(expression) * ULP * value.term


def test_a_remnant_goes_along_in_a_product_and_reads_as_nearly_0() -> None:
    left = evaluate(tree("0.1 + 0.2 - 0.3"), {})
    product = product_of([2.0, left, 1e6])
    assert isinstance(product, Remnant)
    assert type(product_of([2.0, 1e-17])) is float
    assert (four_digits(product), equals(four_digits(product)), equals(four_digits(0.5))) == ("≈ 0", "≈ 0", "= 0.5")
    assert (four_digits(product, "ascii"), four_digits(float(product))) == ("~ 0", "1.110e−10")
    assert all_digits(left) == "5.551115123125783e−17"
    assert for_json(left) == 5.551115123125783e-17
