"""The values of functions for every float, as IEEE 754 has them: NaN or an infinity where mathematics has no number.

Nothing here raises. In go floats, out comes a float.
"""

from __future__ import annotations

import math
from collections.abc import Callable

INFINITY = math.inf
NOT_A_NUMBER = math.nan


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


def _logarithm(log: Callable[[float], float]) -> Callable[[float], float]:
    """A logarithm that is minus infinity at 0, and NaN below."""

    def value(u: float) -> float:
        if u > 0:
            return log(u)
        return -INFINITY if u == 0 else NOT_A_NUMBER

    return value


ieee_log = _logarithm(math.log)
ieee_log2 = _logarithm(math.log2)
ieee_log10 = _logarithm(math.log10)


def ieee_sqrt(u: float) -> float:
    """The square root, NaN below 0."""
    return NOT_A_NUMBER if u < 0 else math.sqrt(u)


def ieee_wave(wave: Callable[[float], float]) -> Callable[[float], float]:
    """A function that has no number at the infinities: NaN there."""

    def value(u: float) -> float:
        return wave(u) if math.isfinite(u) else NOT_A_NUMBER

    return value


def ieee_sinh(u: float) -> float:
    """The hyperbolic sine, an infinity past ±710.47."""
    try:
        return math.sinh(u)
    except OverflowError:
        return math.copysign(INFINITY, u)


def ieee_cosh(u: float) -> float:
    """The hyperbolic cosine, infinity past ±710.47."""
    try:
        return math.cosh(u)
    except OverflowError:
        return INFINITY


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


def elu(u: float) -> float:
    """u above 0, else e^u - 1, in the form that loses no digits close to 0."""
    return u if u > 0 else math.expm1(u)


def gelu(u: float) -> float:
    """u times the normal distribution's share below u, by the tanh that is close to it."""
    return 0.5 * u * (1.0 + math.tanh(0.7978845608028654 * (u + 0.044715 * u * u * u)))


def silu(u: float) -> float:
    """u sigmoid(u)."""
    try:
        return u / (1.0 + math.exp(-u))
    except OverflowError:
        return u * math.exp(u)


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
