"""`steps`: every step of one iteration, as a listing to read or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Literal

from tui_backprop.api import check_iteration
from tui_backprop.charset import Charset
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.messages import opening
from tui_backprop.headless.non_finite import say_not_reached, say_where_it_stopped, shows_only_finite
from tui_backprop.headless.output import print_data
from tui_backprop.numbers import equals
from tui_backprop.panels.narration import notes_on_step
from tui_backprop.panels.panel_table import current_line
from tui_backprop.record.step import Step
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Session

StepsFormat = Literal["text", "json"]

_LONGEST_KIND = len("gradient")


def steps(scenario: Scenario, iteration: int, format: StepsFormat, charset: Charset, slip: str = "") -> int:
    """Print every step of an iteration.

    Raises UsageError for an iteration that the scenario cannot have, and for a slip that cannot be made.
    """
    check_iteration(scenario, iteration)
    with opening(scenario.title):
        session = Session.start(scenario, charset, slip)
    if session.history.extend(iteration) < iteration:
        return say_not_reached(session, iteration, "steps")
    for line in _document(session, iteration) if format == "json" else _listing(session, iteration):
        print_data(f"{line}\n")
    if shows_only_finite(session, iteration):
        return Exit.DONE
    return say_where_it_stopped(session, iteration, "steps")


def _document(session: Session, iteration: int) -> Iterator[str]:
    """The JSON document, one line for each step."""
    steps = session.history.steps(iteration)
    yield "{"
    for name, part in steps.given_to_json().items():
        yield f' "{name}": {dumped(part)},'
    yield ' "steps": ['
    # One after the other: of a large network there are millions.
    for step in steps:
        yield f"  {dumped(step.to_json())}{',' if step.index + 1 < len(steps) else ''}"
    yield " ]}"


def _listing(session: Session, iteration: int) -> Iterator[str]:
    """The steps as a listing: under each phase its steps, counted from 1, with formula, numbers and value."""
    here = session.at(Cursor(iteration, 0))
    for line in chain(_head(here), _steps(here)):
        yield line.rstrip()


def _head(session: Session) -> Iterator[str]:
    number = session.cursor.iteration
    title = session.outside(session.scenario.title)
    yield session.characters.between.join((title, f"iteration {number:,}", f"{len(session.layout):,} steps"))
    yield ""
    rate = session.history.learning_rate(number)
    given = {"constants": session.graph.constants, "parameters": _parameters(session)}
    for kind, numbers in given.items():
        if numbers:
            yield f"{kind}: {_assigned(session, numbers)}"
    if rate is not None:
        yield f"learning rate: {session.number(rate)}"


def _parameters(session: Session) -> Mapping[str, float]:
    return {name: session.steps.parameter(name) for name in session.graph.parameters}


def _steps(session: Session) -> Iterator[str]:
    layout = session.layout
    width = len(f"{len(layout):,}")
    group: tuple[int | None, str] | None = None
    told: set[str] = set()
    for index in range(len(layout)):
        here = session.at(Cursor(session.cursor.iteration, index))
        if group != (here.turn, here.entry.phase):
            group = (here.turn, here.entry.phase)
            yield ""
            yield _heading(here)
        yield f"{index + 1:>{width},}  {_kind(here, here.step):<{_LONGEST_KIND}}  {current_line(here)}"
        for note in notes_on_step(here):
            # A scenario's note is about a name: the first step on it says it, the others need not.
            if note in told:
                continue
            told.add(note)
            yield f"{'':{width + _LONGEST_KIND + 4}}note: {note}"


def _heading(session: Session) -> str:
    """The phase; where an example's passes begin, its inputs."""
    phase, turn = session.entry.phase, session.turn
    if turn is None or phase != "forward" or not session.graph.inputs:
        return "sum over the examples" if phase == "average" and not session.history.plan.averages else phase
    iteration = session.steps.iteration
    several = len(session.scenario.examples) > 1
    which = f"example {iteration.batch[turn] + 1} of {len(session.scenario.examples)}: " if several else ""
    numbers = session.steps.numbers(turn)
    given = _assigned(session, {name: numbers[name] for name in session.graph.inputs})
    return f"{phase}{session.characters.between}{which}{given}"


def _kind(session: Session, step: Step) -> str:
    if step.kind == "mean" and not session.history.plan.averages:
        return "sum"
    return "direct" if step.is_direct else step.kind


def _assigned(session: Session, numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{session.shown(name)} {equals(session.number(value))}" for name, value in numbers.items())
