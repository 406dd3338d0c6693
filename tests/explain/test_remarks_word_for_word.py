"""What is said of a step beyond its number, word for word: conventions it rests on, and why a number is not finite."""

from __future__ import annotations

import pytest
from support.lessons import scenario

from tui_backprop.explain.remarks import remarks
from tui_backprop.maths.writing import typeset_names, typeset_style
from tui_backprop.numbers import four_digits
from tui_backprop.record.history import History

STYLE = typeset_style(typeset_names(("w", "a", "L")), four_digits)


def said(equations: dict[str, str], w: float, step: int) -> tuple[str, ...]:
    history = History(scenario({"w": w}, equations))
    return remarks(history.steps(0)[step], history, 0, STYLE)


@pytest.mark.parametrize(
    ("equation", "w", "reason"),
    [
        ("log(w)", 0.0, "log(0) is −∞: "),
        ("log(-w*pi)", 1.0, "log(−3.142) is NaN, because w = 1: "),
        ("exp(w)", 1000.0, "e^1000 is ∞: "),
        ("exp(2*w)", 500.0, "e^1000 is ∞, because w = 500: "),
        ("w^0.5", -1.0, "(−1)^0.5 is NaN: "),
        ("1/(w - 1)", 1.0, "1/0 is ∞, because w = 1: "),
        ("sqrt(w - 1)", 0.0, "√(−1) is NaN, because w = 0: "),
    ],
)
def test_why_a_value_is_not_finite(equation, w, reason):
    (told,) = said({"L": equation}, w, 0)
    assert told.startswith(reason)
    assert told.endswith("other starting values or examples may stay clear of it.")


@pytest.mark.parametrize(
    ("equation", "w", "conventions"),
    [
        ("relu(w)", 0.0, ["Relu has a corner at 0: by convention its derivative there is 0."]),
        ("leaky_relu(w)", 0.0, ["Leaky_relu has a corner at 0: by convention its derivative there is 0.01."]),
        ("abs(w)", 0.0, ["Abs has a corner at 0: by convention its derivative there is 0."]),
        ("max(w, 1)", 1.0, ["Two operands of max are equal: by convention each gets half of the derivative."]),
        ("min(w, 1)", 1.0, ["Two operands of min are equal: by convention each gets half of the derivative."]),
        ("relu(w) + relu(2*w)", 0.0, ["Relu has a corner at 0: by convention its derivative there is 0."]),
        ("relu(0)*w", 3.0, []),
        ("relu(w)", 1.0, []),
        ("relu(w)", -1.0, []),
        ("abs(w)", -1.0, []),
        ("max(w, 1)", 2.0, []),
        ("min(w, 1)", 2.0, []),
    ],
)
def test_a_convention_is_told_once_and_only_where_the_step_rests_on_it(equation, w, conventions):
    # Step 2 is the factor ∂L/∂w.
    assert said({"L": equation}, w, 2) == tuple(conventions)


def test_what_follows_from_a_number_that_is_not_finite_says_so():
    equations = {"a": "log(w)", "L": "a + 1"}
    assert [said(equations, 0.0, step) for step in (1, 2, 3, 4, 6, 7)] == [
        ("a is not finite, so this is not either.",),
        (),
        (),
        (),
        ("This number is not finite (∞); the run cannot go on from here.",),
        ("This number is not finite (−∞); the run cannot go on from here.",),
    ]
