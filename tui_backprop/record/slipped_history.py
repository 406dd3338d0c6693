"""A run in which a slip is made in every backward pass, or in every update, and which trains on with what comes out.

It has the face of any history. Its steps have the trees that were computed, so that a slipped step's tree gives the
slipped number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.iteration import Interpreter, Iteration, Pass
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import build_program
from tui_backprop.engine.update_rule import UpdateRule, build_rule
from tui_backprop.maths.expression import Call, Expression, names_in
from tui_backprop.maths.expression import replace as replaced
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.history import History
from tui_backprop.record.remnants import Remnants
from tui_backprop.record.slipped_pass import SUM, RightNumbers, SlippedBackward, SlippedPass, Trees
from tui_backprop.record.step_kinds import STEP_KINDS, Computed, right_tree
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import UpdateLine

TreesOf = Callable[[Graph, Plan, int], Trees]
"""The trees of the steps that compute something else, in an iteration that goes through so many examples."""


class SlippedHistory(History):
    """The history of a scenario, some of whose steps compute something else.

    trees_of: gives their trees. what: the slip, in words.
    """

    def __init__(self, scenario: Scenario, trees_of: TreesOf, what: str = "") -> None:
        self.what = what
        self._trees_of = trees_of
        self._trees: dict[int, Trees] = {}
        super().__init__(scenario)

    def trees(self, size: int) -> Trees:
        """The trees of the steps that compute something else, in an iteration that goes through so many examples."""
        if size not in self._trees:
            self._trees[size] = MappingProxyType(dict(self._trees_of(self.graph, self.plan, size)))
        return self._trees[size]

    def tree(self, entry: Entry) -> Expression:
        """What a step computes, whatever the numbers are; a mean, where a batch is whole."""
        size = self.plan.batch_size
        return _tree(self.trees(size), self.graph, self.plan, entry, size)

    def state(self, iteration: int) -> Mapping[str, Mapping[str, float]]:
        """The optimizer's state in an iteration, before its update."""
        return self.named_state(self.iteration(iteration).state)

    def _plan(self) -> Plan:
        # A vector has the gradients as well that the iteration before it would have had without the slip.
        plan = super()._plan()
        return replace(plan, start=(*plan.start, *(0.0 for _ in self.graph.parameters)))

    def _interpreter(self) -> Interpreter:
        return SlippedInterpreter(self.scenario, self.graph, self.plan, self.trees)

    def _may_compile(self, iterations: int) -> bool:
        return False

    def _computed(
        self, iteration: Iteration, before: Callable[[], Iteration] | None, noted_by: Callable[[], Iteration] | None
    ) -> Computed:
        assert isinstance(iteration, SlippedIteration)
        noted = _SlippedRemnants(self.interpreter.program, self.plan, iteration, noted_by)
        return _SlippedComputed(self.graph, self.plan, iteration, before, noted, self.trees(len(iteration.batch)))


class SlippedIteration(Iteration, frozen=True):
    """The numbers of an iteration with its backward pass as the slips left it."""

    backward: SlippedBackward


