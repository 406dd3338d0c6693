"""The Python face: scenarios from text, dictionaries and arrays; numbers as arrays; what is wrong is told, never raised
from below."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from tui_backprop.api import Scenario, ScenarioError, UsageError, load, loads, train
from tui_backprop.scenario.bundled import bundled_names, bundled_path

PARABOLA = {"title": "Parabola", "parameters": {"w": 0}, "equations": {"L": "(w - 3)^2"}, "learning_rate": 0.3}


@pytest.mark.parametrize("name", ["logistic", "adam", "weight-decay", "three-classes"])
def test_a_text_gives_the_numbers_of_its_file(name):
    text = bundled_path(name).read_text(encoding="utf-8")
    assert train(loads(text), 5).steps(5).to_json() == train(load(name), 5).steps(5).to_json()


def test_a_dictionary_says_what_a_file_says():
    history = train(Scenario.from_dict(PARABOLA), 3)
    assert history.parameters(3)["w"] == train(load("parabola"), 3).parameters(3)["w"] == pytest.approx(2.808)
    more = {
        **PARABOLA,
        "parameters": {"w": np.float64(0)},
        "constants": {},
        "freeze": (),
        "optimizer": {"name": "momentum", "beta": 0.8},
        "notes": {"update w": "Two: lines\nof it # here."},
        "expect": [{"after": 0, "loss": 9.0}],
    }
    scenario = Scenario.from_dict(more)
    assert scenario.notes == {"update w": "Two: lines of it # here."}
    assert scenario.optimizer.name == "momentum"


@pytest.mark.parametrize(
    ("fields", "line", "told"),
    [
        ({}, None, "nothing in it"),
        ({**PARABOLA, "equations": {"L": "(w - v)^2"}}, "  L: (w - v)^2", "'v' is not defined"),
        ({**PARABOLA, "parameters": {"w": float("nan")}}, "  w: NaN", "NaN"),
        ({**PARABOLA, "parameters": {"w": -(10**400)}}, "  w: -Infinity", "not a finite number"),
        ({**PARABOLA, "parameters": {"w": None}}, "  w: None", "of the type NoneType"),
        ({**PARABOLA, "parameters": {"w": True}}, "  w: True", "of the type bool"),
        ({**PARABOLA, "parameters": {"w": {1, 2}}}, "  w: {1, 2}", "of the type set"),
        ({**PARABOLA, "parameters": 3}, "parameters: 3", "parameters"),
        ({**PARABOLA, "learning_rates": 3}, "learning_rates: 3", "learning_rates"),
        ({**PARABOLA, 3: 3}, "3: 3", "3"),
        ([1, 2], "- 1", "a scenario"),
        ("text", "text", "a scenario"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_dictionary_is_told_at_its_line(fields, line, told):
    with pytest.raises(ScenarioError, match=told) as refused:
        Scenario.from_dict(fields)
    assert line is None or line in [problem.source_line for problem in refused.value.problems]
    assert all(problem.message and problem.help for problem in refused.value.problems)


def test_a_dictionary_that_contains_itself_is_refused():
    endless: dict = {"title": "t"}
    endless["equations"] = endless
    with pytest.raises(ScenarioError):
        Scenario.from_dict(endless)


# --- networks


def _arrays(seed: int, *sizes: int):
    random = np.random.default_rng(seed)
    weights = [random.normal(size=(after, before)) for before, after in pairwise(sizes)]
    return weights, [random.normal(size=len(matrix)) for matrix in weights], random


@pytest.mark.parametrize(("sizes", "rows"), [((2, 3, 1), 4), ((1, 1, 1), 1), ((3, 2), 5), ((2, 8, 8, 2), 50)])
def test_arrays_become_a_network_with_the_gradients_that_numpy_computes(sizes, rows):
    weights, biases, random = _arrays(7, *sizes)
    x, t = random.normal(size=(rows, sizes[0])), random.normal(size=(rows, sizes[-1]))
    activations = ["tanh"] * len(weights)
    scenario = Scenario.from_layers(
        weights=weights,
        biases=biases,
        activations=activations,
        cost="squared_error",
        inputs=x,
        targets=t,
        learning_rate=0.1,
    )
    history = train(scenario, 1)
    a = [x]
    for matrix, vector in zip(weights, biases, strict=True):
        a.append(np.tanh(a[-1] @ matrix.T + vector))
    delta = 2 * (a[-1] - t) * (1 - a[-1] ** 2) / rows
    assert history.losses[0] == pytest.approx(((a[-1] - t) ** 2).sum() / rows, rel=1e-12)
    for layer in range(len(weights), 0, -1):
        gradient = delta.T @ a[layer - 1]
        names = history.gradient_arrays(0)
        np.testing.assert_allclose(names[f"W{layer}"], gradient, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(names[f"b{layer}"], delta.sum(axis=0), rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(history.arrays(1)[f"W{layer}"], weights[layer - 1] - 0.1 * gradient, rtol=1e-12)
        delta = (delta @ weights[layer - 1]) * (1 - a[layer - 1] ** 2)


def test_a_layer_may_have_no_biases_and_one_example_may_be_flat():
    weights, biases, _ = _arrays(1, 2, 2, 1)
    fields = {"activations": ["tanh", "identity"], "cost": "squared_error", "inputs": [0.5, 1], "targets": [1.0]}
    scenario = Scenario.from_layers(weights=weights, biases=[None, biases[1]], **fields, title="Mine", iterations=7)
    assert (scenario.title, scenario.iterations, scenario.learning_rate) == ("Mine", 7, None)
    assert train(scenario).arrays(0).keys() == {"W1", "W2", "b2"}
    assert train(Scenario.from_layers(weights=weights, **fields)).arrays(0).keys() == {"W1", "W2"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"weights": ["ab", [[1, 2]]]}, "no table of numbers"),
        ({"weights": [np.ones((2, 2)), np.ones((1, 3))]}, "weights"),
        ({"biases": [[1, 2, 3], [1]]}, "biases"),
        ({"activations": ["tanh"]}, "2 weights, 2 biases and 1 activations"),
        ({"activations": ["tanh", "tan"]}, "'tan'"),
        ({"cost": "squares"}, "'squares'"),
        ({"targets": [[1], [2]]}, "1 rows of inputs and 2 of targets"),
        ({"targets": [[1, 2]]}, "2 targets, and 1 neuron"),
        ({"inputs": "x"}, "the inputs|inputs are no table"),
        ({"inputs": [[[1], 2]]}, "must be a single value"),
        ({"learning_rate": -1}, "learning rate|greater than 0"),
    ],
    ids=str,
)
def test_arrays_that_do_not_fit_are_refused(change, told):
    weights, biases, _ = _arrays(1, 2, 2, 1)
    given = {"weights": weights, "biases": biases, "activations": ["tanh", "tanh"], "cost": "squared_error"}
    with pytest.raises(ScenarioError, match=told):
        Scenario.from_layers(**{**given, "inputs": [[1, 2]], "targets": [[1]], "learning_rate": 0.1, **change})


def test_arrays_of_a_lesson_without_layers_are_refused():
    with pytest.raises(UsageError, match="no 'network'"):
        train(load("parabola")).arrays(0)


# --- how they show themselves


@pytest.mark.parametrize("name", bundled_names())
def test_a_notebook_gets_html_that_is_whole(name):
    history = train(load(name), None if load(name).learning_rate is None else 3)
    for shown in (history, *[history.steps(0)[index] for index in range(0, len(history.steps(0)), 7)]):
        ElementTree.fromstring(shown._repr_html_().replace("<br>", "<br/>"))


def test_a_title_is_text_in_a_notebook_whatever_it_holds():
    history = train(Scenario.from_dict({**PARABOLA, "title": "<script>&"}), 2)
    assert "&lt;script&gt;&amp;" in history._repr_html_()


def test_what_is_printed_of_a_record_says_what_it_is():
    history = train(load("parabola"), 2)
    assert repr(history.scenario) == "<Scenario 'Downhill on a parabola': 1 parameters, 1 examples, loss L>"
    assert repr(history) == "<History of 'Downhill on a parabola': iterations 0 to 2, loss 9.0 to 0.2304>"
    assert repr(history.steps(0)[2]) == "<Step 2: factor ∂L/∂w = 2*(w - 3) = -6.0>"


def test_losses_are_an_array_for_numpy():
    losses = train(load("parabola"), 2).losses
    np.testing.assert_array_equal(np.asarray(losses), [*losses])
