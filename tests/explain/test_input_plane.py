"""What comes out where no example is, held against examples that are put there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.random_graphs import random_graph

from tui_backprop.api import load
from tui_backprop.explain.input_plane import InputPlane, frame_of_inputs, plane_at, values_over, why_no_plane
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry

ROWS, COLUMNS = (1.5, 0.25, -2.0), (-1.0, 0.0, 0.5, 3.0)


def _moved_to(history: History, inputs: tuple[str, str], places: list[tuple[float, float]]) -> History:
    """The same lesson with examples at these places; what else the data gives is as in the first example."""
    names = history.graph.inputs
    first = dict(zip(names, history.plan.examples[0], strict=True))
    moved = [{**first, **dict(zip(inputs, place, strict=True))} for place in places]
    examples = tuple(tuple(numbers[name] for name in names) for numbers in moved)
    return History(replace(history.scenario, examples=examples, batch=None))


def _agree(history: History, plane: InputPlane) -> None:
    values = values_over(history, 0, plane, ROWS, COLUMNS)
    assert values.shape == (len(plane.nodes), len(ROWS), len(COLUMNS))
    places = [(x, y) for y in ROWS for x in COLUMNS]
    there = _moved_to(history, plane.inputs, places)
    for node, over in zip(plane.nodes, values, strict=True):
        numbers = [there.numbers(0, example)[node] for example in range(len(places))]
        assert over.ravel() == pytest.approx(numbers, rel=1e-12, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    "lesson", ["moons", "xor-relu", "three-classes", "logistic-four", "worked-example", "attention"]
)
def test_every_node_has_the_values_of_examples_that_lie_there(lesson: str) -> None:
    history = History(load(lesson))
    for node in history.graph.nodes:
        _agree(history, plane_at(history, Entry("value", node)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_so_has_every_node_of_any_graph_over_two_inputs(seed: int) -> None:
    history = History(random_graph(seed))
    if not why_no_plane(history):
        for node in history.graph.nodes:
            _agree(history, plane_at(history, Entry("value", node)))


def test_a_trained_net_gives_what_matrices_of_its_weights_give() -> None:
    history = History(load("xor-sigmoid"))
    numbers = history.parameters(300)
    plane = plane_at(history, Entry("seed", "C"))
    x = np.array([[column, row] for row in ROWS for column in COLUMNS]).T
    for layer, (neurons, fan_in) in enumerate([(2, 2), (1, 2)], start=1):
        w = np.array([[numbers[f"w{layer}_{j}_{k}"] for k in range(1, fan_in + 1)] for j in range(1, neurons + 1)])
        b = np.array([[numbers[f"b{layer}_{j}"]] for j in range(1, neurons + 1)])
        x = 1 / (1 + np.exp(-(w @ x + b)))
    assert values_over(history, 300, plane, ROWS, COLUMNS).ravel() == pytest.approx(x.ravel(), rel=1e-12)


@pytest.mark.parametrize(
    ("entry", "nodes", "is_inside"),
    [
        (Entry("value", "z1_2"), ("z1_2",), True),
        (Entry("value", "a1_2"), ("a1_2",), True),
        (Entry("gradient", "a1_1"), ("a1_1",), True),
        (Entry("factor", "a1_1", "z2_1"), ("a1_1",), True),
        (Entry("factor", "w1_2_1", "z1_2"), ("z1_2",), True),
        (Entry("gradient", "b2_1"), ("z2_1",), True),
        (Entry("value", "a2_1"), ("a2_1",), False),
        (Entry("value", "C"), ("a2_1",), False),
        (Entry("mean", "w1_1_1"), ("a2_1",), False),
        (Entry("update", "w1_1_1"), ("a2_1",), False),
    ],
)
def test_the_cursor_chooses_the_neuron(entry: Entry, nodes: tuple[str, ...], is_inside: bool) -> None:
    plane = plane_at(History(load("xor-sigmoid")), entry)
    assert plane == InputPlane(("x1", "x2"), nodes, ("y",), is_inside)


def test_a_weight_of_several_neurons_belongs_to_none() -> None:
    history = History(load("attention"))
    assert plane_at(history, Entry("gradient", "wk")).nodes == ("o",)
    assert plane_at(history, Entry("gradient", "wq")).nodes == ("q",)


@pytest.mark.parametrize(
    ("lesson", "reason"),
    [
        ("parabola", "What comes out depends on no input here; it can be drawn over the plane of two."),
        ("chain", "What comes out depends on one input here; it can be drawn over the plane of two."),
        ("convolution", "What comes out depends on three inputs or more here; it can be drawn over the plane of two."),
        ("moons", ""),
        ("logistic", ""),
    ],
)
def test_other_than_two_inputs_are_no_plane(lesson: str, reason: str) -> None:
    assert why_no_plane(History(load(lesson))) == reason


@pytest.mark.parametrize("lesson", ["moons", "logistic", "xor-relu"])
def test_the_frame_has_all_examples_in_it(lesson: str) -> None:
    history = History(load(lesson))
    for name, (low, high) in zip(("x1", "x2"), frame_of_inputs(history, ("x1", "x2")), strict=True):
        place = history.graph.inputs.index(name)
        assert all(low < numbers[place] < high for numbers in history.plan.examples)


def test_asking_for_it_records_nothing() -> None:
    history = History(load("moons"))
    values_over(history, 0, plane_at(history, Entry("value", "C")), ROWS, COLUMNS)
    assert len(history) == 1
