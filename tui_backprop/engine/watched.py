"""What a training loop has to compute of a program: the gradients that it updates with, and what it watches.

Both engines ask this: they keep the loss, and of all the other numbers nothing but these.
"""

from __future__ import annotations

from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program, values_that_hide_non_finite


def updated_gradients(program: Program, plan: Plan) -> list[tuple[int, int]]:
    """The places of the parameters that are updated, with the slots of their gradients."""
    names = enumerate(zip(program.parameter_names, plan.is_updated, strict=True))
    return [(place, program.gradients[name]) for place, (name, moves) in names if moves]


def guards(program: Program, plan: Plan) -> tuple[int, ...]:
    """The shown slots whose being non-finite neither the loss, an updated parameter nor another guard would tell."""
    found = list(values_that_hide_non_finite(program))
    tells = plan.rule is not None and plan.rule.tells_gradient
    told = {name for name, moves in zip(program.parameter_names, plan.is_updated, strict=True) if moves and tells}
    # A gradient is a factor in the gradients of the node's own operands, and a non-finite factor stays non-finite.
    for name in reversed(list(program.terms)):
        if name not in told:
            found.append(program.gradients[name])
        told.update(term.through for term in program.terms[name])
    computed = {instruction.out for instruction in program.instructions}
    leaves = program.parameters_and_inputs
    return tuple(dict.fromkeys(slot for slot in found if slot in computed and slot not in leaves))
