"""How does one get from lesson to lesson, and what does a file that is none leave behind?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from support.panel_text import opened, played
from support.screen import running

from tui_backprop.scenario.bundled import LessonGroup, bundled_names, bundled_questions
from tui_backprop.settings import Kept
from tui_backprop.tui.chooser import Chooser
from tui_backprop.tui.help import FirstScreen
from tui_backprop.tui.stepper import Stepper

BAD = 'title: "[/] bad [@click=app.quit]x[/]"\nparameters: {w: 010}\nequations: {L: w q}\ncolour: "[w-3]^2"\n'


async def test_without_a_lesson_the_program_asks_for_one():
    async with running(None) as shown:
        assert isinstance(shown.app.screen, Chooser)
        for name in bundled_names()[:8]:
            assert name in shown.text
        await shown.press("down", "enter")
        assert shown.session.scenario.name == bundled_names()[1]
        assert isinstance(shown.app.screen, Stepper)
        assert shown.session.scenario.title in shown.lines[0]


async def test_escape_at_the_start_leaves_the_program():
    async with running(None) as shown:
        await shown.press("escape")
        assert shown.app.return_code == 0


async def test_o_leads_back_to_a_lesson_and_out_of_nothing():
    async with running(None) as shown:
        await shown.press("o")
        assert isinstance(shown.app.screen, Chooser)
    async with running(opened("logistic")) as shown:
        await shown.press("o", "o")
        assert isinstance(shown.app.screen, Stepper)


async def test_escape_goes_back_to_the_open_lesson():
    start = played(opened("logistic"), "4*step_on")
    async with running(start) as shown:
        await shown.press("o")
        assert "Lessons" in shown.lines[0]
        await shown.press("down", "escape")
        assert shown.session == start


async def test_the_chosen_lesson_tells_what_it_is_about():
    async with running(None) as shown:
        assert opened(bundled_names()[0]).scenario.summary.split()[0] in shown.text


async def test_a_file_of_ones_own_is_opened_by_its_path(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("title: My own\nparameters: {w: 1}\nequations: {L: w^2}\n")
    async with running(opened("logistic")) as shown:
        await shown.press("o", "end")
        await shown.write(str(path))
        await shown.press("enter")
        assert shown.session.scenario.title == "My own"


async def test_a_bad_file_is_told_about_and_the_open_lesson_stays(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(BAD)
    start = played(opened("logistic"), "4*step_on")
    async with running(start, (200, 50)) as shown:
        await shown.press("o", "end")
        await shown.write(str(path))
        await shown.press("enter")
        assert isinstance(shown.app.screen, Chooser)
        text = shown.text
        assert f"{path}:2:17" in text
        assert f"{path}:4:1" in text
        assert "parameters: {w: 010}" in text
        assert "^^^" in text
        assert "help: " in text
        assert shown.session == start
        await shown.press("escape")
        assert isinstance(shown.app.screen, Stepper)
        assert shown.session == start


async def test_what_is_no_file_is_told_about(tmp_path):
    async with running(opened("logistic")) as shown:
        await shown.press("o", "end")
        for path, told in (
            (tmp_path / "nowhere.yaml", "does not exist"),
            (tmp_path, "is a directory"),
            ("gone", "no bundled scenario 'gone'"),
        ):
            shown.app.screen.query_one("#path").value = str(path)
            await shown.press("enter")
            assert isinstance(shown.app.screen, Chooser)
            assert told in shown.text


async def test_a_click_opens_a_lesson():
    async with running(opened("logistic")) as shown:
        await shown.press("o")
        await shown.click("parabola-too-large")
        assert shown.session.scenario.name == "parabola-too-large"


@pytest.mark.parametrize("moved", [["down"] * 3, ["down"] * 9, ["end", "up", "up"], ["end"]], ids=" ".join)
async def test_a_click_opens_the_lesson_under_it_wherever_the_choice_has_moved(moved):
    async with running(opened("logistic"), (120, 130)) as shown:
        await shown.press("o", *moved)
        for name in (bundled_names()[1], bundled_names()[-1]):
            await shown.click(f" {name} ")
            assert isinstance(shown.app.screen, Stepper)
            assert shown.session.scenario.name == name
            await shown.press("o", *moved)


async def test_a_click_chooses_the_file_of_ones_own_wherever_the_choice_has_moved(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("title: My own\nparameters: {w: 1}\nequations: {L: w^2}\n")
    async with running(opened("logistic")) as shown:
        await shown.press("o", *["down"] * 5)
        await shown.click("own file")
        await shown.write(str(path))
        await shown.press("enter")
        assert shown.session.scenario.title == "My own"


async def test_a_lesson_that_cannot_be_read_does_not_hide_the_others(monkeypatch):
    monkeypatch.setattr("tui_backprop.tui.chooser.bundled_groups", lambda: (LessonGroup("All", ("gone", "parabola")),))
    async with running(None) as shown:
        assert "cannot be read" in shown.text
        await shown.press("enter")
        assert "there is no bundled scenario 'gone'" in shown.text
        await shown.press("down", "enter")
        assert shown.session.scenario.name == "parabola"


# --- questions, search, ticks and the lesson after


async def test_every_bundled_lesson_stands_above_the_question_that_it_answers():
    assert bundled_questions().keys() == {*bundled_names()}
    async with running(None, (120, 130)) as shown:
        for name, question in bundled_questions().items():
            row = next(place for place, line in enumerate(shown.lines) if line[5:].startswith(f"{name} "))
            assert question in shown.lines[row + 1]


async def test_words_leave_the_lessons_that_have_them_and_escape_brings_back_all():
    async with running(None) as shown:
        await shown.press("/")
        await shown.write("average example")
        assert "logistic-four" in shown.text
        assert "parabola" not in shown.text
        await shown.press("escape")
        assert "parabola" in shown.text
        await shown.press("/")
        await shown.write("zzz")
        assert "No lesson has all these words" in shown.text
        await shown.press("enter")
        assert isinstance(shown.app.screen, Chooser)


async def test_enter_opens_the_first_lesson_that_fits_the_words():
    async with running(None) as shown:
        await shown.press("/")
        await shown.write("momentum")
        await shown.press("enter")
        assert shown.session.scenario.name == "momentum"


async def test_the_choice_begins_at_the_lesson_that_is_open():
    async with running(opened("chain")) as shown:
        await shown.press("o", "down", "up", "enter")
        assert shown.session.scenario.name == "chain"


async def test_help_opens_over_the_choice_and_closes_onto_it():
    async with running(None) as shown:
        await shown.press("question_mark")
        assert "Help" in shown.lines[0]
        await shown.press("escape")
        assert isinstance(shown.app.screen, Chooser)


@pytest.mark.parametrize(("lesson", "following"), [("limit", "exponential"), ("parabola", "parabola-too-small")])
async def test_at_its_end_a_lesson_is_ticked_and_enter_opens_the_one_after_it(tmp_path, lesson, following):
    kept = Kept(tmp_path / "settings.json")
    async with running(opened(lesson), (80, 24), kept=kept) as shown:
        await shown.press("right")
        assert kept.current.lessons_seen == ()
        assert "enter" not in shown.lines[-1]
        await shown.press("end")
        assert "enter next lesson" in shown.lines[-1]
        assert "enter opens the one after it" in shown.text
        await shown.resize(120, 40)
        assert "enter next lesson" in shown.lines[-1]
        assert bundled_questions()[following] in shown.text
        await shown.press("enter")
        assert shown.session.scenario.name == following
        assert shown.session.reading is None
        await shown.press("o", "home")
        assert any("✓" in line and f" {lesson} " in line for line in shown.lines)
        assert "1 of" in shown.lines[0]
    assert Kept(tmp_path / "settings.json").current.lessons_seen == (lesson,)


async def test_before_its_end_enter_derives():
    async with running(opened("limit")) as shown:
        await shown.press("n", "right", "enter")
        assert shown.session.reading is not None


async def test_after_the_last_lesson_and_in_a_lesson_of_ones_own_none_follows():
    for lesson in (bundled_names()[-1], "title: t\nparameters: {w: 1}\nequations: {L: w^2}\n"):
        async with running(opened(lesson)) as shown:
            await shown.press("end")
            assert "next lesson" not in shown.text


async def test_a_file_of_ones_own_that_is_called_like_a_lesson_is_not_that_lesson(tmp_path):
    kept = Kept(tmp_path / "settings.json")
    kept.change(replace(kept.current, knows_the_keys=True))
    for name in (bundled_names()[1], bundled_names()[-1]):
        path = tmp_path / f"{name}.yaml"
        path.write_text("title: t\nparameters: {w: 1}\nequations: {L: w^2}\n")
        async with running(opened(str(path)), kept=kept) as shown:
            await shown.press("end")
            assert "lesson ends here" not in shown.text
            assert "next lesson" not in shown.text
            await shown.press("o")
            assert f"▸   {bundled_names()[0]} " in shown.text
    assert kept.current.lessons_seen == ()


async def test_the_first_run_begins_with_six_lines_that_any_key_closes_for_good(tmp_path):
    for key in ("x", "escape"):
        kept = Kept(tmp_path / f"{key}.json")
        async with running(None, kept=kept) as shown:
            assert isinstance(shown.app.screen, FirstScreen)
            assert sum(bool(line.strip()) for line in shown.lines) == 2 + 6
            await shown.press(key)
            assert isinstance(shown.app.screen, Chooser)
        async with running(None, kept=Kept(tmp_path / f"{key}.json")) as shown:
            assert isinstance(shown.app.screen, Chooser)
