"""The loss where the parameters are not: over one of them, or over a plane of two, the others held still."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tui_backprop.record.history import History

_MOST_VISITED = 200
_MOST_TIMES_THE_LOSS = 20.0


@lru_cache(maxsize=8)
def frame(history: History, name: str) -> tuple[float, float]:
    """From where to where a parameter is drawn: around all places that a run visits, in round numbers.

    The same for the whole lesson, so that the point moves and not the picture. A run that leaves for the far distance
    is followed until its loss is twenty times the first one.
    """
    place = history.graph.parameter_places[name]
    visited = _visited(history, place)
    low, high = min(visited), max(visited)
    spread = max(high - low, abs(high) * 0.1, 1.0)
    if len(visited) == 1:
        spread = max(3 * abs(low), 4.0)
    return in_round_numbers(low - spread / 2, high + spread / 2)


def in_round_numbers(low: float, high: float) -> tuple[float, float]:
    """A span that begins and ends with round numbers, and has the other in it."""
    if not 0 < high - low < math.inf:
        return low, high
    unit = 10.0 ** math.floor(math.log10(high - low)) / 2
    return math.floor(low / unit) * unit, math.ceil(high / unit) * unit


def _visited(history: History, place: int) -> list[float]:
    scenario = history.scenario
    if scenario.learning_rate is None:
        return [history.parameter_values(0)[place]]
    # A run of its own: what is recorded of the lesson stays as far as the learner has come.
    run = History(scenario)
    run.extend(min(scenario.iterations, _MOST_VISITED))
    most = _MOST_TIMES_THE_LOSS * max(abs(run.loss(0)), 1e-9)
    found: list[float] = []
    for iteration in range(len(run)):
        value = run.parameter_values(iteration)[place]
        if iteration and not (math.isfinite(value) and abs(run.loss(iteration)) <= most):
            break
        found.append(value)
    return found


def around(low: float, high: float, value: float) -> tuple[float, float]:
    """The frame, or one twice as large, and so on, in which a value is."""
    while not low <= value <= high and math.isfinite(high - low):
        low, high = low - (high - low) / 2, high + (high - low) / 2
    return low, high


@lru_cache(maxsize=16)
def losses_along(history: History, iteration: int, name: str, low: float, high: float, count: int) -> tuple[float, ...]:
    """The loss at so many evenly spaced values of one parameter, the others as they are in an iteration."""
    place = history.graph.parameter_places[name]
    start = list(history.vector(iteration))
    found: list[float] = []
    for step in range(count):
        start[place] = low + (high - low) * step / (count - 1)
        found.append(history.interpreter.iteration(iteration, start).loss)
    return tuple(found)


def loss_at(history: History, iteration: int, parameters: Sequence[float]) -> float:
    """The loss of an iteration's batch, were these its parameters."""
    start = [*parameters, *history.vector(iteration)[len(parameters) :]]
    return history.interpreter.iteration(iteration, start).loss


@lru_cache(maxsize=8)
def losses_over(
    history: History, iteration: int, names: tuple[str, str], rows: tuple[float, ...], columns: tuple[float, ...]
) -> Any:
    """The loss over a plane of two parameters, as an array: the first of them along its columns, the second along its
    rows. The others are as they are in an iteration."""
    # Here, because numpy takes a while to come, and only who looks at a plane needs it.
    import numpy as np

    from tui_backprop.engine.vectorised.array_functions import equation_on_arrays

    graph, plan = history.graph, history.plan
    across, down = np.meshgrid(np.array(columns), np.array(rows))
    known: dict[str, Any] = {**graph.constants, **history.parameters(iteration), names[0]: across, names[1]: down}
    batch = history.iteration(iteration).batch
    total = np.zeros_like(across)
    with np.errstate(all="ignore"):
        for example in batch:
            numbers = {**known, **dict(zip(graph.inputs, plan.examples[example], strict=True))}
            for node in graph.nodes:
                numbers[node] = equation_on_arrays(graph.equations, node, numbers)
            total = total + numbers[graph.loss]
    return total if history.scenario.reduction == "sum" else total / len(batch)
