"""What the step marks in the layers: which node, which edges and in which direction, and what stands beside them.

Columns are counted from 0: the inputs are column 0, layer l is column l, the cost is the last one. An edge is named by
the column it leads into, the place of its neuron in the column before, and the place of its neuron in that column.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from tui_backprop.lesson import Lesson
from tui_backprop.panels.lines import Role
from tui_backprop.panels.step_words import role_of
from tui_backprop.scenario.model import NetworkShape
from tui_backprop.session import Session


class Wire(NamedTuple):
    """An edge between the neurons of two neighbouring columns."""

    column: int
    source: int
    target: int


class Spot(NamedTuple):
    """Where a name stands: the column, and the place of its neuron in it, counted from 0."""

    column: int
    neuron: int


class Marks(Struct, frozen=True):
    """What a step is about.

    node: the name that gets brackets. weight: the weight or bias that gets them below the picture.
    wires: the edges drawn heavy; they run forward or back. labels: what stands beside a wire, near its neuron.
    within: the neuron whose own edge, from pre-activation to activation, is drawn heavy.
    about: the neuron whose weights are listed; None where the step is about no neuron.
    columns: the first and the last column that have to be seen.
    """

    columns: tuple[int, int]
    node: str = ""
    weight: str = ""
    wires: tuple[Wire, ...] = ()
    is_back: bool = False
    role: Role = "active_edge"
    labels: tuple[tuple[Wire, str, Role], ...] = ()
    within: Spot | None = None
    about: Spot | None = None

    def kept(self, column: int) -> tuple[int, ...]:
        """The neurons of a column that a fold must leave in sight: not those of a whole column of edges."""
        found: set[int] = set()
        sources = {wire.source for wire in self.wires if wire.column == column + 1}
        targets = {wire.target for wire in self.wires if wire.column == column}
        found |= sources if len(sources) == 1 else set()
        found |= targets if len(targets) == 1 else set()
        if self.about is not None and self.about.column == column:
            found.add(self.about.neuron)
        if self.within is not None and self.within.column == column:
            found.add(self.within.neuron)
        return tuple(sorted(found))


@lru_cache(maxsize=4)
def spots(lesson: Lesson) -> dict[str, Spot]:
    """Where each input, activation, pre-activation, bias and the cost stand; weights stand on the wires.

    The exponentials of a softmax are inside their neurons; what all neurons of a layer share stands nowhere.
    """
    network = network_of(lesson)
    found = {name: Spot(0, place) for place, name in enumerate(network.inputs)}
    for column, layer in enumerate(network.layers, 1):
        for names in (layer.pre_activations, layer.exponentials, layer.activations, layer.biases):
            found.update((name, Spot(column, place)) for place, name in enumerate(names))
    found[network.cost] = Spot(len(network.layers) + 1, 0)
    return found


def network_of(lesson: Lesson) -> NetworkShape:
    """The network of a lesson that has one."""
    network = lesson.scenario.network
    assert network is not None
    return network


def wire_of_weight(lesson: Lesson, name: str) -> Wire | None:
    """The edge that a weight is on; None for what is no weight."""
    users = lesson.graph.consumers.get(name, ())
    spot = spots(lesson).get(users[0]) if users else None
    if spot is None or not 0 < spot.column <= len(network_of(lesson).layers):
        return None
    row = network_of(lesson).layers[spot.column - 1].weights[spot.neuron]
    return Wire(spot.column, row.index(name), spot.neuron) if name in row else None


def marks_of(session: Session) -> Marks:
    """What the step under the cursor marks; the path in focus, where that was asked for at this step."""
    if session.shows_path and session.focused_path():
        return _of_path(session, session.focused_path())
    entry = session.entry
    wire = wire_of_weight(session.lesson, entry.name)
    if wire is not None:
        return _of_weight(session, entry.name, wire)
    layer = softmax_of(session)
    if layer:
        return _of_softmax(session, layer)
    if entry.of:
        return _of_factor(session, entry.of, entry.name)
    # The others are the seed, the loss of all examples, and what becomes of a bias.
    marks = {"value": _of_value, "gradient": _of_gradient}.get(entry.kind, _node)
    return marks(session, entry.name or session.graph.loss)


def softmax_of(session: Session) -> int:
    """The layer inside whose softmax the step is, counted from 1; 0 where it is in none."""
    entry = session.entry
    for column, layer in enumerate(network_of(session.lesson).layers, 1):
        inside = {*layer.exponentials, *layer.shared}
        is_activation = entry.kind == "value" and bool(inside) and entry.name in layer.activations
        if is_activation or not inside.isdisjoint((entry.name, entry.of)):
            return column
    return 0


def _of_softmax(session: Session, layer: int) -> Marks:
    """A step inside a softmax: the neuron that it is in, and the edge inside it; none where it is about all of them."""
    entry, places = session.entry, spots(session.lesson)
    spot = next((places[name] for name in (entry.of, entry.name) if name in places), None)
    node = "" if entry.of else entry.name
    return Marks((layer - 1, layer), node, is_back=entry.phase == "backward", within=spot, about=spot)


def _node(session: Session, name: str) -> Marks:
    spot = spots(session.lesson)[name]
    layers = len(network_of(session.lesson).layers)
    is_neuron = 0 < spot.column <= layers
    weight = name if name in session.graph.parameter_places else ""
    columns = (max(spot.column - 1, 0), min(spot.column, layers + 1)) if spot.column else (0, 1)
    return Marks(columns, name, weight, about=spot if is_neuron else None)


def _of_weight(session: Session, name: str, wire: Wire) -> Marks:
    is_gradient = session.entry.is_gradient
    known = session.known_gradient(name) if is_gradient else session.known_value(name)
    number = session.number(known.number) if known.number is not None else ""
    text = f"{session.shown(name)} {f'{session.characters.partial} ' if is_gradient else ''}{number}"
    return Marks(
        (wire.column - 1, wire.column),
        weight=name,
        wires=(wire,),
        is_back=session.entry.phase == "backward",
        labels=((wire, text, role_of(session.entry)),),
        about=Spot(wire.column, wire.target),
    )


def _of_path(session: Session, path: tuple[str, ...]) -> Marks:
    """A path from the loss down to the parameter in focus: an edge in every gap that it crosses."""
    places = spots(session.lesson)
    focus = path[-1]
    wires: list[Wire] = []
    for of, wrt in pairwise(path):
        wire = wire_of_weight(session.lesson, wrt) if wrt == focus else None
        if wire is None and of in places and wrt in places and places[of].column == places[wrt].column + 1:
            wire = Wire(places[of].column, places[wrt].neuron, places[of].neuron)
        if wire is not None:
            wires.append(wire)
    neuron = places[path[-2]]
    columns = (max(neuron.column - 1, 0), neuron.column)
    return Marks(columns, weight=focus, wires=tuple(wires), is_back=True, role="path_edge", about=neuron)


def _of_value(session: Session, name: str) -> Marks:
    network, spot = network_of(session.lesson), spots(session.lesson)[name]
    if spot.column <= len(network.layers) and name in network.layers[spot.column - 1].activations:
        return Marks((spot.column - 1, spot.column), name, within=spot, about=spot)
    before = network.inputs if spot.column == 1 else network.layers[spot.column - 2].activations
    wires = tuple(Wire(spot.column, source, spot.neuron) for source in range(len(before)))
    about = spot if spot.column <= len(network.layers) else None
    return Marks((spot.column - 1, spot.column), name, wires=wires, role="path_edge", about=about)


def _of_factor(session: Session, of: str, wrt: str) -> Marks:
    after, before = spots(session.lesson)[of], spots(session.lesson)[wrt]
    if after == before:
        is_bias = wrt in session.graph.parameter_places
        return Marks(
            (after.column - 1, after.column),
            wrt if is_bias else "",
            wrt if is_bias else "",
            is_back=True,
            within=None if is_bias else after,
            about=after,
        )
    wire = Wire(after.column, before.neuron, after.neuron)
    weight = _weight_of(session, wire)
    factor = session.known_factor(of, wrt).number
    labels: tuple[tuple[Wire, str, Role], ...] = ()
    if factor is not None:
        # Between neurons the factor is the weight of the edge, which tells more than its number.
        text = f"{session.shown(weight)} {session.number(factor)}" if weight else session.number(factor)
        labels = ((wire, text, "factor"),)
    about = after if weight else before
    return Marks((after.column - 1, after.column), "", weight, (wire,), is_back=True, labels=labels, about=about)


def _weight_of(session: Session, wire: Wire) -> str:
    """The weight on an edge between neurons; none on one into the cost."""
    layers = network_of(session.lesson).layers
    return layers[wire.column - 1].weights[wire.target][wire.source] if wire.column <= len(layers) else ""


def _of_gradient(session: Session, name: str) -> Marks:
    """A gradient's terms come back by the edges to all that its node feeds; each has its product beside it."""
    step, places = session.step, spots(session.lesson)
    spot = places[name]
    users = [places[term.through] for term in step.terms if term.through in places]
    if not users or spot in users:
        node = _node(session, name)
        within = spot if name not in session.graph.parameter_places else None
        return Marks(node.columns, name, node.weight, is_back=True, within=within, about=node.about)
    wires = tuple(Wire(user.column, spot.neuron, user.neuron) for user in users)
    labels: tuple[tuple[Wire, str, Role], ...] = tuple(
        (wire, session.number(term.product), "gradient") for wire, term in zip(wires, step.terms, strict=True)
    )
    about = spot if spot.column else None
    return Marks(
        (spot.column, spot.column + 1), name, wires=wires, is_back=True, role="path_edge", labels=labels, about=about
    )
