"""The numbers that a layer starts from when its scenario names a recipe in place of numbers.

The same recipe, seed and layer give the same numbers on every machine and in every version of the program. Every number
is rounded to four significant digits, which is what the screen shows, so that the lesson can be followed with a pocket
calculator.

With n numbers into each neuron and m neurons in the layer:

    xavier   uniform between -r and r, r = sqrt(6/(n + m))          (Glorot and Bengio 2010, equation 16)
    he       normal with mean 0 and deviation sqrt(2/n)             (He, Zhang, Ren and Sun 2015, equation 10)
    normal   normal with mean 0 and deviation 1, or another `std`
    uniform  uniform between -1 and 1
    zeros    0

Weights are drawn row by row. Layers with the same seed get different numbers, and so do the biases of a layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from msgspec import Struct

from tui_backprop.scenario.random_numbers import uniform

Part = Literal["weights", "biases"]

WEIGHT_RECIPES = ("xavier", "he", "normal", "uniform", "zeros")
BIAS_RECIPES = ("zeros", "normal", "uniform")
MOST_STD = 1_000_000
"""The largest deviation."""


class Recipe(Struct, frozen=True):
    """How a layer's numbers are drawn. `std` is the deviation of the normal ones."""

    name: str
    seed: int = 0
    std: float = 1.0


def initial_numbers(recipe: Recipe, layer: int, part: Part, neurons: int, fan_in: int) -> tuple[float, ...]:
    """The numbers of a layer (counted from 1): `neurons * fan_in` weights, or `neurons` biases."""
    count = neurons * fan_in if part == "weights" else neurons
    if recipe.name == "zeros":
        return (0.0,) * count
    random = uniform(recipe.seed, layer, 0 if part == "weights" else 1)
    if recipe.name in ("xavier", "uniform"):
        reach = math.sqrt(6 / (fan_in + neurons)) if recipe.name == "xavier" else 1.0
        drawn = [reach * (2 * number - 1) for number in islice(random, count)]
    else:
        deviation = math.sqrt(2 / fan_in) if recipe.name == "he" else recipe.std
        drawn = [deviation * number for number in islice(_normal(random), count)]
    return tuple([float(f"{number:.3e}") + 0.0 for number in drawn])


def _normal(random: Iterator[float]) -> Iterator[float]:
    """Normally distributed numbers, each from two uniform ones (Box and Muller 1958)."""
    while True:
        distance = math.sqrt(-2 * math.log(1 - next(random)))
        yield distance * math.cos(2 * math.pi * next(random))
