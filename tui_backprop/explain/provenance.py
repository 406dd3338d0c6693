"""Where a number comes from and where it goes: the step that made it, and the steps that read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Expression, names_in
from tui_backprop.maths.functions import CONSTANTS
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.record.history import History
from tui_backprop.record.step_kinds import STEP_KINDS
from tui_backprop.record.step_layout import Entry
from tui_backprop.record.update_lines import rule_of
from tui_backprop.scenario.optimizers import GRADIENT, ITERATION, PARAMETER, RATE, UPDATE_NUMBER, WEIGHT_DECAY

SET_BY_HAND = "set in this what-if"


class StepAt(Struct, frozen=True, order=True):
    """A step of a run: its iteration, and its index there, both counted from 0."""

    iteration: int
    index: int


Origin = StepAt | str
"""The step that made a number; or, where none did, in a few words how it is given."""


def tree_at(history: History, at: StepAt) -> Expression:
    """What a step computes, of an iteration that need not be recorded."""
    owner, layout = history.owner(at.iteration), history.layout(at.iteration)
    entry = layout.entry(at.index)
    return STEP_KINDS[entry.kind].tree(owner.graph, owner.plan, entry, layout.batch_size)


def names_read(history: History, at: StepAt) -> tuple[str, ...]:
    """The names whose numbers a step reads."""
    return tuple(name for name in names_in(tree_at(history, at)) if name not in CONSTANTS)


# --- where a number comes from


def made_by(history: History, at: StepAt, name: str) -> Origin:
    """Where the number comes from that a step reads by a name of its tree."""
    layout = history.layout(at.iteration)
    entry, turn = layout.entry(at.index), layout.turn(at.index)
    if entry.kind == "update":
        return _read_by_update(history, at.iteration, entry, name)
    parts = parts_of_partial(name)
    if entry.kind == "mean":
        turn = int(name.rpartition(" ")[2]) - 1
        source = layout.gradient_of(entry.name) if entry.name else Entry("value", layout.loss)
    elif parts is None:
        return value_made_by(history, at.iteration, turn or 0, name)
    else:
        of, wrt = parts
        source = Entry("factor", wrt, of) if wrt == entry.name else layout.gradient_of(wrt)
    assert source is not None
    return StepAt(at.iteration, layout.index(source, turn or 0))


def value_made_by(history: History, iteration: int, turn: int, name: str) -> Origin:
    """Where the value of a name comes from in the passes of an iteration's example, counted by its turn."""
    owner, first = history.owner(iteration), _left_first(history)
    graph, plan = owner.graph, owner.plan
    if name in graph.equations:
        return StepAt(iteration, history.layout(iteration).index(Entry("value", name), turn))
    if name in graph.parameter_places:
        return _parameter(history, iteration, name)
    if name in graph.constants:
        return _given("constants", graph.constants[name] == first.graph.constants[name])
    example, place = plan.batch(iteration)[turn], graph.inputs.index(name)
    is_as_it_was = plan.examples[example][place] == first.plan.examples[example][place]
    return _given(f"data, example {example + 1}", is_as_it_was)


def _given(where: str, is_as_it_was: bool = True) -> str:
    return f"from the file: {where}" if is_as_it_was else SET_BY_HAND


def _left_first(history: History) -> History:
    """The run that a what-if goes on from, or the one that this one does."""
    while history.past is not None:
        history = history.past.history
    return history


def _parameter(history: History, iteration: int, name: str) -> Origin:
    """The update that left a parameter as an iteration has it."""
    owner, update = history.owner(iteration), Entry("update", name)
    while True:
        layout = owner.layout(iteration - 1) if iteration > owner.first else None
        if layout is not None and update in layout.places:
            return StepAt(iteration - 1, layout.index(update))
        # A frozen one is as it was when this run began.
        iteration = owner.first
        if owner.past is None:
            return _given("network" if _is_of_network(owner, name) else "parameters")
        if name in owner.past.set_names:
            return SET_BY_HAND
        owner = owner.past.history.owner(iteration)


def _is_of_network(history: History, name: str) -> bool:
    network = history.scenario.network
    return network is not None and any(
        name in layer.biases or any(name in row for row in layer.weights) for layer in network.layers
    )


