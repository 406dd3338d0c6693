"""Which number of an iteration stopped being finite first, why, and what would help?"""

from __future__ import annotations

import math

from tui_backprop.explain.remarks import remarks
from tui_backprop.panels.step_words import named
from tui_backprop.record.step import Step
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
    smaller = f", for example --set learning_rate={rate / 10:.3g}" if isinstance(rate, float) else ""
    return what, f"the run may stay finite with a smaller learning rate{smaller}"


def shows_only_finite(session: Session, number: int) -> bool:
    """Whether every number that a step of the iteration shows is finite, those of its updates included."""
    iteration = session.history.iteration(number)
    return session.history.interpreter.is_finite(iteration) and all(map(math.isfinite, iteration.updated))


def _first(session: Session, steps: Steps) -> str:
    for name, value in zip(session.graph.parameters, steps.iteration.parameters, strict=True):
        if not math.isfinite(value):
            return f"the update before it made {session.shown(name)} {session.number(value)}"
    for parameter, state in session.history.named_state(steps.iteration.state).items():
        for name, value in state.items():
            if not math.isfinite(value):
                return f"the update before it made {name} of {session.shown(parameter)} {session.number(value)}"
    for step in steps:
        if not math.isfinite(step.value):
            reasons = remarks(step, session.graph, session.style, is_trained=steps.iteration.number > 0)
            because = f": {reasons[0].rstrip('.')}" if reasons else ""
            return f"step {step.index + 1}, {_named(session, step)}, is {session.number(step.value)}{because}"
    return "a number on the way was too large"


def _named(session: Session, step: Step) -> str:
    what = named(session, step.entry)
    if step.example is None or len(session.scenario.examples) == 1:
        return what
    return f"{what} in example {step.example + 1}"
