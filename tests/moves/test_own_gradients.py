"""A learner's own gradients in the stepper: where it opens, what stands beside each gradient, and what is said."""

from __future__ import annotations

import json
import math

import pytest
from support.panel_text import played
from support.slipped_nets import backprop, random_net

from tui_backprop.api import load
from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.moves.opening import opened_at, reread, restarted
from tui_backprop.panels.own_numbers import first_mark, own_number, told_of_own
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.loading import load_text
from tui_backprop.session import Cursor, Session

RIGHT = {"w1": -0.598687660112452, "w2": -1.197375320224904, "b": -0.598687660112452}
LEFT_OUT = {"w1": -2.4918, "w2": -4.98365, "b": -2.49182}
"""The gradients of the logistic node as they are without the slope of the sigmoid, in a few digits."""

TWO = """\
title: t
parameters: {w: 0.5, b: 0.25}
data: [{x: 1, y: 0}, {x: 3, y: 1}]
equations: {z: w*x + b, L: (z - y)^2}
learning_rate: 0.1
"""
"""z = 0.75 and 1.75, ∂L/∂z = 1.5 and 1.5, so that ∂L/∂w = 1.5 and 4.5, together 3."""


@pytest.fixture
def own(tmp_path):
    """The session of a lesson with gradients in a file."""

    def made(lesson: str, given: dict[str, object], place: str = "", slip: str = "") -> Session:
        (tmp_path / "g.json").write_text(json.dumps(given), encoding="utf-8")
        scenario = load_text(lesson, "t.yaml") if "\n" in lesson else load(lesson)
        return opened_at(scenario, "unicode", place, slip, str(tmp_path / "g.json"))

    return made


def _seen_on(session: Session) -> list[tuple[int, str]]:
    """What stands at every step of the iteration as the cursor comes by, with the index of the step."""
    steps = (session.at(Cursor(session.cursor.iteration, index)) for index in range(len(session.layout)))
    told = ((one.cursor.index, own_number(one, one.entry)) for one in steps)
    return [(index, text) for index, text in told if text]


def test_it_opens_at_the_first_that_differs_and_says_why(own):
    session = own("logistic", {"b": RIGHT["b"], **{name: LEFT_OUT[name] for name in ("w1", "w2")}})
    assert (session.entry, session.cursor.iteration) == (Entry("gradient", "w1"), 0)
    assert session.notice.startswith("2 of 3 gradients differ. Look first at ")
    session = own("logistic", LEFT_OUT)
    wrong = "It begins at ∂a/∂z. One slip explains all of it: the slope of the activation was left out."
    assert session.notice == f"3 of 3 gradients differ. {wrong}"
    assert [*told_of_own(session)] == ["Yours: −2.492 (≠), 4.162 times ours.", wrong]
    assert [*told_of_own(played(session, "2*step_on"))] == ["Yours: −4.984 (≠), 4.162 times ours."]


def test_the_equations_show_both_numbers_and_mark_the_first_that_differs(own):
    session = own("logistic", LEFT_OUT)
    lines = ["".join(span.text for span in line) for line in PANELS["equations"].lines(session, 70, 60)]
    assert "▶ ∂L/∂w₁ = ∂L/∂z · ∂z/∂w₁   ◀ first to differ" in lines
    assert "         = (−0.5987) · 1 = −0.5987   yours: −2.492 (≠)" in lines
    after = played(session, "2*step_on")
    lines = ["".join(span.text for span in line) for line in PANELS["equations"].lines(after, 70, 60)]
    assert sum("yours" in line for line in lines) == 2
    assert sum("◀" in line for line in lines) == 1


def test_right_ones_are_said_to_agree_and_nothing_is_marked(own):
    session = own("logistic", RIGHT)
    assert (session.cursor, session.notice) == (Cursor(0, 0), "All 3 gradients are right.")
    texts = _seen_on(session)
    assert [text for _, text in texts] == ["yours: −0.5987 (=)", "yours: −1.197 (=)", "yours: −0.5987 (=)"]
    assert not any(first_mark(session.at(Cursor(0, index)), session.layout.entry(index)) for index, _ in texts)


