"""What depends on what: the nodes in forward order, the edges with their factor formulas, and the backward order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.expression import Expression, names_in
from tui_backprop.maths.functions import CONSTANTS
from tui_backprop.scenario.forward_order import forward_order
from tui_backprop.scenario.model import Scenario


class Graph(Struct, frozen=True):
    """The computation graph of a scenario; checked when it is built.

    nodes: every equation's name, in forward order: always the first equation in file order whose operands are known.
    operands: for each node the names its equation uses, in order of appearance.
    consumers: for each name the nodes that use it and reach the loss, in forward order.
    factors: for each edge (of, wrt) between what reaches the loss and a node or parameter, the formula of its factor.
    parameter_places: for each parameter its place in `parameters`.
    backward: what gets a gradient after the loss, in the order of the backward pass: nodes and parameters.
    """

    constants: Mapping[str, float]
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    equations: Mapping[str, Expression]
    loss: str
    nodes: tuple[str, ...]
    operands: Mapping[str, tuple[str, ...]]
    consumers: Mapping[str, tuple[str, ...]]
    factors: Mapping[tuple[str, str], Expression]
    backward: tuple[str, ...]
    parameter_places: Mapping[str, int]

    def reaches_loss(self, name: str) -> bool:
        """Whether the loss depends on a node or parameter by some path."""
        return name == self.loss or bool(self.consumers.get(name))

    def is_direct(self, of: str, wrt: str) -> bool:
        """Whether a factor is of the loss and only a part of the gradient that is written in the same way."""
        return of == self.loss and len(self.consumers[wrt]) > 1

    def path_count(self, name: str) -> int:
        """By how many paths a node or parameter reaches the loss."""
        counts: dict[str, int] = {self.loss: 1}
        for node in reversed(self.nodes):
            if node != self.loss:
                counts[node] = sum(counts[user] for user in self.consumers.get(node, ()))
        return counts[name] if name in counts else sum(counts[user] for user in self.consumers.get(name, ()))

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


def build_graph(scenario: Scenario) -> Graph:
    """The graph of a scenario.

    Raises ValueError where an equation uses a name that nothing defines, or the equations go round in a circle.
    """
    operands = {
        node: tuple(name for name in names_in(equation) if name not in CONSTANTS)
        for node, equation in scenario.equations.items()
    }
    _check_names(scenario, operands)
    nodes = forward_order(operands)
    consumers = _consumers(nodes, operands, scenario.loss)
    differentiated = {*scenario.equations, *scenario.parameters}
    factors: dict[tuple[str, str], Expression] = {}
    for node in nodes:
        if node == scenario.loss or consumers.get(node):
            for operand, formula in factor_formulas(scenario.equations[node], node).items():
                if operand in differentiated:
                    factors[node, operand] = formula
    return Graph(
        constants=scenario.constants,
        parameters=tuple(scenario.parameters),
        inputs=scenario.inputs,
        equations=scenario.equations,
        loss=scenario.loss,
        nodes=nodes,
        operands=MappingProxyType(operands),
        consumers=MappingProxyType(consumers),
        factors=MappingProxyType(factors),
        backward=_backward_order(nodes, tuple(scenario.parameters), consumers, scenario.loss),
        parameter_places=MappingProxyType({name: place for place, name in enumerate(scenario.parameters)}),
    )


def _check_names(scenario: Scenario, operands: Mapping[str, tuple[str, ...]]) -> None:
    known = {*scenario.constants, *scenario.parameters, *scenario.inputs, *scenario.equations}
    for node, names in operands.items():
        for name in names:
            if name not in known:
                raise ValueError(f"the equation of '{node}' uses '{name}', which nothing defines")
    if scenario.loss not in scenario.equations:
        raise ValueError(f"the loss '{scenario.loss}' is not an equation")


def _consumers(
    nodes: tuple[str, ...], operands: Mapping[str, tuple[str, ...]], loss: str
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in reversed(nodes):
        if node == loss or found.get(node):
            for name in operands[node]:
                found.setdefault(name, []).append(node)
    return {name: tuple(reversed(users)) for name, users in found.items()}


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
