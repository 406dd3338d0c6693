"""Does a lesson open where its file wants it to, again at the same step, and by the command that it gives?"""

from __future__ import annotations

import shlex

import pytest
from msgspec.structs import replace
from support.panel_text import played

from tui_backprop.api import load
from tui_backprop.errors import UsageError
from tui_backprop.moves.opening import command_for, opened, opened_at, reread, restarted, why_no_command
from tui_backprop.moves.what_if import what_if
from tui_backprop.scenario.loading import load_scenario, load_text
from tui_backprop.session import Cursor

PARABOLA = "title: Parabola\nparameters: {w: 0}\nequations: {L: (w - 3)^2}\nlearning_rate: 0.3\n"


@pytest.mark.parametrize(
    ("start", "cursor"),
    [("", (0, 0)), ("start: 3\n", (3, 0)), ("start: 3.2\n", (3, 1)), ("start: w\n", (0, 3)), ("start: L\n", (0, 0))],
)
def test_a_lesson_opens_where_its_file_says_and_starts_there_again(start, cursor):
    session = opened(load_text(PARABOLA + start, "p.yaml"))
    assert session.cursor == Cursor(*cursor)
    assert restarted(played(session, "2*iteration_on", "digits")).cursor == Cursor(*cursor)


def test_a_start_that_is_not_there_says_so_and_opens_at_the_first_step():
    session = opened(load_text(PARABOLA + "start: 0.99\n", "p.yaml"))
    assert session.cursor == Cursor(0, 0)
    assert session.notice == "An iteration of this lesson has the steps 1 to 5, not 99."


def test_a_place_that_was_asked_for_and_is_not_there_is_refused():
    assert opened_at(load("logistic"), "unicode", "2.3").cursor == Cursor(2, 2)
    with pytest.raises(UsageError, match="Did you mean z"):
        opened_at(load("logistic"), "unicode", "Z")


@pytest.mark.parametrize("way", [(), ("3*iteration_on", "6*step_on"), ("5*step_on", "split", "2*step_on")])
def test_the_command_that_is_copied_opens_the_same_step(way, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my lesson.yaml").write_text(PARABOLA)
    for word in ("logistic", "my lesson.yaml"):
        scenario = load(word).opened_with({"learning_rate": 0.125})
        session = played(opened(scenario), *way)
        program, named, *rest = shlex.split(command_for(session))
        assert (program, named, rest[:3]) == ("backprop-tui", word, ["--set", "learning_rate=0.125", "--at"])
        again = opened_at(load(named).opened_with({"learning_rate": 0.125}), "unicode", rest[3])
        whole = session.whole or session
        assert (again.cursor, again.step) == (whole.cursor, whole.step)


def test_a_lesson_without_a_file_has_no_command():
    assert why_no_command(opened(load_text(PARABOLA, "-"))).startswith("This lesson was not read from a file")
    assert why_no_command(opened(load("parabola"))) == ""


def test_no_command_opens_a_what_if_and_before_it_begins_the_first_run_is_meant():
    within = what_if(played(opened(load("parabola")), "2*iteration_on"), "w = 1")
    nested = what_if(played(within, "2*iteration_on"), "w = 2")
    for session in (within, nested, played(nested, "iteration_back"), played(within, "split")):
        assert why_no_command(session) == "No command opens a what-if; S saves it in a file."
    before = played(nested, "3*iteration_back")
    assert why_no_command(before) == ""
    assert command_for(before) == "backprop-tui parabola --at 1.1"


def test_the_command_that_is_copied_brings_the_learners_gradients_to_their_iteration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-mine.json").write_text('{"w": 6}')
    session = opened_at(load("parabola"), "unicode", "2", gradients="-mine.json")
    assert command_for(session) == "backprop-tui parabola --gradients=-mine.json --at 2.1"
    assert command_for(played(session, "iteration_on")) == "backprop-tui parabola --at 3.1"


# --- a file that changes while it is open


def test_a_changed_file_is_read_at_the_same_step_and_looked_at_as_before():
    session = played(opened(load_text(PARABOLA, "p.yaml")), "3*iteration_on", "3*step_on", "digits", "zoom")
    again = reread(session, load_text(PARABOLA.replace("0.3", "0.1"), "p.yaml"))
    assert (again.cursor, again.entry) == (session.cursor, session.entry)
    assert again.scenario.learning_rate == 0.1
    assert (again.shows_all_digits, again.is_zoomed) == (True, True)
    assert again.notice == "The file has changed, and was read again."


def test_a_step_that_is_gone_leads_to_the_nearest_place_that_is_left():
    session = played(opened(load("logistic-four")), "2*iteration_on", "example_on", "8*step_on")
    shorter = reread(session, load("parabola"))
    assert shorter.cursor == Cursor(2, len(shorter.layout) - 1)
    still = reread(session, replace(load("logistic"), learning_rate=None))
    assert (still.cursor.iteration, still.entry) == (0, session.entry)


def test_a_view_of_one_iteration_gives_way_to_the_changed_lesson(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(PARABOLA)
    session = played(opened(load_scenario(file)), "2*iteration_on", "step_on")
    again = reread(played(session, "split", "2*step_on"), load_scenario(file))
    assert (again.cursor, again.whole) == (session.cursor, None)
