"""How the largest term that made a number goes along with it: from its operands' terms to that of a call.

Each function takes the value of the call, its operands, and the largest terms that made these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

LargestTerm = Callable[[float, Sequence[float], Sequence[float]], float]


def of_sum(value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    return max(terms)


def of_product(value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    return max(terms[0] * abs(operands[1]), abs(operands[0]) * terms[1])


def in_proportion(value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    """For what is proportional to its first operand, which may be close to 0."""
    return terms[0] * abs(value / operands[0]) if operands[0] and math.isfinite(value) else abs(value)


def through_0(value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    """For a function that is 0 at 0 and no steeper there than its operand."""
    return min(terms[0], in_proportion(value, operands, terms))


def of_power(value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    return in_proportion(value, operands, terms) if operands[1] > 0 else abs(value)


def of_choice(value: float, operands: Sequence[float], terms: Sequence[float]) -> float:
    return max((term for operand, term in zip(operands, terms, strict=True) if operand == value), default=abs(value))
