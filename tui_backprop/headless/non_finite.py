"""Which number of an iteration stopped being finite first, why, and what would help."""

from __future__ import annotations

import math

from tui_backprop.explain.remarks import cause, remarks
from tui_backprop.explain.remedies import is_of_parameters, smaller_rates
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.messages import say_error
from tui_backprop.panels.step_words import named
from tui_backprop.record.step import Step
from tui_backprop.record.step_sequence import Steps
from tui_backprop.session import Session


def where_it_stopped(session: Session, number: int) -> tuple[str, str]:
    """What to say about the iteration in which a run ends for want of finite numbers: what happened, and what helps."""
    steps = session.history.steps(number)
    step = _first_not_finite(session, steps)
    what = f"the numbers stopped being finite in iteration {number:,}: {_told(session, steps, step)}"
    if step is not None and step.kind in ("value", "factor"):
        part = cause(step.tree, step.numbers)
        if part is not None and not is_of_parameters(session.graph, part):
            return what, "no learning rate and no starting value can change that; look at the data, or at that equation"
    if number == 0:
        return (
            what,
            "the starting values and the examples alone give this; look at that equation, or try --set NAME=VALUE",
        )
    tried = smaller_rates(session.history, number)
    if tried.helps is not None:
        smaller = f"for example --set learning_rate={tried.helps:.3g}"
        return what, f"with a smaller learning rate the run stays finite, {smaller}"
    told = " and ".join(f"{rate:.3g}" for rate in tried.rates)
    found = f"the learning rates {told} were tried and do not help" if told else "a long run: no other was tried"
    return what, f"{found}; look at that equation"


def say_where_it_stopped(session: Session, number: int, command: str, before: str = "", help: str = "") -> Exit:
    """Say it as the error of a command, which ends with the exit code that this gives.

    before: what comes before it in the sentence. help: another remedy.
    """
    what, remedy = where_it_stopped(session, number)
    say_error(before + what, help or remedy, of=f"backprop-tui {command}")
    return Exit.NOT_FINITE


def say_not_reached(session: Session, iteration: int, command: str, option: str = "--iteration") -> Exit:
    """Say that a run ends before an iteration, and which is the last one that a command's option can name."""
    last = session.history.extend(iteration)
    help = f"there is no iteration {iteration:,}; {command} {option} {last} is the last one"
    return say_where_it_stopped(session, last, command, help=help)


def shows_only_finite(session: Session, number: int) -> bool:
    """Whether every number that a step of the iteration shows is finite, those of its updates included."""
    iteration = session.history.iteration(number)
    return session.history.interpreter.is_finite(iteration) and all(map(math.isfinite, iteration.updated))


def _first_not_finite(session: Session, steps: Steps) -> Step | None:
    """The first step that shows a number which is not finite; None where the parameters are not, before any step."""
    if not all(map(math.isfinite, steps.iteration.vector)):
        return None
    turn, layout = session.history.interpreter.first_not_finite(steps.iteration), steps.layout
    before = len(layout.per_example) * (layout.batch_size if turn is None else turn)
    following = (steps[index] for index in range(before, len(steps)))
    return next((step for step in following if not math.isfinite(step.value)), None)


def _told(session: Session, steps: Steps, step: Step | None) -> str:
    if step is not None:
        reasons = remarks(step, session.history, steps.iteration.number, session.style)
        because = f": {reasons[0].rstrip('.')}" if reasons else ""
        return f"step {step.index + 1}, {_named(session, step)}, is {session.number(step.value)}{because}"
    for name, value in zip(session.graph.parameters, steps.iteration.parameters, strict=True):
        if not math.isfinite(value):
            return f"the update before it made {session.shown(name)} {session.number(value)}"
    for parameter, state in session.history.named_state(steps.iteration.state).items():
        for name, value in state.items():
            if not math.isfinite(value):
                return f"the update before it made {name} of {session.shown(parameter)} {session.number(value)}"
    return "a number on the way was too large"


def _named(session: Session, step: Step) -> str:
    what = named(session.notation, step.entry)
    if step.example is None or len(session.scenario.examples) == 1:
        return what
    return f"{what} in example {step.example + 1}"
