"""Do thousands of random graphs have true gradients, and the same numbers forward and back?"""

from __future__ import annotations

import math

import pytest
from support.oracle import OutOfDomainError, exactly, gradients_by_duals, loss_by_duals, same
from support.random_graphs import random_graph
from support.runs import identical, interpreted, of_history

from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import MOVES
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Session

# Stretches, so that a failure names a small range and other workers may take some.
STRETCHES = [range(start, start + 250) for start in range(0, 2_000, 250)]
_NUDGE = 1e-7


def _in_words(seeds: range) -> str:
    return f"seeds {seeds.start} to {seeds.stop - 1}"


@pytest.mark.parametrize("seeds", STRETCHES, ids=_in_words)
def test_gradients_are_those_of_dual_numbers_and_of_central_differences(seeds: range) -> None:
    compared = 0
    for seed in seeds:
        drawn = random_graph(seed)
        history = History(drawn)
        iteration = history.iteration(0)
        try:
            loss, slopes = gradients_by_duals(drawn, drawn.parameters, iteration.batch)
        except OutOfDomainError:
            continue
        compared += 1
        assert _agree(iteration.loss, float(loss)), seed
        for name, gradient in history.gradients(0).items():
            assert _agree(gradient, float(slopes[name])), (seed, name)
            nudged = _by_nudging(drawn, name, iteration.batch)
            assert nudged is None or _agree(gradient, nudged), (seed, name)
    assert compared > 0.95 * len(seeds)


def _by_nudging(drawn: Scenario, name: str, batch: tuple[int, ...]) -> float | None:
    """The central difference of the loss with sixty digits; None next to a kink, where there is no slope."""
    up, down = drawn.parameters[name] + _NUDGE, drawn.parameters[name] - _NUDGE
    total = exactly(0)
    for example in batch:
        here = loss_by_duals(drawn, drawn.parameters, example)
        if here.kink:
            return None
        above = loss_by_duals(drawn, {**drawn.parameters, name: up}, example)
        below = loss_by_duals(drawn, {**drawn.parameters, name: down}, example)
        total += (above.value - below.value) / (exactly(up) - exactly(down))
    return float(total / (len(batch) if drawn.reduction == "mean" else 1))


def _agree(told: float, wanted: float) -> bool:
    return abs(told - wanted) <= 1e-8 * max(1.0, abs(wanted))


@pytest.mark.parametrize("seeds", [range(100), range(100, 200)], ids=_in_words)
def test_runs_are_the_same_bits_interpreted_compiled_and_sought(seeds: range) -> None:
    for seed in seeds:
        drawn = random_graph(seed)
        history = History(drawn)
        history.extend(70)
        assert identical(of_history(history), interpreted(drawn, 70)), seed


@pytest.mark.parametrize("seeds", [range(0, 40), range(40, 80)], ids=_in_words)
def test_walking_forward_and_back_meets_the_same_bits(seeds: range) -> None:
    for seed in seeds:
        session = Session.start(random_graph(seed))
        there: list[float] = []
        while session.iteration < 2 and len(there) < 300:
            there.append(_number(session))
            before, session = session, carried_out(MOVES["step_on"], session)
            if session.cursor == before.cursor:
                break
        back: list[float] = []
        while True:
            before, session = session, carried_out(MOVES["step_back"], session)
            if session.cursor == before.cursor:
                break
            back.append(_number(session))
        back.reverse()
        assert len(there) - len(back) in (0, 1), seed
        assert all(same(one, other) for one, other in zip(there, back, strict=False)), seed


def _number(session: Session) -> float:
    step = session.step
    number = step.value
    assert isinstance(number, float) or math.isfinite(number)
    return number
