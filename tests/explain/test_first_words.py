"""Each word of the screen is explained once in a lesson: at the first step where it comes up."""

from __future__ import annotations

import pytest
from support.lessons import CHAIN, LESSONS, scenario

from tui_backprop.api import load
from tui_backprop.explain.first_words import first_words
from tui_backprop.maths.writing import PLAIN
from tui_backprop.record.history import History
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.scenario.model import Scenario

ROW = scenario({"w": 1.0}, {"a": "sigmoid(w*x)", "b": "sigmoid(a)"}, inputs=("x",), examples=((1.0,),))
RELU = scenario({"w": 0.5, "v": -1.0}, {"z": "w*x + v", "a": "relu(z)", "b": "relu(a)", "L": "bce(y, b)"},
                inputs=("x", "y"), examples=((3.0, 1.0), (4.0, 1.0)))  # fmt: skip


def _words(lesson: Scenario) -> dict[str, str]:
    """Every word, and the step that it is explained at."""
    history = History(lesson)
    found: dict[str, str] = {}
    for iteration in range(history.extend(1) + 1):
        for step in history.steps(iteration):
            for word, told in first_words(history, iteration, step, PLAIN):
                assert word not in found
                assert told.endswith(".")
                found[word] = " ".join(filter(None, (step.kind, step.of, step.name)))
    return found


@pytest.mark.parametrize(
    ("lesson", "words"),
    [
        (
            CHAIN,
            {
                "pre-activation": "value z1",
                "seed": "seed C",
                "factor": "factor C a3",
                "gradient": "gradient a3",
                "upstream gradient": "gradient z3",
                "learning rate": "update w1",
            },
        ),
        (
            LESSONS["parabola"],
            {"seed": "seed L", "factor": "factor L w", "gradient": "gradient w", "learning rate": "update w"},
        ),
        (
            load("momentum"),
            {
                "seed": "seed L",
                "factor": "factor L x",
                "gradient": "gradient x",
                "learning rate": "update x",
                "The velocity: most of the old velocity stays, and the gradient is added.": "update x",
                "A step along the velocity: gradients that agree add up, others cancel out.": "update x",
            },
        ),
        (
            RELU,
            {
                "pre-activation": "value z",
                "seed": "seed L",
                "factor": "factor L b",
                "xdivy": "factor L b",
                "gradient": "gradient b",
                "upstream gradient": "gradient a",
                "step": "factor b a",
                "learning rate": "update w",
            },
        ),
    ],
)
def test_a_word_is_explained_where_it_first_comes_up(lesson: Scenario, words: dict[str, str]) -> None:
    assert _words(lesson) == words


def test_what_is_an_activation_already_is_no_pre_activation() -> None:
    assert "pre-activation" not in _words(ROW)


def test_what_a_function_is_said_to_be_it_is() -> None:
    history = History(RELU)
    told = {word: text for step in history.steps(0) for word, text in first_words(history, 0, step, PLAIN)}
    assert told["step"] == "step(u) is 1 where u is above 0, and 0 elsewhere."
    assert told["xdivy"] == "xdivy(u, v) is u/v, and 0 where u is 0, whatever v is."
    assert told["pre-activation"] == (
        "z, which goes into the relu, is called the pre-activation; a, which comes out, is the activation."
    )


@pytest.mark.parametrize("name", bundled_names())
def test_every_lesson_explains_its_seed_and_its_first_factor(name: str) -> None:
    words = _words(load(name))
    assert words["seed"].startswith("seed ")
    assert words["factor"].startswith("factor ")
