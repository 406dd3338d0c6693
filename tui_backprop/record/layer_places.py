"""Where the names of a network stand in its layers, and where in an iteration the steps of each layer begin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Literal, NamedTuple

from msgspec import Struct

from tui_backprop.record.step_layout import Entry, StepLayout
from tui_backprop.scenario.model import LayerShape, NetworkShape

LayerPart = Literal["z", "m", "e", "s", "a", "W", "b"]
"""What a layer is made of: pre-activations; of a softmax the largest of them, the exponentials and their sum;
activations; weights; biases."""


class LayerPlace(NamedTuple):
    """Where a name stands: the layer, counted from 1, the part of it, and the entry, counted from 0."""

    layer: int
    part: LayerPart
    row: int
    column: int = 0


def parts_of(shape: LayerShape) -> Mapping[LayerPart, tuple[str, ...]]:
    """The names of every part of a layer but the weights, in the order in which they are computed; () for what it does
    not have."""
    return {
        "z": shape.pre_activations,
        "m": shape.shared[:-1],
        "e": shape.exponentials,
        "s": shape.shared[-1:],
        "a": shape.activations,
        "b": shape.biases,
    }


class LayerPlaces:
    """Where every name of a network stands."""

    def __init__(self, network: NetworkShape) -> None:
        self._layers = network.layers
        self._places = {
            name: LayerPlace(layer, part, row)
            for layer, shape in enumerate(network.layers, 1)
            for part, names in parts_of(shape).items()
            for row, name in enumerate(names)
        }

    def of(self, name: str) -> LayerPlace | None:
        """Where a name stands; None for what is in no layer, such as an input."""
        place = self._places.get(name)
        return place if place is not None or not name else self._of_weight(name)

    def _of_weight(self, name: str) -> LayerPlace | None:
        # Looked for anew, because a layer may have a hundred thousand: this takes a millisecond, a table of all more.
        for layer, shape in enumerate(self._layers, 1):
            for row, weights in enumerate(shape.weights):
                if name in weights:
                    return LayerPlace(layer, "W", row, weights.index(name))
        return None


# --- the steps of a layer


class LayerStarts(Struct, frozen=True):
    """Where the layers begin in an iteration: forward and backward in the steps of one example, in their averages and
    in their updates. What stands between them, such as the cost and the seed, begins as they do.

    of_example: places among one example's steps; of_tail: among those after the last example; each in order.
    """

    of_example: tuple[int, ...]
    of_tail: tuple[int, ...]

    @staticmethod
    def of(network: NetworkShape, layout: StepLayout) -> LayerStarts:
        """The starts in the iterations of a layout."""
        of_example, after = {0, layout.places[Entry("seed", layout.loss)]}, 0
        for shape in network.layers:
            places = [layout.places[Entry("value", name)] for name in shape.nodes]
            of_example.add(min(places))
            after = max(after, *places)
            of_example.update(_start_backward(layout, shape))
        of_tail = {0, bisect_left(layout.tail, True, key=lambda entry: entry.kind == "update")}
        for shape in network.layers:
            of_tail.update(_first(layout, (Entry("mean", name) for name in _parameters(shape))))
            of_tail.update(_first(layout, _updates(shape)))
        starts = sorted(of_example | {after + 1}), sorted(place for place in of_tail if place < len(layout.tail))
        return LayerStarts(*map(tuple, starts))

    def after(self, layout: StepLayout, index: int) -> int:
        """The first start after a step; the number of steps where the iteration has none."""
        turn, size = layout.turn(index), len(layout.per_example)
        if turn is not None:
            return turn * size + next((place for place in self.of_example if place > index - turn * size), size)
        before = size * layout.batch_size
        return before + next((place for place in self.of_tail if place > index - before), len(layout.tail))

    def up_to(self, layout: StepLayout, index: int) -> int:
        """The last start that does not stand after a step."""
        turn, size = layout.turn(index), len(layout.per_example)
        before, starts = (size * layout.batch_size, self.of_tail) if turn is None else (turn * size, self.of_example)
        return before + max(place for place in starts if place <= index - before)


def _parameters(shape: LayerShape) -> Iterator[str]:
    """The weights and biases of a layer in file order: neuron by neuron."""
    return chain.from_iterable((*weights, *shape.biases[row : row + 1]) for row, weights in enumerate(shape.weights))


def _updates(shape: LayerShape) -> Iterator[Entry]:
    """Of every parameter the first line of its update, be it one of several or the only one."""
    return (Entry("update", name, line=line) for name in _parameters(shape) for line in (0, None))


def _first(layout: StepLayout, entries: Iterable[Entry]) -> Iterator[int]:
    """The place of the first of these entries that the iteration has."""
    return islice((layout.places[entry] for entry in entries if entry in layout.places), 1)


def _start_backward(layout: StepLayout, shape: LayerShape) -> list[int]:
    """The place of the first factor, or of the gradient that has none, of a layer that gets a gradient."""
    entries = (layout.gradient_of(name) for name in shape.nodes)
    places = [layout.places[entry] for entry in entries if entry]
    if not places:
        return []
    start = min(places)
    name = layout.per_example[start].name
    while layout.per_example[start - 1].of and layout.per_example[start - 1].name == name:
        start -= 1
    return [start]
