"""An iteration split into elementary operations, and the way back."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.lesson import Lesson
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Cursor, Session

_MOST_NODES = 2_000
_SAME_VALUE, _SAME_GRADIENT = 1e-12, 1e-9


def split(session: Session) -> Session:
    """The iteration under the cursor with every operation a node of its own; or from there back to the whole run."""
    if session.whole is not None:
        whole = session.whole
        again = replace(whole, is_trying=session.is_trying, tried=session.tried.at_another_step())
        return _beside(replace(again, notice="The whole equations again."), session, whole.cursor.iteration)
    history, notice = _split_history(session, takes_apart=True), "Split into elementary operations"
    if len(history.graph.nodes) == len(session.graph.nodes):
        return session.with_notice("Every equation here is one operation already: there is nothing to split.")
    if not _agrees(session, history):
        history = _split_history(session, takes_apart=False)
        notice = f"{notice}, functions left whole: in pieces they would lose digits at these numbers"
    lesson = Lesson(history.scenario, history, view_of=session.cursor.iteration)
    view = replace(
        session,
        lesson=lesson,
        runs=(),
        run=0,
        whole=session,
        reading=None,
        is_playing=False,
        tried=session.tried.at_another_step(),
    )
    return _beside(replace(view, notice=f"{notice}. Press x to return to the whole equations."), session, 0)


def _split_history(session: Session, takes_apart: bool) -> History:
    """The iteration as a run of its own, at the same parameters and with the same examples."""
    # Imported here because the first screen need not wait for it.
    from tui_backprop.maths.splitting import split_equations

    scenario, iteration = session.scenario, session.steps.iteration
    taken = frozenset({*scenario.parameters, *scenario.constants, *scenario.inputs})
    return History(
        replace(
            scenario,
            equations=split_equations(scenario.equations, taken, takes_apart),
            parameters=dict(zip(scenario.parameters, iteration.parameters, strict=True)),
            examples=tuple(scenario.examples[example] for example in iteration.batch),
            batch=None,
            wraps=False,
            shuffle=None,
            network=None,
            expectations=(),
            questions=(),
        )
    )


def _agrees(session: Session, history: History) -> bool:
    """Whether the values of the named nodes, and the parameters' gradients, are those of the whole equations."""
    whole, split = session.steps, history.steps(0)
    for turn in range(len(whole.iteration.batch)):
        named, pieces = whole.numbers(turn), split.numbers(turn)
        if not all(_same(pieces[node], named[node], _SAME_VALUE) for node in session.graph.nodes):
            return False
    gradients = zip(split.iteration.gradients, whole.iteration.gradients, strict=True)
    return all(_same(one, two, _SAME_GRADIENT) for one, two in gradients)


def _same(one: float, two: float, margin: float) -> bool:
    return abs(one - two) <= margin * max(1.0, abs(two)) or one == two or (one != one and two != two)


def why_not_split(session: Session) -> str:
    """Why the iteration cannot be split, or ""."""
    # Every weight becomes an operation of its own.
    graph = session.graph
    if session.whole is None and len(graph.nodes) + len(graph.parameters) > _MOST_NODES:
        return f"This lesson has more than {_MOST_NODES:,} nodes and parameters: split, it would be too large to read."
    return ""


def _beside(session: Session, other: Session, iteration: int) -> Session:
    """The session with its cursor at the step of the same name as in the other one.

    A piece has no such step in the whole equations: there the cursor stays where it was.
    """
    entry = other.entry
    candidates = (entry, Entry("gradient", entry.name), Entry("value", entry.name), session.entry)
    places = (session.layout.like(candidate, other.last_turn) for candidate in candidates)
    index = next(place for place in places if place is not None)
    return replace(session, cursor=Cursor(iteration, index), reading=None)
