"""Which number of an iteration stopped being finite first, why, and what would help?"""

from __future__ import annotations

import math

from tui_backprop.explain.remarks import remarks
from tui_backprop.panels.symbols import gradient, partial
from tui_backprop.record.step import FactorStep, GradientStep, MeanStep, SeedStep, Step, UpdateStep, ValueStep
from tui_backprop.record.step_sequence import Steps
from tui_backprop.session import Session


def where_it_stopped(session: Session, number: int) -> tuple[str, str]:
    """What to say about the iteration in which a run ends for want of finite numbers: what happened, and what helps."""
    steps = session.history.steps(number)
    what = f"the numbers stopped being finite in iteration {number:,}: {_first(session, steps)}"
    if number == 0:
        return (
            what,
            "the starting values and the examples alone give this; look at that equation, or try --set NAME=VALUE",
        )
    rate = session.scenario.learning_rate
    smaller = f", for example --set learning_rate={rate / 10:.3g}" if rate else ""
    return what, f"the run may stay finite with a smaller learning rate{smaller}"


def shows_only_finite(session: Session, number: int) -> bool:
    """Whether every number that a step of the iteration shows is finite, those of its updates included."""
    iteration = session.history.iteration(number)
    return session.history.interpreter.is_finite(iteration) and all(map(math.isfinite, iteration.updated))


def _first(session: Session, steps: Steps) -> str:
    for name, value in zip(session.graph.parameters, steps.iteration.parameters, strict=True):
        if not math.isfinite(value):
            return f"the update before it made {session.shown(name)} {session.number(value)}"
    turn = session.history.interpreter.first_not_finite(steps.iteration)
    before_tail = session.layout.batch_size if turn is None else turn
    for index in range(before_tail * len(session.layout.per_example), len(steps)):
        step = steps[index]
        value = step.after if isinstance(step, UpdateStep) else step.value
        if not math.isfinite(value):
            reasons = remarks(step, session.graph, session.style, is_trained=steps.iteration.number > 0)
            because = f": {reasons[0].rstrip('.')}" if reasons else ""
            return f"step {step.index + 1}, {_named(session, step)}, is {session.number(value)}{because}"
    return "a number on the way was too large"


def _named(session: Session, step: Step) -> str:
    match step:
        case ValueStep():
            named = f"the value of {session.shown(step.node)}"
        case FactorStep():
            named = f"the factor {partial(session, step.of, step.wrt)}"
        case GradientStep() | SeedStep():
            named = f"the gradient {gradient(session, step.node)}"
        case MeanStep():
            of = (
                gradient(session, step.parameter) if step.parameter else f"the loss {session.shown(session.graph.loss)}"
            )
            return f"{of} over the examples"
        case UpdateStep():
            return f"the updated {session.shown(step.parameter)}"
    return f"{named} in example {step.example + 1}" if len(session.scenario.examples) > 1 else named
