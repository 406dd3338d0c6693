"""Is a file that is edited while its lesson is open read again, and does a mistake in it leave the lesson as it was?"""

from __future__ import annotations

import pytest
from support.screen import running, settled

from tui_backprop.api import load
from tui_backprop.moves.opening import opened, opened_at
from tui_backprop.session import Cursor

PARABOLA = "title: Parabola\nparameters: {w: 0}\nequations: {L: (w - 3)^2}\nlearning_rate: 0.3\n"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A lesson in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "p.yaml"
    path.write_text(PARABOLA)
    return path


async def _look(shown):
    shown.app.read_changed_file()
    await settled(shown.app, shown.pilot)


async def test_a_file_that_is_edited_is_read_again_at_the_same_place(file):
    async with running(opened(load("./p.yaml"))) as shown:
        await shown.press("]", "]", "right")
        await _look(shown)
        assert "read again" not in shown.text
        file.write_text(PARABOLA.replace("0.3", "0.01"))
        await _look(shown)
        assert "The file has changed, and was read again." in shown.text
        assert shown.session.cursor == Cursor(2, 1)
        assert shown.session.scenario.learning_rate == 0.01


async def test_a_change_is_not_missed_while_what_is_looked_at_changes(file):
    for turn, keys in enumerate((("s", *"w = 1", "enter"), ("x",), ("x", "x"))):
        async with running(opened(load("./p.yaml"))) as shown:
            await shown.press("]")
            file.write_text(f"{PARABOLA}summary: Change {turn}.\n")
            await shown.press(*keys)
            await _look(shown)
            assert shown.session.scenario.summary == f"Change {turn}."
            await _look(shown)
            assert "read again" in shown.text


async def test_a_file_that_r_has_read_is_not_read_once_more(file):
    async with running(opened(load("./p.yaml"))) as shown:
        file.write_text(PARABOLA + "start: 0.2\n")
        await shown.press("r", "right")
        before = shown.session
        await _look(shown)
        assert shown.session is before


async def test_a_mistake_is_shown_at_its_place_and_gone_once_it_is_mended(file):
    async with running(opened(load("./p.yaml"))) as shown:
        await shown.press("]")
        before = shown.session
        file.write_text(PARABOLA.replace("w - 3", "w - q"))
        await _look(shown)
        assert "p.yaml:3:21" in shown.text
        assert "the file has a mistake; the lesson stays as it was before." in shown.text
        await shown.press("escape", "right")
        assert shown.session.history is before.history
        assert shown.session.cursor == Cursor(1, 1)
        file.unlink()
        await _look(shown)
        file.write_text(PARABOLA + "summary: Mended.\n")
        await _look(shown)
        assert shown.session.scenario.summary == "Mended."


async def test_r_reads_the_file_anew_and_begins_where_it_says(file):
    async with running(opened(load("./p.yaml").opened_with({"w": 1}))) as shown:
        await shown.press("]", "v")
        file.write_text(PARABOLA + "start: 0.2\n")
        await shown.press("r")
        assert shown.session.cursor == Cursor(0, 1)
        assert not shown.session.shows_all_digits
        assert shown.session.steps.parameter("w") == 1


async def test_r_keeps_the_slip_and_the_learners_own_gradients(file, tmp_path):
    (tmp_path / "mine.json").write_text('{"w": 6}')
    async with running(opened_at(load("./p.yaml"), "unicode", "1", gradients="mine.json")) as shown:
        await shown.press("right", "r")
        assert shown.session.own is not None
        assert shown.session.cursor == Cursor(0, 0)
        file.write_text(PARABOLA.replace("0.3", "0.01"))
        await shown.press("r")
        assert "The file has changed, and was read again. Your gradients belong to the file as it was" in shown.text
    async with running(opened(load("./p.yaml"), slip="sign@∂L/∂w")) as shown:
        await shown.press("]", "r")
        assert shown.session.current_run.slip == "sign@∂L/∂w"
        file.write_text(PARABOLA.replace("0.01", "0.3"))
        await shown.press("r")
        assert shown.session.current_run.slip == "sign@∂L/∂w"
        assert shown.session.scenario.learning_rate == 0.3


async def test_a_slip_that_has_no_place_any_more_is_told_and_the_lesson_stays(file):
    async with running(opened(load("./p.yaml"), slip="sign@∂L/∂w")) as shown:
        file.write_text(PARABOLA.replace("w", "u"))
        await shown.press("]")
        await _look(shown)
        assert "∂L/∂w" in shown.session.notice
        assert shown.session.cursor == Cursor(1, 0)
        assert "w" in shown.session.graph.parameters


async def test_a_number_put_in_for_a_name_that_is_gone_is_told_and_the_lesson_stays(file):
    async with running(opened(load("./p.yaml").opened_with({"w": 1}))) as shown:
        file.write_text(PARABOLA.replace("w", "u"))
        await shown.press("r")
        assert "there is no parameter or constant 'w'" in shown.text
        assert "w" in shown.session.graph.parameters


async def test_the_command_that_opens_this_step_is_copied(file):
    async with running(opened(load("./p.yaml"))) as shown:
        await shown.press("]", "right", "Y")
        assert shown.app.clipboard == "backprop-tui p.yaml --at 1.2"
        assert "Copied: backprop-tui p.yaml --at 1.2" in shown.text
