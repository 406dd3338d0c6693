"""The slips: each one entry of a table, with a sentence for a learner, the steps on which it is made, and what it does
to the tree of such a step. The tree with the slip in it gives the number that someone gets who makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.plan import Plan
from tui_backprop.maths.derivative import derivative
from tui_backprop.maths.expression import (
    ONE,
    ZERO,
    Call,
    Expression,
    Name,
    Number,
    add,
    chained,
    divide,
    flattened,
    multiply,
    names_in,
    post_order,
    replace,
)
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.partials import partial_name
from tui_backprop.maths.table_formulas import formula
from tui_backprop.maths.tidy import instantiate, negated, product_of, sum_of
from tui_backprop.record.slipped_pass import SUM, before, updated
from tui_backprop.record.step_kinds import right_tree
from tui_backprop.record.step_layout import Entry, Kind
from tui_backprop.scenario.model import NetworkShape
from tui_backprop.scenario.optimizers import GRADIENT, RATE


class Site(Struct, frozen=True):
    """Where slips are made: a graph, how it is trained, its layers where it has any, and how many examples an iteration
    goes through."""

    graph: Graph
    plan: Plan
    network: NetworkShape | None
    size: int

    def tree(self, entry: Entry) -> Expression:
        """What a step should compute. A mean's tree has the sum over the examples as one name."""
        if entry.kind == "mean":
            return divide(SUM, Number(self.size)) if self.plan.averages else SUM
        return right_tree(self.graph, self.plan, entry, self.size)

    def is_last_word(self, entry: Entry) -> bool:
        """Whether a step gives a parameter's gradient as the update will use it: its mean, or of one example itself."""
        kind = "mean" if self.size > 1 else "gradient"
        return entry.kind == kind and entry.name in self.graph.parameter_places


Trees = Callable[[Site, Entry, Expression], Iterable[Expression]]
"""What a slip may make of the right tree of a step; nothing where it cannot happen there."""


class Slip(Struct, frozen=True, kw_only=True):
    """One slip.

    says: what was done, for a learner: a sentence without its capital letter and its full stop.
    kinds: the kinds of steps on which a run makes it.
    trees: what it makes of a step's tree; the usual way first.
    elsewhere: further kinds of steps where a wrong number may come from it.
    is_usual: on which of its steps it is made where a run makes it everywhere.
    """

    name: str
    says: str
    kinds: tuple[Kind, ...]
    trees: Trees
    elsewhere: tuple[Kind, ...] = ()
    is_usual: Callable[[Site, Entry], bool] = lambda site, entry: True


# --- on a factor


