"""Is the engine for many examples the same however it is run, and the same as the other but for the last bits?"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from support.lessons import FOUR_EXAMPLES, TWO_PATHS, scenario
from support.oracle import OutOfDomainError, close, gradients_by_duals
from support.runs import identical, of_history
from support.strategies import scenarios

from tui_backprop.maths.expression import Call, Name, Number
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.record import history as history_module
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario


def on_arrays(of: Scenario, *stretches: int) -> History:
    """A history by the array engine, recorded up to each of the iterations in turn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_module, "FEWEST_EXAMPLES_FOR_ARRAYS", 2)
        history = History(of)
    for iteration in stretches:
        history.extend(iteration)
    return history


@given(scenarios(wild=True))
def test_walking_and_running_give_the_same_bits(drawn: Scenario) -> None:
    assume((drawn.batch or len(drawn.examples)) > 1)
    at_once, walked = on_arrays(drawn, 80), on_arrays(drawn, *range(81))
    assert identical(of_history(at_once), of_history(walked))


@given(scenarios())
def test_loss_and_gradients_are_those_of_dual_numbers(drawn: Scenario) -> None:
    assume((drawn.batch or len(drawn.examples)) > 1)
    history = on_arrays(drawn, 2)
    try:
        wanted = gradients_by_duals(drawn, history.parameters(2), history.iteration(2).batch)
    except OutOfDomainError:
        assume(False)
    assert close(history.losses[2], float(wanted[0]))
    for name, gradient in history.gradients(2).items():
        assert close(gradient, float(wanted[1][name]), 1e-7)


@pytest.mark.parametrize(
    ("parameters", "equations"),
    [
        ({"a": 2.0, "b": 3.0}, {"L": "a*b + 0*x"}),
        ({"a": 2.0, "b": 3.0, "c": -1.0}, {"L": "a*b*c + x"}),
        ({"w": 1.0}, {"L": "w"}),
        ({"w": 1.0}, {"side": "x^2", "L": "3"}),
        ({"a": 1.0, "b": 2.0}, {"s": "a + b", "L": "(s - x)^2"}),
    ],
)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_graphs_that_ask_for_care(parameters: dict[str, float], equations: dict[str, str], reduction: str) -> None:
    of = scenario(
        parameters,
        equations,
        loss="L",
        learning_rate=0.01,
        inputs=("x",),
        examples=((1.0,), (2.0,), (3.0,)),
        reduction=reduction,
    )
    arrays, numbers = on_arrays(of, 100), History(of)
    numbers.extend(100)
    assert list(arrays.losses) == pytest.approx(list(numbers.losses), rel=1e-12)
    assert identical(of_history(arrays), of_history(on_arrays(of, *range(101))))


@pytest.mark.parametrize("lesson", [FOUR_EXAMPLES, TWO_PATHS])
def test_both_engines_agree_on_the_lessons(lesson: Scenario) -> None:
    arrays, numbers = on_arrays(lesson, 300), History(lesson)
    numbers.extend(300)
    assert list(arrays.losses) == pytest.approx(list(numbers.losses), rel=1e-10)
    assert dict(arrays.parameters(177)) == pytest.approx(dict(numbers.parameters(177)), rel=1e-10)
    for one, two in zip(arrays.steps(5), numbers.steps(5), strict=True):
        assert one.kind == two.kind


def test_every_number_that_is_shown_is_a_plain_float() -> None:
    history = on_arrays(TWO_PATHS, 70)
    record = history.iteration(3)
    for number in (record.loss, *record.parameters, *record.gradients, *record.updated, *history.losses):
        assert type(number) is float
    for seen in record.passes:
        assert all(type(number) is float for number in seen.numbers.values())
        assert all(type(seen.gradient(name)) is float for name in history.graph.backward)
        assert all(type(seen.factor(*edge)) is float for edge in history.graph.factors)


EDGES = [0.0, -0.0, 1.0, -1.0, 2.0, -2.5, 0.5, math.inf, -math.inf, math.nan, 5e-324, 1e308, 700.0, -700.0]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_on_arrays_a_function_has_the_same_values_but_for_the_last_bits(name: str) -> None:
    given_names = "uv"[: FUNCTIONS[name].arity]
    pairs = list(product(EDGES, EDGES))
    call = Call("^", Name("u"), Number(2)) if name == "square" else Call(name, *map(Name, given_names))
    of = Scenario(
        title=name,
        parameters={"idle": 1.0},
        inputs=tuple(given_names),
        examples=tuple(pair[: len(given_names)] for pair in pairs),
        equations={"L": call},
        loss="L",
        learning_rate=1.0,
    )
    rows = on_arrays(of).steps(0)
    for turn, pair in enumerate(pairs):
        value = FUNCTIONS[name].value(*pair[: len(given_names)])
        told = rows.numbers(turn)["L"]
        if math.isfinite(value):
            assert told == pytest.approx(value, rel=1e-14, abs=1e-300), pair
        else:
            assert told == value or (math.isnan(told) and math.isnan(value)), pair


def test_constants_that_are_not_finite_end_the_run_and_nothing_else() -> None:
    product_ = Call("*", Call("*", Name("w"), Name("x")), Number(math.inf))
    of = Scenario("t", {"w": 1.0}, {"L": product_}, "L", inputs=("x",), examples=((1.0,), (2.0,)), learning_rate=0.1)
    assert on_arrays(of, 200).ended_at == 0


def test_numpy_is_quiet_about_numbers_that_are_not_finite() -> None:
    of = scenario({"w": 0.0}, {"L": "log(w*x)/w"}, inputs=("x",), examples=((1.0,), (0.0,)))
    with np.errstate(all="raise"):
        history = on_arrays(of, 100)
    assert history.ended_at == 0
