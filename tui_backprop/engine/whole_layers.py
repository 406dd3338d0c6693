"""The layers of a network that can be kept whole, to be computed by matrices, and how many weights they have."""

from __future__ import annotations

from itertools import chain

from tui_backprop.engine.graph import Graph
from tui_backprop.scenario.model import LayerShape, NetworkShape


def whole_layers(graph: Graph, network: NetworkShape | None) -> tuple[LayerShape, ...]:
    """The network's layers in forward order; () where some of them are no weighted sums of one row of operands, whose
    weights and biases follow each other among the parameters, or where the loss is one of their nodes."""
    layers = network.layers if network is not None else ()
    return layers if all(_is_whole(graph, layer) for layer in layers) else ()


def weight_count(layers: tuple[LayerShape, ...]) -> int:
    """How many weights the layers have."""
    return sum(layer.neurons * len(layer.weights[0]) for layer in layers)


def _is_whole(graph: Graph, layer: LayerShape) -> bool:
    sums = [graph.equations.sums.get(z) for z in layer.pre_activations]
    first = sums[0]
    if first is None or graph.loss in (*layer.pre_activations, *layer.activations):
        return False
    biases = layer.biases or ("",) * layer.neurons
    rows = zip(sums, layer.weights, biases, strict=True)
    if not all(one and (one.weights, one.operands, one.bias) == (row, first.operands, bias) for one, row, bias in rows):
        return False
    row_length = len(first.operands) + bool(layer.biases)
    start = graph.parameter_places.get(layer.weights[0][0], 0)
    rows_of_names = zip(layer.weights, ((bias,) if bias else () for bias in biases), strict=True)
    names = tuple(chain.from_iterable(chain(row, bias) for row, bias in rows_of_names))
    return graph.parameters[start : start + row_length * layer.neurons] == names
