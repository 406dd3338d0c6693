"""Does `derive` print a derivation as the contract has it, to be read and to be read by machines?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from support.derivation_lines import CONTRACT_RULES
from support.lessons import tree

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import names_in

Call = Callable[..., Any]

THE_SIGMOID = [
    {
        "rule": "power rule",
        "of": "a",
        "wrt": "g",
        "text": (
            "∂a/∂g = −1/g² = −0.1611\n"
            "1/g is g⁻¹: the exponent −1 comes down in front as a factor, and falls by one, to −2. That is "
            "−g⁻², or −1/g²."
        ),
        "expression": "-1/g^2",
        "where": {"g": "1 + exp(h)", "h": "-z"},
        "value": -0.16105159414601886,
    },
    {
        "rule": "constant rule",
        "of": "1",
        "wrt": "h",
        "text": ("∂(1)/∂h = 0\n1 is a number and stays what it is when h moves."),
        "expression": "0",
        "where": {"h": "-z"},
        "value": 0.0,
    },
    {
        "rule": "exponential rule",
        "of": "exp(h)",
        "wrt": "h",
        "text": (
            "∂(e^h)/∂h = e^h = 1.492\n"
            "e^h is its own derivative. (The power rule is for h in the base; here it stands in the "
            "exponent.)"
        ),
        "expression": "exp(h)",
        "where": {"h": "-z"},
        "value": 1.4918246976412703,
    },
    {
        "rule": "sum rule",
        "of": "g",
        "wrt": "h",
        "text": (
            "∂g/∂h = 0 + e^h = 1.492\n"
            "A sum changes by the sum of the changes of its terms. Only e^h contains h: the other one gives "
            "0."
        ),
        "expression": "0 + exp(h)",
        "where": {"g": "1 + exp(h)", "h": "-z"},
        "value": 1.4918246976412703,
    },
    {
        "rule": "definition",
        "of": "z",
        "wrt": "z",
        "text": ("∂z/∂z = 1\nz changes exactly as fast as itself."),
        "expression": "1",
        "where": {},
        "value": 1.0,
    },
    {
        "rule": "constant multiple rule",
        "of": "h",
        "wrt": "z",
        "text": ("∂h/∂z = −1\nA minus sign is a factor of −1, and a constant factor stays in front."),
        "expression": "-1",
        "where": {"h": "-z"},
        "value": -1.0,
    },
    {
        "rule": "chain rule",
        "of": "g",
        "wrt": "z",
        "text": (
            "∂g/∂z = e^h·(−1) = −1.492\n"
            "z moves h, and h moves g: ∂g/∂z = ∂g/∂h · ∂h/∂z, the outer derivative times the inner one."
        ),
        "expression": "exp(h)*(-1)",
        "where": {"g": "1 + exp(h)", "h": "-z"},
        "value": -1.4918246976412703,
    },
    {
        "rule": "chain rule",
        "of": "a",
        "wrt": "z",
        "text": (
            "∂a/∂z = (−1/g²)·(e^h·(−1)) = 0.2403\n"
            "z moves g, and g moves a: ∂a/∂z = ∂a/∂g · ∂g/∂z, the outer derivative times the inner one."
        ),
        "expression": "(-1/g^2)*(exp(h)*(-1))",
        "where": {"g": "1 + exp(h)", "h": "-z"},
        "value": 0.24026074574152917,
    },
    {
        "rule": "collect",
        "of": "a",
        "wrt": "z",
        "text": ("∂a/∂z = e^h/g² = 0.2403\nMinus times minus is plus."),
        "expression": "exp(h)/g^2",
        "where": {"g": "1 + exp(h)", "h": "-z"},
        "value": 0.24026074574152917,
    },
    {
        "rule": "substitution",
        "of": "a",
        "wrt": "z",
        "text": ("∂a/∂z = e^(−z)/(1 + e^(−z))² = 0.2403\nh and g are put back."),
        "expression": "exp(-z)/(1 + exp(-z))^2",
        "where": {},
        "value": 0.24026074574152917,
    },
    {
        "rule": "substitution",
        "of": "a",
        "wrt": "z",
        "text": ("∂a/∂z = a²·e^(−z) = 0.2403\na = 1/(1 + e^(−z)), so 1/(1 + e^(−z))² is a²."),
        "expression": "a^2*exp(-z)",
        "where": {},
        "value": 0.24026074574152917,
    },
    {
        "rule": "substitution",
        "of": "a",
        "wrt": "z",
        "text": (
            "∂a/∂z = a²·((1 − a)/a) = 0.2403\na·(1 + e^(−z)) is 1, so a·e^(−z) is 1 − a, and e^(−z) is (1 − a)/a."
        ),
        "expression": "a^2*((1 - a)/a)",
        "where": {},
        "value": 0.24026074574152917,
    },
    {
        "rule": "cancel",
        "of": "a",
        "wrt": "z",
        "text": ("∂a/∂z = a·(1 − a) = 0.2403\nOne a above cancels the a below."),
        "expression": "a*(1 - a)",
        "where": {},
        "value": 0.24026074574152914,
    },
]

LOGISTIC_NUMBERS = {"w1": 0.5, "w2": -0.5, "b": 0.1, "x1": 1.0, "x2": 2.0, "y": 1.0}


def test_the_sigmoid_as_json(call: Call, file: Callable[[str], str]) -> None:
    done = call("derive", file("logistic"), "--of", "a", "--wrt", "z", "--format", "json")
    document = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert list(document) == ["schema", "of", "wrt", "value", "lines"]
    assert document["schema"] == "backprop-tui/derivation/1"
    assert (document["of"], document["wrt"], document["value"]) == ("a", "z", 0.24026074574152914)
    assert document["lines"] == THE_SIGMOID


THE_WEIGHT = """\
L = −(y·log(a) + (1 − y)·log(1 − a))
a = σ(z)
z = w₁·x₁ + w₂·x₂ + b

