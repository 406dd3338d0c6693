"""Notes on single steps: the names that a file has for steps, where the notes are shown, and what is refused."""

from __future__ import annotations

import pytest
from support.panel_text import opened

from tui_backprop.errors import ScenarioError
from tui_backprop.panels.narration import notes_on_step
from tui_backprop.record.step_layout import name_in_file
from tui_backprop.scenario.loading import load_text
from tui_backprop.session import Cursor

FOUR = """\
title: t
parameters: {w: 1, v: 2, b: 0}
constants: {c: 3}
data: [{x: 1}, {x: 2}]
equations: {z: w*x + b, a: sigmoid(z), idle: 2*z, L: (a - v)^2 + c*v}
loss: L
freeze: b
learning_rate: 0.1
"""
STEPS = ["∂L/∂L", "∂L/∂a", "∂a/∂z", "∂L/∂z", "∂z/∂w", "∂L/∂w", "∂L/∂v", "∂L/∂b", "mean L", "mean w", "update w"]


def _noted(file: str) -> dict[str, set[str]]:
    """For each note in capitals, the kinds of the steps in an iteration that show it."""
    session = opened(file)
    shown: dict[str, set[str]] = {}
    for index in range(len(session.layout)):
        here = session.at(Cursor(0, index))
        for note in filter(str.isupper, notes_on_step(here)):
            shown.setdefault(note, set()).add(f"{here.entry.kind} {here.entry.of or here.entry.name}".strip())
    return shown


@pytest.mark.parametrize("step", STEPS)
def test_a_note_on_a_step_is_shown_on_it_alone(step: str) -> None:
    session = opened(f"{FOUR}notes: {{{step}: HERE}}\n")
    for index in range(len(session.layout)):
        here = session.at(Cursor(0, index))
        assert ("HERE" in notes_on_step(here)) == (name_in_file(here.entry, here.graph) == step)


def test_every_step_but_the_values_has_a_name() -> None:
    session = opened(FOUR)
    names = [name_in_file(session.layout.entry(index), session.graph) for index in range(len(session.layout))]
    assert {*STEPS} < {*names}
    assert names.count("") == 2 * 4  # the values of two examples


def test_it_stands_in_place_of_the_note_on_the_name() -> None:
    notes = "{z: ON Z, a: ON A, w: ON W, dz/dw: FACTOR, dL/dw: GRADIENT, update w: UPDATE}"
    assert _noted(f"{FOUR}notes: {notes}\n") == {
        "ON Z": {"value z", "gradient z", "factor z"},  # the factor for b
        "ON A": {"value a", "factor a", "gradient a"},
        "FACTOR": {"factor z"},
        "GRADIENT": {"gradient w"},
        "ON W": {"mean w"},
        "UPDATE": {"update w"},
    }


def test_a_factor_of_the_loss_shares_the_note_of_the_gradient_that_it_is() -> None:
    parabola = "title: t\nparameters: {w: 0}\nequations: {L: (w - 3)^2}\nnotes: {∂L/∂w: SLOPE}\n"
    assert _noted(parabola) == {"SLOPE": {"factor L", "gradient w"}}
    # Here it is one of two parts, and the note is on the whole.
    direct = "title: t\nparameters: {w: 0}\nequations: {a: 2*w, L: a*w}\nnotes: {∂L/∂w: SLOPE}\n"
    assert _noted(direct) == {"SLOPE": {"gradient w"}}


def test_an_update_of_several_lines_has_its_note_on_the_last() -> None:
    lesson = "title: t\nparameters: {w: 0}\nequations: {L: (w - 3)^2}\nlearning_rate: 0.1\noptimizer: momentum\n"
    session = opened(f"{lesson}notes: {{update w: HERE}}\n")
    last = len(session.layout) - 1
    assert "HERE" in notes_on_step(session.at(Cursor(0, last)))
    assert "HERE" not in notes_on_step(session.at(Cursor(0, last - 1)))


@pytest.mark.parametrize("written", ["∂a/∂z", "da/dz", "∂a / ∂z", "da / dz"])
def test_the_ways_to_write_a_factor(written: str) -> None:
    assert load_text(f"{FOUR}notes: {{{written}: x}}\n", "t.yaml").notes == {"∂a/∂z": "x"}


@pytest.mark.parametrize(
    ("note", "place", "message", "help"),
    [
        ("∂a/∂q", "9:9", "a note on 'q', which is not a name", "w, v, b, c, x, z, a, idle, L"),
        ("∂a/∂zz", "9:9", "a note on 'zz', which is not a name", "did you mean 'z'?"),
        ("∂x/∂w", "9:9", "'x' has no equation", "z, a, idle, L"),
        ("∂z/∂x", "9:9", "'x' is given and stays", "w, v, b, z, a, idle, L"),
        ("∂L/∂c", "9:9", "'c' is given and stays", "w, v, b, z, a, idle, L"),
        ("∂a/∂w", "9:9", "the equation of 'a' does not use 'w'", "it uses z"),
        ("∂idle/∂z", "9:9", "no path leads from 'idle' to the loss", "remove"),
        ("∂L/∂idle", "9:9", "no path leads from 'idle' to the loss", "remove"),
        ("mean a", "9:9", "'a' is not averaged", "w, v, b and the loss L"),
        ("update z", "9:9", "'z' is not updated", "w, v, b"),
        ("update b", "9:9", "'b' is frozen", "freeze"),
        ("da/dz: y, ∂a/∂z", "9:19", "two notes on the step ∂a/∂z", "the first is in line 9"),
    ],
)
def test_a_step_that_is_not_there_is_refused(note: str, place: str, message: str, help: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_text(f"{FOUR}notes: {{{note}: hello}}\n", "t.yaml")
    (problem,) = refused.value.problems
    assert problem.place is not None
    assert f"{problem.place.line}:{problem.place.column}" == place
    assert message in problem.message
    assert help in problem.help


@pytest.mark.parametrize(
    ("old", "new", "note", "message"),
    [
        ("learning_rate: 0.1\n", "", "update w", "without a learning rate"),
        ("data: [{x: 1}, {x: 2}]", "data: {x: 1}", "mean w", "an iteration sees one example"),
        ("freeze: b", "batch: 1", "mean L", "an iteration sees one example"),
    ],
)
def test_a_phase_that_is_not_there_is_refused(old: str, new: str, note: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        load_text(f"{FOUR.replace(old, new)}notes: {{{note}: hello}}\n", "t.yaml")


def test_a_networks_names_are_names_like_others() -> None:
    network = (
        "title: t\nnetwork:\n  inputs: [x]\n  targets: [y]\n  cost: squared_error\n  layers:\n"
        "    - {neurons: 2, activation: sigmoid, weights: [[1], [2]]}\n"
        "    - {neurons: 1, activation: sigmoid, weights: [[1, 2]]}\ndata: {x: 1, y: 1}\n"
    )
    notes = {"∂z2_1/∂w2_1_2": "x", "∂C/∂a1_1": "y"}
    written = "".join(f"  {name}: {text}\n" for name, text in notes.items())
    assert load_text(f"{network}notes:\n{written}", "t.yaml").notes == notes
    with pytest.raises(ScenarioError, match="does not use 'w1_1_1'"):
        load_text(f"{network}notes: {{∂z1_2/∂w1_1_1: x}}\n", "t.yaml")
