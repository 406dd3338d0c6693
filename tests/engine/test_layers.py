"""Are layers computed by matrices, and does that change nothing but the last bits?"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.oracle import close, same
from support.runs import identical, of_history
from support.strategies import PASSES, training

from tui_backprop.engine.vectorised.arrays import ArrayInterpreter
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.parsing import parse
from tui_backprop.record import history as history_module
from tui_backprop.record.history import History
from tui_backprop.scenario.equations import Equations
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.network import ACTIVATIONS, COSTS, Layer, Network, expand
from tui_backprop.scenario.optimizers import optimizer

BESIDES = {
    "the network alone": ({}, {}),
    "inputs that are computed": ({"x1": "scale*p1", "x2": "x1 + p1^2"}, {}),
    "neurons that others read": ({"early": "a1_1*z1_1"}, {"J": "C + 0.1*early^2 + 0.01*z1_1*a1_1"}),
    "a penalty on weights": ({}, {"R": "0.05*(w1_1_1^2 + scale*w1_1_1)", "J": "C + R"}),
    "all of it": ({"x1": "scale*p1", "early": "a1_1*x1"}, {"R": "0.05*w1_1_1^2*early", "J": "C + R + z1_1"}),
    "outputs that need each other": ({}, {"s": "exp(a1_1)", "J": "C + s"}),
}
"""Equations before and after the network's own, by what they try."""


def network(
    sizes: tuple[int, ...],
    activations: tuple[str, ...],
    cost: str = "squared_error",
    *,
    examples: int = 5,
    has_biases: bool = True,
    frozen: tuple[str, ...] = (),
    batch: int | None = None,
    reduction: str = "mean",
    seed: int = 1,
    besides: str = "the network alone",
    **trained: Any,
) -> Scenario:
    """A network of layers of these sizes, the inputs first, with drawn numbers."""
    draw = random.Random(seed)
    layers = tuple(
        Layer(
            activation,
            tuple(tuple(draw.uniform(-1, 1) for _ in range(before)) for _ in range(after)),
            tuple(draw.uniform(-1, 1) for _ in range(after)) if has_biases else None,
        )
        for before, after, activation in zip(sizes, sizes[1:], activations, strict=False)
    )
    inputs = tuple(f"x{place + 1}" for place in range(sizes[0]))
    targets = tuple(f"t{place + 1}" for place in range(sizes[-1]))
    expansion = expand(Network(inputs, layers, targets, cost))
    first, last = ({name: parse(text).expression for name, text in part.items()} for part in BESIDES[besides])
    given = [name for name in (*inputs, *targets, *(["p1"] if "x1" in first else [])) if name not in first]
    rows = tuple(tuple(draw.uniform(0.1, 0.9) for _ in given) for _ in range(examples))
    parameters = {"scale": 0.7, **expansion.parameters}
    return Scenario(
        title="a network",
        parameters=parameters,
        equations=Equations({**first, **expansion.equations.entries, **last}),
        loss="J" if last else "C",
        inputs=tuple(given),
        examples=rows,
        frozen=tuple(name for name in parameters if frozen and name.startswith(frozen)),
        batch=batch,
        reduction=reduction,  # type: ignore[arg-type]
        network=expansion.shape,
        **{"learning_rate": 0.1, **trained},
    )


_FITTING = {
    "binary_cross_entropy": "sigmoid",
    "binary_cross_entropy_logits": "sigmoid",
    "cross_entropy": "softmax",
}
"""The last activation that a cost asks for, so that its logarithms are of numbers between 0 and 1."""


