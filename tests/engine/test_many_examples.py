"""Many examples: batches, means and sums against numpy formulas written out, and one engine for a whole run."""

import numpy as np
import pytest
from support.strategies import PASSES

from tui_backprop.maths.parsing import parse
from tui_backprop.record import history as history_module
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.random_numbers import shuffled

START = {"w1": 0.2, "w2": -0.3, "b": 0.1}
RATE = 0.5


def points(count):
    numbers = np.random.default_rng(7).normal(size=(count, 2))
    return np.column_stack((numbers, (numbers[:, 0] + numbers[:, 1] > 0).astype(float)))


def logistic(count, batch=None, reduction="mean", frozen=(), **passes):
    equations = {"z": "w1*x1 + w2*x2 + b", "a": "sigmoid(z)", "L": "bce(y, a)"}
    return Scenario(
        title="logistic",
        parameters=START,
        equations={name: parse(text).expression for name, text in equations.items()},
        loss="L",
        inputs=("x1", "x2", "y"),
        examples=tuple(map(tuple, points(count).tolist())),
        learning_rate=RATE,
        batch=batch,
        reduction=reduction,
        frozen=frozen,
        **passes,
    )


def batches(count, size, wraps=False, shuffle=None):
    """The batches one after the other. The orders of a seed are taken from the program."""
    place = turn = 0
    while wraps:
        yield [(place + offset) % count for offset in range(size)]
        place += size
    while True:
        order = range(count) if shuffle is None else shuffled(count, shuffle, turn)
        for first in range(0, count, size):
            yield list(order)[first : first + size]
        turn += 1


def by_formula(count, iterations, batch, reduction, frozen, **passes):
    """The run by the textbook: w - rate * X^T (sigmoid(X w + b) - y), averaged or summed over the batch."""
    data = points(count)
    weights = np.array([START["w1"], START["w2"], START["b"]])
    moves = np.array([name not in frozen for name in START])
    losses = []
    for _, rows in zip(range(iterations + 1), batches(count, batch or count, **passes), strict=False):
        seen, size = data[rows], len(rows)
        inputs = np.column_stack((seen[:, :2], np.ones(size)))
        targets = seen[:, 2]
        activations = 1 / (1 + np.exp(-inputs @ weights))
        each = -(targets * np.log(activations) + (1 - targets) * np.log(1 - activations))
        divisor = size if reduction == "mean" else 1
        losses.append(each.sum() / divisor)
        gradients = inputs.T @ (activations - targets) / divisor
        at_this = weights
        weights = weights - RATE * gradients * moves
    return losses, at_this, gradients


@pytest.mark.parametrize("count", [5, 60], ids=["example by example", "all at once"])
@pytest.mark.parametrize(
    ("batch", "reduction", "frozen"),
    [(None, "mean", ()), (None, "sum", ()), (2, "mean", ()), (3, "sum", ("b",)), (50, "mean", ("w1", "b"))],
)
@pytest.mark.parametrize("passes", PASSES, ids=str)
def test_runs_agree_with_the_formulas_written_out(count, batch, reduction, frozen, passes):
    batch = min(batch, count) if batch else None
    history = History(logistic(count, batch, reduction, frozen, **passes))
    iterations = 40 if reduction == "mean" else 6
    history.extend(iterations)
    losses, weights, gradients = by_formula(count, iterations, batch, reduction, frozen, **passes)
    assert np.allclose(list(history.losses), losses, rtol=1e-9)
    assert np.allclose(list(history.parameters(iterations).values()), weights, rtol=1e-9)
    assert np.allclose(list(history.gradients(iterations).values()), gradients, rtol=1e-9)


@pytest.mark.parametrize("passes", PASSES, ids=str)
@pytest.mark.parametrize("batch", [None, 7, 50, 59])
def test_what_is_shown_has_the_very_bits_of_what_was_trained(batch, passes):
    history = History(logistic(60, batch, **passes))
    history.extend(300)
    for iteration in (0, 1, 63, 64, 130, 299):
        shown = history.iteration(iteration)
        assert shown.loss == history.losses[iteration]
        assert shown.updated == history.parameter_values(iteration + 1)


@pytest.mark.parametrize("passes", PASSES, ids=str)
@pytest.mark.parametrize("batch", [None, 7])
def test_one_iteration_after_the_other_gives_the_bits_of_all_at_once(batch, passes):
    at_once, stepwise = History(logistic(60, batch, **passes)), History(logistic(60, batch, **passes))
    at_once.extend(150)
    for iteration in range(151):
        stepwise.extend(iteration)
    assert list(stepwise.losses) == list(at_once.losses)


def test_both_engines_agree_but_for_the_last_bits(monkeypatch):
    arrays = History(logistic(60))
    monkeypatch.setattr(history_module, "FEWEST_EXAMPLES_FOR_ARRAYS", 10**9)
    numbers = History(logistic(60))
    arrays.extend(100)
    numbers.extend(100)
    assert np.allclose(list(arrays.losses), list(numbers.losses), rtol=1e-12)


def test_every_step_of_many_examples_is_there():
    history = History(logistic(60))
    steps = history.steps(0)
    assert len(steps) == 60 * len(history.layout(0).per_example) + 4 + 3
    mean = steps[len(steps) - 7]
    assert (mean.kind, mean.name, len(mean.numbers)) == ("mean", "", 60)
    assert mean.value == pytest.approx(sum(mean.numbers.values()) / 60, rel=1e-12)
    document = steps.to_json()
    assert len(document["steps"]) == len(steps)


def test_a_run_of_many_examples_ends_where_a_number_stops_being_finite():
    scenario = logistic(60, reduction="sum")
    equations = {**scenario.equations, "L": parse("exp(w1^2*40*x1^2)*(a - y)^2").expression}
    history = History(Scenario(**{**_fields(scenario), "equations": equations}))
    history.extend(50)
    assert history.ended_at is not None
    assert len(history) == history.ended_at + 1
    assert not history.interpreter.is_finite(history.iteration(history.ended_at))
    assert all(history.interpreter.is_finite(history.iteration(k)) for k in range(history.ended_at))


def _fields(scenario):
    return {name: getattr(scenario, name) for name in Scenario.__struct_fields__}


@pytest.mark.parametrize("count", [1, 5, 60], ids=["one example", "example by example", "all at once"])
@pytest.mark.parametrize("target", ["y", "step(x)"], ids=["an input", "a node"])
def test_what_is_right_to_the_last_bit_costs_nothing_and_trains_on(count, target):
    examples = tuple((x, float(x > 0)) for x in [(-1) ** place * (50.0 + place) for place in range(count)])
    run = History(
        Scenario(
            title="saturated",
            parameters={"w": 1.0, "v": 0.5},
            equations={
                name: parse(text).expression
                for name, text in {"t": target, "a": "sigmoid(w*x)", "L": "bce(t, a) + v^2"}.items()
            },
            loss="L",
            inputs=("x", "y"),
            examples=examples,
            learning_rate=0.1,
        )
    )
    assert run.extend(200) == 200
    assert run.losses[0] == pytest.approx(0.25)
    assert run.losses[200] == pytest.approx(0.25 * 0.8**400)
    assert run.parameters(200)["w"] == pytest.approx(1.0, abs=1e-18)
    # The compiled loop, which recorded the losses, against what the steps show.
    assert [run.iteration(k).loss for k in range(0, 201, 20)] == [run.losses[k] for k in range(0, 201, 20)]
