"""Are the derivatives right, and do they read as they would be written by hand?"""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.lessons import tree
from support.oracle import (
    KNOWN_FUNCTIONS,
    OutOfDomainError,
    agrees,
    central_difference,
    dual,
    exactly,
)
from support.strategies import coordinates, expressions

from tui_backprop.maths.derivative import derivative, derivatives, factor_formulas
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Expression, Name, names_in
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.writing import write

POINTS = st.fixed_dictionaries({"x": coordinates(), "y": coordinates(), "z": coordinates()})


def test_the_oracle_knows_every_function() -> None:
    assert set(FUNCTIONS) - {"square"} == KNOWN_FUNCTIONS


@pytest.mark.parametrize("function", sorted(KNOWN_FUNCTIONS))
def test_the_table_has_the_slopes_that_dual_numbers_and_nudging_give(function: str) -> None:
    draw, names = random.Random(function), ("u", "v")[: FUNCTIONS[function].arity]
    call, compared = Call(function, *map(Name, names)), 0
    for _ in range(100):
        at = {name: exactly(draw.uniform(-4, 4)) for name in names}
        for name in names:
            try:
                wanted = dual(call, at, name)
                told = dual(derivative(call, name), at).value
                nudged = central_difference(call, at, name)
            except OutOfDomainError:
                continue
            assert agrees(told, wanted.slope, 25), at
            assert wanted.kink or abs(told - nudged) <= 1e-15 * max(1, abs(nudged)), at
            compared += 1
    assert compared > 10


@given(expressions(), POINTS, st.sampled_from(["x", "y", "z"]))
def test_a_derivative_is_the_slope_that_dual_numbers_give(
    expression: Expression, point: dict[str, float], name: str
) -> None:
    at = {name: exactly(value) for name, value in point.items()}
    written = write(derivative(expression, name))
    assume(len(written) < 2_000)
    try:
        wanted = dual(expression, at, name).slope
        told = dual(tree(written), at).value
    except OutOfDomainError:
        assume(False)
    assert agrees(told, wanted, 25), written


@given(expressions(), POINTS, st.sampled_from(["x", "y", "z"]))
def test_a_derivative_is_the_slope_that_nudging_gives_away_from_kinks(
    expression: Expression, point: dict[str, float], name: str
) -> None:
    at = {name: exactly(value) for name, value in point.items()}
    try:
        assume(not dual(expression, at, name).kink)
        wanted = central_difference(expression, at, name)
        told = dual(derivative(expression, name), at).value
    except OutOfDomainError:
        assume(False)
    assert abs(told - wanted) <= 1e-15 * max(1, abs(wanted))


@given(expressions(), POINTS, st.sampled_from(["x", "y", "z"]))
def test_the_written_derivative_has_the_value_of_the_tree(
    expression: Expression, point: dict[str, float], name: str
) -> None:
    formula = derivative(expression, name)
    written = write(formula)
    assume(len(written) < 2_000)
    # The sign of a zero may differ: -0 is read as the negative of 0.
    one, two = evaluate(tree(written), point), evaluate(formula, point)
    assert one == two or (math.isnan(one) and math.isnan(two))


@given(expressions())
def test_all_derivatives_at_once_are_those_one_by_one(expression: Expression) -> None:
    told = derivatives(expression)
    assert list(told) == list(names_in(expression))
    for name, formula in told.items():
        assert formula == derivative(expression, name), name


