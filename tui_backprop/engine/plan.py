"""Which examples does an iteration see, and what does it do with their gradients?"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tui_backprop.scenario.model import Scenario


class Plan(Struct, frozen=True):
    """How a scenario trains.

    examples: the inputs' values, example by example.
    batch_size: how many of them one iteration sees; all of them, unless the scenario says `batch`.
    averages: whether loss and gradients are divided by the number of examples seen (else summed).
    learning_rate: None in a lesson that updates nothing.
    is_updated: for each parameter whether it is updated (else it is frozen).
    """

    examples: tuple[tuple[float, ...], ...]
    batch_size: int
    averages: bool
    learning_rate: float | None
    is_updated: tuple[bool, ...]

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

    def updated(self, parameters: Sequence[float], gradients: Sequence[float]) -> Sequence[float]:
        """The parameters after an update: w - learning rate * gradient, but for frozen ones."""
        rate = self.learning_rate
        if rate is None:
            return parameters
        return tuple(
            value - rate * gradient if moves else value
            for value, gradient, moves in zip(parameters, gradients, self.is_updated, strict=True)
        )


def build_plan(scenario: Scenario) -> Plan:
    """The plan of a scenario."""
    count = len(scenario.examples)
    return Plan(
        examples=scenario.examples,
        batch_size=min(scenario.batch or count, count),
        averages=scenario.reduction == "mean",
        learning_rate=scenario.learning_rate,
        is_updated=tuple(name not in scenario.frozen for name in scenario.parameters),
    )
