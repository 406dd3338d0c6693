"""`diagnose`: where gradients that somebody else computed go wrong, and by which slip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Literal

from tui_backprop.api import check_iteration
from tui_backprop.charset import Charset, spelled
from tui_backprop.explain.diagnosis import Diagnosis, FoundSlip, diagnosed_numbers
from tui_backprop.explain.given_gradients import numbers_of_file
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.messages import opening, say_note
from tui_backprop.headless.non_finite import say_not_reached
from tui_backprop.headless.output import print_data
from tui_backprop.headless.tables import table_of_numbers
from tui_backprop.moves.comparing import how_many, shown_place, slip_sentences
from tui_backprop.scenario.gradients_file import read_gradients
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import counted
from tui_backprop.session import Session

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
    numbers = numbers_of_file(session.history, given)
    if session.history.extend(iteration) < iteration:
        return say_not_reached(session, iteration, "diagnose")
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


def _report(session: Session, found: Diagnosis) -> Iterator[str]:
    yield how_many(found)
    if not found.differ:
        return
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
    first, *sentences = slip_sentences(session, found)
    yield first
    for sentence, slip in zip_longest(sentences, found.slips):
        yield sentence
        if slip is not None:
            yield f"  ({slip.name}, at {_places(session, slip)})"


def _places(session: Session, slip: FoundSlip) -> str:
    shown = [shown_place(session, place) for place in slip.at[:_MOST_PLACES]]
    more = len(slip.at) - len(shown)
    return ", ".join(shown) + (f" and {counted(more, 'other place')}" if more else "")
