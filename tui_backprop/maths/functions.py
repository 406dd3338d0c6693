"""The functions and operators, in one table: value, derivative, spelling, rule, and the convention at kinks.

A new function is one entry here. Everything else (parsing, derivatives, the compiled engine, writing) reads the table.
Derivatives are written in the expression language itself, with `u` and `v` for the operands and `result` for the
value of the call, so that they can be shown, derived and evaluated like everything else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.numbers import full

CONSTANTS = MappingProxyType({"pi": math.pi, "e": math.e})
"""The numbers that every expression may use by name."""

ALIASES = MappingProxyType({"ln": "log"})
"""Other spellings of a function."""

INFINITY = math.inf
NOT_A_NUMBER = math.nan


class Function(Struct, frozen=True):
    """One function or operator.

    value: the IEEE 754 value; raises nothing, gives NaN or an infinity where mathematics has no number.
    code: the same for finite results as straight-line Python, `{0}` and `{1}` being the operands; may raise
        ArithmeticError or ValueError where `value` gives a non-finite number, or one that this code cannot reach.
    array_code: the same for numpy arrays, one number for each example; non-finite results are IEEE 754's.
    derivatives: for each operand the partial derivative, in the expression language.
    rule: the name of the differentiation rule.
    typeset: how the name is written on the screen.
    carries: for each operand, whether a non-finite operand always makes the result non-finite.
    kink: where the derivative is a convention: a sentence for the operands that lie there, or None.
    convention: where the value itself, and with it the derivatives, is one: a sentence for such operands, or None.
    """

    name: str
    value: Callable[..., float]
    code: str
    array_code: str
    derivatives: tuple[str, ...]
    rule: str
    carries: tuple[bool, ...]
    typeset: str = ""
    kink: Callable[..., str | None] | None = None
    convention: Callable[..., str | None] | None = None

    @property
    def arity(self) -> int:
        """How many operands it takes."""
        return len(self.derivatives)


def ieee_divide(u: float, v: float) -> float:
    """u / v, an infinity of the right sign for u / 0, NaN for 0 / 0."""
    try:
        return u / v
    except ZeroDivisionError:
        if u == 0 or math.isnan(u):
            return NOT_A_NUMBER
        return math.copysign(INFINITY, u) * math.copysign(1.0, v)


def ieee_power(u: float, v: float) -> float:
    """u to the v, with 0^0 = 1; NaN for a negative base with a broken exponent, never a complex number."""
    try:
        return math.pow(u, v)
    except OverflowError:
        return -INFINITY if u < 0 and v % 2 == 1 else INFINITY
    except ValueError:
        if u == 0:
            return math.copysign(INFINITY, u) if v % 2 == 1 else INFINITY
        return NOT_A_NUMBER


def ieee_exp(u: float) -> float:
    """e to the u, infinity past 709.78."""
    try:
        return math.exp(u)
    except OverflowError:
        return INFINITY


def ieee_log(u: float) -> float:
    """The natural logarithm: minus infinity at 0, NaN below."""
    if u > 0:
        return math.log(u)
    return -INFINITY if u == 0 else NOT_A_NUMBER


def ieee_sqrt(u: float) -> float:
    """The square root, NaN below 0."""
    return NOT_A_NUMBER if u < 0 else math.sqrt(u)


def _ieee_wave(wave: Callable[[float], float]) -> Callable[[float], float]:
    def value(u: float) -> float:
        return wave(u) if math.isfinite(u) else NOT_A_NUMBER

    return value


def sigmoid(u: float) -> float:
    """1 / (1 + e^-u); where e^-u would overflow, e^u, which is the same there."""
    try:
        return 1.0 / (1.0 + math.exp(-u))
    except OverflowError:
        return math.exp(u)


def step(u: float) -> float:
    """1 above 0, else 0; NaN stays NaN."""
    return 1.0 if u > 0 else 0.0 if u <= 0 else u


def sign(u: float) -> float:
    """-1, 0 or 1; NaN stays NaN."""
    return 1.0 if u > 0 else -1.0 if u < 0 else 0.0 if u == 0 else u


def relu(u: float) -> float:
    """u above 0, else 0; NaN stays NaN."""
    return 0.0 if u <= 0 else u


def leaky_relu(u: float) -> float:
    """u above 0, else a hundredth of it."""
    return u if u > 0 else 0.01 * u


def softplus(u: float) -> float:
    """log(1 + e^u), in the form that never overflows."""
    return (u if u > 0 else 0.0) + math.log1p(math.exp(-abs(u))) if u == u else u


def maximum(u: float, v: float) -> float:
    """The larger one; NaN where one is NaN."""
    return u if u >= v else v if v > u else u + v


def minimum(u: float, v: float) -> float:
    """The smaller one; NaN where one is NaN."""
    return u if u <= v else v if v < u else u + v


def xlogy(x: float, y: float) -> float:
    """x log y, and 0 where x is 0, whatever y is."""
    return 0.0 if x == 0 else x * ieee_log(y)


def xdivy(x: float, y: float) -> float:
    """x / y, and 0 where x is 0, whatever y is."""
    return 0.0 if x == 0 else ieee_divide(x, y)


def bce(y: float, a: float) -> float:
    """Binary cross-entropy -(xlogy(y, a) + xlogy(1 - y, 1 - a)) of the activation a against the target y."""
    return 0.0 - (xlogy(y, a) + xlogy(1.0 - y, 1.0 - a))  # -(...) would give -0.0 where it costs nothing


def bce_logits(y: float, z: float) -> float:
    """Binary cross-entropy of sigmoid(z) against y, as max(z, 0) - y z + log(1 + e^-|z|)."""
    if z != z:
        return z
    return ((z if z > 0 else 0.0) - y * z) + math.log1p(math.exp(-abs(z)))


def _kink_at_zero(name: str, derivative: str) -> Callable[[float], str | None]:
    def kink(u: float) -> str | None:
        return f"{name} has a corner at 0: by convention its derivative there is {derivative}" if u == 0 else None

    return kink


def _kink_at_tie(name: str) -> Callable[[float, float], str | None]:
    def kink(u: float, v: float) -> str | None:
        return f"both operands of {name} are equal: by convention each gets half of the derivative" if u == v else None

    return kink


def _no_logarithm(x: float, y: float) -> str | None:
    if x != 0 or math.isfinite(ieee_log(y)):
        return None
    return f"0 times log({full(y)}) counts as 0 by convention"


def _no_quotient(x: float, y: float) -> str | None:
    return f"0/{full(y)} counts as 0 by convention" if x == 0 and (y == 0 or y != y) else None


def _costs_nothing(y: float, a: float) -> str | None:
    said = _no_logarithm(y, a) or _no_logarithm(1.0 - y, 1.0 - a)
    return f"{said}: an activation that equals its target to the last bit costs nothing" if said else None


_ENTRIES = (
    Function("+", lambda u, v: u + v, "({0} + {1})", "({0} + {1})", ("1", "1"), "sum rule", (True, True)),
    Function("-", lambda u, v: u - v, "({0} - {1})", "({0} - {1})", ("1", "-1"), "sum rule", (True, True)),
    Function("*", lambda u, v: u * v, "({0} * {1})", "({0} * {1})", ("v", "u"), "product rule", (True, True)),
    Function("/", ieee_divide, "({0} / {1})", "({0} / {1})", ("1/v", "-u/v^2"), "quotient rule", (True, False)),
    Function(
        "^",
        ieee_power,
        "pow({0}, {1})",
        "power({0}, {1})",
        ("v*u^(v - 1)", "result*log(u)"),
        "power rule",
        (False, False),
    ),
    Function("neg", lambda u: -u, "(-{0})", "(-{0})", ("-1",), "constant multiple rule", (True,)),
    Function("exp", ieee_exp, "exp({0})", "exp({0})", ("result",), "exponential rule", (False,)),
    Function("log", ieee_log, "log({0})", "log({0})", ("1/u",), "logarithm rule", (True,)),
    Function("sqrt", ieee_sqrt, "sqrt({0})", "sqrt({0})", ("1/(2*result)",), "square root rule", (True,), "√"),
    Function(
        "sigmoid",
        sigmoid,
        "(1.0 / (1.0 + exp(-{0})))",
        "(1.0 / (1.0 + exp(-{0})))",
        ("result*(1 - result)",),
        "sigmoid rule",
        (False,),
        "σ",
    ),
    Function("tanh", math.tanh, "tanh({0})", "tanh({0})", ("1 - result^2",), "tanh rule", (False,)),
    Function(
        "relu",
        relu,
        "(0.0 if {0} <= 0.0 else {0})",
        "maximum({0}, 0.0)",
        ("step(u)",),
        "relu rule",
        (False,),
        kink=_kink_at_zero("relu", "0"),
    ),
    Function(
        "leaky_relu",
        leaky_relu,
        "({0} if {0} > 0.0 else 0.01 * {0})",
        "where({0} > 0.0, {0}, 0.01 * {0})",
        ("0.01 + 0.99*step(u)",),
        "leaky_relu rule",
        (True,),
        kink=_kink_at_zero("leaky_relu", "0.01"),
    ),
    Function(
        "softplus",
        softplus,
        "(({0} if {0} > 0.0 else 0.0) + log1p(exp(-abs({0}))))",
        "(maximum({0}, 0.0) + log1p(exp(-absolute({0}))))",
        ("sigmoid(u)",),
        "softplus rule",
        (False,),
    ),
    Function(
        "abs", abs, "abs({0})", "absolute({0})", ("sign(u)",), "abs rule", (True,), kink=_kink_at_zero("abs", "0")
    ),
    Function("sin", _ieee_wave(math.sin), "sin({0})", "sin({0})", ("cos(u)",), "sin rule", (True,)),
    Function("cos", _ieee_wave(math.cos), "cos({0})", "cos({0})", ("-sin(u)",), "cos rule", (True,)),
    Function(
        "max",
        maximum,
        "({0} if {0} >= {1} else {1} if {1} > {0} else {0} + {1})",
        "maximum({0}, {1})",
        ("(1 + sign(u - v))/2", "(1 - sign(u - v))/2"),
        "max rule",
        (False, False),
        kink=_kink_at_tie("max"),
    ),
    Function(
        "min",
        minimum,
        "({0} if {0} <= {1} else {1} if {1} < {0} else {0} + {1})",
        "minimum({0}, {1})",
        ("(1 - sign(u - v))/2", "(1 + sign(u - v))/2"),
        "min rule",
        (False, False),
        kink=_kink_at_tie("min"),
    ),
    Function(
        "step",
        step,
        "(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0})",
        "heaviside({0}, 0.0)",
        ("0",),
        "step rule",
        (False,),
        kink=_kink_at_zero("step", "0"),
    ),
    Function(
        "sign",
        sign,
        "(1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0 if {0} == 0.0 else {0})",
        "sign({0})",
        ("0",),
        "sign rule",
        (False,),
        kink=_kink_at_zero("sign", "0"),
    ),
    # Their derivative for the first operand is the plain one wherever that is a number, and 0 elsewhere if u is 0.
    Function(
        "xlogy",
        xlogy,
        "(0.0 if {0} == 0.0 else {0} * log({1}))",
        "where({0} == 0.0, 0.0, {0} * log({1}))",
        ("xlogy(step(max(abs(u), v)), v)", "xdivy(u, v)"),
        "xlogy rule",
        (True, False),
        convention=_no_logarithm,
    ),
    Function(
        "xdivy",
        xdivy,
        "(0.0 if {0} == 0.0 else {0} / {1})",
        "where({0} == 0.0, 0.0, {0} / {1})",
        ("xdivy(step(abs(u) + abs(v)), v)", "-xdivy(u, v^2)"),
        "xdivy rule",
        (True, False),
        convention=_no_quotient,
    ),
    Function(
        "bce",
        bce,
        "(0.0 - ((0.0 if {0} == 0.0 else {0} * log({1})) + (0.0 if {0} == 1.0 else (1.0 - {0}) * log(1.0 - {1}))))",
        "(0.0 - (where({0} == 0.0, 0.0, {0} * log({1})) + where({0} == 1.0, 0.0, (1.0 - {0}) * log(1.0 - {1}))))",
        (
            "xlogy(step(max(abs(1 - u), 1 - v)), 1 - v) - xlogy(step(max(abs(u), v)), v)",
            "xdivy(1 - u, 1 - v) - xdivy(u, v)",
        ),
        "bce rule",
        (False, False),
        convention=_costs_nothing,
    ),
    Function(
        "bce_logits",
        bce_logits,
        "((({1} if {1} > 0.0 else 0.0) - {0} * {1}) + log1p(exp(-abs({1}))))",
        "((maximum({1}, 0.0) - {0} * {1}) + log1p(exp(-absolute({1}))))",
        ("-v", "sigmoid(v) - u"),
        "bce_logits rule",
        (False, False),
    ),
    # Not spelled by users: what `u^2` compiles to, so that the engine's loop needs no call.
    Function("square", lambda u: u * u, "({0} * {0})", "({0} * {0})", ("2*u",), "power rule", (True,)),
)

OPERATORS = frozenset({"+", "-", "*", "/", "^", "neg"})
_INTERNAL = frozenset({"square"})

FUNCTIONS = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""Every function and operator by name; `neg` is the unary minus."""

CALLABLE_NAMES = tuple(name for name in FUNCTIONS if name not in OPERATORS and name not in _INTERNAL)
"""What may stand before a parenthesis, `ln` aside."""
