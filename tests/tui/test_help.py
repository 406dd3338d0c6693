"""Does help tell every key and every word, and the palette every move?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from support.panel_text import opened
from support.screen import running
from textual.widgets import OptionList

from tui_backprop.moves.move_table import TABLE
from tui_backprop.moves.slip_twin import slips_offered
from tui_backprop.panels.lines import width_of
from tui_backprop.session import Cursor
from tui_backprop.settings import Kept
from tui_backprop.tui.help import WORDS, HelpScreen, _key_entry, help_lines
from tui_backprop.tui.key_names import key_event
from tui_backprop.tui.snap import settled
from tui_backprop.tui.stepper import Stepper


def _text(width):
    return "\n".join("".join(span.text for span in line) for line in help_lines(width, "unicode"))


def test_help_has_every_move_and_every_word():
    text = " ".join(_text(100).split())
    for move in TABLE:
        assert f"{' '.join(move.printed_keys('unicode'))} {move.description}" in text
    for word, told in WORDS:
        assert f"{word}: {told}" in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 109, 110, 120, 200])
def test_help_fits(width):
    assert all(width_of(line) <= width for line in help_lines(width, "unicode"))


@pytest.mark.parametrize("key", ["escape", "question_mark", "q", "f1"])
async def test_help_closes_and_the_program_goes_on(key):
    async with running(opened("parabola")) as shown:
        await shown.press("question_mark")
        assert isinstance(shown.app.screen, HelpScreen)
        await shown.press(key)
        assert isinstance(shown.app.screen, Stepper)
        assert shown.app.return_code is None


async def test_help_scrolls_to_its_end_and_back():
    async with running(opened("parabola"), (80, 24)) as shown:
        await shown.press("?")
        top = shown.text
        await shown.press("down")
        assert shown.lines[1] == top.splitlines()[2]
        await shown.press("end")
        assert "from the example before." in shown.lines[-2]
        await shown.press("down", "pagedown")
        assert "from the example before." in shown.lines[-2]
        await shown.press("home")
        assert shown.text == top
        await shown.press("pagedown", "pageup", "j", "k")
        assert shown.text == top


async def _offered(shown):
    await shown.pilot.pause(0.1)
    options = shown.app.screen.query_one(OptionList).options
    return [str(option.prompt).splitlines() for option in options]


async def test_the_palette_offers_every_move_and_says_why_one_is_not_possible():
    async with running(opened("parabola")) as shown:
        await shown.press("ctrl+p")
        offered = await _offered(shown)
        slips = (f"slip: {name}" for name in slips_offered(shown.session))
        assert [name for name, _ in offered] == [*(move.brief for move in TABLE), *slips, "colours"]
        told = dict(offered)
        for move in TABLE:
            reason = move.why_not(shown.session)
            assert told[move.brief].endswith(f"Not now: {reason}" if reason else move.description)


async def test_the_palette_carries_out_a_move():
    async with running(opened("parabola")) as shown:
        await shown.press("ctrl+p", *"next iter")
        await shown.pilot.pause(0.3)
        await shown.press("enter")
        await shown.pilot.pause(0.3)
        assert shown.session.cursor == Cursor(1, 0)


async def test_the_palette_opens_a_lesson_by_words_of_its_question():
    async with running(None) as shown:
        await shown.press("ctrl+p", *"own derivative")
        await shown.pilot.pause(0.3)
        assert "Why is e^x its own derivative?" in shown.text
        await shown.press("enter")
        await shown.pilot.pause(0.3)
        assert shown.session.scenario.name == "exponential"


async def test_the_palette_over_the_lessons_searches_them_and_leaves_the_choice_of_colours():
    async with running(None) as shown:
        await shown.press("ctrl+p", *"theme")
        await shown.pilot.pause(0.3)
        await shown.press("enter")
        await shown.pilot.pause(0.3)
        assert "flexoki" in shown.text
        await shown.press("escape", "ctrl+p", *"filter")
        await shown.pilot.pause(0.3)
        await shown.press("enter", *"softmax")
        await shown.pilot.pause(0.3)
        assert "three-classes" in shown.text
        assert "parabola" not in shown.text


async def test_colours_chosen_twice_at_once_are_chosen_once():
    async with running(opened("parabola")) as shown:
        shown.app.search_themes()
        await shown.pilot.pause(0.3)
        await shown.press("down", "down")
        chosen = sorted(shown.app.available_themes)[2]
        for _ in range(3):
            shown.app.post_message(key_event("enter"))
        await shown.pilot.pause(0.3)
        assert isinstance(shown.app.screen, Stepper)
        assert shown.app.theme == chosen


async def test_chosen_colours_are_there_the_next_time_unless_the_environment_asks_for_others(tmp_path, monkeypatch):
    kept = Kept(tmp_path / "settings.json")
    async with running(opened("parabola"), kept=kept) as shown:
        await shown.press("escape")
        assert kept.current.theme == ""
        first = shown.app.theme
        for chosen in ("nord", first, "nord"):
            shown.app.theme = chosen
            await settled(shown.app, shown.pilot)
            assert Kept(tmp_path / "settings.json").current.theme == chosen
    async with running(opened("parabola"), kept=Kept(tmp_path / "settings.json")) as shown:
        assert shown.app.theme == "nord"
    monkeypatch.setenv("TEXTUAL_THEME", "textual-light")
    async with running(opened("parabola"), kept=Kept(tmp_path / "settings.json")) as shown:
        assert shown.app.theme == "textual-light"
    assert Kept(tmp_path / "settings.json").current.theme == "nord"


async def test_colours_that_are_no_longer_there_are_those_of_the_start(tmp_path):
    (tmp_path / "settings.json").write_text('{"theme": "gone", "knows_the_keys": true}')
    async with running(opened("parabola"), kept=Kept(tmp_path / "settings.json")) as shown:
        assert shown.app.theme == "flexoki"


@pytest.mark.parametrize(
    ("said", "theme"),
    [
        ("0;15", "flexoki-light"),
        ("0;default;7", "flexoki-light"),
        ("15;0", "flexoki"),
        ("", "flexoki"),
        (";", "flexoki"),
    ],
)
async def test_a_terminal_that_says_it_is_light_begins_with_light_colours(tmp_path, monkeypatch, said, theme):
    monkeypatch.setenv("COLORFGBG", said)
    (tmp_path / "settings.json").write_text('{"knows_the_keys": true}')
    async with running(opened("parabola"), kept=Kept(tmp_path / "settings.json")) as shown:
        assert shown.app.theme == theme
    async with running(opened("parabola")) as shown:
        assert shown.app.theme == "flexoki"


async def test_every_theme_can_be_drawn_and_changes_every_colour():
    async with running(opened("logistic")) as shown:
        text, pictures = shown.text, set()
        for theme in shown.app.available_themes:
            shown.app.theme = theme
            await settled(shown.app, shown.pilot)
            await shown.pilot.pause(0)
            assert shown.text == text
            pictures.add(shown.picture)
        assert len(pictures) > len(shown.app.available_themes) - 3
        shown.app.theme = "textual-light"
        await settled(shown.app, shown.pilot)
        await shown.pilot.pause(0)
        changed = shown.picture
    async with running(opened("logistic")) as shown:
        shown.app.theme = "textual-light"
        await settled(shown.app, shown.pilot)
        await shown.pilot.pause(0)
        await shown.press("right", "left")
        assert shown.picture == changed


@pytest.mark.parametrize("width", [24, 30, 36, 50])
def test_a_row_of_help_ends_where_the_next_word_has_no_room(width):
    told = "Where does each number of this line come from, and where does it go? The arrows go over them."
    rows = ["".join(span.text for span in line) for line in _key_entry("left h", told, width)]
    rows = [row for row in rows if row.strip() != "left h"]
    assert all(len(row) <= width - 1 for row in rows)
    for row, after in pairwise(rows):
        assert len(row) + 1 + len(after.split()[0]) > width - 1
