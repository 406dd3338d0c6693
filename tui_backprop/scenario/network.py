"""The equations and parameters of a network of layers.

A network is shorthand: it expands to ordinary equations, of which those of its neurons are kept as weighted sums. The
names in their layers are kept too, for the graph picture and for computing by matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from tui_backprop.maths.expression import (
    Call,
    Expression,
    Name,
    Number,
    chained,
    divide,
    joined_by_choice,
    multiply,
    names_in,
    power,
    subtract,
)
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.scenario.equations import Equations, WeightedSum
from tui_backprop.scenario.model import LayerShape, NetworkShape

COST = "C"
SOFTMAXES = ("softmax", "stable_softmax")
"""The activations that need all of a layer."""

ACTIVATIONS = (*(name for name, function in FUNCTIONS.items() if function.is_activation), "identity", *SOFTMAXES)
COSTS = (
    *("squared_error", "half_squared_error", "mean_squared_error"),
    *("binary_cross_entropy", "binary_cross_entropy_logits", "cross_entropy"),
)
COSTS_OF_Z = ("binary_cross_entropy_logits",)
"""Those that take the pre-activations of the last layer, and do what its activation does."""


class Layer(Struct, frozen=True):
    """One layer's numbers. Row j of `weights` holds the weights into neuron j; `biases` None: it has none."""

    activation: str
    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...] | None = None


class Network(Struct, frozen=True):
    """Layers between named inputs and named targets, with a cost, or "" for none. Its numbers fit together."""

    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    targets: tuple[str, ...] = ()
    cost: str = ""


class Expansion(Struct, frozen=True):
    """What a network stands for: parameters and equations in file order, what each equation uses, and the names.

    operands: of each equation the names that are no parameters; its parameters need no looking for.
    """

    parameters: Mapping[str, float]
    equations: Equations
    operands: Mapping[str, tuple[str, ...]]
    shape: NetworkShape


def expand(network: Network) -> Expansion:
    """The ordinary equations of a network.

    Layer l (from 1) has `z{l}_{j}`, `a{l}_{j}`, `w{l}_{j}_{k}` (from neuron k of the layer before into neuron j) and
    `b{l}_{j}`; the cost is `C`. Where every layer has one neuron and there is one input, they are `z1 a1 w1 b1 …`.
    Between z and a a softmax has `e{l}_{j}`, the exponentials, and `s{l}`, their sum; the stable one `m{l}` before
    them, the largest z, which it subtracts from each.
    """
    numbered = len(network.inputs) > 1 or any(len(layer.weights) > 1 for layer in network.layers)
    parameters: dict[str, float] = {}
    equations: dict[str, Expression | WeightedSum] = {}
    operands: dict[str, tuple[str, ...]] = {}
    shapes: list[LayerShape] = []
    before = network.inputs
    for number, layer in enumerate(network.layers, start=1):
        shape = _names(layer, number, len(before), numbered)
        # An input may be called as a weight is, and then stands beside itself.
        is_plain = set(before).isdisjoint(chain(shape.biases, *shape.weights))
        for neuron in range(shape.neurons):
            row, bias = shape.weights[neuron], ""
            parameters.update(zip(row, layer.weights[neuron], strict=True))
            if layer.biases is not None:
                bias = shape.biases[neuron]
                parameters[bias] = layer.biases[neuron]
            z, a = shape.pre_activations[neuron], shape.activations[neuron]
            neuron_sum = WeightedSum(row, before, bias)
            equations[z] = neuron_sum if is_plain else neuron_sum.written_out()
            operands[z] = before
            if not shape.exponentials:
                equations[a] = Name(z) if layer.activation == "identity" else Call(layer.activation, Name(z))
                operands[a] = (z,)
        for node, equation in _softmax(shape):
            equations[node], operands[node] = equation, names_in(equation)
        shapes.append(shape)
        before = shape.activations
    if network.cost:
        outputs = shapes[-1].pre_activations if network.cost in COSTS_OF_Z else before
        pairs = [(Name(output), Name(t)) for output, t in zip(outputs, network.targets, strict=True)]
        equations[COST] = _COST_EQUATIONS[network.cost](pairs)
        operands[COST] = tuple(dict.fromkeys((*outputs, *network.targets)))
    cost = COST if network.cost else ""
    shape_of_all = NetworkShape(network.inputs, tuple(shapes), network.targets, cost, network.cost)
    return Expansion(parameters, Equations(equations), operands, shape_of_all)


