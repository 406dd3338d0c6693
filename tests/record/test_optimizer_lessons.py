"""Do the lessons on optimizers promise the numbers that a few lines of plain Python give?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import sqrt

import pytest

from tui_backprop.api import load


def _momentum() -> Iterator[Mapping[str, float]]:
    x, y, along, across = 10.0, 1.0, 0.0, 0.0
    while True:
        yield {"x": x, "y": y}
        along, across = 0.8 * along + x, 0.8 * across + 25 * y
        x, y = x - 0.03 * along, y - 0.03 * across


def _adam() -> Iterator[Mapping[str, float]]:
    place, mean, square, count = {"a": 5.0, "b": 5.0}, {"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}, 0
    while True:
        yield dict(place)
        count += 1
        for name, slope in (("a", 2.0), ("b", 200.0)):
            gradient = slope * place[name]
            mean[name] += (gradient - mean[name]) / 10
            square[name] += (gradient**2 - square[name]) / 1000
            place[name] -= 0.1 * mean[name] / (1 - 0.9**count) / (sqrt(square[name] / (1 - 0.999**count)) + 1e-8)


def _weight_decay() -> Iterator[Mapping[str, float]]:
    # The sum and the difference of the two weights each follow a law of their own.
    total, difference = 5.0, 5.0
    while True:
        yield {"u": (total + difference) / 2, "v": (total - difference) / 2}
        total, difference = total - 0.2 * (2 * (total - 4) + 0.1 * total), 0.98 * difference


def _decaying_rate() -> Iterator[Mapping[str, float]]:
    seen: list[float] = []
    while True:
        yield {"w": sum(seen) / len(seen) if seen else 0.0}
        seen.append((2.0, 6.0, 7.0)[len(seen) % 3])


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("momentum", _momentum),
        ("adam", _adam),
        ("weight-decay", _weight_decay),
        ("decaying-rate", _decaying_rate),
    ],
)
def test_the_promised_parameters(name: str, oracle: Callable[[], Iterator[Mapping[str, float]]]) -> None:
    promises = {entry.after: entry.parameters for entry in load(name).expectations if entry.parameters}
    assert max(promises) >= 20
    for number, parameters in zip(range(max(promises) + 1), oracle(), strict=False):
        for parameter, promised in promises.get(number, {}).items():
            assert promised.agrees(parameters[parameter]), (number, parameter)


def test_without_momentum_the_valley_takes_longer() -> None:
    assert "x = 5.438" in load("momentum").notes["L"]
    assert pytest.approx(5.438, abs=5e-4) == 10 * 0.97**20
