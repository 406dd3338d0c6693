"""Layers as shorthand for ordinary equations: names, order, costs, initial numbers, and what is wrong with a shape."""

from __future__ import annotations

import math
import statistics

import pytest
from support.places import marked

from tui_backprop.errors import ScenarioError
from tui_backprop.maths.expression import Expression
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.initial_numbers import Part, Recipe, initial_numbers
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import LayerShape, Scenario
from tui_backprop.scenario.network import Layer, Network, expand

MAZUR = """\
title: Two, two, two
network:
  inputs: [x1, x2]
  layers:
    - {neurons: 2, activation: sigmoid, weights: [[0.15, 0.20], [0.25, 0.30]], biases: [0.35, 0.36]}
    - {neurons: 2, activation: sigmoid, weights: [[0.40, 0.45], [0.50, 0.55]], biases: [0.60, 0.61]}
  targets: [t1, t2]
  cost: half_squared_error
data: {x1: 0.05, x2: 0.10, t1: 0.01, t2: 0.99}
learning_rate: 0.5
freeze: [b*]
"""


def written(**equations: str) -> dict[str, Expression]:
    return {name: parse(text).expression for name, text in equations.items()}


@pytest.fixture
def mazur() -> Scenario:
    return load_text(MAZUR, "f.yaml")


def test_a_network_expands_to_ordinary_equations(mazur: Scenario) -> None:
    assert mazur.equations == written(
        z1_1="w1_1_1*x1 + w1_1_2*x2 + b1_1",
        a1_1="sigmoid(z1_1)",
        z1_2="w1_2_1*x1 + w1_2_2*x2 + b1_2",
        a1_2="sigmoid(z1_2)",
        z2_1="w2_1_1*a1_1 + w2_1_2*a1_2 + b2_1",
        a2_1="sigmoid(z2_1)",
        z2_2="w2_2_1*a1_1 + w2_2_2*a1_2 + b2_2",
        a2_2="sigmoid(z2_2)",
        C="0.5*(t1 - a2_1)^2 + 0.5*(t2 - a2_2)^2",
    )
    assert list(mazur.equations) == ["z1_1", "a1_1", "z1_2", "a1_2", "z2_1", "a2_1", "z2_2", "a2_2", "C"]
    assert mazur.loss == "C"


def test_row_j_of_the_weights_goes_into_neuron_j(mazur: Scenario) -> None:
    assert list(mazur.parameters.items()) == [
        *(("w1_1_1", 0.15), ("w1_1_2", 0.2), ("b1_1", 0.35), ("w1_2_1", 0.25), ("w1_2_2", 0.3), ("b1_2", 0.36)),
        *(("w2_1_1", 0.4), ("w2_1_2", 0.45), ("b2_1", 0.6), ("w2_2_1", 0.5), ("w2_2_2", 0.55), ("b2_2", 0.61)),
    ]
    assert mazur.frozen == ("b1_1", "b1_2", "b2_1", "b2_2")


def test_the_shape_has_the_names_in_their_layers(mazur: Scenario) -> None:
    assert mazur.network is not None
    assert (mazur.network.inputs, mazur.network.targets, mazur.network.cost) == (("x1", "x2"), ("t1", "t2"), "C")
    assert mazur.network.layers[1] == LayerShape(
        ("z2_1", "z2_2"), ("a2_1", "a2_2"), (("w2_1_1", "w2_1_2"), ("w2_2_1", "w2_2_2")), ("b2_1", "b2_2"), "sigmoid"
    )
    assert mazur.network.layers[1].neurons == 2


def test_one_neuron_in_every_layer_and_one_input_need_no_second_index() -> None:
    network = Network(("x",), (Layer("tanh", ((1.0,),), (2.0,)), Layer("identity", ((3.0,),))), ("y",), "squared_error")
    expansion = expand(network)
    assert expansion.equations == written(z1="w1*x + b1", a1="tanh(z1)", z2="w2*a1", a2="z2", C="(a2 - y)^2")
    assert expansion.parameters == {"w1": 1.0, "b1": 2.0, "w2": 3.0}
    assert expansion.shape.layers[1].biases == ()


