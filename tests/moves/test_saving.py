"""A what-if saved as a file: it loads, and gives the numbers of the run from where it began, to the last bit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.panel_text import opened, played
from support.screen import running
from support.strategies import optimized

from tui_backprop.api import load
from tui_backprop.errors import UsageError
from tui_backprop.moves.saving import starting_at, text_of_run
from tui_backprop.moves.what_if import what_if
from tui_backprop.record.history import History
from tui_backprop.record.past import Past
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.written import written


@pytest.mark.parametrize("name", bundled_names())
def test_every_lesson_is_written_so_that_it_loads_as_the_same(name: str) -> None:
    lesson = load(name)
    again = load_text(written(lesson), "again.yaml")
    assert (again.equations, again.parameters, again.examples) == (lesson.equations, lesson.parameters, lesson.examples)
    assert (again.network, again.optimizer, again.notes) == (lesson.network, lesson.optimizer, lesson.notes)


@given(optimized(), st.integers(0, 6))
def test_the_file_of_a_run_gives_its_numbers_or_it_is_refused(drawn: Scenario, at: int) -> None:
    history = History(drawn)
    at = history.extend(at)
    name = next(iter(drawn.parameters))
    run = History(drawn.with_values({name: 0.75}), Past(history, at, frozenset({name})))
    reached = run.extend(at + 5)
    try:
        text = written(starting_at(run))
    except UsageError as refused:
        # A graph made in Python may have what no file has, such as a parameter that nothing uses.
        assume("go back to iteration 0" in str(refused))
        return
    again = History(load_text(text, "again.yaml"))
    again.extend(reached - at)
    assert list(again.losses) == list(run.losses)[at:]
    assert again.parameters(reached - at) == run.parameters(reached)


@pytest.mark.parametrize(
    ("lesson", "moves", "line"),
    [
        ("logistic", "3*iteration_on", "w1 = 0.9"),
        ("logistic", "3*iteration_on", "learning_rate = 0.5/(1 + k)"),
        ("logistic-four", "2*iteration_on", "x1 = 3"),
        ("net-2-2-2", "iteration_on", "freeze w1_1_1"),
        ("adam", "", "a = 1"),
        ("parabola", "3*iteration_on", "optimizer = adam"),
    ],
)
def test_what_is_set_in_the_stepper_is_set_in_the_file(lesson: str, moves: str, line: str) -> None:
    run = what_if(played(opened(lesson), *moves.split()), line)
    first = run.cursor.iteration
    run.history.extend(first + 20)
    text = text_of_run(run.current_run)
    assert run.current_run.title in text.splitlines()[0]
    again = History(load_text(text, "again.yaml"))
    again.extend(20)
    assert list(again.losses) == list(run.history.losses)[first:]


@pytest.mark.parametrize(
    ("lesson", "line", "reason"),
    [
        ("adam", "a = 1", "the optimizer has gathered what no file can say"),
        ("epochs", "w = 1", "the batches are not those that a run begins with"),
    ],
)
def test_what_no_file_can_say_is_refused_with_a_way_out(lesson: str, line: str, reason: str) -> None:
    run = what_if(played(opened(lesson), "iteration_on"), line)
    with pytest.raises(UsageError) as refused:
        text_of_run(run.current_run)
    assert reason in str(refused.value)
    assert "go back to iteration 0 and set it there" in str(refused.value)
    assert load_text(text_of_run(what_if(opened(lesson), line).current_run), "again.yaml")


async def test_the_list_of_runs_saves_one_and_never_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run = what_if(played(opened("logistic"), "2*iteration_on"), "w1 = 0.9")
    async with running(run) as shown:
        for name in ("logistic-what-if.yaml", "other.yaml"):
            await shown.press("S")
            await shown.write("save")
            await shown.press("enter")
            assert " save as: logistic-what-if.yaml" in shown.lines[-1]
            await shown.press("enter")
            if name == "other.yaml":
                await shown.pilot.pause(0.3)
                assert "exists already; write another name" in shown.text
                await shown.write(name)
                await shown.press("enter")
            assert f"Saved as {name}" in shown.session.notice
        await shown.press("S")
        await shown.write("save")
        await shown.press("enter")
        for name, told in (("mine", "'mine' would be taken for the name of a lesson"), ("~/home.yaml", "Saved as")):
            await shown.press("end", *["backspace"] * len("logistic-what-if.yaml"))
            await shown.write(name)
            await shown.press("enter")
            assert told in shown.text
    assert (tmp_path / "home" / "home.yaml").is_file()
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.is_file()}
    assert set(texts) == {"logistic-what-if.yaml", "other.yaml"}
    assert load(str(tmp_path / "other.yaml")).parameters["w1"] == 0.9
