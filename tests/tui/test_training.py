"""Is a long training watched, answered and stopped, while a short one is not noticed?"""

from __future__ import annotations

import pytest
from support.panel_text import opened
from support.screen import running

from tui_backprop.record.history import History
from tui_backprop.session import Cursor
from tui_backprop.tui import long_work
from tui_backprop.tui.key_names import key_event
from tui_backprop.tui.long_work import Recorder

LONG = "title: Long\nparameters: {w: 0}\nequations: {L: (w - 3)^2}\nlearning_rate: 0.0001\niterations: 1000000\n"


async def _started(shown):
    """Press `end` on a long lesson, and wait only until the training has begun."""
    shown.app.post_message(key_event("end"))
    for _ in range(100):
        await shown.pilot.pause(0)
        if shown.app._work is not None:
            return
    raise AssertionError("the training did not begin")


async def test_escape_stops_a_long_training_and_the_cursor_stays():
    async with running(opened(LONG)) as shown:
        await _started(shown)
        assert "training:" in shown.text
        assert "of 1,000,000 iterations" in shown.text
        await shown.press("escape")
        assert shown.session.cursor == Cursor(0, 0)
        assert "Training stopped: " in shown.text
        recorded = len(shown.session.history)
        assert 1 < recorded < 1_000_000
        await shown.press("right")
        assert shown.session.cursor == Cursor(0, 1)
        assert len(shown.session.history) == recorded


async def test_q_leaves_during_a_long_training():
    async with running(opened(LONG)) as shown:
        await _started(shown)
        await shown.press("q")
        assert shown.app.return_code == 0


async def test_a_training_that_ends_moves_the_cursor():
    text = LONG.replace("1000000", "60000")
    async with running(opened(text)) as shown:
        await shown.press("end")
        assert shown.session.cursor == Cursor(60_000, 4)
        assert "training:" not in shown.text


async def test_a_diverging_training_ends_where_the_numbers_do():
    text = LONG.replace("0.0001", "1.1")
    async with running(opened(text)) as shown:
        await shown.press("end")
        assert shown.session.cursor.iteration == shown.session.history.ended_at


@pytest.mark.parametrize("seconds", [0.0, 0.001, 1.0])
def test_recording_in_slices_gives_the_same_numbers(seconds):
    scenario = opened(LONG).scenario
    history, other = History(scenario), History(scenario)
    recorder = Recorder([history], 5_000)
    slices = 1
    while not recorder.work(seconds):
        slices += 1
    other.extend(5_000)
    assert list(history.losses) == list(other.losses)
    assert history.parameter_values(5_000) == other.parameter_values(5_000)
    assert (slices == 1) == (seconds == 1.0)


def test_a_slice_takes_about_as_long_as_it_may(monkeypatch):
    now = 0.0
    history = History(opened(LONG).scenario)
    extend = history.extend

    def extended(iteration):
        nonlocal now
        now += (iteration - len(history) + 1) * 0.00002
        extend(iteration)

    monkeypatch.setattr(long_work, "perf_counter", lambda: now)
    monkeypatch.setattr(history, "extend", extended)
    recorder = Recorder([history], 100_000)
    slices = []
    while not recorder.is_done:
        began = now
        recorder.work(0.015)
        slices.append(now - began)
    assert max(slices) < 2 * 0.015
    assert min(slices[1:-1]) > 0.015 / 2