@st.composite
def networks(draw: st.DrawFn, has_any_optimizer: bool = True) -> Scenario:
    """Networks of every activation and cost, with and without biases, whole and in batches, partly frozen, alone and
    with other equations, and with any optimizer or plain descent."""
    sizes = (*draw(st.lists(st.integers(2, 5), min_size=1, max_size=4)), draw(st.integers(1, 4)))
    activations = tuple(draw(st.sampled_from(ACTIVATIONS)) for _ in sizes[1:-1])
    cost = draw(st.sampled_from(COSTS))
    last = _FITTING.get(cost) or draw(st.sampled_from(ACTIVATIONS))
    examples = draw(st.sampled_from([1, 2, 5, 9, 60]))
    return network(
        sizes,
        (*activations, last),
        cost,
        examples=examples,
        has_biases=draw(st.booleans()),
        frozen=draw(st.sampled_from([(), (), ("w1",), ("b",), ("w2_1", "b1_2"), ("w", "b")])),
        batch=draw(st.sampled_from([None, 1, examples, (examples + 1) // 2])),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        seed=draw(st.integers(0, 10**6)),
        besides=draw(st.sampled_from([*BESIDES])),
        **draw(st.sampled_from(PASSES)),
        **(draw(training()) if has_any_optimizer else {}),
    )


def by_arrays(of: Scenario, *stretches: int) -> History:
    """A history by the array engine, however small the lesson."""
    return _by(of, 1, *stretches)


def by_numbers(of: Scenario, *stretches: int) -> History:
    """A history operation by operation, example by example."""
    return _by(of, 10**9, *stretches)


def _by(of: Scenario, fewest_examples: int, *stretches: int) -> History:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_module, "FEWEST_EXAMPLES_FOR_ARRAYS", fewest_examples)
        patch.setattr(history_module, "FEWEST_PRODUCTS_FOR_ARRAYS", 10**9)
        history = History(of)
    for iteration in stretches:
        history.extend(iteration)
    return history


def layer_count(history: History) -> int:
    """How many layers a history computes by matrices."""
    assert isinstance(history.interpreter, ArrayInterpreter)
    return len(history.interpreter.program.layers)


@settings(max_examples=30)
@given(networks())
def test_walking_and_running_give_the_same_bits(drawn: Scenario) -> None:
    at_once, walked = by_arrays(drawn, 80), by_arrays(drawn, *range(81))
    assert identical(of_history(at_once), of_history(walked))
    for number in (0, 41, 80):
        if number < len(at_once):
            shown = at_once.iteration(number)
            assert shown.loss == at_once.losses[number] or math.isnan(shown.loss)
            assert shown.parameters == at_once.parameter_values(number)


@given(networks(has_any_optimizer=False))
def test_every_step_is_that_of_the_other_engine_and_its_numbers_but_for_the_last_bits(drawn: Scenario) -> None:
    arrays, numbers = by_arrays(drawn), by_numbers(drawn)
    assert drawn.network is not None
    assert layer_count(arrays) == len(drawn.network.layers)
    for one, other in zip(arrays.steps(1), numbers.steps(1), strict=True):
        told, wanted = one.to_json(), other.to_json()
        for name in told:
            if isinstance(wanted[name], float):
                assert close(told[name], wanted[name], 1e-12), (told, wanted)
            elif name not in ("substituted", "terms", "names"):
                assert told[name] == wanted[name]
        if one.kind == "gradient":
            assert [term["through"] for term in told["terms"]] == [term["through"] for term in wanted["terms"]]
            assert all(
                close(a["product"], b["product"], 1e-12) for a, b in zip(told["terms"], wanted["terms"], strict=True)
            )


@given(networks())
def test_the_tree_that_is_shown_gives_the_number_that_is_shown(drawn: Scenario) -> None:
    for step in by_arrays(drawn).steps(0):
        assert close(evaluate(step.tree, step.numbers), step.value, 1e-12)
        if step.kind == "value":
            assert same(evaluate(step.tree, step.numbers), drawn.equations.value(step.name, step.numbers))


@given(networks(), st.integers(0, 59))
def test_an_example_that_the_batch_leaves_out_has_its_numbers(drawn: Scenario, example: int) -> None:
    example %= len(drawn.examples)
    told, wanted = by_arrays(drawn).numbers(0, example), by_numbers(drawn).numbers(0, example)
    assert told.keys() == wanted.keys()
    assert all(close(told[name], wanted[name], 1e-12) for name in wanted)


@pytest.mark.parametrize(
    "loss", [pytest.param("a2_1", id="the loss is a neuron"), pytest.param("z1_1", id="the loss is a pre-activation")]
)
def test_a_loss_inside_the_layers_is_computed_one_by_one(loss: str) -> None:
    of = replace(network((2, 3, 1), ("tanh", "sigmoid"), examples=4), loss=loss)
    arrays, numbers = by_arrays(of, 20), by_numbers(of, 20)
    assert layer_count(arrays) == 0
    assert list(arrays.losses) == pytest.approx(list(numbers.losses), rel=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("frozen", [(), ("w", "b")])
def test_a_run_ends_where_a_number_inside_a_layer_stops_being_finite(activation: str, frozen: tuple[str, ...]) -> None:
    of = network((2, 3, 1), (activation, "sigmoid"), examples=4, frozen=frozen, besides="inputs that are computed")
    # The first input grows past all bounds, and a sigmoid behind it would hide that.
    of = replace(of, equations=Equations({**of.equations.entries, "x1": parse("scale*p1*1e308*10").expression}))
    assert by_arrays(of, 5).ended_at == by_numbers(of, 5).ended_at == 0


@pytest.mark.parametrize(
    "equations",
    [
        {"z1": "w1*x1 + w2*x1 + b", "L": "(z1 - x2)^2"},  # the same operand twice
        {"z1": "w1*x1 + b + v", "z2": "w2*x2 + b + v", "L": "z1*z2"},  # two biases
        {"z1": "w1*x1 + w2*x2", "z2": "w1*x2 + w2*x1 + b + v", "L": "(z1 - z2)^2"},  # other orders
        {"z1": "w1*x1 + w2*x2", "z2": "v*x1 + b*x2", "h": "sigmoid(z1)", "g": "tanh(z2)", "L": "h*g + h^2"},
        {"z1": "w1*x1 + w2*x2", "z2": "v*x1 + b*x2", "h": "sigmoid(z1)", "g": "sigmoid(z2)", "L": "(h + g)^2"},
        {"z1": "w1*x1 + w2*x2", "z2": "v*x1 + b*z1", "L": "(z1 - 1)^2 + (z2 - 1)^2"},
        {"z1": "w1*x1 + w2*x2", "z2": "w1*x1 + w2*x2", "L": "(z1 - z2 - v*b*x1)^2"},  # the same node twice
        {"s": "w1*x1 + w1*x2", "L": "s*s + w2*v + b"},
        {"a": "w1*x1", "b1": "w2*x1", "c": "v*x1", "d": "b*x1", "L": "a^2 + b1^2 + c^2 + d^2"},
        {"L": "w1*w2 + v*b + 0*x1*x2"},
        {"c": "2*pi", "a": "c/0*w1*0 + x1*x2", "L": "(w2 - x1)^2 + (v - b)^2*x2"},
        # terms of a sum that are nodes themselves, and share their weight
        {"z1": "w1*x1 + w2*x2", "z2": "v*x1 + b*x2", "t1": "w1*z1", "t2": "w1*z2", "s": "t1 + t2", "L": "(s - x1)^2"},
        # sums that share a part
        {"s": "w1*x1 + w2*x2", "z1": "s + v*x1", "z2": "s + b*x2", "L": "(z1 - 1)^2 + (z2*s - 1)^2"},
        {"s": "w1*x1 + w2*x2", "t": "s + s", "u": "t + t + b", "L": "(u - v*x1)^2"},
    ],
    ids=lambda equations: " ".join(equations),
)
def test_graphs_that_are_no_layers(equations: dict[str, str]) -> None:
    of = Scenario(
        title="t",
        parameters={"w1": 0.3, "w2": -0.2, "b": 0.5, "v": 0.7},
        equations={name: parse(text).expression for name, text in equations.items()},
        loss="L",
        inputs=("x1", "x2"),
        examples=((0.5, -0.25), (1.0, 0.75), (-0.5, 2.0)),
        learning_rate=0.01,
    )
    arrays, numbers = by_arrays(of, 100), by_numbers(of, 100)
    assert arrays.ended_at == numbers.ended_at
    assert list(arrays.losses) == pytest.approx(list(numbers.losses), rel=1e-9, nan_ok=True)
    assert identical(of_history(arrays), of_history(by_arrays(of, *range(101))))
    for one, other in zip(arrays.steps(0), numbers.steps(0), strict=True):
        assert one.value == pytest.approx(other.value, rel=1e-9, nan_ok=True)


Update = Callable[[np.ndarray, np.ndarray, int], np.ndarray]
"""An array of parameters, its gradient, and the iteration: the array afterwards."""


def _descent() -> Update:
    return lambda w, g, k: w - 0.1 * g


def _adam_with_decay_and_a_falling_rate() -> Update:
    averages = [0.0, 0.0]

    def update(w: np.ndarray, g: np.ndarray, k: int) -> np.ndarray:
        g = g + 0.01 * w
        averages[:] = 0.9 * averages[0] + 0.1 * g, 0.999 * averages[1] + 0.001 * g**2
        mean, square = averages[0] / (1 - 0.9 ** (k + 1)), averages[1] / (1 - 0.999 ** (k + 1))
        return w - 0.1 / (1 + 0.1 * k) * mean / (np.sqrt(square) + 1e-8)

    return update


@pytest.mark.parametrize(
    ("trained", "updates"),
    [
        ({}, _descent),
        (
            {
                "optimizer": optimizer("adam"),
                "weight_decay": 0.01,
                "learning_rate": parse("0.1/(1 + 0.1*k)").expression,
                "frozen": ("w2", "b1"),
                "batch": 50,
            },
            _adam_with_decay_and_a_falling_rate,
        ),
    ],
    ids=["descent", "adam, decay, a falling rate, frozen ones and batches"],
)
def test_a_network_trains_as_by_matrices_written_out(trained: dict[str, Any], updates: Callable[[], Update]) -> None:
    activations = ("tanh", "tanh", "sigmoid")
    of = network((2, 16, 16, 1), activations, "binary_cross_entropy", examples=100, **trained)
    history = History(of)
    history.extend(50)
    assert layer_count(history) == 3
    data, size = np.array(of.examples).T, of.batch or 100
    values = dict(of.parameters)
    arrays: dict[str, np.ndarray] = {}
    for layer, (before, after) in enumerate([(2, 16), (16, 16), (16, 1)], start=1):
        arrays[f"w{layer}"] = np.array([[values[f"w{layer}_{j}_{k}"] for k in _upto(before)] for j in _upto(after)])
        arrays[f"b{layer}"] = np.array([[values[f"b{layer}_{j}"]] for j in _upto(after)])
    update = {name: updates() for name in arrays if name not in trained.get("frozen", ())}
    for iteration in range(51):
        rows = data[:, iteration * size % 100 :][:, :size]
        seen, target = [rows[:2]], rows[2:]
        for layer, squash in enumerate((np.tanh, np.tanh, _logistic), start=1):
            seen.append(squash(arrays[f"w{layer}"] @ seen[-1] + arrays[f"b{layer}"]))
        out = seen[-1]
        loss = -np.mean(target * np.log(out) + (1 - target) * np.log(1 - out))
        assert history.losses[iteration] == pytest.approx(loss, rel=1e-9)
        upstream, gradients = (out - target) / size, {}
        for layer in (3, 2, 1):
            gradients[f"w{layer}"] = upstream @ seen[layer - 1].T
            gradients[f"b{layer}"] = upstream.sum(axis=1, keepdims=True)
            upstream = (arrays[f"w{layer}"].T @ upstream) * (1 - seen[layer - 1] ** 2)
        for name, step in update.items():
            arrays[name] = step(arrays[name], gradients[name], iteration)


def _upto(count: int) -> range:
    return range(1, count + 1)


def _logistic(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))
