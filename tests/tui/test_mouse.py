"""What does the mouse do?"""

from __future__ import annotations

from support.panel_text import opened, played
from support.screen import running
from textual.events import MouseScrollDown, MouseScrollUp

from tui_backprop.panels.panel_table import current_panel
from tui_backprop.tui.help import HelpScreen
from tui_backprop.tui.snap import settled


async def test_a_click_on_a_node_goes_to_its_step():
    async with running(opened("logistic")) as shown:
        await shown.pilot.click("#graph", offset=_place_of(shown, "graph", "a"))
        assert (shown.session.entry.kind, shown.session.entry.name) == ("value", "a")


async def test_a_click_on_a_node_in_the_backward_pass_goes_to_its_gradient():
    async with running(played(opened("logistic"), "phase_on")) as shown:
        await shown.pilot.click("#graph", offset=_place_of(shown, "graph", "a"))
        assert (shown.session.entry.kind, shown.session.entry.name) == ("gradient", "a")


def _place_of(shown, panel, target):
    """Where in a panel, its border included, a target can be clicked."""
    view = shown.app.screen.query_one(f"#{panel}")
    for y, line in enumerate(view._lines):
        x = 0
        for span in line:
            if span.target == target:
                return (x + 1, y + 1)
            x += len(span.text)
    raise AssertionError(f"{target} is nowhere in {panel}")


async def test_a_click_into_a_panel_makes_it_the_current_one():
    async with running(opened("logistic")) as shown:
        await shown.pilot.click("#loss", offset=(0, 0))
        assert current_panel(shown.session).name == "loss"
        await shown.click("Equations")
        assert current_panel(shown.session).name == "equations"


async def test_a_click_on_a_tab_shows_its_panel():
    async with running(opened("logistic"), (60, 20)) as shown:
        await shown.click("Loss")
        assert current_panel(shown.session).name == "loss"


async def test_a_click_on_a_key_presses_it():
    async with running(opened("logistic")) as shown:
        await shown.click("next phase")
        assert shown.session.entry.phase == "backward"
        await shown.click("? help")
        assert isinstance(shown.app.screen, HelpScreen)


async def test_the_wheel_steps_and_goes_through_what_is_read():
    async with running(played(opened("logistic"), "5*step_on")) as shown:
        for message, index in ((MouseScrollDown, 6), (MouseScrollDown, 7), (MouseScrollUp, 6)):
            await _turn_the_wheel(shown, message)
            assert shown.session.cursor.index == index
        await shown.press("d")
        await _turn_the_wheel(shown, MouseScrollDown)
        assert (shown.session.cursor.index, shown.session.reading.position) == (6, 1)


async def _turn_the_wheel(shown, message):
    """As the terminal reports it: over a place of the screen."""
    place = shown.app.screen.query_one("#equations").region.offset
    shown.app.post_message(message(None, place.x + 3, place.y + 3, 0, 0, 0, False, False, False))
    await settled(shown.app, shown.pilot)


async def test_a_click_on_an_equation_goes_to_its_step():
    async with running(opened("logistic")) as shown:
        await shown.click("L = −(y")
        assert (shown.session.entry.kind, shown.session.entry.name) == ("value", "L")
