"""The equations of a network's layers as matrices: every entry of theirs is a step, or a number that is given.

Forward z = W·a + b and a = f(z); backward δ = Wᵀ·δ ⊙ f′(z), ∂C/∂W = δ·aᵀ and ∂C/∂b = δ, where δ is ∂C/∂z; over
several examples 1/n·Δ·Aᵀ, with a column for each of them; and the lines of the updates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.plan import Plan
from tui_backprop.maths.expression import Call, Expression, Name, names_in
from tui_backprop.maths.functions import CONSTANTS
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.layer_gradients import gradient_formulas, outside
from tui_backprop.record.layer_matrices import LayerMatrices, Sources
from tui_backprop.record.layer_places import LayerPart, LayerPlace, LayerPlaces
from tui_backprop.record.matrix_formulas import (
    Combined,
    Entrywise,
    Formula,
    Given,
    Matrix,
    MatrixCell,
    Operand,
    Source,
    column,
    product,
)
from tui_backprop.record.step_layout import Entry, Phase
from tui_backprop.record.update_lines import rule_of
from tui_backprop.scenario.model import NetworkShape
from tui_backprop.scenario.optimizers import GRADIENT, PARAMETER


class LayerEquation(Struct, frozen=True):
    """One equation: `left` is computed from the matrices of `right`.

    layer: counted from 1. part: of what in the layer it gives the values, gradients, means or updates.
    line: which line of an update it is, None for the last one.
    """

    layer: int
    phase: Phase
    part: LayerPart
    left: Matrix
    right: Formula
    line: int | None = None


class LayerEquations:
    """The equations of a network, made when they are asked for."""

    def __init__(self, graph: Graph, plan: Plan, network: NetworkShape) -> None:
        self.graph = graph
        self.network = network
        self.places = LayerPlaces(network)
        self._plan = plan
        self.matrices = LayerMatrices(graph, network)
        self._made: dict[tuple[Phase, int, int], tuple[LayerEquation, ...]] = {}

    def of(self, phase: Phase, layer: int, examples: int) -> tuple[LayerEquation, ...]:
        """Those of a layer, in an iteration that sees so many examples, in the order in which they are computed."""
        key = phase, layer, examples
        if key not in self._made:
            making: Mapping[Phase, Callable[[], Iterator[LayerEquation]]] = {
                "forward": lambda: self._forward(layer),
                "backward": lambda: self._backward(layer),
                "average": lambda: self._means(layer, examples),
                "update": lambda: self._updates(layer, examples),
            }
            self._made[key] = tuple(making[phase]())
        return self._made[key]

    def of_phase(self, phase: Phase, examples: int) -> tuple[LayerEquation, ...]:
        """Those of a phase, in the order in which they are computed."""
        layers = range(1, len(self.network.layers) + 1)
        in_order = reversed(layers) if phase == "backward" else layers
        return tuple(chain.from_iterable(self.of(phase, layer, examples) for layer in in_order))

    def at(self, entry: Entry, examples: int) -> tuple[LayerEquation, LayerPlace] | None:
        """The equation that a step belongs to, and which entry of its left side it is, or leads to. None for a step
        that is about no layer."""
        place = self.places.of(entry.name)
        if place is None:
            return None
        of_layer = self.of(entry.phase, place.layer, examples)
        found = (each for each in of_layer if each.part == place.part and each.line == entry.line)
        return next(((each, place) for each in found), None)

    def _forward(self, layer: int) -> Iterator[LayerEquation]:
        values, shape = self.matrices.values, self.matrices.shape(layer)
        z = values(layer, "z")
        weighted: Formula = product(values(layer, "W"), self.matrices.before(layer))
        formulas: dict[LayerPart, Formula] = {
            "z": Combined("sum", (weighted, values(layer, "b"))) if shape.biases else weighted
        }
        if shape.exponentials:
            e, s, m = values(layer, "e"), values(layer, "s"), values(layer, "m")
            exponent: Expression = Name(z.symbol)
            subtracted = {m.symbol: m} if m.rows else {}
            for symbol in subtracted:
                formulas["m"] = Combined("largest", (z,))
                exponent = Call("-", exponent, Name(symbol))
            formulas["e"] = Entrywise(Call("exp", exponent), {z.symbol: z, **subtracted})
            formulas["s"] = Combined("total", (e,))
            formulas["a"] = Entrywise(Call("/", Name(e.symbol), Name(s.symbol)), {e.symbol: e, s.symbol: s})
        elif shape.activation == "identity":
            formulas["a"] = z
        else:
            formulas["a"] = Entrywise(Call(shape.activation, Name(z.symbol)), {z.symbol: z})
        for part, formula in formulas.items():
            yield LayerEquation(layer, "forward", part, values(layer, part), formula)

    def _backward(self, layer: int) -> Iterator[LayerEquation]:
        for part, formula in gradient_formulas(self.matrices, layer):
            yield LayerEquation(layer, "backward", part, self.matrices.gradients(layer, part), formula)

    def _parameters(self, layer: int) -> tuple[LayerPart, ...]:
        return ("W", "b") if self.matrices.shape(layer).biases else ("W",)

    # --- over several examples

    def _means(self, layer: int, examples: int) -> Iterator[LayerEquation]:
        matrices, averages = self.matrices, self._plan.averages
        for part in self._parameters(layer) if examples > 1 else ():
            gradients = matrices.gradients(layer, part)
            mean = matrices.of_part(layer, part, gradients.symbol, _mean)
            if any(True for _ in outside(matrices, layer, part)):
                total = Combined("sum", tuple(_of_example(gradients, turn) for turn in range(examples)))
            else:
                delta = matrices.beside(f"Delta {layer}", matrices.names(layer, "z"), matrices.gradient, examples)
                symbol = f"A {layer - 1}" if layer > 1 else "X "
                read = matrices.beside(symbol, matrices.inputs(layer), matrices.value, examples)
                ones = Matrix("1", examples, 1, lambda row, at: MatrixCell(1.0))
                total = product(delta, read.transposed if part == "W" else ones)
            left = replace(mean, remark="mean" if averages else "sum")
            right = Combined("share", (total,), examples) if averages else total
            yield LayerEquation(layer, "average", part, left, right)

    # --- updates

    def _updates(self, layer: int, examples: int) -> Iterator[LayerEquation]:
        if self._plan.rule is None:
            return
        lines = self._plan.rule.lines
        for part in self._parameters(layer):
            updated = (name for name in self.matrices.all_names(layer, part) if self._is_updated(name))
            first = next(updated, "")
            for place, line in enumerate(lines) if first else ():
                names = (name for name in names_in(line.formula) if name not in CONSTANTS)
                read = {name: self._read(layer, part, place, name, first, examples) for name in names}
                symbol = self._symbol_in_update(layer, part, line.name)
                left = self.matrices.of_part(layer, part, symbol, self._line(place))
                at = self._at(place)
                yield LayerEquation(layer, "update", part, left, Entrywise(line.formula, read), at)

    def _is_updated(self, name: str) -> bool:
        return self._plan.is_updated[self.graph.parameter_places[name]]

    def _at(self, place: int) -> int | None:
        """How an entry tells a line: the last one by None."""
        return place if place < len(rule_of(self._plan).lines) - 1 else None

    def _line(self, place: int) -> Sources:
        """A line of the update of a parameter; of a frozen one there is none."""
        at = self._at(place)
        return lambda name: Entry("update", name, line=at) if self._is_updated(name) else None

    def _symbol_in_update(self, layer: int, part: LayerPart, name: str) -> str:
        if name == PARAMETER:
            return f"{part} {layer}"
        is_only_line = len(rule_of(self._plan).lines) == 1
        return partial_name(self.graph.loss, f"{part} {layer}") if name == GRADIENT and is_only_line else name

    def _read(self, layer: int, part: LayerPart, place: int, name: str, first: str, examples: int) -> Matrix:
        """What a line of the updates reads under a name: of every parameter, or one number for all of them.

        first: a parameter of the part that is updated.
        """
        rule, line = rule_of(self._plan), self._line(place)
        set_by = [before for before, each in enumerate(rule.lines[:place]) if each.name == name]

        def operand(parameter: str) -> Source:
            entry = line(parameter)
            return Operand(entry, name) if isinstance(entry, Entry) else None

        if set_by:
            source = self._line(set_by[-1])
        elif name == PARAMETER:
            source = Given
        elif name == GRADIENT:
            source = _mean if examples > 1 else self.matrices.gradient
        elif name in rule.state:
            source = operand
        else:
            return column(name, (first,), operand)
        return self.matrices.of_part(layer, part, self._symbol_in_update(layer, part, name), source)


def _mean(name: str) -> Source:
    return Entry("mean", name)


def _of_example(gradients: Matrix, turn: int) -> Matrix:
    """The gradients of one example, by its turn in the iteration."""

    def cell(row: int, at: int) -> MatrixCell:
        return MatrixCell(gradients.cell(row, at).source, turn)

    return replace(gradients, cell=cell, remark=f"example {turn + 1}")
