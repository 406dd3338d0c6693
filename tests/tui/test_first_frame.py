"""Is the first frame painted once, and is everything that changes later painted all the same?"""

from __future__ import annotations

import pytest
from support.panel_text import opened
from support.screen import running
from textual.app import App

from tui_backprop.tui.help import HelpScreen


@pytest.fixture
def painted(monkeypatch):
    """The names of the screens in the order in which something of them was written to the terminal."""
    names: list[str] = []
    write = App._display

    def noted(app, screen, renderable):
        if renderable is not None:
            names.append(type(screen).__name__)
        write(app, screen, renderable)

    monkeypatch.setattr(App, "_display", noted)
    return names


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (18, 4)])
async def test_the_first_frame_is_painted_once(painted, size):
    async with running(opened("logistic"), size):
        assert painted == ["Stepper"]


async def test_what_another_screen_covered_is_painted_again(painted):
    async with running(opened("logistic")) as shown:
        before = shown.text
        await shown.press("question_mark")
        assert isinstance(shown.app.screen, HelpScreen)
        painted.clear()
        await shown.press("escape")
        assert "Stepper" in painted
        assert shown.text == before


async def test_a_theme_chosen_at_once_is_seen():
    async with running(opened("logistic")) as shown:
        dark = shown.picture
        shown.app.theme = "textual-light"
        await shown.press("right", "left")
        assert shown.picture != dark