def test_two_inputs_need_indices_also_where_every_layer_has_one_neuron() -> None:
    network = Network(("p", "q"), (Layer("relu", ((1.0, 2.0),)),), ("y",), "squared_error")
    assert expand(network).equations == written(z1_1="w1_1_1*p + w1_1_2*q", a1_1="relu(z1_1)", C="(a1_1 - y)^2")


@pytest.mark.parametrize(
    ("cost", "one", "two"),
    [
        ("squared_error", "(a1_1 - s)^2", "(a1_1 - s)^2 + (a1_2 - t)^2"),
        ("half_squared_error", "0.5*(s - a1_1)^2", "0.5*(s - a1_1)^2 + 0.5*(t - a1_2)^2"),
        ("mean_squared_error", "(a1_1 - s)^2", "((a1_1 - s)^2 + (a1_2 - t)^2)/2"),
        ("binary_cross_entropy", "bce(s, a1_1)", "bce(s, a1_1) + bce(t, a1_2)"),
        ("cross_entropy", "-xlogy(s, a1_1)", "-(xlogy(s, a1_1) + xlogy(t, a1_2))"),
    ],
)
def test_the_costs(cost: str, one: str, two: str) -> None:
    inputs = ("p", "q")
    single = expand(Network(inputs, (Layer("sigmoid", ((1.0, 1.0),)),), ("s",), cost))
    double = expand(Network(inputs, (Layer("sigmoid", ((1.0, 1.0), (1.0, 1.0))),), ("s", "t"), cost))
    assert single.equations["C"] == parse(one).expression
    assert double.equations["C"] == parse(two).expression
    assert double.operands["C"] == ("a1_1", "a1_2", "s", "t")


def test_a_network_may_stand_among_equations_and_parameters_in_file_order() -> None:
    text = """\
title: x
parameters: {scale: 2}
equations: {u: scale*x}
network:
  inputs: u
  layers: [{neurons: 1, activation: relu, weights: [[1]]}]
  targets: t
  cost: squared_error
data: {x: 1, t: 2}
"""
    scenario = load_text(text, "f")
    assert list(scenario.equations) == ["u", "z1", "a1", "C"]
    assert list(scenario.parameters) == ["scale", "w1"]
    turned = "title: x\n" + text[text.index("network") :] + text[text.index("parameters") : text.index("network")]
    assert list(load_text(turned, "f").equations) == ["z1", "a1", "C", "u"]


# --- initial numbers


def test_a_recipe_gives_the_same_numbers_for_ever() -> None:
    assert initial_numbers(Recipe("normal", 7), 1, "weights", 2, 2) == NORMAL_7
    assert initial_numbers(Recipe("xavier", 7), 1, "weights", 2, 2) == XAVIER_7
    assert initial_numbers(Recipe("he", 7), 2, "weights", 2, 2) == HE_7
    assert initial_numbers(Recipe("uniform", 2**53), 1, "biases", 3, 9) == UNIFORM_LARGE


NORMAL_7 = (0.4759, 1.025, -1.046, 0.6224)
XAVIER_7 = (-0.07486, 0.7825, 0.7384, -0.8488)
HE_7 = (0.04494, 0.4345, 0.1099, 0.6967)
UNIFORM_LARGE = (-0.9737, -0.5535, -0.1083)


def test_numbers_have_four_significant_digits() -> None:
    assert all(
        number == float(f"{number:.3e}") for number in initial_numbers(Recipe("normal", 1), 1, "weights", 20, 20)
    )


@pytest.mark.parametrize(
    ("recipe", "deviation", "reach"),
    [
        ("xavier", math.sqrt(6 / 300) / math.sqrt(3), math.sqrt(6 / 300)),
        ("he", math.sqrt(2 / 100), math.inf),
        ("normal", 1.0, math.inf),
        ("uniform", 1 / math.sqrt(3), 1.0),
    ],
)
def test_recipes_have_the_spread_that_their_formulas_say(recipe: str, deviation: float, reach: float) -> None:
    numbers = initial_numbers(Recipe(recipe, 3), 1, "weights", 200, 100)
    assert len(numbers) == 20_000
    assert statistics.fmean(numbers) == pytest.approx(0, abs=0.03 * deviation)
    assert statistics.pstdev(numbers) == pytest.approx(deviation, rel=0.03)
    assert max(map(abs, numbers)) <= reach * 1.001