@given(expressions(), POINTS)
def test_a_factor_may_use_the_nodes_own_value(expression: Expression, point: dict[str, float]) -> None:
    at = {name: exactly(value) for name, value in point.items()}
    try:
        node = dual(expression, at).value
        for name, formula in factor_formulas(expression, "n").items():
            assert agrees(dual(formula, {**at, "n": node}).value, dual(expression, at, name).slope, 25), write(formula)
    except OutOfDomainError:
        assume(False)


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        # sums and products
        ("3", "x", "0"),
        ("y", "x", "0"),
        ("x", "x", "1"),
        ("-x", "x", "-1"),
        ("x + y - 3", "x", "1"),
        ("y - x", "x", "-1"),
        ("x + x", "x", "2"),
        ("x - x", "x", "0"),
        ("w*x + b", "w", "x"),
        ("w*x + b", "b", "1"),
        ("3x", "x", "3"),
        ("x^2 + 3*x*y + y^2", "x", "2*x + 3*y"),
        ("x^2 + 3*x*y + y^2", "y", "3*x + 2*y"),
        ("a*a", "a", "2*a"),
        ("x*x*x", "x", "3*x^2"),
        ("x*y*x", "x", "2*x*y"),
        ("(x + 1)*(x + 2)", "x", "x + 2 + (x + 1)"),
        ("0.1*(3*x)", "x", "0.1*3"),  # nothing is rounded while a formula is written
        ("0.5*(4*x)", "x", "2"),
        # powers
        ("x^2", "x", "2*x"),
        ("x²", "x", "2*x"),
        ("x^3", "x", "3*x^2"),
        ("x^1", "x", "1"),
        ("x^0", "x", "0"),
        ("x^0.5", "x", "0.5*x^(-0.5)"),
        ("x^(-1)", "x", "-x^(-2)"),
        ("x^n", "x", "n*x^(n - 1)"),
        ("x^n", "n", "x^n*log(x)"),
        ("2^x", "x", "2^x*log(2)"),
        ("e^x", "x", "e^x"),
        ("(w - 3)^2", "w", "2*(w - 3)"),
        ("(3*x + 1)^2", "x", "6*(3*x + 1)"),
        ("(a - y)^2", "y", "-2*(a - y)"),
        ("1/2*(t - a)^2", "a", "-(t - a)"),
        ("(t - a)^2/2", "a", "-(t - a)"),
        ("0.5*(t - a)^2", "t", "t - a"),
        ("0.01*w^2", "w", "0.02*w"),
        # quotients
        ("1/x", "x", "-1/x^2"),
        ("x/2", "x", "1/2"),
        ("x/y", "x", "1/y"),
        ("x/y", "y", "-x/y^2"),
        ("x/(1 + x)", "x", "(1 + x - x)/(1 + x)^2"),
        ("1/(1 + exp(-z))", "z", "exp(-z)/(1 + exp(-z))^2"),
        # functions
        ("exp(x)", "x", "exp(x)"),
        ("exp(-x)", "x", "-exp(-x)"),
        ("log(x)", "x", "1/x"),
        ("ln(3*x)", "x", "1/x"),
        ("sqrt(x)", "x", "1/(2*sqrt(x))"),
        ("tanh(z)", "z", "1 - tanh(z)^2"),
        ("relu(z)", "z", "step(z)"),
        ("leaky_relu(z)", "z", "0.01 + 0.99*step(z)"),
        ("softplus(z)", "z", "sigmoid(z)"),
        ("abs(z)", "z", "sign(z)"),
        ("sin(2*x)", "x", "2*cos(2*x)"),
        ("cos(x)", "x", "-sin(x)"),
        ("step(z)", "z", "0"),
        ("sign(z)", "z", "0"),
        ("max(a, b)", "a", "(1 + sign(a - b))/2"),
        ("max(a, b)", "b", "(1 - sign(a - b))/2"),
        ("min(a, b)", "a", "(1 - sign(a - b))/2"),
        ("min(a, b)", "b", "(1 + sign(a - b))/2"),
        ("xlogy(y, a)", "a", "xdivy(y, a)"),
        ("xlogy(y, a)", "y", "xlogy(step(max(abs(y), a)), a)"),
        ("xdivy(y, a)", "a", "-xdivy(y, a^2)"),
        ("xdivy(y, a)", "y", "xdivy(step(abs(y) + abs(a)), a)"),
        ("bce(y, a)", "a", "xdivy(1 - y, 1 - a) - xdivy(y, a)"),
        ("bce_logits(y, z)", "z", "sigmoid(z) - y"),
        ("bce_logits(y, z)", "y", "-z"),
        # names that the table itself uses
        ("sigmoid(v*u)", "u", "sigmoid(v*u)*(1 - sigmoid(v*u))*v"),
        ("max(v, u)", "u", "(1 - sign(v - u))/2"),
        ("result^u", "u", "result^u*log(result)"),
        ("u/v", "v", "-u/v^2"),
        # as in the lessons
        ("-(y*log(a) + (1 - y)*log(1 - a))", "a", "-(y/a - (1 - y)/(1 - a))"),
        ("-(y*log(a) + (1 - y)*log(1 - a))", "y", "-(log(a) - log(1 - a))"),
    ],
)
def test_a_derivative_reads_as_written_by_hand(text: str, name: str, written: str) -> None:
    assert write(derivative(tree(text), name)) == written


