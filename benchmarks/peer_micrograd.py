"""The workloads as a user of micrograd writes them: Value objects, the graph built anew in every iteration.

micrograd has neither sigmoid nor log. They are added here as its own operations are written, one node each, which is
faster than putting them together from the operations that it has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from micrograd.engine import Value  # type: ignore[import-untyped]
from micrograd.nn import MLP  # type: ignore[import-untyped]

from benchmarks.problem import Look, PeerProblem, chain_names, node_names, output_names
from tui_backprop.scenario.model import Scenario

PACKAGE = "micrograd"

Forward: TypeAlias = Callable[[], list[Value]]
"""Computes the nodes, the loss last."""


def _sigmoid(operand: Value) -> Value:
    value = 1.0 / (1.0 + math.exp(-operand.data))
    out = Value(value, (operand,), "sigmoid")

    def _backward() -> None:
        operand.grad += value * (1.0 - value) * out.grad

    out._backward = _backward
    return out


def _log(operand: Value) -> Value:
    out = Value(math.log(operand.data), (operand,), "log")

    def _backward() -> None:
        operand.grad += out.grad / operand.data

    out._backward = _backward
    return out


class _Micrograd(PeerProblem):
    def __init__(
        self, scenario: Scenario, parameters: dict[str, Value], forward: Forward, shown: tuple[str, ...]
    ) -> None:
        self.parameters = parameters
        self.forward = forward
        self.shown = shown
        self.learning_rate = scenario.learning_rate
        self.shows_gradients = len(scenario.examples) == 1

    def train(self, iterations: int) -> Sequence[float]:
        parameters, forward, learning_rate = [*self.parameters.values()], self.forward, self.learning_rate
        losses = []
        for _ in range(iterations):
            loss = forward()[-1]
            for p in parameters:
                p.grad = 0
            loss.backward()
            for p in parameters:
                p.data -= learning_rate * p.grad
            losses.append(loss.data)
        return losses

    def look(self) -> Look:
        for p in self.parameters.values():
            p.grad = 0
        *nodes, loss = self.forward()
        loss.backward()
        shown = dict(zip(self.shown, nodes, strict=True))
        gradients = {**self.parameters, **(shown if self.shows_gradients else {})}
        return Look(
            loss.data,
            {name: node.data for name, node in shown.items()},
            {name: node.grad for name, node in gradients.items()},
        )


def _parabola(scenario: Scenario, parameters: dict[str, Value]) -> Forward:
    w = parameters["w"]
    return lambda: [(w - 3) ** 2]


def _logistic(scenario: Scenario, parameters: dict[str, Value]) -> Forward:
    w1, w2, b = parameters.values()
    x1, x2, y = scenario.examples[0]

    def forward() -> list[Value]:
        z = w1 * x1 + w2 * x2 + b
        a = _sigmoid(z)
        return [z, a, -(y * _log(a) + (1 - y) * _log(1 - a))]

    return forward


def _chain(scenario: Scenario, parameters: dict[str, Value]) -> Forward:
    weights, biases = ([parameters[name] for name in names] for names in chain_names(scenario))
    x, y = scenario.examples[0]

    def forward() -> list[Value]:
        nodes, a = [], x
        for w, b in zip(weights, biases, strict=True):
            z = w * a + b
            a = _sigmoid(z)
            nodes += [z, a]
        nodes.append((a - y) ** 2)
        return nodes

    return forward


def _net_2_2_2(scenario: Scenario, parameters: dict[str, Value]) -> Forward:
    assert scenario.network is not None
    layers = [
        [([parameters[w] for w in row], parameters[b]) for row, b in zip(layer.weights, layer.biases, strict=True)]
        for layer in scenario.network.layers
    ]
    inputs, targets = scenario.examples[0][:2], scenario.examples[0][2:]

    def forward() -> list[Value]:
        nodes: list[Value] = []
        activations: Sequence[Value | float] = inputs
        for layer in layers:
            after = []
            for weights, b in layer:
                z = sum((w * a for w, a in zip(weights, activations, strict=True)), b)
                a = _sigmoid(z)
                nodes += [z, a]
                after.append(a)
            activations = after
        nodes.append(sum(0.5 * (t - a) ** 2 for t, a in zip(targets, activations, strict=True)))
        return nodes

    return forward


def _net_2_16_16_1(scenario: Scenario, parameters: dict[str, Value]) -> Forward:
    assert scenario.network is not None
    model = MLP(2, [16, 16, 1])
    for layer, names in zip(model.layers, scenario.network.layers, strict=True):
        for neuron, row, bias in zip(layer.neurons, names.weights, names.biases, strict=True):
            neuron.w = [parameters[name] for name in row]
            neuron.b = parameters[bias]

    def forward() -> list[Value]:
        outputs = [model(inputs) for *inputs, _ in scenario.examples]
        errors = [(output - t) ** 2 for output, (*_, t) in zip(outputs, scenario.examples, strict=True)]
        return [*outputs, sum(errors) * (1.0 / len(errors))]

    return forward


_FORWARD: dict[str, Callable[[Scenario, dict[str, Value]], Forward]] = {
    "parabola": _parabola,
    "logistic": _logistic,
    "chain of 3": _chain,
    "chain of 100": _chain,
    "2-2-2": _net_2_2_2,
    "2-16-16-1": _net_2_16_16_1,
}


def problem(scenario: Scenario) -> PeerProblem:
    """A workload's scenario in micrograd."""
    parameters = {name: Value(value) for name, value in scenario.parameters.items()}
    shown = node_names(scenario) if len(scenario.examples) == 1 else output_names(scenario)
    return _Micrograd(scenario, parameters, _FORWARD[scenario.name](scenario, parameters), shown)
