"""The equations panel, as text."""

import pytest
from support.panel_text import opened, panel, played

from tui_backprop.session import Cursor

LOGISTIC_AT_THE_FIRST_STEP = """\
forward   x₁ = 1, x₂ = 2, y = 1
▶ z = w₁·x₁ + w₂·x₂ + b
    = 0.5·1 + (−0.5)·2 + 0.1 = −0.4
  a = σ(z)
    = ?
  L = −(y·log(a) + (1 − y)·log(1 − a))
    = ?






── a gradient, factor by factor ──────────────────────────
∂L/∂w₁ = ∂L/∂a · ∂a/∂z · ∂z/∂w₁
       = ?     · ?     · ?"""

LOGISTIC_AT_THE_FIRST_FACTOR = """\
forward   x₁ = 1, x₂ = 2, y = 1
  z = w₁·x₁ + w₂·x₂ + b
    = 0.5·1 + (−0.5)·2 + 0.1 = −0.4
  a = σ(z)
    = σ(−0.4) = 0.4013
  L = −(y·log(a) + (1 − y)·log(1 − a))
    = −(1·log(0.4013) + (1 − 1)·log(1 − 0.4013)) = 0.9130
backward
  ∂L/∂L = 1   (the seed)
▶ ∂L/∂a = −(y/a − (1 − y)/(1 − a))   factor
        = −(1/0.4013 − (1 − 1)/(1 − 0.4013)) = −2.492


── a gradient, factor by factor ──────────────────────────
∂L/∂w₁ = ∂L/∂a  · ∂a/∂z · ∂z/∂w₁
       = −2.492 · ?     · ?"""

LOGISTIC_IN_ITERATION_2 = """\
    = −(1·log(0.8799) + (1 − 1)·log(1 − 0.8799)) = 0.1280
backward
  ∂L/∂L = 1   (the seed)
  ∂L/∂a = −(y/a − (1 − y)/(1 − a))   factor
        = −(1/0.8799 − (1 − 1)/(1 − 0.8799)) = −1.137
  ∂L/∂a: the seed is 1, so this factor is the gradient
        = −1.137
▶ ∂a/∂z = a·(1 − a)   factor
        = 0.8799·(1 − 0.8799) = 0.1057
  ∂L/∂z = ∂L/∂a · ∂a/∂z
        = (−1.248) · 0.1591 = −0.1984  (old)
  ∂z/∂w₁ = x₁   factor
         = 1  (old)
── a gradient, factor by factor ──────────────────────────
∂L/∂w₁ = ∂L/∂a  · ∂a/∂z  · ∂z/∂w₁
       = −1.137 · 0.1057 · 1 (old)"""


@pytest.mark.parametrize(
    ("moves", "text"),
    [
        ((), LOGISTIC_AT_THE_FIRST_STEP),
        (("4*step_on",), LOGISTIC_AT_THE_FIRST_FACTOR),
        (("2*iteration_on", "6*step_on"), LOGISTIC_IN_ITERATION_2),
    ],
    ids=["nothing is known but z", "the chain fills in", "old numbers are marked"],
)
def test_the_logistic_node_step_by_step(moves, text):
    assert panel(played(opened("logistic"), *moves), "equations", 58, 16) == text


def test_in_ascii_it_says_the_same_without_a_single_other_sign():
    text = panel(played(opened("logistic", "ascii"), "4*step_on"), "equations", 58, 16)
    assert text.isascii()
    assert "> dL/da = -(y/a - (1 - y)/(1 - a))   factor\n        = -(1/0.4013 - (1 - 1)/(1 - 0.4013)) = -2.492" in text


def test_all_digits_are_the_very_numbers():
    text = panel(played(opened("logistic"), "4*step_on", "digits"), "equations", 110, 16)
    assert "= −2.4918246976412703" in text


def test_examples_are_named_with_their_inputs():
    lesson = """\
title: Two points on a line
parameters: {w: 1}
data: [{x: 1, y: 2}, {x: 2, y: 3}]
equations: {L: (w*x - y)^2}
learning_rate: 0.1
"""
    session = played(opened(lesson), "example_on")
    assert panel(session, "equations", 58, 16).startswith("forward   example 2 of 2: x = 2, y = 3")
    averages = panel(played(session, "2*phase_on"), "equations", 58, 22)
    assert "average\n▶ mean L = 1/2·Σ L over 2 examples\n         = (1 + 1)/2 = 1" in averages


def test_a_factor_of_the_loss_that_is_not_the_whole_gradient_is_marked_direct():
    lesson = "title: t\nparameters: {w: 2}\nequations: {u: w^2, L: u + 3*w}\n"
    text = panel(played(opened(lesson), "7*step_on"), "equations")
    assert "∂L/∂w = 3   factor (direct)" in text
    assert "▶ ∂L/∂w = ∂L/∂u · ∂u/∂w + ∂L/∂w (direct)\n        = 1 · 4 + 3 = 7" in text
    assert "      + ∂L/∂w (direct)\n        3" in text


@pytest.mark.parametrize("width", [10, 24, 38, 58, 110])
@pytest.mark.parametrize("height", [1, 3, 8, 11, 22, 60])
def test_it_keeps_to_its_size_and_always_shows_the_step(width, height):
    session = opened("chain")
    for _ in range(45):
        lines = panel(session, "equations", width, height).split("\n")
        assert len(lines) <= height
        assert max(map(len, lines)) <= width
        assert any(line.startswith("▶") for line in lines)
        session = played(session, "step_on")


@pytest.mark.parametrize("lesson", ["logistic", "chain"])
def test_every_number_left_from_before_is_marked_and_no_other(lesson):
    session = played(opened(lesson), "iteration_on")
    for index in range(session.layout.first_update):
        steps, _, _ = panel(session.at(Cursor(1, index)), "equations", 200, 200).partition("── a gradient")
        before, here, after = steps.partition("▶")
        assert "(old)" not in before
        assert (here + after).count("(old)") == len(session.layout) - 1 - index


def test_inputs_that_one_line_does_not_hold_stand_on_two():
    four = panel(opened("logistic-four"), "equations", 38, 11).splitlines()
    assert four[:3] == ["forward   example 1 of 4: x₁ = 0,", "  x₂ = 0, y = 0", "▶ z = w₁·x₁ + w₂·x₂ + b"]
    inputs = ", ".join(f"x{number}: {number}" for number in range(1, 41))
    total = " + ".join(f"x{number}" for number in range(1, 41))
    many = opened(f"title: t\nparameters: {{w: 1}}\ndata: {{{inputs}}}\nequations: {{L: w*({total})}}\n")
    first, second, third, *_ = panel(many, "equations", 38, 30).splitlines()
    assert first == "forward   x₁ = 1, x₂ = 2, x₃ = 3,"
    assert second.startswith("  x₄ = 4, x₅ = 5,")
    assert second.endswith("…")
    assert third.startswith("▶ L = w·(")
