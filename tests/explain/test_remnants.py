"""Is a number that is nothing but rounding shown as ≈ 0 wherever it appears, with its bits kept for JSON?"""

from __future__ import annotations

import re

import pytest
from support.lessons import scenario
from support.panel_text import panel
from support.runs import interpreted

from tui_backprop.numbers import Remnant
from tui_backprop.panels.narration import just_computed, notes_on_step
from tui_backprop.panels.statements import statement
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Charset, Cursor, Session

LESSON = scenario(
    {"w": 0.1, "b": 0.0},
    {"m": "3*w + b", "d": "10*(m - 0.3)", "t": "tanh(d)", "L": "t^2 + 2*b"},
    learning_rate=0.5,
)


def _told(lesson: Scenario, charset: Charset = "unicode") -> dict[str, str]:
    session = Session.start(lesson, charset)
    here = [session.at(Cursor(0, index)) for index in range(len(session.layout))]
    return {f"{at.entry.kind} {at.entry.of}{at.entry.name}": statement(at.notation, at.step) for at in here}


def test_it_is_nearly_0_in_every_step_that_it_appears_in() -> None:
    told = _told(LESSON)
    assert told["value d"] == "d = 10·(m − 0.3) = 10·(0.3 − 0.3) ≈ 0"
    assert told["value t"] == "t = tanh(d) = tanh(≈ 0) ≈ 0"
    assert told["value L"] == "L = t² + 2·b = (≈ 0)² + 2·0 ≈ 0"
    assert told["factor Lt"] == "∂L/∂t = 2·t = 2·(≈ 0) ≈ 0"
    assert told["gradient d"] == "∂L/∂d = ∂L/∂t · ∂t/∂d = (≈ 0) · 1 ≈ 0"
    assert told["gradient b"].endswith("= (≈ 0) · 1 + 2 = 2.000")
    assert told["update w"] == "w ← w − η·∂L/∂w = 0.1 − 0.5·(≈ 0) = 0.1000"
    assert _told(LESSON, "ascii")["value t"] == "t = tanh(d) = tanh(~ 0) ~ 0"


def test_its_note_says_why_and_its_narration_agrees() -> None:
    session = Session.start(LESSON)
    made, inherited = session.at(Cursor(0, 1)), session.at(Cursor(0, 2))
    gradient = next(at for index in range(6, 18) if (at := session.at(Cursor(0, index))).step.title == "gradient d")
    assert just_computed(made) == "the value d ≈ 0, from its equation."
    assert notes_on_step(made) == (
        "Shown as ≈ 0: 5.551e−16 is nothing but rounding. Terms as large as 3 cancel here, "
        "and a number keeps about 16 digits.",
    )
    assert notes_on_step(inherited) == (
        "Shown as ≈ 0: 5.551e−16 is nothing but rounding, because it is made of such numbers.",
    )
    assert notes_on_step(gradient)[0] == (
        "Shown as ≈ 0: 1.110e−15 is nothing but rounding, because it is made of such numbers."
    )


@pytest.mark.parametrize("panel_name", ["graph", "equations", "loss"])
def test_no_panel_shows_what_is_nothing_but_rounding(panel_name: str) -> None:
    session = Session.start(LESSON)
    for index in range(len(session.layout)):
        text = panel(session.at(Cursor(0, index)), panel_name, 100, 30)
        assert not re.search("[0-9]e−1[5-9]|[0-9]e−3[0-9]", text.replace("3.081e−31 ┤", "")), text
    assert "≈ 0" in text


def test_json_and_training_keep_the_bits() -> None:
    steps = History(LESSON).steps(0)
    values = {step["node"]: step["value"] for step in steps.to_json()["steps"] if step["kind"] == "value"}
    assert values["d"] == 10 * (3 * 0.1 + 0.0 - 0.3)
    assert [float(loss) for loss in History(LESSON).losses[:1]] == [interpreted(LESSON, 0).losses[0]]


def test_a_parameter_that_an_update_left_nothing_of_is_so_in_the_next_iteration_too() -> None:
    lesson = scenario({"w": 0.3}, {"L": "w*x"}, inputs=("x",), examples=((0.1 + 0.2,),), learning_rate=1.0)
    update = History(lesson).steps(0)[-1]
    assert update.kind == "update"
    assert isinstance(update.value, Remnant)
    after = Session.start(lesson)
    assert after.has_iteration(1)
    first = after.at(Cursor(1, 0))
    assert statement(first.notation, first.step) == "L = w·x = (≈ 0)·0.3 ≈ 0"
    assert isinstance(first.known_value("w").number, Remnant)


@pytest.mark.parametrize("count", [2, 60])
def test_a_mean_that_is_nothing_but_rounding(count: int) -> None:
    terms = tuple((0.1 * (-1) ** place + (1e-17 if place == 0 else 0.0),) for place in range(count - 2))
    lesson = scenario({"w": 1.0}, {"L": "w*x"}, inputs=("x",), examples=(*terms, (0.3,), (-0.1 - 0.2,)))
    value = History(lesson).steps(0).reduced_gradient("w")
    assert isinstance(value, Remnant)
    assert 0 < abs(value) < 1e-15


@pytest.mark.parametrize(
    "function", ["abs", "sin", "tan", "atan", "tanh", "sinh", "relu", "leaky_relu", "elu", "gelu", "silu"]
)
def test_what_is_0_at_0_hands_on_that_a_number_is_nothing_but_rounding(function: str) -> None:
    session = Session.start(scenario({"w": 0.1}, {"d": "10*(3*w - 0.3)", "L": f"{function}(d)"}))
    assert just_computed(session.at(Cursor(0, 1))) == "the value L ≈ 0, from its equation."
