"""Do two engines compute the same? Their numbers of the first iterations, name by name, before anything is timed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

RELATIVE_DIFFERENCE = 1e-9


class MismatchError(Exception):
    """Two engines disagree: a comparison of their speed would mean nothing."""


def compare(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], engine: str) -> int:
    """How many numbers both have by name; all agree to 1e-9 of their size. Raises MismatchError where two do not."""
    compared = 0
    for iteration, (one, two) in enumerate(zip(ours, theirs, strict=True)):
        for what, mine, other in _pairs(one, two):
            compared += 1
            if not math.isclose(mine, other, rel_tol=RELATIVE_DIFFERENCE):
                raise MismatchError(f"iteration {iteration}, {what}: {mine!r} here, {other!r} in {engine}")
        if not one["gradients"].keys() & two["gradients"].keys():
            raise MismatchError(f"iteration {iteration}: no gradient has the same name here and in {engine}")
    return compared


def _pairs(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    yield "loss", one["loss"], two["loss"]
    for kind, what in (("values", "value"), ("gradients", "gradient")):
        for name, number in two[kind].items():
            if name in one[kind]:
                yield f"{what} of {name}", one[kind][name], number
