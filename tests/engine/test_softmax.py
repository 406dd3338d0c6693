"""Softmax layers and their cross-entropy: values and gradients as numpy has them by formulas of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_backprop.record.history import History
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.network import Layer, Network, expand

Matrix = np.ndarray

ACTIVATIONS: dict[str, Callable[[Matrix], Matrix]] = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "identity": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=0),
    "stable_softmax": lambda z: np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0),
}


def slopes(activation: str, z: Matrix) -> Matrix:
    """The matrix of the derivatives of all activations of one example for all its pre-activations."""
    a = ACTIVATIONS[activation](z)
    if "softmax" in activation:
        return np.diag(a) - np.outer(a, a)
    return np.diag({"tanh": 1 - a**2, "sigmoid": a * (1 - a), "identity": np.ones_like(a)}[activation])


class Net:
    """A network of drawn numbers, as a scenario and as arrays."""

    def __init__(self, sizes: tuple[int, ...], activations: tuple[str, ...], cost: str, examples: int, seed: int):
        draw = np.random.default_rng(seed)
        self.activations, self.cost = activations, cost
        self.weights = [draw.uniform(-1.5, 1.5, (after, before)) for before, after in pairwise(sizes)]
        self.biases = [draw.uniform(-1, 1, after) for after in sizes[1:]]
        self.x = draw.uniform(-2, 2, (examples, sizes[0]))
        one_hot = np.eye(sizes[-1])[draw.integers(0, sizes[-1], examples)]
        self.t = one_hot if seed % 2 else draw.uniform(0, 1, (examples, sizes[-1]))
        layers = tuple(
            Layer(activation, tuple(map(tuple, w.tolist())), tuple(b.tolist()))
            for activation, w, b in zip(activations, self.weights, self.biases, strict=True)
        )
        inputs = tuple(f"x{k + 1}" for k in range(sizes[0]))
        targets = tuple(f"t{k + 1}" for k in range(sizes[-1]))
        expansion = expand(Network(inputs, layers, targets, cost))
        self.scenario = Scenario(
            title="drawn",
            parameters=expansion.parameters,
            equations=expansion.equations,
            loss="C",
            inputs=(*inputs, *targets),
            examples=tuple(map(tuple, np.hstack((self.x, self.t)).tolist())),
            learning_rate=0.1,
            network=expansion.shape,
        )

    def by_numpy(self) -> tuple[float, list[Matrix], list[Matrix]]:
        """The mean loss, and its gradients for weights and biases, example by example with whole Jacobians."""
        loss = 0.0
        of_weights, of_biases = [np.zeros_like(w) for w in self.weights], [np.zeros_like(b) for b in self.biases]
        for x, t in zip(self.x, self.t, strict=True):
            zs, seen = [], [x]
            for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
                zs.append(w @ seen[-1] + b)
                seen.append(ACTIVATIONS[activation](zs[-1]))
            a = seen[-1]
            if self.cost == "cross_entropy":
                loss -= float(t @ np.log(a))
                upstream = slopes(self.activations[-1], zs[-1]).T @ (-t / a)
            else:
                loss += float(np.sum(np.logaddexp(0, zs[-1]) - t * zs[-1]))
                upstream = a - t
            for layer in reversed(range(len(zs))):
                if layer < len(zs) - 1:
                    upstream = slopes(self.activations[layer], zs[layer]).T @ (self.weights[layer + 1].T @ upstream)
                of_weights[layer] += np.outer(upstream, seen[layer])
                of_biases[layer] += upstream
        count = len(self.x)
        return loss / count, [g / count for g in of_weights], [g / count for g in of_biases]


@st.composite
def nets(draw: st.DrawFn) -> Net:
    hidden = draw(st.lists(st.tuples(st.integers(2, 4), st.sampled_from([*ACTIVATIONS])), max_size=3))
    cost = draw(st.sampled_from(["cross_entropy", "binary_cross_entropy_logits"]))
    last = draw(st.sampled_from(["softmax", "stable_softmax"])) if cost == "cross_entropy" else "sigmoid"
    sizes = (draw(st.integers(2, 3)), *(size for size, _ in hidden), draw(st.integers(1, 5)))
    examples, seed = draw(st.integers(1, 5)), draw(st.integers(0, 10**6))
    return Net(sizes, (*(activation for _, activation in hidden), last), cost, examples, seed)


@settings(max_examples=60)
@given(nets())
def test_losses_and_gradients_are_those_of_numpys_jacobians(net: Net) -> None:
    history = History(net.scenario)
    history.extend(0)
    loss, of_weights, of_biases = net.by_numpy()
    told = dict(zip(history.graph.parameters, history.iteration(0).gradients, strict=True))
    assert history.losses[0] == pytest.approx(loss, rel=1e-12)
    for layer, (weights, biases) in enumerate(zip(of_weights, of_biases, strict=True), 1):
        for j, row in enumerate(weights, 1):
            assert told[f"b{layer}_{j}"] == pytest.approx(biases[j - 1], rel=1e-10, abs=1e-13)
            assert [told[f"w{layer}_{j}_{k}"] for k in range(1, len(row) + 1)] == pytest.approx(
                row, rel=1e-10, abs=1e-13
            )


@pytest.mark.parametrize("neurons", [10, 64, 65, 300])
def test_a_stable_softmax_of_many_neurons_takes_logits_of_any_size(neurons: int) -> None:
    rows = ", ".join(f"[{1000 * place}]" for place in range(neurons))
    targets = ", ".join(f"t{place}" for place in range(neurons))
    data = ", ".join(f"t{place}: {int(place == 3)}" for place in range(neurons))
    text = f"""\
title: many classes
network:
  inputs: [x]
  layers: [{{neurons: {neurons}, activation: stable_softmax, weights: [{rows}]}}]
  targets: [{targets}]
  cost: squared_error
data: {{x: 1, {data}}}
"""
    numbers = History(load_text(text, "f.yaml")).numbers(0, 0)
    assert numbers["m1"] == 1000 * (neurons - 1)
    assert [numbers[f"a1_{j}"] for j in range(1, neurons + 1)] == [0.0] * (neurons - 1) + [1.0]
