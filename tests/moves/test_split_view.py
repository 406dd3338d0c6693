"""Is the split view the same iteration, and does one find the way back to the same node?"""

from __future__ import annotations

import math

import pytest
from support.lessons import LESSONS, scenario
from support.panel_text import opened, played

from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Session


def _agrees(whole: Session, split: Session) -> None:
    """Named values to 1e-12, gradients of the parameters to 1e-9."""
    for turn in range(len(whole.steps.iteration.batch)):
        named, pieces = whole.steps.numbers(turn), split.steps.numbers(turn)
        for name in named:
            assert pieces[name] == pytest.approx(named[name], rel=1e-12, abs=1e-12, nan_ok=True), name
    one, two = whole.steps.iteration, split.steps.iteration
    assert two.loss == pytest.approx(one.loss, rel=1e-12, nan_ok=True)
    assert two.gradients == pytest.approx(one.gradients, rel=1e-9, abs=1e-12, nan_ok=True)
    assert two.updated == pytest.approx(one.updated, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("iteration", [0, 1, 7])
@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_named_values_and_gradients_are_those_of_the_whole_equations(lesson: Scenario, iteration: int) -> None:
    whole = played(Session.start(lesson), *["iteration_on"] * iteration)
    split = played(whole, "split")
    assert split.iteration == iteration
    assert split.whole == whole
    _agrees(whole, split)


@pytest.mark.parametrize(
    ("steps", "entry"),
    [(0, ("value", "z")), (2, ("value", "L")), (5, ("gradient", "a")), (9, ("gradient", "w1")), (16, ("update", "b"))],
)
def test_there_and_back_the_cursor_stays_on_the_same_node(steps: int, entry: tuple[str, str]) -> None:
    whole = played(opened("logistic"), *["step_on"] * steps)
    split = played(whole, "split")
    assert (split.entry.kind, split.entry.name) == entry
    back = played(split, "split")
    assert back.cursor == whole.cursor
    assert back.whole is None


def test_a_factor_that_is_no_edge_any_more_leads_to_the_gradient_of_its_name() -> None:
    whole = played(opened("logistic"), "4*step_on")
    assert (whole.entry.kind, whole.entry.of, whole.entry.name) == ("factor", "L", "a")
    split = played(whole, "split")
    assert (split.entry.kind, split.entry.name) == ("gradient", "a")


def test_from_a_piece_one_comes_back_to_where_one_was() -> None:
    whole = played(opened("logistic"), "6*step_on")
    split = played(whole, "split", "home")
    assert split.entry.name.startswith("u")
    assert played(split, "split").cursor == whole.cursor


def test_from_another_named_node_one_comes_back_to_that_one() -> None:
    whole = played(opened("logistic"), "2*iteration_on", "9*step_on")
    split = played(whole, "split")
    while split.entry.kind != "update":
        split = played(split, "step_on")
    back = played(split, "split")
    assert (back.cursor.iteration, back.entry.kind, back.entry.name) == (2, "update", split.entry.name)


def test_the_view_is_one_iteration() -> None:
    split = played(opened("logistic"), "3*iteration_on", "split")
    assert split.iteration == 3
    end = played(split, "end")
    assert end.iteration == 3
    assert played(end, "step_on").cursor == end.cursor


@pytest.mark.parametrize(
    ("equations", "at", "told"),
    [
        ({"a": "sigmoid(w)", "L": "a^2"}, -800.0, True),
        ({"s": "softplus(w)", "L": "s^2"}, 800.0, True),
        ({"s": "softplus(w)", "L": "s"}, -800.0, False),
        ({"a": "sigmoid(w)", "L": "bce(1, a)"}, 36.0, False),
    ],
)
def test_where_pieces_would_overflow_functions_stay_whole_and_it_is_said(
    equations: dict[str, str], at: float, told: bool
) -> None:
    whole = Session.start(scenario({"w": at}, equations))
    split = played(whole, "split")
    _agrees(whole, split)
    assert ("functions left whole" in split.notice) == told
    assert all(map(math.isfinite, split.steps.iteration.gradients))


def test_a_lesson_that_is_too_large_says_so() -> None:
    equations = {f"n{number}": f"n{number - 1} + w" if number else "w" for number in range(2_001)}
    session = played(Session.start(scenario({"w": 1.0}, equations)), "split")
    assert session.whole is None
    assert "more than 2,000 nodes" in session.notice
