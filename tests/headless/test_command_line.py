"""Does the first word choose what happens, does help help, and where does the stepper open?"""

from __future__ import annotations

import json
import re
import sys
from types import ModuleType

import pytest

from tui_backprop import __version__, cli
from tui_backprop.errors import UsageError
from tui_backprop.headless import terminal
from tui_backprop.settings import settings_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list:
    """What the stepper was opened with, in a terminal that is not there; it ends with exit code 7."""
    calls: list = []

    def run_app(session: object, charset: str, kept: object, is_served: bool) -> int:
        assert not is_served
        calls.append((session, charset))
        return 7

    app = ModuleType("tui_backprop.tui.running")
    app.run_app = run_app
    monkeypatch.setitem(sys.modules, "tui_backprop.tui.running", app)
    monkeypatch.setattr(terminal, "can_draw", lambda: True)
    return calls


def test_a_kept_charset_is_used_where_no_other_is_asked_for(call, opened, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (settings_path().parent).mkdir(parents=True)
    settings_path().write_text('{"charset": "ascii"}')
    call("parabola")
    call("parabola", "--charset", "unicode")
    assert [charset for _, charset in opened] == ["ascii", "unicode"]


def test_version(call):
    assert call("--version").out == f"backprop-tui {__version__}\n"


@pytest.mark.parametrize("words", [("--help",), ("-h",)])
def test_help_names_every_command(call, words):
    result = call(*words)
    assert (result.code, result.err) == (0, "")
    for name, command in cli.COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(command.summary)}$", result.out, re.MULTILINE)
    assert max(map(len, result.out.splitlines())) <= 100


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_has_help_with_examples(call, name):
    result = call(name, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"usage: backprop-tui {name} ")
    assert f"examples:\n  backprop-tui {name}" in result.out


@pytest.mark.parametrize("words", [(), ("parabola.yaml",)])
def test_without_a_terminal_the_stepper_names_the_commands_that_need_none(call, file, words):
    file("parabola")
    result = call(*words)
    assert (result.code, result.out) == (2, "")
    for name in cli.COMMANDS:
        assert f"`backprop-tui {name}`" in result.err


def test_without_a_scenario_the_stepper_lets_one_choose(call, opened):
    assert call().code == 7
    assert opened == [(None, "unicode")]


def test_a_scenario_is_opened_with_its_settings(call, file, opened):
    assert call(file("parabola"), "--set", "w=2", "--set", "w=1.5", "--charset", "ascii").code == 7
    [(session, charset)] = opened
    scenario = session.scenario
    assert (scenario.title, dict(scenario.parameters), charset) == ("A parabola", {"w": 1.5}, "ascii")


def test_options_may_come_before_the_scenario(call, file, opened):
    assert call("--charset", "ascii", file("parabola")).code == 7
    assert opened[0][1] == "ascii"


def test_a_file_that_is_called_like_a_command_is_reached_by_its_path(call, file, opened):
    file("parabola")
    with open("run", "w", encoding="utf-8") as target:
        target.write("title: Runs\nparameters: {w: 1}\nequations: {L: w}\n")
    assert call("./run").code == 7
    assert opened[0][0].scenario.title == "Runs"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "w=1"), "--set needs a scenario"),
        (("rnu", "parabola"), "'rnu' is not a command"),
        (("--charset", "ascii", "run", "parabola"), "a command comes first: backprop-tui run"),
        (("chek",), "or was it the command backprop-tui check?"),
        (("--nonsense",), "unrecognized arguments: --nonsense"),
        (("no-such-lesson",), "there is no bundled scenario 'no-such-lesson'"),
        (("run",), "the following arguments are required: SCENARIO"),
        (("check",), "the following arguments are required: SCENARIO"),
        (("list", "more"), "unrecognized arguments: more"),
        (("run", "x\x1b[31m", "y\x1b"), "unrecognized arguments: y\ufffd"),
        (("snap", "parabola", "--size", "120"), "'120' is not a size such as 120x40"),
        (("snap", "parabola", "--size", "0x40"), "'0x40' is not a size"),
        (("snap", "parabola", "--size", "9999x40"), "'9999x40' is not a size"),
    ],
)
def test_wrong_words_are_told_what_would_be_right(call, opened, words, told):
    result = call(*words)
    assert (result.code, result.out) == (2, "")
    assert told in result.err
    assert result.err.startswith("backprop-tui")
    assert "\x1b" not in result.err
    assert opened == []


