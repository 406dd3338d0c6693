"""Which texts are expressions, and what do they mean?"""

from __future__ import annotations

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import tree
from support.oracle import agrees, by_python, dual, exactly
from support.strategies import coordinates, expressions, texts_like_expressions

from tui_backprop.maths.derivative import derivative
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Call, Expression, Name, Number, fold, size
from tui_backprop.maths.parsing import MOST_CHARACTERS, MOST_NESTING, MOST_NODES, NameUse, parse
from tui_backprop.maths.tokens import ExpressionError, is_name
from tui_backprop.maths.writing import write

NUMBERS = {"w": 0.7, "x": 1.3, "y": -0.4, "z": 0.25, "a": 0.6, "b": -1.5, "w1": 2.5, "x1": 0.3, "yhat": 0.9}


@pytest.mark.parametrize(
    ("text", "in_python"),
    [
        # numbers
        ("3", "3"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("5.", "5.0"),
        ("1e-3", "0.001"),
        ("2.5E+2", "250"),
        ("0", "0"),
        ("0e0", "0"),
        # precedence and associativity
        ("x + y*z", "x + (y*z)"),
        ("x - y - z", "(x - y) - z"),
        ("x/y/z", "(x/y)/z"),
        ("x/y*z", "(x/y)*z"),
        ("x*y/z", "(x*y)/z"),
        ("x - y + z", "(x - y) + z"),
        ("x - (y - z)", "x - (y - z)"),
        ("2^3^2", "2**9"),
        ("2**3**2", "2**9"),
        ("2^3**2", "2**9"),
        ("x^2*3", "(x**2)*3"),
        ("3*x^2", "3*(x**2)"),
        ("((x))", "x"),
        ("  x\t+\n y ", "x + y"),
        ("x\u00a0+ y", "x + y"),
        # the unary minus
        ("-w^2", "-(w**2)"),
        ("(-w)^2", "w**2"),
        ("-x + y", "(-x) + y"),
        ("-x*y", "-(x*y)"),
        ("-x/y*z", "-((x/y)*z)"),
        ("--x", "x"),
        ("---x", "-x"),
        ("x - -y", "x + y"),
        ("x--y", "x + y"),
        ("x - -y*z", "x + (y*z)"),
        ("x*-y", "x*(-y)"),
        ("x/-y*z", "(x/(-y))*z"),
        ("x/--y*z", "(x/y)*z"),
        ("x/---y/z", "(x/(-y))/z"),
        ("2^-2", "0.25"),
        ("2^-x*3", "(2**(-x))*3"),
        ("2^--2*3", "12"),
        ("2^-x^2", "2**(-(x**2))"),
        ("2*-x^2", "2*(-(x**2))"),
        ("x + -y^2*z", "x - (y**2)*z"),
        ("-(x + y)", "-(x + y)"),
        ("sin(-x)", "sin(-x)"),
        # what textbooks print
        ("x − y", "x - y"),
        ("−x", "-x"),
        ("2e−3", "0.002"),
        ("2e − 3", "2*e - 3"),
        ("x × y", "x*y"),
        ("x·y", "x*y"),
        ("x²", "x**2"),
        ("x³", "x**3"),
        ("-x²", "-(x**2)"),
        ("(x + y)²", "(x + y)**2"),
        ("sin(x)²", "sin(x)**2"),
        ("2^x²", "2**(x**2)"),
        ("3x²", "3*(x**2)"),
        ("2²", "4"),
        # a number directly before a name or a parenthesis
        ("3x", "3*x"),
        ("2.5x", "2.5*x"),
        ("2(w - 3)", "2*(w - 3)"),
        ("2sin(x)", "2*sin(x)"),
        ("2pi", "2*pi"),
        ("2e", "2*e"),
        ("2e - 3", "2*e - 3"),
        ("2e-3", "0.002"),
        ("-2x", "-(2*x)"),
        ("x - 2y", "x - 2*y"),
        ("x*2y", "x*2*y"),
        ("x/y - 2z", "x/y - 2*z"),
        ("x/y + 2(z)", "x/y + 2*z"),
        ("3x^2", "3*(x**2)"),
        ("2^3 + 4x", "8 + 4*x"),
        ("3.x", "3*x"),
        ("2(x)^2", "2*(x**2)"),
        # functions and constants
        ("exp(x)", "exp(x)"),
        ("log(x)", "log(x)"),
        ("ln(x)", "log(x)"),
        ("sqrt(x)", "sqrt(x)"),
        ("sigmoid(x)", "sigmoid(x)"),
        ("tanh(x)", "tanh(x)"),
        ("relu(y)", "relu(y)"),
        ("leaky_relu(y)", "leaky_relu(y)"),
        ("softplus(y)", "softplus(y)"),
        ("abs(y)", "abs(y)"),
        ("sin(x) + cos(y)", "sin(x) + cos(y)"),
        ("max(x, y)", "max(x, y)"),
        ("min(x, y - 1)", "min(x, y - 1)"),
        ("max(x, max(y, z))", "max(x, max(y, z))"),
        ("max((x), (y))", "max(x, y)"),
        ("step(y) + sign(y)", "step(y) + sign(y)"),
        ("bce(z, a)", "bce(z, a)"),
        ("bce_logits(z, x)", "bce_logits(z, x)"),
        ("pi*e", "pi*e"),
        ("sin (x)", "sin(x)"),
        ("-(y*log(a) + (1 - y)*log(1 - a))", "-(y*log(a) + (1 - y)*log(1 - a))"),
        ("1/(1 + exp(-z))", "1/(1 + exp(-z))"),
        ("yhat*w1*x1", "yhat*w1*x1"),
    ],
)
def test_a_text_means_what_python_reads_in_it(text: str, in_python: str) -> None:
    assert evaluate(tree(text), NUMBERS) == pytest.approx(by_python(in_python, NUMBERS), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("w*x + b", Call("+", Call("*", Name("w"), Name("x")), Name("b"))),
        ("-w^2", Call("neg", Call("^", Name("w"), Number(2)))),
        ("-3", Call("neg", Number(3))),
        ("ln(x)", Call("log", Name("x"))),
        ("x²", Call("^", Name("x"), Number(2))),
        ("3x", Call("*", Number(3), Name("x"))),
        ("max(x, 1)", Call("max", Name("x"), Number(1))),
        ("square", Name("square")),
        ("θ_1", Name("θ_1")),
    ],
)
def test_a_text_gives_this_tree(text: str, expression: Expression) -> None:
    assert tree(text) == expression


