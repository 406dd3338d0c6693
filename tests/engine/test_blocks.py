"""Are layers computed as blocks, and do the blocks change nothing but the last bits?"""

from __future__ import annotations

import math
import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import close
from support.runs import identical, of_history

from tui_backprop.engine.graph import build_graph
from tui_backprop.engine.program import build_program
from tui_backprop.engine.vectorised import packing as packing_module
from tui_backprop.engine.vectorised.blocks import Affine, Elementwise, Packing, ProductGradients, RowGradients, RowSum
from tui_backprop.engine.vectorised.packing import pack
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.parsing import parse
from tui_backprop.record import history as history_module
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.network import ACTIVATIONS, COSTS, Layer, Network, expand


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
    rows = tuple(tuple(draw.uniform(0.1, 0.9) for _ in (*inputs, *targets)) for _ in range(examples))
    names = tuple(name for name in expansion.parameters if name.startswith(frozen)) if frozen else ()
    return Scenario(
        title="a network",
        parameters=expansion.parameters,
        equations=expansion.equations,
        loss="C",
        inputs=(*inputs, *targets),
        examples=rows,
        learning_rate=0.1,
        frozen=names,
        batch=batch,
        reduction=reduction,  # type: ignore[arg-type]
    )


@st.composite
def networks(draw: st.DrawFn) -> Scenario:
    """Networks of every activation and cost, with and without biases, whole and in batches, partly frozen."""
    sizes = tuple(draw(st.lists(st.integers(1, 5), min_size=2, max_size=4)))
    activations = tuple(draw(st.sampled_from(ACTIVATIONS)) for _ in sizes[1:-1])
    cost = draw(st.sampled_from(COSTS))
    last = "sigmoid" if cost == "binary_cross_entropy" else draw(st.sampled_from(ACTIVATIONS))
    examples = draw(st.integers(2, 9))
    return network(
        sizes,
        (*activations, last),
        cost,
        examples=examples,
        has_biases=draw(st.booleans()),
        frozen=draw(st.sampled_from([(), (), ("w1",), ("b",), ("w2_1", "b1_2"), ("w", "b")])),
        batch=draw(st.sampled_from([None, 2, examples])),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        seed=draw(st.integers(0, 10**6)),
    )