def test_seeds_layers_weights_and_biases_each_have_numbers_of_their_own() -> None:
    drawn: list[tuple[int, int, Part]] = [(1, 1, "weights"), (2, 1, "weights"), (1, 2, "weights"), (1, 1, "biases")]
    rows = [initial_numbers(Recipe("uniform", seed), layer, part, 4, 1) for seed, layer, part in drawn]
    assert len(set(rows)) == 4
    assert initial_numbers(Recipe("zeros"), 1, "weights", 2, 3) == (0.0,) * 6


def test_the_normal_recipe_takes_a_deviation() -> None:
    wide, narrow = (initial_numbers(Recipe("normal", 7, std), 1, "weights", 9, 9) for std in (1.0, 0.25))
    assert narrow == pytest.approx([number / 4 for number in wide], rel=1e-3)
    text = MAZUR.replace("[[0.15, 0.20], [0.25, 0.30]]", "{init: normal, std: 0.1, seed: 7}")
    parameters = load_text(text.replace("[0.35, 0.36]", "{init: normal, std: 2}"), "f").parameters
    written = initial_numbers(Recipe("normal", 7, 0.1), 1, "weights", 2, 2)
    assert tuple(parameters[f"w1_{j}_{k}"] for j in (1, 2) for k in (1, 2)) == written
    assert (parameters["b1_1"], parameters["b1_2"]) == initial_numbers(Recipe("normal", 0, 2), 1, "biases", 2, 1)


def test_a_file_may_ask_for_initial_numbers() -> None:
    text = MAZUR.replace("[[0.15, 0.20], [0.25, 0.30]]", "{init: xavier, seed: 7}").replace(
        "[0.35, 0.36]", "{init: zeros}"
    )
    parameters = load_text(text, "f").parameters
    assert tuple(parameters[f"w1_{j}_{k}"] for j in (1, 2) for k in (1, 2)) == XAVIER_7
    assert (parameters["b1_1"], parameters["b1_2"]) == (0.0, 0.0)
    assert load_text(text.replace(", seed: 7", ""), "f").parameters != parameters


# --- refusals: (what is written in place of what, where and under what the carets stand, parts of message and help)