def test_names_come_with_their_places_in_order_of_writing() -> None:
    parsed = parse("w1*x + pi - log(w1)")
    assert parsed.names == (NameUse("w1", 0, 2), NameUse("x", 3, 4), NameUse("pi", 7, 9), NameUse("w1", 16, 18))


@pytest.mark.parametrize("name", ["x", "W", "_", "_a1", "w1_2", "θ", "η1", "Σ", "αβ", "exp", "square"])
def test_these_have_the_form_of_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text", ["", "1x", "a-b", "a b", "ŷ", "x'", "x²", "\u0387", "\u037e", "µ", "ж", "a\n", "x\u0302", "é"]
)
def test_these_have_not(text: str) -> None:
    assert not is_name(text)


# --- limits


def test_a_flat_sum_of_250_terms_is_small_and_not_deep() -> None:
    text = " + ".join(["x"] * 250)
    assert evaluate(tree(text), {"x": 1.0}) == 250


def test_a_sum_of_more_than_500_numbers_names_and_operators_is_refused() -> None:
    assert size(tree("+".join(["x"] * 250))) == MOST_NODES - 1
    with pytest.raises(ExpressionError, match="more than 500"):
        parse("+".join(["x"] * 251))


def test_2000_characters_are_read_and_2001_are_not() -> None:
    assert evaluate(tree("x".ljust(MOST_CHARACTERS)), {"x": 2.0}) == 2
    with pytest.raises(ExpressionError, match="2,001 characters; the limit is 2,000") as caught:
        parse("x".ljust(MOST_CHARACTERS + 1))
    assert caught.value.problems[0].start == MOST_CHARACTERS


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("sin(", ")"), ("-", ""), ("2^", ""), ("-(", ")"), ("max(1, ", ")")]
)
def test_nesting_ends_at_64_levels(opening: str, closing: str) -> None:
    levels = opening.count("(") + opening.count("-") + opening.count("^")
    fitting = (MOST_NESTING - 1) // levels
    parse(opening * fitting + "x" + closing * fitting)
    with pytest.raises(ExpressionError, match="nests deeper than 64 levels"):
        parse(opening * (fitting + 1) + "x" + closing * (fitting + 1))


