"""The Python face: load a scenario, train it, read every number of every step.

from tui_backprop.api import load, train

history = train(load("scenarios/logistic.yaml"), iterations=100)
history.losses[100], history.parameters(100)["w1"], history.steps(0)[4].to_json()
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_backprop.errors import Place, Problem, ScenarioError, UsageError
from tui_backprop.record.history import MOST_ITERATIONS, History
from tui_backprop.record.step import Step, Term
from tui_backprop.record.step_sequence import Steps
from tui_backprop.scenario.bundled import resolve
from tui_backprop.scenario.loading import load_scenario, load_text
from tui_backprop.scenario.model import Scenario

if TYPE_CHECKING:
    from tui_backprop.explain.diagnosis import Diagnosis

__all__ = [
    "History",
    "Place",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Step",
    "Steps",
    "Term",
    "TrainedHistory",
    "UsageError",
    "load",
    "loads",
    "train",
]


class TrainedHistory(History):
    """A history, with what can be asked of it."""

    def diagnose(self, gradients: Mapping[str, Any], iteration: int = 0, example: int | None = None) -> Diagnosis:
        """What is wrong with gradients that somebody else computed, and by which slip.

        gradients: numbers by name, or arrays by layer (W1, b1; row j into neuron j): numpy's, torch's, or lists. They
        are those of the iteration's batch, or of one example. `to_json()` of the answer is what `diagnose` prints.
        Raises UsageError for a name that is not there, a shape that does not fit, and a number that is not finite.
        """
        from tui_backprop.explain.diagnosis import diagnosed

        return diagnosed(self, gradients, iteration, example)


def load(scenario: str | os.PathLike[str]) -> Scenario:
    """A scenario from a file, or a bundled one by its name.

    Raises ScenarioError with every problem of the file, and UsageError for a name that no bundled scenario has.
    """
    return checked(load_scenario(resolve(os.fspath(scenario))))


def loads(text: str) -> Scenario:
    """The scenario in the text of a file. Raises ScenarioError with every problem."""
    return checked(load_text(text, "<text>", Path.cwd()))


def checked(scenario: Scenario) -> Scenario:
    """The same scenario. Raises ScenarioError where its file names a slip that cannot be made in it."""
    if scenario.slip is None:
        return scenario
    # Only a lesson with a slip needs it.
    from tui_backprop.explain.slipped_run import check_slip

    check_slip(scenario, scenario.slip)
    return scenario


def train(scenario: Scenario, iterations: int | None = None) -> TrainedHistory:
    """The history of a scenario up to an iteration; by default the scenario's own `iterations`.

    It ends earlier where the numbers stop being finite (`history.ended_at`). Raises UsageError where the scenario has
    no learning rate and so no later iteration, or the number is out of range.
    """
    history = TrainedHistory(scenario)
    if iterations is None:
        iterations = 0 if scenario.learning_rate is None else scenario.iterations
    check_iteration(scenario, iterations)
    history.extend(iterations)
    return history


def check_example(scenario: Scenario, example: int) -> None:
    """Raises UsageError where a scenario has no such example."""
    count = len(scenario.examples)
    if example >= count:
        raise UsageError(f"there is no example {example}: the scenario has {count}, counted from 0")


def check_iteration(scenario: Scenario, iteration: int) -> None:
    """Raises UsageError where a scenario cannot have such an iteration."""
    if iteration < 0 or iteration > MOST_ITERATIONS:
        raise UsageError(f"iterations go from 0 to {MOST_ITERATIONS:,}, not {iteration:,}")
    if iteration and scenario.learning_rate is None:
        raise UsageError(
            f"'{scenario.title}' has no learning rate, so nothing is updated and there is only iteration 0; "
            "give it one with `learning_rate:` or --set learning_rate=0.1"
        )
