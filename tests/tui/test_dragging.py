"""Text that the mouse is dragged over is copied; a click stays a click."""

from __future__ import annotations

import pytest
from support.panel_text import opened, played
from support.screen import Shown, running
from textual import events
from textual.geometry import Offset

from tui_backprop.tui.dragging import DraggedOver
from tui_backprop.tui.snap import settled

EQUATION = "z = w₁·x₁ + w₂·x₂ + b"


def _cell(shown: Shown, text: str) -> tuple[int, int]:
    """The column and the row of the first place where a text stands."""
    row = next(number for number, line in enumerate(shown.lines) if text in line)
    return shown.lines[row].index(text), row


def _send(shown: Shown, kind: type[events.MouseEvent], cell: tuple[int, int], button: int = 1) -> None:
    x, y = cell
    shown.app.post_message(
        kind(
            None,
            x=x,
            y=y,
            delta_x=0,
            delta_y=0,
            button=button,
            shift=False,
            meta=False,
            ctrl=False,
            screen_x=x,
            screen_y=y,
        )
    )


async def _drag(shown: Shown, start: tuple[int, int], *on: tuple[int, int], button: int = 1) -> None:
    """Press at a cell and move over others."""
    _send(shown, events.MouseDown, start, button)
    for cell in on:
        _send(shown, events.MouseMove, cell, button)
    await settled(shown.app, shown.pilot)


async def _let_go(shown: Shown, cell: tuple[int, int]) -> None:
    _send(shown, events.MouseUp, cell)
    await settled(shown.app, shown.pilot)


def _reversed(shown: Shown) -> str:
    """What is marked in the equations."""
    view = shown.app.screen.query_one("#equations")
    strips = view.render_lines(view.outer_size.region)
    return "".join(part.text for strip in strips for part in strip if part.style is not None and part.style.reverse)


async def test_what_is_dragged_over_is_marked_and_copied_when_the_button_is_let_go():
    async with running(opened("logistic")) as shown:
        x, y = _cell(shown, EQUATION)
        end = (x + len(EQUATION) - 1, y)
        await _drag(shown, (x, y), (x + 3, y), end)
        assert _reversed(shown) == EQUATION
        await _let_go(shown, end)
        assert _reversed(shown) == ""
        assert shown.app.clipboard == EQUATION
        assert shown.session.notice == f"Copied: {EQUATION}"


async def test_several_rows_are_copied_as_lines_in_either_direction():
    async with running(played(opened("logistic"), "3*step_on")) as shown:
        x, y = _cell(shown, EQUATION)
        await _drag(shown, (x + 6, y + 1), (x, y))
        await _let_go(shown, (x, y))
        first, second = shown.app.clipboard.splitlines()
        assert first == EQUATION
        assert second.lstrip().startswith("= ")
        assert shown.session.notice == "Copied: 2 lines"


async def test_dragging_out_of_a_panel_takes_from_it_alone():
    async with running(opened("logistic")) as shown:
        x, y = _cell(shown, EQUATION)
        await _drag(shown, (x, y), (119, y))
        await _let_go(shown, (119, y))
        assert shown.app.clipboard == EQUATION
        assert shown.app.mouse_captured is None


async def test_dragging_over_a_node_goes_nowhere_and_a_click_after_it_does():
    async with running(opened("logistic")) as shown:
        x, y = _cell(shown, "[z]")
        start = shown.session.cursor
        await _drag(shown, (x + 1, y), (x, y), (x + 1, y))
        await _let_go(shown, (x + 1, y))
        assert shown.session.cursor == start
        assert shown.app.clipboard == "z"
        await shown.click("a = σ(z)")
        assert shown.app.clipboard == "z"
        assert shown.session.notice == ""


@pytest.mark.parametrize("button", [2, 3])
async def test_the_other_buttons_take_nothing(button):
    async with running(opened("logistic")) as shown:
        x, y = _cell(shown, EQUATION)
        await _drag(shown, (x, y), (x + 9, y), button=button)
        assert _reversed(shown) == ""
        await _let_go(shown, (x + 9, y))
        assert shown.app.clipboard == ""


async def test_a_button_let_go_where_nobody_told_takes_nothing():
    async with running(opened("logistic")) as shown:
        x, y = _cell(shown, EQUATION)
        await _drag(shown, (x, y), (x + 9, y))
        _send(shown, events.MouseMove, (x + 12, y), button=0)
        await settled(shown.app, shown.pilot)
        assert (_reversed(shown), shown.app.clipboard, shown.app.mouse_captured) == ("", "", None)


def test_a_stretch_runs_as_text_does():
    stretch = DraggedOver.between(Offset(2, 7), Offset(5, 4))
    assert [stretch.cells(row, 10) for row in stretch.rows] == [(5, 10), (0, 10), (0, 10), (0, 3)]
    assert DraggedOver.between(Offset(4, 1), Offset(1, 1)).cells(1, 10) == (1, 5)
