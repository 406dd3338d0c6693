"""A run that goes on from another one: what it starts with, and that the one it leaves stays as it is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.lessons import FOUR_EXAMPLES, LOGISTIC, scenario
from support.runs import identical, of_history
from support.strategies import optimized

from tui_backprop.record.history import History
from tui_backprop.record.past import Past
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import optimizer


def left(scenario: Scenario, iteration: int) -> History:
    """A history that is recorded up to an iteration."""
    history = History(scenario)
    history.extend(iteration)
    return history


@given(optimized(wild=True), st.integers(0, 40), st.integers(0, 40))
def test_with_nothing_set_it_goes_on_to_the_very_same_bits(drawn: Scenario, at: int, further: int) -> None:
    history = left(drawn, at + further)
    at = min(at, len(history) - 1)
    again = History(drawn, Past(history, at))
    again.extend(at + further)
    assert identical(of_history(again), of_history(history))
    for iteration in range(max(0, at - 1), len(history)):
        assert repr(again.steps(iteration).to_json()) == repr(history.steps(iteration).to_json())


def test_it_is_found_again_behind_the_compiled_loop_and_between_checkpoints() -> None:
    history = left(LOGISTIC, 3_000)
    again = History(LOGISTIC, Past(history, 7))
    again.extend(3_000)
    assert list(again.losses) == list(history.losses)
    for iteration in (0, 6, 7, 8, 1_030, 1_031, 2_999):
        assert tuple(again.vector(iteration)) == tuple(history.vector(iteration))


@given(optimized(), st.integers(0, 12), st.floats(-2, 2))
def test_what_is_set_is_set_and_all_before_it_is_as_it_was(drawn: Scenario, at: int, value: float) -> None:
    history = left(drawn, at)
    at = len(history) - 1
    before = of_history(history)
    name = next(iter(drawn.parameters))
    run = History(drawn.with_values({name: value}), Past(history, at, frozenset({name})))
    run.extend(at + 5)
    assert run.parameters(at) == {**history.parameters(at), name: value}
    assert run.state(at) == history.state(at)
    for iteration in range(at):
        assert run.steps(iteration) is history.steps(iteration)
    assert identical(of_history(history), before)


def test_a_parameter_that_is_set_is_as_if_the_run_had_started_there() -> None:
    history = left(FOUR_EXAMPLES, 3)
    parameters = {**history.parameters(3), "w1": 0.9}
    run = History(FOUR_EXAMPLES.with_values({"w1": 0.9}), Past(history, 3, frozenset({"w1"})))
    fresh = left(replace(FOUR_EXAMPLES, parameters=parameters), 50)
    run.extend(53)
    assert list(run.losses)[3:] == list(fresh.losses)
    assert run.parameters(53) == fresh.parameters(50)


def test_adam_keeps_its_state_where_a_parameter_is_set() -> None:
    lesson = _parabola("adam")
    run = History(lesson.with_values({"w": 1.0}), Past(left(lesson, 4), 4, frozenset({"w"})))
    run.extend(9)
    w, m, v = 5.0, 0.0, 0.0
    for t in range(1, 10):
        g = 2 * (w - 3)
        m, v = 0.9 * m + (1 - 0.9) * g, 0.999 * v + (1 - 0.999) * g**2
        w -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        w = 1.0 if t == 4 else w
        assert t < 4 or run.parameters(t)["w"] == pytest.approx(w, rel=1e-12)


def test_another_optimizer_begins_anew() -> None:
    plain, adam = _parabola("descent"), _parabola("adam")
    history = left(plain, 4)
    run = History(adam, Past(history, 4))
    fresh = left(replace(adam, parameters=dict(history.parameters(4))), 200)
    run.extend(204)
    assert list(run.losses)[4:] == list(fresh.losses)
    assert run.steps(4)[-1].numbers["t"] == 1.0
    assert run.learning_rate(3) == 0.1


def test_a_frozen_parameter_stays_and_the_others_keep_their_state() -> None:
    lesson = replace(FOUR_EXAMPLES, optimizer=optimizer("momentum"))
    history = left(lesson, 3)
    run = History(replace(lesson, frozen=("w1",)), Past(history, 3))
    run.extend(6)
    assert run.parameters(6)["w1"] == history.parameters(3)["w1"]
    assert run.state(3) == {name: state for name, state in history.state(3).items() if name != "w1"}
    assert set(run.state(2)) == set(history.state(2))


def _parabola(name: str) -> Scenario:
    return replace(scenario({"w": 5.0}, {"L": "(w - 3)^2"}, learning_rate=0.1), optimizer=optimizer(name))
