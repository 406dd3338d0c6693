"""Can everything be read in both themes of ours: has each role of text a contrast of 4.5 to 1, on every ground?"""

from __future__ import annotations

from typing import get_args

import pytest
from support.panel_text import opened
from support.screen import running
from textual.color import Color

from tui_backprop.panels.lines import Role
from tui_backprop.tui.panel_view import PanelView
from tui_backprop.tui.snap import settled
from tui_backprop.tui.themes import DARK, LIGHT

ENOUGH = 4.5
TEXT = [role for role in get_args(Role) if not role.startswith("area")]


def _luminance(color):
    """The relative luminance of WCAG 2."""
    parts = [part / 255 for part in color.rgb]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_is_that_of_the_standard():
    assert contrast(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(21)
    assert contrast(Color(255, 255, 255), Color(0x76, 0x76, 0x76)) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", [DARK, LIGHT.name])
@pytest.mark.parametrize("keys", [(), ("question_mark",), ("o",)], ids=["stepper", "help", "lessons"])
async def test_every_role_stands_out_from_its_ground(theme, keys):
    async with running(opened("logistic")) as shown:
        shown.app.theme = theme
        await settled(shown.app, shown.pilot)
        await shown.press(*keys)
        views = [*shown.app.screen.query(PanelView)]
        assert views
        faint = {
            (view.id, role): round(found, 2)
            for view in views
            for role in TEXT
            if (found := contrast(Color.from_rich_color(view._style(role).color), view.background_colors[1])) < ENOUGH
        }
        assert faint == {}
