"""A scenario as the text of a file, which loads as the very same scenario: what a run is saved as."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.maths.tokens import is_name
from tui_backprop.maths.writing import write
from tui_backprop.numbers import full
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import DEFAULT_ITERATIONS, LayerShape, NetworkShape, Scenario
from tui_backprop.scenario.optimizers import DESCENT, OPTIMIZERS, Optimizer, optimizer

_FIELDS = (
    *("title", "summary", "constants", "parameters", "inputs", "examples", "equations", "loss", "network", "notes"),
    *("learning_rate", "optimizer", "weight_decay", "iterations", "reduction", "batch", "wraps", "shuffle", "frozen"),
)
"""What a file says of a scenario that is written here."""

_PLAIN = re.compile(r"[A-Za-z(][A-Za-z0-9_ ()+*/^.,-]*")


def written(scenario: Scenario) -> str:
    """The text of a file with the scenario in it, but for what it expects, and for the words that columns were made of.

    Raises UsageError where a file cannot say it.
    """
    text = "\n".join(_lines(scenario)) + "\n"
    try:
        again = load_text(text, f"{scenario.name}.yaml")
    except ScenarioError as error:
        raise UsageError(f"a file cannot hold this: {error.problems[0].message}") from None
    if any(getattr(again, field) != getattr(scenario, field) for field in _FIELDS):
        raise UsageError("a file cannot hold this: read again, it would be another scenario")
    return text


def _lines(scenario: Scenario) -> Iterator[str]:
    yield f"title: {_quoted(scenario.title)}"
    if scenario.summary:
        yield f"summary: {_quoted(scenario.summary)}"
    network = scenario.network
    of_network = {name for layer in network.layers for name in _parameters(layer)} if network else set()
    yield from _numbers("constants", scenario.constants)
    yield from _numbers("parameters", {name: w for name, w in scenario.parameters.items() if name not in of_network})
    if scenario.inputs:
        yield "data:"
        yield from (f"  - {_flow(dict(zip(scenario.inputs, row, strict=True)))}" for row in scenario.examples)
    cost = network.kind_of_cost if network else ""
    nodes = {node for layer in network.layers for node in layer.nodes} if network else set()
    equations = [name for name in scenario.equations if name not in nodes and not (cost and name == "C")]
    if network and next(iter(scenario.equations)) in nodes:
        yield from _network(network, scenario, cost)
        network = None
    if equations:
        yield "equations:"
        yield from (f"  {name}: {_text(write(scenario.equations[name]))}" for name in equations)
    if network:
        yield from _network(network, scenario, cost)
    yield f"loss: {scenario.loss}"
    yield from _training(scenario)
    if scenario.notes:
        yield "notes:"
        yield from (f"  {_quoted(name)}: {_quoted(note)}" for name, note in scenario.notes.items())


def _training(scenario: Scenario) -> Iterator[str]:
    rate = scenario.learning_rate
    if rate is not None:
        yield f"learning_rate: {full(rate) if isinstance(rate, float | int) else _text(write(rate))}"
        if scenario.optimizer != DESCENT:
            yield f"optimizer: {_optimizer(scenario.optimizer)}"
        if scenario.weight_decay is not None:
            yield f"weight_decay: {full(scenario.weight_decay)}"
    if scenario.iterations != DEFAULT_ITERATIONS:
        yield f"iterations: {scenario.iterations}"
    if scenario.reduction != "mean":
        yield f"reduction: {scenario.reduction}"
    if scenario.batch is not None:
        last = ", last: wrap" if scenario.wraps else ""
        shuffle = "" if scenario.shuffle is None else f", shuffle: {scenario.shuffle}"
        yield f"batch: {{size: {scenario.batch}{last}{shuffle}}}"
    if scenario.frozen:
        yield f"freeze: [{', '.join(scenario.frozen)}]"


def _optimizer(of: Optimizer) -> str:
    if of.name in OPTIMIZERS and of.lines == optimizer(of.name).lines:
        changed = {name: value for name, value in of.numbers.items() if value != optimizer(of.name).numbers[name]}
        return "".join(["{name: ", of.name, *(f", {name}: {full(value)}" for name, value in changed.items()), "}"])
    constants = f"constants: {_flow(of.numbers)}, " if of.numbers else ""
    return (
        f"{{{constants}update: {{{', '.join(f'{line.name}: {_quoted(write(line.formula))}' for line in of.lines)}}}}}"
    )


def _network(network: NetworkShape, scenario: Scenario, cost: str) -> Iterator[str]:
    yield "network:"
    yield f"  inputs: [{', '.join(network.inputs)}]"
    yield "  layers:"
    for layer in network.layers:
        rows = ", ".join(f"[{_values(row, scenario.parameters)}]" for row in layer.weights)
        biases = f", biases: [{_values(layer.biases, scenario.parameters)}]" if layer.biases else ""
        yield f"    - {{neurons: {layer.neurons}, activation: {layer.activation}, weights: [{rows}]{biases}}}"
    if cost:
        yield f"  targets: [{', '.join(network.targets)}]"
        yield f"  cost: {cost}"


def _parameters(layer: LayerShape) -> Iterator[str]:
    yield from layer.biases
    for row in layer.weights:
        yield from row


def _values(names: Sequence[str], numbers: Mapping[str, float]) -> str:
    return ", ".join(full(numbers[name]) for name in names)


def _numbers(key: str, numbers: Mapping[str, float]) -> Iterator[str]:
    if numbers:
        yield f"{key}:"
        yield from (f"  {name}: {full(value)}" for name, value in numbers.items())


def _flow(numbers: Mapping[str, float]) -> str:
    return f"{{{', '.join(f'{name}: {full(value)}' for name, value in numbers.items())}}}"


def _text(expression: str) -> str:
    return expression if _PLAIN.fullmatch(expression) or is_name(expression) else _quoted(expression)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
