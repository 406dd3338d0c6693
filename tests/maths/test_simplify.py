"""Is every line of algebra true, does it end at the shortest form, and does it stay within bounds?"""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.counting import calls_made
from support.derivation_lines import on_screen
from support.lessons import tree
from support.oracle import OutOfDomainError, agrees, dual, exactly
from support.strategies import expressions

from tui_backprop.maths.expression import Call, Expression, Name, Number, chained, names_in
from tui_backprop.maths.simplify import LARGEST_SIMPLIFIED, difference_quotient, rewritings
from tui_backprop.maths.simplify.algebra import from_sympy, is_small, to_sympy
from tui_backprop.maths.simplify.products import Rewriting
from tui_backprop.maths.writing import PLAIN, Style, write

NODE = ["-(y/a - (1 - y)/(1 - a))", "a*(1 - a)"]


def _told(*products: list[str], style: Style = PLAIN) -> list[str]:
    """The lines for a sum of products, as rule and formula."""
    factors = [[tree(factor) for factor in product] for product in products]
    return [f"{line.rule}: {write(line.expression, style)}" for line in rewritings(factors, style)]


def test_the_logistic_node_cancels_down_to_a_minus_y_times_x() -> None:
    assert _told([*NODE, "x1"]) == [
        "distribute: ((-y/a)*(a*(1 - a)) + (1 - y)/(1 - a)*(a*(1 - a)))*x1",
        "cancel: (-y*(1 - a) + (1 - y)*a)*x1",
        "expand: (-y + y*a - y*a + a)*x1",
        "collect: (a - y)*x1",
    ]


def test_a_product_keeps_the_factors_that_it_was_made_of_where_only_a_sign_would_move() -> None:
    assert _told(["-(t - a)", "a*(1 - a)", "x"]) == ["collect: -(t - a)*a*(1 - a)*x"]
    assert _told(["-(t - a)"])[-1] == "collect: a - t"


def test_its_sentences_name_what_cancels_in_the_readers_style() -> None:
    style = on_screen("y", "a", "x1")
    factors = [[tree(factor) for factor in (*NODE, "x1")]]
    assert [line.why for line in rewritings(factors, style)] == [
        "Each term of the sum is multiplied by a·(1 − a).",
        "In the first term a cancels above and below, in the second 1 − a.",
        "The brackets are multiplied out.",
        "y·a and −y·a add up to 0.",
    ]


SHORTEST = [
    ([NODE], "a - y"),
    ([[*NODE, "1"]], "a - y"),
    ([["2*(a - y)", "a*(1 - a)", "w"]], "2*(a - y)*a*(1 - a)*w"),
    ([["(a - y)/(a*(1 - a))", "a*(1 - a)", "x"]], "(a - y)*x"),
    ([["-(t - a)", "-1"]], "t - a"),
    ([["x", "2"], ["3", "x"]], "5*x"),
    ([["x", "y"], ["x", "z"]], "x*(y + z)"),
    ([["x", "y"], ["-1", "x*y"]], "0"),
    ([["1", "1"]], "1"),
    ([["0.1", "3"]], "0.3"),
    ([["1/3", "x"]], "x/3"),
    ([["exp(z)", "1/exp(z)"]], "1"),
    ([["y^z", "y^z"]], "(y^z)^2"),
    ([["1e300", "x", "1e-300"]], "x"),
    ([["1e300", "x", "1e-200"], ["x"]], "1e+100*x + x"),
]


@pytest.mark.parametrize(("products", "ends"), SHORTEST)
def test_a_sum_of_products_ends_at_its_shortest_form(products: list[list[str]], ends: str) -> None:
    lines = _told(*products)
    assert lines[-1].partition(": ")[2] == ends


@pytest.mark.parametrize("products", [[["x", "y"]], [["x"], ["y"]], [["step(z)", "w"]], [["1 - a^2", "x"]]])
def test_what_cannot_be_shorter_has_no_lines(products: list[list[str]]) -> None:
    assert _told(*products) == []