@pytest.mark.parametrize(
    ("given", "seen", "at"),
    [
        ({"w": 3.0, "b": 1.5}, ["mean w: yours: 3 (=)", "mean b: yours: 1.5 (=)"], None),
        ({"w": 6.0, "b": 1.5}, ["mean w: yours: 6 (≠)", "mean b: yours: 1.5 (=)"], "mean w"),
        ({"b": 3.0, "w": 6.0}, ["mean w: yours: 6 (≠)", "mean b: yours: 3 (≠)"], "mean w"),
        ({"z": 1.0, "w": 6.0}, ["1 z: yours over all examples: 1 (≠)", "mean w: yours: 6 (≠)"], "1 z"),
        ({"example": 0, "gradients": {"w": 4.5}}, ["0 w: yours: 4.5 (≠)"], "0 w"),
        ({"example": 1, "gradients": {"w": 4.5, "L": 2}}, ["1 L: yours: 2 (≠)", "1 w: yours: 4.5 (=)"], "1 L"),
    ],
)
def test_each_stands_where_the_iteration_has_that_very_gradient(own, given, seen, at):
    session = own(TWO, given)
    layout = session.layout

    def named(index: int) -> str:
        turn, entry = layout.turn(index), layout.entry(index)
        return f"{'mean' if turn is None else turn} {entry.name}"

    assert [f"{named(index)}: {text}" for index, text in _seen_on(session)] == seen
    assert at is None or named(session.cursor.index) == at


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (-1.1972, f"Yours: −1.1972 (≠), {-1.1972 / RIGHT['w2']!r} times ours."),
        (-1.1975, f"Yours: −1.198 (≠), {-1.1975 / RIGHT['w2']!r} times ours."),
        (0.0, "Yours: 0 (≠), 0 times ours."),
    ],
)
def test_a_number_that_differs_is_told_with_digits_that_show_it(own, given, told):
    assert next(told_of_own(own("logistic", {**RIGHT, "w2": given}))) == told


def test_they_are_those_of_the_iteration_that_was_asked_for(own):
    session = own("logistic", RIGHT, "2.3")
    assert session.cursor == Cursor(2, 2)
    assert session.notice.startswith("3 of 3 gradients differ.")
    assert len(_seen_on(session)) == 3
    assert _seen_on(session.at(Cursor(1, 0))) == _seen_on(session.at(Cursor(0, 0))) == []


def test_they_stay_when_the_lesson_starts_anew_and_go_with_its_old_file(own):
    session = own("logistic", LEFT_OUT)
    assert restarted(session).own is session.own
    again = reread(session, load("logistic"))
    assert again.own is None
    assert "Your gradients belong to the file as it was" in again.notice


@pytest.mark.parametrize("seed", range(6))
def test_of_random_nets_the_steps_marked_are_those_whose_numbers_are_wrong(own, seed):
    """Wrong is what differs from backpropagation by matrices, in code that shares nothing with the program."""
    net = random_net(seed)
    right = net.named(*backprop(net, net.weights, net.biases))
    given = net.named(*backprop(net, net.weights, net.biases, "activation_derivative"))
    wrong = {name for name, number in given.items() if not math.isclose(number, right[name], rel_tol=1e-6)}
    session = own(f"{net.text()}\n", given)
    seen = _seen_on(session)
    assert {session.layout.entry(index).name for index, text in seen if "(≠)" in text} == wrong
    assert len(seen) == len(given)
    assert session.cursor.index == min(index for index, text in seen if "(≠)" in text)


def test_a_number_that_is_asked_for_is_not_given_away(own):
    session = own("logistic", RIGHT)
    session = session.at(Cursor(0, session.layout.index(Entry("gradient", "w1")) - 1))
    trying = played(session, "try")
    assert trying.asked == Entry("gradient", "w1")
    assert own_number(trying, Entry("gradient", "w1")) == ""
    on = played(session, "step_on")
    assert own_number(on, on.entry) == "yours: −0.5987 (=)"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"w3": 1.0}, "there is no 'w3' in this lesson"),
        ({"W1": [[1.0]]}, "'W1' is an array, and there is no layer of that name"),
        ({"example": 4, "gradients": {"b": 1.0}}, "there is no example 4"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_opens(own, given, why):
    with pytest.raises(ScenarioError) as refused:
        own("logistic", given)
    assert why in str(refused.value)


def test_own_gradients_are_not_held_against_a_run_with_a_slip(own):
    with pytest.raises(UsageError, match="do not go together"):
        own("logistic", RIGHT, slip="sign")
