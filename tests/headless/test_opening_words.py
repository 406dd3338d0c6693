"""`--at`, `show`, and `-` for a scenario that comes through a pipe."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time

import pytest
from headless.conftest import TEXTS
from support.terminal import Window

from tui_backprop.scenario.bundled import bundled_names, bundled_path


@pytest.fixture
def piped(monkeypatch):
    """Puts a text where standard input was."""

    def put(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return put


@pytest.mark.parametrize(
    ("place", "header"), [("2", "iteration 2 · forward  · step 1"), ("1.3", "iteration 1 · backward · step 3")]
)
def test_snap_opens_at_a_place(call, file, place, header):
    assert header in call("snap", file("parabola"), "--at", place).out


def test_a_place_that_is_not_there_is_wrong_usage(call, file):
    result = call("snap", file("parabola"), "--at", "0.9")
    assert (result.code, result.out) == (2, "")
    assert "An iteration of this lesson has the steps 1 to 5, not 9." in result.err


def test_a_place_without_a_scenario_is_wrong_usage(call):
    assert "--at needs a scenario: backprop-tui SCENARIO --at 3" in call("--at", "3").err


@pytest.mark.parametrize("name", bundled_names())
def test_show_prints_the_file_as_it_is(call, name):
    assert call("show", name).out == bundled_path(name).read_text(encoding="utf-8")


def test_show_prints_a_file_with_mistakes_too_but_not_what_is_no_text(call, file, tmp_path):
    assert call("show", file("refused")).out == TEXTS["refused"]
    (tmp_path / "b.yaml").write_bytes(b"title: \xff\n")
    assert call("show", "b.yaml").code == 3
    assert call("show", "missing.yaml").code == 3


def test_a_command_that_promises_standard_input_reads_it(call, piped):
    for command in ("run", "show"):
        piped(TEXTS["parabola"])
        promises = "standard input" in call(command, "--help").out
        assert promises == (call(command, "-").code == 0)


def test_what_comes_through_a_pipe_is_a_scenario(call, piped, file):
    as_file = call("steps", file("logistic"), "--format", "json")
    piped(TEXTS["logistic"])
    assert call("steps", "-", "--format", "json") == as_file
    piped(TEXTS["refused"])
    refused = call("check", "-")
    assert refused.code == 3
    assert "-:3:6: error: " in refused.err


PIPED = """
import os, sys
os.setsid()
terminal = os.open(sys.argv[1], os.O_RDWR)
os.dup2(terminal, 1)
from tui_backprop.cli import main
sys.exit(main(["-", "--at", "1.2"]))
"""


def test_the_stepper_reads_a_lesson_from_a_pipe_and_keys_from_the_terminal(tmp_path):
    window = Window()
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_CONFIG_HOME": str(tmp_path)}
    words = [sys.executable, "-c", PIPED, window.name]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None
        process.stdin.write(TEXTS["parabola"].encode())
        process.stdin.close()
        for text, key in ((b"any key", " "), (b"step 2 of 5", "q")):
            deadline = time.monotonic() + 20
            while text not in window.output and time.monotonic() < deadline:
                window.read(0.05)
            assert text in window.output
            window.send(key)
        assert process.wait(20) == 0
    window.close()