def _sign(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    yield negated(tree)


def _half(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    twice, half = product_of(Number(2), tree), product_of(Number(0.5), tree)
    yield from (twice, half) if _has_half(_equation(site, entry)) else (half, twice)


def _is_square_or_half(site: Site, entry: Entry) -> bool:
    equation = _equation(site, entry)
    return _has_half(equation) or any(
        isinstance(part, Call) and part.function == "^" and part.arguments[1] == Number(2)
        for part in post_order(equation)
    )


def _has_half(equation: Expression) -> bool:
    return any(
        part == Number(0.5) or (isinstance(part, Call) and part.function == "/" and part.arguments[1] == Number(2))
        for part in post_order(equation)
    )


def _equation(site: Site, entry: Entry) -> Expression:
    """The equation that a factor or value is of; that of a neuron's sum, which has neither squares nor calls, is left
    out."""
    node = entry.of or entry.name
    return ZERO if node in site.graph.equations.sums else site.graph.equations.get(node, ZERO)


Slopes = Callable[[Call, Expression], Iterable[Expression]]
"""What stands for the slope of an activation, given its call and the value of it."""


def _with_slopes(slopes: Slopes) -> Trees:
    """Each activation in the factor's equation in turn with another slope."""

    def trees(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
        equation, wrt = _equation(site, entry), entry.name
        for call in post_order(equation):
            if not isinstance(call, Call) or not FUNCTIONS[call.function].is_activation or wrt not in names_in(call):
                continue
            hole = Name("□")
            outside, inside = replace(equation, {call: hole}), derivative(call.arguments[0], wrt)
            value = Name(entry.of) if call == equation else call
            for slope in slopes(call, value):
                through = product_of(derivative(outside, hole.name), product_of(slope, inside))
                slipped = replace(sum_of(derivative(outside, wrt), through), {hole: call})
                yield replace(slipped, {equation: Name(entry.of)})

    return trees


def _no_slope(call: Call, value: Expression) -> Iterator[Expression]:
    yield ONE


def _slope_at_value(call: Call, value: Expression) -> Iterator[Expression]:
    slope = formula(FUNCTIONS[call.function].derivatives[0])
    yield instantiate(slope, {"u": value, "result": Call(call.function, value)})
    if Name("result") in flattened(slope, "*"):
        yield value


def _transposed(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    graph = site.graph
    layers = site.network.layers if site.network else ()
    layer = next((layer for layer in layers if entry.of in layer.pre_activations), None)
    if layer is None or layer.neurons != len(layer.weights[0]):
        return
    operands = tuple(name for name in graph.operands[entry.of] if name not in graph.parameter_places)
    if entry.name in operands:
        yield Name(layer.weights[operands.index(entry.name)][layer.pre_activations.index(entry.of)])


def _updated(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    places, parameters = site.graph.backward_places, site.graph.parameter_places
    yield replace(
        tree,
        {
            Name(name): Name(updated(name))
            for name in names_in(tree)
            if name in parameters
            and site.plan.rule is not None
            and site.plan.is_updated[parameters[name]]
            and places[name] < places[entry.name]
        },
    )


_MOST_PRODUCTS_AWAY = 8
"""How far away in a long sum an operand may stand that is taken for another one."""


def _other_operand(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    """Of a factor: of the products that the name is a factor of, first the name itself for what it is multiplied by,
    then what other products have in that place. Of a value: what other products have in the same place."""
    wrt, products = Name(entry.name), _products(site, entry)
    mine = [place for place, product in enumerate(products) if wrt in product or entry.kind == "value"]
    for place in mine if entry.kind == "factor" else ():
        yield replace(tree, {other: wrt for other in products[place] if other != wrt})
    for place in mine:
        first = max(0, place - _MOST_PRODUCTS_AWAY)
        for other in products[first : place + _MOST_PRODUCTS_AWAY + 1]:
            for right, wrong in zip(products[place], other, strict=False):
                if right not in (wrt, wrong):
                    yield replace(tree, {right: wrong})


def _products(site: Site, entry: Entry) -> Sequence[tuple[Name, ...]]:
    """The names of each product in the equation of a factor or value, where it has several; of a long sum those near
    the factor's name."""
    node = entry.of or entry.name
    neuron = site.graph.equations.sums.get(node)
    if neuron is not None:
        pairs = list(zip(neuron.weights, neuron.operands, strict=True))
        at = next((place for place, pair in enumerate(pairs) if entry.name in pair), 0)
        return [(Name(w), Name(a)) for w, a in pairs[max(0, at - _MOST_PRODUCTS_AWAY) : at + _MOST_PRODUCTS_AWAY + 1]]
    parts = post_order(site.graph.equations.get(node, ZERO))
    calls = [flattened(part, "*") for part in parts if isinstance(part, Call) and part.function == "*"]
    names = [tuple(factor for factor in factors if isinstance(factor, Name)) for factors in calls]
    return [product for product in names if len(product) > 1]


# --- on a sum


def _no_upstream(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    graph = site.graph
    seed = Name(partial_name(graph.loss, graph.loss))
    users = graph.consumers.get(entry.name, ())
    if users:
        yield chained("+", [multiply(seed, Name(partial_name(user, entry.name))) for user in users])


def _one_term_less(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    terms = flattened(tree, "+")
    for left_out in reversed(range(len(terms))) if len(terms) > 1 else ():
        yield chained("+", terms[:left_out] + terms[left_out + 1 :])


def _one_term(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    terms = flattened(tree, "+")
    yield from (terms[-1], terms[0])


def _zero_for_bias(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    graph, users = site.graph, site.graph.consumers.get(entry.name, ())
    if entry.name in graph.parameter_places and all(graph.factors[user, entry.name] == ONE for user in users):
        yield ZERO


# --- after the last example


def _no_division(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    if site.plan.averages and isinstance(tree, Call):
        yield tree.arguments[0]


def _division(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    if not site.plan.averages:
        yield divide(tree, Number(site.size))


def _is_of_parameter(site: Site, entry: Entry) -> bool:
    return bool(entry.name)


def _added_to_old(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    if site.plan.rule is not None and site.is_last_word(entry):
        yield add(tree, Name(before(partial_name(site.graph.loss, entry.name))))


def _with_or_without_rate(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    if entry.kind == "update":
        yield instantiate(tree, {RATE: ONE}) if entry.name else tree
    elif site.plan.rule is not None and site.is_last_word(entry):
        yield multiply(Name(RATE), tree)


def _uphill(site: Site, entry: Entry, tree: Expression) -> Iterator[Expression]:
    """The last line adds what it subtracts; one that subtracts nothing gets its gradient with the other sign."""
    rule = site.plan.rule
    assert rule is not None
    last = rule.lines[-1].formula
    if isinstance(last, Call) and last.function == "-":
        if entry.line is None and isinstance(tree, Call):
            yield Call("+", *tree.arguments)
    elif entry.name and GRADIENT not in (line.name for line in rule.lines[: entry.line]):
        yield instantiate(tree, {GRADIENT: negated(Name(GRADIENT))})


_TABLE = (
    Slip(
        name="bias_zero",
        says="the gradient of a bias is not 0: the bias stands in a sum, so its factor is 1",
        kinds=("gradient",),
        trees=_zero_for_bias,
    ),
    Slip(
        name="overwritten",
        says="only one term of the sum is left: the others were overwritten, with = in place of +=",
        kinds=("gradient",),
        trees=_one_term,
    ),
    Slip(
        name="missing_path",
        says="one path is missing: every way that leads to the loss adds a term",
        kinds=("gradient",),
        trees=_one_term_less,
    ),
    Slip(
        name="transposed_weights",
        says="going back, the weights were taken by row where they are needed by column: W where Wᵀ belongs",
        kinds=("factor",),
        trees=_transposed,
    ),
    Slip(
        name="updated_weights",
        says="a weight was updated too early: going back needs the weights that the forward pass had",
        kinds=("factor",),
        trees=_updated,
    ),
    Slip(
        name="derivative_at_value",
        says="the slope of the activation was not taken at z: the value a was put in for z, or a stands for the slope",
        kinds=("factor",),
        trees=_with_slopes(_slope_at_value),
    ),
    Slip(
        name="activation_derivative",
        says="the slope of the activation was left out",
        kinds=("factor",),
        trees=_with_slopes(_no_slope),
    ),
    Slip(
        name="not_zeroed",
        says="the gradient of the iteration before was added: it was not set to zero in between",
        kinds=("gradient", "mean"),
        trees=_added_to_old,
    ),
    Slip(
        name="mean_as_sum",
        says="the examples were summed up where they are averaged: the division by their number is missing",
        kinds=("mean",),
        trees=_no_division,
        is_usual=_is_of_parameter,
    ),
    Slip(
        name="sum_as_mean",
        says="the examples were averaged where they are only summed up",
        kinds=("mean",),
        trees=_division,
        is_usual=_is_of_parameter,
    ),
    Slip(
        name="upstream",
        says="this is the local factor alone: the gradient that comes from behind was not multiplied in",
        kinds=("gradient",),
        trees=_no_upstream,
    ),
    Slip(
        name="learning_rate",
        says="the learning rate belongs in the update, once, and nowhere else",
        kinds=("update",),
        trees=_with_or_without_rate,
        elsewhere=("gradient", "mean"),
    ),
    Slip(
        name="ascent",
        says="the gradient was added where it is subtracted",
        kinds=("update",),
        trees=_uphill,
    ),
    Slip(
        name="wrong_operand",
        says="the factor of a product is what the name is multiplied by, not the name itself and not another operand",
        kinds=("factor",),
        trees=_other_operand,
        elsewhere=("value",),
    ),
    Slip(
        name="half",
        says="this is twice or half of what it should be: mind the ½, and the 2 that comes down from a square",
        kinds=("factor",),
        trees=_half,
        elsewhere=("value",),
        is_usual=_is_square_or_half,
    ),
    Slip(
        name="sign",
        says="the sign is the wrong way round",
        kinds=("factor",),
        trees=_sign,
        elsewhere=("value", "mean"),
    ),
)
"""The more specific a slip, the earlier it stands."""

SLIPS: Mapping[str, Slip] = MappingProxyType({slip.name: slip for slip in _TABLE})
"""All slips by name."""


def slipped_trees(slip: Slip, site: Site, entry: Entry) -> tuple[Expression, ...]:
    """The trees that a slip makes of a step's, each once, the usual way first; () where it cannot happen there."""
    if entry.kind not in slip.kinds and entry.kind not in slip.elsewhere:
        return ()
    tree = site.tree(entry)
    return tuple(dict.fromkeys(found for found in slip.trees(site, entry, tree) if found != tree))