def test_no_line_repeats_the_one_before() -> None:
    lines = _told([*NODE, "x1"], [*NODE, "x2"])
    formulas = [line.partition(": ")[2] for line in lines]
    assert all(one != two for one, two in pairwise(formulas))


# --- laws

FACTORS = [
    *NODE,
    *("x1", "w1", "2*(a - y)", "-(t - a)", "1 - a^2", "step(z)", "1", "-1", "0.5", "p*(1 - p)", "1/x1", "exp(z)"),
    *("(a - y)/(a*(1 - a))", "log(a)", "sigmoid(z)", "2*x", "x^3/3", "(x + 1)^4", "x/(1 + y)", "1/(x + w1)^2", "y^z"),
    *(
        "3*(x - t)^2",
        "1e10",
        "0.1",
        "1e300",
        "1e-300",
        "x1/(w1 + x)",
        "t/(a + z)",
        "(x + y + z + t + a)^3",
        "0",
        "2/7*x",
    ),
]
ONE_FACTOR = st.one_of(
    st.sampled_from(FACTORS).map(tree), st.sampled_from(FACTORS).map(tree), expressions(("x", "a"), 5)
)
PRODUCTS = st.lists(st.lists(ONE_FACTOR, min_size=1, max_size=6), min_size=1, max_size=4)


@settings(max_examples=80)
@given(PRODUCTS)
def test_every_line_equals_the_products_that_it_came_from(products: list[list[Expression]]) -> None:
    whole = chained("+", [chained("*", product) for product in products])
    at = {name: exactly(0.3 + 0.07 * place) for place, name in enumerate(names_in(whole))}
    for line in rewritings(products):
        assert line.rule in ("substitution", "distribute", "cancel", "expand", "collect")
        assert line.why.endswith(".")
        try:
            wanted, told = dual(whole, at).value, dual(tree(write(line.expression)), at).value
        except OutOfDomainError:
            continue
        # Decimals that are written out, like 0.3333333333333333, are as good as a float.
        assert agrees(told, wanted, 12) or abs(told - wanted) < 1e-12, write(line.expression)


@pytest.mark.parametrize("name", ["boxed1", "boxed", "boxed_2", "boxedexp"])
def test_no_name_is_taken_for_what_algebra_does_not_look_into(name: str) -> None:
    whole = tree(f"exp({name}) + 1e-200")
    assert from_sympy(to_sympy(whole), {name: 0}) in (whole, tree(f"1e-200 + exp({name})"))
    assert from_sympy(to_sympy(tree(name)), {name: 0}) == tree(name)


@settings(max_examples=60)
@given(expressions(("x", "y", "z")))
def test_a_tree_comes_back_from_sympy_as_what_it_was(expression: Expression) -> None:
    at = {name: exactly(0.6 + 0.1 * place) for place, name in enumerate("xyz")}
    back = from_sympy(to_sympy(expression), {name: place for place, name in enumerate("xyz")})
    try:
        wanted, told = dual(expression, at).value, dual(tree(write(back)), at).value
    except OutOfDomainError:
        return
    assert agrees(told, wanted, 12), write(back)


# --- size

LARGE = [
    [[f"1/(x{number} + y{number})"] for number in range(20)],
    [[f"(x{number} + 1)^6"] for number in range(12)],
    [["(x + y + z + t + a)^6", "(b + c + d + f + g)^6"]],
    [["-(y/a - (1 - y)/(1 - a))", *["a*(1 - a)"] * 30]],
    [["+".join(f"x{number}/(1 + y{number})" for number in range(20)), "1 + y3"]],
    [[f"x{number}^6 + y{number}^6", f"1/(x{number}^6 - y{number})"] for number in range(6)],
]


@pytest.mark.parametrize("products", LARGE)
def test_large_products_are_little_work(products: list[list[str]]) -> None:
    factors = [[tree(factor) for factor in product] for product in products]
    lines: list[Rewriting] = []
    calls = calls_made(lambda: lines.extend(rewritings(factors)))
    assert calls < 1_000_000  # the largest takes 225,000, a fifth of a second
    assert max((len(write(line.expression)) for line in lines), default=0) < 20_000


