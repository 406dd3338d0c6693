"""A learner's own gradients held against a lesson: read from a file, and what is wrong with them in words."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from tui_backprop.explain.diagnosis import Diagnosis
from tui_backprop.explain.own_gradients import own_gradients
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.scenario.gradients_file import read_gradients
from tui_backprop.scenario.nearest import counted
from tui_backprop.session import Cursor, Session


def with_own_gradients(session: Session, path: str, stays: bool) -> Session:
    """The session with the gradients in a file beside its own, and a notice of what is wrong with them.

    stays: whether it stays where it is, and they are those of this iteration; else they are those of the first one, and
    it goes to the first step at which they differ.

    Raises ScenarioError for a file that cannot be used, UsageError for an example that the iteration does not see.
    """
    iteration = session.cursor.iteration if stays else 0
    own = own_gradients(session.history, read_gradients(path), iteration)
    if own.first is not None and not stays:
        session = session.at(Cursor(iteration, session.history.layout(iteration).index(*own.first)))
    return replace(session, own=own, notice=_summary(session, own.diagnosis))


def _summary(session: Session, found: Diagnosis) -> str:
    """How many of the learner's gradients agree, and what is wrong with the others."""
    if not found.differ:
        single = " Some agree in single precision only, which is no slip." if found.is_single else ""
        return f"{how_many(found)}{single}"
    return f"{how_many(found)} {why_wrong(session, found)}"


def why_wrong(session: Session, found: Diagnosis) -> str:
    """Where it begins, and by which slip, in whole sentences."""
    return " ".join(f"{sentence.rstrip('.')}." for sentence in slip_sentences(session, found))


def how_many(found: Diagnosis) -> str:
    """How many gradients differ, or that all are right."""
    count, wrong = len(found.agree) + len(found.differ), len(found.differ)
    if not wrong:
        return f"All {count} gradients are right." if count > 1 else "The gradient is right."
    return f"{wrong} of {counted(count, 'gradient')} {'differ' if wrong > 1 else 'differs'}."


def slip_sentences(session: Session, found: Diagnosis) -> Iterator[str]:
    """Where it begins, and the slips that explain it, one sentence each."""
    if not found.slips:
        yield f"Look first at {shown_place(session, found.first)}: from there on, going back, the numbers are wrong."
        yield f"No {'slip was found in time that' if found.gave_up else 'known slip'} explains them all."
        return
    yield f"It begins at {shown_place(session, found.first)}."
    yield from (f"{_intro(found, turn)}: {slip.says}" for turn, slip in enumerate(found.slips))


def _intro(found: Diagnosis, turn: int) -> str:
    if found.are_together:
        return "Two slips together explain all of it" if turn == 0 else "and"
    if len(found.slips) > 1:
        return "This explains all of it" if turn == 0 else "So would this"
    return "One slip explains all of it"


def shown_place(session: Session, place: str) -> str:
    """A place as the screen writes it."""
    if parts_of_partial(place):
        return session.shown(place)
    kind, space, name = place.partition(" ")
    return f"{kind}{space}{session.shown(name)}"
