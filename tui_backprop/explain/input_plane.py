"""What a net gives where no example is: nodes over the plane of the two inputs that they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from tui_backprop.explain.surface import in_round_numbers
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry

_MARGIN = 0.15
_ENOUGH = 3
"""More inputs than a plane has need not be counted one by one."""

Span2 = tuple[float, float]


class InputPlane(Struct, frozen=True):
    """What is drawn over which two inputs.

    nodes: the outputs, of which there may be several, or the one node inside that the cursor is on.
    targets: for each output the input that it should become; () where that is not plain.
    """

    inputs: tuple[str, str]
    nodes: tuple[str, ...]
    targets: tuple[str, ...]
    is_inside: bool = False


@lru_cache(maxsize=8)
def outputs_of(history: History) -> tuple[str, ...]:
    """What a lesson computes before its loss: a network's last activations, else what the loss is made of."""
    network, graph = history.scenario.network, history.graph
    if network is not None and network.layers:
        return tuple(name for name in network.layers[-1].activations if name != graph.loss)
    return tuple(name for name in graph.operands[graph.loss] if name in graph.equations)


@lru_cache(maxsize=8)
def _inputs_below(history: History) -> Mapping[str, frozenset[str]]:
    """For each node the inputs that it depends on; of many, a few."""
    graph = history.graph
    found: dict[str, frozenset[str]] = {name: frozenset((name,)) for name in graph.inputs}
    nothing: frozenset[str] = frozenset()
    for node in graph.nodes:
        entry = graph.equations.sums.get(node)
        below = nothing
        for name in entry.operands if entry is not None else graph.operands[node]:
            below |= found.get(name, nothing)
            if len(below) >= _ENOUGH:
                break
        found[node] = below
    return found


def why_no_plane(history: History) -> str:
    """Why there is no plane of two inputs to draw the outputs over; "" where there is one."""
    outputs = outputs_of(history)
    count = len(_below(history, outputs))
    if count == 2:
        return ""
    told = ("no input", "one input", "", "three inputs or more")[min(count, _ENOUGH)]
    return f"What comes out depends on {told} here; it can be drawn over the plane of two."


def _below(history: History, nodes: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(_inputs_below(history)[node] for node in nodes))


def plane_at(history: History, entry: Entry) -> InputPlane:
    """What is drawn while a step of this kind is under the cursor: the outputs, or a node inside that the step is
    about. Only where `why_no_plane` has no reason."""
    graph, outputs = history.graph, outputs_of(history)
    below = _below(history, outputs)
    first, second = (name for name in graph.inputs if name in below)
    targets = _targets(history, below)
    node = entry.name if entry.kind != "mean" and entry.kind != "update" else ""
    if node in graph.parameter_places:
        # A weight belongs to the neuron that uses it.
        users = graph.consumers[node]
        node = users[0] if len(users) == 1 else ""
    if node in graph.equations and node not in (graph.loss, *outputs):
        inside = _inputs_below(history)[node]
        if inside and inside <= below:
            return InputPlane((first, second), (node,), targets, is_inside=True)
    return InputPlane((first, second), outputs, targets)


def _targets(history: History, below: frozenset[str]) -> tuple[str, ...]:
    """The inputs that the outputs should become, where it is plain which."""
    network = history.scenario.network
    if network is not None and network.targets:
        return network.targets
    others = tuple(name for name in history.graph.inputs if name not in below)
    return others if len(others) == len(outputs_of(history)) else ()


@lru_cache(maxsize=8)
def frame_of_inputs(history: History, inputs: tuple[str, str]) -> tuple[Span2, Span2]:
    """From where to where the two inputs are drawn, in round numbers: around all examples."""
    places = [history.graph.inputs.index(name) for name in inputs]
    rows = zip(*history.plan.examples, strict=True)
    columns = [numbers for place, numbers in enumerate(rows) if place in places]
    first, second = (_around_all(min(numbers), max(numbers)) for numbers in columns)
    return first, second


def _around_all(low: float, high: float) -> Span2:
    margin = _MARGIN * (high - low) or max(1.0, abs(high))
    return in_round_numbers(low - margin, high + margin)


@lru_cache(maxsize=8)
def values_over(
    history: History, iteration: int, plane: InputPlane, rows: tuple[float, ...], columns: tuple[float, ...]
) -> Any:
    """The values of the plane's nodes at the parameters of an iteration, as an array: node by node the first input
    along the columns, the second along the rows."""
    # Here, because numpy takes a while to come, and only who looks at a plane needs it.
    import numpy as np

    from tui_backprop.engine.vectorised.array_functions import equation_on_arrays

    graph = history.graph
    across, down = np.meshgrid(np.array(columns), np.array(rows))
    first, second = plane.inputs
    known: dict[str, Any] = {**graph.constants, **history.parameters(iteration), first: across, second: down}
    needed = _needed(history, plane.nodes)
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            if node in needed:
                known[node] = equation_on_arrays(graph.equations, node, known)
    return np.array([np.broadcast_to(known[node], across.shape) for node in plane.nodes])


@lru_cache(maxsize=64)
def _needed(history: History, nodes: tuple[str, ...]) -> frozenset[str]:
    """The nodes that these are computed from, and they themselves."""
    graph, found, waiting = history.graph, set(nodes), [*nodes]
    while waiting:
        entry = graph.equations.sums.get(node := waiting.pop())
        names = entry.operands if entry is not None else graph.operands[node]
        new = {name for name in names if name in graph.equations} - found
        found |= new
        waiting += new
    return frozenset(found)
