"""Without a terminal, on a dumb one, in a locale without UTF-8: is there a plain word, or a drawing in ASCII?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.panel_text import opened, played
from support.screen import running
from support.tables import all_or, sample, wants_all

import tui_backprop
from tui_backprop.api import load
from tui_backprop.cli import main
from tui_backprop.scenario.bundled import bundled_names

ROOT = str(Path(tui_backprop.__file__).parents[1])
PLAIN = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": ROOT, "TERM": "xterm-256color"}


def _ran(*words: str, environment: dict[str, str], **how: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tui_backprop", *words],
        env={**PLAIN, **environment},
        capture_output=True,
        timeout=60,
        check=False,
        **how,
    )


LOCALES = {
    "C by LC_ALL": ({"LC_ALL": "C"}, True),
    "C by LANG": ({"LANG": "C"}, True),
    "POSIX": ({"LC_ALL": "POSIX"}, True),
    "one that is not there": ({"LC_ALL": "xx_YY.ISO-8859-1"}, True),
    "C, without Python's UTF-8 mode": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, True),
    "another encoding for Python": ({"LANG": "C", "PYTHONIOENCODING": "ascii:strict"}, True),
    "UTF-8": ({"LC_ALL": "C.UTF-8"}, False),
    "UTF-8, another encoding for Python": ({"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1:strict"}, False),
    "UTF-8, Python's UTF-8 mode off": ({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"}, False),
}


@pytest.mark.parametrize("locale", all_or(["C, without Python's UTF-8 mode"], list(LOCALES)))
@pytest.mark.parametrize("words", all_or([("steps", "logistic")], [("steps", "logistic"), ("snap", "logistic")]))
def test_the_locale_decides_what_is_drawn_with(locale, words):
    environment, is_ascii = LOCALES[locale]
    result = _ran(*words, environment=environment)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.isascii() is is_ascii
    assert result.stdout.decode("utf-8")


@pytest.mark.parametrize("locale", all_or(["C by LC_ALL"], list(LOCALES)))
def test_the_locale_decides_what_is_said_with(locale, tmp_path):
    environment, is_ascii = LOCALES[locale]
    (tmp_path / "naïve.yaml").write_text("title: Größe ∂\nparameters: {ß: 1}\nequations: {L: ß^2}\n", encoding="utf-8")
    result = _ran("check", str(tmp_path / "naïve.yaml"), environment=environment)
    assert result.returncode == 3
    assert b"Traceback" not in result.stderr
    assert b"error:" in result.stderr
    assert result.stderr.isascii() or not is_ascii


NO_SCREENS = {
    "standard input is no terminal": {"stdin": subprocess.DEVNULL},
    "standard input is closed": {"preexec_fn": lambda: os.close(0)},
    "dumb": {"stdin": subprocess.DEVNULL, "environment": {"TERM": "dumb"}},
    "no TERM": {"stdin": subprocess.DEVNULL, "environment": {"TERM": ""}},
}


@pytest.mark.skipif(os.name != "posix", reason="descriptors of POSIX")
@pytest.mark.parametrize("case", all_or(["standard input is closed"], list(NO_SCREENS)))
def test_without_a_terminal_there_is_a_plain_word(case):
    how = dict(NO_SCREENS[case])
    result = _ran("logistic", **{"environment": {}, **how})
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.startswith(b"backprop-tui: error: the stepper needs a terminal")
    assert b"`backprop-tui run`" in result.stderr
    assert b"\x1b" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="descriptors of POSIX")
@pytest.mark.parametrize("descriptors", all_or([(0, 1, 2)], [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]))
def test_with_streams_closed_from_the_start_nothing_is_written_anywhere_else(descriptors, tmp_path):
    def close() -> None:
        for descriptor in descriptors:
            os.close(descriptor)

    result = _ran("run", "parabola", "--iterations", "2", environment={}, cwd=tmp_path, preexec_fn=close)
    assert result.returncode == (5 if 1 in descriptors else 0)
    assert b"Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


DRAWN_WITHOUT = [
    {"NO_COLOR": "1"},
    {"COLORTERM": "truecolor", "FORCE_COLOR": "1"},
    {"CLICOLOR_FORCE": "1", "TERM": "dumb"},
    {"COLUMNS": "0", "LINES": "0"},
    {"COLUMNS": "-5"},
    {"COLUMNS": "1"},
    {"COLUMNS": "wide", "LINES": "\u0663"},
    {"COLUMNS": "100000"},
    {"TEXTUAL_THEME": "no-such-theme"},
    {"TERM": "\x1b[31m"},
]


@pytest.mark.parametrize("environment", DRAWN_WITHOUT, ids=str)
@pytest.mark.parametrize(
    "words", [("run", "parabola"), ("list",), ("snap", "parabola", "--size", "60x20")], ids=lambda words: words[0]
)
def test_no_colour_and_no_error_comes_of_the_environment(words, environment, monkeypatch, capsysbinary):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(words) == 0
    out, err = capsysbinary.readouterr()
    assert b"\x1b" not in out
    assert err == b""
    assert out


# --- the ASCII charset


def _derivation(lesson: str) -> tuple[str, ...]:
    scenario = load(lesson)
    return ("derive", lesson, "--of", scenario.loss, "--wrt", next(iter(scenario.parameters)))


DRAWINGS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "run": lambda lesson: ("run", lesson, "--iterations", "0"),
    "run csv": lambda lesson: ("run", lesson, "--iterations", "0", "--format", "csv"),
    "steps": lambda lesson: ("steps", lesson),
    "derive": _derivation,
    "check": lambda lesson: ("check", lesson),
    "snap": lambda lesson: ("snap", lesson, "--press", "right right n j d", "--size", "100x30"),
    "snap of another view": lambda lesson: ("snap", lesson, "--press", "n j c escape x f z a", "--size", "70x20"),
    "list": lambda lesson: ("list",),
}
LESSONS = [name for name in bundled_names() if name != "many-neurons" or wants_all()]
CASES = [(drawing, lesson) for lesson in LESSONS for drawing in DRAWINGS if drawing != "list" or lesson == LESSONS[0]]


@pytest.mark.parametrize(("drawing", "lesson"), sample(CASES, 11))
def test_in_ascii_every_command_is_for_every_lesson(drawing, lesson, capsysbinary):
    assert main([*DRAWINGS[drawing](lesson), "--charset", "ascii"]) in (0, 4)
    out, err = capsysbinary.readouterr()
    assert out.isascii()
    assert err.isascii()
    assert out


async def test_a_title_that_the_border_has_no_room_for_is_cut_in_ascii_too():
    session = played(opened("rules-combined", "ascii"), "2*step_on", "phase_on", "node_on", "derive")
    async with running(session, (100, 30), "ascii") as shown:
        assert "Derivation of" in shown.lines[1]
        assert shown.text.isascii()
