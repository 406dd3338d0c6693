"""The second proof over thousands of random graphs: nothing right is said to differ, what is wrong by a hundredth is
found, and there is little that it cannot tell."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import pytest
from support.random_graphs import HARD, hard_graph, random_graph
from support.tables import sample

from tui_backprop.explain.nudged import Nudged, following
from tui_backprop.explain.second_proof import Verdict, prove
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario

# A thousand graphs of each kind, in stretches, so that a failure names a small range and other workers may take some.
STRETCHES = [(kind, range(start, start + 40)) for start in range(0, 1_000, 40) for kind in ("ordinary", *HARD)]
SAMPLE = sample(STRETCHES, 8)

MOST_UNTOLD = {"ordinary": 0.05, "saturated": 0.3, "cancelling": 0.5, "pole": 0.1, "corner": 0.1}
"""The share of gradients that may be too fine to tell or unclear."""

LEAST_TOLD = {"ordinary": 0.9, "saturated": 0.65, "cancelling": 0.5, "pole": 0.85, "corner": 0.7}
"""The share that must agree."""


def _in_words(stretch: tuple[str, range]) -> str:
    return f"{stretch[0]} {stretch[1].start} to {stretch[1].stop - 1}"


def _gradients(drawn: Scenario) -> Iterator[tuple[str, Nudged, float, float]]:
    """For every parameter: its name, the loss of the first batch that it moves, its number, its gradient."""
    history = History(drawn)
    iteration, graph = history.iteration(0), history.graph
    if not all(map(math.isfinite, (iteration.loss, *iteration.parameters, *iteration.gradients))):
        return
    examples = [dict(history.steps(0).numbers(turn)) for turn in range(len(iteration.batch))]
    for name, at, gradient in zip(graph.parameters, iteration.parameters, iteration.gradients, strict=True):
        averages = drawn.reduction == "mean"
        yield (
            name,
            Nudged(graph.equations, graph.loss, name, following(graph, name), examples, averages),
            at,
            gradient,
        )


@pytest.mark.parametrize("stretch", SAMPLE, ids=_in_words)
def test_right_gradients_never_differ_and_wrong_ones_do(stretch: tuple[str, range]) -> None:
    kind, seeds = stretch
    verdicts: Counter[Verdict] = Counter()
    planted = 0
    for seed in seeds:
        drawn = random_graph(seed) if kind == "ordinary" else hard_graph(kind, seed)
        for name, nudged, at, gradient in _gradients(drawn):
            proof = prove(nudged, at, gradient)
            verdicts[proof.verdict] += 1
            assert proof.verdict != "differs", (seed, name, gradient, proof)
            if proof.verdict == "agrees" and gradient:
                planted += 1
                wrong = prove(nudged, at, 1.01 * gradient)
                assert wrong.verdict == "differs", (seed, name, gradient, wrong)
    untold = verdicts["too fine to tell"] + verdicts["unclear"]
    assert untold <= MOST_UNTOLD[kind] * verdicts.total(), verdicts
    assert verdicts["agrees"] >= LEAST_TOLD[kind] * verdicts.total(), verdicts
    assert planted >= len(seeds) / 8
