"""How does the learner look at an iteration split into elementary operations, and back?"""

from __future__ import annotations

from dataclasses import replace

from tui_backprop.maths.splitting import split_equations
from tui_backprop.session import Cursor, Lesson, Session
from tui_backprop.training.history import History
from tui_backprop.training.steps import Entry

_MOST_NODES = 2_000


def split(session: Session) -> Session:
    """The iteration under the cursor with every operation a node of its own; or from there back to the whole run."""
    if session.whole is not None:
        whole = session.whole
        return _beside(replace(session.whole, notice="The whole equations again."), session, whole.cursor.iteration)
    scenario, iteration = session.scenario, session.steps.iteration
    taken = frozenset({*scenario.parameters, *scenario.constants, *scenario.inputs})
    split_scenario = replace(
        scenario,
        equations=split_equations(scenario.equations, taken),
        parameters=dict(zip(scenario.parameters, iteration.parameters, strict=True)),
        examples=tuple(scenario.examples[example] for example in iteration.batch),
        batch=None,
        network=None,
        expectations=(),
    )
    lesson = Lesson(split_scenario, History(split_scenario), view_of=session.cursor.iteration)
    view = replace(session, lesson=lesson, whole=session, reading=None, is_playing=False)
    notice = "Split into elementary operations, at the same parameters; x leads back."
    return _beside(replace(view, notice=notice), session, 0)


def why_not_split(session: Session) -> str:
    """Why the iteration cannot be split, or ""."""
    if session.whole is None and len(session.graph.nodes) > _MOST_NODES:
        return f"This lesson has more than {_MOST_NODES:,} nodes: split, it would be too large to read."
    return ""


def _beside(session: Session, other: Session, iteration: int) -> Session:
    """The session with its cursor at the step of the same name as in the other one."""
    entry, turn = other.entry, other.last_turn
    candidates = [entry, Entry("gradient", entry.name), Entry("value", entry.name), Entry("value", session.graph.loss)]
    found = next(candidate for candidate in candidates if candidate in session.layout.places)
    return replace(session, cursor=Cursor(iteration, session.layout.index(found, turn)), reading=None)
