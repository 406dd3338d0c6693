"""The loss where the parameters are not, held against runs that begin there."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import scenario
from support.panel_text import opened, panel, played

from tui_backprop.api import load
from tui_backprop.explain.surface import (
    around,
    frame,
    in_round_numbers,
    losses_along,
    losses_nearly_over,
    losses_over,
    moved_most,
    why_no_map,
)
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


@pytest.mark.parametrize(
    "lesson",
    [
        *(name for name in LESSONS if len(load(name).parameters) == 2),
        "moons",
        "xor-relu",
        "batch-norm",
        "three-classes",
    ],
)
def test_the_plane_is_the_loss_of_runs_that_begin_there(lesson):
    scenario = load(lesson)
    history = History(scenario)
    first, second = moved_most(history) if scenario.learning_rate else scenario.parameters
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


@pytest.mark.parametrize("lesson", ["xor-sigmoid", "attention", "batch-norm", "three-classes", "worked-example"])
def test_the_two_that_move_most_are_those_that_do(lesson):
    scenario = load(lesson)
    run, history = History(scenario), History(scenario)
    run.extend(min(scenario.iterations, 200))
    start = run.parameters(0)
    far = {name: max(abs(run.parameters(k)[name] - start[name]) for k in range(len(run))) for name in start}
    assert set(moved_most(history)) == set(sorted(far, key=far.get)[-2:])
    assert len(history) == 1


@pytest.mark.parametrize(
    ("rate", "frozen", "names"),
    [("learning_rate: 0.1", "[u, w]", ("v",)), ("learning_rate: 0.1", "[u, v, w]", ("u",)), ("", "[]", ("u",))],
)
def test_where_fewer_than_two_move_there_are_fewer(rate, frozen, names):
    text = f"title: t\nparameters: {{u: 1, v: 1, w: 1}}\nequations: {{L: u^2 + v^2 + w^2}}\n{rate}\n"
    text += f"freeze: {frozen}\n" if frozen != "[]" else ""
    assert moved_most(opened(text).history) == names


def test_a_plane_that_takes_long_is_nearly_what_it_is():
    history = History(load("moons"))
    names = moved_most(history)
    places = tuple(np.linspace(-1, 1, 200).tolist())
    down, across = places[::-1][:120], places
    nearly = losses_nearly_over(history, 0, names, down, across)
    assert nearly.shape == (120, 200)
    for row, column in ((0, 0), (119, 199), (0, 199), (60, 31), (17, 150)):
        exact = losses_over(history, 0, names, (down[row],), (across[column],))
        assert nearly[row, column] == pytest.approx(exact[0, 0], rel=0.01)


def test_a_plane_that_would_take_far_too_long_is_refused():
    assert why_no_map(History(load("moons"))) == ""
    sums = {f"n{k}": " + ".join(f"w{one}*x" for one in range(k, k + 60)) for k in range(60)}
    equations = {**sums, "L": " + ".join(sums)}
    wide = scenario({f"w{k}": 1.0 for k in range(120)}, equations, inputs=("x",), examples=((1.0,),) * 100)
    many = History(wide)
    assert why_no_map(many).startswith("This lesson has too many weights and examples for a map of its loss")


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