class SlippedInterpreter(Interpreter):
    """Computes every number as it should be, and then those anew that a slip changes."""

    def __init__(self, scenario: Scenario, graph: Graph, plan: Plan, trees: Callable[[int], Trees]) -> None:
        super().__init__(build_program(graph), plan)
        self._scenario = scenario
        self._graph = graph
        self._trees = trees
        self._rules: dict[tuple[UpdateLine, ...], UpdateRule] = {}

    def iteration(self, number: int, vector: Sequence[float]) -> SlippedIteration:
        """Every number of an iteration that starts at the given parameters, state, and old gradients."""
        plan, parameters = self._plan, self._graph.parameters
        right = super().iteration(number, vector)
        own = len(vector) - len(parameters)
        gradients_before = (partial_name(self._graph.loss, name) for name in parameters)
        old = dict(zip(gradients_before, vector[own:], strict=True))
        trees = self._trees(len(right.batch))
        numbers = RightNumbers(self._graph, plan, number, vector, right.passes, old)
        backward = SlippedBackward(numbers, trees).computed()
        gradients = tuple(map(backward.reduced, parameters))
        lines, updated = self._updates(numbers, trees, gradients)
        after = list(vector[:own])
        if plan.rule is not None:
            for place, value in zip(plan.updated_places, updated, strict=True):
                after[place] = value
            after[len(parameters) :] = [value for line in plan.rule.kept for value in lines[line]]
        return SlippedIteration(
            number=number,
            vector=vector,
            parameters=right.parameters,
            state=vector[len(parameters) : own],
            batch=right.batch,
            passes=tuple(SlippedPass(seen, backward, turn) for turn, seen in enumerate(right.passes)),
            loss=right.loss,
            gradients=gradients,
            rate=right.rate,
            lines=lines,
            updated=(*after, *right.gradients),
            backward=backward,
        )

    def _updates(
        self, numbers: RightNumbers, trees: Trees, gradients: Sequence[float]
    ) -> tuple[tuple[list[float], ...], list[float]]:
        """For each line its values for the updated parameters; the last line's alone."""
        plan = self._plan
        if plan.rule is None:
            return (), []
        places_of: dict[tuple[UpdateLine, ...], list[int]] = {}
        for place in plan.updated_places:
            places_of.setdefault(self._lines(trees, plan.rule, self._graph.parameters[place]), []).append(place)
        values: dict[int, list[float]] = {}
        for lines, places in places_of.items():
            columns = numbers.lines(self._rule(plan.rule, lines), places, [gradients[place] for place in places])
            values |= zip(places, map(list, zip(*columns, strict=True)), strict=True)
        columns = tuple(map(list, zip(*(values[place] for place in plan.updated_places), strict=True)))
        return columns or tuple([] for _ in plan.rule.lines), list(columns[-1]) if columns else []

    def _lines(self, trees: Trees, rule: UpdateRule, parameter: str) -> tuple[UpdateLine, ...]:
        last = len(rule.lines) - 1
        entries = (Entry("update", parameter, line=at if at < last else None) for at in range(last + 1))
        return tuple(
            replace(line, formula=trees.get(entry, line.formula))
            for line, entry in zip(rule.lines, entries, strict=True)
        )

    def _rule(self, right: UpdateRule, lines: tuple[UpdateLine, ...]) -> UpdateRule:
        if lines == right.lines:
            return right
        if lines not in self._rules:
            # The line of a weight decay, where there is one, is among them: they are not given another one.
            optimizer = replace(self._scenario.optimizer, lines=lines)
            rule = build_rule(replace(self._scenario, optimizer=optimizer))
            assert rule is not None
            self._rules[lines] = rule
        return self._rules[lines]


class _SlippedRemnants(Remnants):
    def example(self, turn: int) -> Pass:
        """The numbers of one of the iteration's examples."""
        assert isinstance(self._iteration, SlippedIteration)
        return SlippedPass(super().example(turn), self._iteration.backward, turn)


class _SlippedComputed(Computed, frozen=True):
    trees: Trees

    def tree(self, entry: Entry) -> Expression:
        """What a step computes."""
        return _tree(self.trees, self.graph, self.plan, entry, len(self.iteration.batch))

    def numbers(self, entry: Entry, turn: int) -> Mapping[str, float]:
        """Every name of a step's tree with its number, for an example's turn in the iteration."""
        right = STEP_KINDS[entry.kind].numbers(self, entry, turn)
        if entry not in self.trees or entry.kind == "update":
            return right
        assert isinstance(self.iteration, SlippedIteration)
        tree = self.tree(entry)
        more = self.iteration.backward.more_numbers(tree)
        return {**more, **{name: right[name] for name in names_in(tree) if name in right}}


def _tree(trees: Trees, graph: Graph, plan: Plan, entry: Entry, size: int) -> Expression:
    right = right_tree(graph, plan, entry, size)
    if entry not in trees:
        return right
    if entry.kind != "mean":
        return trees[entry]
    total = right.arguments[0] if plan.averages and isinstance(right, Call) else right
    return replaced(trees[entry], {SUM: total})
