"""A wrong answer is told by the slip that it comes from, wherever one slip alone gives its number: random graphs and
nets, the numbers written with four digits as a learner copies them from paper."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from support.random_graphs import random_graph

from tui_backprop.explain.answers import Asked, judged, slip_behind
from tui_backprop.explain.slips_at_step import Wrong, wrong_numbers
from tui_backprop.record.history import History
from tui_backprop.scenario.loading import load_text

NET = """\
title: net
network:
  inputs: [x1, x2]
  layers:
    - {{neurons: 2, activation: sigmoid, weights: {{init: normal, seed: {seed}, std: 1}}, biases: [0.35, -0.2]}}
    - {{neurons: 2, activation: tanh, weights: {{init: normal, seed: {seed}1, std: 1}}, biases: [0.6, 0.1]}}
  targets: [t1, t2]
  cost: half_squared_error
data: [{{x1: 0.55, x2: 0.91, t1: 0.01, t2: 0.99}}, {{x1: -0.35, x2: 0.42, t1: 0.7, t2: 0.2}}]
learning_rate: 0.5
"""


def _histories() -> Iterator[History]:
    for seed in range(30):
        yield History(random_graph(seed))
    for seed in range(1, 7):
        yield History(load_text(NET.format(seed=seed), "net.yaml"))


def _lone_slips(history: History, draw: random.Random) -> Iterator[tuple[Asked, Wrong]]:
    """Wrong numbers of some steps that one slip alone gives, and that are far from right."""
    steps = history.steps(0)
    for index in draw.sample(range(len(steps)), min(8, len(steps))):
        if not math.isfinite(steps[index].value):
            continue
        found = wrong_numbers(history, 0, index)
        for wrong in draw.sample(found, min(4, len(found))):
            near = {other.slip.name for other in found if math.isclose(other.number, wrong.number, rel_tol=1e-3)}
            asked = Asked(history, 0, index)
            is_far = not math.isclose(wrong.number, steps[index].value, rel_tol=1e-3, abs_tol=1e-12)
            if len(near) == 1 and is_far and 1e-4 < abs(wrong.number) < 1e6:
                yield asked, wrong


def test_the_slip_is_named_where_one_alone_fits() -> None:
    draw = random.Random(1)
    cases = named = 0
    for history in _histories():
        for asked, wrong in _lone_slips(history, draw):
            text = f"{wrong.number:.4g}"
            judgement = judged(asked, text)
            assert judgement.verdict == "wrong"
            found = slip_behind(asked, judgement, text)
            cases += 1
            named += found is not None and found.slip.name == wrong.slip.name
    assert cases > 200
    assert named >= 0.95 * cases


def test_a_number_that_no_slip_gives_is_told_by_none() -> None:
    draw, blamed, cases = random.Random(2), 0, 0
    for history in _histories():
        steps = history.steps(0)
        for index in draw.sample(range(len(steps)), min(4, len(steps))):
            asked, text = Asked(history, 0, index), f"{draw.uniform(-9, 9):.6g}"
            judgement = judged(asked, text)
            cases += 1
            blamed += judgement.verdict == "wrong" and slip_behind(asked, judgement, text) is not None
    assert cases > 100
    assert blamed <= 0.02 * cases
