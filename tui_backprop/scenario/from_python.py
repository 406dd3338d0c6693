"""A scenario from Python's own values: a dictionary with the fields of a file, or the arrays of a network.

What is wrong is told at its place in the dictionary as a file would have it, one value in each line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

from tui_backprop.errors import Place, Problem, ScenarioError
from tui_backprop.numbers import full
from tui_backprop.scenario.loading import load_tree
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.tree import Mapping, Node, Pair, Scalar, Sequence
from tui_backprop.scenario.tree_builder import MOST_NESTING

_FILE = "<dict>"


def scenario_from_dict(fields: AnyMapping[str, Any]) -> Scenario:
    """The scenario with the fields that a file would have. Numbers may be numpy's, lists may be tuples or arrays.

    Raises ScenarioError.
    """
    if isinstance(fields, AnyMapping):
        # What a file would leave out.
        fields = {key: value for key, value in fields.items() if not (_is_container(value) and len(value) == 0)}
    written = _Written()
    tree = written.node(fields, 0)
    return load_tree(tree, written.report, Path.cwd())


def _is_container(value: Any) -> bool:
    return isinstance(value, AnyMapping | list | tuple)


class _Written:
    """Values as a file would have them: the tree, and the lines it would be read from."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.report = Report(_FILE, self.lines)

    def node(self, value: Any, depth: int, before: str = "") -> Node:
        """A value as a node; what is before it in its line is written already."""
        place = Place(len(self.lines) + 1, len(before) + 1)
        value = value.tolist() if hasattr(value, "tolist") else value
        if depth > MOST_NESTING or not _is_container(value):
            return self._scalar(value, before)
        if not value:
            self.lines.append(f"{before}{'{}' if isinstance(value, AnyMapping) else '[]'}")
            return Mapping((), place, flow=False) if isinstance(value, AnyMapping) else Sequence((), place, flow=False)
        if before.strip():
            self.lines.append(before)
        indent = "  " * depth
        if isinstance(value, AnyMapping):
            pairs = [self._pair(key, part, depth, indent) for key, part in value.items()]
            return Mapping(tuple(pairs), place, flow=False)
        return Sequence(tuple(self.node(part, depth + 1, f"{indent}- ") for part in value), place, flow=False)

    def _pair(self, key: Any, value: Any, depth: int, indent: str) -> Pair:
        text = str(key)
        line, column = len(self.lines) + 1, len(indent) + 1
        name = Scalar(text, "plain", line, column, line, column + len(text), column)
        return Pair(name, self.node(value, depth + 1, f"{indent}{text}: "))

    def _scalar(self, value: Any, before: str) -> Scalar:
        line, column = len(self.lines) + 1, len(before) + 1
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        text = full(_float(value)) if is_number else str(value)
        self.lines.append(before + " ".join(text.split("\n")))
        refused = not isinstance(value, str) and not is_number
        if refused:
            message = f"{shown(text)} is of the type {type(value).__name__}, which no scenario has"
            self.report.add(Place(line, column, len(text)), message, "write a number, a text, a list or a dict")
        return Scalar(text, "plain" if text else "quoted", line, column, line, column + len(text), column, refused)


def _float(number: float) -> float:
    """A number as a float; a whole one that none can hold is infinite, which no scenario has."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def scenario_from_layers(
    weights: Iterable[Any],
    biases: Iterable[Any] | None,
    activations: Iterable[str],
    cost: str,
    inputs: Any,
    targets: Any,
    learning_rate: float | None = None,
    **fields: Any,
) -> Scenario:
    """The scenario of a network of layers.

    weights: for each layer an array, row j of which goes into neuron j. biases: for each layer an array, or None for a
        layer that has none; None: no layer has any. activations: for each layer its name.
    inputs, targets: arrays of two dimensions, a row for each example; of one dimension where there is one example.
    fields: others that a file may have, such as `title`, `optimizer`, `iterations` or `batch`.

    Raises ScenarioError, also where shapes do not fit.
    """
    rows, wanted = _rows(inputs, "inputs"), _rows(targets, "targets")
    if len(rows) != len(wanted):
        raise _misfit(
            f"there are {len(rows)} rows of inputs and {len(wanted)} of targets", "give each example a row in both"
        )
    matrices, names = [*weights], [*activations]
    vectors = [None] * len(matrices) if biases is None else [*biases]
    if not len(matrices) == len(vectors) == len(names):
        counts = f"{len(matrices)} weights, {len(vectors)} biases and {len(names)} activations"
        raise _misfit(f"there are {counts}", "give each layer one of each; None stands for no biases")
    input_names = [f"x{place}" for place in range(1, len(rows[0]) + 1)]
    target_names = [f"t{place}" for place in range(1, len(wanted[0]) + 1)]
    layers = [_layer(*parts) for parts in zip(matrices, vectors, names, strict=True)]
    examples = [
        dict(zip((*input_names, *target_names), (*x, *t), strict=True)) for x, t in zip(rows, wanted, strict=True)
    ]
    network = {"inputs": input_names, "layers": layers, "targets": target_names, "cost": cost}
    rate = {} if learning_rate is None else {"learning_rate": learning_rate}
    return scenario_from_dict({"title": "Network", **fields, "network": network, "data": examples, **rate})


def _layer(weights: Any, biases: Any, activation: str) -> dict[str, Any]:
    rows = _rows(weights, "the weights of a layer")
    layer = {"neurons": len(rows), "activation": activation, "weights": rows}
    return layer if biases is None else {**layer, "biases": _listed(biases)}


def _listed(array: Any) -> Any:
    return array.tolist() if hasattr(array, "tolist") else array


def _rows(array: Any, what: str) -> list[list[float]]:
    """An array of two dimensions as lists; one of one dimension is its only row."""
    rows = _listed(array)
    if (
        isinstance(rows, list | tuple)
        and rows
        and not isinstance(rows[0], list | tuple)
        and not hasattr(rows[0], "tolist")
    ):
        rows = [rows]
    rows = [_listed(row) for row in rows] if isinstance(rows, list | tuple) else []
    if not rows or not all(isinstance(row, list | tuple) and row for row in rows) or len(set(map(len, rows))) > 1:
        raise _misfit(f"{what} are no table of numbers", "give an array of two dimensions, with rows of one length")
    return [[*row] for row in rows]


def _misfit(message: str, help: str) -> ScenarioError:
    return ScenarioError("<arrays>", (Problem(None, message, help),))
