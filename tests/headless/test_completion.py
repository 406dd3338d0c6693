"""Do the scripts of --print-completion complete commands, options, lessons and files, in the shells themselves?"""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tui_backprop import cli
from tui_backprop.headless.completion import SHELLS
from tui_backprop.scenario.bundled import bundled_names

_BASH = """
source ./completion
COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
_shtab_backprop_tui
printf '%s\\n' "${COMPREPLY[@]}"
"""


def _run(shell, *words, folder):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    done = subprocess.run([shell, *words], cwd=folder, capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.fixture
def script(call, tmp_path):
    """Writes the script for a shell into a folder, which has one file more, and returns the folder."""

    def written(shell):
        result = call("--print-completion", shell)
        assert (result.code, result.err) == (0, "")
        (tmp_path / "completion").write_text(result.out)
        (tmp_path / "lesson.yaml").write_text("")
        return tmp_path

    return written


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["hand"], ["handout"]),
        (["parabola-too-s"], ["parabola-too-small"]),
        (["parabola", "--a"], ["--at"]),
        (["run", "parabola-too-s"], ["parabola-too-small"]),
        (["run", "les"], ["lesson.yaml"]),
        (["check", "parabola", "parabola-too-s"], ["parabola-too-small"]),
        (["run", "parabola", "--format", ""], ["table", "json", "csv"]),
        (["handout", "parabola", "--output", "les"], ["lesson.yaml"]),
        (["grade", "parabola", "les"], ["lesson.yaml"]),
        (["diagnose", "parabola", "les"], ["lesson.yaml"]),
        (["--gradients", "les"], ["lesson.yaml"]),
        (["parabola", "--gradients", "les"], ["lesson.yaml"]),
        (["--print-completion", ""], [*SHELLS]),
    ],
)
def test_bash_completes(script, words, offered):
    assert _run("bash", "-c", _BASH, "bash", "backprop-tui", *words, folder=script("bash")) == offered


def test_zsh_and_tcsh_understand_their_scripts(script):
    _run("zsh", "-n", "./completion", folder=script("zsh"))
    assert "backprop-tui" in _run("tcsh", "-f", "-c", "source ./completion; complete", folder=script("tcsh"))


@pytest.mark.parametrize("shell", SHELLS)
def test_every_script_has_all_commands_and_all_lessons(script, shell):
    text = (script(shell) / "completion").read_text()
    assert [name for name in (*cli.COMMANDS, *bundled_names()) if name not in text] == []


def test_another_shell_is_refused(call):
    result = call("--print-completion", "fish")
    assert result.code == 2
    assert "choose from" in result.err
