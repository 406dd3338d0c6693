"""What the field calls otherwise: the advice means the same, and what it says to write loads."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tui_backprop.api import train
from tui_backprop.errors import Problem, ScenarioError
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.functions import ALIASES, CALLABLE_NAMES
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tokens import ExpressionError
from tui_backprop.other_words import OTHER_WORDS, OtherWord, called_here, other_word, spelled_like
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.network import ACTIVATIONS, COSTS

FUNCTIONS = [other for other in OTHER_WORDS if other.of]
WRITTEN = [(word, other) for other in FUNCTIONS if other.written for word in other.words]


def problem_of(text: str) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    (problem,) = caught.value.problems
    return problem


def help_of_call(call: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse(call)
    return caught.value.problems[0].help


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def softplus(z: float) -> float:
    return math.log1p(math.exp(z))


# What the words mean, in Python and numpy; the first word of each entry.
MEANINGS: dict[str, Callable[..., float]] = {
    "softmax": lambda a, b: float((np.exp([a, b]) / np.exp([a, b]).sum())[0]),
    "logsoftmax": lambda a, b: a - float(np.logaddexp(a, b)),
    "softmin": lambda a, b: float((np.exp([-a, -b]) / np.exp([-a, -b]).sum())[0]),
    "logsumexp": lambda a, b: float(np.logaddexp(a, b)),
    "logistic": sigmoid,
    "logsigmoid": lambda z: math.log(sigmoid(z)),
    "logit": lambda p: math.log(p) - math.log(1 - p),
    "linear": lambda z: z,
    "swish": lambda z: z / (1 + math.exp(-z)),
    "selu": lambda z: 1.0507 * (z if z > 0 else 1.67326 * math.expm1(z)),
    "celu": lambda z, c: z if z > 0 else c * math.expm1(z / c),
    "mish": lambda z: z * math.tanh(softplus(z)),
    "softsign": lambda z: z / (1 + abs(z)),
    "hardsigmoid": lambda z: float(np.clip(z / 6 + 0.5, 0, 1)),
    "hardswish": lambda z: z * float(np.clip(z / 6 + 0.5, 0, 1)),
    "hardtanh": lambda z: float(np.clip(z, -1, 1)),
    "tanhshrink": lambda z: z - math.tanh(z),
    "relu6": lambda z: float(np.clip(z, 0, 6)),
    "lrelu": lambda z: z if z > 0 else 0.01 * z,
    "prelu": lambda z, c: z if z > 0 else c * z,
    "rectifier": lambda z: max(z, 0.0),
    "glu": lambda a, b: a * sigmoid(b),
    "maxout": max,
    "heaviside": lambda z: float(np.heaviside(z, 0.0)),
    "sgn": lambda z: float(np.sign(z)),
    "tg": math.tan,
    "cot": lambda z: 1 / math.tan(z),
    "sec": lambda z: 1 / math.cos(z),
    "csc": lambda z: 1 / math.sin(z),
    "sine": math.sin,
    "cosine": math.cos,
    "arctan": math.atan,
    "sinc": lambda z: float(np.sinc(z / math.pi)),
    "asinh": math.asinh,
    "acosh": lambda z: math.acosh(z) if z >= 1 else math.nan,
    "atanh": lambda z: math.atanh(z) if abs(z) < 1 else math.nan,
    "exponential": math.exp,
    "exp2": lambda z: float(np.exp2(z)),
    "expm1": math.expm1,
    "logarithm": math.log,
    "ld": math.log2,
    "log1p": math.log1p,
    "squareroot": math.sqrt,
    "rsqrt": lambda z: 1 / math.sqrt(z),
    "cbrt": lambda z: float(np.cbrt(z)),
    "square": lambda z: z * z,
    "cube": lambda z: z * z * z,
    "pow": math.pow,
    "reciprocal": lambda z: 1 / z,
    "neg": lambda z: -z,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "avg": lambda a, b: float(np.mean([a, b])),
    "dot": lambda w1, w2, x1, x2: float(np.dot([w1, w2], [x1, x2])),
    "norm": math.hypot,
    "clip": lambda z, a, b: min(max(z, a), b),
    "maximum": max,
    "minimum": min,
    "fabs": math.fabs,
    "if": lambda z, a, b: a if z > 0 else b,
    "mse": lambda y, a: (y - a) ** 2,
    "meansquarederror": lambda y, a: (y - a) ** 2,
    "squarederror": lambda y, a: (y - a) ** 2,
    "halfsquarederror": lambda y, a: (y - a) ** 2 / 2,
    "mae": lambda y, a: abs(y - a),
    "huber": lambda y, a: (y - a) ** 2 / 2 if abs(y - a) <= 1 else abs(y - a) - 0.5,
    "hinge": lambda y, a: max(0.0, 1 - y * a),
    "binarycrossentropy": lambda y, a: -y * math.log(a) - (1 - y) * math.log(1 - a),
    "bcewithlogits": lambda y, z: -y * math.log(sigmoid(z)) - (1 - y) * math.log(1 - sigmoid(z)),
    "crossentropy": lambda y1, y2, p1, p2: float(-np.dot([y1, y2], np.log([p1, p2]))),
    "kl": lambda p, q: p * (math.log(p) - math.log(q)),
}


@pytest.mark.parametrize("other", [other for other in FUNCTIONS if other.written], ids=lambda other: other.words[0])
def test_what_is_written_for_a_function_is_that_function(other: OtherWord) -> None:
    expression, operands = parse(other.written).expression, other.of.split(", ")
    assert {use.name for use in parse(other.written).names} - {"pi"} <= set(operands)
    chance = np.random.default_rng(11)
    for low, high in ((0.05, 0.95), (0.05, 3.0), (-3.0, 3.0)):
        for _ in range(20):
            numbers = chance.uniform(low, high, len(operands)).tolist()
            try:
                right = MEANINGS[other.words[0]](*numbers)
            except ValueError:
                continue
            found = evaluate(expression, dict(zip(operands, numbers, strict=True)))
            assert found == pytest.approx(right, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(("word", "other"), WRITTEN, ids=[word for word, _ in WRITTEN])
def test_the_call_of_another_word_says_what_to_write_and_that_loads(word: str, other: OtherWord) -> None:
    if word in CALLABLE_NAMES:
        assert parse(f"{word}({', '.join('pq'[: other.of.count(',') + 1])})")
        return
    help = help_of_call(f"{word}({other.of})")
    assert "did you mean" not in help
    here = called_here(word, CALLABLE_NAMES)
    told = re.search(r"write (.+) for ", help)
    assert (told is None) == (here is not None)
    written = f"{here}({other.of})" if told is None else told[1]
    parameters = ", ".join(f"{name}: 0.5" for name in other.of.split(", "))
    used = other.of.replace(", ", " + ")
    text = f"title: x\nparameters: {{{parameters}}}\nequations: {{L: '{written} + 0*({used})'}}\n"
    assert load_text(text, "f").loss == "L"


# --- never across meanings


def test_every_word_stands_in_the_table_once_and_as_it_is_looked_up() -> None:
    words = [word for other in OTHER_WORDS for word in other.words]
    assert len(words) == len(set(words))
    assert all(other_word(word) is other for other in OTHER_WORDS for word in other.words)


def contexts() -> Iterator[tuple[str, ...]]:
    from tui_backprop.scenario import expectations, loading, network_reading

    yield (*CALLABLE_NAMES, *ALIASES)
    yield ACTIVATIONS
    yield COSTS
    yield loading._KEYS
    yield network_reading._KEYS
    yield network_reading._LAYER_KEYS
    yield expectations._KEYS
    yield (*network_reading.WEIGHT_RECIPES, *network_reading.BIAS_RECIPES)


@pytest.mark.parametrize("known", [*contexts()])
def test_what_is_known_is_never_advised_against(known: tuple[str, ...]) -> None:
    for word in known:
        assert called_here(word, known) in (None, word)


@pytest.mark.parametrize("name", [*CALLABLE_NAMES, *ALIASES])
def test_no_function_has_something_to_write_in_its_place(name: str) -> None:
    other = other_word(name)
    assert other is None or not other.of or name in other.here


@pytest.mark.parametrize(
    ("word", "never"),
    [
        ("gelu", "relu"),
        ("celu", "relu"),
        ("atan", "tanh"),
        ("arctan", "tan"),
        ("asin", "sin"),
        ("acos", "cos"),
        ("cosh", "cos"),
        ("log2", "log"),
        ("log10", "log"),
        ("log1p", "log"),
        ("lg", "log"),
        ("softmax", "max"),
        ("argmax", "max"),
        ("sinc", "sin"),
        ("mean", "min"),
        ("erf", "exp"),
        ("mse", "bce"),
    ],
)
def test_a_word_is_not_taken_for_one_of_another_meaning(word: str, never: str) -> None:
    if word in CALLABLE_NAMES:
        return
    assert not re.search(rf"(mean|called) {never}\b", help_of_call(f"{word}(z)"))


@pytest.mark.parametrize("word", ["atan", "asin", "erf", "floor", "argmax", "lg"])
def test_where_there_is_nothing_like_it_that_is_said(word: str) -> None:
    assert word in CALLABLE_NAMES or help_of_call(f"{word}(z)").startswith("there is nothing like it here")


@pytest.mark.parametrize(
    ("word", "names", "near"),
    [
        ("sigmod", ["sigmoid", "sign"], "sigmoid"),
        ("tahn", ["tanh"], "tanh"),
        ("rleu", ["relu"], "relu"),
        ("leakyrelu", ["leaky_relu", "relu"], "leaky_relu"),
        ("cross_entropy", ["binary_cross_entropy"], None),
        ("softmax", ["max"], None),
        ("w12", ["w11", "w13"], None),
        ("x1_2", ["x1_3"], None),
        ("logis", ["logistic"], "logistic"),
        ("q", ["w"], None),
        ("ab", ["ba"], None),
    ],
)
def test_a_misspelling_is_a_few_letters_and_no_other_number(word: str, names: list[str], near: str | None) -> None:
    assert spelled_like(word, names) == near


# --- networks: what is told is tried

NET = """\
title: x
network:
  inputs: [x]
  layers:
    - {neurons: 2, activation: ACTIVATION, weights: [[1], [2]]}
  targets: [y1, y2]
  cost: COST
