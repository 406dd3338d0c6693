"""Every number that a step reads is, to the last bit, the number of the step that is said to have made it."""

from __future__ import annotations

import pytest
from hypothesis import given
from msgspec.structs import replace
from support.oracle import same
from support.strategies import optimized
from support.tables import all_or

from tui_backprop.api import load
from tui_backprop.explain.provenance import SET_BY_HAND, StepAt, made_by, names_read, read_by, tree_at
from tui_backprop.maths.expression import names_in
from tui_backprop.maths.functions import CONSTANTS
from tui_backprop.record.history import History
from tui_backprop.record.past import Past
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import optimizer


def steps_of(history: History, iterations: range) -> list[StepAt]:
    """Every step of these iterations that the run has."""
    reached = history.extend(iterations.stop - 1)
    return [StepAt(k, i) for k in iterations if k <= reached for i in range(len(history.layout(k)))]


def check_origins(history: History, iterations: range) -> None:
    """Whether each number is that of its origin; one that is given differs in nothing from iteration to iteration."""
    for at in steps_of(history, iterations):
        step = history.steps(at.iteration)[at.index]
        assert tree_at(history, at) == step.tree
        for name in names_in(step.tree):
            if name in CONSTANTS:
                continue
            origin = made_by(history, at, name)
            if isinstance(origin, StepAt):
                assert origin < at
                made = history.steps(origin.iteration)[origin.index].value
                assert same(made, step.numbers[name]), (at, name, origin)


def check_readers(history: History, iterations: range) -> None:
    """Whether the readers of every step are those whose origins it is, all of them, in order."""
    found: dict[StepAt, list[StepAt]] = {}
    for at in steps_of(history, iterations):
        origins = {made_by(history, at, name) for name in names_read(history, at)}
        for origin in origins:
            if isinstance(origin, StepAt):
                found.setdefault(origin, []).append(at)
    for at in steps_of(history, iterations):
        readers = [reader for reader in read_by(history, at) if reader.iteration < iterations.stop]
        near = [reader for reader in found.get(at, []) if reader.iteration <= at.iteration + 1]
        assert readers == near, at


SMALL = [name for name in bundled_names() if len(History(load(name)).layout(0)) < 400]


def test_most_lessons_are_small() -> None:
    assert len(SMALL) > len(bundled_names()) * 2 // 3


@pytest.mark.parametrize("lesson", bundled_names())
def test_every_number_of_every_lesson_is_that_of_the_step_that_made_it(lesson: str) -> None:
    history = History(load(lesson))
    check_origins(history, range(3 if lesson in SMALL else 1))


@pytest.mark.parametrize("lesson", all_or(SMALL[::4], SMALL))
def test_the_readers_of_a_step_are_the_steps_that_it_made_a_number_for(lesson: str) -> None:
    check_readers(History(load(lesson)), range(3))


@given(optimized())
def test_on_any_graph_and_with_any_optimizer_origins_and_readers_fit(drawn: Scenario) -> None:
    history = History(drawn)
    check_origins(history, range(3))
    check_readers(history, range(2))


@given(optimized())
def test_in_a_what_if_too(drawn: Scenario) -> None:
    history = History(drawn)
    at = history.extend(2)
    name = next(iter(drawn.parameters))
    other = replace(drawn.with_values({name: 0.75}), optimizer=optimizer("momentum"), frozen=(name,))
    run = History(other, Past(history, at, frozenset({name})))
    check_origins(run, range(5))
    frozen = History(replace(other, optimizer=drawn.optimizer), Past(history, at))
    check_origins(frozen, range(5))
    check_origins(History(drawn, Past(run, min(at + 1, len(run) - 1), frozenset())), range(5))


@pytest.mark.parametrize(
    ("entry", "name", "origin"),
    [
        (Entry("value", "z"), "x1", "from the file: data, example 1"),
        (Entry("value", "z"), "w1", "from the file: parameters"),
        (Entry("value", "a"), "z", StepAt(0, 0)),
        (Entry("factor", "z", "a"), "a", StepAt(0, 1)),
        (Entry("gradient", "a"), "∂L/∂L", StepAt(0, 3)),
        (Entry("gradient", "a"), "∂L/∂a", StepAt(0, 4)),
        (Entry("update", "w1"), "g", StepAt(0, 9)),
        (Entry("update", "w1"), "eta", "from the file: learning_rate"),
    ],
)
def test_on_the_logistic_node(entry: Entry, name: str, origin: object) -> None:
    history = History(load("logistic"))
    at = StepAt(0, history.layout(0).index(entry))
    assert name in names_read(history, at)
    assert made_by(history, at, name) == origin


def test_what_is_set_in_a_what_if_is_said_to_be() -> None:
    lesson = load("logistic")
    history = History(lesson)
    history.extend(3)
    run = History(lesson.with_values({"w1": 0.9}), Past(history, 3, frozenset({"w1"})))
    run.extend(4)
    assert made_by(run, StepAt(3, 0), "w1") == SET_BY_HAND
    assert made_by(run, StepAt(3, 0), "w2") == StepAt(2, 15)
    assert made_by(run, StepAt(2, 0), "w1") == StepAt(1, 14)
    assert made_by(run, StepAt(4, 0), "w1") == StepAt(3, 14)
