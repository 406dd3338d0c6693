"""What is trained in the benchmarks: six problems, two of them by Adam too, and chains of any length.

Every engine has its numbers from here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from tui_backprop.maths.expression import Call, Expression, Name
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.network import Layer, Network, expand
from tui_backprop.scenario.optimizers import optimizer

NODE_COUNTS = (10, 100, 1_000, 10_000, 100_000)
NODE_COUNT_COMPARED_WITH = 1_000

_EXAMPLES = 100
_SEED = 20


def _scenario(name: str, parameters: Mapping[str, float], equations: Mapping[str, str], **more: object) -> Scenario:
    trees = {equation: parse(text).expression for equation, text in equations.items()}
    given: dict[str, object] = {"title": name, "name": name, "loss": [*equations][-1], **more}
    return Scenario(parameters=parameters, equations=trees, **given)  # type: ignore[arg-type]


def _parabola() -> Scenario:
    return _scenario("parabola", {"w": 0.0}, {"L": "(w - 3)^2"}, learning_rate=0.3)


def _logistic() -> Scenario:
    return _scenario(
        "logistic",
        {"w1": 0.5, "w2": -0.5, "b": 0.1},
        {"z": "w1*x1 + w2*x2 + b", "a": "sigmoid(z)", "L": "-(y*log(a) + (1 - y)*log(1 - a))"},
        inputs=("x1", "x2", "y"),
        examples=((1.0, 2.0, 1.0),),
        learning_rate=0.5,
    )


def _chain(name: str, layers: int) -> Scenario:
    """Layers of one neuron: a weight, a bias, the sigmoid; at the end the squared error."""
    parameters: dict[str, float] = {}
    equations: dict[str, str] = {}
    for layer in range(1, layers + 1):
        parameters[f"w{layer}"] = round(1.5 + 0.5 * math.cos(layer), 3)
        parameters[f"b{layer}"] = round(0.5 * math.sin(layer), 3)
        equations[f"z{layer}"] = f"w{layer}*{f'a{layer - 1}' if layer > 1 else 'x'} + b{layer}"
        equations[f"a{layer}"] = f"sigmoid(z{layer})"
    equations["C"] = f"(a{layers} - y)^2"
    return _scenario(name, parameters, equations, inputs=("x", "y"), examples=((0.6, 1.0),), learning_rate=0.5)


def _of_network(name: str, network: Network, examples: tuple[tuple[float, ...], ...], learning_rate: float) -> Scenario:
    expansion = expand(network)
    return Scenario(
        title=name,
        name=name,
        parameters=expansion.parameters,
        equations=expansion.equations,
        loss=expansion.shape.cost,
        inputs=(*network.inputs, *network.targets),
        examples=examples,
        learning_rate=learning_rate,
        network=expansion.shape,
    )


def _net_2_2_2() -> Scenario:
    """Matt Mazur's example, with his numbers; here the biases are trained too."""
    layers = (
        Layer("sigmoid", ((0.15, 0.20), (0.25, 0.30)), (0.35, 0.35)),
        Layer("sigmoid", ((0.40, 0.45), (0.50, 0.55)), (0.60, 0.60)),
    )
    network = Network(("x1", "x2"), layers, ("t1", "t2"), "half_squared_error")
    return _of_network("2-2-2", network, ((0.05, 0.10, 0.01, 0.99),), 0.5)


def _net_2_16_16_1() -> Scenario:
    """The shape of micrograd's demonstration: relu, a linear output, 100 points of the plane."""
    draw = random.Random(_SEED).uniform

    def layer(activation: str, fan_in: int, neurons: int) -> Layer:
        bound = 1.0 / math.sqrt(fan_in)
        weights = tuple(tuple(draw(-bound, bound) for _ in range(fan_in)) for _ in range(neurons))
        return Layer(activation, weights, tuple(draw(-bound, bound) for _ in range(neurons)))

    layers = (layer("relu", 2, 16), layer("relu", 16, 16), layer("identity", 16, 1))
    points = [(draw(-1.0, 1.0), draw(-1.0, 1.0)) for _ in range(_EXAMPLES)]
    examples = tuple((x1, x2, 1.0 if x1 * x2 > 0 else -1.0) for x1, x2 in points)
    return _of_network("2-16-16-1", Network(("x1", "x2"), layers, ("t",), "squared_error"), examples, 0.05)


def _by_adam(scenario: Scenario) -> Scenario:
    return replace(scenario, optimizer=optimizer("adam"), learning_rate=0.01)


WORKLOADS: Mapping[str, Callable[[], Scenario]] = {
    "parabola": _parabola,
    "logistic": _logistic,
    "chain of 3": lambda: _chain("chain of 3", 3),
    "chain of 100": lambda: _chain("chain of 100", 100),
    "2-2-2": _net_2_2_2,
    "2-16-16-1": _net_2_16_16_1,
    "2-2-2 by Adam": lambda: _by_adam(_net_2_2_2()),
    "2-16-16-1 by Adam": lambda: _by_adam(_net_2_16_16_1()),
}
"""What is trained, by name: by Adam in torch alone besides here, all else in every engine."""


def chain_of_nodes(count: int) -> Scenario:
    """A chain of so many nodes (an even number): sums and tanh by turns, every second one with two parameters.

    The weights are 1 and the updates tiny, so that no gradient vanishes however long the chain is: numbers near the
    smallest that a float can be are slow to compute with.
    """
    parameters: dict[str, float] = {}
    equations: dict[str, Expression] = {}
    before = Name("x")
    for layer in range(1, count // 2 + 1):
        weight, bias, z, a = (f"{letter}{layer}" for letter in "wbza")
        parameters[weight], parameters[bias] = 1.0, 0.0
        equations[z] = Call("+", Call("*", Name(weight), before), Name(bias))
        equations[a] = Call("tanh", Name(z))
        before = Name(a)
    return Scenario(
        title=f"{count:,} nodes",
        parameters=parameters,
        equations=equations,
        loss=before.name,
        inputs=("x",),
        examples=((0.5,),),
        learning_rate=1e-10,
    )


def scenario_of(workload: str) -> Scenario:
    """The scenario of a workload; "1000 nodes" is the chain of so many nodes. Raises KeyError for an unknown name."""
    count = workload.removesuffix(" nodes")
    return chain_of_nodes(int(count)) if count != workload else WORKLOADS[workload]()