data: {x: 0.5, y1: 0.25, y2: 1}
learning_rate: 0.1
"""


def net(activation: str = "sigmoid", cost: str = "squared_error") -> str:
    return NET.replace("ACTIVATION", activation).replace("COST", cost)


COST_WORDS = (
    *("mse", "MSELoss", "mean_square_error", "sse", "quadratic", "bce", "BCELoss", "bce_with_logits", "log_loss"),
    *("binary_crossentropy", "mae", "huber", "hinge", "ce", "cross_entropy", "categorical_cross_entropy"),
    *("CrossEntropyLoss", "nll", "kl_divergence", "l1"),
)
OUTPUTS = [sigmoid(0.5), sigmoid(1.0)]
TARGETS = [0.25, 1.0]
TERMS = {"mae": "mae", "l1": "mae", "huber": "huber", "hinge": "hinge", "kl_divergence": "kl"}


def loss_of(text: str) -> float:
    return train(load_text(text, "f"), iterations=1).losses[0]


@pytest.mark.parametrize("word", COST_WORDS)
def test_a_cost_by_another_name_is_told_as_what_it_is_and_that_loads(word: str) -> None:
    if word in COSTS:
        return
    problem = problem_of(net(cost=word))
    assert problem.message == f"'{word}' is not a known cost"
    beside = r"(?:, which goes with activation: (\w+) in the last layer)?"
    here = re.fullmatch(r"here it is called (\w+)" + beside, problem.help)
    if here:
        assert loss_of(net(here[2] or "sigmoid", here[1])) > 0
        return
    told = re.fullmatch(r"write it as an equation: leave 'cost' out here, and add (.+)", problem.help)
    assert told is not None
    found = loss_of(net().replace("  cost: squared_error\n", "") + f"{told[1]}\n")
    terms = [MEANINGS[TERMS[word]](t, a) for t, a in zip(TARGETS, OUTPUTS, strict=True)]
    assert found == pytest.approx(sum(terms) if word == "kl_divergence" else sum(terms) / 2)


@pytest.mark.parametrize("word", ["linear", "none", "logistic", "rectifier", "lrelu", "LeakyReLU", "ReLU"])
def test_an_activation_by_another_name_is_told_as_what_it_is_and_that_loads(word: str) -> None:
    problem = problem_of(net(activation=word))
    here = re.fullmatch(r"here it is called (\w+)|did you mean '(\w+)'\?", problem.help)
    assert here is not None
    assert loss_of(net(activation=here[1] or here[2])) > 0


@pytest.mark.parametrize("word", ["swish", "gelu", "elu", "mish", "softmax", "heaviside", "hard_sigmoid", "selu"])
def test_an_activation_that_no_layer_has_is_told_as_equations(word: str) -> None:
    if word in ACTIVATIONS or called_here(word, ACTIVATIONS):
        return
    problem = problem_of(net(activation=word))
    told = re.fullmatch(r"no layer has it; write that layer as equations instead, with (.+) of \((.+)\)", problem.help)
    assert told is not None
    parameters = ", ".join(f"{name}: 0.5" for name in told[2].split(", "))
    assert load_text(f"title: x\nparameters: {{{parameters}}}\nequations: {{a: '{told[1]}'}}\n", "f").loss == "a"


# --- keys

KEYED = "title: x\nparameters: {w: 1}\nequations: {L: w^2}\nlearning_rate: 0.1\niterations: 7\n"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("learning_rate: 0.1", "lr"),
        ("learning_rate: 0.1", "eta"),
        ("learning_rate: 0.1", "step_size"),
        ("iterations: 7", "epochs"),
        ("iterations: 7", "max_iter"),
        ("parameters: {w: 1}", "weights"),
        ("parameters: {w: 1}", "variables"),
        ("title: x", "name"),
        ("equations: {L: w^2}", "formulas"),
    ],
)
def test_a_key_by_another_name_is_told_and_what_is_told_loads(line: str, word: str) -> None:
    key = line.partition(":")[0]
    problem = problem_of(KEYED.replace(f"{key}:", f"{word}:"))
    assert problem.message == f"unknown key '{word}' in a scenario"
    told = problem.help.removeprefix("here it is called ")
    assert load_text(KEYED.replace(f"{key}:", f"{word}:").replace(f"{word}:", f"{told}:"), "f") == load_text(KEYED, "f")


@pytest.mark.parametrize(("word", "here"), [("cost", "loss"), ("objective", "loss"), ("batch_size", "batch")])
def test_a_key_that_is_not_required_is_told_by_its_name_here(word: str, here: str) -> None:
    value = "L" if here == "loss" else "1"
    assert problem_of(f"{KEYED}{word}: {value}\n").help == f"here it is called {here}"
    assert load_text(f"{KEYED}{here}: {value}\n", "f")


@pytest.mark.parametrize("word", ["momentum", "nesterov", "Adam", "beta1"])
def test_an_optimizer_is_told_to_stand_under_its_key(word: str) -> None:
    assert problem_of(f"{KEYED}{word}: 0.9\n").help.startswith("write it under 'optimizer'")
    for remedy in ("optimizer: adam", "optimizer: {name: momentum, beta: 0.9}"):
        assert load_text(f"{KEYED}{remedy}\n", "f")


def test_a_schedule_is_told_to_be_an_expression() -> None:
    told = problem_of(f"{KEYED}scheduler: cosine\n").help
    remedy = told.partition("k: ")[2]
    assert load_text(KEYED.replace("learning_rate: 0.1", remedy).replace("learning_rate: 1\n", f"{remedy}\n"), "f")


@pytest.mark.parametrize("word", ["metrics", "device"])
def test_a_key_for_which_there_is_nothing_is_to_be_left_out(word: str) -> None:
    try:
        load_text(f"{KEYED}{word}: 0.9\n", "f")
    except ScenarioError as error:
        (problem,) = error.problems
        assert problem.help.startswith(("leave it out", "here it is called"))
    assert load_text(KEYED, "f")


# --- a list where one number belongs


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("[1, 2, 3]", "x1: 1, x2: 2, x3: 3"),
        ("[0.5]", "x1: 0.5"),
        ("[[1, 2], [3, 4]]", "x1_1: 1, x1_2: 2, x2_1: 3, x2_2: 4"),
    ],
)
@pytest.mark.parametrize("section", ["parameters", "constants", "data"])
def test_a_list_is_told_as_numbers_with_names_of_their_own_and_that_loads(section: str, value: str, told: str) -> None:
    head = "title: x\nequations: {L: w^2*SUM}\n"
    other = "" if section == "parameters" else "parameters: {w: 1}\n"
    mine = "w: 1, " if section == "parameters" else ""
    wrong = head.replace("SUM", "x") + other + f"{section}: {{{mine}x: {value}}}\n"
    problem = problem_of(wrong)
    assert "must be a single value, not a list" in problem.message
    assert problem.help.startswith(f"a name is one number: write {told}")
    names = [part.partition(":")[0] for part in told.split(", ")]
    right = head.replace("SUM", f"({' + '.join(names)})") + other + f"{section}: {{{mine}{told}}}\n"
    assert load_text(right, "f").loss == "L"


def test_examples_in_columns_are_told_once_with_both_ways_out() -> None:
    text = "title: x\nparameters: {w: 1}\nequations: {L: (w*x - y)^2}\ndata: {x: [1, 2, 3], y: [2, 4, 6]}\n"
    problem = problem_of(text)
    assert problem.message == "the input 'x' must be a single value, not a list (and 1 more like it in this line)"
    assert problem.help == (
        "a name is one number: write x1: 1, x2: 2, x3: 3; several examples are several lines: - {x: 1}"
    )


# --- comparisons


@pytest.mark.parametrize("text", ["z > 0", "a if z > 0 else b", "where(z > 0, a, b)", "(z > 0)*a", "z == 0", "z and a"])
def test_a_comparison_points_to_step_and_what_is_told_loads_and_chooses(text: str) -> None:
    help = help_of_call(text)
    chooses = re.search(r"; (step\(a - b\)\*u \+ \(1 - step\(a - b\)\)\*v) is u there", help)
    assert chooses is not None
    for a, b in ((1.0, 0.0), (0.0, 1.0), (2.0, 2.0)):
        assert evaluate(parse(chooses[1]).expression, {"a": a, "b": b, "u": 7.0, "v": 5.0}) == (7.0 if a > b else 5.0)
