"""What the help of each command says of its words, and that its examples work as they are printed."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

EVERYWHERE = {
    "-h, --help": "show this help and exit",
    "--charset {unicode,ascii}": "the characters to draw with (default: those that the locale can show)",
}
ON_A_SCENARIO = {
    **EVERYWHERE,
    "SCENARIO": (
        "a scenario file (a path with a separator, or ending in .yaml), the name of a bundled one, or -: standard input"
    ),
    "--set NAME=VALUE": ("another number for a parameter, a constant or learning_rate; can be given several times"),
}
AT = {
    "--at PLACE": (
        "where to open it: an iteration (3), one of its steps (3.12), end, or a name (default: where the file says)"
    )
}
SLIP = {
    "--slip NAME[@PLACE]": (
        "make one deliberate slip in every iteration, at one place or wherever it can happen; see `list --slips`"
    )
}
GRADIENTS = {
    "--gradients FILE": (
        "your own gradients, as `diagnose` reads them, beside the right ones; opens at the first that differs"
    )
}
OWN_SCENARIO = "a scenario file (a path with a separator, or ending in .yaml), or the name of a bundled one"
ITERATION = {"--iteration K": "the iteration, that is how many updates come before it (default: 0)"}

SAID = {
    "": {
        **ON_A_SCENARIO,
        **AT,
        **SLIP,
        **GRADIENTS,
        "--print-completion SHELL": (
            "print a script with which a shell (bash, zsh or tcsh) completes commands, lessons and files"
        ),
        "--version": "show the version and exit",
    },
    "run": {
        **ON_A_SCENARIO,
        **SLIP,
        "--iterations N": "how many updates to make (default: the scenario's own number)",
        "--format {table,json,csv}": "how to print it (default: table)",
    },
    "steps": {**ON_A_SCENARIO, **SLIP, **ITERATION, "--format {text,json}": "how to print it (default: text)"},
    "derive": {
        **ON_A_SCENARIO,
        **ITERATION,
        "--of NODE": "the node whose derivative is wanted, such as L",
        "--wrt NAME": "the name that is moved, such as w1",
        "--example I": "the example, counted from 0 (default: 0)",
        "--format {text,json,latex}": "how to print it (default: text)",
    },
    "check": ON_A_SCENARIO,
    "diagnose": {
        **ON_A_SCENARIO,
        **ITERATION,
        "GRADIENTS": (
            "the gradients that you computed: JSON, YAML, or CSV (name,value); arrays by layer are called W1, b1"
        ),
        "--format {text,json}": "how to print it (default: text)",
    },
    "snap": {
        **ON_A_SCENARIO,
        **AT,
        **SLIP,
        **GRADIENTS,
        "--press KEYS": (
            "keys to press first, with spaces between them: names such as right or enter, or the characters themselves"
        ),
        "--size WxH": "columns and lines of the screen (default: 120x40)",
        "--format {text,svg}": "how to print it (default: text)",
        "--output FILE": "write to a file instead of printing; never over an existing one",
        "--force": "replace an existing FILE",
    },
    "handout": {
        **ON_A_SCENARIO,
        "--iterations A..B": (
            "the iterations: the first one is written out, the later ones are numbers in tables (default: 0)"
        ),
        "--examples I,J": (
            "the examples that are written out, counted from 0; the others are numbers in a table (default: the first)"
        ),
        "--blank": "leave blanks to fill in, and put the answers at the end",
        "--derivations": "write out the derivation of every derivative",
        "--format {md,html,tex}": "how to print it (default: md)",
        "--output FILE": "write to a file instead of printing; never over an existing one",
        "--force": "replace an existing FILE",
    },
    "grade": {
        **ON_A_SCENARIO,
        "ANSWERS": (
            "a file of answers, YAML or JSON: a list, or a mapping from a question's number or name to an answer"
        ),
        "--format {text,json}": "how to print it (default: text)",
        "--hide-answers": "do not say what would have been right",
    },
    "serve": {
        **AT,
        **SLIP,
        **GRADIENTS,
        "--set NAME=VALUE": ON_A_SCENARIO["--set NAME=VALUE"],
        "SCENARIO": OWN_SCENARIO,
        "--host HOST": "the address to listen on (default: 127.0.0.1, which only this machine can reach)",
        "--port N": "the port (default: 8000)",
        "--charset {unicode,ascii}": "the characters to draw with (default: unicode)",
    },
    "show": {"-h, --help": EVERYWHERE["-h, --help"], "SCENARIO": OWN_SCENARIO},
    "list": {
        **EVERYWHERE,
        "--slips": "list the slips that --slip can make instead",
        "--format {text,json}": "how to print it (default: text)",
    },
}

COMMANDS = [command for command in SAID if command]


def _help(call, command: str) -> str:
    return call(*([command] if command else []), "--help").out


@pytest.mark.parametrize("command", SAID)
def test_help_says_how_the_command_is_written_and_what_each_word_is_for(call, command):
    text = " ".join(_help(call, command).split())
    usage, _, _ = _help(call, command).partition("\n\n")
    assert usage.startswith(f"usage: backprop-tui {command}".rstrip())
    assert all(word.split()[0] in usage for word in SAID[command] if command and word[:2] != "-h")
    for word, meaning in SAID[command].items():
        assert f" {word} {meaning} " in text


def test_the_help_of_the_program_says_what_each_command_is_for(call):
    text = _help(call, "")
    width = max(map(len, COMMANDS))
    assert "\ncommands (`backprop-tui COMMAND --help` explains each):\n" in text
    for command in COMMANDS:
        purpose = _help(call, command).split("\n\n")[1].rstrip(".")
        assert f"\n  {command:{width}}  {purpose[0].lower()}{purpose[1:]}\n" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_work_as_they_are_printed(call, file, monkeypatch, command):
    # It would go on until it is ended.
    monkeypatch.setattr("tui_backprop.headless.serving.serve", lambda *words: None)
    text = "title: t\nparameters: {w: 1}\nequations: {L: w^2}\nlearning_rate: 0.1\nquestions: [{at: ∂L/∂w}]\n"
    file("lesson", text)
    file("answers", "[2*w]")
    Path("mine.json").write_text('{"z": 0.5}', encoding="utf-8")
    Path("mine.csv").write_text("a1_1,0.5", encoding="utf-8")
    examples = _help(call, command).partition("examples:\n")[2].splitlines()
    assert len(examples) >= 2
    for example in examples:
        program, *words = shlex.split(example)
        assert program == "backprop-tui"
        # Those gradients are wrong, and diagnose says so.
        assert call(*words).code == (command == "diagnose"), example
