"""Do the sentences of a derivation answer what a beginner asks: where did the w go, why not 0, which rule is this?"""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.derivation_lines import derived, on_screen
from support.lessons import tree
from support.strategies import expressions

from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.by_rules import derive_factor
from tui_backprop.maths.derivation.summary import principal_reason, principal_rule
from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Expression, Name, names_in
from tui_backprop.maths.writing import PLAIN

STYLE = on_screen("w1", "w2", "x1", "x2", "b", "z", "a", "y", "L")


def _reason(equation: str, wrt: str, rule: str, node: str = "L", place: int = 0) -> str:
    lines = derived(equation, wrt, node, STYLE).lines
    return [line.why for line in lines if line.rule == rule][place]


NET = "w1*x1 + w2*x2 + b"

ANSWERS = [
    # Why is the derivative of w·a equal to a, and not 0? Where did the w go?
    (
        (NET, "w1", "constant multiple rule"),
        "x₁ is held constant but multiplies w₁. A constant on its own would give 0; "
        "as a factor it stays, and w₁ itself becomes ∂w₁/∂w₁ = 1.",
    ),
    # Which terms are zero, and why?
    (
        (NET, "w1", "constant rule"),
        "w₂·x₂ does not contain w₁: it is held constant, and a constant does not change.",
    ),
    (
        (NET, "w1", "sum rule"),
        "A sum changes by the sum of the changes of its terms. Only w₁·x₁ contains w₁: the other ones give 0.",
    ),
    # How did the −1 get to the numerator?
    (
        ("sigmoid(z)", "z", "power rule", "a"),
        "1/g is g⁻¹: the exponent −1 comes down in front as a factor, and falls by one, to −2. That is −g⁻², or −1/g².",
    ),
    # Would the power rule not give e^(-2x)?
    (
        ("sigmoid(z)", "z", "exponential rule", "a"),
        "e^h is its own derivative. (The power rule is for h in the base; here it stands in the exponent.)",
    ),
    # Where does a(1 − a) come from?
    (("sigmoid(z)", "z", "collect", "a"), "Minus times minus is plus."),
    (("sigmoid(z)", "z", "substitution", "a"), "h and g are put back."),
    (("sigmoid(z)", "z", "substitution", "a", 1), "a = 1/(1 + e^(−z)), so 1/(1 + e^(−z))² is a²."),
    (
        ("sigmoid(z)", "z", "substitution", "a", 2),
        "a·(1 + e^(−z)) is 1, so a·e^(−z) is 1 − a, and e^(−z) is (1 − a)/a.",
    ),
    (("sigmoid(z)", "z", "cancel", "a"), "One a above cancels the a below."),
    # And the other rules, each at its first meeting.
    (("(w1 - 3)^2", "w1", "power rule"), "The exponent 2 comes down in front, and falls by one, to 1."),
    (
        ("(w1 - 3)^2", "w1", "chain rule"),
        "w₁ moves g, and g moves L: ∂L/∂w₁ = ∂L/∂g · ∂g/∂w₁, the outer derivative times the inner one.",
    ),
    (("(w1 - 3)^2", "w1", "substitution"), "g = w₁ − 3 is put back."),
    (("(3w1 + 1)^2", "w1", "collect"), "The numbers come together: 2·3 = 6."),
    (("x1*x1", "x1", "power rule"), "x₁·x₁ is x₁²: the exponent 2 comes down in front, and falls by one, to 1."),
    (
        ("x1*sin(x1)", "x1", "product rule"),
        "x₁ and sin(x₁) multiply and both move: each moves in turn while the others stand still, "
        "and the changes add up.",
    ),
    (
        ("x1/b", "x1", "constant multiple rule"),
        "Dividing by b, which is held constant, is a constant factor: it stays.",
    ),
    (
        ("x1/(1 + x1)", "x1", "quotient rule"),
        "The change of what is above times what is below, minus what is above times the change of what is below; "
        "all over the square of what is below: above is x₁, below is 1 + x₁.",
    ),
    (("x1^x1", "x1", "exponential rule"), "x₁^x₁ is e^(x₁·log(x₁)): itself, times the derivative of that exponent."),
    (("2^x1", "x1", "substitution"), "2^x₁ is L itself."),
    (
        ("relu(z)", "z", "relu rule"),
        "relu is flat below 0 and has slope 1 above: step(z) is 1 above 0, else 0 (at 0 by convention).",
    ),
    (
        ("softplus(z)", "z", "substitution", "L", 1),
        "Above and below divided by e^z it is 1/(1 + e^(−z)): the sigmoid of z.",
    ),
    (("bce(y, a)", "a", "collect", "L", 2), "Multiplied out, −y·a and y·a above cancel: a − y is left."),
    (("-z", "z", "constant multiple rule"), "A minus sign is a factor of −1, and a constant factor stays in front."),
]


