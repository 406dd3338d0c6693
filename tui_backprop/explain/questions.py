"""Where in a run a question of the scenario stands, which steps are worth asking for, and how the learner has fared."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Number
from tui_backprop.record.history import History
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


# Kept, because for one screen it is asked once for every number.
@lru_cache(maxsize=256)
def is_worth_asking(history: History, entry: Entry) -> bool:
    """Whether a step's number is not on the screen before it comes: its formula is not a number already, and it is not
    a gradient that is one factor of the loss, nor the seed."""
    graph: Graph = history.graph
    if entry.kind == "seed" or (entry.kind == "gradient" and graph.is_one_factor(entry.name)):
        return False
    return not isinstance(history.tree(entry), Number)


def same_number(history: History, asked: Entry, entry: Entry) -> bool:
    """Whether a step shows the number that is asked for: the step itself, or the gradient that is this factor alone."""
    is_alone = asked.of == history.graph.loss and history.graph.is_one_factor(asked.name)
    return entry == asked or (is_alone and entry == Entry("gradient", asked.name))


class Attempts(Struct, frozen=True):
    """How the learner has fared with what was asked, and the answer in the making.

    answer: what stands in the answer line. hints: how many were given for the step that is asked for.
    slip_at: the name of the step at which the last answer had its slip; "" where none is known.
    right, missed: the places of the steps that were answered right at the first try, and of the others.
    """

    answer: str = ""
    hints: int = 0
    slip_at: str = ""
    right: frozenset[tuple[int, ...]] = frozenset()
    missed: frozenset[tuple[int, ...]] = frozenset()

    @property
    def score(self) -> str:
        """How many were right, of how many: "4 of 6"."""
        return f"{len(self.right)} of {len(self.right) + len(self.missed)}"

    def counted(self, place: tuple[int, ...], is_right: bool) -> Attempts:
        """The same with a step counted; only its first answer counts."""
        if place in self.right or place in self.missed:
            return self
        return replace(self, **({"right": self.right | {place}} if is_right else {"missed": self.missed | {place}}))

    def at_another_step(self) -> Attempts:
        """The same, where something else is asked."""
        return Attempts(right=self.right, missed=self.missed) if self.answer or self.hints or self.slip_at else self
