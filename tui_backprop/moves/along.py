"""The cursor moved by one step, one node, one phase, one example or one iteration, on or back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from msgspec.structs import replace

from tui_backprop.record.history import MOST_ITERATIONS
from tui_backprop.record.step_layout import Phase
from tui_backprop.scenario.bundled import bundled_name, lesson_after
from tui_backprop.session import Cursor, Session

# --- why there is no way on, or back


def why_no_iteration(session: Session, iteration: int) -> str:
    """Why the run has no such iteration, or ""."""
    if iteration < 0 and session.lesson.view_of is None:
        return "This is iteration 0, where the run starts."
    if session.has_iteration(iteration):
        return ""
    if session.lesson.view_of is not None:
        return f"This is a view of iteration {session.lesson.view_of} alone; press x to return to the whole run."
    if session.timeline.scenario.learning_rate is None:
        return "This lesson has no learning rate, so there are no updates."
    if session.timeline.ended_at is not None:
        return f"The numbers stopped being finite in iteration {session.timeline.ended_at}; the run ends there."
    return f"A run has at most {MOST_ITERATIONS:,} iterations."


def why_not_on(session: Session) -> str:
    """Why there is no step after this one, or ""."""
    return "" if session.next_cursor() else why_no_iteration(session, session.cursor.iteration + 1)


def why_not_back(session: Session) -> str:
    """Why there is no step before this one, or ""."""
    return "This is the first step of the run." if session.cursor == Cursor(0, 0) else ""


def why_not_next_iteration(session: Session) -> str:
    """Why there is no next iteration, or ""."""
    return why_no_iteration(session, session.cursor.iteration + 1)


def why_not_previous_iteration(session: Session) -> str:
    """Why there is no previous iteration, or ""."""
    return why_no_iteration(session, session.cursor.iteration - 1)


# --- one step


def _before(session: Session, cursor: Cursor) -> Cursor | None:
    if cursor.index > 0:
        return Cursor(cursor.iteration, cursor.index - 1)
    if cursor.iteration == 0:
        return None
    return _last_step(session, cursor.iteration - 1)


def _last_step(session: Session, iteration: int) -> Cursor:
    return Cursor(iteration, len(session.timeline.layout(iteration)) - 1)


def step_on(session: Session) -> Session:
    """The next step; past the last one of an iteration, the first of the next."""
    cursor = session.next_cursor()
    return session.at(cursor) if cursor else session


def step_back(session: Session) -> Session:
    """The step before."""
    cursor = _before(session, session.cursor)
    return session.at(cursor) if cursor else session


# --- one node: its value, or its factors and its gradient together


def _ends_node(session: Session, cursor: Cursor) -> bool:
    return session.layout.entry(cursor.index).kind != "factor"


def node_on(session: Session) -> Session:
    """The next node: in the backward pass its gradient, with all its factors passed at once."""
    session = step_on(session)
    while not _ends_node(session, session.cursor):
        session = step_on(session)
    return session


def node_back(session: Session) -> Session:
    """The node before, likewise."""
    session = step_back(session)
    while not _ends_node(session, session.cursor):
        session = step_back(session)
    return session


# --- one phase of one example


def _phase_at(session: Session, index: int) -> tuple[Phase, int | None]:
    """The phase of a step, and whose it is where there are several examples."""
    return session.layout.entry(index).phase, session.layout.turn(index)


def _phase_start(session: Session) -> int:
    """The first step of the phase."""
    index = session.cursor.index
    phase = _phase_at(session, index)
    return bisect_left(range(index), True, key=lambda before: _phase_at(session, before) == phase)


def _phase_end(session: Session) -> int:
    """The step after the last one of the phase."""
    index = session.cursor.index
    phase = _phase_at(session, index)
    steps = range(len(session.layout))
    return bisect_left(steps, True, lo=index, key=lambda after: _phase_at(session, after) != phase)


def phase_on(session: Session) -> Session:
    """The first step of the next phase; at the very end of the run, its last step."""
    return on_to(session, _phase_end(session))


def phase_back(session: Session) -> Session:
    """The first step of this phase; from there, the first step of the phase before."""
    return back_to(session, _phase_start)


def on_to(session: Session, after: int) -> Session:
    """The step at an index of this iteration; past its end the first of the next iteration, or the last of the run."""
    iteration = session.cursor.iteration
    if after < len(session.layout):
        return session.at(Cursor(iteration, after))
    is_over = not session.has_iteration(iteration + 1)
    return session.at(Cursor(iteration, after - 1) if is_over else Cursor(iteration + 1, 0))


def back_to(session: Session, start: Callable[[Session], int]) -> Session:
    """The step at which a part begins, as `start` finds it from any step in it; from there, that of the part before."""
    index = start(session)
    if index != session.cursor.index:
        return session.at(replace(session.cursor, index=index))
    # The iteration before may have other steps.
    before = step_back(session)
    return before.at(replace(before.cursor, index=start(before)))


# --- one example


def example_on(session: Session) -> Session:
    """The same step of the next example."""
    return _example(session, 1)


def example_back(session: Session) -> Session:
    """The same step of the example before."""
    return _example(session, -1)


def _example(session: Session, by: int) -> Session:
    return session.at(replace(session.cursor, index=session.cursor.index + by * len(session.layout.per_example)))


def why_not_next_example(session: Session) -> str:
    """Why there is no next example, or ""."""
    if session.layout.batch_size == 1:
        return "This iteration sees one example."
    if session.turn is None:
        return "This step belongs to all examples together."
    return "This is the iteration's last example." if session.turn == session.layout.batch_size - 1 else ""


def why_not_previous_example(session: Session) -> str:
    """Why there is no previous example, or ""."""
    if session.layout.batch_size == 1 or session.turn is None:
        return why_not_next_example(session)
    return "This is the iteration's first example." if session.turn == 0 else ""


# --- one iteration, and the ends


def iteration_on(session: Session) -> Session:
    """The same step of the next iteration."""
    return session.at(_same_step(session, session.cursor.iteration + 1))


def iteration_back(session: Session) -> Session:
    """The same step of the iteration before."""
    return session.at(_same_step(session, session.cursor.iteration - 1))


def _same_step(session: Session, iteration: int) -> Cursor:
    """Where the step under the cursor is in another iteration. One that sees fewer examples may not have it: then the
    same step of its last example, or the first step after the examples."""
    layout = session.timeline.layout(iteration)
    index = layout.like(session.entry, session.last_turn)
    if index is None:
        index = min(len(layout.per_example) * layout.batch_size, len(layout) - 1)
    return Cursor(iteration, index)


def home(session: Session) -> Session:
    """The first step of iteration 0."""
    return session.at(Cursor(0, 0))


def last_iteration(session: Session) -> int:
    """Where "run to the end" stops, as far as is known: at `iterations`, or before it where the run ends."""
    if session.lesson.view_of is not None:
        return 0
    return min(session.scenario.iterations, session.timeline.last_possible)


def end(session: Session) -> Session:
    """The last step of iteration `iterations`."""
    session.timeline.extend(last_iteration(session))
    return session.at(_last_step(session, last_iteration(session)))


def is_at_the_end(session: Session) -> bool:
    """Whether the cursor is on the last step of a lesson: of its only iteration, or of the one where its run ends."""
    last = session.scenario.iterations if session.timeline.scenario.learning_rate is not None else 0
    reached = session.cursor.iteration >= min(last, session.timeline.last_possible)
    return session.lesson.view_of is None and reached and session.cursor.index == len(session.layout) - 1


def why_not_next_lesson(session: Session) -> str:
    """Why there is no next lesson to go to, or ""."""
    if not is_at_the_end(session):
        return "The next lesson follows after the last step of this one."
    return "" if lesson_after(bundled_name(session.scenario)) else "No lesson follows after this one."


def why_not_end(session: Session) -> str:
    """Why the cursor cannot go to the end, or ""."""
    last = _last_step(session, last_iteration(session))
    return "This is the last step of the run." if session.cursor == last else ""