def test_what_is_too_large_is_left_as_it_is() -> None:
    assert list(rewritings([[tree("x + 1")] * (LARGEST_SIMPLIFIED // 2)])) == []


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("a*(1 - a)", True),
        ("(x + y)^6", True),
        ("(x + y)^6*(x + z)", False),
        ("+".join(f"1/(x + {number})" for number in range(9)), False),
        ("+".join(f"x{number}" for number in range(30)), False),
    ],
)
def test_the_bound_counts_the_terms_of_a_common_denominator(text: str, is_it: bool) -> None:
    assert is_small(to_sympy(tree(text))) == is_it


# --- the limit of a difference quotient


def test_the_limit_of_x_squared_is_the_one_of_the_seed() -> None:
    limit = difference_quotient(tree("x^2"), "x", frozenset({"x", "f"}))
    assert limit is not None
    assert limit.h == "h"
    assert write(limit.written) == "((x + h)^2 - x^2)/h"
    assert write(limit.multiplied_out) == "(x^2 + 2*x*h + h^2 - x^2)/h"
    assert write(limit.divided) == "2*x + h"
    assert write(limit.limit) == "2*x"


LIMITS = [
    ("(w - 3)^2", "w", "2*w + h - 6", "2*w - 6"),
    ("3w + 1", "w", "3", "3"),
    ("w1*x1 + b", "w1", "x1", "x1"),
    ("x^2 + 3x*y + y^2", "x", "2*x + 3*y + h", "2*x + 3*y"),
    ("x^3/2", "x", "1.5*x^2 + 1.5*x*h + 0.5*h^2", "1.5*x^2"),
    ("log(y)*x^2", "x", "2*log(y)*x + log(y)*h", "2*log(y)*x"),
    ("5 + 0*x", "x", "0", "0"),
]


@pytest.mark.parametrize(("text", "name", "divided", "end"), LIMITS)
def test_the_quotient_of_a_polynomial_is_divided_before_h_goes_to_0(
    text: str, name: str, divided: str, end: str
) -> None:
    limit = difference_quotient(tree(text), name, frozenset(names_in(tree(text))))
    assert limit is not None
    at = {used: exactly(0.4 + 0.1 * place) for place, used in enumerate(names_in(tree(text)))}
    forms = [limit.written, limit.multiplied_out, limit.divided]
    values = [dual(form, {**at, limit.h: exactly(0.25)}).value for form in forms]
    assert all(agrees(value, values[0], 20) for value in values)
    assert agrees(dual(limit.limit, at).value, dual(tree(text), at, name).slope, 20)
    assert agrees(dual(limit.divided, {**at, limit.h: exactly(0.0)}).value, dual(limit.limit, at).value, 20)
    assert (write(limit.divided), write(limit.limit)) == (divided, end)


@pytest.mark.parametrize(
    "text", ["sigmoid(x)", "1/x", "x^0.5", "x^7", "2^x", "abs(x)", "(x + y + z + a + b)^6", "x*exp(x)", "(x + y)/x"]
)
def test_what_is_no_small_polynomial_has_no_such_limit(text: str) -> None:
    assert difference_quotient(tree(text), "x", frozenset({"x"})) is None


def test_the_nudge_takes_no_name_of_the_scenario() -> None:
    limit = difference_quotient(tree("h*x^2 + k"), "x", frozenset({"x", "h", "k", "d", "h1"}))
    assert limit is not None
    assert limit.h == "h2"


def test_a_number_is_written_as_the_decimal_that_it_is() -> None:
    whole = from_sympy(to_sympy(tree("x/3 + 0.1*x + 2.5 + 1e-200")), {"x": 0})
    assert math.isclose(dual(whole, {"x": exactly(0.5)}).value, 0.5 * (1 / 3 + 0.1) + 2.5)
    assert write(whole) == "13*x/30 + 1e-200 + 2.5"


def test_negative_powers_are_no_closed_boxes_to_algebra() -> None:
    power = Call("^", Name("x"), Number(-2.0))
    assert from_sympy(to_sympy(Call("*", power, Call("^", Name("x"), Number(3.0)))), {"x": 0}) == Name("x")
