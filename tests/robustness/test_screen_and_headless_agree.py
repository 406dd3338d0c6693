"""Is every number on the screen the one that `steps --format json` prints?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from msgspec.structs import replace
from support.panel_text import narration, opened, panel
from support.tables import sample

from tui_backprop.cli import main
from tui_backprop.numbers import all_digits, four_digits
from tui_backprop.scenario.bundled import bundled_groups
from tui_backprop.session import Cursor, Session

LESSONS = [name for group in bundled_groups() for name in group.names]
_MOST_STEPS = 120


def printed(lesson: str, iteration: int, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The steps as the command prints them."""
    main(["steps", lesson, "--iteration", str(iteration), "--format", "json"])
    steps: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["steps"]
    return steps


def iterations_of(session: Session) -> tuple[int, ...]:
    return (0,) if session.scenario.learning_rate is None else (0, 2)


def value_of(step: dict[str, Any]) -> float:
    return float(step["after" if step["kind"] == "update" else "value"])


def current_statement(session: Session) -> str:
    """The statement under the cursor in the equations panel: the marked line and those below it that belong to it."""
    lines = panel(session, "equations", 6_000, 60).split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("▶"))
    end = start + 1
    while end < len(lines) and lines[end].startswith("   "):
        end += 1
    return "\n".join(lines[start:end])


@pytest.mark.parametrize("lesson", sample(LESSONS, 3))
def test_the_statement_at_every_step_has_the_printed_number(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    session = replace(opened(lesson), shows_all_digits=True)
    for iteration in iterations_of(session):
        session.history.extend(iteration)
        steps = printed(lesson, iteration, capsys)
        assert len(steps) == len(session.layout)
        for step in steps[:_MOST_STEPS]:
            statement = current_statement(session.at(Cursor(iteration, step["index"])))
            numbers = [part.split("  ")[0].strip() for part in re.split("[=←]", statement)]
            assert all_digits(value_of(step)) in numbers, (step, statement)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_narration_at_every_step_has_the_printed_number(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    session = opened(lesson)
    for step in printed(lesson, 0, capsys)[:_MOST_STEPS]:
        said = narration(session.at(Cursor(0, step["index"])), 3_000, 4)
        assert four_digits(value_of(step)) in said, (step, said)


@pytest.mark.parametrize("lesson", LESSONS)
def test_values_and_gradients_in_the_graph_are_those_printed(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    session = replace(opened(lesson), shows_all_digits=True)
    nodes = set(session.graph.nodes)
    # The picture of layers tells of one weight at a time, and of what is inside a softmax at its steps.
    network = session.scenario.network
    inside = {name for name in nodes if re.match(r"[esm]\d", name)} if network else set()
    told = nodes - inside if network else {*nodes, *session.graph.parameters}
    if len(nodes) > 20:
        pytest.skip("the picture of a large network folds its neurons")
    per_example = len(session.layout.per_example)
    steps = printed(lesson, 0, capsys)[:per_example]
    shown = panel(session.at(Cursor(0, per_example - 1)), "graph", 3_000, 300)
    numbers = set(re.split(r"[\s()]+", shown))
    for step in steps:
        if step["kind"] in ("value", "gradient") and step["node"] in told:
            assert all_digits(value_of(step)) in numbers, step


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_losses_in_the_panel_are_the_printed_ones(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    session = opened(lesson)
    if session.scenario.learning_rate is None:
        pytest.skip("nothing is trained")
    main(["run", lesson, "--iterations", "5", "--format", "json"])
    record = json.loads(capsys.readouterr().out)["history"][5]
    session.history.extend(5)
    shown = panel(session.at(Cursor(5, len(session.layout) - 1)), "loss", 200, 12)
    assert four_digits(float(record["loss"])) in shown
