"""The words of the screen, and the lines of an optimizer, each explained where it first comes up in a lesson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeGuard

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.derivation.reasons import told
from tui_backprop.maths.expression import Call, Expression, Name, names_in, post_order
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.partials import partial_name
from tui_backprop.maths.writing import Style
from tui_backprop.record.history import History
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import RATE, RATE_WHY

_OF_FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "step": "`step(u)` is 1 where `u` is above 0, and 0 elsewhere.",
        "sign": "`sign(u)` is 1 where `u` is above 0, `-1` where it is below, and 0 at 0.",
        "xlogy": "`xlogy(u, v)` is `u*log(v)`, and 0 where `u` is 0, whatever `v` is.",
        "xdivy": "`xdivy(u, v)` is `u/v`, and 0 where `u` is 0, whatever `v` is.",
    }
)
"""What the functions are that a lesson's author may not have written, but that factors are written with."""


def first_words(history: History, iteration: int, step: Step, style: Style) -> Iterator[tuple[str, str]]:
    """The words that come up at a step for the first time, each with a sentence on it."""
    graph, layout = history.graph, history.layout(0)
    if iteration > 0:
        return
    purpose = purpose_of_line(history, step.entry)
    if purpose and step.name in ("", *(graph.parameters[place] for place in history.plan.updated_places[:1])):
        yield purpose, purpose
    if step.index == layout.first_update and RATE in names_in(step.tree):
        rate = f"{style.characters.eta} is the learning rate, here {style.number(step.numbers[RATE])}"
        yield "learning rate", f"{rate}: the larger it is, the longer the step."
    if step.index >= len(layout.per_example):
        return
    name, loss = style.name(step.name), style.name(graph.loss)
    if step.kind == "value":
        activation = _activation_of(graph, step.name)
        if activation and not any(_activation_of(graph, node) for node in graph.nodes[: step.index]):
            function = _function(graph.equations[activation])
            says = f"{name}, which goes into the {function}, is called the pre-activation"
            yield "pre-activation", f"{says}; {style.name(activation)}, which comes out, is the activation."
    elif step.kind == "seed":
        read = f"Read {style.name(partial_name(graph.loss, graph.loss))} as: how far {loss} moves for each 1"
        yield "seed", f"{read} that {loss} moves. Every product on the way back begins with this 1."
    elif step.kind == "factor":
        if not any(layout.entry(index).of for index in range(len(graph.nodes), step.index)):
            says = "A factor of the chain rule tells how far a node moves for each 1 that one of its operands moves"
            yield "factor", f"{says}, the others standing still. It is a rate: it holds for small moves."
        for function in _OF_FUNCTIONS:
            if _has_call(step.tree, function) and _first_factor_with(history, function) == step.index:
                yield function, told(_OF_FUNCTIONS[function], {}, style)
    elif step.kind == "gradient":
        if step.name == graph.backward[0]:
            says = f"A gradient tells how far {loss} moves for each 1 that a node moves"
            yield "gradient", f"{says}, however many factors lie between them."
        user = next((user for user in graph.consumers.get(step.name, ()) if user != graph.loss), "")
        if user and step.name == next(other for other in graph.backward if _has_upstream(graph, other)):
            upstream = style.name(partial_name(graph.loss, user))
            says = f"{upstream} is the upstream gradient here: what has come back as far as {style.name(user)}"
            yield "upstream gradient", f"{says}. Times the factor, it comes one node further."


def purpose_of_line(history: History, entry: Entry) -> str:
    """What the line of an update is for; "" elsewhere, and where the line is all there is."""
    rule = history.plan.rule
    if entry.kind != "update" or rule is None:
        return ""
    if not entry.name:
        return RATE_WHY
    return rule.lines[-1 if entry.line is None else entry.line].why if len(rule.lines) > 1 else ""


def _activation_of(graph: Graph, node: str) -> str:
    """What a node goes into as the whole operand of an activation function; "" where it goes into none, and of what is
    an activation itself."""
    if len(graph.operands[node]) < 2 or _is_activation(graph.equations[node]):
        return ""
    users = ((user, graph.equations[user]) for user in graph.consumers.get(node, ()))
    return next((user for user, tree in users if _is_activation(tree) and tree.arguments == (Name(node),)), "")


def _is_activation(equation: Expression) -> TypeGuard[Call]:
    return isinstance(equation, Call) and FUNCTIONS[equation.function].is_activation


def _function(equation: Expression) -> str:
    assert isinstance(equation, Call)
    return equation.function


def _has_upstream(graph: Graph, name: str) -> bool:
    return any(user != graph.loss for user in graph.consumers.get(name, ()))


def _has_call(tree: Expression, function: str) -> bool:
    return any(isinstance(part, Call) and part.function == function for part in post_order(tree))


@lru_cache(maxsize=16)
def _first_factor_with(history: History, function: str) -> int:
    """Where the first factor stands that is written with a function; -1 where none is."""
    layout = history.layout(0)
    for index in range(len(history.graph.nodes), len(layout.per_example)):
        entry = layout.entry(index)
        if entry.of and _has_call(history.graph.factors[entry.of, entry.name], function):
            return index
    return -1
