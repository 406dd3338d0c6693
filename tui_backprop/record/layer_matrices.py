"""The matrices of a network's layers: values, gradients, factors, weights, and the same beside each other for all
examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.layer_places import LayerPart, parts_of
from tui_backprop.record.matrix_formulas import Given, Matrix, MatrixCell, Source, column
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.model import LayerShape, NetworkShape

Sources = Callable[[str], Source]


class LayerMatrices:
    """The matrices of a network in a graph. Layers are counted from 1."""

    def __init__(self, graph: Graph, network: NetworkShape) -> None:
        self.graph = graph
        self.network = network

    # --- names

    def shape(self, layer: int) -> LayerShape:
        """The names of a layer."""
        return self.network.layers[layer - 1]

    def names(self, layer: int, part: LayerPart) -> tuple[str, ...]:
        """The names of a part that is one column."""
        return parts_of(self.shape(layer))[part]

    def all_names(self, layer: int, part: LayerPart) -> Iterable[str]:
        """The names of any part, weights row by row."""
        return chain(*self.shape(layer).weights) if part == "W" else self.names(layer, part)

    def inputs(self, layer: int) -> tuple[str, ...]:
        """The names of what a layer reads: the activations of the layer before, or the inputs."""
        return self.names(layer - 1, "a") if layer > 1 else self.network.inputs

    # --- where numbers come from

    def value(self, name: str) -> Source:
        """The value of a name."""
        return Entry("value", name) if name in self.graph.equations else Given(name)

    def gradient(self, name: str) -> Source:
        """The gradient of the loss for a name; 0 for what does not reach it."""
        if name == self.graph.loss:
            return Entry("seed", name)
        return Entry("gradient", name) if self.graph.has_gradient(name) else 0.0

    def factor(self, of: str, wrt: str) -> Source:
        """A factor; 0 where the one is not made of the other."""
        return Entry("factor", wrt, of) if of in self.graph.consumers.get(wrt, ()) else 0.0

    # --- matrices

    def of_part(self, layer: int, part: LayerPart, symbol: str, source: Sources) -> Matrix:
        """A matrix with an entry for every name of a part."""
        if part != "W":
            return column(symbol, self.names(layer, part), source)
        weights = self.shape(layer).weights
        return Matrix(symbol, len(weights), len(weights[0]), lambda row, at: MatrixCell(source(weights[row][at])))

    def values(self, layer: int, part: LayerPart) -> Matrix:
        """The values of a part: of weights and biases those before the update."""
        return self.of_part(layer, part, f"{part} {layer}", self.value)

    def gradients(self, layer: int, part: LayerPart) -> Matrix:
        """The gradients of the loss for a part; those for the pre-activations are called δ."""
        symbol = f"delta {layer}" if part == "z" else partial_name(self.graph.loss, f"{part} {layer}")
        return self.of_part(layer, part, symbol, self.gradient)

    def factors(self, layer: int, part: LayerPart, to: LayerPart) -> Matrix:
        """The factors between two parts of a layer, of which each has an entry for every neuron, or only one."""
        names, users = self.names(layer, part), self.names(layer, to)
        count = max(len(names), len(users))
        pairs = zip(users * (count // len(users)), names * (count // len(names)), strict=True)
        sources = [self.factor(of, wrt) for of, wrt in pairs]
        is_slope = (part, to) == ("z", "a")
        symbol = f"z {layer}" if is_slope else partial_name(f"{to} {layer}", f"{part} {layer}")
        return Matrix(
            symbol, count, 1, lambda row, _: MatrixCell(sources[row]), self.shape(layer).activation if is_slope else ""
        )

    def before(self, layer: int) -> Matrix:
        """What a layer reads."""
        return self.values(layer - 1, "a") if layer > 1 else column("x ", self.inputs(layer), self.value)

    def beside(self, symbol: str, names: Sequence[str], source: Sources, examples: int) -> Matrix:
        """The numbers of some names in all examples of an iteration, a column for each example."""
        return Matrix(symbol, len(names), examples, lambda row, turn: MatrixCell(source(names[row]), turn))
