"""Does a chain of 20,000 layers train and step? Nothing may recurse over what a user builds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from support.lessons import scenario

from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import MOVES
from tui_backprop.record.history import History
from tui_backprop.session import Session

LAYERS = 20_000
RATE, X, Y = 1e-4, 0.5, 1.0


@pytest.fixture(scope="module")
def deep() -> Session:
    operands = ["x", *(f"a{layer}" for layer in range(LAYERS))]
    equations = {f"a{layer}": f"tanh(w{layer}*{operands[layer]})" for layer in range(LAYERS)}
    return Session.start(
        scenario(
            {f"w{layer}": _weight(layer) for layer in range(LAYERS)},
            {**equations, "L": f"({operands[-1]} - y)^2"},
            inputs=("x", "y"),
            examples=((X, Y),),
            learning_rate=RATE,
        )
    )


def _weight(layer: int) -> float:
    # Near 1, where no gradient vanishes: subnormal numbers are slow on any processor.
    return 1.0 + 1e-4 * math.sin(layer)


def _by_hand(iterations: int) -> tuple[list[float], list[float], list[float]]:
    """The losses, then the weights and their gradients at the last iteration, computed in one plain loop."""
    weights = [_weight(layer) for layer in range(LAYERS)]
    losses: list[float] = []
    gradients: list[float] = []
    for iteration in range(iterations + 1):
        activations = [X]
        for weight in weights:
            activations.append(math.tanh(weight * activations[-1]))
        losses.append((activations[-1] - Y) ** 2)
        upstream = 2 * (activations[-1] - Y)
        gradients = [0.0] * LAYERS
        for layer in reversed(range(LAYERS)):
            upstream *= 1 - activations[layer + 1] ** 2
            gradients[layer] = upstream * activations[layer]
            upstream *= weights[layer]
        if iteration < iterations:
            weights = [weight - RATE * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, weights, gradients


def test_it_trains_as_a_plain_loop_does(deep):
    history: History = deep.lesson.history
    history.extend(100)
    losses, weights, gradients = _by_hand(100)
    names = [f"w{layer}" for layer in range(LAYERS)]
    parameters, found = history.parameters(100), history.gradients(100)
    assert _are_close(history.losses, losses)
    assert _are_close([parameters[name] for name in names], weights)
    assert _are_close([found[name] for name in names], gradients)


def _are_close(ours: Sequence[float], by_hand: Sequence[float]) -> bool:
    return all(math.isclose(one, other, rel_tol=1e-9) for one, other in zip(ours, by_hand, strict=True))


def test_it_steps(deep):
    steps = deep.lesson.history.steps(0)
    assert len(steps) == 6 * LAYERS + 2
    assert steps[0].to_json()["node"] == "a0"
    assert steps[len(steps) - 1].to_json()["parameter"] == f"w{LAYERS - 1}"
    session = deep
    for move in ("step_on", "node_on", "phase_on", "step_on", "node_on", "phase_on", "step_back", "iteration_on"):
        session = carried_out(MOVES[move], session)
        assert session.step.to_json()["index"] == session.cursor.index
    assert session.cursor.iteration == 1
