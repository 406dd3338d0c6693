"""What does each key do on the real screen?"""

from __future__ import annotations

from itertools import chain

import pytest
from msgspec.structs import replace
from support.panel_text import opened, played
from support.screen import running

from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import MOVES, TABLE
from tui_backprop.session import Cursor
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.chooser import Chooser
from tui_backprop.tui.help import HelpScreen
from tui_backprop.tui.key_names import key_event
from tui_backprop.tui.palette import Palette
from tui_backprop.tui.prompt import Prompt
from tui_backprop.tui.screen_actions import SCREEN_ACTIONS
from tui_backprop.tui.snap import settled
from tui_backprop.tui.stepper import Stepper

APPLIED = [(move, key) for move in TABLE if move.apply is not None for key in move.keys]


def test_every_binding_leads_to_an_action_that_exists():
    of_stepper = [*chain.from_iterable(Stepper()._bindings.key_to_bindings.values())]
    assert len(of_stepper) >= sum(len(move.keys) for move in TABLE)
    for bindings in (of_stepper, BackpropApp.BINDINGS, HelpScreen.BINDINGS, Chooser.BINDINGS, Prompt.BINDINGS):
        for binding in bindings:
            action, _, argument = binding.action.removeprefix("app.").removeprefix("screen.").partition("(")
            owners = (BackpropApp, Stepper, HelpScreen, Chooser, Prompt)
            assert any(hasattr(owner, f"action_{action}") for owner in owners), binding
            if action == "press":
                assert argument.strip("')") in MOVES


def test_every_action_of_the_screen_belongs_to_a_move():
    assert {*SCREEN_ACTIONS} == {move.screen_action for move in TABLE if move.screen_action is not None}


def test_no_key_has_two_moves():
    keys = [key for move in TABLE for key in move.keys]
    assert len(keys) == len(set(keys))


async def test_every_key_does_what_its_move_says():
    start = played(opened("logistic"), "5*step_on", "iteration_on")
    async with running(start) as shown:
        for move, key in APPLIED:
            shown.app.session = start
            await shown.press(key)
            is_other = move.otherwise and move.why_not(start)
            expected = carried_out(MOVES[move.otherwise] if is_other else move, start)
            if expected.reading is not None:
                # A reading may hold numbers that are no numbers, which equal nothing.
                assert shown.session.reading.title == expected.reading.title
                expected = replace(expected, reading=shown.session.reading)
            if expected.whole is not None:
                # An iteration that is split is a lesson of its own, made anew.
                expected = replace(expected, lesson=shown.session.lesson)
            assert shown.session == expected, key


async def test_a_move_that_is_not_possible_says_why():
    async with running(opened("parabola")) as shown:
        await shown.press("left")
        assert MOVES["step_back"].why_not(opened("parabola")) in shown.text


@pytest.mark.parametrize(
    ("written", "cursor"),
    [
        ("3", Cursor(3, 0)),
        ("2.4", Cursor(2, 3)),
        ("end", Cursor(10, 4)),
        ("w", Cursor(0, 3)),
        ("loss < 1", Cursor(2, 0)),
    ],
)
async def test_g_goes_to_a_place_in_words(written, cursor):
    session = opened("parabola")
    session = replace(session, lesson=replace(session.lesson, scenario=replace(session.scenario, iterations=10)))
    async with running(session) as shown:
        await shown.press("g")
        await shown.write(written)
        assert f"go to: {written}" in shown.lines[-1]
        await shown.press("enter")
        assert shown.session.cursor == cursor
        assert isinstance(shown.app.screen, Stepper)


async def test_nothing_is_lost_when_keys_come_faster_than_the_prompt_opens():
    async with running(opened("parabola")) as shown:
        for key in ("g", "1", "2", ".", "3", "enter"):
            shown.app.post_message(key_event(key))
        await settled(shown.app, shown.pilot)
        assert shown.session.cursor == Cursor(12, 2)


async def test_g_says_what_is_wrong_and_escape_leaves_it():
    start = opened("parabola")
    async with running(start) as shown:
        await shown.press("g", *"nowhere", "enter")
        assert "Nothing here is called 'nowhere'" in shown.text
        await shown.press("g", *"12", "escape")
        assert shown.session.cursor == start.cursor
        assert isinstance(shown.app.screen, Stepper)