@pytest.mark.parametrize(
    ("equation", "name", "written"),
    [
        ("sigmoid(z)", "z", "a*(1 - a)"),
        ("tanh(z)", "z", "1 - a^2"),
        ("exp(z)", "z", "a"),
        ("sqrt(z)", "z", "1/(2*a)"),
        ("sigmoid(2*z)", "z", "2*a*(1 - a)"),
        ("e^z", "z", "a"),
        ("relu(z)", "z", "step(z)"),
        ("sigmoid(z) + z", "z", "sigmoid(z)*(1 - sigmoid(z)) + 1"),
        ("z^2*exp(z)", "z", "2*z*exp(z) + z^2*exp(z)"),
        ("z", "z", "1"),
    ],
)
def test_a_factor_is_written_with_the_nodes_own_name(equation: str, name: str, written: str) -> None:
    assert write(factor_formulas(tree(equation), "a")[name]) == written


@pytest.mark.parametrize(
    ("text", "point", "slope"),
    [
        ("relu(x)", 0.0, 0.0),
        ("relu(x)", -0.0, 0.0),
        ("leaky_relu(x)", 0.0, 0.01),
        ("abs(x)", 0.0, 0.0),
        ("step(x)", 0.0, 0.0),
        ("sign(x)", 0.0, 0.0),
        ("max(x, 1)", 1.0, 0.5),
        ("max(1, x)", 1.0, 0.5),
        ("min(x, 1)", 1.0, 0.5),
        ("min(1, x)", 1.0, 0.5),
        ("max(x, x)", 1.0, 1.0),
        ("x^0", 0.0, 0.0),
        ("x^1", 0.0, 1.0),
        ("x^2", 0.0, 0.0),
        ("abs(x)*x", 0.0, 0.0),
        ("log(x)", 0.0, math.inf),
        ("sqrt(x)", 0.0, math.inf),
        ("1/x", 0.0, -math.inf),
    ],
)
def test_at_a_kink_the_slope_is_the_conventional_one(text: str, point: float, slope: float) -> None:
    assert evaluate(derivative(tree(text), "x"), {"x": point}) == slope


def test_pi_and_e_are_no_names_to_differentiate_by() -> None:
    assert list(derivatives(parse("pi*r^2 + e^r").expression)) == ["r"]


@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("a", [0.2, 0.9])
@pytest.mark.parametrize("wrt", ["y", "a"])
def test_where_a_cross_entropy_has_a_slope_the_convention_changes_nothing(y: float, a: float, wrt: str) -> None:
    wanted = math.log((1 - a) / a) if wrt == "y" else (a - y) / (a * (1 - a))
    assert evaluate(derivative(tree("bce(y, a)"), wrt), {"y": y, "a": a}) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_a_cross_entropy_that_is_right_to_the_last_bit_has_finite_slopes(right: float) -> None:
    numbers = {"y": right, "a": right}
    assert evaluate(derivative(tree("bce(y, a)"), "a"), numbers) == (1.0 if right == 0 else -1.0)
    assert evaluate(derivative(tree("bce(y, a)"), "y"), numbers) == 0.0
