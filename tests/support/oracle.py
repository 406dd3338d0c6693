"""What is a derivative really? Dual numbers and central differences with sixty digits, by none of the program's rules.

Everything here is written a second time on purpose: it knows the meaning of an operation from the mathematics alone,
and takes nothing of the program but the form of its trees.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

import mpmath  # type: ignore[import-untyped]

from tui_backprop.maths.expression import Expression, Name, Number, post_order
from tui_backprop.scenario.model import Scenario

mp = mpmath.MPContext()
mp.dps = 60

TOO_LARGE = mp.mpf(10) ** 300
NEAR_A_KINK = mp.mpf(10) ** -9
_CONSTANTS = {"pi": +mp.pi, "e": +mp.e}

Real = Any
"""A number with sixty digits."""


class OutOfDomainError(ArithmeticError):
    """Mathematics has no number here, or a float could not hold it."""


class Dual:
    """A value and its slope along one name; `kink` tells whether a corner is near, so that a slope is a convention."""

    def __init__(self, value: Real, slope: Real = 0, kink: bool = False) -> None:
        if abs(value) > TOO_LARGE or abs(slope) > TOO_LARGE:
            raise OutOfDomainError
        self.value = value
        self.slope = mp.mpf(slope)
        self.kink = kink


def _sign(number: Real) -> int:
    return int(number > 0) - int(number < 0)


def _sigmoid(number: Real) -> Real:
    return 1 / (1 + mp.exp(-number))


def _exp(number: Real) -> Real:
    if number > 600:
        raise OutOfDomainError
    return mp.exp(number)


def _unary(u: Dual, value: Callable[[Real], Real], slope: Callable[[Real], Real], corner: bool = False) -> Dual:
    kink = u.kink or (corner and abs(u.value) < NEAR_A_KINK)
    return Dual(value(u.value), slope(u.value) * u.slope if u.slope else 0, kink)


def _positive(u: Dual) -> Dual:
    if u.value <= 0:
        raise OutOfDomainError
    return u


def _plus(u: Dual, v: Dual) -> Dual:
    return Dual(u.value + v.value, u.slope + v.slope, u.kink or v.kink)


def _times(u: Dual, v: Dual) -> Dual:
    return Dual(u.value * v.value, u.slope * v.value + u.value * v.slope, u.kink or v.kink)


def _scaled(u: Dual, by: Real) -> Dual:
    return Dual(by * u.value, by * u.slope, u.kink)


def _over(u: Dual, v: Dual) -> Dual:
    if v.value == 0:
        raise OutOfDomainError
    quotient = u.value / v.value
    return Dual(quotient, (u.slope - quotient * v.slope) / v.value, u.kink or v.kink)


def _logarithm(u: Dual) -> Dual:
    return _unary(_positive(u), mp.log, lambda at: 1 / at)


def _to_the(u: Dual, v: Dual) -> Dual:
    """A power; where the exponent stands still, its slope needs no logarithm, so the base may be negative or 0."""
    if abs(v.value) > 1_000:
        raise OutOfDomainError
    if u.value > 0:
        power = mp.power(u.value, v.value)
        slope = power * (v.slope * mp.log(u.value) + v.value * u.slope / u.value)
        return Dual(power, slope, u.kink or v.kink)
    if v.value != int(v.value) or v.slope or (u.value == 0 and v.value < 0):
        raise OutOfDomainError
    whole = int(v.value)
    slope = whole * u.value ** (whole - 1) * u.slope if whole else 0
    return Dual(u.value**whole, slope, u.kink or v.kink)


def _chosen(u: Dual, v: Dual, larger: bool) -> Dual:
    side = _sign(u.value - v.value) * (1 if larger else -1)
    share = mp.mpf(1 + side) / 2
    kink = u.kink or v.kink or abs(u.value - v.value) < NEAR_A_KINK
    chosen = max(u.value, v.value) if larger else min(u.value, v.value)
    return Dual(chosen, share * u.slope + (1 - share) * v.slope, kink)


def _softplus(u: Dual) -> Dual:
    return _unary(u, lambda at: mp.log(1 + _exp(at)), _sigmoid)


def _gelu(u: Dual) -> Dual:
    """u times (1 + tanh(...))/2, that is times the sigmoid of twice as much."""
    inside = _scaled(_plus(u, _scaled(_times(u, _times(u, u)), mp.mpf("0.044715"))), 2 * mp.sqrt(2 / mp.pi))
    return _times(u, _unary(inside, _sigmoid, lambda at: _sigmoid(at) * _sigmoid(-at)))


def _product_that_may_vanish(x: Dual, factor: Callable[[], Dual]) -> Dual:
    """x times something, and 0 where x stands still at 0, whether or not there is anything else."""
    if x.value:
        return _times(x, factor())
    try:
        return _times(x, factor())
    except OutOfDomainError:
        return Dual(mp.mpf(0), 0, kink=bool(x.slope))


def _x_log_y(x: Dual, y: Dual) -> Dual:
    return _product_that_may_vanish(x, lambda: _logarithm(y))


def _x_over_y(x: Dual, y: Dual) -> Dual:
    return _product_that_may_vanish(x, lambda: _over(Dual(mp.mpf(1)), y))


def _cross_entropy(y: Dual, a: Dual) -> Dual:
    rest = _plus(Dual(mp.mpf(1)), _scaled(a, -1))
    not_y = _plus(Dual(mp.mpf(1)), _scaled(y, -1))
    return _scaled(_plus(_x_log_y(y, a), _x_log_y(not_y, rest)), -1)


def _cross_entropy_of_logit(y: Dual, z: Dual) -> Dual:
    return _plus(_softplus(z), _scaled(_times(y, z), -1))


_MEANING: Mapping[str, Callable[..., Dual]] = {
    "+": _plus,
    "-": lambda u, v: _plus(u, _scaled(v, -1)),
    "*": _times,
    "/": _over,
    "^": _to_the,
    "neg": lambda u: _scaled(u, -1),
    "exp": lambda u: _unary(u, _exp, _exp),
    "log": _logarithm,
    "sqrt": lambda u: _unary(_positive(u), mp.sqrt, lambda at: 1 / (2 * mp.sqrt(at))),
    "sigmoid": lambda u: _unary(u, _sigmoid, lambda at: _sigmoid(at) * _sigmoid(-at)),
    "tanh": lambda u: _unary(u, mp.tanh, lambda at: mp.sech(at) ** 2),
    "relu": lambda u: _unary(u, lambda at: max(at, mp.mpf(0)), lambda at: int(at > 0), corner=True),
    "leaky_relu": lambda u: _unary(
        u,
        lambda at: at if at > 0 else at / 100,
        lambda at: 1 if at > 0 else mp.mpf(1) / 100,
        corner=True,
    ),
    "elu": lambda u: _unary(u, lambda at: at if at > 0 else mp.expm1(at), lambda at: 1 if at > 0 else mp.exp(at)),
    "gelu": _gelu,
    "silu": lambda u: _times(u, _unary(u, _sigmoid, lambda at: _sigmoid(at) * _sigmoid(-at))),
    "softplus": _softplus,
    "abs": lambda u: _unary(u, abs, _sign, corner=True),
    "sin": lambda u: _unary(u, mp.sin, mp.cos),
    "cos": lambda u: _unary(u, mp.cos, lambda at: -mp.sin(at)),
    "tan": lambda u: _unary(u, mp.tan, lambda at: mp.sec(at) ** 2),
    "atan": lambda u: _unary(u, mp.atan, lambda at: 1 / (1 + at**2)),
    "sinh": lambda u: _scaled(
        _plus(_unary(u, _exp, _exp), _scaled(_unary(_scaled(u, -1), _exp, _exp), -1)), mp.mpf(0.5)
    ),
    "cosh": lambda u: _scaled(_plus(_unary(u, _exp, _exp), _unary(_scaled(u, -1), _exp, _exp)), mp.mpf(0.5)),
    "log2": lambda u: _scaled(_logarithm(u), 1 / mp.log(2)),
    "log10": lambda u: _scaled(_logarithm(u), 1 / mp.log(10)),
    "max": lambda u, v: _chosen(u, v, larger=True),
    "min": lambda u, v: _chosen(u, v, larger=False),
    "step": lambda u: _unary(u, lambda at: mp.mpf(int(at > 0)), lambda at: 0, corner=True),
    "sign": lambda u: _unary(u, lambda at: mp.mpf(_sign(at)), lambda at: 0, corner=True),
    "xlogy": _x_log_y,
    "xdivy": _x_over_y,
    "bce": _cross_entropy,
    "bce_logits": _cross_entropy_of_logit,
}
KNOWN_FUNCTIONS = frozenset(_MEANING)


def exactly(number: float) -> Real:
    """A number as it is written in decimals: 0.1 is a tenth."""
    return mp.mpf(repr(float(number)))


def dual(tree: Expression, values: Mapping[str, Real], along: str = "") -> Dual:
    """Value and slope of a tree along a name, with sixty digits. Raises OutOfDomainError."""
    return _dual({name: Dual(value, int(name == along)) for name, value in values.items()}, tree)


def _dual(known: Mapping[str, Dual], tree: Expression) -> Dual:
    results: dict[int, Dual] = {}
    for part in post_order(tree):
        if isinstance(part, Number):
            results[id(part)] = Dual(exactly(part.value))
        elif isinstance(part, Name):
            results[id(part)] = known[part.name] if part.name in known else Dual(_CONSTANTS[part.name])
        else:
            results[id(part)] = _MEANING[part.function](*(results[id(argument)] for argument in part.arguments))
    return results[id(tree)]


def central_difference(tree: Expression, values: Mapping[str, Real], along: str) -> Real:
    """The slope by nudging, good to some fifteen digits away from kinks. Raises OutOfDomainError, also where the
    function bends so much within a nudge that one of twice the size gives another slope."""

    def slope(nudge: Real) -> Real:
        above = dual(tree, {**values, along: values[along] + nudge})
        below = dual(tree, {**values, along: values[along] - nudge})
        return (above.value - below.value) / (2 * nudge)

    nudge = mp.mpf(10) ** -20
    found = slope(nudge)
    if abs(found - slope(2 * nudge)) > mp.mpf(10) ** -16 * max(1, abs(found)):
        raise OutOfDomainError
    return found


def gradients_by_duals(
    scenario: Scenario, parameters: Mapping[str, float], batch: tuple[int, ...]
) -> tuple[Real, dict[str, Real]]:
    """Loss and gradients over a batch of examples. Raises OutOfDomainError."""
    total, slopes = mp.mpf(0), dict.fromkeys(parameters, mp.mpf(0))
    for example in batch:
        for along in parameters:
            loss = loss_by_duals(scenario, parameters, example, along)
            slopes[along] += loss.slope
        total += loss_by_duals(scenario, parameters, example).value
    share = len(batch) if scenario.reduction == "mean" else 1
    return total / share, {name: slope / share for name, slope in slopes.items()}


def loss_by_duals(scenario: Scenario, parameters: Mapping[str, float], example: int, along: str = "") -> Dual:
    """The loss of one example, with its slope along a parameter. Raises OutOfDomainError."""
    given = {**scenario.constants, **parameters, **dict(zip(scenario.inputs, scenario.examples[example], strict=True))}
    known = {name: Dual(exactly(value), int(name == along)) for name, value in given.items()}
    waiting = dict(scenario.equations)
    while waiting:
        for name, equation in list(waiting.items()):
            names = {part.name for part in post_order(equation) if isinstance(part, Name)} - {"pi", "e"}
            if names <= known.keys():
                known[name] = _dual(known, equation)
                del waiting[name]
    return known[scenario.loss]


def agrees(one: Real, two: Real, digits: int) -> bool:
    """Whether two numbers are the same to so many digits, relative to the larger one or to 1e-30."""
    margin = mp.mpf(10) ** -digits
    return bool(abs(one - two) <= margin * max(abs(one), abs(two), mp.mpf(10) ** -30))


# --- floats


def close(told: float, computed: float, margin: float = 1e-9) -> bool:
    """Whether two floats agree relative to max(1, |computed|); a number that is not finite only with itself."""
    if not (math.isfinite(told) and math.isfinite(computed)):
        return same(told, computed)
    return abs(told - computed) <= margin * max(1.0, abs(computed))


def same(one: float, two: float) -> bool:
    """Whether two floats are the very same, -0.0 not being 0.0; every NaN is the same NaN."""
    return (one != one and two != two) or struct.pack("d", one) == struct.pack("d", two)


_PYTHON = {
    **{name: getattr(math, name) for name in ("exp", "log", "log2", "log10", "sqrt", "tanh", "pi", "e")},
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "atan", "sinh", "cosh")},
    "abs": abs,
    "max": max,
    "min": min,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z)),
    "relu": lambda z: z if z > 0 else 0.0,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "gelu": lambda z: z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2,
    "silu": lambda z: z / (1 + math.exp(-z)),
    "sum": lambda *numbers: math.fsum(numbers),
    "mean": lambda *numbers: math.fsum(numbers) / len(numbers),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "softplus": lambda z: max(z, 0) + math.log1p(math.exp(-abs(z))),
    "step": lambda z: 1.0 if z > 0 else 0.0,
    "sign": lambda z: (z > 0) - (z < 0),
    "xlogy": lambda x, y: x * math.log(y) if x else 0.0,
    "xdivy": lambda x, y: x / y if x else 0.0,
    "bce": lambda y, a: -((y * math.log(a) if y else 0) + ((1 - y) * math.log(1 - a) if y != 1 else 0)),
    "bce_logits": lambda y, z: max(z, 0) - y * z + math.log1p(math.exp(-abs(z))),
}
_FORMULA = re.compile(r"[\w\s.+\-*/^(),]*")


def by_python(text: str, names: Mapping[str, float]) -> float:
    """The value of a plain formula as Python reads it: its precedence, its operators, its parentheses.

    Raises what Python raises where mathematics has no number.
    """
    assert _FORMULA.fullmatch(text), text
    code = compile(text.replace("^", "**"), "<formula>", "eval")
    return float(eval(code, {"__builtins__": {}}, {**_PYTHON, **names}))
