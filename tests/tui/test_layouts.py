"""Is everything in reach at every size, and does nothing break on the way from one to another?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from support.panel_text import opened, played
from support.screen import running

from tui_backprop.panels.lines import width_of
from tui_backprop.panels.panel_table import PANELS, current_panel
from tui_backprop.tui.line_bars import footer_line, tab_line

ALL_AT_ONCE = [(120, 40), (80, 24), (200, 60), (81, 33)]
ONE_AT_A_TIME = [(60, 20), (40, 12), (79, 40), (120, 23), (20, 5)]


def _shown_panels(shown):
    return [name for name in PANELS if shown.app.screen.query_one(f"#{name}").is_on_screen]


@pytest.mark.parametrize("size", ALL_AT_ONCE)
async def test_where_there_is_room_all_panels_are_in_view(size):
    async with running(played(opened("logistic"), "6*step_on"), size) as shown:
        lines = shown.lines
        assert len(lines) == size[1]
        assert max(map(len, lines)) <= size[0]
        assert "Two-feature logistic" in lines[0]
        assert "Graph" in lines[1]
        assert "Equations" in lines[1]
        assert any("Loss history" in line for line in lines)
        assert any("just computed:" in line for line in lines)
        assert any("next:" in line for line in lines)
        assert "q quit" in lines[-1]
        assert _shown_panels(shown) == list(PANELS)


@pytest.mark.parametrize("size", ONE_AT_A_TIME)
async def test_where_there_is_none_each_panel_is_a_tab_away(size):
    async with running(played(opened("logistic"), "6*step_on"), size) as shown:
        for name in PANELS:
            assert current_panel(shown.session).name == name
            assert _shown_panels(shown) == [name]
            assert len(shown.lines) == size[1]
            assert shown.app.screen.query_one(f"#{name}").content_size.height >= 3
            await shown.press("tab")
        await shown.press("shift+tab")
        assert _shown_panels(shown) == [[*PANELS][-1]]


async def test_the_current_tab_is_marked_by_a_sign():
    async with running(opened("logistic"), (60, 20)) as shown:
        assert "▸ Graph    Equations" in shown.lines[1]
        await shown.press("tab")
        assert "Graph  ▸ Equations" in shown.lines[1]


async def test_the_current_panel_is_marked_by_a_sign():
    async with running(opened("logistic"), (80, 24)) as shown:
        assert "▸ Graph" in shown.lines[1]
        await shown.press("tab")
        assert "▸ Equations" in shown.lines[1]
        assert "▸ Graph" not in shown.lines[1]


@pytest.mark.parametrize("name", PANELS)
async def test_z_gives_the_whole_screen_to_one_panel_and_escape_gives_it_back(name):
    async with running(replace(opened("logistic"), panel=[*PANELS].index(name))) as shown:
        before = shown.text
        await shown.press("z")
        assert _shown_panels(shown) == [name]
        assert shown.app.screen.query_one(f"#{name}").size.height >= 30
        assert "just computed:" in shown.text
        assert "q quit" in shown.lines[-1]
        await shown.press("escape")
        assert shown.text == before


async def test_the_answer_to_a_key_is_seen_even_where_the_narration_has_no_room():
    async with running(opened("logistic"), (40, 7)) as shown:
        await shown.press("left")
        assert "This is the first step" in shown.lines[0]


async def test_resizing_there_and_back_gives_the_same_screen():
    async with running(played(opened("chain"), "12*step_on")) as shown:
        before = shown.text
        for size in [(80, 24), (60, 20), (20, 5), (1, 1), (40, 12), (200, 60), (300, 3), (5, 80)]:
            await shown.resize(*size)
            await shown.press("right", "left")
            assert shown.app.size == size
        await shown.resize(120, 40)
        assert shown.text == before


@pytest.mark.parametrize("screen", ["question_mark", "o", "g", "ctrl+p"])
async def test_no_screen_breaks_at_any_size(screen):
    async with running(opened("logistic"), (20, 5)) as shown:
        await shown.press(screen)
        for size in [(1, 1), (300, 100), (20, 5), (60, 20)]:
            await shown.resize(*size)
            await shown.press("down", "up", "end", "home")
        await shown.press("escape", "escape", "right")
        assert len(shown.lines) == 20


async def test_in_ascii_every_character_is():
    text = "title: Größe ∂η [/]\nparameters: {w1: 1}\nequations: {L: (w1 - 3)^2}\nlearning_rate: 0.1\n"
    async with running(opened(text, "ascii"), (80, 24), "ascii") as shown:
        for keys in [
            ("right",),
            ("tab",),
            ("z",),
            ("escape",),
            ("question_mark",),
            ("escape", "o"),
            ("escape", "ctrl+p"),
        ]:
            await shown.press(*keys)
            assert shown.text.isascii(), shown.text


def test_the_footer_fits_and_always_offers_help_and_quit():
    for width in range(14, 200):
        line = footer_line(opened("logistic"), width)
        assert width_of(line) <= width
        text = "".join(span.text for span in line)
        assert "? help" in text or width < 16
        assert "q quit" in text or width < 16


def test_the_whole_footer_fits_eighty_columns():
    assert footer_line(opened("logistic"), 80) == footer_line(opened("logistic"), 1_000)
    assert sum(span.role == "key" for span in footer_line(opened("logistic"), 80)) <= 7


@pytest.mark.parametrize("lesson", ["limit", "parabola"])
def test_at_the_end_of_a_lesson_the_footer_offers_the_next_one_in_eighty_columns(lesson):
    text = "".join(span.text for span in footer_line(played(opened(lesson), "end"), 80))
    assert text == " ← back  → step  d derive  c check  enter next lesson  ? help  q quit"


@pytest.mark.parametrize("name", PANELS)
def test_the_tabs_always_show_the_current_one(name):
    for width in range(16, 100):
        line = tab_line(PANELS[name], width, "unicode")
        assert width_of(line) <= width
        assert any(span.role == "active" and "▸" in span.text for span in line)
