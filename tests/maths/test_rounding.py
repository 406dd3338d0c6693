"""Numbers that carry their rounding: the bound holds against sixty digits, and it is not far off."""

from __future__ import annotations

import math
import random

import pytest
from support.lessons import tree
from support.oracle import KNOWN_FUNCTIONS, OutOfDomainError, dual, mp

from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.rounding import UNIT, Rounded, rounded_function


def _rounded(formula: Expression, values: dict[str, float]) -> Rounded:
    def leaf(part: Number | Name) -> Rounded:
        if isinstance(part, Number):
            return Rounded(part.value)
        return Rounded(values[part.name] if part.name in values else CONSTANTS[part.name])

    return fold(formula, leaf, lambda call, operands: rounded_function(call.function)(*operands))


def _off(formula: Expression, values: dict[str, float], number: Rounded) -> float:
    """How far off a number is."""
    exact = dual(formula, {name: mp.mpf(value) for name, value in values.items()})
    return float(abs(exact.value - mp.mpf(number.value)))


# The hundredth in leaky_relu is a float to the program and a hundredth to the oracle; so are the numbers in gelu.
@pytest.mark.parametrize("function", sorted(KNOWN_FUNCTIONS - {"leaky_relu", "gelu"}))
def test_a_function_is_off_by_no_more_than_its_bound(function: str) -> None:
    draw = random.Random(function)
    names = ("u", "v")[: FUNCTIONS[function].arity]
    formula = Call(function, *map(Name, names))
    compared = 0
    for _ in range(200):
        values = {name: draw.choice([1.0, -1.0]) * 10 ** draw.uniform(-12, 1.5) for name in names}
        try:
            number = _rounded(formula, values)
            off = _off(formula, values, number)
        except OutOfDomainError:
            continue
        compared += 1
        assert number.value == FUNCTIONS[function].value(*values.values())
        assert off <= number.error, values
    assert compared > 40


LOSSY = [
    ("1 - sigmoid(u)", 20.0, 1e-16),
    ("-log(1 - sigmoid(u))", 20.0, 1e-7),
    ("-log(1 - sigmoid(u))", 30.0, 2e-3),
    ("(u + 1000000000) - 1000000000", 0.3, 2e-7),
    ("1 - tanh(u)^2", 12.0, 4e-16),
    ("bce(0, u)", 1e-10, 3e-16),
    ("exp(u)/(exp(u) + exp(1)) + exp(1)/(exp(u) + exp(1)) - 1", 0.25, 1e-15),
    ("sin(1000000*u)", 0.7, 2e-10),
    ("1/(u - 1)", 1.0000001, 1e-2),
]


@pytest.mark.parametrize(("text", "at", "most"), LOSSY)
def test_what_is_lost_on_the_way_is_bounded_and_not_by_far(text: str, at: float, most: float) -> None:
    number = _rounded(tree(text), {"u": at})
    assert _off(tree(text), {"u": at}, number) <= number.error <= 16 * most


def test_formulas_lose_no_more_than_their_bound() -> None:
    draw = random.Random(5)
    parts = [
        "u*v + 1",
        "exp(sin(u)*v)",
        "(u - v)^3",
        "sqrt(1 + u^2)",
        "u/(1 + v^2)",
        "softplus(u - v)",
        "max(u, v) - u",
    ]
    for _ in range(300):
        formula = tree(f"{draw.choice(parts)} - ({draw.choice(parts)})*({draw.choice(parts)})")
        values = {"u": draw.uniform(-3, 3), "v": draw.uniform(-3, 3)}
        number = _rounded(formula, values)
        assert _off(formula, values, number) <= number.error
        assert number.error <= 1e-10


def test_an_operation_without_rounding_adds_nothing() -> None:
    relu, largest = rounded_function("relu"), rounded_function("max")
    assert (relu(Rounded(-2.0)).error, relu(Rounded(3.0)).error, largest(Rounded(1.0), Rounded(2.0)).error) == (0, 0, 0)
    assert rounded_function("*")(Rounded(0.0), Rounded(0.1)).error == 0


def test_one_operation_is_off_by_half_of_a_last_bit() -> None:
    assert rounded_function("+")(Rounded(1.0), Rounded(0.5)).error == pytest.approx(1.5 * UNIT)


def test_where_the_side_of_a_jump_is_a_matter_of_rounding_the_jump_is_in_the_bound() -> None:
    assert rounded_function("step")(Rounded(1e-17, 1e-16)).error >= 1
    assert rounded_function("step")(Rounded(1e-15, 1e-16)).error == 0


@pytest.mark.parametrize(
    ("function", "operands"),
    [
        ("/", (Rounded(1.0), Rounded(0.0))),
        ("/", (Rounded(1.0), Rounded(1e-17, 1e-16))),
        ("log", (Rounded(1e-17, 1e-16),)),
        ("log", (Rounded(-1.0),)),
        ("exp", (Rounded(1000.0),)),
    ],
)
def test_where_nothing_is_sure_there_is_no_finite_number_or_no_bound(
    function: str, operands: tuple[Rounded, ...]
) -> None:
    number = rounded_function(function)(*operands)
    assert not (math.isfinite(number.value) and math.isfinite(number.error))


def test_what_the_code_cannot_reach_has_its_value() -> None:
    number = rounded_function("sigmoid")(Rounded(-730.0))
    assert number.value == FUNCTIONS["sigmoid"].value(-730.0) > 0
    assert number.error < 1e-300
