"""Does any text from outside reach standard output or standard error as something else than a text?"""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.payloads import PAYLOADS, in_yaml, longest_stack, unsafe_characters
from support.tables import all_or, sample

from tui_backprop import api, cli
from tui_backprop.cli import main
from tui_backprop.errors import OutputError, Place, Problem, ScenarioError, UsageError
from tui_backprop.headless import json_text, listing, messages, output
from tui_backprop.headless.exit_codes import ended
from tui_backprop.safe_text import MOST_MARKS
from tui_backprop.scenario.model import Scenario

NAMES = sample([*PAYLOADS], 5)

LESSON = """\
title: A line
parameters: {w: 1, b: 0}
data: [{x: 1, y: 2}, {x: 2, y: 3}]
equations: {z: w*x + b, L: (z - y)^2}
learning_rate: 0.01
iterations: 2
"""

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Calls the program in an empty folder and checks that what it prints is text."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> tuple[int, str, str]:
        code = main(words)
        captured = capfdbinary.readouterr()
        out, err = captured.out.decode("utf-8"), captured.err.decode("utf-8")
        assert unsafe_characters(out) == set(), words
        assert unsafe_characters(err) == set(), words
        assert longest_stack(err) <= MOST_MARKS, words
        assert "Traceback" not in err
        assert code != 70, err
        return code, out, err

    return called


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Scenario]:
    """Has every text of the scenario `x.yaml` be a payload; no file could bring most of these."""
    path = tmp_path / "x.yaml"
    path.write_text(LESSON, encoding="utf-8")
    scenario = api.load(str(path))

    def plant(payload: str) -> Scenario:
        changed = replace(scenario, title=payload, summary=payload, notes=dict.fromkeys(("w", "z", "L"), payload))
        monkeypatch.setattr(api, "load", lambda name: changed)
        monkeypatch.setattr(listing, "load", lambda name: changed)
        return changed

    return plant


