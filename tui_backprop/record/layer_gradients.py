"""The gradient of every part of a layer as a formula of matrices: a term for each part that is made of it, and one for
each node beside the layers that uses it, such as the cost or a penalty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from tui_backprop.maths import expression
from tui_backprop.maths.expression import Expression, Name, names_in
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.layer_matrices import LayerMatrices
from tui_backprop.record.layer_places import LayerPart
from tui_backprop.record.matrix_formulas import Combined, Entrywise, Formula, column, product

_IN_ORDER: tuple[LayerPart, ...] = ("a", "s", "e", "m", "z", "W", "b")
_IN_SOFTMAX: Mapping[LayerPart, tuple[LayerPart, ...]] = {"z": ("e", "m"), "m": ("e",), "e": ("a", "s"), "s": ("a",)}
"""Which parts of a softmax are made of which."""


def gradient_formulas(matrices: LayerMatrices, layer: int) -> Iterator[tuple[LayerPart, Formula]]:
    """The parts of a layer that get a gradient, in the order of the backward pass, each with its formula.

    That of δ is put together with that of the activations where these come back by weights alone: Wᵀ·δ ⊙ f′(z).
    """
    of_activations: Formula | None = None
    for part in _IN_ORDER:
        terms = [*_within(matrices, layer, part, of_activations), *outside(matrices, layer, part)]
        if not terms:
            continue
        formula = terms[0] if len(terms) == 1 else Combined("sum", tuple(terms))
        if part == "a" and layer < len(matrices.network.layers) and len(terms) == 1:
            of_activations = formula
        yield part, formula


def _within(matrices: LayerMatrices, layer: int, part: LayerPart, of_activations: Formula | None) -> Iterator[Formula]:
    users = _users(matrices, layer, part)
    for to_layer, to in _made_of(matrices, layer, part):
        if users.isdisjoint(matrices.names(to_layer, to)):
            continue
        upstream = matrices.gradients(to_layer, to)
        if part == "b":
            yield upstream
        elif part == "W":
            yield product(upstream, matrices.before(layer).transposed)
        elif part == "a":
            yield product(matrices.values(to_layer, "W").transposed, upstream)
        elif part in ("m", "s"):
            yield product(matrices.factors(layer, part, to).transposed, upstream)
        elif to in ("m", "s"):
            yield product(upstream, matrices.factors(layer, part, to))
        else:
            comes = of_activations if of_activations is not None and (part, to) == ("z", "a") else upstream
            is_same = matrices.shape(layer).activation == "identity"
            yield comes if is_same else Combined("entrywise", (comes, matrices.factors(layer, part, to)))


def _made_of(matrices: LayerMatrices, layer: int, part: LayerPart) -> Iterator[tuple[int, LayerPart]]:
    """The parts that are made of a part, each with its layer; not of weights one of which is an input as well."""
    if part in ("W", "b"):
        if part == "b" or set(matrices.inputs(layer)).isdisjoint(matrices.all_names(layer, part)):
            yield layer, "z"
    elif part == "a":
        if layer < len(matrices.network.layers):
            yield layer + 1, "z"
    elif not matrices.shape(layer).exponentials:
        yield layer, "a"
    else:
        yield from ((layer, to) for to in _IN_SOFTMAX[part] if matrices.names(layer, to))


def _users(matrices: LayerMatrices, layer: int, part: LayerPart) -> set[str]:
    return {user for name in matrices.all_names(layer, part) for user in matrices.graph.consumers.get(name, ())}


def outside(matrices: LayerMatrices, layer: int, part: LayerPart) -> Iterator[Formula]:
    """The terms of what uses a part and is no part of a layer."""
    graph = matrices.graph
    within = {name for to_layer, to in _made_of(matrices, layer, part) for name in matrices.names(to_layer, to)}
    for user in sorted(_users(matrices, layer, part) - within, key=graph.nodes.index):
        of_cost = _of_cost(matrices, layer, part) if user == graph.loss else None
        yield of_cost or _through(matrices, layer, part, user)


def _through(matrices: LayerMatrices, layer: int, part: LayerPart, user: str) -> Formula:
    """The gradient of a node times its factors; of the loss, whose gradient is 1, these alone."""
    symbol = partial_name(user, f"{part} {layer}")
    factors = matrices.of_part(layer, part, symbol, lambda name: matrices.factor(user, name))
    if user == matrices.graph.loss:
        return replace(factors, remark="direct")
    return product(column(partial_name(matrices.graph.loss, user), (user,), matrices.gradient), factors)


def _of_cost(matrices: LayerMatrices, layer: int, part: LayerPart) -> Entrywise | None:
    """The derivative of the loss for every neuron, where it is the same formula of its own output and target."""
    graph, targets = matrices.graph, matrices.network.targets
    names = matrices.names(layer, part) if part in ("a", "z") else ()
    if (
        not names
        or len(names) != len(targets)
        or not all(graph.loss in graph.consumers.get(name, ()) for name in names)
    ):
        return None
    values = matrices.values(layer, part), column("t ", targets, matrices.value)
    trees: set[Expression] = set()
    for name, target in zip(names, targets, strict=True):
        put_in: dict[Expression, Expression] = {Name(name): Name(values[0].symbol), Name(target): Name("t ")}
        trees.add(expression.replace(graph.factors[graph.loss, name], put_in))
    tree, *others = trees
    if others or not {*names_in(tree)} <= {each.symbol for each in values}:
        return None
    return Entrywise(tree, {each.symbol: each for each in values})