1  constant multiple rule  ∂L/∂a = −(y/a − (1 − y)/(1 − a)) = −2.492
                           From L = −(y·log(a) + (1 − y)·log(1 − a)); its own derivation shows every rule.
2  sigmoid rule            ∂a/∂z = a·(1 − a) = 0.2403
                           From a = σ(z). The derivative of the sigmoid is its value times 1 minus its value.
3  sum rule                ∂z/∂b = 1
                           From z = w₁·x₁ + w₂·x₂ + b. Only b moves; the other terms are held constant and give 0.
4  chain rule              ∂L/∂b = (−(y/a − (1 − y)/(1 − a)))·(a·(1 − a))·1 = −0.5987
                           ∂L/∂b = ∂L/∂a · ∂a/∂z · ∂z/∂b: each moves the next one, so the factors multiply.
5  distribute              ∂L/∂b = (−y/a)·(a·(1 − a)) + (1 − y)/(1 − a)·(a·(1 − a)) = −0.5987
                           Each term of the sum is multiplied by a·(1 − a).
6  cancel                  ∂L/∂b = −y·(1 − a) + (1 − y)·a = −0.5987
                           In the first term a cancels above and below, in the second 1 − a.
7  expand                  ∂L/∂b = −y + y·a − y·a + a = −0.5987
                           The brackets are multiplied out.
8  collect                 ∂L/∂b = a − y = −0.5987
                           y·a and −y·a add up to 0.
