"""Which examples an iteration sees, and what it does with their gradients."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tui_backprop.engine.update_rule import UpdateRule, build_rule
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.random_numbers import shuffled


class Plan(Struct, frozen=True):
    """How a scenario trains.

    examples: the inputs' values, example by example.
    batch_size: how many of them one iteration sees at most; all of them, unless the scenario says `batch`.
    wraps: whether batches go on from the first example without an end; else the last one of a pass is what is left.
    shuffle: the seed of the order of every pass; None: file order.
    averages: whether loss and gradients are divided by the number of examples seen (else summed).
    rule: what an update computes; None in a lesson that updates nothing.
    is_updated: for each parameter whether it is updated (else it is frozen).
    updated_places: the places of those that are.
    start: the vector of iteration 0. A vector has the parameters, then name by name the state of the updated ones.
    """

    examples: tuple[tuple[float, ...], ...]
    batch_size: int
    wraps: bool
    shuffle: int | None
    averages: bool
    rule: UpdateRule | None
    is_updated: tuple[bool, ...]
    updated_places: tuple[int, ...]
    start: tuple[float, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every iteration sees all examples, in file order."""
        return self.batch_size == len(self.examples) and self.shuffle is None

    @property
    def is_even(self) -> bool:
        """Whether every iteration sees as many examples."""
        return self.wraps or len(self.examples) % self.batch_size == 0

    def batch(self, iteration: int) -> tuple[int, ...]:
        """The indices of the examples that an iteration sees, in order."""
        count, size = len(self.examples), self.batch_size
        if self.wraps:
            return tuple((iteration * size + offset) % count for offset in range(size))
        turn, place = divmod(iteration, -(-count // size))
        order: Sequence[int] = range(count) if self.shuffle is None else shuffled(count, self.shuffle, turn)
        return tuple(order[place * size : (place + 1) * size])

    def size(self, iteration: int) -> int:
        """How many examples an iteration sees."""
        return self.batch_size if self.is_even else len(self.batch(iteration))

    def reduced(self, total: float, size: int) -> float:
        """What becomes of a sum over so many examples: the mean, or the sum itself."""
        return total / size if self.averages else total


def build_plan(scenario: Scenario) -> Plan:
    """The plan of a scenario."""
    count = len(scenario.examples)
    rule = build_rule(scenario)
    is_updated = tuple(name not in scenario.frozen for name in scenario.parameters)
    kept = len(rule.state) * sum(is_updated) if rule else 0
    return Plan(
        examples=scenario.examples,
        batch_size=min(scenario.batch or count, count),
        wraps=scenario.wraps,
        shuffle=scenario.shuffle,
        averages=scenario.reduction == "mean",
        rule=rule,
        is_updated=is_updated,
        updated_places=tuple(place for place, moves in enumerate(is_updated) if moves),
        start=(*scenario.parameters.values(), *(0.0,) * kept),
    )
