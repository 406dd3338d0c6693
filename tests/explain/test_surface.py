"""The loss where the parameters are not, held against runs that begin there."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import scenario
from support.panel_text import opened, panel, played

from tui_backprop.api import load
from tui_backprop.explain.surface import around, frame, in_round_numbers, losses_along, losses_over
from tui_backprop.maths.functions import CALLABLE_NAMES, FUNCTIONS
from tui_backprop.record.history import History
from tui_backprop.scenario.bundled import bundled_names

ARITIES = {name: FUNCTIONS[name].arity if name in FUNCTIONS else 3 for name in CALLABLE_NAMES}
LESSONS = [name for name in bundled_names() if len(load(name).parameters) <= 3]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_curve_is_the_loss_of_runs_that_begin_there(lesson):
    scenario = load(lesson)
    history = History(scenario)
    for name in scenario.parameters:
        low, high = frame(history, name)
        losses = losses_along(history, 0, name, low, high, 9)
        for step, loss in enumerate(losses):
            there = History(scenario.with_values({name: low + (high - low) * step / 8}))
            assert loss == pytest.approx(there.loss(0), nan_ok=True)


@pytest.mark.parametrize("lesson", [name for name in LESSONS if len(load(name).parameters) == 2])
def test_the_plane_is_the_loss_of_runs_that_begin_there(lesson):
    scenario = load(lesson)
    history = History(scenario)
    first, second = scenario.parameters
    columns, rows = (-1.0, 0.5, 2.0), (1.5, -0.25)
    plane = losses_over(history, 0, (first, second), rows, columns)
    assert plane.shape == (2, 3)
    for row, y in enumerate(rows):
        for column, x in enumerate(columns):
            there = History(scenario.with_values({first: x, second: y}))
            assert plane[row, column] == pytest.approx(there.loss(0), rel=1e-12, nan_ok=True)


def test_on_a_plane_every_function_and_constant_is_what_it_is_elsewhere():
    calls = [f"{name}({', '.join(['x/3', 'y/4', 'x*y'][:count])})" for name, count in ARITIES.items()]
    equations = {f"n{place}": f"{call} + pi*x - e*y*k" for place, call in enumerate(calls)}
    lesson = scenario({"x": 0.5, "y": 2.0}, {**equations, "L": " + ".join(equations)}, constants={"k": 3.0})
    history = History(lesson)
    plane = losses_over(history, 0, ("x", "y"), (0.75, 1.5), (0.5, 1.0, 2.0))
    for row, y in enumerate((0.75, 1.5)):
        for column, x in enumerate((0.5, 1.0, 2.0)):
            there = History(lesson.with_values({"x": x, "y": y}))
            assert plane[row, column] == pytest.approx(there.loss(0), rel=1e-12)


@pytest.mark.parametrize("equation", ["log(x) + log(y)", "1/x + 1/y", "3 + 0*x*y", "x^400 + y", "sqrt(-1 - x^2 - y^2)"])
@pytest.mark.parametrize("moves", [(), ("end",)])
def test_a_plane_that_is_not_finite_or_flat_is_drawn_as_far_as_it_goes(equation, moves):
    lesson = f"title: t\nparameters: {{x: 0, y: 2}}\nequations: {{L: {equation}}}\n"
    for size in ((60, 8), (20, 4), (118, 30)):
        lines = panel(played(opened(lesson), *moves), "loss", *size).splitlines()
        assert 1 <= len(lines) <= size[1]


def test_asking_for_them_records_nothing():
    history = History(load("parabola"))
    frame(history, "w")
    losses_along(history, 0, "w", -1, 1, 5)
    assert len(history) == 1


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-6, 1e6), value=st.floats(-1e9, 1e9))
def test_a_frame_holds_what_it_should_in_round_numbers(low, span, value):
    first, last = in_round_numbers(low, low + span)
    assert first <= low
    assert last >= low + span
    wide = around(low, low + span, value)
    assert wide[0] <= value <= wide[1]
    assert wide[0] <= low


def test_what_is_not_finite_has_no_frame():
    assert in_round_numbers(0.0, math.inf) == (0.0, math.inf)
