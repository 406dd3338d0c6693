"""L and H: from layer to layer, forward, backward, in the averages and in the updates; m keeps the step where it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from engine.test_layers import networks
from hypothesis import given, settings
from support.panel_text import opened, played

from tui_backprop.moves.opening import restarted
from tui_backprop.panels.panel_table import current_panel
from tui_backprop.record.step import Step
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Session


def _told(session: Session) -> str:
    step = session.step
    return f"{step.kind} {step.of and f'{step.of}/'}{step.name}"


def _walked(session: Session, move: str) -> Iterator[str]:
    """The steps of iteration 0 that a move leads to."""
    while session.cursor.iteration == 0:
        yield _told(session)
        session = played(session, move)


FORWARD = ["value z1_1", "value z2_1", "value C"]
BACKWARD = ["seed C", "factor C/a2_2", "factor z2_1/a1_2"]
UPDATES = ["update w1_1_1", "update w2_1_1"]


def test_it_leads_through_every_layer_of_every_phase() -> None:
    assert [*_walked(opened("net-2-2-2"), "layer_on")] == [*FORWARD, *BACKWARD, *UPDATES]


def test_with_several_examples_it_leads_through_each_and_through_the_averages() -> None:
    there = [*_walked(opened("three-classes"), "layer_on")]
    backward = ["seed C", "factor C/a2_3", "factor z2_1/a1_2"]
    means = ["mean ", "mean w1_1_1", "mean w2_1_1"]
    assert there == [*[*FORWARD, *backward] * 6, *means, *UPDATES]


FROZEN = """
title: the first layer is frozen
network:
  inputs: [x]
  layers:
    - {neurons: 1, activation: tanh, weights: [[1]]}
    - {neurons: 1, activation: tanh, weights: [[2]]}
  targets: [t]
  cost: squared_error
data: {x: 1, t: 0}
learning_rate: 0.1
freeze: [w1]
optimizer: momentum
"""


def test_a_layer_whose_parameters_are_frozen_has_no_updates() -> None:
    assert [*_walked(opened(FROZEN), "layer_on")][-2:] == ["factor z2/a1", "update w2"]


@settings(max_examples=20)
@given(networks().filter(lambda drawn: len(drawn.examples) <= 9))
def test_back_leads_where_on_came_from_and_no_layer_is_passed_over(drawn: Scenario) -> None:
    session = Session.start(drawn)
    session.history.extend(2)
    there = [session.cursor]
    while there[-1].iteration < 2:
        session = played(session, "layer_on")
        assert session.cursor > there[-1]
        there.append(session.cursor)
    for cursor in reversed(there):
        assert session.cursor == cursor
        session = played(session, "layer_back")
    assert drawn.network is not None
    layers = session.lesson.layers
    assert layers is not None
    for before, after in pairwise(there):
        steps = [session.at(Cursor(before.iteration, index)).step for index in range(before.index + 1, after.index)]
        assert all(not _is_another_layer(session, steps[0], step) for step in steps)


def _is_another_layer(session: Session, one: Step, two: Step) -> bool:
    """Whether two steps are surely of different layers, or phases."""
    layers = session.lesson.layers
    assert layers is not None
    first, second = layers.places.of(one.name), layers.places.of(two.name)
    is_other = first is not None and second is not None and first.layer != second.layer
    return is_other or one.phase != two.phase


@pytest.mark.parametrize("moves", [(), ("5*step_on",), ("3*layer_on",), ("end",)])
def test_matrices_come_and_go_at_the_same_step_and_are_looked_at(moves) -> None:
    session = played(opened("net-2-2-2"), *moves)
    on = played(session, "matrices")
    assert on.shows_matrices
    assert on.cursor == session.cursor
    assert current_panel(on).name == "equations"
    assert not played(on, "matrices").shows_matrices


def test_matrices_stay_while_the_cursor_moves() -> None:
    assert played(opened("net-2-2-2"), "matrices", "3*step_on", "iteration_on", "phase_on").shows_matrices
    assert not restarted(played(opened("net-2-2-2"), "matrices")).shows_matrices
