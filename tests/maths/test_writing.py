"""How are expressions and names written, plain, typeset and with numbers put in?"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import tree
from support.strategies import expressions

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Expression, Name, Number, names_in
from tui_backprop.maths.writing import PLAIN, typeset_name, typeset_names, typeset_style, write
from tui_backprop.numbers import four_digits


@pytest.mark.parametrize(
    "text",
    [
        "w1*x1 + w2*x2 + b",
        "-(y*log(a) + (1 - y)*log(1 - a))",
        "x - y - z",
        "x - (y - z)",
        "x + (y + z)",
        "x/y/z",
        "x/(y*z)",
        "x*(y*z)",
        "x^y^z",
        "(x^y)^z",
        "x^(-2)",
        "(-x)^2",
        "-x^2",
        "-x*y",
        "(-x)*y",
        "x*(-y)",
        "x - (-y)",
        "-(-x)",
        "-(x + y)",
        "(x + y)*z",
        "max(x, y + 1)",
        "exp(x)^2",
        "2*pi*e",
        "1e+16*x",
        "1e-07",
        "0.1",
    ],
)
def test_plain_text_has_the_parentheses_it_needs_and_no_others(text: str) -> None:
    assert write(tree(text)) == text


@pytest.mark.parametrize(
    ("text", "values", "written"),
    [
        ("w1*x1 + w2*x2 + b", {"w1": 0.5, "x1": 1, "w2": -0.5, "x2": 2, "b": 0.1}, "0.5*1 + (-0.5)*2 + 0.1"),
        ("-(y/a - (1 - y)/(1 - a))", {"y": 1, "a": 0.25}, "-(1/0.25 - (1 - 1)/(1 - 0.25))"),
        ("(w - 3)^2", {"w": 0}, "(0 - 3)^2"),
        ("w^2", {"w": -1.5}, "(-1.5)^2"),
        ("x - w", {"x": -1, "w": -2}, "-1 - (-2)"),
        ("-w", {"w": -2}, "-(-2)"),
        ("x + y", {"x": 1}, "1 + y"),
        ("2^x", {"x": -1}, "2^(-1)"),
        ("exp(x)", {"x": -1}, "exp(-1)"),
        ("pi*x", {"x": 2}, "pi*2"),
        ("x + y", {"x": math.nan, "y": -math.inf}, "NaN + (-Infinity)"),
        ("x*y", {"x": 1.7999999999999998, "y": 1e22}, "1.7999999999999998*1e+22"),
    ],
)
def test_numbers_are_put_in_with_full_precision(text: str, values: dict[str, float], written: str) -> None:
    assert write(tree(text), PLAIN, values) == written


@given(expressions(), st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3))
def test_the_text_with_numbers_has_the_value_of_the_formula(expression: Expression, numbers: list[float]) -> None:
    values = dict(zip(("x", "y", "z"), numbers, strict=True))
    one = evaluate(tree(write(expression, PLAIN, values)), {})
    two = evaluate(expression, values)
    assert one == two or (math.isnan(one) and math.isnan(two))


NAMES = ("w1", "w2", "x1", "a", "y", "z", "eta", "yhat", "b")
SCREEN = typeset_style(typeset_names(NAMES))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("w1*x1 + b", "w₁·x₁ + b"),
        ("x1 - w1", "x₁ − w₁"),
        ("-w1", "−w₁"),
        ("w1^2", "w₁²"),
        ("(w1 - 3)^2", "(w₁ − 3)²"),
        ("w1^12", "w₁¹²"),
        ("w1^(-2)", "w₁^(−2)"),
        ("w1^0.5", "w₁^0.5"),
        ("w1^x1", "w₁^x₁"),
        ("(w1^2)^3", "(w₁²)³"),
        ("sigmoid(z)", "σ(z)"),
        ("sqrt(z)", "√(z)"),
        ("exp(z)", "e^z"),
        ("exp(-z)", "e^(−z)"),
        ("exp(z)^2", "(e^z)²"),
        ("exp(sigmoid(z))", "e^σ(z)"),
        ("exp(2)", "e^2"),
        ("e^z", "e^z"),
        ("log(a)", "log(a)"),
        ("eta*yhat", "η·ŷ"),
        ("max(w1, -3)", "max(w₁, −3)"),
        ("2*pi", "2·pi"),
    ],
)
def test_typeset_text_reads_like_a_textbook(text: str, written: str) -> None:
    assert write(tree(text), SCREEN) == written


def test_a_negative_whole_exponent_of_a_tree_built_in_python_is_raised_too() -> None:
    assert write(Call("^", Name("a"), Number(-2)), SCREEN) == "a⁻²"


def test_typeset_numbers_may_be_short() -> None:
    style = typeset_style(typeset_names(NAMES), four_digits)
    assert write(tree("w1*a"), style, {"w1": -1 / 3, "a": 0.5}) == "(−0.3333)·0.5"


def test_a_number_with_an_exponent_of_its_own_is_raised_in_parentheses() -> None:
    assert write(tree("a^2*b + exp(a)"), SCREEN, {"a": 1.2e-5, "b": 3e9}) == "(1.2e−05)²·3000000000 + e^(1.2e−05)"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("w", "w"),
        ("w1", "w₁"),
        ("w12", "w₁₂"),
        ("w_1", "w₁"),
        ("x0", "x₀"),
        ("yhat", "ŷ"),
        ("ahat", "â"),
        ("yhat2", "ŷ₂"),
        ("xhat", "xhat"),  # there is no such letter in one piece
        ("hat", "hat"),
        ("eta", "η"),
        ("alpha1", "α₁"),
        ("lambda", "λ"),
        ("sigma", "σ"),
        ("omega", "ω"),
        ("theta_2", "θ₂"),
        ("beta_hat", "beta_hat"),
        ("pit", "pit"),
        ("loss", "loss"),
        ("w1a", "w1a"),
        ("w_ab", "w_ab"),
        ("_w", "_w"),
        ("θ1", "θ₁"),
    ],
)
def test_a_name_is_typeset(name: str, written: str) -> None:
    assert typeset_name(name) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("w2_1_3", "w⁽²⁾₁₃"),
        ("w2_12_3", "w⁽²⁾₁₂,₃"),
        ("w2_1_30", "w⁽²⁾₁,₃₀"),
        ("w10_1_2", "w⁽¹⁰⁾₁₂"),
        ("z1_2", "z⁽¹⁾₂"),
        ("a1_12", "a⁽¹⁾₁₂"),
        ("b2_3", "b⁽²⁾₃"),
        ("w1", "w₁"),
        ("x1", "x₁"),
        ("C", "C"),
    ],
)
def test_a_name_of_a_network_is_typeset_with_its_layer(name: str, written: str) -> None:
    assert typeset_name(name, is_network=True) == written


@pytest.mark.parametrize("name", ["w2_1_3", "z1_2"])
def test_only_a_network_has_layers(name: str) -> None:
    assert typeset_name(name) == name


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("w1", "w2"), ("w₁", "w₂")),
        (("w1", "w_1"), ("w1", "w_1")),
        (("w1", "w_1", "w2"), ("w1", "w_1", "w₂")),
        (("eta", "η"), ("eta", "η")),
        (("yhat", "y"), ("ŷ", "y")),
        (("w", "w_"), ("w", "w_")),
        (("θ1", "theta1", "theta_1"), ("θ1", "theta1", "theta_1")),
    ],
)
def test_names_that_would_look_alike_stay_plain(names: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert tuple(typeset_names(names).values()) == shown


_LIKE_NAMES = st.from_regex(r"(w|eta|η|y|yhat|_)(hat)?_?[0-9]{0,2}(_[0-9]{1,2})?", fullmatch=True)


@given(st.lists(_LIKE_NAMES, unique=True, max_size=12), st.booleans())
def test_no_two_names_ever_look_alike(names: list[str], is_network: bool) -> None:
    shown = typeset_names(names, frozenset(names) if is_network else frozenset())
    assert len(set(shown.values())) == len(names)


_WEIGHTS = st.from_regex(r"w[12]_[1-3]{1,2}_[1-3]{1,2}", fullmatch=True)
_OTHERS = st.from_regex(r"(w|b|x)[12](_[1-3]{1,2})?", fullmatch=True)


@given(st.sets(_WEIGHTS, max_size=12), st.sets(_OTHERS, max_size=12))
def test_weights_that_are_typeset_when_asked_for_are_shown_as_all_at_once(weights: set[str], others: set[str]) -> None:
    names = frozenset(weights | others)
    later = typeset_names(others, frozenset(others), frozenset(weights))
    assert dict(later) == dict(typeset_names(names, names))
    assert len(later) == len(names)


@given(expressions(("w1", "eta", "yhat")))
def test_typeset_text_shows_every_name(expression: Expression) -> None:
    style = typeset_style(typeset_names(("w1", "eta", "yhat")))
    written = write(expression, style)
    for name in names_in(expression):
        assert {"w1": "w₁", "eta": "η", "yhat": "ŷ"}[name] in written