@pytest.mark.parametrize(("question", "answer"), ANSWERS, ids=[answer[:40] for _, answer in ANSWERS])
def test_a_line_says_why(question: tuple[str, str, str], answer: str) -> None:
    assert _reason(*question) == answer


IN_ONE_LINE = [
    (
        (NET, "z", "w1"),
        "sum rule",
        "From z = w₁·x₁ + w₂·x₂ + b. Only w₁·x₁ contains w₁; the other terms are held constant and give 0. "
        "In that one x₁ stays as a factor, times ∂w₁/∂w₁ = 1.",
    ),
    (
        (NET, "z", "b"),
        "sum rule",
        f"From z = {'w₁·x₁ + w₂·x₂ + b'}. Only b moves; the other terms are held constant and give 0.",
    ),
    (
        ("(t - a)^2 + b", "L", "a"),
        "sum rule",
        "From L = (t − a)² + b. Only (t − a)² contains a; the other term is held constant and gives 0. "
        "Its own derivation shows every rule.",
    ),
    (
        ("sigmoid(z)", "a", "z"),
        "sigmoid rule",
        "From a = σ(z). The derivative of the sigmoid is its value times 1 minus its value.",
    ),
    (
        ("(a - y)^2", "L", "a"),
        "power rule",
        "From L = (a − y)². The exponent 2 comes down in front, and falls by one, to 1. "
        "By the chain rule the derivative of a − y is another factor.",
    ),
    (("a", "L", "a"), "definition", "From L = a. a changes exactly as fast as itself."),
    (
        ("-(y*log(a))", "L", "a"),
        "constant multiple rule",
        "From L = −y·log(a); its own derivation shows every rule.",
    ),
    (("a/y", "L", "y"), "power rule", "From L = a/y; its own derivation shows every rule."),
    (
        ("a*y", "L", "y"),
        "constant multiple rule",
        "From L = a·y. a is held constant but multiplies y. "
        "A constant on its own would give 0; as a factor it stays, and y itself becomes ∂y/∂y = 1.",
    ),
]


@pytest.mark.parametrize(("factor", "rule", "why"), IN_ONE_LINE)
def test_a_factor_has_its_reason_in_one_line(factor: tuple[str, str, str], rule: str, why: str) -> None:
    equation, node, wrt = factor
    assert principal_rule(tree(equation), wrt) == rule
    assert principal_reason(tree(equation), node, wrt, STYLE) == why


TIDIED = [
    ("x*1", "x", "Ones fall away."),
    ("x*1 + 0", "x", "Ones and zeros fall away."),
    ("2*x*3", "6*x", "The numbers come together: 2*3 = 6."),
    ("1/2*(2*x)*(-1)", "-x", "The numbers come together: 1/2*2*(-1) = -1."),
    ("-x*(-y)", "x*y", "Minus times minus is plus."),
    ("x*x", "x^2", "Equal factors become a power."),
    ("2*(x*(y*x))", "2*x*y*x", "In a product the brackets around products are not needed."),
    ("y*x*2", "2*x*y", "The same, in the usual order."),
]


@pytest.mark.parametrize(("before", "after", "why"), TIDIED)
def test_what_tidying_did_is_told(before: str, after: str, why: str) -> None:
    assert reasons.of_tidying(tree(before), tree(after), PLAIN) == why


@settings(max_examples=100)
@given(expressions(("w1", "x1", "z")), st.sampled_from(["w1", "x1", "z"]))
def test_sentences_write_formulas_in_the_style_of_the_screen(equation: Expression, wrt: str) -> None:
    assume(wrt in names_in(equation))
    numbers = {"w1": 0.5, "x1": 0.25, "z": 1.5}
    numbers["L"] = evaluate(equation, numbers)
    derivation = derive_factor(equation, "L", wrt, factor_formulas(equation, "L")[wrt], numbers, STYLE)
    for line in derivation.lines:
        assert not re.search(r"[*`{}]|\bw1\b|\bx1\b|\*\*|sigmoid\(|exp\(", line.why), line.why


@settings(max_examples=60)
@given(expressions(("w1", "x1", "z")), st.sampled_from(["w1", "x1", "z"]))
def test_sentences_in_plain_style_are_plain(equation: Expression, wrt: str) -> None:
    assume(wrt in names_in(equation))
    numbers = {"w1": 0.5, "x1": 0.25, "z": 1.5}
    numbers["L"] = evaluate(equation, numbers)
    derivation = derive_factor(equation, "L", wrt, factor_formulas(equation, "L")[wrt], numbers, PLAIN)
    for line in derivation.lines:
        assert not re.search(r"[²³⁻₁σ√]|e\^\(", line.why), line.why


def test_names_are_listed_as_in_a_sentence() -> None:
    assert [reasons.listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_path_is_called_by_its_name() -> None:
    assert reasons.partial(Name("path 2"), "w1", STYLE) == "path 2"
    assert reasons.partial(tree("1 - a"), "w1", STYLE) == "∂(1 − a)/∂w₁"
