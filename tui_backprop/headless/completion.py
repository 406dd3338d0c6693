"""`--print-completion`: what a shell has to know to complete commands, options, lessons and files."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import NoReturn

from tui_backprop.headless.arguments import PROGRAM, Answer, Parser

SHELLS = ("bash", "zsh", "tcsh")

_SCENARIOS = "_backprop_tui_lesson_files"  # shtab knows by "_file" that folders are to end with a slash
_PREAMBLES = {
    "bash": """\
{function}() {{
  compgen -W "{lessons}" -- "$1"
  compgen -f -- "$1"
}}""",
    "zsh": """\
{function}() {{
  _alternative 'lessons:lesson:({lessons})' 'files:file:_files'
}}""",
}

AddOptions = Callable[[argparse.ArgumentParser], None]


def add_print_completion(
    parser: argparse.ArgumentParser, words: Callable[[], Iterable[tuple[str, str, AddOptions]]]
) -> None:
    """`--print-completion SHELL`. words: what the first word can be, what each says of itself, and its options."""
    parser.add_argument(
        "--print-completion",
        metavar="SHELL",
        choices=SHELLS,
        action=_PrintCompletion,
        words=words,
        help="print a script with which a shell (bash, zsh or tcsh) completes commands, lessons and files",
    )


class _PrintCompletion(argparse.Action):
    def __init__(self, words: Callable[[], Iterable[tuple[str, str, AddOptions]]], **fields: object) -> None:
        super().__init__(**fields)  # type: ignore[arg-type]
        self._words = words

    def __call__(self, parser: argparse.ArgumentParser, given: object, shell: object, *rest: object) -> NoReturn:
        raise Answer(completion_script(str(shell), parser, self._words()) + "\n")


def completion_script(
    shell: str, stepper: argparse.ArgumentParser, words: Iterable[tuple[str, str, AddOptions]]
) -> str:
    """The script for one of `SHELLS`. stepper: the parser of the program without a command, for its options."""
    # Here, because nothing else needs it.
    import shtab

    from tui_backprop.scenario.bundled import bundled_questions

    lessons = bundled_questions()
    options = [action for action in stepper._actions if action.option_strings]
    whole = Parser(prog=PROGRAM, add_help=False)
    for option in options:
        whole._add_action(option)
    _say_what_completes(whole, " ".join(lessons))
    first = whole.add_subparsers()
    for name, summary, add_options in words:
        command = first.add_parser(name, help=summary, add_help=False)
        add_options(command)
        _say_what_completes(command, " ".join(lessons))
    for name, question in lessons.items():
        lesson = first.add_parser(name, help=question or name, add_help=False)
        for option in options:
            lesson._add_action(option)
    preamble = _PREAMBLES.get(shell, "").format(function=_SCENARIOS, lessons=" ".join(lessons))
    return str(shtab.complete(whole, shell, preamble=preamble))


def _say_what_completes(command: argparse.ArgumentParser, lessons: str) -> None:
    """Scenarios are lessons or files; what else has a name of its own is a file, but for what has choices."""
    import shtab

    for action in command._actions:
        if action.dest in ("scenario", "scenarios"):
            action.complete = {  # type: ignore[attr-defined]
                "bash": _SCENARIOS,
                "zsh": _SCENARIOS,
                "tcsh": f"`echo {lessons} ; ls`",
            }
        elif action.metavar in ("FILE", "GRADIENTS", "ANSWERS"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
