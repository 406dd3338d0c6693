"""The workloads as a user of torch writes them: tensors that want a gradient, `backward`, an update in place.

Numbers have 64 bits as everywhere here, and one thread computes, which is the fastest for tensors this small. Of the
natural forms the fastest is taken: weights together in a tensor, a layer as a matrix product, torch's own losses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

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

PACKAGE = "torch"

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


@dataclass(frozen=True)
class _Form:
    """groups: the parameters' names as the tensors hold them.

    forward: from the parameters to the nodes, the loss last; shown: the names of all but the loss.
    """

    groups: tuple[Names, ...]
    forward: Callable[[list[Tensor]], list[Tensor]]
    shown: tuple[Names, ...]


class _Torch(PeerProblem):
    def __init__(self, scenario: Scenario, form: _Form) -> None:
        self.form = form
        self.parameters = [torch.tensor(numbers_of(names, scenario), requires_grad=True) for names in form.groups]
        self.learning_rate = scenario.learning_rate
        # Of its forms of Adam the fused one is the fastest here.
        is_adam = scenario.optimizer.name == "adam"
        self.adam = torch.optim.Adam(self.parameters, scenario.learning_rate, fused=True) if is_adam else None
        self.shows_gradients = len(scenario.examples) == 1

    def train(self, iterations: int) -> Sequence[float]:
        if self.adam:
            return self._train_by_adam(iterations, self.adam)
        parameters, forward, learning_rate = self.parameters, self.form.forward, self.learning_rate
        losses = []
        for _ in range(iterations):
            loss = forward(parameters)[-1]
            loss.backward()  # type: ignore[no-untyped-call]
            with torch.no_grad():
                for p in parameters:
                    p -= learning_rate * p.grad  # type: ignore[operator]
                    p.grad = None
            losses.append(loss.item())
        return losses

    def _train_by_adam(self, iterations: int, adam: torch.optim.Optimizer) -> Sequence[float]:
        losses = []
        for _ in range(iterations):
            loss = self.form.forward(self.parameters)[-1]
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
            adam.zero_grad()
            losses.append(loss.item())
        return losses

    def look(self) -> Look:
        *nodes, loss = self.form.forward(self.parameters)
        for node in nodes:
            node.retain_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = dict(named(self.form.groups, [p.grad for p in self.parameters]))
        if self.shows_gradients:
            gradients |= named(self.form.shown, [node.grad for node in nodes])
        for p in self.parameters:
            p.grad = None
        return Look(loss.item(), dict(named(self.form.shown, [node.detach() for node in nodes])), gradients)


def _parabola(scenario: Scenario) -> _Form:
    return _Form(("w",), lambda parameters: [(parameters[0] - 3) ** 2], ())


def _logistic(scenario: Scenario) -> _Form:
    *inputs, y = scenario.examples[0]
    x, target = torch.tensor(inputs), torch.tensor(y)

    def forward(parameters: list[Tensor]) -> list[Tensor]:
        w, b = parameters
        z = w @ x + b
        a = torch.sigmoid(z)
        return [z, a, functional.binary_cross_entropy(a, target)]

    return _Form((("w1", "w2"), "b"), forward, ("z", "a"))


def _chain(scenario: Scenario) -> _Form:
    x, y = torch.tensor(scenario.examples[0])

    def forward(parameters: list[Tensor]) -> list[Tensor]:
        weights, biases = parameters
        nodes: list[Tensor] = []
        a = x
        for w, b in zip(weights.unbind(), biases.unbind(), strict=True):
            z = w * a + b
            a = torch.sigmoid(z)
            nodes += [z, a]
        nodes.append((a - y) ** 2)
        return nodes

    return _Form(chain_names(scenario), forward, node_names(scenario))


def _net_2_2_2(scenario: Scenario) -> _Form:
    assert scenario.network is not None
    x, t = torch.tensor(scenario.examples[0][:2]), torch.tensor(scenario.examples[0][2:])

    def forward(parameters: list[Tensor]) -> list[Tensor]:
        w1, b1, w2, b2 = parameters
        z1 = w1 @ x + b1
        a1 = torch.sigmoid(z1)
        z2 = w2 @ a1 + b2
        a2 = torch.sigmoid(z2)
        return [z1, a1, z2, a2, 0.5 * functional.mse_loss(a2, t, reduction="sum")]

    shown = tuple(names for layer in scenario.network.layers for names in (layer.pre_activations, layer.activations))
    return _Form(layer_names(scenario), forward, shown)


def _net_2_16_16_1(scenario: Scenario) -> _Form:
    rows = torch.tensor(scenario.examples)
    x, t = rows[:, :2], rows[:, 2]

    def forward(parameters: list[Tensor]) -> list[Tensor]:
        w1, b1, w2, b2, w3, b3 = parameters
        a1 = torch.relu(functional.linear(x, w1, b1))
        a2 = torch.relu(functional.linear(a1, w2, b2))
        outputs = functional.linear(a2, w3, b3).squeeze(1)
        return [outputs, functional.mse_loss(outputs, t)]

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
    """A workload's scenario in torch."""
    return _Torch(scenario, _FORMS[scenario.name](scenario))
