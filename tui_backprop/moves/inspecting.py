"""The numbers of a line one by one: where each comes from, where it goes, and the way there and back."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.explain.provenance import Origin, StepAt, made_by, names_read, read_by, value_made_by
from tui_backprop.maths.expression import names_in
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import LOSS_PANEL, PANEL_COUNT, Cursor, Reading, Session

if TYPE_CHECKING:
    from tui_backprop.maths.derivation.by_rules import Line

MOST_READERS = 20
ENTER_IS_TAKEN = "While inspecting, enter goes to the step that made the number; escape first."


class Inspection(Struct, frozen=True):
    """The numbers that are gone through.

    of: those of a step, of a line of a derivation, or the losses of the iterations so far.
    names: what they are called in the line; "" is what the step comes to.
    """

    of: Literal["step", "line", "losses"]
    names: tuple[str, ...] = ()
    line: Line | None = None


class Inspected(Struct, frozen=True):
    """One number: what it is called, where it comes from, and the first of the steps that read it."""

    name: str
    number: float
    origin: Origin
    readers: tuple[StepAt, ...]


def inspected(session: Session, reading: Reading[Inspection]) -> Inspected:
    """The number that is looked at."""
    inspection, here = reading.matter, StepAt(session.cursor.iteration, session.cursor.index)
    history = session.timeline
    origin: Origin
    if inspection.of == "losses":
        origin = StepAt(reading.position, history.layout(reading.position).index_of_loss)
        return _made("", session.loss(reading.position, history), origin, session)
    name = inspection.names[reading.position]
    if inspection.of == "line":
        numbers, origin = session.steps.numbers(session.last_turn), _origin_in_line(session, name)
        number = numbers[name] if name in numbers else session.steps[_index(origin)].value
        return _made(name, number, origin, session)
    if not name:
        return _made(name, session.step.value, here, session)
    origin = made_by(history, here, name)
    if not isinstance(origin, StepAt) and session.lesson.view_of and name in session.graph.parameter_places:
        origin = f"from iteration {session.lesson.view_of} of the whole run"
    return _made(name, session.step.numbers[name], origin, session)


def _made(name: str, number: float, origin: Origin, session: Session) -> Inspected:
    readers = read_by(session.timeline, origin) if isinstance(origin, StepAt) else iter(())
    return Inspected(name, number, origin, tuple(islice(readers, MOST_READERS)))


def _index(origin: Origin) -> int:
    assert isinstance(origin, StepAt)
    return origin.index


def _origin_in_line(session: Session, name: str) -> Origin:
    iteration, turn, layout = session.cursor.iteration, session.last_turn, session.layout
    parts = parts_of_partial(name)
    if parts is None:
        return value_made_by(session.timeline, iteration, turn, name)
    factor = Entry("factor", parts[1], parts[0])
    source = factor if factor in layout.places else layout.gradient_of(parts[1])
    assert source is not None
    return StepAt(iteration, layout.index(source, turn))


def _known_names(session: Session, line: Line) -> tuple[str, ...]:
    """The names of a derivation's line that are the lesson's own, with those in what inner names stand for."""
    numbers = session.steps.numbers(session.last_turn)
    trees = (line.expression, *line.where.values())
    names = dict.fromkeys(name for tree in trees for name in names_in(tree))
    return tuple(name for name in names if name in numbers or (parts_of_partial(name) and _has_step(session, name)))


def _has_step(session: Session, name: str) -> bool:
    of, wrt = parts_of_partial(name) or ("", "")
    is_gradient = of == session.graph.loss and session.layout.gradient_of(wrt) is not None
    return is_gradient or Entry("factor", wrt, of) in session.layout.places


def _line_read(session: Session) -> Line | None:
    reading = session.reading
    return reading.matter.lines[reading.position] if reading and reading.kind == "derivation" else None


def why_not_inspect(session: Session) -> str:
    """Why there is no number to ask about, or ""."""
    line = _line_read(session)
    if line is not None and not _known_names(session, line):
        return "No step made a number of this line; the lines before and after it have some."
    return ""


def inspect(session: Session) -> Session:
    """Go over the numbers of the line that is read; in the loss panel, over its points; else over those of the step."""
    line = _line_read(session)
    if line is not None and session.reading is not None:
        names = _known_names(session, line)
        read = Reading[Any]("inspect", "Inspecting", Inspection("line", names, line), len(names))
        return session.with_reading(replace(read, back=(session.cursor, session.reading)))
    known = session.losses_known()
    if session.panel % PANEL_COUNT == LOSS_PANEL and known:
        return session.with_reading(Reading("inspect", "Inspecting the losses", Inspection("losses"), known, known - 1))
    return _inspect_step(session, None)


def _inspect_step(session: Session, back: tuple[Cursor, Reading[Any]] | None) -> Session:
    at = StepAt(session.cursor.iteration, session.cursor.index)
    names = (*names_read(session.timeline, at), "")
    return session.with_reading(Reading("inspect", "Inspecting", Inspection("step", names), len(names), back=back))


def why_not_follow(session: Session) -> str:
    """Why there is no step to go to, or ""."""
    is_inspecting = session.reading is not None and session.reading.kind == "inspect"
    return "" if is_inspecting else "Press i first: it asks where a number comes from."


def follow(session: Session) -> Session:
    """The step that made the number, and its numbers in turn; or why there is none to go to."""
    reading = session.reading
    assert reading is not None
    found = inspected(session, reading)
    origin = found.origin
    if not isinstance(origin, StepAt):
        return session.with_notice(f"No step made this number: {origin}.")
    if reading.matter.of == "step" and not found.name:
        return session.with_notice("This is the step that makes it.")
    return _inspect_step(session.at(Cursor(origin.iteration, origin.index)), (session.cursor, reading))
