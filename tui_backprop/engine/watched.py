"""What a training loop has to compute of a program: the gradients that it updates with, and what it watches.

Both engines ask this: they keep the loss, and of all the other numbers nothing but these.
"""

from __future__ import annotations

from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program, told_by_loss


def updated_gradients(program: Program, plan: Plan) -> list[tuple[int, int]]:
    """The places of the parameters that are updated, with the slots of their gradients."""
    places = program.graph.parameter_places
    pairs = ((places[name], slot) for name, slot in program.gradients.items() if name in places)
    return sorted(pair for pair in pairs if plan.is_updated[pair[0]])


def guards(program: Program, plan: Plan) -> tuple[int, ...]:
    """The shown slots whose being non-finite neither the loss, an updated parameter nor another guard would tell."""
    found = list(told_by_loss(program)[0])
    graph = program.graph
    told = {name for name, moves in zip(graph.parameters, plan.is_updated, strict=True) if moves}
    if plan.rule is None or not plan.rule.tells_gradient:
        told = set()
    # A gradient is a factor in the gradients of the node's own operands, and a non-finite factor stays non-finite.
    for name in reversed([*program.gradients]):
        if name not in told and name != graph.loss:
            found.append(program.gradients[name])
        told.update(graph.consumers.get(name, ()))
    computed = {instruction.out for instruction in program.instructions}
    return tuple(dict.fromkeys(slot for slot in found if slot in computed))
