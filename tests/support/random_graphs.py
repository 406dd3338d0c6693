"""Which graphs does a loop over seeds draw? Quick to make, so that thousands of them fit into a test."""

from __future__ import annotations

import random

from tui_backprop.maths.expression import Call, Expression, Name, Number
from tui_backprop.scenario.model import Scenario

_SMOOTH = ("sigmoid", "tanh", "softplus", "sin", "cos")
_CORNERED = ("relu", "leaky_relu", "abs")


def random_graph(seed: int) -> Scenario:
    """A scenario of a few nodes with every function in it, whose numbers stay small."""
    draw = random.Random(seed)
    parameters = {f"w{place}": _number(draw) for place in range(1, draw.randint(1, 3) + 1)}
    inputs = tuple(f"x{place}" for place in range(1, draw.randint(0, 2) + 1))
    count = draw.randint(1, 3) if inputs else 1
    examples = tuple(tuple(_number(draw) for _ in inputs) for _ in range(count))
    known = [*inputs, *parameters]
    equations: dict[str, Expression] = {}
    for place in range(1, draw.randint(2, 6) + 1):
        equations[f"n{place}"] = _equation(draw, known)
        known.append(f"n{place}")
    names = [*equations]
    draw.shuffle(names)
    return Scenario(
        title=f"seed {seed}",
        parameters=parameters,
        inputs=inputs,
        examples=examples,
        equations={name: equations[name] for name in names},
        loss=f"n{len(equations)}",
        learning_rate=draw.choice([0.01, 0.1]),
        reduction=draw.choice(["mean", "sum"]),
        batch=draw.choice([None, 1, count]),
    )


def _number(draw: random.Random) -> float:
    return draw.choice([0.0, 1.0, -1.0, 0.5, 2.0]) if draw.random() < 0.2 else round(draw.uniform(-2, 2), 3)


def _leaf(draw: random.Random, known: list[str]) -> Expression:
    if draw.random() < 0.15:
        return Number(draw.choice([0.5, 1.0, 2.0, 3.0]))
    # The latest names more often, so that chains become long.
    return Name(known[-1 - int(len(known) * draw.random() ** 2)])


def _equation(draw: random.Random, known: list[str]) -> Expression:
    tree = _leaf(draw, known)
    for _ in range(draw.randint(1, 4)):
        tree = _around(draw, tree, _leaf(draw, known))
    return tree


def _around(draw: random.Random, tree: Expression, other: Expression) -> Expression:
    bounded = Call(draw.choice(_SMOOTH[:2]), tree)
    fraction = Call("sigmoid", other)
    above_one = Call("+", Number(1.0), Call("^", other, Number(2.0)))
    forms = [
        Call("+", tree, other),
        Call("-", other, tree),
        Call("*", bounded, other),
        Call("*", bounded, bounded),
        Call("/", tree, above_one),
        Call("^", bounded, Number(draw.choice([2.0, 3.0]))),
        Call("^", above_one, bounded),
        Call("neg", tree),
        Call(draw.choice(_SMOOTH), tree),
        Call(draw.choice(_CORNERED), tree),
        Call(draw.choice(["max", "min"]), tree, other),
        Call("exp", bounded),
        Call("log", above_one),
        Call("sqrt", above_one),
        Call("bce", bounded, fraction),
        Call("bce_logits", fraction, bounded),
    ]
    return draw.choice(forms)
