"""The second proof: a right derivative is never said to differ, and a wrong one is, wherever nudges can tell."""

from __future__ import annotations

import math

import pytest
from support.lessons import tree

from tui_backprop.explain.nudged import Nudged
from tui_backprop.explain.second_proof import DISAGREE, ENDLESS, NOT_FINITE, TOO_NARROW, Proof, prove
from tui_backprop.maths.derivative import derivative
from tui_backprop.maths.evaluate import evaluate


def _proof(equation: str, at: float, told: float | None = None) -> Proof:
    """The proof of the derivative of an equation in w, or of another number."""
    formula = tree(equation)
    if told is None:
        told = evaluate(derivative(formula, "w"), {"w": at})
    return prove(Nudged({"L": formula}, "L", "w", ["L"], [{"w": at}]), at, told)


SMOOTH = [
    ("(w - 3)^2", 0.0, -6.0),
    ("(w - 3)^2 + 1000000", 0.0, -6.0),
    ("exp(w)", 20.0, math.exp(20)),
    ("exp(10000*w)", 0.001, 10000 * math.exp(10)),
    ("log(w)", 1e-9, 1e9),
    ("sqrt(w)", 1e-12, 0.5e6),
    ("sigmoid(w)", 15.0, 3.0590213341e-7),
    ("sigmoid(w)", 25.0, 1.38879438645e-11),
    ("-log(1 - sigmoid(w))", 20.0, 1.0),
    ("bce(0, w)", 1e-10, 1.0),
    ("w^3", 1e6, 3e12),
    ("sin(1000*w)", 0.5, 1000 * math.cos(500)),
    ("sin(1/w)", 1e-3, -1e6 * math.cos(1000)),
    ("1/w", -1e-5, -1e10),
    ("1/w", 1e-7, -1e14),
    ("relu(w - 1)", 0.99999999, 0.0),
    ("relu(w)", 1e-9, 1.0),
    ("relu(w)^2 + w", 0.0, 1.0),
    ("max(w, w)*w", 1.0, 2.0),
    ("abs(w)", 1e-7, 1.0),
    ("5", 1.0, 0.0),
]


@pytest.mark.parametrize(("equation", "at", "slope"), SMOOTH)
def test_a_right_derivative_agrees(equation: str, at: float, slope: float) -> None:
    assert _proof(equation, at, slope).verdict == "agrees"


@pytest.mark.parametrize(("equation", "at", "slope"), SMOOTH)
@pytest.mark.parametrize(
    "wrong",
    [lambda g: 1.01 * g + 1e-3 * (g == 0), lambda g: 0.99 * g - 1e-3 * (g == 0), lambda g: -g or 1.0],
)
def test_a_wrong_derivative_differs(equation: str, at: float, slope: float, wrong) -> None:
    assert _proof(equation, at, wrong(slope)).verdict == "differs"


@pytest.mark.parametrize(("equation", "at"), [("(w - 3)^2", 0.0), ("exp(w)", 20.0), ("1/w", 1e-7), ("sin(w)", 1.0)])
def test_where_differences_are_sharp_small_mistakes_are_found_too(equation: str, at: float) -> None:
    right = evaluate(derivative(tree(equation), "w"), {"w": at})
    assert _proof(equation, at, 1.00001 * right).verdict == "differs"


def test_the_slope_by_differences_is_told() -> None:
    assert _proof("exp(w)", 1.0, 3.0).slope == pytest.approx(math.e, rel=1e-9)
    assert _proof("exp(w)", 1.0).slope == pytest.approx(math.e, rel=1e-9)


# --- what rounding hides


@pytest.mark.parametrize(
    ("equation", "at", "told"),
    [
        ("w + 1e15", 0.0, 1.0),
        ("w + 1e15", 0.0, 3.0),
        ("5 + w^3", 5.8e-7, None),
        ("sigmoid(w)", 30.0, None),
        ("sigmoid(w)", 40.0, None),
        ("1 - tanh(w)^2", 19.0, None),
        ("log(1 - sigmoid(w))", 36.5, None),
        ("sin(1/w)", 1e-16, None),
        ("exp(w)/(exp(w) + exp(1)) + exp(1)/(exp(w) + exp(1)) - 1", 0.7, 5.6e-17),
        ("exp(w)/(exp(w) + exp(1)) + exp(1)/(exp(w) + exp(1)) - 1", 0.7, 0.0),
        ("1000*(exp(900*w)/(exp(900*w) + exp(w)) + exp(w)/(exp(900*w) + exp(w)))", 1e-3, 1e-11),
        ("w - (w + 0.5 + 1.2)/3 + 0.5 - (w + 0.5 + 1.2)/3 + 1.2 - (w + 0.5 + 1.2)/3", 0.2, 0.0),
    ],
)
def test_what_rounding_hides_is_too_fine_to_tell(equation: str, at: float, told: float | None) -> None:
    assert _proof(equation, at, told).verdict == "too fine to tell"


