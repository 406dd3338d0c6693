"""Graphs that a loop over seeds draws: ordinary ones, and those that are hard on differences.

Quick to make, so that thousands of them fit into a test.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tui_backprop.maths.expression import Call, Expression, Name, Number, chained
from tui_backprop.scenario.model import Scenario

_SMOOTH = ("sigmoid", "tanh", "softplus", "sin", "cos")
_CORNERED = ("relu", "leaky_relu", "abs")


def random_graph(seed: int) -> Scenario:
    """A scenario of a few nodes with every function in it, whose numbers stay small."""
    return _drawn(random.Random(seed), f"seed {seed}", _around)


HARD = ("saturated", "cancelling", "pole", "corner")
"""What makes a graph hard on differences."""


def hard_graph(kind: str, seed: int) -> Scenario:
    """A scenario whose equations saturate, cancel, come near poles, or have their corners where the parameters are."""
    return _drawn(
        random.Random(f"{kind} {seed}"), f"{kind} {seed}", _HARD_FORMS[kind], 0.9 if kind == "corner" else 0.2
    )


_Around = Callable[[random.Random, Expression, Expression], Expression]


def _drawn(draw: random.Random, title: str, around: _Around, is_round: float = 0.2) -> Scenario:
    """`is_round`: how many of the numbers are round ones."""
    parameters = {f"w{place}": _number(draw, is_round) for place in range(1, draw.randint(1, 3) + 1)}
    inputs = tuple(f"x{place}" for place in range(1, draw.randint(0, 2) + 1))
    count = draw.randint(1, 3) if inputs else 1
    examples = tuple(tuple(_number(draw, is_round) for _ in inputs) for _ in range(count))
    known = [*inputs, *parameters]
    equations: dict[str, Expression] = {}
    for place in range(1, draw.randint(2, 6) + 1):
        equations[f"n{place}"] = _equation(draw, known, around)
        known.append(f"n{place}")
    names = [*equations]
    draw.shuffle(names)
    return Scenario(
        title=title,
        parameters=parameters,
        inputs=inputs,
        examples=examples,
        equations={name: equations[name] for name in names},
        loss=f"n{len(equations)}",
        learning_rate=draw.choice([0.01, 0.1]),
        reduction=draw.choice(["mean", "sum"]),
        batch=draw.choice([None, 1, count]),
    )


def _number(draw: random.Random, is_round: float) -> float:
    return draw.choice([0.0, 1.0, -1.0, 0.5, 2.0]) if draw.random() < is_round else round(draw.uniform(-2, 2), 3)


def _leaf(draw: random.Random, known: list[str]) -> Expression:
    if draw.random() < 0.15:
        return Number(draw.choice([0.5, 1.0, 2.0, 3.0]))
    # The latest names more often, so that chains become long.
    return Name(known[-1 - int(len(known) * draw.random() ** 2)])


def _equation(draw: random.Random, known: list[str], around: _Around) -> Expression:
    tree = _leaf(draw, known)
    for _ in range(draw.randint(1, 4)):
        tree = around(draw, tree, _leaf(draw, known))
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


# --- hard on differences


def _number_of(value: float) -> Expression:
    return Number(value) if value >= 0 else Call("neg", Number(-value))


def _saturated(draw: random.Random, tree: Expression, other: Expression) -> Expression:
    """A sigmoid or tanh far out, 1 minus it, and its logarithm."""
    if draw.random() < 0.4:
        return _around(draw, tree, other)
    steep = Call("*", Number(draw.choice([5.0, 10.0, 20.0, 40.0])), Call("tanh", tree))
    far = Call("sigmoid", Call("+", steep, _number_of(draw.choice([-20.0, -10.0, 0.0, 10.0]))))
    rest = Call("-", Number(1.0), far)
    forms = [
        far,
        rest,
        Call("tanh", steep),
        Call("*", rest, other),
        Call("neg", Call("log", Call("+", rest, Number(1e-12)))),
        Call("bce", Call("sigmoid", other), far),
        Call("bce_logits", Call("sigmoid", other), steep),
        Call("softplus", Call("neg", steep)),
    ]
    return draw.choice(forms)


def _cancelling(draw: random.Random, tree: Expression, other: Expression) -> Expression:
    """What adds up to nothing, or to 1, but for rounding."""
    if draw.random() < 0.7:
        return _around(draw, tree, other)
    one, two, three = tree, Call("sin", other), Call("cos", tree)
    large = Number(draw.choice([1e3, 1e6, 1e9]))
    powers = [
        Call("exp", Call("*", Number(draw.choice([1.0, 10.0])), Call("tanh", part))) for part in (one, two, three)
    ]
    total = chained("+", powers)
    shares = chained("+", [Call("/", part, total) for part in powers])
    mean = Call("/", chained("+", [one, two, three]), Number(3.0))
    forms = [
        shares,
        Call("-", shares, Number(1.0)),
        chained("+", [Call("-", part, mean) for part in (one, two, three)]),
        Call("-", Call("+", large, Call("tanh", tree)), large),
        Call("-", Call("^", Call("sin", tree), Number(2.0)), Call("-", Number(1.0), Call("^", three, Number(2.0)))),
        Call("*", large, Call("-", shares, Number(1.0))),
        Call("+", large, tree),
    ]
    return draw.choice(forms)


def _near_a_pole(draw: random.Random, tree: Expression, other: Expression) -> Expression:
    """What divides by a number near 0, and waves that come ever faster there."""
    if draw.random() < 0.5:
        return _around(draw, tree, other)
    near = Call("*", Number(draw.choice([1e-9, 1e-7, 1e-5, 1e-3])), tree)
    shifted = Call("+", near, Number(draw.choice([1e-8, 1e-6, 1e-4])))
    forms = [
        Call("/", Number(1.0), near),
        Call("/", other, shifted),
        Call("sin", Call("/", Number(1.0), shifted)),
        Call("log", Call("abs", near)),
        Call("sqrt", Call("abs", shifted)),
        Call("/", Number(1e-4), Call("^", shifted, Number(2.0))),
        Call("tanh", Call("/", Number(1e-3), near)),
    ]
    return draw.choice(forms)


def _at_a_corner(draw: random.Random, tree: Expression, other: Expression) -> Expression:
    """Corners and jumps at the parameters' own places, and a little beside."""
    if draw.random() < 0.4:
        return _around(draw, tree, other)
    place = _number_of(draw.choice([0.0, 0.5, 1.0, -1.0, 2.0]))
    near = Call("-", other, Call("+", place, Number(draw.choice([0.0, 0.0, 0.0, 1e-12, 1e-9, 1e-6]))))
    forms = [
        Call(draw.choice(_CORNERED), near),
        Call("^", Call("relu", near), Number(2.0)),
        Call("step", near),
        Call("step", Call("^", near, Number(2.0))),
        Call("sign", near),
        Call("max", other, place),
        Call("min", near, Call("*", Number(2.0), near)),
        Call("-", Call("relu", near), Call("relu", Call("neg", near))),
        Call("max", tree, tree),
        Call("max", other, tree),
    ]
    return Call(draw.choice(["+", "*", "-"]), tree, draw.choice(forms))


_HARD_FORMS: Mapping[str, _Around] = {
    "saturated": _saturated,
    "cancelling": _cancelling,
    "pole": _near_a_pole,
    "corner": _at_a_corner,
}
