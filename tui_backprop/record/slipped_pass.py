"""The backward pass of an iteration in which some steps compute something else than they should.

What they compute are trees, by step. Besides the names of the right ones they may have a parameter that is updated
already, a gradient of the iteration before, and the learning rate. A mean's tree calls the sum over the examples SUM.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from tui_backprop.engine.graph import Graph
from tui_backprop.engine.iteration import Pass, summed
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.update_rule import UpdateRule
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Expression, Name, names_in
from tui_backprop.maths.partials import partial_name
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import RATE

Trees = Mapping[Entry, Expression]
"""What the steps compute that compute something else."""

SUM = Name("the sum over the examples")
"""What stands for that sum in the tree of a mean."""


def updated(parameter: str) -> str:
    """What a tree calls a parameter that is updated before its time."""
    return f"{parameter} updated"


def before(gradient: str) -> str:
    """What a tree calls a gradient of the iteration before."""
    return f"{gradient} before"


def reads_updated(tree: Expression) -> bool:
    """Whether a tree has a parameter in it that is updated before its time."""
    return any(name == updated(name.rpartition(" ")[0]) for name in names_in(tree))


class RightNumbers:
    """The numbers of an iteration's examples as they should be: each a column, a number for each example in turn.

    vector: what the iteration starts from: the parameters, then the optimizer's state.
    old: the gradients of the iteration before: ∂L/∂w and its number.
    """

    def __init__(
        self,
        graph: Graph,
        plan: Plan,
        number: int,
        vector: Sequence[float],
        passes: Sequence[Pass],
        old: Mapping[str, float],
    ) -> None:
        self.graph = graph
        self.plan = plan
        self.passes = passes
        self.old = old
        self.number = number
        self.vector = vector
        self._factors: dict[tuple[str, str], list[float]] = {}
        self._gradients: dict[str, list[float]] = {graph.loss: [1.0] * len(passes)}

    def factor(self, of: str, wrt: str) -> list[float]:
        """A factor's number in each example."""
        if (of, wrt) not in self._factors:
            self._factors[of, wrt] = [seen.factor(of, wrt) for seen in self.passes]
        return self._factors[of, wrt]

    def gradient(self, name: str) -> list[float]:
        """A gradient's number in each example."""
        if name not in self._gradients:
            self._gradients[name] = [seen.gradient(name) for seen in self.passes]
        return self._gradients[name]

    def tree(self, entry: Entry) -> Expression | None:
        """What a sum computes that computes something else already; None for one that is right."""
        return None

    def rate(self) -> float:
        """The learning rate."""
        return self.plan.rule.rate_at(self.number) if self.plan.rule else 0.0

    def lines(self, rule: UpdateRule, places: Sequence[int], gradients: Sequence[float]) -> tuple[list[float], ...]:
        """For each line of a rule its values, for the parameters at these places and with these gradients."""
        count, all_updated = len(self.graph.parameters), self.plan.updated_places
        turns = [count + bisect_left(all_updated, place) for place in places]
        w = [self.vector[place] for place in places]
        kept = [[self.vector[turn + len(all_updated) * at] for turn in turns] for at in range(len(rule.state))]
        return rule.columns(rule.begun(self.number), w, [*gradients], kept)


class SlippedNumbers(RightNumbers):
    """The numbers of an iteration in which slips were made, for others to be made on top of them."""

    def __init__(self, backward: SlippedBackward) -> None:
        right = backward.right
        super().__init__(right.graph, right.plan, right.number, right.vector, right.passes, right.old)
        self._backward = backward

    def factor(self, of: str, wrt: str) -> list[float]:
        """A factor's number in each example."""
        return self._backward.factor(of, wrt)

    def gradient(self, name: str) -> list[float]:
        """A gradient's number in each example."""
        return self._backward.gradient(name)

    def tree(self, entry: Entry) -> Expression | None:
        """What a sum computes that computes something else already; None for one that is right."""
        return self._backward.trees.get(entry) or self._backward.right.tree(entry)


class SlippedPass(Pass):
    """One example's numbers, those of the backward pass as the slips left them."""

    def __init__(self, right: Pass, backward: SlippedBackward, turn: int) -> None:
        self.slots = right.slots
        self.numbers = right.numbers
        self._right = right
        self._backward = backward
        self._turn = turn

    def gradient(self, name: str) -> float:
        """The gradient with respect to a node or parameter. Raises KeyError for a node that does not reach the loss."""
        column = self._backward.gradients.get(name)
        return self._right.gradient(name) if column is None else column[self._turn]

    def factor(self, of: str, wrt: str) -> float:
        """The factor of an edge."""
        column = self._backward.factors.get((of, wrt))
        return self._right.factor(of, wrt) if column is None else column[self._turn]


