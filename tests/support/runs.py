"""Runs of the engine to compare with each other: interpreted, compiled, and the same bits or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from support.oracle import same

from tui_backprop.engine.compiled import compile_loop
from tui_backprop.engine.graph import build_graph
from tui_backprop.engine.iteration import Interpreter
from tui_backprop.engine.plan import build_plan
from tui_backprop.engine.program import build_program
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario


@dataclass(frozen=True)
class Run:
    """Losses and vectors (parameters and state) of the iterations up to the first with a number that is not finite."""

    losses: tuple[float, ...]
    vectors: tuple[tuple[float, ...], ...]
    ended_at: int | None


def interpreted(scenario: Scenario, iterations: int) -> Run:
    """The run operation by operation, one iteration at a time."""
    program, plan = build_program(build_graph(scenario)), build_plan(scenario)
    interpreter = Interpreter(program, plan)
    vector = plan.start
    losses, vectors = [], []
    for number in range(iterations + 1):
        iteration = interpreter.iteration(number, vector)
        losses.append(iteration.loss)
        vectors.append(vector)
        if not interpreter.is_finite(iteration):
            return Run(tuple(losses), tuple(vectors), number)
        vector = iteration.updated
    return Run(tuple(losses), tuple(vectors), None)


def by_loop(scenario: Scenario, iterations: int) -> tuple[list[float], tuple[float, ...], bool]:
    """Losses and final vector of the compiled loop alone, and whether it says that all was finite.

    Raises ArithmeticError or ValueError where it cannot go on.
    """
    losses: list[float] = []
    plan = build_plan(scenario)
    vector, guard = compile_loop(build_program(build_graph(scenario)), plan)(0, iterations, plan.start, losses)
    return losses, vector, all(map(math.isfinite, [guard, *vector, *losses]))


def of_history(history: History) -> Run:
    """What a history has recorded, every iteration sought."""
    count = len(history)
    vectors = tuple(history.vector(number) for number in range(count))
    return Run(tuple(history.losses), vectors, history.ended_at)


def all_same(one: Sequence[float], two: Sequence[float]) -> bool:
    """Whether two rows of numbers are the same to the last bit."""
    return len(one) == len(two) and all(map(same, one, two))


def identical(one: Run, two: Run) -> bool:
    """Whether two runs are the same to the last bit."""
    return (
        one.ended_at == two.ended_at
        and all_same(one.losses, two.losses)
        and len(one.vectors) == len(two.vectors)
        and all(map(all_same, one.vectors, two.vectors))
    )
