"""How is any derivative of a graph derived: a factor by the rules, paths by multiplying, adding and simplifying?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import count, pairwise

from tui_backprop.maths.derivation import Derivation, Line, derive_factor
from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import ONE, ZERO, Call, Expression, Name, chained, size
from tui_backprop.maths.parsing import RESERVED_NAMES
from tui_backprop.maths.rules import principal_rule
from tui_backprop.maths.writing import Style, write
from tui_backprop.training.graph import Graph

MOST_PATHS = 12
"""More paths than this are not listed one by one."""


def derive(graph: Graph, of: str, wrt: str, numbers: Mapping[str, float], style: Style) -> Derivation:
    """The derivation of ∂of/∂wrt at the given numbers: every name's value in one example's forward pass.

    Of neighbours it is the factor's, by the rules. Else the factors along every path are multiplied, the paths summed,
    and the sum simplified line by line; sympy is imported for that.
    """
    if of == wrt:
        line = Line("definition", Name(of), wrt, ONE, {}, f"{style.name(of)} changes exactly as fast as itself.", 1.0)
        return Derivation(of, wrt, 1.0, (), (line,))
    paths = _Paths(graph, of, wrt)
    if paths.count == 0:
        why = f"No path leads from {style.name(wrt)} to {style.name(of)}: the one does not move the other."
        return Derivation(of, wrt, 0.0, (), (Line("constant rule", Name(of), wrt, ZERO, {}, why, 0.0),))
    if paths.count == 1 and wrt in graph.operands[of]:
        factor = paths.factor(of, wrt)
        return derive_factor(graph.equations[of], of, wrt, factor, numbers, style)
    if paths.count > MOST_PATHS:
        return _by_gradients(paths, numbers, style)
    return _by_paths(paths, numbers, style)


class _Paths:
    """The part of a graph through which one name moves another."""

    def __init__(self, graph: Graph, of: str, wrt: str) -> None:
        self.graph = graph
        self.of = of
        self.wrt = wrt
        self._factors: dict[str, dict[str, Expression]] = {}
        counts = {wrt: 1}
        if of in graph.equations:
            for node in graph.nodes[: graph.nodes.index(of) + 1]:
                count = sum(counts.get(operand, 0) for operand in graph.operands[node])
                if count and node != wrt:
                    counts[node] = count
        self.reached = counts
        self.count = counts.get(of, 0)

    def all(self) -> list[tuple[str, ...]]:
        """Every path, as the names from `of` down to `wrt`, the first in the order of the operands."""
        found: list[tuple[str, ...]] = []
        unfinished: list[tuple[str, ...]] = [(self.of,)]
        while unfinished:
            path = unfinished.pop()
            if path[-1] == self.wrt:
                found.append(path)
                continue
            operands = [name for name in self.graph.operands[path[-1]] if name in self.reached]
            unfinished.extend((*path, operand) for operand in reversed(operands))
        return found

    def factor(self, of: str, wrt: str) -> Expression:
        """The formula of a factor, for inputs and constants too."""
        if of not in self._factors:
            self._factors[of] = factor_formulas(self.graph.equations[of], of)
        return self._factors[of][wrt]


def _partial(style: Style, of: str, wrt: str) -> str:
    return f"∂{style.name(of)}/∂{style.name(wrt)}"


def _by_paths(paths: _Paths, numbers: Mapping[str, float], style: Style) -> Derivation:
    of, wrt = paths.of, paths.wrt
    routes = paths.all()
    lines = _factor_lines(paths, routes, numbers, style)
    products = [[paths.factor(*edge) for edge in pairwise(route)] for route in routes]
    written = [chained("*", product) for product in products]
    value = evaluate(chained("+", written), numbers)
    for place, (route, product) in enumerate(zip(routes, written, strict=True)):
        chain = " · ".join(_partial(style, *edge) for edge in pairwise(route))
        if len(routes) == 1:
            why = f"{_partial(style, of, wrt)} = {chain}: each moves the next one, so the factors multiply."
            lines.append(Line("chain rule", Name(of), wrt, product, {}, why, value))
        else:
            why = f"Path {place + 1} of {len(routes)}: {chain}."
            lines.append(
                Line("chain rule", Name(f"path {place + 1}"), wrt, product, {}, why, evaluate(product, numbers))
            )
    if len(routes) > 1:
        why = f"{style.name(wrt)} moves {style.name(of)} by {len(routes)} paths at once: their products add up."
        lines.append(Line("sum rule", Name(of), wrt, chained("+", written), {}, why, value))
    simplified, closing = _simplified(products, lines[-1], numbers)
    opening = tuple(_written_equation(paths.graph, node, style) for node in _nodes_on(routes))
    return Derivation(of, wrt, value, opening, (*lines, *simplified), closing)


def _nodes_on(routes: list[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(node for route in routes for node in route[:-1]))


def _written_equation(graph: Graph, node: str, style: Style) -> str:
    return f"{style.name(node)} = {write(graph.equations[node], style)}"


def _factor_lines(
    paths: _Paths, routes: list[tuple[str, ...]], numbers: Mapping[str, float], style: Style
) -> list[Line]:
    """A line for each factor on the paths, once each."""
    edges = dict.fromkeys(edge for route in routes for edge in pairwise(route))
    lines: list[Line] = []
    for of, wrt in edges:
        formula = paths.factor(of, wrt)
        rule = principal_rule(paths.graph.equations[of], wrt)
        why = f"The factor of {_written_equation(paths.graph, of, style)}: see its own derivation, rule by rule."
        lines.append(Line(rule, Name(of), wrt, formula, {}, why, evaluate(formula, numbers)))
    return lines


def _simplified(products: list[list[Expression]], last: Line, numbers: Mapping[str, float]) -> tuple[list[Line], str]:
    """The lines of algebra that are true at these numbers, and why they stop where they do."""
    # Imported here because it takes half a second, and only a path's derivation needs it.
    from tui_backprop.maths.simplify import LARGEST_SIMPLIFIED, rewritings

    lines: list[Line] = []
    if sum(size(factor) for product in products for factor in product) > LARGEST_SIMPLIFIED:
        return lines, "This is too large to simplify line by line."
    for rewriting in rewritings(products):
        value = evaluate(rewriting.expression, numbers)
        if not math.isclose(value, last.value, rel_tol=1e-9, abs_tol=1e-12):
            return lines, "At these numbers the next line of the algebra would divide by 0 or lose all digits."
        lines.append(Line(rewriting.rule, last.subject, last.wrt, rewriting.expression, {}, rewriting.why, last.value))
    return lines, "" if lines else "Nothing cancels here: there is no shorter form."


def _by_gradients(paths: _Paths, numbers: Mapping[str, float], style: Style) -> Derivation:
    """Too many paths to list: backward from `of`, each node's derivative named once and used again."""
    of, wrt = paths.of, paths.wrt
    taken = {*numbers, *RESERVED_NAMES}
    names: dict[str, str] = {}
    where: dict[str, Expression] = {}
    values = dict(numbers)
    users: dict[str, list[str]] = {}
    nodes = [node for node in paths.graph.nodes if node in paths.reached]
    for node in nodes:
        for operand in paths.graph.operands[node]:
            if operand in paths.reached:
                users.setdefault(operand, []).append(node)
    total: Expression = ONE
    reversed_names = [*reversed(nodes[: nodes.index(of)]), *([] if wrt in paths.graph.equations else [wrt])]
    useful = _on_the_way(users, of)
    for name in reversed_names:
        if name not in useful:
            continue
        through = [user for user in users.get(name, ()) if user in useful or user == of]
        total = chained("+", [_upstream_times_factor(paths, names, user, name) for user in through])
        if name == wrt:
            break
        inner = next(candidate for candidate in map("g{}".format, count(1)) if candidate not in taken)
        taken.add(inner)
        names[name], where[inner] = inner, total
        values[inner] = evaluate(total, values)
    few = ", ".join(f"{inner} = {_partial(style, of, node)}" for node, inner in list(names.items())[:4])
    why = (
        f"{paths.count:,} paths lead from {style.name(wrt)} to {style.name(of)}, too many to list. "
        f"Backward, each node's derivative is named once and used again: {few} …"
    )
    value = evaluate(total, values)
    line = Line("chain rule", Name(of), wrt, total, where, why, value)
    return Derivation(of, wrt, value, (), (line,), "This is too large to simplify line by line.")


def _on_the_way(users: Mapping[str, list[str]], of: str) -> set[str]:
    """What leads to `of`: found backward from it."""
    operands: dict[str, list[str]] = {}
    for name, using in users.items():
        for user in using:
            operands.setdefault(user, []).append(name)
    found = {of}
    unfinished = [of]
    while unfinished:
        for name in operands.get(unfinished.pop(), ()):
            if name not in found:
                found.add(name)
                unfinished.append(name)
    return found


def _upstream_times_factor(paths: _Paths, names: Mapping[str, str], user: str, name: str) -> Expression:
    factor = paths.factor(user, name)
    return factor if user == paths.of else Call("*", Name(names[user]), factor)
