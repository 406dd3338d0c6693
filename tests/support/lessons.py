"""The lessons as records built in Python, so that the engine is tested without any file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tui_backprop.maths.expression import Expression
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.model import Scenario


def tree(text: str) -> Expression:
    """The tree of an expression."""
    return parse(text).expression


def scenario(parameters: Mapping[str, float], equations: Mapping[str, str], **more: Any) -> Scenario:
    """A scenario from texts; the loss is the last equation, and the learning rate 0.1, unless said otherwise."""
    given: dict[str, Any] = {"title": "test", "loss": [*equations][-1], "learning_rate": 0.1, **more}
    return Scenario(parameters=parameters, equations={name: tree(text) for name, text in equations.items()}, **given)


PARABOLA = scenario({"w": 0.0}, {"L": "(w - 3)^2"}, title="Parabola", learning_rate=0.3)

PARABOLA_TOO_LARGE = scenario({"w": 0.0}, {"L": "(w - 3)^2"}, title="Too large a step", learning_rate=1.1)

_LOGISTIC = {"z": "w1*x1 + w2*x2 + b", "a": "sigmoid(z)", "L": "-(y*log(a) + (1 - y)*log(1 - a))"}

LOGISTIC = scenario(
    {"w1": 0.5, "w2": -0.5, "b": 0.1},
    _LOGISTIC,
    title="Two-feature logistic node",
    inputs=("x1", "x2", "y"),
    examples=((1.0, 2.0, 1.0),),
    learning_rate=0.5,
)

FOUR_EXAMPLES = scenario(
    {"w1": 0.2, "w2": -0.3, "b": 0.0},
    _LOGISTIC,
    title="Averaged over four examples",
    inputs=("x1", "x2", "y"),
    examples=((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 1.0)),
    learning_rate=0.7,
)

CHAIN = scenario(
    {"w1": 1.5, "b1": -0.5, "w2": -2.0, "b2": 1.0, "w3": 0.8, "b3": 0.3},
    {
        "z1": "w1*x + b1",
        "a1": "sigmoid(z1)",
        "z2": "w2*a1 + b2",
        "a2": "sigmoid(z2)",
        "z3": "w3*a2 + b3",
        "a3": "sigmoid(z3)",
        "C": "(a3 - y)^2",
    },
    title="One neuron per layer",
    inputs=("x", "y"),
    examples=((0.6, 1.0),),
    learning_rate=0.5,
)

TWO_PATHS = scenario(
    {"w1": 0.3, "w2": -0.6, "v1": 0.7, "v2": 0.4},
    {"a1": "tanh(w1*x)", "a2": "tanh(w2*x)", "s": "v1*a1 + v2*a2 + a1*a2", "L": "(s - y)^2 + 0.01*v1^2"},
    title="Two paths and a penalty",
    inputs=("x", "y"),
    examples=((0.8, 0.5), (-0.4, 0.1), (1.2, -0.2)),
    learning_rate=0.2,
    batch=2,
)

LESSONS = {
    "parabola": PARABOLA,
    "parabola-too-large": PARABOLA_TOO_LARGE,
    "logistic": LOGISTIC,
    "four-examples": FOUR_EXAMPLES,
    "chain": CHAIN,
    "two-paths": TWO_PATHS,
    "wrapping": replace(TWO_PATHS, wraps=True),
    "shuffled": replace(TWO_PATHS, shuffle=7),
}
