"""Can the slope by differences tell a right gradient from a wrong one, also where that is hard?"""

from __future__ import annotations

import math

import pytest
from tui_backprop.headless.finite_differences import NudgedLoss, compare

from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.model import Scenario


def _scenario(equation: str, at: float, **more) -> Scenario:
    return Scenario(title="T", parameters={"w": at}, equations={"L": parse(equation).expression}, loss="L", **more)


def _verdict(equation: str, at: float, gradient: float) -> str:
    scenario = _scenario(equation, at)
    return compare(NudgedLoss(scenario, (0,), scenario.parameters), "w", at, gradient).verdict


SMOOTH = [
    ("(w - 3)^2", 0.0, -6.0),
    ("(w - 3)^2 + 1000000", 0.0, -6.0),
    ("exp(w)", 20.0, math.exp(20)),
    ("exp(10000*w)", 0.001, 10000 * math.exp(10)),
    ("log(w)", 1e-9, 1e9),
    ("sqrt(w)", 1e-12, 0.5e6),
    ("sigmoid(w)", 15.0, 3.0590213341e-7),
    ("w^3", 1e6, 3e12),
    ("sin(1000*w)", 0.5, 1000 * math.cos(500)),
    ("1/w", -1e-5, -1e10),
    ("relu(w - 1)", 0.99999999, 0.0),
    ("abs(w)", 1e-7, 1.0),
    ("5", 1.0, 0.0),
]


@pytest.mark.parametrize(("equation", "at", "gradient"), SMOOTH)
def test_a_right_gradient_agrees(equation, at, gradient):
    assert _verdict(equation, at, gradient) == "agrees"


@pytest.mark.parametrize(("equation", "at", "gradient"), SMOOTH)
@pytest.mark.parametrize(
    "wrong", [lambda g: 1.001 * g + 1e-3 * (g == 0), lambda g: -g or 1.0, lambda g: g + abs(g) + 1]
)
def test_a_wrong_gradient_differs(equation, at, gradient, wrong):
    assert _verdict(equation, at, wrong(gradient)) == "differs"


@pytest.mark.parametrize(
    ("equation", "at", "convention"),
    [
        ("relu(w)", 0.0, 0.0),
        ("leaky_relu(w)", 0.0, 0.01),
        ("3*relu(w - 0.3) + w", 0.3, 1.0),
        ("relu(w - 0.3)", 0.30000000000000004, 1.0),
        ("step(w)", 0.0, 0.0),
        ("sign(w)", 0.0, 0.0),
        ("relu(w) - relu(-w)", 0.0, 0.0),
        ("max(w, 2)", 2.0, 0.0),
    ],
)
def test_at_a_corner_the_convention_passes(equation, at, convention):
    assert _verdict(equation, at, convention) == "convention"


@pytest.mark.parametrize(("equation", "gradient"), [("abs(w)", 0.0), ("max(w, -w)", 0.0), ("max(w, w)", 1.0)])
def test_a_convention_that_is_the_mean_of_both_sides_agrees(equation, gradient):
    assert _verdict(equation, 0.0, gradient) == "agrees"


@pytest.mark.parametrize(("equation", "wrong"), [("relu(w)", 1.5), ("abs(w)", -1.1), ("max(w, 2*w)", 0.9)])
def test_at_one_corner_a_number_outside_both_slopes_is_wrong(equation, wrong):
    assert _verdict(equation, 0.0, wrong) == "differs"


def test_what_rounding_hides_is_called_unclear():
    assert _verdict("w + 1e15", 0.0, 3.0) == "unclear"


@pytest.mark.parametrize(("reduction", "gradient"), [("mean", 13.0), ("sum", 39.0)])
def test_examples_are_reduced_as_the_scenario_says(reduction, gradient):
    scenario = _scenario("w*x", 2.0, inputs=("x",), examples=((4.0,), (5.0,), (30.0,)), reduction=reduction)
    losses = NudgedLoss(scenario, (0, 1, 2), scenario.parameters)
    assert losses.loss == 2 * gradient
    assert compare(losses, "w", 2.0, gradient).verdict == "agrees"


def test_only_the_examples_of_the_batch_count():
    scenario = _scenario("w*x", 2.0, inputs=("x",), examples=((4.0,), (5.0,)))
    assert compare(NudgedLoss(scenario, (1,), scenario.parameters), "w", 2.0, 5.0).verdict == "agrees"


def test_equations_are_followed_in_whatever_order_they_stand():
    equations = {
        name: parse(text).expression for name, text in {"L": "a*b", "b": "a + c", "a": "w^2", "c": "3"}.items()
    }
    scenario = Scenario(title="T", parameters={"w": 2.0}, equations=equations, loss="L")
    losses = NudgedLoss(scenario, (0,), scenario.parameters)
    assert losses.loss == 28
    assert compare(losses, "w", 2.0, 4 * (7 + 4)).verdict == "agrees"
