"""The derivation of any derivative of a graph: a factor by the rules, paths by multiplying, adding and simplifying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, pairwise

from msgspec.structs import replace

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.cancellation import evaluate
from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.by_rules import (
    ROUNDED,
    Derivation,
    Line,
    definitions_used,
    derive_factor,
    differ_visibly,
    is_close,
)
from tui_backprop.maths.derivation.summary import principal_reason, principal_rule
from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.expression import ONE, ZERO, Call, Expression, Name, chained, flattened, names_in, size
from tui_backprop.maths.tokens import RESERVED_NAMES
from tui_backprop.maths.writing import Style, write

MOST_PATHS = 12
"""More paths than this are not listed one by one."""

_LARGEST_WRITTEN = 400  # what has more parts could not be read in one line, nor read back as one expression
_MOST_MULTIPLIED = 64  # more paths are not even multiplied out to see what cancels
_LARGEST_READ = 60  # parts of a line of algebra that is told where the paths were not
_MOST_NAMED = 60  # more derivatives on the way than this are not told line by line
_MOST_TOLD = 10  # factors of a path that are written out in a sentence


def derive(graph: Graph, of: str, wrt: str, numbers: Mapping[str, float], style: Style) -> Derivation:
    """The derivation of ∂of/∂wrt at the given numbers: every name's value in one example's forward pass.

    Of neighbours that no other path joins it is the factor's, by the rules. Else the factors along every path are
    multiplied, the paths summed, and the sum simplified line by line; sympy is imported for that.
    """
    if of == wrt:
        line = Line("definition", Name(of), wrt, ONE, {}, reasons.of_itself(Name(of), wrt, style), 1.0)
        return Derivation(of, wrt, 1.0, (), (line,))
    paths = _Paths(graph, of, wrt)
    if paths.count == 0:
        why = f"No path leads from {style.name(wrt)} to {style.name(of)}: moving the one does not move the other."
        return Derivation(of, wrt, 0.0, (), (Line("constant rule", Name(of), wrt, ZERO, {}, why, 0.0),))
    if paths.count == 1 and wrt in graph.operands[of]:
        return derive_edge(graph, of, wrt, numbers, style)
    routes = paths.all() if paths.count <= MOST_PATHS else []
    if (
        routes
        and sum(size(paths.factor(*edge)) + 1 for route in routes for edge in pairwise(route)) <= _LARGEST_WRITTEN
    ):
        return _by_paths(paths, routes, numbers, style)
    return _by_gradients(paths, routes, numbers, style)


def derive_edge(graph: Graph, of: str, wrt: str, numbers: Mapping[str, float], style: Style) -> Derivation:
    """The derivation of one factor by the rules: of a node for one of its operands, with all others held constant."""
    equation = graph.equations[of]
    factor = graph.factors.get((of, wrt)) or factor_formulas(equation, of)[wrt]
    derivation = _by_own_equation(graph, derive_factor(equation, of, wrt, factor, numbers, style), numbers, style)
    if _Paths(graph, of, wrt).count == 1:
        return derivation
    rest = f"{style.name(wrt)} also moves {style.name(of)} by other paths, which its gradient adds."
    closing = f"{derivation.closing} This is the direct part: {rest}".lstrip()
    return replace(derivation, closing=closing)


def _by_own_equation(graph: Graph, derivation: Derivation, numbers: Mapping[str, float], style: Style) -> Derivation:
    """The derivation of a factor of a share, u/(u + v), with the lines that its own equation makes possible."""
    equation, last = graph.equations[derivation.of], derivation.lines[-1]
    if not (isinstance(equation, Call) and equation.function == "/"):
        return derivation
    if equation.arguments[0] not in flattened(equation.arguments[1], "+"):
        return derivation
    lines, closing = _simplified(graph, [[last.expression]], last, numbers, style)
    if closing or derivation.of not in names_in(lines[-1].expression):
        return derivation
    return replace(derivation, lines=(*derivation.lines, *lines))


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
        if (of, wrt) in self.graph.factors:
            return self.graph.factors[of, wrt]
        if of not in self._factors:
            self._factors[of] = factor_formulas(self.graph.equations[of], of)
        return self._factors[of][wrt]


def _by_paths(paths: _Paths, routes: list[tuple[str, ...]], numbers: Mapping[str, float], style: Style) -> Derivation:
    of, wrt = paths.of, paths.wrt
    lines = _factor_lines(paths, routes, numbers, style)
    products = [[paths.factor(*edge) for edge in pairwise(route)] for route in routes]
    written = [chained("*", product) for product in products]
    whole = chained("+", written)
    value = evaluate(whole, numbers)
    if len(routes) == 1:
        chain = _chain_text(routes[0], style)
        why = f"{reasons.partial(Name(of), wrt, style)} = {chain}: each moves the next one, so the factors multiply."
        lines.append(Line("chain rule", Name(of), wrt, whole, {}, why, value))
    else:
        for place, (route, product) in enumerate(zip(routes, written, strict=True), 1):
            why = f"Path {place} of {len(routes)}: {_chain_text(route, style)}. Its factors multiply."
            if len(route) == 2:
                why = f"Path {place} of {len(routes)} is direct: {style.name(wrt)} stands in {style.name(of)} itself."
            lines.append(Line("chain rule", Name(f"path {place}"), wrt, product, {}, why, evaluate(product, numbers)))
        why = f"{style.name(wrt)} moves {style.name(of)} along {len(routes)} paths at once: what they do adds up."
        lines.append(Line("sum rule", Name(of), wrt, whole, {}, why, value))
    simplified, closing = _simplified(paths.graph, products, lines[-1], numbers, style)
    lines.extend(simplified)
    if differ_visibly(lines, of, wrt):
        closing = ROUNDED
    opening = tuple(_written_equation(paths.graph, node, style) for node in _nodes_on(routes))
    together = "their product" if len(routes) == 1 else f"their product along each of {len(routes)} paths; the sum"
    plan = f"The plan: the factors one by one; then {together}; then the algebra."
    return Derivation(of, wrt, value, opening, tuple(lines), closing, plan)


def _chain_text(route: Sequence[str], style: Style) -> str:
    """The factors along a path in symbols; of many, the first and the last."""
    factors = [reasons.partial(Name(of), wrt, style) for of, wrt in pairwise(route)]
    if len(factors) > _MOST_TOLD:
        half, ellipsis = _MOST_TOLD // 2, style.characters.ellipsis
        factors = [*factors[:half], f"{ellipsis} ({len(factors) - 2 * half} more) {ellipsis}", *factors[-half:]]
    return f" {style.characters.times} ".join(factors)


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
        formula, equation = paths.factor(of, wrt), paths.graph.equations[of]
        # Beside other paths the direct factor is not the whole derivative: then the line is on the equation's text.
        is_part = (of, wrt) == (paths.of, paths.wrt)
        subject = equation if is_part else Name(of)
        why = principal_reason(equation, of, wrt, style)
        lines.append(
            Line(principal_rule(equation, wrt), subject, wrt, formula, {}, why, evaluate(formula, numbers)),
        )
    return lines


def _simplified(
    graph: Graph, products: list[list[Expression]], last: Line, numbers: Mapping[str, float], style: Style
) -> tuple[list[Line], str]:
    """The lines of algebra that are true at these numbers, and why they stop where they do."""
    # Imported here because it takes half a second, and only a path's derivation needs it.
    from tui_backprop.maths.simplify import is_too_large, rewritings

    lines: list[Line] = []
    if is_too_large(products):
        return lines, _TOO_LARGE
    skipped = False
    given = {name: numbers[name] for name in (*graph.inputs, *graph.constants)}
    for rewriting in rewritings(products, style, graph.equations, given):
        value = evaluate(rewriting.expression, numbers)
        line = Line(rewriting.rule, last.subject, last.wrt, rewriting.expression, {}, rewriting.why, value)
        skipped = skipped or not is_close(value, last.value)
        if not skipped:
            lines.append(line)
    if not skipped:
        return lines, "" if lines else "No shorter form was found."
    if not is_close(line.value, last.value):
        return lines, "At these numbers the next line of the algebra is not finite, or rounding takes its digits."
    return [*lines, replace(line, why=_LINES_LEFT_OUT)], ""


_LINES_LEFT_OUT = (
    "The lines of algebra that lead here are left out: at these numbers they are not finite, or rounding takes their "
    "digits. What they end with is the same number."
)


def _by_gradients(
    paths: _Paths, routes: list[tuple[str, ...]], numbers: Mapping[str, float], style: Style
) -> Derivation:
    """Too many paths to list, or too long ones: backward from `of`, each node's derivative is named and used again."""
    of, wrt = paths.of, paths.wrt
    taken = {*numbers, *RESERVED_NAMES}
    inner_names = (name for name in map("g{}".format, count(1)) if name not in taken)
    names: dict[str, str] = {}
    totals: dict[str, Expression] = {}
    reached: list[tuple[str, str, list[str]]] = []
    values = dict(numbers)
    for name, through in _backward(paths):
        inner = "" if name == wrt else next(inner_names)
        names[name] = inner
        totals[inner] = chained("+", [_upstream_times_factor(paths, names, user, name) for user in through])
        values[inner] = evaluate(totals[inner], values)
        reached.append((name, inner, through))
    lines = [
        _gradient_line(of, name, inner, through, totals, values[inner], style)
        for name, inner, through in (reached if len(reached) <= _MOST_NAMED else reached[-1:])
    ]
    if len(routes) == 1:
        lines = [*_factor_lines(paths, routes, numbers, style), *lines]
    if paths.count <= _MOST_MULTIPLIED and len(reached) <= _MOST_NAMED:
        products = [[paths.factor(*edge) for edge in pairwise(route)] for route in paths.all()]
        short = _short_lines(_simplified(paths.graph, products, lines[-1], numbers, style)[0])
        if short:
            return Derivation(of, wrt, values[""], _why_backward(paths, style), (*lines, *short))
    return Derivation(of, wrt, values[""], _why_backward(paths, style), tuple(lines), _TOO_LARGE)


