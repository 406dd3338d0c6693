"""Which step stands where in an iteration, and at which index is a given one found?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.plan import Plan
from tui_backprop.record.step import Phase


class Entry(Struct, frozen=True):
    """What kind of step stands somewhere, and of what: `name` is a node or parameter, `of` a factor's node.

    An update without a name is the learning rate; `line` is the place of an update's line in its rule, None for the
    last one, which sets the parameter.
    """

    kind: Literal["value", "seed", "factor", "gradient", "mean", "update"]
    name: str
    of: str = ""
    line: int | None = None

    @property
    def phase(self) -> Phase:
        """The phase such a step belongs to."""
        return _PHASES[self.kind]


_PHASES: dict[str, Phase] = {
    "value": "forward",
    "seed": "backward",
    "factor": "backward",
    "gradient": "backward",
    "mean": "average",
    "update": "update",
}


class StepLayout(Struct, frozen=True):
    """Which step stands where: the same in every iteration of a run.

    per_example: the entries of one example's forward and backward pass.
    tail: the averages and the updates after the last example.
    batch_size: how many examples an iteration goes through.
    first_update: the index of the first step that changes a parameter, or the number of steps where there is none.
    places: for each entry its place in `per_example`, or in `tail`.
    """

    per_example: tuple[Entry, ...]
    tail: tuple[Entry, ...]
    batch_size: int
    first_update: int
    places: Mapping[Entry, int]

    @staticmethod
    def of(graph: Graph, plan: Plan) -> StepLayout:
        """The layout of a graph's iterations."""
        entries = [Entry("value", node) for node in graph.nodes]
        entries.append(Entry("seed", graph.loss))
        for name in graph.backward:
            entries.extend(Entry("factor", name, through) for through in graph.consumers.get(name, ()))
            entries.append(Entry("gradient", name))
        tail: list[Entry] = []
        if plan.has_averages:
            tail.append(Entry("mean", ""))
            tail.extend(Entry("mean", parameter) for parameter in graph.parameters)
        if plan.rule is not None:
            tail.extend([Entry("update", "")] if plan.rule.rate_changes else [])
            lines = [*range(len(plan.rule.lines) - 1), None]
            tail.extend(
                Entry("update", graph.parameters[place], line=line) for place in plan.updated_places for line in lines
            )
        places = {entry: place for part in (entries, tail) for place, entry in enumerate(part)}
        changing = (
            place for place, entry in enumerate(tail) if entry.kind == "update" and entry.name and entry.line is None
        )
        first_update = len(entries) * plan.batch_size + next(changing, len(tail))
        return StepLayout(tuple(entries), tuple(tail), plan.batch_size, first_update, MappingProxyType(places))

    def __len__(self) -> int:
        return len(self.per_example) * self.batch_size + len(self.tail)

    def entry(self, index: int) -> Entry:
        """What stands at an index."""
        before_tail = len(self.per_example) * self.batch_size
        return (
            self.per_example[index % len(self.per_example)] if index < before_tail else self.tail[index - before_tail]
        )

    def turn(self, index: int) -> int | None:
        """Which of the iteration's examples an index belongs to, counted from 0 in their order; None after the last."""
        turn = index // len(self.per_example)
        return turn if turn < self.batch_size else None

    def index(self, entry: Entry, turn: int = 0) -> int:
        """Where an entry stands, for the given example's turn. Raises KeyError where the iteration has no such step."""
        place = self.places[entry]
        if entry.kind in ("mean", "update"):
            return len(self.per_example) * self.batch_size + place
        return len(self.per_example) * turn + place
