"""The loss where the parameters are not: over one of them, or over a plane of two, the others held still."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tui_backprop.record.history import History

_MOST_VISITED, _MOST_INSTRUCTIONS_VISITED = 200, 1_000_000
_MOST_TIMES_THE_LOSS = 20.0
_MOST_PRODUCTS, _MOST_PRODUCTS_A_PLACE = 3_000_000, 200_000
"""How many products a plane of losses may take, so that a key is answered in time, and each of the fewest places in it
where there must be more."""

_FEWEST_PLACES = 12
_MOST_NUMBERS_KEPT = 2_000_000


@lru_cache(maxsize=8)
def frame(history: History, name: str) -> tuple[float, float]:
    """From where to where a parameter is drawn: around all places that a run visits, in round numbers.

    The same for the whole lesson, so that the point moves and not the picture. A run that leaves for the far distance
    is followed until its loss is twenty times the first one.
    """
    place = history.graph.parameter_places[name]
    visited = [parameters[place] for parameters in places_visited(history)]
    low, high = min(visited), max(visited)
    spread = max(high - low, abs(high) * 0.1, 1.0)
    if len(visited) == 1:
        spread = max(3 * abs(low), 4.0)
    return in_round_numbers(low - spread / 2, high + spread / 2)


@lru_cache(maxsize=8)
def moved_most(history: History) -> tuple[str, ...]:
    """The two parameters that are furthest from their start somewhere on a run, in file order; fewer where fewer move,
    and where none does the first."""
    start, *others = places_visited(history)
    columns = zip(start, *others, strict=True)
    moves = [max((abs(value - begun) for value in values), default=0.0) for begun, *values in columns]
    largest = sorted(range(len(moves)), key=lambda place: -moves[place])[:2]
    moved = sorted(place for place in largest if moves[place] > 0) or [0]
    return tuple(history.graph.parameters[place] for place in moved)


def in_round_numbers(low: float, high: float) -> tuple[float, float]:
    """A span that begins and ends with round numbers, and has the other in it."""
    if not 0 < high - low < math.inf:
        return low, high
    unit = 10.0 ** math.floor(math.log10(high - low)) / 2
    return math.floor(low / unit) * unit, math.ceil(high / unit) * unit


@lru_cache(maxsize=2)
def places_visited(history: History) -> tuple[Sequence[float], ...]:
    """The parameters in the iterations of a run, its first ones where they take long."""
    scenario = history.scenario
    if scenario.learning_rate is None:
        return (history.parameter_values(0),)
    # A run of its own: what is recorded of the lesson stays as far as the learner has come.
    run = History(scenario)
    run.extend(min(scenario.iterations, _MOST_VISITED, 1 + _MOST_INSTRUCTIONS_VISITED // run.interpreter.cost))
    most = _MOST_TIMES_THE_LOSS * max(abs(run.loss(0)), 1e-9)
    found: list[Sequence[float]] = []
    for iteration in range(len(run)):
        values = run.parameter_values(iteration)
        if iteration and not (all(map(math.isfinite, values)) and abs(run.loss(iteration)) <= most):
            break
        found.append(values)
    return tuple(found)


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


Places = tuple[float, ...]


@lru_cache(maxsize=8)
def losses_over(history: History, iteration: int, names: tuple[str, str], rows: Places, columns: Places) -> Any:
    """The loss over a plane of two parameters, as an array: the first of them along its columns, the second along its
    rows. The others are as they are in an iteration."""
    # Here, because numpy takes a while to come, and only who looks at a plane needs it.
    import numpy as np

    from tui_backprop.engine.vectorised.array_functions import equation_on_arrays

    graph, plan = history.graph, history.plan
    across, down = np.meshgrid(np.array(columns), np.array(rows))
    given: dict[str, Any] = {**graph.constants, **history.parameters(iteration), names[0]: across, names[1]: down}
    batch = history.iteration(iteration).batch
    at_once = max(1, _MOST_NUMBERS_KEPT // (len(graph.nodes) * across.size))
    total = np.zeros_like(across)
    with np.errstate(all="ignore"):
        for first in range(0, len(batch), at_once):
            examples = np.array([plan.examples[example] for example in batch[first : first + at_once]])
            known = {**given, **dict(zip(graph.inputs, examples.T[:, :, np.newaxis, np.newaxis], strict=True))}
            for node in graph.nodes:
                known[node] = equation_on_arrays(graph.equations, node, known)
            total += np.broadcast_to(known[graph.loss], (len(examples), *across.shape)).sum(axis=0)
    return plan.reduced(total, len(batch))


def why_no_map(history: History) -> str:
    """Why the loss is not drawn over two parameters, or ""."""
    if len(history.graph.parameters) < 2 or _products(history) <= _MOST_PRODUCTS_A_PLACE:
        return ""
    return "This lesson has too many weights and examples for a map of its loss: it would take too long."


@lru_cache(maxsize=8)
def _products(history: History) -> int:
    """How many operations, roughly, a loss takes."""
    return sum(map(len, history.graph.operands.values())) * history.plan.batch_size


@lru_cache(maxsize=8)
def losses_nearly_over(history: History, iteration: int, names: tuple[str, str], rows: Places, columns: Places) -> Any:
    """The same, looked at in fewer places where that would take too long, and straight between them."""
    import numpy as np

    share = max(1.0, (_products(history) * len(rows) * len(columns) / _MOST_PRODUCTS) ** 0.5)
    few_rows, few_columns = (
        tuple(np.linspace(places[0], places[-1], max(_FEWEST_PLACES, int(len(places) / share))).tolist())
        for places in (rows, columns)
    )
    few = losses_over(history, iteration, names, few_rows, few_columns)
    along = np.array([np.interp(columns, few_columns, line) for line in few])
    # Rows go down, and what is read between must go up.
    return np.array([np.interp(rows, few_rows[::-1], line[::-1]) for line in along.T]).T