REFUSALS = [
    ("[[0.15, 0.20], [0.25, 0.30]]", "[[0.15, 0.20]]", "5:50 [", "1 row, and 2 neurons in this layer", "one row"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "[[1, 2], [3, 4], [5, 6]]", "5:67 [", "3 rows, and 2 neurons", "one row"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "[[1, 2], [3]]", "5:59 [", "1 weight, and 2 inputs", "one number"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "[[1, 2], [3, 4, 5]]", "5:66 5", "3 weights, and 2 inputs", "one number"),
    ("[[0.40, 0.45], [0.50, 0.55]]", "[[1, 2], [3]]", "6:59 [", "1 weight, and 2 neurons in the layer before", ""),
    ("[[0.15, 0.20], [0.25, 0.30]]", "[[1, two], [3, 4]]", "5:55 two", "'two' is not a number", "decimal"),
    (
        "[[0.15, 0.20], [0.25, 0.30]]",
        "[1, 2, 3, 4]",
        "5:50 [",
        "a list of rows, and this is a list of numbers",
        "[[0.1",
    ),
    ("[[0.15, 0.20], [0.25, 0.30]]", "[[1, 2], 3]", "5:59 3", "a row of weights must be a list", "one row"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "xavier", "5:50 xavier", "'weights' must be a list", "one row"),
    ("[0.35, 0.36]", "[0.35]", "5:88 [", "1 bias, and 2 neurons in this layer", "one number for each"),
    ("[0.35, 0.36]", "[1, 2, 3]", "5:95 3", "3 biases, and 2 neurons", "one number for each"),
    ("[0.35, 0.36]", "0.35", "5:88 0.35", "'biases' must be a list", "[0.1, 0.2]"),
    ("[0.35, 0.36]", "[0.35, x]", "5:95 x", "'x' is not a number", "decimal"),
    ("[0.35, 0.36]", "{init: he}", "5:95 he", "'he' is not a known recipe", "zeros, normal, uniform"),
    ("[0.35, 0.36]", "{}", "5:88 {", "has nothing in it", "init: zeros"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: xaver}", "5:57 xaver", "'xaver' is not a known recipe", "'xavier'"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{seed: 7}", "5:50 {", "this recipe has no 'init'", "seed: 7"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: he, seed: -1}", "5:67 -1", "'seed' must be at least 0", ""),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: he, sed: 1}", "5:61 sed", "unknown key 'sed'", "'seed'"),
    (
        "neurons: 2, activation: sigmoid, weights: [[0.15",
        "neurons: 0, activation: sigmoid, weights: [[0.15",
        "5:17 0",
        "at least 1",
        "",
    ),
    (
        "neurons: 2, activation: sigmoid, weights: [[0.15",
        "activation: sigmoid, weights: [[0.15",
        "5:7 {",
        "this layer has no 'neurons'",
        "",
    ),
    (
        "neurons: 2, activation: sigmoid, weights: [[0.15",
        "neurons: 2, weights: [[0.15",
        "5:7 {",
        "this layer has no 'activation'",
        "",
    ),
    (
        "activation: sigmoid, weights: [[0.15",
        "activation: sigmod, weights: [[0.15",
        "5:32 sigmod",
        "'sigmod' is not a known activation",
        "'sigmoid'",
    ),
    (
        "activation: sigmoid, weights: [[0.15",
        "activatio: sigmoid, weights: [[0.15",
        "5:20 activatio",
        "unknown key 'activatio'",
        "'activation'",
    ),
    ("  cost: half_squared_error\n", "", "2:1 network", "'network' has no 'cost', and no equation", "L: (a2_1 - 1)^2"),
    ("  targets: [t1, t2]\n", "", "3:3 i", "'network' has no 'targets'", "targets"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: he, std: 1}", "5:61 std", "the recipe 'he' takes no 'std'", "normal"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: normal, std: 0}", "5:70 0", "'std' must be greater than 0", "0.1"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: normal, std: 1e9}", "5:70 1e9", "at most 1,000,000", "0.1"),
    ("[[0.15, 0.20], [0.25, 0.30]]", "{init: normal, std: x}", "5:70 x", "'x' is not a number", "decimal"),
    ("half_squared_error", "half", "8:9 half", "'half' is not a known cost", "squared_error"),
    ("  inputs: [x1, x2]", "  inputs: [x1, x1]", "3:16 x1", "'x1' is listed twice", "once"),
    ("  inputs: [x1, x2]", "  inputs: [x1, log]", "3:16 log", "'log' is the name of a function", "log_"),
    (
        "    - {neurons: 2, activation: sigmoid, weights: [[0.15",
        "    - 3\n    - {neurons: 2, activation: sigmoid, weights: [[0.15",
        "5:7 3",
        "a layer must be 'name: value' lines",
        "",
    ),
    (
        "network:",
        "parameters: {w1_1_1: 3}\nnetwork:",
        "3:1 network",
        "'w1_1_1' is defined twice: it is a parameter already",
        "line 2",
    ),
    (
        "network:",
        "equations: {z1_1: 3}\nnetwork:",
        "3:1 network",
        "'z1_1' is defined twice: it is an equation already",
        "line 2",
    ),
    ("  inputs: [x1, x2]", "  inputs: []", "3:11 [", "'inputs' has nothing in it", "[x1, x2]"),
    ("  inputs: [x1, x2]", "  inputs: {x1: 1}", "3:11 {", "'inputs' must be a list", "[x1, x2]"),
    ("  inputs: [x1, x2]", "  inputs: [[x1], x2]", "3:12 [", "a name of 'inputs' must be a single value", "[x1, x2]"),
    (
        "  inputs: [x1, x2]",
        "  inputs: [x1, x3]",
        "3:16 x3",
        "'x3' is not defined, and the data does not give it",
        "define it under data",
    ),
    ("[t1, t2]", "[t1]", "7:12 [", "1 target, and 2 neurons in the last layer", "one target"),
    ("[t1, t2]", "[t1, t2, t3]", "7:21 t3", "3 targets, and 2 neurons in the last layer", "one target"),
    ("[t1, t2]", "[t1, t9]", "7:17 t9", "'t9' is not defined", "define it under data"),
    ("x2: 0.10, ", "x2: 0.10, C: 1, ", "9:28 C", "'C' is defined twice: it is an equation and an input", "line 2"),
    ("learning_rate", "parameters: {b1_1: 3}\nlearning_rate", "10:14 b1_1", "'b1_1' is defined twice", "line 2"),
    ("learning_rate", "equations: {a1_1: 3, q: C}\nlearning_rate", "10:13 a1_1", "'a1_1' is defined twice", "line 2"),
    ("title: Two, two, two", "title: x\nequations: {x1: C}", "10:8 x1", "is defined twice", ""),
]


