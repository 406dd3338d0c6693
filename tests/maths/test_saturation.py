"""How many digits of a saturated factor are left? The table of docs/numbers.md, measured against sixty digits."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.oracle import Real, mp

from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.ieee import sigmoid

DOCUMENT = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text(encoding="utf-8")
ROWS = [
    tuple(float(cell) for cell in line.strip("| ").split(" | "))
    for line in DOCUMENT.partition("### Near saturation")[2].partition("\n## ")[0].splitlines()
    if line.startswith("|") and line.strip("| ")[0].isdigit()
]


def _sigmoid_factor(z: float) -> float:
    a = sigmoid(z)
    return a * (1 - a)


def _tanh_factor(z: float) -> float:
    return 1 - math.tanh(z) ** 2


def _worst(factor: Callable[[float], float], exactly: Callable[[Real], Real], z: float) -> float:
    chance = random.Random(z)
    places = [chance.uniform(z, z * 1.02) for _ in range(2_000)]
    return max(float(abs(factor(at) / exactly(mp.mpf(at)) - 1)) for at in places)


@pytest.mark.parametrize(("z", "of_sigmoid", "of_tanh"), ROWS)
def test_the_table_of_lost_digits_is_what_one_measures(z: float, of_sigmoid: float, of_tanh: float) -> None:
    # Within a factor of three: a table says how many digits, not which.
    assert of_sigmoid / 3 < _worst(_sigmoid_factor, lambda at: mp.sech(at / 2) ** 2 / 4, z) < 3 * of_sigmoid
    assert of_tanh / 3 < _worst(_tanh_factor, lambda at: mp.sech(at) ** 2, z / 2) < 3 * of_tanh


def test_from_37_on_nothing_is_left_and_on_the_other_side_all_is() -> None:
    assert len(ROWS) == 5
    assert sigmoid(36.73) < 1 == sigmoid(36.74) == sigmoid(37.0)
    assert math.tanh(19.06) < 1 == math.tanh(19.07)
    assert FUNCTIONS["sigmoid"].derivatives == ("result*(1 - result)",)
    assert _sigmoid_factor(-20.0) == pytest.approx(float(mp.sech(10) ** 2 / 4), rel=1e-15)
