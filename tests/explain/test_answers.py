"""Is an answer right? Numbers at their digits, expressions at moved numbers, signs."""

from __future__ import annotations

import math
import random

import pytest
from support.random_graphs import random_graph

from tui_backprop.api import load
from tui_backprop.explain.answers import Asked, judged
from tui_backprop.explain.questions import place_of
from tui_backprop.maths.expression import names_in
from tui_backprop.maths.tokens import ExpressionError
from tui_backprop.maths.writing import write
from tui_backprop.numbers import full
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Question


def _asked(at: str, after: int = 0, lesson: str = "logistic", example: int = 0) -> Asked:
    history = History(load(lesson))
    history.extend(after)
    place = place_of(history, Question(at, after, example))
    assert place is not None
    return Asked(history, *place)


# The gradient is -0.598687660112452, the updated weight 0.799343830056226.
@pytest.mark.parametrize(
    ("at", "text", "verdict"),
    [
        ("∂L/∂w1", "-0.599", "right"),
        ("∂L/∂w1", "−0.599", "right"),  # with the sign of books
        ("∂L/∂w1", "-.5987", "right"),
        ("∂L/∂w1", "-5.99e-1", "right"),
        ("∂L/∂w1", "-0.59868766", "right"),
        ("∂L/∂w1", "-0.5986", "wrong"),  # it rounds to -0.5987
        ("∂L/∂w1", "-0.598", "wrong"),
        ("∂L/∂w1", "-0.60", "too few digits"),
        ("∂L/∂w1", "-0.6", "too few digits"),
        ("∂L/∂w1", "-1", "too few digits"),
        ("∂L/∂w1", "0.599", "wrong"),
        ("∂L/∂w1", "0", "wrong"),
        ("∂L/∂w1", "-", "right"),
        ("∂L/∂w1", "−", "right"),
        ("∂L/∂w1", "+", "wrong"),
        ("∂L/∂w1", "NaN", "wrong"),
        ("update w1", "0.79934", "right"),
        ("update w1", "0.2", "wrong"),
        ("z", "-0.4", "right"),  # exact, so one digit will do
        ("z", "-0.40000", "right"),
        ("z", "-4e-1", "right"),
        ("z", "-2/5", "right"),
        ("∂L/∂w1", "-2.492*0.2403", "right"),  # numbers of four digits multiplied
        ("∂L/∂w1", "-2.4*0.2403", "wrong"),
    ],
)
def test_a_number_counts_at_the_digits_it_is_written_with(at: str, text: str, verdict: str) -> None:
    assert judged(_asked(at), text).verdict == verdict


@pytest.mark.parametrize(
    ("at", "text", "verdict"),
    [
        ("∂L/∂w1", "(a - y)*x1", "right"),
        ("∂L/∂w1", "a - y", "only here"),  # x1 is 1
        ("∂L/∂w1", "(a - y)*x2", "wrong"),
        ("∂L/∂a", "-1/a", "only here"),  # y is 1
        ("∂L/∂a", "-y/a + (1 - y)/(1 - a)", "right"),
        ("∂a/∂z", "a*(1 - a)", "right"),
        ("∂a/∂z", "exp(-z)/(1 + exp(-z))^2", "right"),
        ("update w2", "w2 - eta*(a - y)*x2", "right"),
        ("update w2", "w2 - 0.5*(a - y)*x2", "right"),
        ("update w2", "w2 + eta*(a - y)*x2", "wrong"),
        ("z", "w1*x1 + w2*x2 + b", "right"),
        ("z", "w1 - 0.9", "only here"),
    ],
)
def test_an_expression_must_also_hold_where_parameters_and_inputs_are_others(at: str, text: str, verdict: str) -> None:
    assert judged(_asked(at), text).verdict == verdict


def test_a_name_may_be_typed_as_the_screen_shows_it() -> None:
    asked = _asked("∂a2_2/∂z2_2", lesson="net-2-2-2")
    assert judged(asked, "a22*(1 - a22)").is_right
    with pytest.raises(ExpressionError, match="there is no 'a33' here"):
        judged(asked, "a33")


def test_it_is_judged_at_the_numbers_of_its_iteration_and_its_example() -> None:
    asked = _asked("∂L/∂w1", after=3)
    assert judged(asked, "(a - y)*x1").is_right
    assert judged(asked, full(asked.number)).is_right
    assert not judged(asked, "-0.599").is_right
    third = _asked("z", lesson="logistic-four", example=2)
    assert judged(third, full(third.number)).is_right


def test_of_softmax_with_cross_entropy_a_minus_t_is_right() -> None:
    # Only where the targets add up to 1, and so they do after a move.
    assert judged(_asked("∂C/∂z2", lesson="softmax-cross-entropy"), "a2 - t2").is_right


@pytest.mark.parametrize("seed", range(60))
def test_the_formula_of_a_value_or_factor_is_right_and_so_is_its_number(seed: int) -> None:
    history = History(random_graph(seed))
    draw, steps = random.Random(seed), history.steps(0)
    own = [step for step in steps if step.kind in ("value", "factor") and names_in(step.tree)]
    for step in draw.sample(own, min(4, len(own))):
        if math.isfinite(step.value):
            asked = Asked(history, 0, step.index)
            assert judged(asked, write(step.tree)).is_right
            assert judged(asked, full(step.value)).is_right
            assert not judged(asked, f"({write(step.tree)})*1.001 + 0.01").is_right


def test_the_gradient_of_zero_is_zero() -> None:
    asked = _asked("∂L/∂w", after=90, lesson="parabola")
    assert judged(asked, "0").verdict == "right"
    assert judged(asked, "2*(w - 3)").verdict == "right"


@pytest.mark.parametrize(
    ("text", "start", "message", "help"),
    [
        ("(a - q)*x1", 5, "there is no 'q' here", "it may use eta"),
        ("a - y)", 5, "this ) closes nothing", "remove it"),
        ("etta*a", 0, "there is no 'etta' here", "did you mean 'eta'?"),
        ("", 0, "the expression is empty", "write what the node is computed from"),
        ("9" * 2001, 2000, "the expression has 2,001 characters; the limit is 2,000", "split it"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(text: str, start: int, message: str, help: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        judged(_asked("∂L/∂w1"), text)
    [problem] = caught.value.problems
    assert problem.start == start
    assert message in problem.message
    assert help in problem.help


def test_after_several_examples_only_what_they_share_may_be_used() -> None:
    asked = _asked("update w1", lesson="logistic-four")
    assert not judged(asked, "w1 - eta").is_right
    with pytest.raises(ExpressionError, match="a differs from example to example"):
        judged(asked, "w1 - eta*(a - y)*x1")