def test_an_unknown_setting_is_refused_before_the_screen_opens(call, file, opened):
    assert call(file("parabola"), "--set", "v=1").code == 2
    assert opened == []


# --- list


def test_list_names_the_bundled_scenarios(call):
    document = json.loads(call("list", "--format", "json").out)
    assert document["schema"] == "backprop-tui/list/1"
    entries = {entry["name"]: entry for entry in document["scenarios"]}
    assert {"parabola", "parabola-too-large", "logistic", "chain"} <= set(entries)
    assert all(set(entry) == {"name", "title", "summary"} and entry["title"] for entry in entries.values())
    text = call("list").out
    assert all(f"\n{name} " in text for name in entries)


def test_list_in_ascii_is_ascii(call):
    assert call("list", "--charset", "ascii").out.isascii()


# --- snap


@pytest.fixture
def snapped(monkeypatch: pytest.MonkeyPatch) -> list:
    """What was asked of the screen; it answers with a picture of one line, or refuses the key `nokey`."""
    calls: list = []

    def snap(scenario, keys, width, height, format, charset, place, slip, gradients, key_map) -> str:
        if "nokey" in keys:
            raise UsageError("there is no key 'nokey'")
        calls.append((scenario.title, keys, width, height, format, charset))
        return "picture"

    module = ModuleType("tui_backprop.tui.snap")
    module.snap = snap
    monkeypatch.setitem(sys.modules, "tui_backprop.tui.snap", module)
    return calls


def test_snap_hands_on_keys_size_format_and_charset(call, file, snapped):
    words = ("--press", "right  right n ] -", "--size", "80x24", "--format", "svg", "--charset", "ascii")
    assert call("snap", file("parabola"), *words).out == "picture\n"
    assert snapped == [("A parabola", ["right", "right", "n", "]", "-"], 80, 24, "svg", "ascii")]


def test_snap_shows_the_first_screen_at_120_by_40_by_itself(call, file, snapped):
    assert call("snap", file("parabola"), "--set", "w=1").code == 0
    assert snapped == [("A parabola", [], 120, 40, "text", "unicode")]


def test_snap_writes_a_file_and_keeps_an_existing_one(call, file, snapped, tmp_path):
    words = ("snap", file("parabola"), "--output", "picture.txt")
    first, again, forced = call(*words), call(*words), call(*words, "--force")
    assert (first.code, first.out, first.err) == (0, "", "")
    assert (again.code, again.err) == (
        5,
        "backprop-tui snap: error: 'picture.txt' already exists; --force replaces it\n",
    )
    assert forced.code == 0
    assert len(snapped) == 2
    assert (tmp_path / "picture.txt").read_text() == "picture\n"


def test_an_unknown_key_is_wrong_usage_and_writes_nothing(call, file, snapped, tmp_path):
    result = call("snap", file("parabola"), "--press", "nokey", "--output", "picture.txt")
    assert (result.code, result.err) == (2, "backprop-tui snap: error: there is no key 'nokey'\n")
    assert not (tmp_path / "picture.txt").exists()


def test_snap_prints_the_real_screen(call, file):
    result = call("snap", file("parabola"), "--press", "right right", "--size", "80x24")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert len(lines) == 24
    assert max(map(len, lines)) <= 80
    assert "A parabola" in lines[0]
    assert "step 3 of 5" in lines[0]
