"""Does the compiled loop give the same bits as the interpreter, and say so where a number stops being finite?"""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import LESSONS, scenario
from support.runs import Run, all_same, by_loop, identical, interpreted, of_history
from support.strategies import PASSES, scenarios

from tui_backprop.maths.expression import Call, Name, Number
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario

ITERATIONS = 40


def check(of: Scenario, iterations: int) -> Run:
    run = interpreted(of, iterations)
    try:
        losses, vector, is_finite = by_loop(of, iterations)
    except (ArithmeticError, ValueError):
        return run  # the history goes over these iterations with the interpreter
    if run.ended_at is not None:
        assert not is_finite
    elif is_finite:
        assert all_same(losses, run.losses[:iterations])
        assert all_same(vector, run.vectors[iterations])
    else:  # an update overflowed: the iteration after it is the first one that shows it
        assert not all(map(math.isfinite, run.vectors[iterations]))
    return run


@given(scenarios())
def test_the_loop_is_the_interpreter_to_the_last_bit(drawn: Scenario) -> None:
    check(drawn, ITERATIONS)


@given(scenarios(wild=True))
def test_the_loop_never_hides_a_number_that_is_not_finite(drawn: Scenario) -> None:
    check(drawn, ITERATIONS)


@given(scenarios(wild=True), st.integers(1, 3))
def test_a_history_is_the_same_however_it_is_recorded(drawn: Scenario, stretch: int) -> None:
    walked, at_once, in_stretches = History(drawn), History(drawn), History(drawn)
    for number in range(90):
        walked.extend(number)
    at_once.extend(89)
    for number in range(0, 90, 30 * stretch):
        in_stretches.extend(number)
    in_stretches.extend(89)
    expected = interpreted(drawn, 89)
    for history in (walked, at_once, in_stretches):
        assert identical(of_history(history), expected)


@pytest.mark.parametrize("name", LESSONS)
def test_the_lessons_are_the_same_to_the_last_bit(name: str) -> None:
    run = check(LESSONS[name], 300)
    assert run.ended_at is None


@pytest.mark.parametrize(
    ("parameters", "equations"),
    [
        # the gradient of a parameter is another parameter, which moves in the same update
        ({"a": 2.0, "b": 3.0}, {"L": "a*b"}),
        ({"a": 2.0, "b": 3.0, "c": -1.0}, {"L": "a*b*c"}),
        ({"a": 2.0, "b": 3.0}, {"p": "a*b", "L": "p + a"}),
        # two parameters with one gradient, a gradient of 1, a loss that is a parameter
        ({"a": 2.0, "b": 3.0}, {"s": "a + b", "L": "(s - 1)^2"}),
        ({"w": 1.0}, {"L": "w"}),
        ({"w": 1.0}, {"n": "w", "L": "n"}),
        ({"w": 1.0, "v": 2.0}, {"L": "w - v"}),
        # nothing that moves
        ({"w": 1.0}, {"L": "3"}),
        ({}, {"L": "3"}),
        # constants with a sign, and equal numbers with different ones
        ({"w": 1.0}, {"L": "(w - -2)^2*-0.5 + 0*-w"}),
        # a shared part, and a node that nothing uses
        ({"w": 0.4}, {"t": "tanh(w)*tanh(w)", "side": "exp(w)", "L": "t^2 + tanh(w)"}),
    ],
)
def test_graphs_that_ask_for_care(parameters: dict[str, float], equations: dict[str, str]) -> None:
    run = check(scenario(parameters, equations, loss="L", learning_rate=0.01), ITERATIONS)
    assert run.ended_at is None


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("batch", [None, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("frozen", [(), ("w",), ("w", "b")])
@pytest.mark.parametrize("passes", PASSES, ids=str)
def test_examples_are_taken_as_the_batches_say(
    reduction: str, batch: int | None, frozen: tuple[str, ...], passes: dict[str, Any]
) -> None:
    of = scenario(
        {"w": 0.1, "b": -0.2},
        {"z": "w*x + b", "L": "(z - y)^2"},
        inputs=("x", "y"),
        examples=((0.1, 1.0), (-0.0, 0.0), (0.7, -1.0), (1.3, 0.4), (2.1, 0.3)),
        reduction=reduction,
        batch=batch,
        frozen=frozen,
        learning_rate=0.03,
        **passes,
    )
    check(of, 33)


def test_one_example_of_many_keeps_the_sign_of_a_zero() -> None:
    of = scenario({"w": 0.0}, {"L": "-(w*x)"}, inputs=("x",), examples=((0.0,), (0.0,)), batch=1, learning_rate=1.0)
    losses, _, _ = by_loop(of, 2)
    assert all_same(losses, [-0.0, -0.0])
    assert all_same(interpreted(of, 1).losses, [-0.0, -0.0])


def test_constants_that_are_not_finite_end_the_run_and_nothing_else() -> None:
    # No file gives such a number, but a tree built in Python may.
    infinite = Call("*", Name("w"), Number(math.inf))
    of = Scenario(title="t", parameters={"w": 1.0}, equations={"L": infinite}, loss="L", learning_rate=0.1)
    history = History(of)
    history.extend(200)
    assert history.ended_at == 0


@pytest.mark.parametrize("swallowing", ["relu(-abs(n))", "step(n)", "sigmoid(n)", "tanh(n)", "min(n, 1)", "1/n", "n^0"])
def test_a_value_that_the_loss_swallows_is_still_seen(swallowing: str) -> None:
    # n doubles its exponent with every update, while the loss stays small.
    of = scenario({"w": 1.0, "v": 1.0}, {"n": "exp(w)*exp(w)", "L": f"{swallowing} - 50*w - v"}, learning_rate=1.0)
    check(of, ITERATIONS)
    run = interpreted(of, ITERATIONS)
    assert run.ended_at is not None
    assert identical(of_history(_extended(of)), run)


def _extended(of: Scenario) -> History:
    history = History(of)
    history.extend(ITERATIONS)
    return history


def test_thousands_of_nodes_off_the_path_are_compiled() -> None:
    # Each of them must be watched, and Python's own compiler is recursive.
    side = {f"r{number}": f"relu({number}*w)" for number in range(1_500)}
    history = History(scenario({"w": 0.0}, {**side, "L": "(w - 3)^2"}, loss="L", learning_rate=0.1))
    history.extend(100)
    assert len(history) == 101
    assert history.losses[100] == pytest.approx(9 * 0.64**100)
