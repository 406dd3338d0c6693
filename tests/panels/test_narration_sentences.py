"""What the narration says, word for word: of every kind of step on three paths and two examples, and while reading."""

from __future__ import annotations

import pytest
from support.panel_text import narration, opened, played

from tui_backprop.panels.narration import comes_next, just_computed
from tui_backprop.session import Cursor

THREE_PATHS = """\
title: Three paths, of which one is direct, to a batch of two examples
parameters: {w: 1, v: 0, u: 2}
data: [{x: 1, y: 1}, {x: 2, y: 0}, {x: 3, y: 1}]
equations: {a: w*x, s: a + a*w, unused: u*x, L: (s - y)^2 + 0.5*w^2 + v}
loss: L
learning_rate: 0.1
batch: 2
"""

JUST_COMPUTED = {
    1: "the value s = 2, from its equation.",
    4: "the seed ∂L/∂L = 1: L moves exactly as fast as itself. The backward pass starts here.",
    6: "the gradient ∂L/∂v = 1, the factor itself: nothing comes between v and L.",
    7: "the gradient ∂L/∂u = 0: L does not depend on u.",
    10: "the factor ∂s/∂a = 2: s moves that much for each 1 that a moves.",
    11: (
        "the gradient ∂L/∂a = 4: L moves 2 for each 1 that s moves, s moves 2 for each 1 that a moves; "
        "so L moves 4 for each 1 that a moves."
    ),
    14: "the factor ∂L/∂w = 1 (direct: one part of the gradient): L moves that much for each 1 that w moves.",
    15: "the gradient ∂L/∂w = 7: for each 1 that w moves, L moves 4 through a, 2 through s and 1 directly: together 7.",
    32: "the mean over 2 examples of the loss L: 9.",
    33: "the mean over 2 examples of ∂L/∂w: 28.",
    36: (
        "the update of w: its gradient is positive, so it goes down, from 1 to −1.8. "
        "(The iteration saw examples 1 and 2.)"
    ),
    38: "the update of u: its gradient is zero, so it stays at 2. (The iteration saw examples 1 and 2.)",
}

COMES_NEXT = {
    0: "the value of s, from a and w.",
    2: "the value of L, from s, y, w and v.",
    3: "the backward pass starts, with the seed ∂L/∂L.",
    4: "the factor ∂L/∂v: how far L moves for each 1 that v moves.",
    5: "the gradient ∂L/∂v: this factor itself.",
    6: "the gradient ∂L/∂u: no path leads from u to the loss.",
    10: "the gradient ∂L/∂a: ∂L/∂s times ∂s/∂a.",
    13: "the factor ∂L/∂w, the direct part: how far L moves for each 1 that w moves.",
    14: "the gradient ∂L/∂w: the sum, through a, s and L, of upstream gradient times factor.",
    15: "example 2 of 3: the value of a, from w and x.",
    31: "the loss L, averaged over the examples.",
    32: "the gradient ∂L/∂w, averaged over the examples.",
    35: "the update of w: a step against its gradient, w − η·∂L/∂w.",
    38: "iteration 1 starts with the updated parameters: the value of a, from w and x.",
}


@pytest.mark.parametrize("index", JUST_COMPUTED)
def test_just_computed(index):
    assert just_computed(opened(THREE_PATHS).at(Cursor(0, index))) == JUST_COMPUTED[index]


def test_what_does_not_move_is_said_not_to():
    session = opened("title: t\nparameters: {w: -2}\nequations: {a: relu(w), L: a + 1}\n")
    factor, gradient = (just_computed(session.at(Cursor(0, index))) for index in (5, 6))
    assert factor == "the factor ∂a/∂w = 0: a does not move with w."
    assert gradient == (
        "the gradient ∂L/∂w = 0: L moves 1 for each 1 that a moves, a does not move with w; so L does not move with w."
    )


@pytest.mark.parametrize("index", COMES_NEXT)
def test_comes_next(index):
    assert comes_next(opened(THREE_PATHS).at(Cursor(0, index))) == COMES_NEXT[index]


def test_examples_are_counted_as_the_batch_takes_them():
    session = played(opened(THREE_PATHS.replace("batch: 2", "batch: {size: 2, last: wrap}")), "iteration_on")
    # The second batch is the third example, and the first one again.
    assert comes_next(session.at(Cursor(1, 15))).startswith("example 1 of 3: ")


def test_a_sum_is_called_a_sum():
    session = opened(THREE_PATHS + "reduction: sum\n")
    assert comes_next(session.at(Cursor(0, 31))) == "the loss L, summed over the examples."
    assert just_computed(session.at(Cursor(0, 33))) == "the sum over 2 examples of ∂L/∂w: 56."


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (1, "w1"),
        (2, "w1 and w2"),
        (6, "w1, w2, w3, w4, w5 and w6"),
        (7, "w1, w2, w3, …, w7"),
    ],
)
def test_many_operands_are_named_in_short(count, listed):
    names = [f"w{number}" for number in range(1, count + 1)]
    parameters = ", ".join(f"{name}: 1" for name in names)
    lesson = f"title: t\nparameters: {{k: 1, {parameters}}}\nequations: {{a: k, s: {'*'.join(names)}, L: a*s}}\n"
    subscripts = str.maketrans("1234567", "₁₂₃₄₅₆₇")
    assert comes_next(opened(lesson)) == f"the value of s, from {listed.translate(subscripts)}."


def test_what_is_read_is_told_in_place_of_the_step():
    session = played(opened("logistic"), "5*step_on", "step_on", "derive")
    count = len(session.reading.matter.lines)
    first = narration(session, 300).split("\n")
    assert first[0].startswith(f" this line:     1 of {count}, by the power rule.")
    assert first[1:] == [" next:          → for the next line, ← for the line before; escape: back to the steps."]
    last = narration(played(session, f"{count - 1}*step_on"), 300).split("\n")
    assert last[0].startswith(f" this line:     {count} of {count}, by cancelling.")
    assert last[1:] == [" next:          this is the result; escape: back to the steps."]


def test_a_second_proof_is_told_in_place_of_the_step():
    how, following = narration(played(opened("logistic"), "6*step_on", "nudge"), 300).split("\n")
    assert how == (
        " how:           each row nudges z by a smaller h, and divides how far a moves by h. "
        "◀ marks where the left one is closest to 0.2403."
    )
    assert following == " next:          escape: back to the steps; d: derive it by the rules."


def test_a_text_that_is_longer_than_its_room_ends_in_an_ellipsis():
    whole = narration(opened("logistic"), 120, 3)
    cut = narration(opened("logistic"), 40, 3)
    assert "…" not in whole
    assert [line.endswith(" …") for line in cut.split("\n")] == [True, False, False]
    assert cut.endswith(" … (.)")


def test_a_notice_takes_the_place_of_what_comes_next():
    session = played(opened("logistic"), "step_back")
    assert session.notice
    assert narration(session, 120, 2).split("\n")[1] == f" !              {session.notice}"
    assert narration(session, 120, 3).split("\n")[2] == f" !              {session.notice}"