def test_what_only_wide_nudges_show_is_said_to_be() -> None:
    assert _proof("-log(1 - sigmoid(w))", 20.0).only_wide
    assert not _proof("sigmoid(w)", 1.0).only_wide
    assert not _proof("-log(1 - sigmoid(w))", 20.0, 1.01).only_wide


# --- what nudges cannot show


@pytest.mark.parametrize(
    ("equation", "at", "reason"),
    [
        ("sin(1/w)", 1e-13, DISAGREE),
        ("log(w)", -1.0, NOT_FINITE),
        ("sqrt(w)", 0.0, ENDLESS),
        ("log(w)", 0.0, ENDLESS),
        # A wave that is finer than any nudge of the sum can be.
        ("1 + w + 1e-14*sin(1e14*w)", 0.0, TOO_NARROW),
    ],
)
def test_what_is_unclear_has_its_reason(equation: str, at: float, reason: str) -> None:
    proof = _proof(equation, at)
    assert (proof.verdict, proof.reason) == ("unclear", reason)


# --- corners and jumps


@pytest.mark.parametrize(
    ("equation", "at", "convention"),
    [
        ("relu(w)", 0.0, 0.0),
        ("leaky_relu(w)", 0.0, 0.01),
        ("3*relu(w - 0.3) + w", 0.3, 1.0),
        ("relu(w - 0.3)", 0.30000000000000004, 1.0),
        ("abs(w)", 0.0, 0.0),
        ("max(w, -w)", 0.0, 0.0),
        ("relu(w) - relu(-w)", 0.0, 0.0),
        ("abs(relu(w))", 0.0, 0.0),
        ("max(w, 2)", 2.0, 0.0),
        ("max(1e6*w, 2e6)", 2.0, 5e5),
    ],
)
def test_at_a_corner_the_convention_passes(equation: str, at: float, convention: float) -> None:
    proof = _proof(equation, at, convention)
    assert (proof.verdict, proof.jumps) == ("convention", False)


@pytest.mark.parametrize("equation", ["step(w)", "sign(w)", "step(w^2)", "7 - step(-w)", "1e-9*step(w)"])
def test_at_a_jump_the_convention_passes(equation: str) -> None:
    proof = _proof(equation, 0.0)
    assert (proof.verdict, proof.jumps) == ("convention", True)


def test_a_jump_that_rounding_blurs_is_a_convention_too() -> None:
    # At 1 the operand of the sign is 0 within its rounding; the sign is 0 there and its slope too.
    assert _proof("sigmoid(2 - sign(exp(w - 1) - 1))*w", 1.0).verdict == "convention"


@pytest.mark.parametrize(
    ("equation", "wrong"),
    [("relu(w)", 1.5), ("abs(w)", -1.1), ("max(w, 2*w)", 0.9), ("relu(w) - relu(-w)", 2.1), ("relu(w)^2", 0.5)],
)
def test_at_a_corner_a_number_outside_all_slopes_differs(equation: str, wrong: float) -> None:
    assert _proof(equation, 0.0, wrong).verdict == "differs"


# --- several examples, several equations


@pytest.mark.parametrize(("averages", "gradient"), [(True, 13.0), (False, 39.0)])
def test_examples_are_averaged_or_summed(averages: bool, gradient: float) -> None:
    examples = [{"w": 2.0, "x": x} for x in (4.0, 5.0, 30.0)]
    nudged = Nudged({"L": tree("w*x")}, "L", "w", ["L"], examples, averages)
    assert nudged.at(2.0).number.value == 2 * gradient
    assert prove(nudged, 2.0, gradient).verdict == "agrees"
    assert prove(nudged, 2.0, 1.01 * gradient).verdict == "differs"


def test_the_rounding_of_a_mean_over_many_examples_counts() -> None:
    examples = [{"w": 0.5, "x": 1e8 * (-1) ** place} for place in range(2_000)]
    nudged = Nudged({"L": tree("w*x + 1e-9*w")}, "L", "w", ["L"], examples)
    assert prove(nudged, 0.5, 1e-9).verdict == "too fine to tell"


def test_what_does_not_depend_on_the_name_has_the_slope_0() -> None:
    nudged = Nudged({"L": tree("5*x")}, "L", "w", [], [{"w": 1.0, "x": 2.0, "L": 10.0}])
    assert prove(nudged, 1.0, 0.0).verdict == "agrees"
    assert prove(nudged, 1.0, 0.1).verdict == "differs"
