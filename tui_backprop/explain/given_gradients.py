"""Gradients that somebody else computed: numbers by name, or arrays by layer, as one number for each name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from tui_backprop.numbers import full
from tui_backprop.record.history import History
from tui_backprop.scenario.gradients_file import GradientsFile
from tui_backprop.scenario.model import LayerShape
from tui_backprop.scenario.nearest import did_you_mean, listed, shown

_ARRAY = re.compile(r"([Wwb])(\d{1,6})", re.ASCII)
_LISTS = (list, tuple)


class Misfit(Struct, frozen=True):
    """Why what was given by a name cannot be used, and what to do."""

    name: str
    message: str
    help: str


def named_gradients(history: History, given: Mapping[str, Any]) -> tuple[dict[str, float], tuple[Misfit, ...]]:
    """One number for each name, and what does not fit. Arrays are whatever has `tolist`, or lists."""
    numbers: dict[str, float] = {}
    misfits: list[Misfit] = []
    for name, value in given.items():
        plain = value.tolist() if hasattr(value, "tolist") else value
        for one in _of_array(history, str(name), plain) if isinstance(plain, _LISTS) else ((str(name), plain),):
            misfit = one if isinstance(one, Misfit) else _misfit(history, str(name), *one)
            if misfit is not None:
                misfits.append(misfit)
                break
            assert not isinstance(one, Misfit)
            numbers[one[0]] = float(one[1])
    if not given:
        misfits.append(Misfit("", "there are no gradients in it", "write a name and a number for each: w1: 0.5"))
    return numbers, tuple(misfits)


def numbers_of_file(history: History, file: GradientsFile) -> dict[str, float]:
    """One number for each name in a file. Raises ScenarioError for names, shapes and examples that do not fit."""
    numbers, misfits = named_gradients(history, file.entries)
    for misfit in misfits:
        file.report.add(file.places.get(misfit.name), misfit.message, misfit.help)
    count = len(history.plan.examples)
    if file.example is not None and not 0 <= file.example < count:
        file.report.add(None, f"there is no example {file.example}", f"they are counted from 0 to {count - 1}")
    file.report.fail_if_any()
    return numbers


def _misfit(history: History, called: str, name: str, value: object) -> Misfit | None:
    graph = history.graph
    if not graph.has_gradient(name):
        known = [*graph.parameters, *filter(graph.reaches_loss, graph.nodes)]
        if name in graph.inputs or name in graph.constants:
            what = f"'{shown(name)}' is given and stays, so it has no gradient"
        elif name in graph.equations:
            what = f"no path leads from '{shown(name)}' to the loss, so it has no gradient"
        else:
            what = f"there is no '{shown(name)}' in this lesson"
        return Misfit(called, what, did_you_mean(name, known, f"gradients have {listed(known)}"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Misfit(called, f"the gradient of '{shown(name)}' is not a number", "write a decimal such as 0.5")
    number = _as_float(value)
    if not math.isfinite(number):
        what = f"the gradient of '{shown(name)}' is {full(number)}"
        return Misfit(called, what, "look in your own program for a division by 0, log 0 or an overflow")
    return None


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _of_array(history: History, name: str, rows: Any) -> Iterator[tuple[str, Any] | Misfit]:
    """The numbers of an array by name; a shape that does not fit."""
    network = history.scenario.network
    match = _ARRAY.fullmatch(name)
    layers = network.layers if network else ()
    place = int(match[2]) - 1 if match else -1
    if match is None or not 0 <= place < len(layers):
        arrays = [f"{letter}{number}" for number in range(1, len(layers) + 1) for letter in "Wb"]
        known = f"arrays are {listed(arrays)}" if arrays else "this lesson has no layers: give one number for each name"
        yield Misfit(name, f"'{shown(name)}' is an array, and there is no layer of that name", known)
        return
    yield from _of_layer(name, layers[place], match[1] == "b", rows)


def _of_layer(name: str, layer: LayerShape, is_bias: bool, rows: Any) -> Iterator[tuple[str, Any] | Misfit]:
    shape = _shape(rows)
    wanted: tuple[int, ...] = (len(layer.biases),) if is_bias else (layer.neurons, len(layer.weights[0]))
    if is_bias and not layer.biases:
        yield Misfit(name, f"'{name}' is given, but this layer has no biases", "leave it out")
        return
    if is_bias and len(shape) == 2 and 1 in shape:
        # A row or a column of biases, as matrix libraries have them.
        rows, shape = [number for row in rows for number in row], (max(shape),)
    if shape != wanted:
        what = f"'{name}' has the shape {_written(shape)} where {_written(wanted)} is needed"
        turned = f"; transpose it: {name}.T" if shape == wanted[::-1] else ""
        yield Misfit(name, what, f"row j holds the weights into neuron j{turned}" if not is_bias else "one per neuron")
    elif is_bias:
        yield from zip(layer.biases, rows, strict=True)
    else:
        for names, row in zip(layer.weights, rows, strict=True):
            yield from zip(names, row, strict=True)


def _shape(rows: Any) -> tuple[int, ...]:
    """How many rows, and in each how many numbers; -1 where they are not as long as each other."""
    if not any(isinstance(row, _LISTS) for row in rows):
        return (len(rows),)
    lengths = {len(row) if isinstance(row, _LISTS) else -1 for row in rows}
    if len(lengths) > 1 or any(isinstance(number, _LISTS) for row in rows for number in row):
        return (len(rows), -1)
    return (len(rows), lengths.pop())


def _written(shape: tuple[int, ...]) -> str:
    return " × ".join("?" if length < 0 else str(length) for length in shape)
