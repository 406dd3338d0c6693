"""What depends on what: the nodes in forward order, the edges with their factor formulas, and the backward order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.expression import Expression
from tui_backprop.scenario.equations import Equations
from tui_backprop.scenario.forward_order import forward_order
from tui_backprop.scenario.model import Scenario


class Graph(Struct, frozen=True, dict=True):
    """The computation graph of a scenario; checked when it is built. Trees of neurons and factors are made when they
    are asked for: there are as many as weights.

    nodes: every equation's name, in forward order: always the first equation in file order whose operands are known.
    operands: for each node the names its equation uses, in order of appearance.
    consumers: for each name the nodes that use it and reach the loss, in forward order.
    parameter_places: for each parameter its place in `parameters`.
    backward: what gets a gradient after the loss, in the order of the backward pass: nodes and parameters.
    """

    constants: Mapping[str, float]
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    equations: Equations
    loss: str
    nodes: tuple[str, ...]
    operands: Mapping[str, tuple[str, ...]]
    consumers: Mapping[str, tuple[str, ...]]
    backward: tuple[str, ...]
    parameter_places: Mapping[str, int]

    @cached_property
    def factors(self) -> Factors:
        """For each edge (of, wrt) between what reaches the loss and a node or parameter, the formula of its factor."""
        return Factors(self)

    @cached_property
    def backward_places(self) -> Mapping[str, int]:
        """For each name of `backward` its place there."""
        return {name: place for place, name in enumerate(self.backward)}

    def reaches_loss(self, name: str) -> bool:
        """Whether the loss depends on a node or parameter by some path."""
        return name == self.loss or bool(self.consumers.get(name))

    def has_gradient(self, name: str) -> bool:
        """Whether the backward pass gives a name a gradient; for a parameter that does not reach the loss it is 0."""
        is_differentiated = name in self.equations and self.reaches_loss(name)
        return is_differentiated or name in self.parameter_places

    def is_direct(self, of: str, wrt: str) -> bool:
        """Whether a factor is of the loss and only a part of the gradient that is written in the same way."""
        return of == self.loss and len(self.consumers[wrt]) > 1

    def is_one_factor(self, name: str) -> bool:
        """Whether the gradient with respect to a name is a factor of the loss, and no more: the seed times it."""
        return self.consumers.get(name) == (self.loss,)

    def path_count(self, name: str) -> int:
        """By how many paths a node or parameter reaches the loss."""
        counts = self._path_counts
        return counts[name] if name in counts else sum(counts[user] for user in self.consumers.get(name, ()))

    @cached_property
    def _path_counts(self) -> Mapping[str, int]:
        counts: dict[str, int] = {self.loss: 1}
        for node in reversed(self.nodes):
            if node != self.loss:
                counts[node] = sum(counts[user] for user in self.consumers.get(node, ()))
        return counts

    def paths(self, name: str, most: int) -> tuple[tuple[str, ...], ...]:
        """The first paths from the loss down to a node or parameter, each as the names it goes through."""
        found: list[tuple[str, ...]] = []
        unfinished: list[_Path] = [(name, None)]
        while unfinished and len(found) < most:
            path = unfinished.pop()
            if path[0] == self.loss:
                found.append(_names_along(path))
            else:
                unfinished.extend((user, path) for user in reversed(self.consumers.get(path[0], ())))
        return tuple(found)


_Path = tuple[str, "_Path | None"]
"""A name, and the path from it on down: paths that begin alike share what they have in common."""


def _names_along(path: _Path | None) -> tuple[str, ...]:
    names: list[str] = []
    while path is not None:
        names.append(path[0])
        path = path[1]
    return tuple(names)


class Factors(Mapping[tuple[str, str], Expression]):
    """The formulas of a graph's factors by edge, in forward order; each is made when it is asked for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._of_nodes: dict[str, Mapping[str, Expression]] = {}

    def __getitem__(self, edge: tuple[str, str]) -> Expression:
        of, wrt = edge
        if not self._has(of, wrt):
            raise KeyError(edge)
        neuron = self._graph.equations.sums.get(of)
        if neuron is not None:
            return neuron.factor(wrt)
        if of not in self._of_nodes:
            self._of_nodes[of] = factor_formulas(self._graph.equations[of], of)
        return self._of_nodes[of][wrt]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for of in self._graph.nodes:
            yield from ((of, wrt) for wrt in self._graph.operands[of] if self._has(of, wrt))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _has(self, of: str, wrt: str) -> bool:
        graph = self._graph
        is_differentiated = wrt in graph.parameter_places or wrt in graph.equations
        return is_differentiated and of in graph.consumers.get(wrt, ())


