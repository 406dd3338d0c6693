"""The cells of a column of the picture: inputs, a layer, or the cost with the targets."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.panels.network.folds import FOLD_ROWS, Stretch, runs
from tui_backprop.panels.network.marks import Marks, network_of
from tui_backprop.panels.number_widths import ROOMS, gradient_width, value_width
from tui_backprop.scenario.model import LayerShape
from tui_backprop.session import Session

Kind = Literal["inputs", "layer", "cost"]

FOLDED_WIDTH = 9
_MOST_MEASURED = 32
_ABREAST = 2
"""The cells between a pre-activation's texts and those of its activation beside it."""

_ROWS_TO_MAKE_WAY = 2
"""Where neurons are folded away, rows that are left over for wires that would meet others."""


class Density(Struct, frozen=True):
    """How generously cells are used: gradients beside their values or below them, a blank more, rows for biases.

    is_stacked: values stand below their names too, which is narrow and high.
    is_abreast: the activation stands beside its pre-activation, their values below their names.
    has_fan: every edge is a line of its own.
    room: the cells kept for a number that changes.
    """

    is_beside: bool = False
    is_loose: bool = True
    is_stacked: bool = False
    is_abreast: bool = False
    has_biases: bool = False
    has_fan: bool = False
    room: int = ROOMS[0]

    @property
    def activation_at(self) -> int:
        """How many rows the activation stands below its pre-activation, or would stand below it."""
        return 1 if self.is_beside else 3 if self.is_stacked or self.is_abreast else 2

    @property
    def outs_at(self) -> int:
        """How many rows the wires that leave a neuron are below those that enter it."""
        return 0 if self.is_abreast else self.activation_at

    @property
    def rows_each(self) -> int:
        """The rows of a neuron, with the blank one above it."""
        return 1 + (1 if self.is_abreast else 2) * self.activation_at + self.has_biases


class Column(Struct, frozen=True):
    """A column and its cells, counted from its own left edge.

    runs: the neurons in sight and the folds between them; of the cost the targets.
    name_at: where names begin: in cell 1, between their brackets, and in cell 0 where none ever gets brackets.
    number_at, gradient_at: where values and gradients begin. value_end: where
        wires that leave may begin while no gradient is known; out_at: where they begin else.
    activation_at: how far right of its pre-activation an activation stands.
    """

    place: int
    kind: Kind
    title: str
    runs: tuple[Stretch, ...]
    count: int
    name_at: int = 1
    number_at: int = 0
    gradient_at: int = 0
    value_end: int = 0
    out_at: int = 0
    activation_at: int = 0
    width: int = 0

    def names(self, session: Session, neuron: int) -> tuple[str, ...]:
        """What stands in the rows of a neuron: the input; pre-activation, activation and perhaps bias; the target."""
        network = network_of(session.lesson)
        if self.kind == "inputs":
            return (network.inputs[neuron],)
        if self.kind == "cost":
            return (network.targets[neuron],)
        return neuron_names(network.layers[self.place - 1], neuron)


def neuron_names(layer: LayerShape, neuron: int) -> tuple[str, ...]:
    """The names of a neuron: pre-activation, activation, and its bias if it has one."""
    return (layer.pre_activations[neuron], layer.activations[neuron], *layer.biases[neuron : neuron + 1])


def natural_rows(session: Session, density: Density) -> int:
    """How many rows the picture takes with all its neurons."""
    network = network_of(session.lesson)
    layers = max(layer.neurons for layer in network.layers) * density.rows_each
    return max(layers, 2 * len(network.inputs), _cost_rows(density) + len(network.targets))


def _cost_rows(density: Density) -> int:
    return density.activation_at + 2


def columns_of(session: Session, marks: Marks, density: Density, rows: int) -> tuple[Column, ...]:
    """All columns of the network, each with the neurons that so many rows have room for."""
    last = len(network_of(session.lesson).layers) + 1
    return tuple(_column(session, marks, density, rows, place) for place in range(last + 1))


def _column(session: Session, marks: Marks, density: Density, rows: int, place: int) -> Column:
    network = network_of(session.lesson)
    if place == 0:
        count = len(network.inputs)
        shown = runs(count, marks.kept(0), FOLD_ROWS, rows)
        return _sized(session, density, Column(0, "inputs", "inputs", shown, count))
    if place > len(network.layers):
        count = len(network.targets)
        shown = runs(count, (), 1, max(rows - _cost_rows(density), 0))
        return _sized(session, density, Column(place, "cost", "cost", shown, count))
    layer = network.layers[place - 1]
    count, title = layer.neurons, f"layer {place} softmax" if layer.exponentials else f"layer {place}"
    room = rows if count * density.rows_each <= rows else rows - _ROWS_TO_MAKE_WAY
    shown = runs(count, marks.kept(place), density.rows_each, room)
    return _sized(session, density, Column(place, "layer", title, shown, count))


def _sized(session: Session, density: Density, column: Column) -> Column:
    """The column with the cells that its longest texts of this iteration take, so that nothing moves in it."""
    seen = [run.first for run in column.runs if not run.is_folded]
    measured = range(column.count) if column.count <= _MOST_MEASURED else seen
    listed = [name for neuron in measured for name in column.names(session, neuron)]
    names = [network_of(session.lesson).cost] if column.kind == "cost" else listed
    name_at = int(column.kind != "inputs" or any(name in session.graph.parameter_places for name in names))
    number_at = _longest(session, names) + name_at + 1 + density.is_loose
    # A stale number ends with a parenthesis; after it, or in its place, comes a blank.
    value_end = number_at + value_width(session, names, density.room) + 1
    gradient = gradient_width(session, names, density.room) if column.kind != "inputs" else 0
    gradient_at = 0 if not gradient else value_end + 3 if density.is_beside else 3 + density.has_fan
    width = max(value_end, gradient_at + gradient + 1)
    if (density.is_stacked or density.is_abreast) and column.kind != "inputs":
        value_end, number_at = number_at, 2
        width = max(value_end, number_at + value_width(session, names, density.room) + 1, gradient_at + gradient + 1)
    activation_at = 0
    if density.is_abreast and column.kind == "layer":
        activation_at = width + _ABREAST
        value_end, width = value_end + activation_at, width + activation_at
    out_at = width if density.is_beside else value_end
    folded = 12 if any(run.is_folded for run in column.runs) and column.kind != "cost" else 0
    if column.kind == "cost":
        width = max(
            width, _longest(session, listed) + 2 + density.is_loose + value_width(session, listed, density.room)
        )
    return replace(
        column,
        name_at=name_at,
        number_at=number_at,
        gradient_at=gradient_at,
        value_end=value_end,
        out_at=max(out_at, folded),
        activation_at=activation_at,
        width=max(width, folded, len(column.title) + name_at),
    )


def _longest(session: Session, names: list[str]) -> int:
    return max((len(session.shown(name)) for name in names), default=0)


def fold_texts(column: Column, count: int) -> tuple[str, str]:
    """How many are folded away, and what they are."""
    what = {"inputs": "input", "layer": "neuron", "cost": "target"}[column.kind]
    return str(count), what if count == 1 else f"{what}s"
