"""What each kind of step computes: its tree, the numbers put in, and where the result lies. One entry for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.maths.cancellation import noted_value
from tui_backprop.maths.expression import ONE, ZERO, Expression, Name, Number, chained, divide, multiply
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.remnants import Remnants
from tui_backprop.record.step_layout import Entry, Kind
from tui_backprop.record.update_lines import (
    line_of,
    numbers_of_line,
    numbers_of_rate,
    tree_of_line,
    value_of_line,
)
from tui_backprop.scenario.optimizers import RATE


class Computed(Struct, frozen=True):
    """An iteration with all that its numbers were computed by.

    before: gives the iteration before it; None for the first one.
    noted: the numbers as they are shown, those that are nothing but rounding as Remnants.
    """

    graph: Graph
    plan: Plan
    iteration: Iteration
    before: Callable[[], Iteration] | None
    noted: Remnants

    def place(self, entry: Entry) -> int:
        """The place of a step's parameter among all of them."""
        return self.graph.parameter_places[entry.name]

    def tree(self, entry: Entry) -> Expression:
        """What a step computes."""
        return right_tree(self.graph, self.plan, entry, len(self.iteration.batch))

    def numbers(self, entry: Entry, turn: int) -> Mapping[str, float]:
        """Every name of a step's tree with its number, for an example's turn in the iteration."""
        return STEP_KINDS[entry.kind].numbers(self, entry, turn)


class StepKind(Struct, frozen=True):
    """One kind of step.

    tree: what is computed, the same in every iteration that sees as many examples.
    numbers: every name of the tree with its number, for an example's turn in the iteration.
    number: what comes out.
    replaced: what the number takes the place of; None where it takes none.
    line: the left side of an update's line, in the words of its optimizer.
    """

    tree: Callable[[Graph, Plan, Entry, int], Expression]
    numbers: Callable[[Computed, Entry, int], Mapping[str, float]]
    number: Callable[[Computed, Entry, int], float]
    replaced: Callable[[Computed, Entry], float | None] = lambda computed, entry: None
    line: Callable[[Plan, Entry], str] = lambda plan, entry: ""


# --- the passes of one example


def _values(computed: Computed, entry: Entry, turn: int) -> Mapping[str, float]:
    return computed.noted.example(turn).numbers


def _value(computed: Computed, entry: Entry, turn: int) -> float:
    return computed.noted.example(turn).numbers[entry.name]


def _factor(computed: Computed, entry: Entry, turn: int) -> float:
    return computed.noted.example(turn).factor(entry.of, entry.name)


def _gradient_tree(graph: Graph, plan: Plan, entry: Entry, examples: int) -> Expression:
    """The sum over the nodes that use the name, of upstream gradient times factor."""
    users = graph.consumers.get(entry.name, ())
    terms = [multiply(Name(partial_name(graph.loss, user)), Name(partial_name(user, entry.name))) for user in users]
    return chained("+", terms) if terms else ZERO


def _numbers_of_terms(computed: Computed, entry: Entry, turn: int) -> Mapping[str, float]:
    graph, seen = computed.graph, computed.noted.example(turn)
    found: dict[str, float] = {}
    for user in graph.consumers.get(entry.name, ()):
        found[partial_name(graph.loss, user)] = seen.gradient(user)
        found[partial_name(user, entry.name)] = seen.factor(user, entry.name)
    return found


def _gradient(computed: Computed, entry: Entry, turn: int) -> float:
    return computed.noted.example(turn).gradient(entry.name)


# --- after the last example


def _in_turn(name: str, turn: int) -> str:
    """How a mean's tree calls a number of one example: by the example's turn in the iteration."""
    return f"{name} {turn + 1}"


def _reduced(graph: Graph, entry: Entry) -> str:
    """What a mean is the mean of: the loss, or a parameter's gradient."""
    return partial_name(graph.loss, entry.name) if entry.name else graph.loss


def _mean_tree(graph: Graph, plan: Plan, entry: Entry, examples: int) -> Expression:
    what = _reduced(graph, entry)
    total = chained("+", (Name(_in_turn(what, turn)) for turn in range(examples)))
    return divide(total, Number(examples)) if plan.averages else total


def _numbers_of_examples(computed: Computed, entry: Entry, turn: int) -> Mapping[str, float]:
    what = _reduced(computed.graph, entry)
    examples = map(computed.noted.example, range(len(computed.iteration.batch)))
    numbers = (seen.gradient(entry.name) if entry.name else seen.numbers[what] for seen in examples)
    return {_in_turn(what, turn): number for turn, number in enumerate(numbers)}


def _mean(computed: Computed, entry: Entry, turn: int) -> float:
    return computed.noted.gradient(computed.place(entry)) if entry.name else computed.noted.loss()


# --- updates: the learning rate where it is an expression, and each parameter's lines


def _update_tree(graph: Graph, plan: Plan, entry: Entry, examples: int) -> Expression:
    return tree_of_line(plan, entry)


def _numbers_of_update(computed: Computed, entry: Entry, turn: int) -> Mapping[str, float]:
    if not entry.name:
        return numbers_of_rate(computed.graph.constants, computed.iteration)
    place, noted = computed.place(entry), computed.noted
    parameter, gradient = noted.parameters()[place], noted.gradient(place)
    made_of = numbers_of_line(computed.plan, computed.iteration, entry, place, parameter, gradient)
    # Beside g, which a line may have changed, the gradient as the backward pass left it.
    return {**made_of, partial_name(computed.graph.loss, entry.name): gradient}


def _update(computed: Computed, entry: Entry, turn: int) -> float:
    if not entry.name:
        assert computed.iteration.rate is not None
        return computed.iteration.rate
    value = value_of_line(computed.plan, computed.iteration, entry, computed.place(entry))
    return noted_value(tree_of_line(computed.plan, entry), _numbers_of_update(computed, entry, turn), value)


def _replaced(computed: Computed, entry: Entry) -> float | None:
    """What a line's name was worth before it: 0 at first; for what is not kept, what the update before gave."""
    if not entry.name:
        return None
    known = _numbers_of_update(computed, entry, 0).get(line_of(computed.plan, entry).name)
    if known is not None:
        return known
    before = computed.before() if computed.before else None
    return value_of_line(computed.plan, before, entry, computed.place(entry)) if before else 0.0


def _line(plan: Plan, entry: Entry) -> str:
    return line_of(plan, entry).name if entry.name else RATE


STEP_KINDS: Mapping[Kind, StepKind] = MappingProxyType(
    {
        "value": StepKind(lambda graph, plan, entry, examples: graph.equations[entry.name], _values, _value),
        "seed": StepKind(lambda graph, plan, entry, examples: ONE, _values, lambda computed, entry, turn: 1.0),
        "factor": StepKind(lambda graph, plan, entry, examples: graph.factors[entry.of, entry.name], _values, _factor),
        "gradient": StepKind(_gradient_tree, _numbers_of_terms, _gradient),
        "mean": StepKind(_mean_tree, _numbers_of_examples, _mean),
        "update": StepKind(_update_tree, _numbers_of_update, _update, _replaced, _line),
    }
)


def right_tree(graph: Graph, plan: Plan, entry: Entry, examples: int) -> Expression:
    """What a step computes, as it should, in an iteration that goes through so many examples."""
    return STEP_KINDS[entry.kind].tree(graph, plan, entry, examples)