async def test_what_is_typed_into_the_prompt_is_no_move():
    start = opened("parabola")
    async with running(start) as shown:
        await shown.press("g", "l", "right", "down", "tab", "q", "escape")
        assert shown.session == start


async def test_y_copies_the_current_line():
    async with running(played(opened("parabola"), "3*step_on")) as shown:
        await shown.press("y")
        assert shown.app.clipboard == "∂L/∂w = −6   (the seed is 1, so this factor is the gradient)"
        assert f"Copied: {shown.app.clipboard}" in shown.text


async def test_playing_goes_on_by_itself_and_a_step_by_hand_ends_it():
    session = opened("parabola")
    async with running(replace(session, speed=6), plays=True) as shown:
        await shown.press("space")
        await shown.pilot.pause(0.4)
        assert shown.session.is_playing
        assert shown.session.cursor > session.cursor
        assert "space pause" in shown.lines[-1]
        await shown.press("left")
        assert not shown.session.is_playing
        stopped = shown.session.cursor
        await shown.pilot.pause(0.1)
        assert shown.session.cursor == stopped


async def test_playing_ends_where_the_run_ends():
    derivative = "title: No rate\nparameters: {w: 1}\nequations: {L: w^2}\n"
    session = opened(derivative)
    last = replace(session, cursor=Cursor(0, len(session.layout) - 2), is_playing=True, speed=6)
    async with running(session, plays=True) as shown:
        shown.app.session = last
        await shown.pilot.pause(0.4)
        assert not shown.session.is_playing
        assert "no learning rate" in shown.text


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
async def test_keys_that_leave_the_program(key, code):
    async with running(opened("parabola")) as shown:
        await shown.press(key)
        assert shown.app.return_code == code


@pytest.mark.parametrize("screen", ["question_mark", "o", "g", "ctrl+p"])
async def test_ctrl_c_leaves_from_everywhere(screen):
    async with running(opened("parabola")) as shown:
        await shown.press(screen, "ctrl+c")
        assert shown.app.return_code == 130


async def test_a_held_key_is_painted_once_for_all_that_waited():
    async with running(opened("parabola")) as shown:
        painted = []
        shown.app._stepper.show = lambda session, recorder: painted.append(session.cursor)
        for _ in range(50):
            shown.app.post_message(key_event("right"))
        await shown.pilot.pause(0)
        assert shown.session.cursor == Cursor(10, 0)
        assert painted[-1] == Cursor(10, 0)
        assert len(painted) < 10


OPENED_BY = {"question_mark": HelpScreen, "o": Chooser, "g": Prompt, "ctrl+p": Palette}


@pytest.mark.parametrize("key", OPENED_BY)
async def test_what_is_opened_while_it_plays_stops_it(key):
    session = replace(opened("parabola"), is_playing=True, speed=6)
    async with running(session, plays=True) as shown:
        await shown.press(key)
        assert isinstance(shown.app.screen, OPENED_BY[key])
        stopped = shown.session.cursor
        await shown.pilot.pause(0.2)
        await shown.press("escape")
        await shown.pilot.pause(0.2)
        assert isinstance(shown.app.screen, Stepper)
        assert not shown.session.is_playing
        assert shown.session.cursor == stopped
        assert "space play" in shown.lines[-1]


async def test_one_screen_is_opened_at_a_time():
    async with running(opened("parabola")) as shown:
        for name in ("help", "open", "go_to", "help"):
            shown.app.action_move(name)
        shown.app.search_themes()
        await settled(shown.app, shown.pilot)
        assert [type(screen) for screen in shown.app.screen_stack] == [Stepper, HelpScreen]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("theme", "colours"),
        ("color", "colours"),
        ("zoom", "zoom"),
        ("maximise", "zoom"),
        ("search", "go to"),
        ("exit", "quit"),
    ],
)
async def test_the_palette_finds_a_move_by_other_words_too(typed, found):
    async with running(opened("logistic")) as shown:
        await shown.press("ctrl+p")
        await shown.write(typed)
        assert found in shown.text