"""


def test_a_path_as_text(call: Call, file: Callable[[str], str]) -> None:
    done = call("derive", file("logistic"), "--of", "L", "--wrt", "b")
    assert (done.code, done.out, done.err) == (0, THE_WEIGHT, "")


def test_a_path_as_text_in_ascii(call: Call, file: Callable[[str], str]) -> None:
    done = call("derive", file("logistic"), "--of", "L", "--wrt", "w1", "--charset", "ascii")
    assert done.out.isascii()
    assert "8  collect                 dL/dw1 = (a - y)*x1 = -0.5987\n" in done.out
    assert "each moves the next one, so the factors multiply" in done.out


def _where(line: dict[str, Any], numbers: dict[str, float]) -> dict[str, float]:
    known, pending = dict(numbers), dict(line["where"])
    while pending:
        ready = [name for name, text in pending.items() if set(names_in(tree(text))) <= set(known)]
        assert ready
        known.update((name, evaluate(tree(pending.pop(name)), known)) for name in ready)
    return known


@pytest.mark.parametrize(
    ("of", "wrt", "value", "ends"),
    [
        ("L", "w1", -0.598687660112452, "(a - y)*x1"),
        ("L", "z", -0.598687660112452, "a - y"),
        ("L", "x2", 0.299343830056226, "(a - y)*w2"),
        ("z", "w2", 2.0, "x2"),
        ("L", "a", -2.4918246976412703, "-(y/a - (1 - y)/(1 - a))"),
        ("a", "a", 1.0, "1"),
        ("z", "a", 0.0, "0"),
        ("z", "y", 0.0, "0"),
    ],
)
def test_every_line_of_every_pair_evaluates_to_its_value(
    call: Call, file: Callable[[str], str], of: str, wrt: str, value: float, ends: str
) -> None:
    done = call("derive", file("logistic"), "--of", of, "--wrt", wrt, "--format", "json")
    document = json.loads(done.out)
    numbers = dict(LOGISTIC_NUMBERS)
    numbers["z"] = evaluate(tree("w1*x1 + w2*x2 + b"), numbers)
    numbers["a"] = evaluate(tree("sigmoid(z)"), numbers)
    assert document["value"] == pytest.approx(value, rel=1e-12)
    assert document["lines"][-1]["expression"] == ends
    assert (document["lines"][-1]["of"], document["lines"][-1]["wrt"]) == (of, wrt)
    for line in document["lines"]:
        assert list(line) == ["rule", "of", "wrt", "text", "expression", "where", "value"]
        assert line["rule"] in CONTRACT_RULES
        assert evaluate(tree(line["expression"]), _where(line, numbers)) == pytest.approx(line["value"], rel=1e-12)
        if (line["of"], line["wrt"]) == (of, wrt):
            assert line["value"] == pytest.approx(document["value"], rel=1e-9)


def test_another_iteration_and_example_has_its_own_numbers(call: Call, file: Callable[[str], str]) -> None:
    words = ("derive", file("batches"), "--of", "C", "--wrt", "w", "--format", "json")
    values = [
        json.loads(call(*words, "--iteration", iteration, "--example", example).out)["value"]
        for iteration, example in (("0", "0"), ("0", "2"), ("1", "0"))
    ]
    assert values[:2] == pytest.approx([2 * 1.5 * 2, 2 * 5.5 * 6])
    assert len(set(values)) == 3


def test_a_setting_changes_the_numbers(call: Call, file: Callable[[str], str]) -> None:
    done = call("derive", file("parabola"), "--of", "L", "--wrt", "w", "--format", "json", "--set", "w=5")
    assert json.loads(done.out)["value"] == 4.0


def test_a_derivative_that_is_not_finite_is_printed_and_told_by_the_exit_code(
    call: Call, file: Callable[[str], str]
) -> None:
    done = call("derive", file("starts_infinite"), "--of", "L", "--wrt", "w", "--format", "json")
    document = json.loads(done.out)
    assert done.code == 4
    assert (document["value"], document["lines"][-1]["value"]) == ("Infinity", "Infinity")
    assert "not finite" in call("derive", file("starts_infinite"), "--of", "L", "--wrt", "w").out
    assert done.err.startswith("backprop-tui derive: error: the derivative of L with respect to w is not finite")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--of", "nope", "--wrt", "w1"), "--of needs a node, and there is none called 'nope'"),
        (("--of", "w1", "--wrt", "w1"), "--of needs a node, and there is none called 'w1'"),
        (("--of", "L", "--wrt", "w3"), "--wrt needs a name, and there is none called 'w3'"),
        (("--of", "L", "--wrt", "w1", "--example", "1"), "there is no example 1: the scenario has 1, counted from 0"),
        (("--of", "L"), "--wrt"),
    ],
)
def test_a_wrong_name_is_wrong_usage(call: Call, file: Callable[[str], str], words: tuple[str, ...], told: str) -> None:
    done = call("derive", file("logistic"), *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_an_iteration_past_the_last_finite_one_says_which_is(call: Call, file: Callable[[str], str]) -> None:
    done = call("derive", file("explodes"), "--of", "L", "--wrt", "w", "--iteration", "50")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("backprop-tui derive: error: the numbers stopped being finite in iteration")
    (last,) = re.findall(r"help: there is no iteration 50; derive --iteration (\d+) is the last one", done.err)
    assert call("derive", file("explodes"), "--of", "L", "--wrt", "w", "--iteration", last).out


def test_a_derivation_without_equations_to_show_begins_with_its_first_line(
    call: Call, file: Callable[[str], str]
) -> None:
    assert call("derive", file("logistic"), "--of", "L", "--wrt", "L").out.startswith("1  definition")


def test_what_is_said_at_the_end_stands_by_itself(call: Call, file: Callable[[str], str]) -> None:
    name = file("sine", "title: t\nparameters: {w: 0.5}\nequations: {z: tanh(w), L: sin(z)}\n")
    assert call("derive", name, "--of", "L", "--wrt", "w").out.endswith(".\n\nNo shorter form was found.\n")


def test_latex_is_a_part_for_a_document_that_uses_amsmath(call, file):
    result = call("derive", file("logistic"), "--of", "a", "--wrt", "z", "--format", "latex", "--charset", "ascii")
    assert (result.code, result.err) == (0, "")
    assert result.out.isascii()
    lines = result.out.splitlines()
    begin, end = lines.index(r"\begin{align*}"), lines.index(r"\end{align*}")
    assert lines[end - 1] == r"\dfrac{\partial a}{\partial z} &= a\cdot (1-a)=0.2403 && \text{cancel}"
    assert all(line.endswith(r" \\") for line in lines[begin + 1 : end - 1])