class SlippedBackward:
    """The numbers that are not what they should be, name by name in the order of the backward pass.

    factors, gradients: the columns that were computed anew; all others are right.
    """

    def __init__(self, right: RightNumbers, trees: Trees) -> None:
        self.factors: dict[tuple[str, str], list[float]] = {}
        self.gradients: dict[str, list[float]] = {}
        self.right = right
        self.trees = trees
        self._changed_factors: dict[str, list[Entry]] = {}
        self._updated: dict[str, float] = {}
        places = right.graph.backward_places
        self._first = len(places)
        for entry in trees:
            if entry.kind == "factor":
                self._changed_factors.setdefault(entry.name, []).append(entry)
            if entry.kind in ("factor", "gradient"):
                self._first = min(self._first, places[entry.name])

    def computed(self) -> SlippedBackward:
        """The same, computed to its end."""
        for _ in self.names():
            pass
        return self

    def names(self) -> Iterator[str]:
        """Computes one name after the other, and gives each whose numbers may be others than the right ones."""
        graph, gradients = self.right.graph, self.gradients
        for place in range(self._first, len(graph.backward)):
            name = graph.backward[place]
            entry = Entry("gradient", name)
            factors, tree = self._changed_factors.get(name, ()), self.trees.get(entry)
            users = graph.consumers.get(name, ())
            if not factors and tree is None and gradients.keys().isdisjoint(users):
                continue
            tree = tree or self.right.tree(entry)
            for factor in factors:
                self.factors[factor.of, name] = self._factor(factor)
            gradients[name] = self._sum(name, users) if tree is None else self._tree(tree, name, users)
            yield name

    def gradient(self, name: str) -> list[float]:
        """A gradient's column."""
        return self.gradients[name] if name in self.gradients else self.right.gradient(name)

    def factor(self, of: str, wrt: str) -> list[float]:
        """A factor's column."""
        return self.factors[of, wrt] if (of, wrt) in self.factors else self.right.factor(of, wrt)

    def reduced(self, name: str) -> float:
        """A gradient, reduced over the examples."""
        column = self.gradient(name)
        entry = Entry("mean", name)
        tree = self.trees.get(entry) or self.right.tree(entry)
        if tree is None:
            return self.right.plan.reduced(summed(column), len(column))
        return evaluate(tree, {SUM.name: summed(column), **self.more_numbers(tree)})

    def updated(self, parameter: str) -> float:
        """A parameter after its update, which its gradient has to be known for."""
        if parameter not in self._updated:
            right, rule = self.right, self.right.plan.rule
            assert rule is not None
            lines = right.lines(rule, [right.graph.parameter_places[parameter]], [self.reduced(parameter)])
            self._updated[parameter] = lines[-1][0]
        return self._updated[parameter]

    def more_numbers(self, tree: Expression) -> dict[str, float]:
        """The numbers of the names that only such trees have."""
        graph, found = self.right.graph, {}
        for name in names_in(tree):
            word = name.rpartition(" ")[0]
            if word in graph.parameter_places and name == updated(word):
                found[name] = self.updated(word)
            elif name == before(word):
                found[name] = self.right.old.get(word, 0.0)
            elif name == partial_name(graph.loss, graph.loss):
                found[name] = 1.0
            elif name == RATE:
                found[name] = self.right.rate()
        return found

    def _factor(self, entry: Entry) -> list[float]:
        tree = self.trees[entry]
        more, names = self.more_numbers(tree), names_in(tree)
        return [
            evaluate(tree, {**more, **{name: seen.numbers[name] for name in names if name in seen.numbers}})
            for seen in self.right.passes
        ]

    def _sum(self, name: str, users: Sequence[str]) -> list[float]:
        columns = [(self.gradient(user), self.factor(user, name)) for user in users]
        if len(columns) == 1:
            return [upstream * factor for upstream, factor in zip(*columns[0], strict=True)]
        first, *others = [[one * two for one, two in zip(*column, strict=True)] for column in columns]
        for terms in others:
            first = [one + two for one, two in zip(first, terms, strict=True)]
        return first

    def _tree(self, tree: Expression, name: str, users: Sequence[str]) -> list[float]:
        loss = self.right.graph.loss
        columns = {partial_name(user, name): self.factor(user, name) for user in users}
        columns |= {partial_name(loss, user): self.gradient(user) for user in users}
        more = self.more_numbers(tree)
        return [
            evaluate(tree, {**{part: column[turn] for part, column in columns.items()}, **more})
            for turn in range(len(self.right.passes))
        ]
