"""The table of all examples: which numbers stand in it, and which are not known yet."""

from __future__ import annotations

import numpy as np
import pytest
from support.panel_text import opened, panel, played

from tui_backprop.moves.move_table import MOVES
from tui_backprop.numbers import four_digits
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Cursor

AT_THE_SECOND = """\
      x₁  x₂  y       a       L
   1   0   0  0     0.5  0.6931
 ▸ 2   0   1  1  0.4256       ?
   3   1   0  1       ?       ?
   4   1   1  1       ?       ?"""

THREE_POINTS = """\
title: t
parameters: {w: 2}
data: [{x: 1}, {x: 3}, {x: 5}]
equations: {y: w*x, L: y^2}
learning_rate: 0.01
"""


def test_what_is_not_known_yet_is_a_question():
    session = played(opened("logistic-four"), "examples", "example_on", "step_on")
    assert panel(session, "loss", 100, 8) == AT_THE_SECOND


@pytest.mark.parametrize("lesson", ["logistic-four", "xor-sigmoid", "moons"])
@pytest.mark.parametrize("iteration", [0, 3])
def test_once_all_have_passed_its_numbers_are_those_of_the_steps(lesson, iteration):
    session = played(opened(lesson), f"{iteration}*iteration_on", "examples")
    here = session.at(Cursor(iteration, session.layout.index(Entry("mean", ""))))
    head, *rows = (line.split() for line in panel(here, "loss", 118, 12).splitlines())
    shown = {here.shown(name): name for name in (*here.graph.inputs, *here.graph.nodes)}
    assert len(rows) == here.layout.batch_size
    for turn, row in enumerate(rows):
        numbers = here.steps.numbers(turn)
        assert row == [str(here.steps.iteration.batch[turn] + 1), *(four_digits(numbers[shown[name]]) for name in head)]


def test_a_number_of_the_iteration_before_stands_in_parentheses():
    session = played(opened(THREE_POINTS), "iteration_on", "examples")
    first, second, third = (row.split()[-1] for row in panel(session, "loss", 80, 8).splitlines()[1:])
    w = 2 - 0.01 * np.mean([2 * 2 * x * x for x in (1, 3, 5)])
    assert (first, second, third) == ("(4)", "(36)", "(100)")
    after = played(session, "step_on")
    assert panel(after, "loss", 80, 8).splitlines()[1].split()[-1] == four_digits((w * 1) ** 2)


def test_where_there_is_no_room_for_all_the_one_on_the_screen_is_among_them():
    session = played(opened("logistic-four"), "2*example_on", "examples")
    text = panel(session, "loss", 80, 4)
    assert len(text.splitlines()) == 4
    assert "▸ 3" in text
    assert text.splitlines()[-1] == "… 2 more, e and E go through them"


def test_with_one_example_there_is_no_table():
    assert MOVES["examples"].why_not(opened("logistic")) == "This lesson has one example; it is on the screen already."
