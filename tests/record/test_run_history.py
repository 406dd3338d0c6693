"""Does the history hold what its promise says, and is any iteration found again bit for bit?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import CHAIN, FOUR_EXAMPLES, LESSONS, LOGISTIC, PARABOLA, TWO_PATHS, scenario
from support.oracle import agrees, exactly, gradients_by_duals
from support.runs import all_same, identical, interpreted, of_history
from support.strategies import optimized

from tui_backprop.record import history as history_module
from tui_backprop.record.history import MOST_ITERATIONS, History
from tui_backprop.scenario.model import Scenario


def test_a_new_history_has_iteration_0() -> None:
    history = History(PARABOLA)
    assert len(history) == 1
    assert history.losses[0] == 9.0
    assert dict(history.parameters(0)) == {"w": 0.0}
    assert dict(history.gradients(0)) == {"w": -6.0}


def test_the_published_numbers_of_the_parabola() -> None:
    history = History(PARABOLA)
    assert [history.parameters(k)["w"] for k in range(4)] == pytest.approx([0, 1.8, 2.52, 2.808], rel=1e-15)
    assert list(history.losses) == pytest.approx([9, 1.44, 0.2304, 0.036864], rel=1e-14)


def test_the_published_numbers_of_the_logistic_node() -> None:
    history = History(LOGISTIC)
    history.extend(10)
    assert history.losses[0] == pytest.approx(0.9130152523999526, rel=1e-15)
    assert dict(history.gradients(0)) == pytest.approx(
        {"w1": -0.598687660112452, "w2": -1.197375320224904, "b": -0.598687660112452}
    )
    assert history.losses[10] == pytest.approx(0.03071514001838468)
    assert dict(history.parameters(10)) == pytest.approx(
        {"w1": 1.1446004511474928, "w2": 0.7892009022949861, "b": 0.744600451147493}
    )


@pytest.mark.parametrize("lesson", [LOGISTIC, FOUR_EXAMPLES, CHAIN, TWO_PATHS])
def test_training_is_gradient_descent_by_dual_numbers(lesson: Scenario) -> None:
    history = History(lesson)
    parameters = dict(lesson.parameters)
    for iteration in range(6):
        loss, gradients = gradients_by_duals(lesson, parameters, history.iteration(iteration).batch)
        assert agrees(exactly(history.losses[iteration]), loss, 12)
        assert dict(history.parameters(iteration)) == pytest.approx(parameters, rel=1e-12)
        assert lesson.learning_rate is not None
        parameters = {name: parameters[name] - lesson.learning_rate * float(gradients[name]) for name in parameters}


def test_extend_records_up_to_an_iteration_and_never_less() -> None:
    history = History(LOGISTIC)
    assert history.extend(250) == 250
    assert len(history) == 251
    assert history.extend(3) == 3
    assert len(history) == 251


def test_asking_for_an_iteration_records_it() -> None:
    history = History(LOGISTIC)
    history.parameters(7)
    assert len(history) == 8
    history.gradients(9)
    assert len(history) == 10
    history.steps(12)
    assert len(history) == 13


@pytest.mark.parametrize("read", ["parameters", "gradients", "steps", "iteration"])
def test_past_the_end_there_is_nothing(read: str) -> None:
    history = History(scenario({"w": 1.0}, {"L": "w^2"}, learning_rate=None))
    getattr(history, read)(0)
    for iteration in (1, -1):
        with pytest.raises(IndexError, match="no iteration"):
            getattr(history, read)(iteration)


def test_without_a_learning_rate_there_is_one_iteration() -> None:
    history = History(scenario({"w": 1.0}, {"L": "w^2"}, learning_rate=None))
    assert history.extend(100) == 0
    assert len(history) == 1
    assert history.last_possible == 0
    assert all(step.kind != "update" for step in history.steps(0))


def test_a_run_has_a_limit() -> None:
    assert History(PARABOLA).last_possible == MOST_ITERATIONS == 1_000_000


def test_losses_are_a_sequence_that_grows_with_the_history_and_cannot_be_written() -> None:
    history = History(PARABOLA)
    losses: Any = history.losses
    history.extend(5)
    assert len(losses) == 6
    assert losses[-1] == losses[5] == history.loss(5)
    assert list(losses[1:3]) == [losses[1], losses[2]]
    with pytest.raises(IndexError):
        losses[6]
    with pytest.raises(TypeError):
        losses[0] = 1.0


def test_parameters_and_gradients_cannot_be_written() -> None:
    history = History(PARABOLA)
    mappings: list[Any] = [history.parameters(0), history.gradients(0)]
    for mapping in mappings:
        with pytest.raises(TypeError):
            mapping["w"] = 1.0


def test_frozen_parameters_are_differentiated_but_stay() -> None:
    history = History(scenario({"w": 1.0, "v": 2.0}, {"L": "(w*v - 1)^2"}, frozen=("v",)))
    history.extend(100)
    assert history.parameters(100)["v"] == 2.0
    assert history.gradients(3)["v"] != 0
    assert history.parameters(100)["w"] != 1.0


# --- seeks


@pytest.mark.parametrize("checkpoint_bytes", [1, 40, 200, 10_000_000])
@pytest.mark.parametrize("name", ["logistic", "four-examples", "two-paths"])
def test_any_iteration_is_found_again_bit_for_bit(
    name: str, checkpoint_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "CHECKPOINT_BYTES", checkpoint_bytes)
    monkeypatch.setattr(history_module, "_FEWEST_CHECKPOINTS", 1)
    walked = interpreted(LESSONS[name], 1_500)
    history = History(LESSONS[name])
    history.extend(1_500)
    assert all_same(history.losses, walked.losses)
    chance = random.Random(name)
    for iteration in [0, 1_500, 1, 1_499, *(chance.randrange(1_501) for _ in range(60))]:
        assert all_same(history.vector(iteration), walked.vectors[iteration])
        record = history.iteration(iteration)
        assert all_same((*record.parameters, *record.state), walked.vectors[iteration])
        assert record.loss == walked.losses[iteration]


@given(optimized(), st.lists(st.integers(0, 120), min_size=1, max_size=12), st.sampled_from([8, 64, 1 << 20]))
def test_seeks_in_any_order_give_what_walking_gives(drawn: Scenario, sought: list[int], checkpoint_bytes: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_module, "CHECKPOINT_BYTES", checkpoint_bytes)
        patch.setattr(history_module, "_FEWEST_CHECKPOINTS", 1)
        history = History(drawn)
        walked = interpreted(drawn, max(sought))
        for wanted in sought:
            iteration = history.extend(wanted)
            record = history.iteration(iteration)
            assert all_same(history.vector(iteration), walked.vectors[iteration])
            assert all_same((*record.parameters, *record.state), walked.vectors[iteration])
        assert all_same(history.losses, walked.losses[: len(history)])


def test_the_stride_doubles_when_the_checkpoints_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "CHECKPOINT_BYTES", 10 * 8 * 3)
    monkeypatch.setattr(history_module, "_FEWEST_CHECKPOINTS", 1)
    monkeypatch.setattr(history_module, "_LONGEST_FIRST_STRIDE", 16)
    history = History(LOGISTIC)
    first = history.stride
    history.extend(first * 8)
    assert history.stride == first
    history.extend(first * 39)
    assert history.stride == first * 4
    assert identical(of_history(history), interpreted(LOGISTIC, first * 39))


def test_a_seek_computes_no_more_than_a_stride(monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(CHAIN)
    history.extend(5_000)
    advanced: list[int] = []
    advance = history._advance

    def counted(first: int, count: int, *rest: Any) -> tuple[float, ...]:
        advanced.append(count)
        return advance(first, count, *rest)

    monkeypatch.setattr(history, "_advance", counted)
    for iteration in (4_999, 1, 2_500, 777, 0):
        history.parameters(iteration)
    assert advanced
    assert max(advanced) < history.stride


def test_walking_back_seeks_one_iteration_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "CHECKPOINT_BYTES", 1)
    history = History(CHAIN)
    history.extend(5_000)
    advanced: list[int] = []
    advance = history._advance

    def counted(first: int, count: int, *rest: Any) -> Sequence[float]:
        advanced.append(count)
        return advance(first, count, *rest)

    monkeypatch.setattr(history, "_advance", counted)
    last = history.stride - 1
    for iteration in range(last, last - 40, -1):
        history.parameters(iteration)
    assert sum(advanced) <= 5 * history.stride


def test_however_many_parameters_there_are_a_seek_has_checkpoints_to_start_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history_module, "CHECKPOINT_BYTES", 1)
    history = History(LOGISTIC)
    history.extend(10_000)
    assert history.stride <= 2 * 10_000 / history_module._FEWEST_CHECKPOINTS


def test_stepping_back_and_forth_over_an_iteration_does_not_compute_it_again() -> None:
    history = History(LOGISTIC)
    assert history.iteration(3) is history.iteration(3)
    history.iteration(4)
    assert history.iteration(3) is history.iteration(3)


def test_the_numbers_of_an_example_that_the_batch_leaves_out() -> None:
    history = History(TWO_PATHS)
    for example, (x, y) in enumerate(TWO_PATHS.examples):
        numbers = history.numbers(0, example)
        assert (numbers["x"], numbers["y"]) == (x, y)
    assert history.iteration(0).batch == (0, 1)
    assert history.numbers(0, 1)["L"] == history.steps(0).numbers(1)["L"]
