"""The workloads as a user of HIPS autograd writes them: a plain numpy function of the parameters, differentiated.

Of the natural ways to hold the parameters the fastest is taken: one vector for a chain, otherwise a tuple of arrays;
a layer is a matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as np  # type: ignore[import-untyped]
from autograd import value_and_grad

from benchmarks.problem import (
    Look,
    Names,
    PeerProblem,
    chain_names,
    layer_names,
    named,
    node_names,
    numbers_of,
    output_names,
)
from tui_backprop.scenario.model import Scenario

PACKAGE = "autograd"


@dataclass(frozen=True)
class _Form:
    """groups: the parameters' names as the arrays hold them; one group alone is passed as it is, several in a tuple.

    forward: from the parameters to the nodes, the loss last; shown: the names of all but the loss.
    """

    groups: tuple[Names, ...]
    forward: Callable[[Any], list[Any]]
    shown: tuple[Names, ...]


class _Autograd(PeerProblem):
    def __init__(self, scenario: Scenario, form: _Form) -> None:
        self.form = form
        arrays = tuple(np.array(numbers_of(names, scenario)) for names in form.groups)
        # A single number is a float, as one writes it.
        self.parameters = arrays if len(arrays) > 1 else arrays[0] if arrays[0].ndim else float(arrays[0])
        self.learning_rate = scenario.learning_rate
        self.loss_and_gradient = value_and_grad(lambda parameters: form.forward(parameters)[-1])

    def train(self, iterations: int) -> Sequence[float]:
        loss_and_gradient, learning_rate, parameters = self.loss_and_gradient, self.learning_rate, self.parameters
        losses = []
        if isinstance(parameters, tuple):
            for _ in range(iterations):
                loss, gradients = loss_and_gradient(parameters)
                parameters = tuple(p - learning_rate * g for p, g in zip(parameters, gradients, strict=True))
                losses.append(loss)
        else:
            for _ in range(iterations):
                loss, gradient = loss_and_gradient(parameters)
                parameters = parameters - learning_rate * gradient
                losses.append(loss)
        self.parameters = parameters
        return losses

    def look(self) -> Look:
        loss, gradients = self.loss_and_gradient(self.parameters)
        nodes = self.form.forward(self.parameters)[:-1]
        groups = self.form.groups if isinstance(self.parameters, tuple) else self.form.groups[0]
        return Look(float(loss), dict(named(self.form.shown, nodes)), dict(named(groups, gradients)))


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _parabola(scenario: Scenario) -> _Form:
    return _Form(("w",), lambda w: [(w - 3) ** 2], ())


def _logistic(scenario: Scenario) -> _Form:
    *inputs, y = scenario.examples[0]
    x = np.array(inputs)

    def forward(parameters: Any) -> list[Any]:
        w, b = parameters
        z = np.dot(w, x) + b
        a = _sigmoid(z)
        return [z, a, -(y * np.log(a) + (1 - y) * np.log(1 - a))]

    return _Form((("w1", "w2"), "b"), forward, ("z", "a"))


def _chain(scenario: Scenario) -> _Form:
    x, y = scenario.examples[0]
    layers = len(scenario.parameters) // 2

    def forward(parameters: Any) -> list[Any]:
        nodes, a = [], x
        for layer in range(layers):
            z = parameters[layer] * a + parameters[layers + layer]
            a = _sigmoid(z)
            nodes += [z, a]
        nodes.append((a - y) ** 2)
        return nodes

    weights, biases = chain_names(scenario)
    return _Form(((*weights, *biases),), forward, node_names(scenario))


def _net_2_2_2(scenario: Scenario) -> _Form:
    assert scenario.network is not None
    x, t = np.array(scenario.examples[0][:2]), np.array(scenario.examples[0][2:])

    def forward(parameters: Any) -> list[Any]:
        w1, b1, w2, b2 = parameters
        z1 = np.dot(w1, x) + b1
        a1 = _sigmoid(z1)
        z2 = np.dot(w2, a1) + b2
        a2 = _sigmoid(z2)
        return [z1, a1, z2, a2, np.sum(0.5 * (t - a2) ** 2)]

    shown = tuple(names for layer in scenario.network.layers for names in (layer.pre_activations, layer.activations))
    return _Form(layer_names(scenario), forward, shown)


def _net_2_16_16_1(scenario: Scenario) -> _Form:
    rows = np.array(scenario.examples)
    x, t = rows[:, :2], rows[:, 2]

    def forward(parameters: Any) -> list[Any]:
        w1, b1, w2, b2, w3, b3 = parameters
        a1 = np.maximum(np.dot(x, w1.T) + b1, 0)
        a2 = np.maximum(np.dot(a1, w2.T) + b2, 0)
        outputs = (np.dot(a2, w3.T) + b3)[:, 0]
        return [outputs, np.mean((outputs - t) ** 2)]

    return _Form(layer_names(scenario), forward, (output_names(scenario),))


_FORMS: dict[str, Callable[[Scenario], _Form]] = {
    "parabola": _parabola,
    "logistic": _logistic,
    "chain of 3": _chain,
    "chain of 100": _chain,
    "2-2-2": _net_2_2_2,
    "2-16-16-1": _net_2_16_16_1,
}


def problem(scenario: Scenario) -> PeerProblem:
    """A workload's scenario in autograd."""
    return _Autograd(scenario, _FORMS[scenario.name](scenario))