def by_arrays(of: Scenario, fewest_weights: int = 1, *stretches: int) -> History:
    """A history by the array engine, in which even the smallest layers are blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_module, "FEWEST_EXAMPLES_FOR_ARRAYS", 2)
        patch.setattr(packing_module, "_FEWEST_WEIGHTS", fewest_weights)
        history = History(of)
    for iteration in stretches:
        history.extend(iteration)
    return history


def packed(of: Scenario) -> Packing:
    """The packing of everything that a scenario updates."""
    program = build_program(build_graph(of))
    gradients = [(place, program.gradients[name]) for place, name in enumerate(program.parameter_names)]
    return pack(program, [program.loss], gradients)


@settings(max_examples=30)
@given(networks(), st.sampled_from([1, 4, 8]))
def test_walking_and_running_give_the_same_bits(drawn: Scenario, fewest_weights: int) -> None:
    at_once = by_arrays(drawn, fewest_weights, 80)
    walked = by_arrays(drawn, fewest_weights, *range(81))
    assert identical(of_history(at_once), of_history(walked))
    for number in (0, 41, 80):
        if number < len(at_once):
            shown = at_once.iteration(number)
            assert shown.loss == at_once.losses[number] or math.isnan(shown.loss)
            assert shown.parameters == at_once.parameter_values(number)


@given(networks())
def test_every_number_of_every_step_is_that_of_the_other_engine_but_for_the_last_bits(drawn: Scenario) -> None:
    arrays, numbers = by_arrays(drawn), History(drawn)
    for one, other in zip(arrays.steps(1), numbers.steps(1), strict=True):
        told, wanted = one.to_json(), other.to_json()
        assert told.keys() == wanted.keys()
        value = "after" if one.kind == "update" else "value"
        assert close(float(told[value]), float(wanted[value]), 1e-9), (told, wanted)


@given(networks())
def test_the_gradient_that_is_shown_is_the_sum_of_the_terms_that_are_shown(drawn: Scenario) -> None:
    for step in by_arrays(drawn).steps(0):
        if step.kind == "gradient":
            assert close(step.value, math.fsum(term.product for term in step.terms), 1e-9)
        if step.kind == "mean":
            assert close(step.value, evaluate(step.tree, step.numbers), 1e-9)


def test_a_layer_is_one_matrix_product_forward_and_two_backward() -> None:
    packing = packed(network((3, 8, 5, 2), ("tanh", "relu", "sigmoid"), examples=60))
    affine = [operation for operation in packing.operations if isinstance(operation, Affine)]
    assert sorted((len(one.weights), len(one.weights[0]), bool(one.biases)) for one in affine) == [
        *((2, 5, True), (5, 2, False), (5, 8, True), (8, 3, True), (8, 5, False)),
    ]
    products = [group for group in packing.gradients if isinstance(group, ProductGradients)]
    assert sorted((len(group.places), len(group.places[0])) for group in products) == [(2, 5), (5, 8), (8, 3)]
    rows = [group for group in packing.gradients if isinstance(group, RowGradients)]
    assert sorted(len(group.places) for group in rows) == [2, 5, 8]
    assert packing.single_gradients == ()
    assert len(packing.operations) < 50


def test_the_places_of_all_gradients_are_those_of_all_parameters_once() -> None:
    of = network((3, 8, 5, 2), ("tanh", "relu", "sigmoid"), examples=60)
    packing = packed(of)
    places: list[int] = [place for place, _ in packing.single_gradients]
    for group in packing.gradients:
        if isinstance(group, RowGradients):
            places += group.places
        else:
            places += [place for row in group.places for place in row]
    assert sorted(places) == list(range(len(of.parameters)))


def test_the_errors_of_many_outputs_are_added_as_the_rows_of_a_block() -> None:
    packing = packed(network((2, 6), ("sigmoid",), examples=60))
    (total,) = [operation for operation in packing.operations if isinstance(operation, RowSum)]
    assert len(total.operand.slots) == 6


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
    arrays, numbers = by_arrays(of, 1, 100), History(of)
    numbers.extend(100)
    assert arrays.ended_at == numbers.ended_at
    assert list(arrays.losses) == pytest.approx(list(numbers.losses), rel=1e-9, nan_ok=True)
    assert identical(of_history(arrays), of_history(by_arrays(of, 1, *range(101))))
    for one, other in zip(arrays.iteration(0).slots, numbers.iteration(0).slots, strict=True):
        for slot in sorted(arrays.program.shown):
            assert one[slot] == pytest.approx(other[slot], rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("first", ["w*x", "w*x^2"])
def test_a_sum_of_doubled_sums_is_not_walked_through_for_each_of_its_ways(first: str) -> None:
    equations = {"a0": first, **{f"a{k}": f"a{k - 1} + a{k - 1}" for k in range(1, 27)}}
    assert _seconds_to_pack(equations, "a26") < 2


@pytest.mark.parametrize("addend", ["w*x", "x"])
def test_sums_of_which_each_goes_on_with_the_one_before_are_walked_through_once(addend: str) -> None:
    equations = {"a0": "w*x", "p0": "x"}
    for k in range(1, 3000):
        equations |= {f"a{k}": f"a{k - 1} + {addend}", f"p{k}": f"p{k - 1} - a{k}^2"}
    assert _seconds_to_pack(equations, "p2999") < 2


def _seconds_to_pack(equations: dict[str, str], loss: str) -> float:
    of = Scenario(
        title="t",
        parameters={"w": 0.3},
        equations={name: parse(text).expression for name, text in equations.items()},
        loss=loss,
        inputs=("x",),
        examples=((0.5,), (1.0,)),
        learning_rate=0.01,
    )
    program = build_program(build_graph(of))
    start = time.process_time()
    pack(program, [program.loss], [(0, program.gradients["w"])])
    return time.process_time() - start


def test_a_network_trains_as_by_matrices_written_out() -> None:
    of = network((2, 16, 16, 1), ("tanh", "tanh", "sigmoid"), "binary_cross_entropy", examples=100)
    history = History(of)
    history.extend(50)
    data = np.array(of.examples).T
    inputs, target = data[:2], data[2:]
    values = dict(of.parameters)
    weights, biases = [], []
    for layer, (before, after) in enumerate([(2, 16), (16, 16), (16, 1)], start=1):
        weights.append(np.array([[values[f"w{layer}_{j}_{k}"] for k in _upto(before)] for j in _upto(after)]))
        biases.append(np.array([[values[f"b{layer}_{j}"]] for j in _upto(after)]))
    for iteration in range(51):
        activations = [inputs]
        for weight, bias, squash in zip(weights, biases, (np.tanh, np.tanh, _logistic), strict=True):
            activations.append(squash(weight @ activations[-1] + bias))
        out = activations[-1]
        loss = -np.mean(target * np.log(out) + (1 - target) * np.log(1 - out))
        assert history.losses[iteration] == pytest.approx(loss, rel=1e-9)
        upstream = (out - target) / 100
        for layer in (2, 1, 0):
            step = upstream @ activations[layer].T
            shift = upstream.sum(axis=1, keepdims=True)
            upstream = (weights[layer].T @ upstream) * (1 - activations[layer] ** 2)
            weights[layer] = weights[layer] - 0.1 * step
            biases[layer] = biases[layer] - 0.1 * shift


def _upto(count: int) -> range:
    return range(1, count + 1)


def _logistic(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def test_a_graph_with_too_many_different_operations_is_run_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_backprop.engine.vectorised import arrays

    of = network((2, 3, 1), ("tanh", "sigmoid"))
    wanted = by_arrays(of, 1, 100)
    monkeypatch.setattr(arrays, "_MOST_OPERATIONS", 5)
    one_by_one = by_arrays(of, 1, 100)
    assert list(one_by_one.losses) == pytest.approx(list(wanted.losses), rel=1e-12)
    assert not one_by_one.interpreter.has_loop


def test_elementwise_blocks_follow_from_affine_ones() -> None:
    packing = packed(network((4, 6), ("softplus",), examples=60))
    functions = [operation.function for operation in packing.operations if isinstance(operation, Elementwise)]
    assert functions.count("softplus") == 1
    assert functions.count("sigmoid") == 1  # its derivative
