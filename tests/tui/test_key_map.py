"""Other keys for moves, from the settings file: do they work, and is a mistake told with its line?"""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace
from support.panel_text import opened

from tui_backprop.cli import main
from tui_backprop.moves.move_table import MOVES, TABLE
from tui_backprop.panels.lines import width_of
from tui_backprop.session import Cursor
from tui_backprop.settings import Kept, settings_path
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.help import FirstScreen, help_lines
from tui_backprop.tui.key_map import AS_DELIVERED, read_key_map
from tui_backprop.tui.key_names import one_name, printed_name
from tui_backprop.tui.snap import screen_text, settled, snap


def _kept(tmp_path, keys, **others):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"knows_the_keys": True, "keys": keys, **others}, indent=1))
    return Kept(path)


def _keys(key_map):
    return {name: move.keys for name, move in key_map.moves.items()}


def test_without_a_key_map_the_keys_are_those_of_the_table(tmp_path):
    assert read_key_map(Kept()) is AS_DELIVERED
    assert _keys(read_key_map(_kept(tmp_path, {}))) == {move.name: move.keys for move in TABLE}


def test_a_key_that_is_given_to_one_move_is_taken_from_the_move_that_had_it(tmp_path):
    found = read_key_map(_kept(tmp_path, {"step_on": ["right", "L"], "next phase": "+", "quit": []}))
    assert found.complaint == ""
    moves = found.moves
    assert moves["step_on"].printed_keys("unicode") == ("→", "L")
    assert moves["layer_on"].keys == ()
    assert moves["phase_on"].printed_keys("unicode") == ("+",)
    assert moves["faster"].printed_keys("unicode") == ("=",)
    assert moves["quit"].keys == ()
    assert moves["step_back"] == MOVES["step_back"]


@pytest.mark.parametrize(
    ("keys", "told", "line"),
    [
        ({"quit": "Q", "step_onn": "x"}, "there is no move 'step_onn'; did you mean 'step_on'?", 5),
        ({"zzzzzzzzz": "x", "quit": "Q"}, "there is no move 'zzzzzzzzz'; ctrl+p on the screen lists the moves", 4),
        ({"quit": ["Q", "rihgt"]}, "there is no key 'rihgt'; keys are characters, and names such as right", 6),
        (
            {"quit": ["Q"], "help": ["Q"]},
            "the key 'Q' is given twice, to quit and to help; take it from one of them",
            8,
        ),
        ({"next phase": ["Q"], "phase_on": ["R"]}, "the keys of phase_on are written twice", 7),
        ({"quit": ["Q", 3]}, "write the keys of quit as a list", 4),
        ({"quit": ["Q"], "help": ["ctrl+c"]}, "ctrl+c always leaves the program; choose another key for help", 8),
        ([], 'write moves and their keys, such as "keys": {"step_on": ["right", "L"]}', 3),
        (3, "write moves and their keys", 3),
        ({"step_on": "", "step_back": ""}, "there is no key ''; keys are characters", 4),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_rest_holds(tmp_path, keys, told, line):
    kept = _kept(tmp_path, keys, theme="nord")
    found = read_key_map(kept)
    assert f"settings.json, line {line}: {told}" in found.complaint
    assert "\n" not in found.complaint
    assert kept.current.theme == "nord"
    if isinstance(keys, dict) and keys.get("quit") in ("Q", ["Q"], ["Q", "rihgt"]):
        assert found.moves["quit"].printed_keys("unicode") == ("Q",)
    assert found.moves["help"] == MOVES["help"]


def test_several_mistakes_are_counted(tmp_path):
    found = read_key_map(_kept(tmp_path, {"a": "x", "b": "y", "c": "z"}))
    assert found.complaint.endswith("(and 2 more mistakes)")


def test_what_a_key_map_says_outlives_what_the_program_writes(tmp_path):
    kept = _kept(tmp_path, {"no_such_move": ["x"], "quit": ["Q"]})
    kept.change(replace(kept.current, theme="nord"))
    assert json.loads(kept.path.read_text())["keys"] == {"no_such_move": ["x"], "quit": ["Q"]}


async def test_help_footer_and_keys_follow_it(tmp_path):
    found = read_key_map(_kept(tmp_path, {"step_on": ["w", "L"], "quit": ["f2"], "derive": [], "help": "!"}))
    app = BackpropApp(opened("parabola"), plays=False, key_map=found)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, pilot)
        for key, step in (("w", 1), ("L", 2), ("right", 2), ("d", 2), ("l", 2)):
            await pilot.press(key)
            await settled(app, pilot)
            assert app.session.cursor == Cursor(0, step)
        assert app.session.reading is None
        foot = screen_text(app).splitlines()[-1]
        assert "w step" in foot
        assert "! help" in foot
        assert "f2 quit" in foot
        assert "derive" not in foot
        await pilot.press("exclamation_mark")
        await settled(app, pilot)
        assert "w L " in screen_text(app)
        assert "w ←" in screen_text(app)
    for width in (20, 60, 120):
        assert all(width_of(line) <= width for line in help_lines(width, "unicode", found.table))


async def test_a_mistake_is_told_on_the_first_screen_and_on_the_stepper(tmp_path):
    for knows in (True, False):
        kept = _kept(tmp_path, {"step_onn": "x"}, knows_the_keys=knows)
        app = BackpropApp(opened("parabola"), plays=False, kept=kept, key_map=read_key_map(kept))
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            assert isinstance(app.screen, FirstScreen) is not knows
            assert "did you mean 'step_on'?" in screen_text(app)


def test_snap_follows_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text('{"keys": {"step_on": ["w"]}}')
    assert main(["snap", "parabola", "--press", "w w"]) == 0
    usual = snap(opened("parabola").scenario, ["right", "right"])
    assert capsys.readouterr().out.splitlines()[:-1] == usual.splitlines()[:-1]


@pytest.mark.parametrize("move", TABLE, ids=lambda move: move.name)
def test_every_key_has_one_name_and_is_printed_as_help_prints_it(move):
    names = {one_name(key) for key in move.keys}
    assert {one_name(name) for name in names} == names
    printed = {printed_name(name) for name in names}
    assert printed - {"=", "f1"} <= set(move.shown_keys.split())
