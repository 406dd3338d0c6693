"""What a key costs on the screen: only rows that changed are made and sent."""

import pytest
from textual.filter import Monochrome

from tui_backprop.api import load
from tui_backprop.session import Session
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.panel_view import PanelView
from tui_backprop.tui.snap import screen_text, settled

SIZE = (120, 40)


def app_on(lesson):
    return BackpropApp(Session.start(load(lesson)))


async def press(app, pilot, *keys):
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)
        await pilot.pause()


def rows_sent(monkeypatch):
    """The rows of the screen that Textual is told to paint, as (view, row), from now on."""
    sent = []
    refresh, change_rows = PanelView.refresh, PanelView._change_rows

    def counted(view, *regions, **more):
        sent.extend((view.id, row) for row in range(view.size.height))
        return refresh(view, *regions, **more)

    def counted_rows(view, rows):
        sent.extend((view.id, row) for row in rows)
        return change_rows(view, rows)

    monkeypatch.setattr(PanelView, "refresh", counted)
    monkeypatch.setattr(PanelView, "_change_rows", counted_rows)
    return sent


def lines_on(app):
    """Every line on the screen, by view and row."""
    views = app.screen.query(PanelView)
    return {(view.id, row): line for view in views for row, line in enumerate(view._lines)}


async def test_only_the_rows_that_differ_are_painted_again(monkeypatch):
    app = app_on("logistic")
    async with app.run_test(size=SIZE) as pilot:
        await press(app, pilot, "right", "right")
        sent = rows_sent(monkeypatch)
        for _ in range(20):
            before, screen = lines_on(app), screen_text(app)
            sent.clear()
            await press(app, pilot, "right")
            after = lines_on(app)
            assert screen_text(app) != screen
            assert sorted(sent) == sorted(row for row in before | after if before.get(row) != after.get(row))
            assert len(sent) < len(after)


async def test_a_key_that_changes_nothing_paints_nothing(monkeypatch):
    app = app_on("logistic")
    async with app.run_test(size=SIZE) as pilot:
        await press(app, pilot, "home")
        sent = rows_sent(monkeypatch)
        await press(app, pilot, "home")
        assert sent == []


@pytest.mark.parametrize("size", [(120, 40), (97, 31), (80, 24), (60, 20)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lesson", ["logistic", "net-2-2-2"])
async def test_a_screen_changed_row_by_row_is_the_one_painted_at_once(lesson, size):
    keys = ["right", "right", "n", "]", "right", "left", "tab", "d", "escape", "z", "right", "z", "]", "[", "f"]
    app = app_on(lesson)
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await press(app, pilot, {"]": "right_square_bracket", "[": "left_square_bracket"}.get(key, key))
            changed_by_rows = screen_text(app)
            for view in app.screen.query(PanelView):
                view.refresh()
            await settled(app, pilot)
            await pilot.pause()
            assert screen_text(app) == changed_by_rows


async def test_rows_made_one_by_one_go_through_the_filters_of_the_app():
    app = app_on("logistic")
    async with app.run_test(size=SIZE) as pilot:
        app._filters.append(Monochrome())
        app.refresh_css()
        await press(app, pilot, "right", "right", "right")
        for view in app.screen.query(PanelView):
            for strip in view.render_lines(view.outer_size.region):
                for segment in strip:
                    color = segment.style and segment.style.color
                    assert not color or len({*color.get_truecolor()}) == 1
