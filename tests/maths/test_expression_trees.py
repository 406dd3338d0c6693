"""Do trees compare, and do they work far deeper than Python's stack and with work that grows with their size?"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from support.counting import calls_made
from support.lessons import tree
from support.strategies import expressions

from tui_backprop.maths.derivative import derivative, derivatives, factor_formulas
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import (
    Call,
    Expression,
    Name,
    Number,
    chained,
    flattened,
    names_in,
    post_order,
    replace,
    size,
)
from tui_backprop.maths.writing import typeset_names, typeset_style, write

LEVELS = 50_000
VALUES = {"x": 0.7, "y": 0.3}


@given(expressions(), expressions())
def test_trees_are_equal_when_they_are_built_alike(one: Expression, two: Expression) -> None:
    assert (one == two) == (repr(one) == repr(two))
    if one == two:
        assert hash(one) == hash(two)


def test_trees_of_different_kinds_are_never_equal() -> None:
    kinds = [Number(1), Name("x"), Call("neg", Name("x")), Call("neg", Number(1)), Call("abs", Name("x")), "x", 1.0]
    assert all(one != two for place, one in enumerate(kinds) for two in kinds[place + 1 :])


def test_the_representation_builds_the_tree_again() -> None:
    expression = tree("-(y*log(a) + 2^3)/max(x, 1)")
    assert eval(repr(expression), {"Call": Call, "Name": Name, "Number": Number}) == expression


def test_names_come_once_in_order_of_first_appearance() -> None:
    assert names_in(tree("w*x + b - x*sin(w)")) == ("w", "x", "b")


def test_size_counts_a_shared_part_each_time() -> None:
    shared = tree("x + 1")
    assert size(Call("*", shared, shared)) == 7


def test_the_largest_equal_parts_are_replaced() -> None:
    replaced = replace(tree("sin(x)*sin(x) + sin(sin(x))"), {tree("sin(x)"): Name("a"), Name("x"): Name("b")})
    assert replaced == tree("a*a + sin(a)")


def test_a_chain_of_one_operator_is_flattened_and_joined_again() -> None:
    expression = tree("a*b*c*d")
    assert flattened(expression, "*") == tuple(map(Name, "abcd"))
    assert chained("*", map(Name, "abcd")) == expression
    assert flattened(tree("a - b"), "+") == (tree("a - b"),)


@given(expressions())
def test_parts_come_after_their_operands_and_once(expression: Expression) -> None:
    seen: set[int] = set()
    for part in post_order(expression):
        assert id(part) not in seen
        if isinstance(part, Call):
            assert all(id(argument) in seen for argument in part.arguments)
        seen.add(id(part))
    assert id(expression) in seen


# --- deep trees


def _nested(function: str, levels: int = LEVELS) -> Expression:
    deep: Expression = Name("x")
    for _ in range(levels):
        deep = Call(function, deep)
    return deep


def _left(function: str, levels: int = LEVELS) -> Expression:
    deep: Expression = Name("x")
    for level in range(levels):
        deep = Call(function, deep, Name("x") if level % 2 else Name("y"))
    return deep


def _right(function: str, levels: int = LEVELS) -> Expression:
    deep: Expression = Name("x")
    for level in range(levels):
        deep = Call(function, Name("x") if level % 2 else Name("y"), deep)
    return deep


DEEP = {"calls": lambda: _nested("tanh"), "differences": lambda: _right("-"), "powers": lambda: _left("^")}


@pytest.mark.parametrize("kind", DEEP)
def test_50000_levels_are_hashed_compared_shown_written_and_evaluated(kind: str) -> None:
    one, two = DEEP[kind](), DEEP[kind]()
    assert hash(one) == hash(two)
    assert one == two
    assert one != Call("abs", two)
    assert len(repr(one)) > LEVELS
    assert write(one) == write(two)
    assert write(one, typeset_style(typeset_names(VALUES)), VALUES)
    assert isinstance(evaluate(one, VALUES), float)
    assert size(one) > LEVELS
    assert isinstance(replace(one, {Name("y"): Name("z")}), Call)


def _slope_of_nested_sines(levels: int) -> float:
    """The product of the cosines on the way in, at 1."""
    at, slope = 1.0, 1.0
    for _ in range(levels):
        at, slope = math.sin(at), slope * math.cos(at)
    return slope


@pytest.mark.parametrize(
    ("build", "name", "slope"),
    [
        (lambda: _nested("neg"), "x", 1.0),
        (lambda: _left("+"), "y", 25_000.0),
        (lambda: _right("-"), "x", 25_001.0),
        (lambda: chained("*", [Name("y")] * 100), "y", 100.0),
        (lambda: _nested("sin", 3_000), "x", _slope_of_nested_sines(3_000)),
        # x/y/x/y…: y stays 1, so that it is x^(-49) in the end, after 50 divisions by x.
        (lambda: _left("/", 100), "x", -49.0),
    ],
)
def test_deep_trees_are_differentiated(build: Callable[[], Expression], name: str, slope: float) -> None:
    told = evaluate(derivative(build(), name), {"x": 1.0, "y": 1.0})
    assert told == pytest.approx(slope, rel=1e-9)


def test_the_derivative_of_nested_calls_takes_work_in_proportion_to_their_number() -> None:
    few, many = _nested("sin", 400), _nested("sin", 3_200)
    assert calls_made(lambda: derivative(many, "x")) < 10 * calls_made(lambda: derivative(few, "x"))


def test_all_derivatives_of_a_long_sum_take_one_pass() -> None:
    def long_sum(count: int) -> Expression:
        return chained("+", [Call("*", Name(f"w{place}"), Name(f"x{place}")) for place in range(count)])

    formulas = derivatives(long_sum(2_000))
    assert len(formulas) == 4_000
    assert formulas["w7"] == Name("x7")
    assert factor_formulas(long_sum(2_000), "z")["x7"] == Name("w7")
    few, many = long_sum(100), long_sum(800)
    assert calls_made(lambda: derivatives(many)) < 10 * calls_made(lambda: derivatives(few))