COMMANDS = {
    "run": ("run", "x.yaml"),
    "run csv": ("run", "x.yaml", "--format", "csv"),
    "steps": ("steps", "x.yaml"),
    "derive": ("derive", "x.yaml", "--of", "L", "--wrt", "w"),
    "check": ("check", "x.yaml"),
    "list": ("list",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_text_of_a_scenario_is_printed_as_text(call, planted, command):
    for name in NAMES if command != "list" else NAMES[:2]:
        planted(PAYLOADS[name])
        code, out, _ = call(*COMMANDS[command])
        assert code in (0, 1)
        assert out
        if command.endswith("csv"):
            assert {len(row) for row in csv.reader(io.StringIO(out))} == {6}
        elif command in ("run", "steps"):
            assert longest_stack(out) <= MOST_MARKS
            assert out.startswith(PAYLOADS[name][:1]) or not PAYLOADS[name][0].isalnum()
        # Charset ascii has no other sign for anybody's text either.
        _, out, err = call(*COMMANDS[command], "--charset", "ascii")
        assert out.isascii()
        assert err.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_json_has_every_text_as_it_is_and_shows_nothing_unsafe(call, planted, name):
    planted(PAYLOADS[name])
    _, out, _ = call("run", "x.yaml", "--format", "json")
    assert json.loads(out)["scenario"]["title"] == PAYLOADS[name]
    _, out, _ = call("derive", "x.yaml", "--of", "L", "--wrt", "w", "--format", "json")
    assert json.loads(out)["of"] == "L"
    _, out, _ = call("steps", "x.yaml", "--format", "json")
    assert json.loads(out)["iteration"] == 0
    if name == NAMES[0]:
        _, out, _ = call("list", "--format", "json")
        assert json.loads(out)["scenarios"][0]["summary"] == PAYLOADS[name]


@pytest.mark.parametrize("name", PAYLOADS)
def test_json_text_is_what_was_put_into_it(name):
    text = json_text.dumped({PAYLOADS[name]: [PAYLOADS[name]]})
    assert json.loads(text) == {PAYLOADS[name]: [PAYLOADS[name]]}
    assert "\n" not in text
    assert unsafe_characters(text) == set()


# --- words of the command line

WORDS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "command": lambda text: (text,),
    "command before a scenario": lambda text: (text, "logistic"),
    "option": lambda text: ("run", "logistic", f"--{text}"),
    "scenario": lambda text: ("run", text),
    "scenario with a separator": lambda text: ("run", f"./{text}"),
    "scenario of the stepper": lambda text: ("--charset", "ascii", f"{text}.yaml"),
    "iterations": lambda text: ("run", "logistic", "--iterations", text),
    "format": lambda text: ("run", "logistic", "--format", text),
    "charset": lambda text: ("run", "logistic", "--charset", text),
    "setting": lambda text: ("run", "logistic", "--set", text),
    "name of a setting": lambda text: ("run", "logistic", "--set", f"{text}=1"),
    "value of a setting": lambda text: ("run", "logistic", "--set", f"w1={text}"),
    "setting without a scenario": lambda text: ("--set", text),
    "node": lambda text: ("derive", "logistic", "--of", text, "--wrt", "w1"),
    "name": lambda text: ("derive", "logistic", "--of", "L", "--wrt", text),
    "example": lambda text: ("derive", "logistic", "--of", "L", "--wrt", "w1", "--example", text),
    "size": lambda text: ("snap", "logistic", "--size", text),
    "output": lambda text: ("snap", "logistic", "--size", "20x5", "--output", f"nowhere/{text}"),
    "several scenarios": lambda text: ("check", text, f"{text}.yaml"),
    "key": lambda text: ("snap", "logistic", "--size", "20x5", "--press", f"{text}"),
}
LINES_OF_HELP = 3


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_command_line_is_told_as_text_in_a_few_lines(call, word):
    for name in sample(NAMES, 2 if word not in ("output", "key") else 8):
        payload = PAYLOADS[name].replace("\0", "\x01")
        if word == "option" and payload.startswith(('"', "=")):
            continue
        code, out, err = call(*WORDS[word](payload))
        if word == "key" and code == 0:
            continue
        assert code in (2, 3, 5), (name, code)
        assert out == "" or word == "several scenarios"
        assert err.count("\n") <= LINES_OF_HELP * (2 if word == "several scenarios" else 1), err
        assert len(err) < 2_000 or "scenario" in word or word == "output", "only a path is told as a whole"


@pytest.mark.parametrize("variable", ["TERM", "LANG", "LC_ALL", "COLUMNS", "TEXTUAL_THEME", "NO_COLOR", "HOME"])
def test_the_environment_is_not_printed(call, monkeypatch, variable):
    for name in NAMES[::4]:
        monkeypatch.setenv(variable, PAYLOADS[name].replace("\0", "").encode("utf-8", "replace").decode())
        assert call("run", "parabola", "--iterations", "1")[0] == 0
        assert call("logistic")[0] == 2


# --- files

FILES: dict[str, Callable[[str], str]] = {
    "title": lambda text: f"title: {in_yaml(text)}\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nlearning_rate: 0.1\n",
    "title, raw": lambda text: f'title: "{text}"\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nlearning_rate: 0.1\n',
    "summary": lambda text: f"title: x\nsummary: {in_yaml(text)}\nparameters: {{w: 1}}\nequations: {{L: w^2}}\n",
    "note": lambda text: f"title: x\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nnotes: {{w: {in_yaml(text)}}}\n",
    "name of a note": lambda text: (
        f"title: x\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nnotes: {{{in_yaml(text)}: x}}\n"
    ),
    "unknown key": lambda text: f"{in_yaml(text)}: 1\n" + LESSON,
    "unknown key, raw": lambda text: f"{text}: 1\n" + LESSON,
    "name": lambda text: f"title: x\nparameters: {{{in_yaml(text)}: 1}}\nequations: {{L: w^2}}\n",
    "name of an equation": lambda text: f"title: x\nparameters: {{w: 1}}\nequations: {{{in_yaml(text)}: w^2}}\n",
    "expression": lambda text: f"title: x\nparameters: {{w: 1}}\nequations: {{L: {in_yaml('w + ' + text)}}}\n",
    "expression, raw": lambda text: f"title: x\nparameters: {{w: 1}}\nequations:\n  L: w + {text}\n",
    "number": lambda text: f"title: x\nparameters: {{w: {in_yaml(text)}}}\nequations: {{L: w^2}}\n",
    "loss": lambda text: f"title: x\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nloss: {in_yaml(text)}\n",
    "freeze": lambda text: f"title: x\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nfreeze: [{in_yaml(text)}]\n",
    "reduction": lambda text: f"{LESSON}reduction: {in_yaml(text)}\n",
    "table": lambda text: (
        f"title: x\nparameters: {{w: 1}}\ndata: {{csv: {in_yaml(text)}}}\nequations: {{L: (w - x)^2}}\n"
    ),
    "expectation": lambda text: f"{LESSON}expect: [{{after: 0, parameters: {{{in_yaml(text)}: 1}}}}]\n",
    "activation": lambda text: (
        f"title: x\nnetwork: {{inputs: [x], targets: [t], cost: squared_error, layers: [{{neurons: 1, activation: "
        f"{in_yaml(text)}, weights: [[1]]}}]}}\ndata: {{x: 1, t: 1}}\n"
    ),
}


@pytest.mark.parametrize("place", FILES)
def test_a_file_is_refused_with_a_place_or_its_texts_are_printed_as_text(call, tmp_path, place):
    for name in NAMES:
        data = FILES[place](PAYLOADS[name]).encode("utf-8", "surrogatepass")
        (tmp_path / "x.yaml").write_bytes(data)
        for command in all_or([("steps", "x.yaml")], [("steps", "x.yaml"), ("check", "x.yaml"), ("run", "x.yaml")]):
            code, out, err = call(*command)
            if code == 3:
                assert out == "" or command[0] == "check"
                assert all(line.startswith("x.yaml:") for line in err.splitlines() if ": error: " in line[:40])
                assert "x.yaml:" in err
                assert "help: " in err
            else:
                assert code in (0, 1, 4), (name, err)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_the_header_of_a_table_are_told_as_text(call, tmp_path, name):
    table = f'x,"{PAYLOADS[name]}"\n1,2\n'.encode("utf-8", "surrogatepass")
    (tmp_path / "points.csv").write_bytes(table)
    (tmp_path / "x.yaml").write_text(LESSON.replace("[{x: 1, y: 2}, {x: 2, y: 3}]", "{csv: points.csv}"))
    code, out, err = call("run", "x.yaml")
    assert (code, out) == (3, "")
    assert "points.csv" in err or "'y'" in err


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_table_are_told_as_text(call, tmp_path, name):
    quoted = PAYLOADS[name].replace('"', '""')
    (tmp_path / "points.csv").write_bytes(f'x,y\n1,"{quoted}"\n2,b\n'.encode("utf-8", "surrogatepass"))
    data = "{csv: points.csv, one_hot: y}"
    lesson = LESSON.replace("[{x: 1, y: 2}, {x: 2, y: 3}]", data).replace("- y", "- y_1 - 2*y_2")
    (tmp_path / "x.yaml").write_text(lesson)
    code, out, err = call("steps", "x.yaml")
    assert (code == 3 and "points.csv, line 2, column" in err) or (code == 0 and "is 1 for" in out)


@pytest.mark.skipif(os.name != "posix", reason="names of files as bytes")
@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_told_as_text(call, tmp_path, name):
    payload = PAYLOADS[name].replace("\0", "").replace("/", "|")[:60]
    raw = payload.encode("utf-8", "surrogatepass")[:200] + b".yaml"
    try:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), raw))).write_text("title: 1\nparameters: {w: x}\n")
    except OSError:
        pytest.skip("this file system has no such name")
    code, out, err = call("check", f"./{os.fsdecode(raw)}")
    assert code == 3
    assert ": error: " in err
    code, out, err = call("run", f"./{os.fsdecode(raw)}")
    assert (code, out) == (3, "")
    # The name of the file breaks no line.
    assert err.splitlines()[0].count(".yaml:") == 1


