"""The steps as moments that a page goes through: where one is, what is said, and what changes in the picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tui_backprop.handout.document import Drawing, Moment, Shown
from tui_backprop.panels.graph_panel import active_of, label_of
from tui_backprop.panels.narration import just_computed
from tui_backprop.session import Cursor, Session


def moments(start: Session, cursors: Iterable[Cursor], drawing: Drawing | None) -> Iterator[Moment]:
    """The moments at these cursors, in order; each tells only what is other than at the one before."""
    names = dict.fromkeys(label.name for label in drawing.labels if label.name) if drawing else {}
    wires = {stroke.edge for stroke in drawing.strokes if stroke.edge} if drawing else set()
    beside = _beside(start)
    seen: dict[str, Shown] = {}
    for cursor in cursors:
        here = start.at(cursor)
        changes = [shown for shown in (_shown(here, name) for name in names) if seen.get(shown.name) != shown]
        seen.update((shown.name, shown) for shown in changes)
        active = active_of(here)
        edges = (active.edge,) if active.edge else active.path
        drawn = [edge if edge in wires else beside.get(edge, edge) for edge in edges]
        says = just_computed(here)
        yield Moment(
            anchor=f"{here.iteration}.{cursor.index + 1}",
            where=_where(here),
            says=f"{says[0].upper()}{says[1:]}",
            changes=tuple(changes),
            node=active.node or "",
            edges=tuple(edge for edge in drawn if edge in wires),
        )


def _shown(session: Session, name: str) -> Shown:
    label = label_of(session, name)
    value, gradient = (label.value or "").strip(), (label.gradient or "").strip()
    return Shown(name, value, gradient, (label.value_role == "stale", label.gradient_role == "stale"))


def _beside(session: Session) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Of a net, for the edge between a neuron and a weight the wire that the weight belongs to."""
    network, found = session.scenario.network, {}
    before = network.inputs if network else ()
    for layer in network.layers if network else ():
        for z, row in zip(layer.pre_activations, layer.weights, strict=True):
            found.update({(z, weight): (z, source) for weight, source in zip(row, before, strict=True)})
        before = layer.activations
    return found


def _where(session: Session) -> str:
    count = len(session.history.plan.examples)
    example = "" if session.turn is None or count == 1 else f"example {session.example + 1} of {count}"
    words = (
        f"iteration {session.iteration:,}",
        example,
        session.entry.phase,
        f"step {session.cursor.index + 1} of {len(session.layout)}",
    )
    return session.characters.between.join(filter(None, words))
