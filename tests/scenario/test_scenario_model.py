"""Other numbers for a scenario, scenarios made in Python, and what agrees with a published number."""

from __future__ import annotations

import math

import pytest

from tui_backprop.errors import UsageError
from tui_backprop.maths.expression import Name, Number, add, power
from tui_backprop.scenario.expectations import expected_number
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Expectation, ExpectedNumber, Scenario
from tui_backprop.scenario.nearest import did_you_mean, listed, nearest, shown

PARABOLA = Scenario(title="Parabola", parameters={"w": 0.0}, equations={"L": power(Name("w"), Number(2))}, loss="L")


@pytest.mark.parametrize(
    ("written", "agreeing", "disagreeing"),
    [
        ("2.808", [2.808, 2.8080000000000003, 2.8075, 2.8085], [2.8086, 2.8074, math.nan, math.inf]),
        ("3.51e-05", [3.51e-05, 3.505e-05, 3.5149e-05], [3.504e-05, 3.516e-05]),
        ("1.5E2", [150.0, 145.0, 155.0], [144.0, 156.0]),
        ("5.", [4.5, 5.5], [4.4, 5.6]),
        (".5", [0.45, 0.55], [0.44, 0.56]),
        ("-0.0", [0.05, -0.05], [0.06]),
        ("0.29102777369359933", [0.29102777369359933, 0.2910277736935994], [0.2910277736946]),
        ("9", [9.0, 9.000000001], [9.0000001, 8.9999999]),
        ("1e-3", [0.001, 0.001000000001], [0.0010001]),
        ("-6", [-6.0], [-6.1, 6.0]),
    ],
)
def test_a_number_with_a_point_agrees_as_far_as_it_is_written(
    written: str, agreeing: list[float], disagreeing: list[float]
) -> None:
    number = expected_number(written, float(written))
    assert all(number.agrees(value) for value in agreeing)
    assert not any(number.agrees(value) for value in disagreeing)


def test_a_tolerance_overrides_how_a_number_is_written() -> None:
    assert expected_number("9", 9.0, tolerance=0.5).agrees(9.5)
    assert not expected_number("9.0000", 9.0, tolerance=0.0).agrees(9.00001)


def test_a_scenario_made_in_python_knows_no_file_limits_and_cannot_change() -> None:
    equations = {"a0": add(Name("w"), Number(1))} | {
        f"a{k}": add(Name(f"a{k - 1}"), Number(1)) for k in range(1, 20_000)
    }
    given = {"w": 1.0}
    scenario = Scenario(title="deep", parameters=given, equations=equations, loss="a19999")
    given["w"] = 2.0
    assert scenario.parameters["w"] == 1.0
    assert scenario.examples == ((),)
    with pytest.raises(TypeError):
        scenario.parameters["w"] = 3.0  # type: ignore[index]
    with pytest.raises(AttributeError):
        scenario.loss = "a1"  # type: ignore[misc]
    assert Expectation(parameters={"w": ExpectedNumber(1.0, 0.0)}).parameters["w"].agrees(1.0)


def test_settings_replace_parameters_constants_and_the_learning_rate() -> None:
    text = "title: x\nconstants: {c: 1}\nparameters: {w: 1, v: 2}\nequations: {L: w*v*c}\nlearning_rate: 0.5\n"
    scenario = load_text(text, "f")
    changed = scenario.with_values({"w": 3, "c": 0.25, "learning_rate": 1e-3})
    assert (changed.parameters, changed.constants, changed.learning_rate) == ({"w": 3.0, "v": 2.0}, {"c": 0.25}, 0.001)
    assert list(changed.parameters) == ["w", "v"]
    assert scenario.parameters["w"] == 1.0
    assert scenario.with_values({}) == scenario


def test_a_learning_rate_can_be_given_to_a_derivative_lesson() -> None:
    assert PARABOLA.learning_rate is None
    assert PARABOLA.with_values({"learning_rate": 0.1}).learning_rate == 0.1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ww": 1.0}, "there is no parameter or constant 'ww'; did you mean 'w'?"),
        ({"zzzz": 1.0}, "there is no parameter or constant 'zzzz'; what can be set is w, learning_rate"),
        ({"leaning_rate": 1.0}, "did you mean 'learning_rate'?"),
        ({"L": 1.0}, "L is computed by an equation"),
        ({"w": math.nan}, "w cannot be NaN: it must be a finite number"),
        ({"learning_rate": math.inf}, "learning_rate cannot be Infinity"),
        ({"learning_rate": 0.0}, "learning_rate cannot be 0: it must be greater than 0"),
        ({"learning_rate": -1.0}, "learning_rate cannot be -1"),
    ],
)
def test_a_setting_that_cannot_be_is_wrong_usage(settings: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        PARABOLA.with_values(settings)
    assert message in str(caught.value)


def test_an_input_cannot_be_set() -> None:
    scenario = load_text("title: x\nparameters: {w: 1}\ndata: {x: 2}\nequations: {L: w*x}\n", "f")
    with pytest.raises(UsageError, match="x is an input that the data gives"):
        scenario.with_values({"x": 1.0})


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("w11", ["w1", "w2"], "w1"),
        ("X1", ["x1", "x2"], "x1"),
        ("sigmiod", ["sigmoid", "tanh"], "sigmoid"),
        ("learn", ["learn", "learned"], "learned"),
        ("q", ["w1", "w2"], None),
        ("", ["w"], None),
        ("x" * 50, ["x" * 49], None),
    ],
)
def test_the_nearest_known_name(word: str, known: list[str], near: str | None) -> None:
    assert nearest(word, known) == near


def test_words_in_messages_stay_short() -> None:
    assert shown("x" * 100) == "x" * 39 + "…"
    assert listed(["a", "b"]) == "a, b"
    assert listed([f"n{k}" for k in range(20)], 3) == "n0, n1, n2 and 17 more"
    assert did_you_mean("w", ["q"], "write q") == "write q"
