"""A learner's own gradients of one iteration, held against a run: which steps they belong to, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from tui_backprop.explain.diagnosis import Diagnosis, Difference, diagnosed_numbers
from tui_backprop.explain.given_gradients import numbers_of_file
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.gradients_file import GradientsFile


class OwnGradients(Struct, frozen=True, eq=False, dict=True):
    """The gradients that a learner computed.

    history: the run that they are held against. numbers: by the name of a parameter or node.
    turn: the turn of the example whose gradients they are; None: they are those of all examples of the iteration.
    file: the file that they were read from.
    """

    history: History
    iteration: int
    turn: int | None
    numbers: Mapping[str, float]
    diagnosis: Diagnosis
    file: str

    @cached_property
    def differ(self) -> Mapping[str, Difference]:
        """How the given numbers that are wrong differ from the right ones, by name."""
        return {one.name: one for one in self.diagnosis.differ}

    @cached_property
    def first(self) -> tuple[Entry, int] | None:
        """The first step at which they differ, and its turn; None where none does."""
        layout = self.history.layout(self.iteration)
        return min(map(self.place, self.differ), key=lambda place: layout.index(*place), default=None)

    def place(self, name: str) -> tuple[Entry, int]:
        """The step beside which a given number stands, and its turn. The gradient of a node over several examples is
        no step: that number stands beside the one of the last example."""
        layout = self.history.layout(self.iteration)
        mean = Entry("mean", name)
        if self.turn is None and mean in layout.places:
            return mean, layout.batch_size - 1
        entry = layout.gradient_of(name)
        assert entry is not None
        return entry, layout.batch_size - 1 if self.turn is None else self.turn

    def is_over_examples(self, entry: Entry) -> bool:
        """Whether the number given beside a step of one example is that of several examples."""
        return self.turn is None and entry.kind != "mean" and self.history.layout(self.iteration).batch_size > 1

    def name_at(self, entry: Entry, iteration: int, turn: int) -> str:
        """The name whose given number stands beside a step; "" where none does."""
        is_there = iteration == self.iteration and entry.is_gradient and entry.name in self.numbers
        return entry.name if is_there and self.place(entry.name) == (entry, turn) else ""


def own_gradients(history: History, file: GradientsFile, iteration: int) -> OwnGradients:
    """The gradients of a file as those of an iteration that is recorded.

    Raises ScenarioError for names and shapes that do not fit, UsageError for an example that the iteration does not
    see.
    """
    numbers = numbers_of_file(history, file)
    found = diagnosed_numbers(history, numbers, iteration, file.example)
    turn = None if file.example is None else history.iteration(iteration).batch.index(file.example)
    return OwnGradients(history, iteration, turn, numbers, found, file.report.file)
