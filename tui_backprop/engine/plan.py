"""Which examples an iteration sees, and what it does with their gradients."""

from __future__ import annotations

from msgspec import Struct

from tui_backprop.engine.update_rule import UpdateRule, build_rule
from tui_backprop.scenario.model import Scenario


class Plan(Struct, frozen=True):
    """How a scenario trains.

    examples: the inputs' values, example by example.
    batch_size: how many of them one iteration sees; all of them, unless the scenario says `batch`.
    averages: whether loss and gradients are divided by the number of examples seen (else summed).
    rule: what an update computes; None in a lesson that updates nothing.
    is_updated: for each parameter whether it is updated (else it is frozen).
    updated_places: the places of those that are.
    start: the vector of iteration 0. A vector has the parameters, then name by name the state of the updated ones.
    """

    examples: tuple[tuple[float, ...], ...]
    batch_size: int
    averages: bool
    rule: UpdateRule | None
    is_updated: tuple[bool, ...]
    updated_places: tuple[int, ...]
    start: tuple[float, ...]

    @property
    def has_averages(self) -> bool:
        """Whether an iteration has an average phase: it sees several examples."""
        return self.batch_size > 1

    def batch(self, iteration: int) -> tuple[int, ...]:
        """The indices of the examples that an iteration sees, in order: file order, wrapping at the end."""
        count = len(self.examples)
        if self.batch_size == count:
            return tuple(range(count))
        start = iteration * self.batch_size
        return tuple((start + offset) % count for offset in range(self.batch_size))

    def reduced(self, total: float) -> float:
        """What becomes of a sum over the examples of a batch: the mean, or the sum itself."""
        return total / self.batch_size if self.averages else total


def build_plan(scenario: Scenario) -> Plan:
    """The plan of a scenario."""
    count = len(scenario.examples)
    rule = build_rule(scenario)
    is_updated = tuple(name not in scenario.frozen for name in scenario.parameters)
    kept = len(rule.state) * sum(is_updated) if rule else 0
    return Plan(
        examples=scenario.examples,
        batch_size=min(scenario.batch or count, count),
        averages=scenario.reduction == "mean",
        rule=rule,
        is_updated=is_updated,
        updated_places=tuple(place for place, moves in enumerate(is_updated) if moves),
        start=(*scenario.parameters.values(), *(0.0,) * kept),
    )