def _softmax(shape: LayerShape) -> Iterator[tuple[str, Expression]]:
    """The equations between the pre-activations of a softmax layer and its activations, and those of these."""
    if not shape.exponentials:
        return
    *largest, total = shape.shared
    for m in largest:
        yield m, joined_by_choice("max", [Name(z) for z in shape.pre_activations])
    for e, z in zip(shape.exponentials, shape.pre_activations, strict=True):
        yield e, Call("exp", chained("-", [Name(z), *map(Name, largest)]))
    yield total, chained("+", map(Name, shape.exponentials))
    for a, e in zip(shape.activations, shape.exponentials, strict=True):
        yield a, divide(Name(e), Name(total))


def node_count(inputs: int, layers: Iterator[tuple[int, bool, str]]) -> Iterator[int]:
    """How many parameters and equations there are up to each layer, given as (neurons, whether it has biases,
    activation)."""
    total, before = 1, inputs
    for neurons, has_biases, activation in layers:
        total += neurons * (before + 2 + has_biases)
        if activation in SOFTMAXES:
            total += neurons + 1 + SOFTMAXES.index(activation)
        before = neurons
        yield total


def _names(layer: Layer, number: int, fan_in: int, numbered: bool) -> LayerShape:
    neurons = range(1, len(layer.weights) + 1)

    def named(kind: str) -> tuple[str, ...]:
        return tuple(f"{kind}{number}_{j}" if numbered else f"{kind}{number}" for j in neurons)

    def row(j: int) -> tuple[str, ...]:
        return tuple(f"w{number}_{j}_{k}" if numbered else f"w{number}" for k in range(1, fan_in + 1))

    biases = () if layer.biases is None else named("b")
    exponentials: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    if layer.activation in SOFTMAXES:
        exponentials = named("e")
        shared = (f"m{number}", f"s{number}") if layer.activation == "stable_softmax" else (f"s{number}",)
    weights = tuple(row(j) for j in neurons)
    return LayerShape(named("z"), named("a"), weights, biases, layer.activation, exponentials, shared)


# --- the costs, each from pairs of (activation, target), or of (pre-activation, target)

Pairs = list[tuple[Name, Name]]


def _squared_error(pairs: Pairs) -> Expression:
    return chained("+", [power(subtract(a, t), Number(2)) for a, t in pairs])


def _half_squared_error(pairs: Pairs) -> Expression:
    return chained("+", [multiply(Number(0.5), power(subtract(t, a), Number(2))) for a, t in pairs])


def _mean_squared_error(pairs: Pairs) -> Expression:
    total = _squared_error(pairs)
    return total if len(pairs) == 1 else divide(total, Number(len(pairs)))


def _binary_cross_entropy(pairs: Pairs) -> Expression:
    return chained("+", [Call("bce", t, a) for a, t in pairs])


def _binary_cross_entropy_logits(pairs: Pairs) -> Expression:
    return chained("+", [Call("bce_logits", t, z) for z, t in pairs])


def _cross_entropy(pairs: Pairs) -> Expression:
    return Call("neg", chained("+", [Call("xlogy", t, a) for a, t in pairs]))


_COST_EQUATIONS: Mapping[str, Callable[[Pairs], Expression]] = {
    "squared_error": _squared_error,
    "half_squared_error": _half_squared_error,
    "mean_squared_error": _mean_squared_error,
    "binary_cross_entropy": _binary_cross_entropy,
    "binary_cross_entropy_logits": _binary_cross_entropy_logits,
    "cross_entropy": _cross_entropy,
}
