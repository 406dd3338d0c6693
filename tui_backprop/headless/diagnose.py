"""`diagnose`: where gradients that somebody else computed go wrong, and by which slip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tui_backprop.api import check_iteration
from tui_backprop.charset import Charset, spelled
from tui_backprop.explain.diagnosis import Diagnosis, FoundSlip, diagnosed_numbers
from tui_backprop.explain.given_gradients import named_gradients
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.messages import opening, say_error, say_note
from tui_backprop.headless.non_finite import where_it_stopped
from tui_backprop.headless.output import print_data
from tui_backprop.headless.tables import table_of_numbers
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.record.history import History
from tui_backprop.scenario.gradients_file import GradientsFile, read_gradients
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import counted
from tui_backprop.session import Session

_NAME = "backprop-tui diagnose"
_MOST_PLACES = 4

DiagnoseFormat = Literal["text", "json"]


def diagnose(scenario: Scenario, path: str, iteration: int, format: DiagnoseFormat, charset: Charset) -> int:
    """Print what is wrong with the gradients in a file, those of an iteration.

    Raises UsageError for an iteration or an example that there is not, ScenarioError for a file that cannot be used.
    """
    check_iteration(scenario, iteration)
    given = read_gradients(path)
    with opening(scenario.title):
        session = Session.start(scenario, charset)
    numbers = _numbers(session.history, given)
    reached = session.history.extend(iteration)
    if reached < iteration:
        what, _ = where_it_stopped(session, reached)
        say_error(what, f"there is no iteration {iteration:,}; --iteration {reached} is the last one", of=_NAME)
        return Exit.NOT_FINITE
    found = diagnosed_numbers(session.history, numbers, iteration, given.example)
    if format == "json":
        print_data(dumped(found.to_json(), indent=1) + "\n")
    else:
        for line in _report(session, found):
            print_data(f"{spelled(line, charset)}\n")
    if found.is_single:
        say_note("some of these agree in single precision only (float32 has about seven digits); that is no slip")
    if found.gave_up:
        say_note("the search for slips took too long and was ended; fewer gradients, of one layer, make it shorter")
    return Exit.CHECK_FAILED if found.differ else Exit.DONE


def _numbers(history: History, given: GradientsFile) -> dict[str, float]:
    """One number for each name. Raises ScenarioError for names and shapes that do not fit."""
    numbers, misfits = named_gradients(history, given.entries)
    for misfit in misfits:
        given.report.add(given.places.get(misfit.name), misfit.message, misfit.help)
    count = len(history.plan.examples)
    if given.example is not None and not 0 <= given.example < count:
        given.report.add(None, f"there is no example {given.example}", f"they are counted from 0 to {count - 1}")
    given.report.fail_if_any()
    return numbers


def _report(session: Session, found: Diagnosis) -> Iterator[str]:
    count = len(found.agree) + len(found.differ)
    if not found.differ:
        yield f"All {count} gradients are right." if count > 1 else "The gradient is right."
        return
    yield f"{len(found.differ)} of {counted(count, 'gradient')} {'differ' if len(found.differ) > 1 else 'differs'}."
    yield ""
    rows = [
        (
            session.notation.gradient(one.name),
            session.number(one.given),
            session.number(one.right),
            "" if one.ratio is None else session.number(one.ratio),
        )
        for one in found.differ
    ]
    yield table_of_numbers(("gradient", "yours", "right", "yours / right"), rows, session.charset)
    if not found.slips:
        yield f"Look first at {_shown(session, found.first)}: from there on, going back, the numbers are wrong."
        yield f"No {'slip was found in time that' if found.gave_up else 'known slip'} explains them all."
        return
    yield f"It begins at {_shown(session, found.first)}."
    for turn, slip in enumerate(found.slips):
        intro = "One slip explains all of it" if len(found.slips) == 1 else ""
        if found.are_together:
            intro = "Two slips together explain all of it" if turn == 0 else "and"
        elif len(found.slips) > 1:
            intro = "This explains all of it" if turn == 0 else "So would this"
        yield f"{intro}: {slip.says}"
        yield f"  ({slip.name}, at {_places(session, slip)})"


def _places(session: Session, slip: FoundSlip) -> str:
    shown = [_shown(session, place) for place in slip.at[:_MOST_PLACES]]
    more = len(slip.at) - len(shown)
    return ", ".join(shown) + (f" and {counted(more, 'other place')}" if more else "")


def _shown(session: Session, place: str) -> str:
    """A place as the screen writes it."""
    if parts_of_partial(place):
        return session.shown(place)
    kind, space, name = place.partition(" ")
    return f"{kind}{space}{session.shown(name)}"