def _short_lines(lines: list[Line]) -> list[Line]:
    """The last lines of algebra, from where they can be read: those before are of all paths at once."""
    long = max((place for place, line in enumerate(lines, 1) if size(line.expression) > _LARGEST_READ), default=0)
    if not lines[long:]:
        return []
    used = lines[long - 1].why if long and lines[long - 1].rule == "substitution" else ""
    why = " ".join(filter(None, (_ALL_PUT_IN, used, lines[long].why)))
    return [replace(lines[long], why=why), *lines[long + 1 :]]


_ALL_PUT_IN = "The factors are put in and multiplied out along every path."
_TOO_LARGE = "This is too large to simplify line by line."


def _why_backward(paths: _Paths, style: Style) -> tuple[str, str]:
    of, wrt = style.name(paths.of), style.name(paths.wrt)
    many = f"{paths.count:,} paths lead" if paths.count < 10**9 else "More than a billion paths lead"
    lead = "The path leads" if paths.count == 1 else many
    much = (
        "through too many nodes to write in one product" if paths.count <= MOST_PATHS else "too many to list one by one"
    )
    return (
        f"{lead} from {wrt} to {of}, {much}.",
        "Backward, the derivative for each node is found once, gets a name, and is used again.",
    )


def _gradient_line(
    of: str,
    name: str,
    inner: str,
    through: Sequence[str],
    totals: Mapping[str, Expression],
    value: float,
    style: Style,
) -> Line:
    """The line on the derivative for one name, in terms of those for the nodes that use it."""
    many = len(through) > _MOST_TOLD
    users = f"{len(through)} nodes" if many else reasons.listed(style.name(user) for user in through)
    why = f"{style.name(name)} moves {style.name(of)} through {users}."
    if inner:
        why = f"{why} This is called {inner} from here on."
    where = definitions_used(names_in(totals[inner]), totals)
    return Line("chain rule", Name(of), name, totals[inner], where, why, value)


def _backward(paths: _Paths) -> Iterator[tuple[str, list[str]]]:
    """What leads from `wrt` to `of`, `of` left out, the last first, each with the nodes through which it does."""
    graph, of, wrt = paths.graph, paths.of, paths.wrt
    users: dict[str, list[str]] = {}
    nodes = [node for node in graph.nodes if node in paths.reached]
    for node in nodes:
        for operand in graph.operands[node]:
            if operand in paths.reached:
                users.setdefault(operand, []).append(node)
    useful = _on_the_way(users, of)
    for name in (*reversed(nodes[: nodes.index(of)]), *([] if wrt in graph.equations else [wrt])):
        if name in useful:
            yield name, [user for user in users.get(name, ()) if user in useful]


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
    if user == paths.of:
        return factor
    return Name(names[user]) if factor == ONE else Call("*", Name(names[user]), factor)
