"""Do the lessons whose weights are used again and again learn what a few lines of numpy learn?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from tui_backprop.api import load
from tui_backprop.record.history import History

Numbers = Mapping[str, float]


def _recurrent(p: Numbers) -> tuple[float, dict[str, float]]:
    x, state = (1.0, 0.0, 0.0), [0.0]
    for number in x:
        state.append(np.tanh(p["u"] * number + p["w"] * state[-1]))
    back, u, w = 2 * (state[-1] - 0.5), 0.0, 0.0
    for step in (2, 1, 0):
        back *= 1 - state[step + 1] ** 2
        u, w = u + back * x[step], w + back * state[step]
        back *= p["w"]
    return (state[-1] - 0.5) ** 2, {"u": u, "w": w}


def _convolution(p: Numbers) -> tuple[float, dict[str, float]]:
    x = np.array([0.0, 1.0, 1.0, 0.0])
    error = np.correlate(x, [p["k1"], p["k2"]], "valid") - [1, 0, -1]
    k1, k2 = np.correlate(x, 2 * error, "valid")
    return error @ error, {"k1": k1, "k2": k2}


def _batch_norm(p: Numbers) -> tuple[float, dict[str, float]]:
    z = np.array([1.0, 2.0, 6.0])
    spread = np.sqrt(z.var() + 1e-5)
    normed = (z - z.mean()) / spread
    error = p["gamma"] * normed + p["beta"] - [0, 0, 1]
    back = 2 * error * p["gamma"]
    rows = (back - back.mean() - normed * (back * normed).mean()) / spread
    return error @ error, {"gamma": 2 * error @ normed, "beta": 2 * error.sum(), **dict(zip(_ROWS, rows, strict=True))}


_ROWS = ("z1", "z2", "z3")


def _attention(p: Numbers) -> tuple[float, dict[str, float]]:
    x = np.array([2.0, 1.0])
    query, keys, values = p["wq"] * x[1], p["wk"] * x, p["wv"] * x
    shares = np.exp(query * keys) / np.exp(query * keys).sum()
    error = shares @ values - 1.9
    scores = 2 * error * (np.diag(shares) - np.outer(shares, shares)) @ values
    return error**2, {"wq": scores @ keys * x[1], "wk": query * (scores @ x), "wv": 2 * error * (shares @ x)}


@pytest.mark.parametrize(
    ("lesson", "oracle"),
    [
        ("recurrent", _recurrent),
        ("convolution", _convolution),
        ("batch-norm", _batch_norm),
        ("attention", _attention),
    ],
)
def test_losses_gradients_and_parameters(
    lesson: str, oracle: Callable[[Numbers], tuple[float, dict[str, float]]]
) -> None:
    scenario = load(lesson)
    history, rate = History(scenario), scenario.learning_rate
    parameters = dict(scenario.parameters)
    assert isinstance(rate, float)
    for iteration in range(scenario.iterations + 1):
        loss, gradients = oracle(parameters)
        assert history.parameters(iteration) == pytest.approx(parameters, rel=1e-9, abs=1e-12)
        assert history.loss(iteration) == pytest.approx(loss, rel=1e-6, abs=1e-12)
        assert history.gradients(iteration) == pytest.approx(gradients, rel=1e-6, abs=1e-12)
        for name in gradients.keys() - {*scenario.frozen}:
            parameters[name] -= rate * gradients[name]


@pytest.mark.parametrize(
    ("lesson", "parameter", "paths"),
    [("recurrent", "w", 3), ("convolution", "k1", 3), ("batch-norm", "gamma", 3), ("attention", "wk", 4)],
)
def test_a_weight_that_is_used_again_has_as_many_paths(lesson: str, parameter: str, paths: int) -> None:
    assert History(load(lesson)).graph.path_count(parameter) == paths
