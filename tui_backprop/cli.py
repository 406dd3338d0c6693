"""The command line: arguments in, exit code out.

A word that is no command opens the stepper. `--version` and `--help` load next to nothing.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

from tui_backprop.commands import COMMANDS, Command
from tui_backprop.headless.arguments import (
    PROGRAM,
    SCENARIO_HELP,
    Answer,
    Parser,
    add_charset,
    add_gradients,
    add_place,
    add_settings,
    add_slip,
    add_version,
    parser_for,
)
from tui_backprop.headless.completion import add_print_completion
from tui_backprop.headless.named_scenario import opened, refuse_without_scenario, session_of


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words of a command line ask for, by default those of this process; returns the exit code."""
    from tui_backprop.headless.exit_codes import ended

    # Matrices of these sizes gain nothing by a second thread, which on a busy machine stands in the way, and other
    # numbers of threads would give other last bits. numpy reads this when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = sys.argv[1:] if words is None else list(words)
    command = COMMANDS.get(given[0]) if given else None
    if command is None:
        return ended(lambda: _answered(lambda: _step_through(given)), PROGRAM)
    name = f"{PROGRAM} {given[0]}"
    return ended(lambda: _answered(lambda: _perform(command, name, given[1:])), name)


def _answered(action: Callable[[], int]) -> int:
    try:
        return action()
    except Answer as answer:
        from tui_backprop.headless.output import print_data

        print_data(str(answer))
        return 0


def _perform(command: Command, name: str, words: Sequence[str]) -> int:
    from tui_backprop.headless.exit_codes import signals_as_errors

    parser = parser_for(name, f"{command.summary[0].upper()}{command.summary[1:]}.", command.examples)
    command.add_options(parser)
    arguments = parser.parse_args(words)
    with signals_as_errors():
        return command.perform(arguments)


# --- the stepper


def _step_through(words: Sequence[str]) -> int:
    """Open the stepper: what the program does without a command."""
    from tui_backprop.errors import UsageError
    from tui_backprop.headless.terminal import can_draw, default_charset, is_served
    from tui_backprop.settings import Kept, settings_path

    arguments = _stepper_parser().parse_args(words)
    named = arguments.scenario
    _refuse_command_in_second_place(named)
    if not named:
        refuse_without_scenario(arguments)
    # What comes through standard input is read first, and then the keys come from the terminal.
    piped = opened("-", arguments.settings) if named == ["-"] else None
    if piped is not None:
        from tui_backprop.headless.standard_input import read_keys_from_terminal

        read_keys_from_terminal()
    # Textual's variable is forgotten when the screen is loaded.
    served = is_served()
    if not (served or can_draw()):
        raise UsageError(
            "the stepper needs a terminal to draw on and to read keys from\n"
            f"help: without one there are {', '.join(f'`{PROGRAM} {name}`' for name in COMMANDS)}"
        )
    # Nothing that is made up to the first frame is garbage; looking for some only delays it. The app looks again then.
    gc.disable()
    try:
        kept = Kept(settings_path())
        charset = arguments.charset or kept.current.charset or default_charset()
        session = session_of(named[0], piped, arguments, charset, COMMANDS) if named else None
        from tui_backprop.tui.running import run_app

        return run_app(session, charset, kept, served)
    finally:
        gc.enable()


def _refuse_command_in_second_place(named: Sequence[str]) -> None:
    """More words than one scenario: most likely a command that is misspelled or comes too late."""
    from tui_backprop.errors import UsageError
    from tui_backprop.scenario.nearest import shown

    command = next((word for word in named if word in COMMANDS), None)
    if command is not None:
        raise UsageError(f"a command comes first: {PROGRAM} {command} ... (a file of that name is ./{command})")
    if len(named) > 1:
        raise UsageError(
            f"'{shown(named[0])}' is not a command, and the stepper opens one scenario, not {len(named)}\n"
            f"help: the commands are {', '.join(COMMANDS)}"
        )


def _stepper_parser() -> Parser:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items())
    parser = parser_for(
        PROGRAM,
        "Backpropagation in a terminal, one number at a time, forward and back.\n\n"
        "Without a command it opens the stepper: every forward value, every chain-rule factor\n"
        "and every weight update, one key press each. Without a scenario it lets you choose one.",
        ("", "logistic", "./lesson.yaml --set learning_rate=0.1", "run logistic --iterations 20"),
        f"commands (`{PROGRAM} COMMAND --help` explains each):\n{commands}\n\n",
        f"{PROGRAM} [SCENARIO] [--at PLACE] [--set NAME=VALUE]... [--slip NAME[@PLACE]]\n"
        f"       [--gradients FILE] [--charset unicode|ascii]\n"
        f"       {PROGRAM} COMMAND ...",
    )
    parser.add_argument("scenario", metavar="SCENARIO", nargs="*", help=SCENARIO_HELP)
    add_place(parser)
    add_settings(parser)
    add_slip(parser)
    add_gradients(parser)
    add_charset(parser)
    add_print_completion(parser, lambda: [(name, one.summary, one.add_options) for name, one in COMMANDS.items()])
    add_version(parser)
    return parser
