"""What must an engine be able to do to be measured? Train, and show its numbers by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tui_backprop.scenario.model import Scenario

Names: TypeAlias = "str | tuple[Names, ...]"
"""The names of the numbers in an array, nested as the array is."""


@dataclass(frozen=True, slots=True)
class Look:
    """The numbers of one iteration by name, as far as an engine has them.

    With several examples the gradients are those of the parameters, and a value is called a[3] in example 3.
    """

    loss: float
    values: Mapping[str, float]
    gradients: Mapping[str, float]


class Problem(ABC):
    """A workload in one engine, from its first parameters on."""

    @abstractmethod
    def train(self, iterations: int) -> Sequence[float]:
        """Go on for so many iterations (forward, backward, update of every parameter); gives their losses."""

    @abstractmethod
    def looks(self, count: int) -> list[Look]:
        """The numbers of the first iterations; the problem must not have been trained."""

    def prepare(self, iterations: int) -> None:  # noqa: B027
        """Get ready to train for so many iterations; nothing of it is timed."""


class PeerProblem(Problem):
    """A workload in an engine that keeps nothing of an iteration but what its user keeps: the losses."""

    @abstractmethod
    def look(self) -> Look:
        """The numbers at the present parameters."""

    def looks(self, count: int) -> list[Look]:
        looks = [self.look()]
        while len(looks) < count:
            self.train(1)
            looks.append(self.look())
        return looks


def named(names: Names, numbers: Any) -> Iterator[tuple[str, float]]:
    """The numbers of an array (or nested list, or a number) with their names."""
    if isinstance(names, str):
        yield names, float(numbers)
    else:
        for part, number in zip(names, numbers, strict=True):
            yield from named(part, number)


def numbers_of(names: Names, scenario: Scenario) -> Any:
    """The initial parameters with these names, nested in lists as the names are."""
    if isinstance(names, str):
        return scenario.parameters[names]
    return [numbers_of(part, scenario) for part in names]


def layer_names(scenario: Scenario) -> tuple[Names, ...]:
    """The parameters of a network: the weights (a row for each neuron) and the biases, layer after layer."""
    assert scenario.network is not None
    return tuple(names for layer in scenario.network.layers for names in (layer.weights, layer.biases))


def chain_names(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The weights and the biases of a chain, layer by layer."""
    layers = range(1, len(scenario.parameters) // 2 + 1)
    return tuple(f"w{layer}" for layer in layers), tuple(f"b{layer}" for layer in layers)


def node_names(scenario: Scenario) -> tuple[str, ...]:
    """The equations that come before the loss, in order."""
    return tuple(name for name in scenario.equations if name != scenario.loss)


def output_names(scenario: Scenario) -> tuple[str, ...]:
    """The last node before the loss in every example."""
    output = node_names(scenario)[-1]
    return tuple(f"{output}[{example}]" for example in range(len(scenario.examples)))
