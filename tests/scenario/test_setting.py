"""Lines that set something otherwise: what they change in a scenario, and how they are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.strategies import optimized

from tui_backprop.api import load
from tui_backprop.errors import UsageError
from tui_backprop.maths.writing import write
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.setting import Setting, read_setting, settable, value_of

LESSON = load_text(
    "title: t\nconstants: {c: 2}\nparameters: {w1: 0.5, w2: 1, b: 0}\ndata: [{x: 1, y: 0}, {x: 3, y: 1}]\n"
    "equations: {z: c*w1*x + w2 + b, L: (z - y)^2}\nlearning_rate: 0.1\n",
    "t.yaml",
)
STILL = load_text("title: t\nparameters: {w: 2}\nequations: {L: w^2}\n", "t.yaml")


def read(line: str, scenario: Scenario = LESSON, example: int = 0) -> Setting:
    """What a line sets, names being meant as they are written."""
    return read_setting(scenario, line, example, lambda name: name if name in settable(scenario) else None)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("w1 = 0.9", "parameters", {"w1": 0.9, "w2": 1.0, "b": 0.0}),
        ("  w1=−2e-1 ", "parameters", {"w1": -0.2, "w2": 1.0, "b": 0.0}),
        ("c = 3", "constants", {"c": 3.0}),
        ("x = 7", "examples", ((1.0, 0.0), (7.0, 1.0))),
        ("learning_rate = 1.1", "learning_rate", 1.1),
        ("lr = 1.1", "learning_rate", 1.1),
        ("freeze w2", "frozen", ("w2",)),
        ("freeze w2 b", "frozen", ("w2", "b")),
        ("freeze = w*", "frozen", ("w1", "w2")),
        ("freeze = [b, w1]", "frozen", ("w1", "b")),
    ],
)
def test_a_line_changes_one_field_and_nothing_else(line: str, field: str, value: object) -> None:
    changed = read(line, example=1).scenario
    assert getattr(changed, field) == value
    assert replace(changed, **{field: getattr(LESSON, field)}) == LESSON


def test_what_a_file_may_say_of_updates_a_line_may_say_too() -> None:
    assert write(read("learning_rate = c/(1 + k)").scenario.learning_rate) == "c/(1 + k)"
    chosen = read("optimizer = {name: momentum, beta: 0.5}").scenario.optimizer
    assert (chosen.name, dict(chosen.numbers)) == ("momentum", {"beta": 0.5})
    assert read("learning_rate = 0.1", STILL).scenario.learning_rate == 0.1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("w1", "'w1' sets nothing; write a name, an equals sign and what it is to be, such as w = 0.5"),
        ("= 3", "'= 3' sets nothing; write a name, an equals sign and what it is to be, such as w = 0.5"),
        ("w1 =", "nothing stands after the equals sign; write a name, an equals sign and what it is to be"),
        ("w1 = # 3", "nothing stands after the equals sign; write a name, an equals sign and what it is to be"),
        ("w1 = no", "'no' is not a number; write 1 or 0"),
        ("w1 = 1,5", "'1,5' has a comma; write a point: 1.5"),
        ("w1 = __import__('os')", "'__import__('os')' is not a number; write a decimal such as 0.5, -2 or 1e-3"),
        ("w1 = [1]", "'w1' must be a single value, not a list; write a decimal such as 0.5"),
        ("w1 = 1e999", "'1e999' is too large for a number (about 1.8e308 is the most); use a smaller number"),
        ("W1 = 2", "nothing here is called 'W1'; did you mean 'w1'?"),
        ("learningrate = 2", "nothing here is called 'learningrate'; did you mean 'learning_rate'?"),
        ("z = 1", "z is computed by an equation; set what it is computed from: c, w1, x, w2, b"),
        ("learning_rate = 0", "'learning_rate' must be greater than 0, not 0"),
        ("optimizer = adm", "'adm' is not an optimizer; did you mean 'adam'?"),
        ("freeze x", "'x' is an input, not a parameter"),
        ("freeze w7", "no parameter is called 'w7'"),
    ],
)
def test_what_a_line_cannot_set_is_refused_with_the_words_of_the_file(line: str, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(line)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize("line", ["optimizer = adam", "freeze w"])
def test_where_nothing_is_updated_there_is_no_optimizer_to_choose(line: str) -> None:
    with pytest.raises(UsageError, match="nothing is updated in this lesson"):
        read(line, STILL)


@given(optimized(), st.data())
def test_a_line_with_what_there_is_changes_nothing(drawn: Scenario, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(settable(drawn)))
    value = value_of(drawn, name, 0, drawn.parameters)
    if value and not (name == "optimizer" and dict(drawn.optimizer.numbers).get("beta1") == 0.5):
        assert read(f"{name} = {value}", drawn).scenario == drawn


@given(st.sampled_from(["", "w1 = ", "learning_rate = ", "optimizer = ", "freeze = ", "freeze "]), st.text(max_size=60))
def test_whatever_is_written_is_set_or_refused(beginning: str, text: str) -> None:
    told = ""
    try:
        assert read(beginning + text).scenario is not None
    except UsageError as refused:
        told = str(refused)
    assert "\x1b" not in told


def test_everything_that_may_be_set_in_the_lessons_is_found() -> None:
    assert settable(load("logistic")) == ("w1", "w2", "b", "x1", "x2", "y", "learning_rate", "optimizer", "freeze")
    assert settable(STILL) == ("w", "learning_rate")
