"""Which step stands where in an iteration, and at which index a given one is found."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.plan import Plan
from tui_backprop.maths.partials import partial_name

Kind = Literal["value", "seed", "factor", "gradient", "mean", "update"]
Phase = Literal["forward", "backward", "average", "update"]


class Entry(Struct, frozen=True):
    """What kind of step stands somewhere, and of what: `name` is a node or parameter, `of` a factor's node.

    An update without a name is the learning rate; `line` is the place of an update's line in its rule, None for the
    last one, which sets the parameter.
    """

    kind: Kind
    name: str
    of: str = ""
    line: int | None = None

    @property
    def phase(self) -> Phase:
        """The phase such a step belongs to."""
        return _PHASES[self.kind]

    @property
    def is_of_example(self) -> bool:
        """Whether every example has such a step; not those after the last example."""
        return self.kind not in ("mean", "update")

    @property
    def is_gradient(self) -> bool:
        """Whether it is a gradient of the loss: of one example, or of all of the iteration's together."""
        return self.kind in ("seed", "gradient") or (self.kind == "mean" and bool(self.name))

    @property
    def is_sum(self) -> bool:
        """Whether it adds up what comes by several paths or from several examples."""
        return self.kind in ("gradient", "mean")

    @property
    def replaces(self) -> bool:
        """Whether its number takes the place of another one: each line of an update, but not the learning rate."""
        return self.kind == "update" and bool(self.name)


def name_in_file(entry: Entry, graph: Graph) -> str:
    """The name that a scenario file has for such a step alone: ∂a/∂z, mean w, update w; "" where it has none.

    A factor of the loss that is the whole gradient has the gradient's name; one that is a part of it has none.
    """
    if entry.kind in ("mean", "update"):
        name = entry.name or (graph.loss if entry.kind == "mean" else "")
        return f"{entry.kind} {name}" if name and entry.line is None else ""
    if entry.kind == "value" or graph.is_direct(entry.of, entry.name):
        return ""
    return partial_name(entry.of or graph.loss, entry.name)


_PHASES: dict[Kind, Phase] = {
    "value": "forward",
    "seed": "backward",
    "factor": "backward",
    "gradient": "backward",
    "mean": "average",
    "update": "update",
}


class StepLayout(Struct, frozen=True):
    """Which step stands where: the same in every iteration of a run.

    loss: the name of the loss.
    per_example: the entries of one example's forward and backward pass.
    tail: the averages and the updates after the last example.
    batch_size: how many examples an iteration goes through.
    first_update: the index of the first step that changes a parameter, or the number of steps where there is none.
    places: for each entry its place in `per_example`, or in `tail`.
    """

    loss: str
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
        changing = (place for place, entry in enumerate(tail) if entry.replaces and entry.line is None)
        first_update = len(entries) * plan.batch_size + next(changing, len(tail))
        parts = (tuple(entries), tuple(tail))
        return StepLayout(graph.loss, *parts, plan.batch_size, first_update, MappingProxyType(places))

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

    def gradient_of(self, name: str) -> Entry | None:
        """The step that gives the gradient of the loss with respect to a name; None for what gets no gradient."""
        entry = Entry("seed" if name == self.loss else "gradient", name)
        return entry if entry in self.places else None

    @property
    def index_of_loss(self) -> int:
        """Where the loss is known that the history records: at its mean, or at its value in the only example."""
        mean = Entry("mean", "")
        return self.index(mean if mean in self.places else Entry("value", self.loss))

    def index(self, entry: Entry, turn: int = 0) -> int:
        """Where an entry stands, for the given example's turn. Raises KeyError where the iteration has no such step."""
        place = self.places[entry]
        return len(self.per_example) * (turn if entry.is_of_example else self.batch_size) + place