def build_graph(scenario: Scenario) -> Graph:
    """The graph of a scenario.

    Raises ValueError where an equation uses a name that nothing defines, or the equations go round in a circle.
    """
    equations = scenario.equations
    operands = {node: equations.operands(node) for node in equations}
    _check_names(scenario, operands)
    # Of a neuron the weights are known from the start: only its operands can keep it waiting.
    sums = equations.sums
    nodes = forward_order({node: sums[node].operands if node in sums else names for node, names in operands.items()})
    consumers = _consumers(nodes, operands, equations, scenario.loss)
    return Graph(
        constants=scenario.constants,
        parameters=tuple(scenario.parameters),
        inputs=scenario.inputs,
        equations=equations,
        loss=scenario.loss,
        nodes=nodes,
        operands=MappingProxyType(operands),
        consumers=MappingProxyType(consumers),
        backward=_backward_order(nodes, tuple(scenario.parameters), consumers, scenario.loss),
        parameter_places=MappingProxyType({name: place for place, name in enumerate(scenario.parameters)}),
    )


def _check_names(scenario: Scenario, operands: Mapping[str, tuple[str, ...]]) -> None:
    known = {*scenario.constants, *scenario.parameters, *scenario.inputs, *scenario.equations}
    for node, names in operands.items():
        missing = next((name for name in names if name not in known), None)
        if missing is not None:
            raise ValueError(f"the equation of '{node}' uses '{missing}', which nothing defines")
    if scenario.loss not in scenario.equations:
        raise ValueError(f"the loss '{scenario.loss}' is not an equation")


def _consumers(
    nodes: tuple[str, ...], operands: Mapping[str, tuple[str, ...]], equations: Equations, loss: str
) -> dict[str, tuple[str, ...]]:
    users: dict[str, list[str]] = {}
    weighing: dict[str, tuple[str, ...]] = {}
    for node in reversed(nodes):
        if node != loss and node not in users:
            continue
        neuron = equations.sums.get(node)
        if neuron is not None:
            # All of a neuron's weights share one tuple.
            weighing.update(dict.fromkeys((*neuron.weights, neuron.bias), (node,)))
        for name in neuron.operands if neuron is not None else operands[node]:
            users.setdefault(name, []).append(node)
    weighing.pop("", None)
    consumers = {name: tuple(reversed(found)) for name, found in users.items()}
    for name in weighing.keys() & consumers.keys():
        both = {*weighing[name], *consumers.pop(name)}
        weighing[name] = tuple(node for node in nodes if node in both)
    return weighing | consumers


def _backward_order(
    nodes: tuple[str, ...], parameters: tuple[str, ...], consumers: Mapping[str, tuple[str, ...]], loss: str
) -> tuple[str, ...]:
    """Nodes in reverse forward order; after each the parameters which that completes, in file order."""
    completed_by: dict[str, list[str]] = {}
    for parameter in parameters:
        users = consumers.get(parameter)
        # The backward pass meets a parameter's consumers from the last to the first in forward order.
        completed_by.setdefault(users[0] if users else loss, []).append(parameter)
    order: list[str] = []
    for node in reversed(nodes):
        if node != loss and not consumers.get(node):
            continue
        if node != loss:
            order.append(node)
        order.extend(completed_by.get(node, ()))
    return tuple(order)