@pytest.mark.parametrize(("old", "new", "where", "message", "help"), REFUSALS)
def test_a_wrong_shape_is_refused_at_the_row_or_the_number(
    old: str, new: str, where: str, message: str, help: str
) -> None:
    assert old in MAZUR
    with pytest.raises(ScenarioError) as caught:
        load_text(MAZUR.replace(old, new), "f.yaml")
    told = [(marked(p), p.message, p.help) for p in caught.value.problems]
    assert any(where == at and message in what and help in remedy for at, what, remedy in told), told


def test_a_circle_through_a_network_is_told() -> None:
    text = MAZUR.replace("inputs: [x1, x2]", "inputs: [u, x2]") + "equations: {u: C}\n"
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    (problem,) = caught.value.problems
    assert (
        problem.message == "these equations need each other in a circle: z1_1 -> u -> C -> a2_1 -> z2_1 -> a1_1 -> z1_1"
    )
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (3, 12)


@pytest.mark.parametrize(
    ("text", "where"),
    [("network: 3\n", "2:10"), ("network: []\n", "2:10"), ("network:\n", "2:9"), ("network: {layers: 3}\n", "2:19")],
)
def test_what_is_no_network_is_refused(text: str, where: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("title: x\n" + text, "f.yaml")
    assert where in [f"{p.place.line}:{p.place.column}" for p in caught.value.problems if p.place]


# --- limits


def net(*sizes: int, init: str = "{init: he, seed: 1}", extra: str = "") -> str:
    inputs, outputs = sizes[0], sizes[-1]
    layers = "\n".join(
        f"    - {{neurons: {size}, activation: relu, weights: {init}, biases: {{init: zeros}}}}" for size in sizes[1:]
    )
    names = ", ".join(f"x{k}" for k in range(inputs)), ", ".join(f"t{k}" for k in range(outputs))
    data = ", ".join([f"x{k}: 1" for k in range(inputs)] + [f"t{k}: 0" for k in range(outputs)])
    return (
        f"title: x\nnetwork:\n  inputs: [{names[0]}]\n  layers:\n{layers}\n  targets: [{names[1]}]\n"
        f"  cost: squared_error\ndata: {{{data}}}\n{extra}"
    )


def test_a_net_for_pictures_of_digits_loads_within_the_limits() -> None:
    scenario = load_text(net(784, 100, 10), "f.yaml")
    assert len(scenario.parameters) == 784 * 100 + 100 + 100 * 10 + 10
    assert len(scenario.equations) == 221


@pytest.mark.parametrize(
    ("sizes", "where", "message"),
    [
        (
            (2, 30_000, 1),
            "5:17",
            "the network has 150,001 parameters and equations up to here; the limit is 100,000 graph nodes",
        ),
        ((2, 10, 100_000, 1), "6:17", "the network has 1,300,051 parameters and equations up to here"),
        ((2, 100_001, 1), "5:17", "'neurons' is 100001; the limit is 100,000"),
    ],
)
def test_a_net_past_the_limit_is_refused_by_its_name(sizes: tuple[int, ...], where: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(net(*sizes), "f.yaml")
    problem = caught.value.problems[0]
    assert problem.place is not None
    assert f"{problem.place.line}:{problem.place.column}" == where
    assert message in problem.message


def test_no_numbers_are_made_for_a_net_whose_size_is_not_known() -> None:
    text = net(2, 100_000, 100_000, 1).replace("neurons: 1,", "neurons: one,")
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    assert "'one' is not a number" in caught.value.problems[0].message


def test_too_many_examples_for_a_net_are_refused_by_the_limit() -> None:
    row = "  - {x: 1, t: 0}\n"
    text = (
        net(1, 10_000, 1).replace("data: {x0: 1, t0: 0}\n", "data:\n" + row * 500).replace("x0", "x").replace("t0", "t")
    )
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    (problem,) = caught.value.problems
    assert problem.message.startswith("500 examples × 50,00")
    assert problem.message.endswith("the limit is 10,000,000")
