"""At any size, and on the way from one to another: does nothing break, and is all in its place?"""

from __future__ import annotations

import itertools

import pytest
from support.panel_text import opened, played, text_of
from support.screen import running
from support.tables import all_or, sample

from tui_backprop.moves.move_table import MOVES
from tui_backprop.panels.lines import width_of
from tui_backprop.panels.panel_table import PANELS, current_panel, header_line, narration_lines
from tui_backprop.safe_text import cell_width
from tui_backprop.tui.line_bars import footer_line, tab_line

TOO_SMALL = [(1, 1), (2, 2), (1, 50), (300, 1), (5, 3), (10, 4), (19, 4), (19, 24), (20, 4), (200, 4)]
SIZES = [
    *[(20, 5), (20, 6), (20, 7), (20, 8), (20, 9), (20, 200), (21, 5), (24, 10), (25, 6), (30, 7), (33, 12), (40, 10)],
    *[(40, 24), (59, 15), (60, 16), (60, 40), (79, 23), (79, 24), (80, 23), (80, 24), (81, 25), (97, 31), (100, 30)],
    *[(109, 32), (120, 40), (132, 43), (160, 50), (200, 60), (300, 100), (500, 10), (1000, 5), (1000, 20), (90, 300)],
]
SOME_SIZES = [(19, 4), (20, 5), (20, 200), (40, 10), (80, 24), (97, 31), (1000, 20)]
LESSONS = ["parabola", "logistic-four", "net-2-2-2", "chain", "xor-relu", "rules", "partials", "logistic", "limit"]
WAYS = [
    (),
    ("phase_on", "node_on"),
    ("phase_on", "node_on", "derive"),
    ("phase_on", "node_on", "nudge"),
    ("phase_on", "focus", "focus"),
    ("iteration_on", "log_axis", "digits"),
    ("3*iteration_on", "curve", "digits"),
    ("split", "phase_on"),
    ("end", "digits"),
    ("step_back",),
]


@pytest.mark.parametrize(("lesson", "way"), sample([*itertools.product(LESSONS, WAYS)], 9), ids=str)
def test_what_is_drawn_fits_its_panel(lesson, way):
    session = played(opened(lesson), *way)
    for width, height in all_or([*TOO_SMALL[::4], *SOME_SIZES], [*TOO_SMALL, *SIZES]):
        drawn = {name: panel.lines(session, width, height) for name, panel in PANELS.items()}
        drawn["narration"] = narration_lines(session, width, height)
        for name, lines in drawn.items():
            assert len(lines) <= height, (name, width, height)
            assert max(map(width_of, lines), default=0) <= width, (name, width, height)
        for name, line in {
            "header": header_line(session, width),
            "footer": footer_line(session, width),
            "tabs": tab_line(current_panel(session), width, session.charset),
        }.items():
            assert width_of(line) <= width, (name, width)
        if width >= 20:
            where = text_of([header_line(session, width)])
            assert f"{session.cursor.index + 1}/{len(session.layout)}" in where.replace(" of ", "/"), (width, where)
        if width >= 20 and height >= 2:
            assert text_of(drawn["narration"]).strip()


KEYS = ["right", "n", "j", "z", "v", "tab", "d", "escape", "escape", "]", "a"]


def _assert_is_whole(shown, width, height):
    lines = shown.lines
    assert len(lines) == height
    assert max(map(cell_width, lines)) <= width
    if width < 20 or height < 5:
        assert lines[0].startswith("too small: 20x5 at"[: min(width - 1, 3)])
        assert not any("·" in line for line in lines)
        return
    assert any(sign in lines[0] for sign in "·|!")
    if height >= 8:
        assert any(line.startswith((" just computed:", " this line:", " checked:")) for line in lines), shown.text
    if height >= 7:
        assert "q quit" in lines[-1] or "escape" in lines[-1] or width < 30


@pytest.mark.parametrize("lesson", all_or(["net-2-2-2"], LESSONS))
async def test_the_screen_is_whole_at_any_size(lesson):
    async with running(opened(lesson), (100, 30)) as shown:
        keys = itertools.cycle(KEYS)
        for size in all_or(SOME_SIZES, [*SIZES, *TOO_SMALL]):
            await shown.resize(*size)
            await shown.press(*itertools.islice(keys, 2))
            _assert_is_whole(shown, *size)
            assert shown.app.return_code is None


@pytest.mark.parametrize("charset", all_or(["ascii"], ["unicode", "ascii"]))
async def test_resizing_while_playing(charset):
    session = played(opened("chain", charset), *["faster"] * 6)
    async with running(session, (100, 30), charset, plays=True) as shown:
        await shown.press("space")
        for size in all_or([(1, 1), (20, 5), (300, 100)], [*TOO_SMALL, *SIZES]):
            await shown.pilot.resize_terminal(*size)
            await shown.pilot.pause(0.05)
            assert shown.app.return_code is None
        # On a busy machine the first step of playing may still be to come.
        for _ in range(100):
            if shown.session.cursor != session.cursor:
                break
            await shown.pilot.pause(0.05)
        assert shown.session.is_playing
        assert shown.session.cursor != session.cursor
        await shown.press("space")
        await shown.resize(80, 24)
        _assert_is_whole(shown, 80, 24)


@pytest.mark.parametrize("screen", all_or(["o"], ["question_mark", "o", "g", "ctrl+p"]))
async def test_what_lies_over_the_screen_is_whole_at_any_size(screen):
    async with running(opened("logistic"), (100, 30)) as shown:
        await shown.press(screen)
        for width, height in all_or([(1, 1), (19, 4), (20, 5), (1000, 20)], [*TOO_SMALL, *SIZES]):
            await shown.resize(width, height)
            await shown.press("down")
            lines = shown.lines
            assert len(lines) == height
            assert max(map(cell_width, lines)) <= width
        await shown.resize(80, 24)
        await shown.press("escape")
        _assert_is_whole(shown, 80, 24)


@pytest.mark.parametrize("width", [16, 17, 18, 19, 20, 24, 30])
def test_beside_the_digits_of_a_loss_there_is_room_for_its_curve(width):
    session = played(opened("parabola"), "iteration_on", "log_axis", "digits")
    lines = PANELS["loss"].lines(session, width, 8)
    assert max(map(width_of, lines)) <= width
    assert any("⠀" <= sign <= "⣿" for line in lines for span in line for sign in span.text if sign != "⠀")


def test_the_moves_named_here_are_there():
    assert {move.rpartition("*")[2] for way in WAYS for move in way} <= MOVES.keys()
