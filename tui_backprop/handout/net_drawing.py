"""A network of layers as one draws it on paper: a column for each layer, and a straight line for each edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from tui_backprop.handout.document import Drawing, Lettering, Place, Stroke, StrokeRole
from tui_backprop.panels.graph_panel import label_of
from tui_backprop.panels.network.marks import network_of
from tui_backprop.session import Session

MOST_NEURONS = 8
"""Of a column. Of more, the first ones and the last are drawn."""

_COLUMN_WIDTH, _INPUT_WIDTH, _GAP, _ROW_HEIGHT = 124.0, 100.0, 70.0, 18.0
_NUMBER_AT = 44.0
_LEFT_OUT = "⋮"


class _Neuron(Struct, frozen=True):
    """A neuron in its place: the names in its rows, of which wires enter the first and leave the last.

    `index`: which of its column it is; -1 stands for those that are left out.
    """

    index: int
    names: tuple[str, ...]
    left: float
    right: float
    top: float

    @property
    def enters(self) -> Place:
        """Where wires end."""
        return self.left - 6, self.top + _ROW_HEIGHT / 2

    @property
    def leaves(self) -> Place:
        """Where wires begin."""
        return self.right, self.top + _ROW_HEIGHT / 2


def net_drawing(session: Session, has_numbers: bool) -> Drawing:
    """A net with all that is known at the cursor, or with nothing but what is given."""
    network = network_of(session.lesson)
    contents: list[list[tuple[str, ...]]] = [[(name,) for name in network.inputs]]
    contents.extend([*zip(layer.pre_activations, layer.activations, strict=True)] for layer in network.layers)
    contents.append([(network.cost, *network.targets)])
    height = max(map(_height, contents))
    columns = [_column(names, place, height) for place, names in enumerate(contents)]
    strokes = tuple(
        stroke
        for place, (before, after) in enumerate(pairwise(columns))
        for stroke in _wires(session, before, after, place)
    )
    labels = tuple(label for column in columns for neuron in column for label in _texts(session, neuron, has_numbers))
    return Drawing(columns[-1][0].right, height, strokes, labels)


def _drawn(names: Sequence[tuple[str, ...]]) -> list[int]:
    """Which neurons of a column are drawn; -1 stands for all that are left out."""
    count = len(names)
    return [*range(count)] if count <= MOST_NEURONS else [*range(MOST_NEURONS - 2), -1, count - 1]


def _height(names: Sequence[tuple[str, ...]]) -> float:
    rows = sum(2 * len(names[index]) if index >= 0 else 1 for index in _drawn(names))
    return (rows + 0.6 * len(_drawn(names))) * _ROW_HEIGHT


def _column(names: Sequence[tuple[str, ...]], place: int, height: float) -> list[_Neuron]:
    """The neurons of a column, spread over the height."""
    drawn = _drawn(names)
    left = _INPUT_WIDTH + _GAP + (place - 1) * (_COLUMN_WIDTH + _GAP) if place else 0.0
    right = left + (_COLUMN_WIDTH if place else _INPUT_WIDTH)
    spare = (height - _height(names)) / len(drawn)
    found, top = [], spare / 2
    for index in drawn:
        shown = names[index] if index >= 0 else ()
        found.append(_Neuron(index, shown, left, right, top))
        top += (max(1, 2 * len(shown)) + 0.6) * _ROW_HEIGHT + spare
    return found


def _wires(session: Session, before: Sequence[_Neuron], after: Sequence[_Neuron], place: int) -> Iterator[Stroke]:
    layers = network_of(session.lesson).layers
    for target in after:
        for source in before:
            if source.index < 0 or target.index < 0:
                continue
            role: StrokeRole = "edge"
            if place < len(layers):
                weight = session.known_value(layers[place].weights[target.index][source.index]).number or 0.0
                role = "negative_edge" if weight < 0 else "positive_edge" if weight > 0 else "edge"
            yield Stroke((source.leaves, target.enters), role, (target.names[0], source.names[-1]), has_arrow=True)


def _texts(session: Session, neuron: _Neuron, has_numbers: bool) -> Iterator[Lettering]:
    """Each name with its value beside it and its gradient below."""
    if not neuron.names:
        yield Lettering((neuron.left, neuron.top + _ROW_HEIGHT / 2), _LEFT_OUT, "name")
    for place, name in enumerate(neuron.names):
        at = neuron.top + (2 * place + 0.5) * _ROW_HEIGHT
        texts, is_node = label_of(session, name), name in session.graph.equations
        is_shown = has_numbers or not is_node
        yield Lettering((neuron.left, at), texts.name, "name" if is_node else "given", name)
        yield Lettering((neuron.left + _NUMBER_AT, at), (texts.value or "").strip() if is_shown else "", "value", name)
        if session.graph.has_gradient(name):
            gradient = (texts.gradient or "") if has_numbers else ""
            yield Lettering((neuron.left + _NUMBER_AT, at + _ROW_HEIGHT), gradient, "gradient", name)