def _read_by_update(history: History, iteration: int, entry: Entry, name: str) -> Origin:
    owner, layout = history.owner(iteration), history.layout(iteration)
    rule = rule_of(owner.plan)
    if not entry.name:
        is_count = name == ITERATION
        return f"counted: this is iteration {iteration:,}" if is_count else value_made_by(history, iteration, 0, name)
    before = rule.lines[: -1 if entry.line is None else entry.line]
    line = next((place for place in reversed(range(len(before))) if before[place].name == name), None)
    if line is not None:
        return StepAt(iteration, layout.index(Entry("update", entry.name, line=line)))
    if name == PARAMETER:
        return _parameter(history, iteration, entry.name)
    if name == GRADIENT:
        mean = Entry("mean", entry.name)
        source = mean if mean in layout.places else layout.gradient_of(entry.name)
        assert source is not None
        return StepAt(iteration, layout.index(source))
    if name == RATE and rule.rate_changes:
        return StepAt(iteration, layout.index(Entry("update", "")))
    if name == RATE:
        return _given("learning_rate", owner.scenario.learning_rate == _left_first(history).scenario.learning_rate)
    if name == UPDATE_NUMBER:
        return f"counted: this is update {int(rule.number_of_update(iteration)):,}"
    if name in rule.state:
        return _state(history, iteration, entry.name, name)
    if name in owner.graph.constants:
        return value_made_by(history, iteration, 0, name)
    return "from the file: weight_decay" if name == WEIGHT_DECAY else "a number of the optimizer"


def _state(history: History, iteration: int, parameter: str, name: str) -> Origin:
    """The line of an update that left a parameter's state as an iteration has it."""
    owner = history.owner(iteration)
    while iteration == owner.first:
        if owner.past is None or rule_of(owner.plan).first == iteration:
            return "it starts at 0"
        owner = owner.past.history.owner(iteration)
    rule, layout = rule_of(owner.plan), owner.layout(iteration - 1)
    line = len(rule.lines) - 1 - [line.name for line in reversed(rule.lines)].index(name)
    left = Entry("update", parameter, line=line)
    # One that was frozen until now has none.
    return StepAt(iteration - 1, layout.index(left)) if left in layout.places else "it starts at 0"


# --- where it goes


def read_by(history: History, at: StepAt) -> Iterator[StepAt]:
    """The steps that read the number that a step made, in their order; those of the next iteration too."""
    for reader in _candidates(history, at):
        if any(made_by(history, reader, name) == at for name in names_read(history, reader)):
            yield reader


def _candidates(history: History, at: StepAt) -> Iterator[StepAt]:
    """Steps among which all those are that read a number, in their order."""
    graph, layout = history.owner(at.iteration).graph, history.layout(at.iteration)
    entry, turn = layout.entry(at.index), layout.turn(at.index)
    if entry.kind == "value":
        yield from _in_order(history, at.iteration, _uses(graph, entry.name), turn or 0)
        yield from _in_order(history, at.iteration, [Entry("mean", "")])
    elif entry.kind == "factor":
        yield from _in_order(history, at.iteration, [Entry("gradient", entry.name)], turn or 0)
    elif entry.kind in ("seed", "gradient"):
        below = [Entry("gradient", name) for name in graph.operands.get(entry.name, ()) if graph.has_gradient(name)]
        yield from _in_order(history, at.iteration, below, turn or 0)
        yield from _in_order(history, at.iteration, [Entry("mean", entry.name), *_lines(history, at, entry.name)])
    elif entry.name:
        yield from _in_order(history, at.iteration, _lines(history, at, entry.name))
        if entry.kind == "update":
            yield from _in_next_iteration(history, at, entry)
    elif entry.kind == "update":
        updates = (found for found in layout.tail if found.replaces)
        yield from _in_order(history, at.iteration, updates)


def _in_next_iteration(history: History, at: StepAt, entry: Entry) -> Iterator[StepAt]:
    following = StepAt(at.iteration + 1, 0)
    if following.iteration > history.last_possible:
        return
    if entry.line is None:
        graph = history.owner(following.iteration).graph
        for turn in range(history.layout(following.iteration).batch_size):
            yield from _in_order(history, following.iteration, _uses(graph, entry.name), turn)
    yield from _in_order(history, following.iteration, _lines(history, following, entry.name))


def _uses(graph: Graph, name: str) -> list[Entry]:
    """The values and the factors that may read a value: those of the nodes that use it, and its own factors."""
    users = [node for node in graph.nodes if name in graph.operands[node]]
    nodes = [*users, *([name] if name in graph.equations else [])]
    pairs = [(node, wrt) for node in nodes for wrt in graph.operands[node] if (node, wrt) in graph.factors]
    return [*(Entry("value", node) for node in users), *(Entry("factor", wrt, of) for of, wrt in pairs)]


def _lines(history: History, at: StepAt, parameter: str) -> list[Entry]:
    """The lines of a parameter's update."""
    rule = history.owner(at.iteration).plan.rule
    places = [*range(len(rule.lines) - 1), None] if rule else []
    return [Entry("update", parameter, line=place) for place in places]


def _in_order(history: History, iteration: int, entries: Iterable[Entry], turn: int = 0) -> Iterator[StepAt]:
    """Where these steps stand that the iteration has, in order."""
    layout = history.layout(iteration)
    found = [layout.index(entry, turn) for entry in entries if entry in layout.places]
    return (StepAt(iteration, index) for index in sorted(found))
