"""Which step stands where in an iteration, and at which index a given one is found."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Literal

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.plan import Plan
from tui_backprop.maths.partials import partial_name
from tui_backprop.on_demand import OnDemand
from tui_backprop.scenario.step_names import read_step_name

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


def entry_named(text: str, graph: Graph) -> Entry:
    """The step that a scenario file means by a step's name, or by a node's for its value. Of a gradient that is one
    factor of the loss and no more it is the factor, which shows the number first."""
    step = read_step_name(text)
    if step is None:
        return Entry("value", text)
    if step.kind != "derivative":
        return Entry(step.kind, "" if step.kind == "mean" and step.name == graph.loss else step.name)
    if step.of == step.name:
        return Entry("seed", step.name)
    is_factor = step.of != graph.loss or graph.is_one_factor(step.name)
    return Entry("factor", step.name, step.of) if is_factor else Entry("gradient", step.name)


_PHASES: dict[Kind, Phase] = {
    "value": "forward",
    "seed": "backward",
    "factor": "backward",
    "gradient": "backward",
    "mean": "average",
    "update": "update",
}


class _OfExample(OnDemand[Entry]):
    """The entries of one example's passes: the values, the seed, and for each name its factors and then its gradient.

    starts: how many entries the backward pass has before those of each name, and at the end all of them.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        counts = (len(graph.consumers.get(name, ())) + 1 for name in graph.backward)
        self.starts = array("l", accumulate(counts, initial=0))
        self.before_backward = len(graph.nodes) + 1
        self.node_places = {name: place for place, name in enumerate(graph.nodes)}

    def __len__(self) -> int:
        return self.before_backward + self.starts[-1]

    def made(self, place: int) -> Entry:
        """The entry at a place."""
        graph = self.graph
        if place < len(graph.nodes):
            return Entry("value", graph.nodes[place])
        if place < self.before_backward:
            return Entry("seed", graph.loss)
        at = place - self.before_backward
        number = bisect_right(self.starts, at) - 1
        name, users = graph.backward[number], graph.consumers.get(graph.backward[number], ())
        factor = at - self.starts[number]
        return Entry("factor", name, users[factor]) if factor < len(users) else Entry("gradient", name)

    def place(self, entry: Entry) -> int:
        """Where an entry stands. Raises KeyError or ValueError where it does not."""
        if entry.kind == "value":
            return self.node_places[entry.name]
        if entry.kind == "seed":
            return {self.graph.loss: len(self.graph.nodes)}[entry.name]
        number = self.graph.backward_places[entry.name]
        users = self.graph.consumers.get(entry.name, ())
        factor = users.index(entry.of) if entry.kind == "factor" else len(users)
        return self.before_backward + self.starts[number] + factor


class _Tail(OnDemand[Entry]):
    """The entries after the last example: the averages of the loss and of every parameter, the learning rate where it
    is an expression, and each updated parameter's lines."""

    def __init__(self, graph: Graph, plan: Plan, batch_size: int) -> None:
        rule = plan.rule
        self.graph = graph
        # Of one example there is nothing to average.
        self.means = 1 + len(graph.parameters) if batch_size > 1 else 0
        self.before_updates = self.means + (rule is not None and rule.rate_changes)
        self.updated = plan.updated_places if rule is not None else ()
        self.lines: tuple[int | None, ...] = (*range(len(rule.lines) - 1), None) if rule is not None else (None,)

    def __len__(self) -> int:
        return self.before_updates + len(self.updated) * len(self.lines)

    def made(self, place: int) -> Entry:
        """The entry at a place."""
        parameters = self.graph.parameters
        if place < self.means:
            return Entry("mean", parameters[place - 1] if place else "")
        if place < self.before_updates:
            return Entry("update", "")
        turn, line = divmod(place - self.before_updates, len(self.lines))
        return Entry("update", parameters[self.updated[turn]], line=self.lines[line])

    def place(self, entry: Entry) -> int:
        """Where an entry stands. Raises KeyError or ValueError where it does not."""
        if entry.kind == "mean":
            at = self.graph.parameter_places[entry.name] + 1 if entry.name else 0
        elif entry.name:
            turn = bisect_left(self.updated, self.graph.parameter_places[entry.name])
            at = self.before_updates + turn * len(self.lines) + self.lines.index(entry.line)
        else:
            at = self.means
        if at >= len(self) or self[at] != entry:
            raise KeyError(entry)
        return at


class _Places(Mapping[Entry, int]):
    """For each entry its place in its own part."""

    def __init__(self, per_example: _OfExample, tail: _Tail) -> None:
        self._parts = tail, per_example

    def __getitem__(self, entry: Entry) -> int:
        try:
            return self._parts[entry.is_of_example].place(entry)
        except (KeyError, ValueError):
            raise KeyError(entry) from None

    def __iter__(self) -> Iterator[Entry]:
        return chain(*self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))


class StepLayout(Struct, frozen=True):
    """Which step stands where: the same in every iteration of a run that sees as many examples. Entries are made when
    they are asked for: where each stands is counted.

    loss: the name of the loss.
    per_example: the entries of one example's forward and backward pass.
    tail: the averages and the updates after the last example.
    batch_size: how many examples an iteration goes through.
    first_update: the index of the first step that changes a parameter, or the number of steps where there is none.
    places: for each entry its place in `per_example`, or in `tail`.
    """

    loss: str
    per_example: Sequence[Entry]
    tail: Sequence[Entry]
    batch_size: int
    first_update: int
    places: Mapping[Entry, int]

    @staticmethod
    def of(graph: Graph, plan: Plan, batch_size: int) -> StepLayout:
        """The layout of a graph's iterations that see so many examples."""
        entries, tail = _OfExample(graph), _Tail(graph, plan, batch_size)
        changing = tail.before_updates + len(tail.lines) - 1 if tail.updated else len(tail)
        first_update = len(entries) * batch_size + changing
        return StepLayout(graph.loss, entries, tail, batch_size, first_update, _Places(entries, tail))

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

    def like(self, entry: Entry, turn: int) -> int | None:
        """Where an entry of another layout stands here, for the same turn or the last one that there is; None where
        there is no such step."""
        return self.index(entry, min(turn, self.batch_size - 1)) if entry in self.places else None
