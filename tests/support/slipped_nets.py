"""Backpropagation by matrices with a slip in it, written a second time: random layered nets, and nothing of the program
but the text of a scenario."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Array = Any
"""A numpy array of floats."""

_FUNCTIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "softplus": (lambda z: np.logaddexp(0, z), lambda z: 1 / (1 + np.exp(-z))),
}
RATE = 0.3


@dataclass(frozen=True)
class Net:
    """A layered net with its examples: rows of x and t."""

    weights: list[Array]
    biases: list[Array]
    activations: list[str]
    cost: str
    reduction: str
    x: Array
    t: Array

    def text(self) -> str:
        """The net as a scenario file."""
        inputs = [f"x{place}" for place in range(1, self.x.shape[1] + 1)]
        targets = [f"t{place}" for place in range(1, self.t.shape[1] + 1)]
        layers = [
            {"neurons": len(b), "activation": name, "weights": w.tolist(), "biases": b.tolist()}
            for w, b, name in zip(self.weights, self.biases, self.activations, strict=True)
        ]
        rows = [dict(zip((*inputs, *targets), (*x, *t), strict=True)) for x, t in zip(self.x, self.t, strict=True)]
        network = {"inputs": inputs, "layers": layers, "targets": targets, "cost": self.cost}
        given = {"network": network, "data": rows, "learning_rate": RATE, "reduction": self.reduction}
        return json.dumps({"title": "a net", **given})

    def named(self, weights: list[Array], biases: list[Array]) -> dict[str, float]:
        """Numbers of weights and biases by their names."""
        names: dict[str, float] = {}
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
            for (j, k), number in np.ndenumerate(w):
                names[f"w{layer}_{j + 1}_{k + 1}"] = float(number)
            names.update({f"b{layer}_{j + 1}": float(number) for j, number in enumerate(b)})
        return names


def random_net(seed: int) -> Net:
    """A net of 1 to 4 layers with 3 or 4 neurons each, so that sums have terms enough, and 1 to 5 examples."""
    draw = np.random.default_rng(seed)
    choose = random.Random(seed)
    sizes = [choose.choice((3, 4)) for _ in range(choose.randint(2, 5))]
    if choose.random() < 0.5:
        sizes = [3] * len(sizes)
    count = choose.choice((1, 3, 4, 5))
    return Net(
        weights=[draw.uniform(-1.2, 1.2, (b, a)).round(3) for a, b in pairwise(sizes)],
        biases=[draw.uniform(-0.5, 0.5, b).round(3) for b in sizes[1:]],
        activations=[choose.choice(list(_FUNCTIONS)) for _ in sizes[1:]],
        cost=choose.choice(("squared_error", "half_squared_error")),
        reduction=choose.choice(("mean", "sum")),
        x=draw.uniform(-1, 1, (count, sizes[0])).round(3),
        t=draw.uniform(0, 1, (count, sizes[-1])).round(3),
    )


Gradients = tuple[list[Array], list[Array]]


def backprop(net: Net, weights: list[Array], biases: list[Array], slip: str = "") -> Gradients:
    """The gradients of weights and biases at these numbers, by a backward pass with a slip in it."""
    inputs, sums = [net.x], []
    for w, b, name in zip(weights, biases, net.activations, strict=True):
        sums.append(inputs[-1] @ w.T + b)
        inputs.append(_FUNCTIONS[name][0](sums[-1]))
    sign = -1 if slip == "sign" else 1
    into_a = (inputs[-1] - net.t) * (1 if net.cost == "half_squared_error" else 2) * sign
    if slip == "half":
        into_a = into_a * (2 if net.cost == "half_squared_error" else 0.5)
    of_weights, of_biases = [], []
    for layer in reversed(range(len(weights))):
        w, a, z = weights[layer], inputs[layer], sums[layer]
        function, slope_of = _FUNCTIONS[net.activations[layer]]
        slope = slope_of(function(z) if slip == "derivative_at_value" else z) * sign
        if slip == "activation_derivative":
            slope = np.ones_like(slope)
        into_z = slope if slip == "upstream" else into_a * slope
        local = np.broadcast_to(w[None] if slip == "wrong_operand" else a[:, None, :], (len(a), *w.shape))
        through = np.ones_like(into_z) if slip == "upstream" else into_z
        of_weights.insert(0, _reduced(net, through[:, :, None] * local * sign, slip))
        of_biases.insert(0, _reduced(net, through * sign * (slip != "bias_zero"), slip))
        if slip == "updated_weights":
            w = w - RATE * of_weights[0]
        if slip == "transposed_weights" and w.shape[0] == w.shape[1]:
            w = w.T
        back = np.broadcast_to(a[:, None, :] if slip == "wrong_operand" else w[None], (len(a), *w.shape))
        terms = through[:, :, None] * back * sign
        if terms.shape[1] > 1 and slip in ("missing_path", "overwritten"):
            terms = terms[:, :-1] if slip == "missing_path" else terms[:, -1:]
        into_a = terms.sum(axis=1)
    return of_weights, of_biases


def _reduced(net: Net, of_examples: Array, slip: str) -> Array:
    averages = net.reduction == "mean"
    if len(net.x) > 1 and slip in ("mean_as_sum", "sum_as_mean"):
        averages = slip == "sum_as_mean"
    return of_examples.mean(axis=0) if averages else of_examples.sum(axis=0)


def trained(net: Net, slip: str, iterations: int) -> list[tuple[Mapping[str, float], Mapping[str, float]]]:
    """Parameters and gradients of every iteration of a run with a slip in it."""
    weights, biases = net.weights, net.biases
    old: Gradients | None = None
    found = []
    for _ in range(iterations + 1):
        right = backprop(net, weights, biases)
        of_weights, of_biases = backprop(net, weights, biases, slip)
        if slip == "not_zeroed" and old is not None:
            of_weights = [one + two for one, two in zip(of_weights, old[0], strict=True)]
            of_biases = [one + two for one, two in zip(of_biases, old[1], strict=True)]
        found.append((net.named(weights, biases), net.named(of_weights, of_biases)))
        rate = {"learning_rate": 1.0, "ascent": -RATE}.get(slip, RATE)
        weights = [w - rate * g for w, g in zip(weights, of_weights, strict=True)]
        biases = [b - rate * g for b, g in zip(biases, of_biases, strict=True)]
        old = right
    return found
