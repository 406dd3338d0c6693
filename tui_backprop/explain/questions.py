"""Where in a run a question of the scenario stands, and which steps are worth asking for."""

from __future__ import annotations

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Number
from tui_backprop.record.history import History
from tui_backprop.record.step_kinds import STEP_KINDS
from tui_backprop.record.step_layout import Entry, entry_named
from tui_backprop.scenario.model import Question


def place_of(history: History, question: Question) -> tuple[int, int] | None:
    """The iteration and the index of the step that a question is about, be it recorded or not; None where that
    iteration has no such step: it does not see the example, or sees one alone, of which there is no mean."""
    entry, layout = entry_named(question.at, history.graph), history.layout(question.after)
    batch = history.plan.batch(question.after)
    if entry not in layout.places or (entry.is_of_example and question.example not in batch):
        return None
    return question.after, layout.index(entry, batch.index(question.example) if entry.is_of_example else 0)


def why_no_place(history: History, question: Question) -> str:
    """Why a question has no step in its iteration, or ""."""
    if place_of(history, question) is not None:
        return ""
    if not entry_named(question.at, history.graph).is_of_example:
        return f"iteration {question.after:,} sees one example, so there is no mean"
    seen = ", ".join(str(example) for example in history.plan.batch(question.after))
    return f"iteration {question.after:,} does not see example {question.example}; it sees {seen}"


def is_worth_asking(history: History, entry: Entry) -> bool:
    """Whether a step's number is not on the screen before it comes: its formula is not a number already, and it is not
    a gradient that is one factor of the loss, nor the seed."""
    graph: Graph = history.graph
    if entry.kind == "seed" or (entry.kind == "gradient" and graph.is_one_factor(entry.name)):
        return False
    return not isinstance(STEP_KINDS[entry.kind].tree(graph, history.plan, entry, 2), Number)