def test_bytes_that_are_no_text_in_the_name_of_a_file(call, tmp_path):
    name = os.fsdecode(b"./a\x9b31m\xff.yaml")
    assert call("run", name)[0] == 3
    assert call("check", name)[0] == 3


# --- last words


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("error", [UsageError, OutputError, KeyError, OSError, RuntimeError])
def test_last_words_are_text(capfdbinary, monkeypatch, error, debug):
    monkeypatch.setenv("BACKPROP_TUI_DEBUG", debug)
    for name in NAMES:

        def fail(payload: str = PAYLOADS[name]) -> int:
            raise error(payload)

        ended(fail)
        told = capfdbinary.readouterr().err.decode()
        assert unsafe_characters(told) == set(), name
        assert longest_stack(told) <= MOST_MARKS
        assert told


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_is_text_with_a_caret_in_its_line(capfdbinary, name):
    payload = PAYLOADS[name]
    problem = Problem(Place(1, len(payload) // 2 + 1, 3), payload, payload, payload)
    messages.say_refusal(ScenarioError(payload, (problem, Problem(None, payload, payload)), 1))
    told = capfdbinary.readouterr().err.decode()
    assert unsafe_characters(told) == set()
    lines = told.splitlines()
    assert len(lines) == 7
    assert set(lines[2].strip()) == {"^"}


def test_the_sinks_are_safe_by_themselves(capfdbinary):
    for payload in PAYLOADS.values():
        output.print_data(f"{payload}\n")
        messages.say(payload)
        output.finish_data()
        captured = capfdbinary.readouterr()
        assert unsafe_characters(captured.out.decode()) == set()
        assert unsafe_characters(captured.err.decode()) == set()


def test_a_picture_printed_is_one_line_of_xml_after_another(call, planted):
    planted(PAYLOADS["end of CDATA"] + PAYLOADS["format"])
    _, out, _ = call("snap", "x.yaml", "--format", "svg", "--size", "40x10")
    title = ElementTree.fromstring(out).find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == PAYLOADS["end of CDATA"] + PAYLOADS["format"]


# --- there is no way around: who writes, and who makes something that is drawn?

PACKAGE = Path(cli.__file__).parent

# Names by which a text gets to a terminal, a file or Textual's screen.
SINKS = frozenset(
    {
        *("print", "stdout", "stderr", "__stdout__", "__stderr__", "write", "writelines", "write_text", "write_bytes"),
        *("pwrite", "sendall", "input", "breakpoint", "log", "warn", "warning", "logging", "warnings", "print_exc"),
        *("Console", "Segment", "Segments", "Strip", "Text", "Content", "Static", "Label", "Markdown", "RichLog"),
        *("Log", "Pretty", "Link", "Button", "Digits", "OptionList", "Option", "ListItem", "DataTable", "Rule"),
        *("from_markup", "from_ansi", "from_text", "assemble", "styled", "render_str", "highlight", "notify", "panic"),
        *("Hit", "DiscoveryHit", "message", "copy_to_clipboard", "set_window_title", "_exit_renderables", "Traceback"),
        *("markup", "Input", "Toast", "Tooltip", "open_url", "deliver_text", "deliver_binary"),
    }
)
# What is drawn once it is set.
SET = frozenset({"title", "sub_title", "border_title", "border_subtitle", "tooltip", "placeholder"})

PERMITTED: dict[str, frozenset[str]] = {
    # The guards: what they write is made safe in them, as the tests above and those of the screen show.
    "headless/output.py": frozenset({"stdout", "write"}),
    "headless/messages.py": frozenset({"stderr", "stdout", "write", "message"}),
    "tui/panel_view.py": frozenset({"Segment", "Strip", "Content", "border_title", "message"}),
    "tui/terminal_rows.py": frozenset({"Segment", "Strip"}),
    # Passes on what others drew.
    "tui/painting.py": frozenset({"Strip"}),
    "tui/dragging.py": frozenset({"Strip"}),
    # Their texts go through safe_text in the same expression, or are the program's own.
    "tui/palette.py": frozenset({"Hit", "DiscoveryHit", "Content", "highlight", "placeholder"}),
    "tui/prompt.py": frozenset({"Input", "placeholder"}),
    "tui/chooser.py": frozenset({"Input", "input", "placeholder", "title", "message"}),
    "tui/app.py": frozenset({"message", "copy_to_clipboard"}),
    "tui/running.py": frozenset({"stdout"}),
    "tui/safe_app.py": frozenset({"_exit_renderables", "panic"}),
    "tui/terminal_endings.py": frozenset({"stderr", "__stderr__", "write"}),
    "tui/snap.py": frozenset({"Console", "print", "title"}),
    # A table is drawn into a text, which is printed by the guard.
    "headless/tables.py": frozenset({"Console", "print", "Text", "markup", "highlight"}),
    # Words that mean something else there, or asks about it without writing.
    "tui/left_once.py": frozenset({"message"}),
    "headless/arguments.py": frozenset({"message"}),
    # The message of a problem in a file; `messages` says it.
    "headless/diagnose.py": frozenset({"message"}),
    "headless/grade.py": frozenset({"message"}),
    # A colour of the theme.
    "tui/themes.py": frozenset({"warning"}),
    # The server is told to print nothing, and what its page is called.
    "headless/serving.py": frozenset({"print", "title"}),
    # A file, not the terminal.
    "tui/screen_actions.py": frozenset({"write"}),
    "headless/derive.py": frozenset({"write"}),
    "headless/run.py": frozenset({"write"}),
    "headless/terminal.py": frozenset({"stdout"}),
}


def _sinks_in(source: str) -> set[str]:
    """The names of sinks that a source uses, under whatever name it imports them."""
    used: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name():
                used |= {node.id} & SINKS
            case ast.Attribute():
                used |= {node.attr} & (SINKS if isinstance(node.ctx, ast.Load) else SINKS | SET)
            case ast.keyword(arg=str() as name):
                used |= {name} & (SINKS | SET)
            case ast.ImportFrom():
                used |= {alias.name for alias in node.names} & SINKS
            case ast.Import():
                used |= {alias.name.partition(".")[0] for alias in node.names} & SINKS
    return used


def _sources() -> Iterator[tuple[str, str]]:
    for folder in ("headless", "tui"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            yield f"{folder}/{path.name}", path.read_text(encoding="utf-8")
    for name in ("cli.py", "commands.py", "__main__.py"):
        yield name, (PACKAGE / name).read_text(encoding="utf-8")


SOURCES = dict(_sources())


@pytest.mark.parametrize("name", SOURCES)
def test_only_the_guards_write_and_draw(name):
    assert _sinks_in(SOURCES[name]) <= PERMITTED.get(name, frozenset())


ROOMS_THAT_SAY_NOTHING = ("panels", "moves", "training", "scenario", "maths")
NEVER = frozenset({"print", "stdout", "stderr", "__stdout__", "__stderr__", "logging", "warnings", "Console", "Text"})


def test_the_rooms_below_neither_write_nor_draw():
    for folder in ROOMS_THAT_SAY_NOTHING:
        for path in (PACKAGE / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert not any(map(source.__contains__, NEVER)) or not _sinks_in(source) & NEVER, path.name


@pytest.mark.parametrize(
    "line",
    [
        "print(session.scenario.title)",
        "import sys; sys.stdout.write(session.scenario.title)",
        "from sys import stderr as s; s.write(session.scenario.title)",
        "import os; os.write(1, session.scenario.title.encode())",
        "self.notify(session.scenario.title)",
        "self.title = session.scenario.title",
        "view.border_title = session.scenario.title",
        "from textual.widgets import Static; Static(session.scenario.title)",
        "from rich.text import Text as T; T.from_markup(session.scenario.title)",
        "from textual.strip import Strip; Strip([])",
        "app.exit(message=session.scenario.title)",
        "import logging; logging.error(session.scenario.title)",
        "import warnings; warnings.warn(session.scenario.title)",
        "widget.tooltip = session.scenario.title",
    ],
)
def test_a_way_around_is_found(line):
    for name in ("headless/steps.py", "headless/run_table.py", "tui/stepper.py", "tui/line_bars.py", "cli.py"):
        assert not _sinks_in(f"{SOURCES[name]}\n{line}\n") <= PERMITTED.get(name, frozenset()), name


@pytest.mark.parametrize("key", ["\ud800x", "é\ud800", "naïve", "\x1b[31m"])
def test_a_key_that_no_name_can_be_is_refused(call, key):
    code, out, err = call("snap", "parabola", "--size", "20x5", "--press", key)
    assert (code, out) == (2, "")
    assert "there is no key" in err
