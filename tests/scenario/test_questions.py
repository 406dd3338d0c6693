"""The field `questions`: what is read of it, what is refused and where."""

from __future__ import annotations

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.explain.questions import place_of, why_no_place
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Question

FOUR = """\
title: t
parameters: {w: 1, v: 2, b: 0}
data: [{x: 1}, {x: 2}, {x: 3}]
equations: {z: w*x + b, a: sigmoid(z), L: (a - v)^2}
freeze: b
learning_rate: 0.1
"""


def _asked(entry: str, file: str = FOUR) -> tuple[Question, ...]:
    return load_text(f"{file}questions:\n  - {entry}\n", "f.yaml").questions


def test_an_entry_is_kept_with_its_step_in_one_writing_and_zero_where_it_says_nothing() -> None:
    assert _asked("{at: dL/dw}") == (Question("∂L/∂w", line=8),)
    everything = '{at: update w, after: 2, example: 1, prompt: "Where to?", hint: "Against it."}'
    assert _asked(everything) == (Question("update w", 2, 1, "Where to?", "Against it.", 8),)
    assert load_text(f"{FOUR}questions: {{at: z}}\n", "f.yaml").questions == (Question("z", line=7),)


@pytest.mark.parametrize(
    ("entry", "column", "message", "help"),
    [
        ("{at: ∂L/∂q}", 10, "a question about 'q', which is not a name", "the names are w, v, b, x, z, a, L"),
        ("{at: ∂L/∂zz}", 10, "a question about 'zz', which is not a name", "did you mean 'z'?"),
        ("{at: w}", 10, "'w' is a parameter: its value is given", "for its gradient write ∂L/∂w, where L is the loss"),
        ("{at: x}", 10, "'x' is an input: its value is given", "or of a node for its value"),
        ("{at: update b}", 10, "a question on update b, but 'b' is frozen", "or remove the question"),
        ("{at: ∂a/∂w}", 10, "a question on ∂a/∂w, but the equation of 'a' does not use 'w'", "it uses z"),
        ("{after: 1}", 5, "a question has no 'at'", "write the name of a step"),
        ("{at: z, after: -1}", 20, "'after' must be at least 0", "write 0 or more"),
        ("{at: z, example: 3}", 22, "'example' is 3; examples count from 0 to 2", "write 2 or less"),
        ("{at: z, promt: Why}", 13, "unknown key 'promt' in a question", "did you mean 'prompt'?"),
        ("z", 5, "a question must be 'name: value' lines", "write lines such as - {at: ∂L/∂w}"),
    ],
)
def test_what_is_no_question_is_refused_with_place_and_remedy(entry: str, column: int, message: str, help: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        _asked(entry)
    [problem] = caught.value.problems
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (8, column)
    assert message in problem.message
    assert help in problem.help


@pytest.mark.parametrize(
    ("at", "entry"),
    [
        ("z", Entry("value", "z")),
        ("∂a/∂z", Entry("factor", "z", "a")),
        ("∂L/∂z", Entry("gradient", "z")),
        ("∂L/∂a", Entry("factor", "a", "L")),  # the whole gradient, and the step that shows it first
        ("∂L/∂L", Entry("seed", "L")),
        ("mean w", Entry("mean", "w")),
        ("mean L", Entry("mean", "")),
        ("update w", Entry("update", "w")),
    ],
)
def test_it_stands_at_its_step_in_the_turn_of_its_example(at: str, entry: Entry) -> None:
    history = History(load_text(FOUR, "f.yaml"))
    place = place_of(history, Question(at, after=2, example=1))
    assert place is not None
    iteration, index = place
    layout = history.layout(iteration)
    assert iteration == 2
    assert layout.entry(index) == entry
    assert layout.turn(index) == (1 if entry.is_of_example else None)


def test_a_batch_without_the_example_or_with_nothing_to_average_has_no_such_step() -> None:
    history = History(load_text(f"{FOUR}batch: 2\n", "f.yaml"))
    assert why_no_place(history, Question("z", after=1, example=2)) == ""
    assert why_no_place(history, Question("z", after=1, example=0)) == "iteration 1 does not see example 0; it sees 2"
    assert "sees one example" in why_no_place(history, Question("mean w", after=1))