def test_max_and_min_of_many_operands_nest_as_they_are_spelled_out() -> None:
    parse(f"sum({', '.join(['x'] * 240)})")
    forty = ", ".join(["x"] * 40)
    with pytest.raises(ExpressionError, match="max and min of so many operands nest deeper than 64 levels"):
        parse(f"max(min({forty}), {forty})")


@given(st.integers(65, 240), st.randoms(use_true_random=False))
def test_very_many_operands_of_max_meet_in_pairs(count: int, draw: random.Random) -> None:
    names = [f"n{place}" for place in range(count)]
    numbers = {name: draw.uniform(-1, 1) for name in names}
    expression = parse(f"max({', '.join(names)})").expression
    assert evaluate(expression, numbers) == max(numbers.values())
    assert write(expression) == f"max({', '.join(names)})"
    depths = fold(expression, lambda leaf: 0, lambda call, depths: 1 + max(depths))
    assert depths == math.ceil(math.log2(count))


# --- functions of any number of operands

MANY = st.lists(coordinates(), min_size=1, max_size=9)
IN_PYTHON = {"max": max, "min": min, "sum": math.fsum, "mean": statistics.fmean}


@pytest.mark.parametrize(
    ("text", "spelled_out"),
    [
        ("max(a, b, c)", "max(max(a, b), c)"),
        ("min(a, b, c, d)", "min(min(min(a, b), c), d)"),
        ("sum(a, -b, c*d)", "a + (-b) + c*d"),
        ("mean(a, b, c)", "(a + b + c)/3"),
        ("2*sum(a, b)/mean(c, d)", "2*(a + b)/((c + d)/2)"),
        ("max(a)", "a"),
        ("mean(a)", "a"),
        ("max(min(a, b, c), d)", "max(min(min(a, b), c), d)"),
    ],
)
def test_any_number_of_operands_is_what_it_spells_out(text: str, spelled_out: str) -> None:
    assert tree(text) == tree(spelled_out)
    assert tree(write(tree(text))) == tree(text)


def test_nested_choices_are_written_with_all_their_operands() -> None:
    assert write(tree("max(max(a, b), min(c, min(d, x)), y)")) == "max(a, b, min(c, min(d, x)), y)"


@given(st.sampled_from([*IN_PYTHON]), MANY)
def test_of_many_operands_value_and_slopes_are_pythons_and_those_of_dual_numbers(
    name: str, numbers: list[float]
) -> None:
    values = {f"x{place}": number for place, number in enumerate(numbers)}
    call = tree(f"{name}({', '.join(values)})")
    assert evaluate(call, values) == pytest.approx(IN_PYTHON[name](numbers), abs=1e-12)
    at = {name: exactly(value) for name, value in values.items()}
    for along in values:
        assert agrees(dual(derivative(call, along), at).value, dual(call, at, along).slope, 25)


# --- for any text


@given(texts_like_expressions())
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    try:
        expression = parse(text).expression
    except ExpressionError as error:
        (problem,) = error.problems
        assert 0 <= problem.start < problem.end <= max(1, len(text))
        assert "" not in (problem.message, problem.help)
    else:
        evaluate(expression, dict.fromkeys((use.name for use in parse(text).names), 0.5))


@given(expressions())
def test_what_is_written_is_read_as_the_same_tree(expression: Expression) -> None:
    assert _with_signed_numbers(tree(write(expression))) == _with_signed_numbers(expression)


@given(expressions())
def test_what_is_written_means_the_same_to_python(expression: Expression) -> None:
    point = {"x": 0.7, "y": -1.25, "z": 0.4}
    told = evaluate(expression, point)
    try:
        computed = by_python(write(expression), point)
    except (ArithmeticError, ValueError, TypeError):
        return  # Python has no number there, or a complex one
    if math.isfinite(told):
        assert told == pytest.approx(computed, rel=1e-12)


def _with_signed_numbers(expression: Expression) -> Expression:
    """The tree with the minus of a number made a part of it: -2 and the negative of 2 are written alike."""

    def call(part: Call, arguments: list[Expression]) -> Expression:
        if part.function == "neg" and isinstance(arguments[0], Number):
            return Number(-arguments[0].value)
        return Call(part.function, *arguments)

    return fold(expression, lambda leaf: leaf, call)
