"""The words of a command line: parsers that print nothing themselves, and the arguments that several commands take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from tui_backprop import __version__

PROGRAM = "backprop-tui"

_MOST_CELLS = 1_000
_MOST_DIGITS = 12
_LAST_PORT = 65_535
_LONGEST_MESSAGE = 400


class Answer(Exception):  # noqa: N818 - not an error: the words were a question, and this is what to print
    """`--help` or `--version` was asked for."""


class _Help(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        raise Answer(parser.format_help())


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        raise Answer(f"{PROGRAM} {__version__}\n")


class Parser(argparse.ArgumentParser):
    """A parser that prints nothing and ends nothing itself."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        from tui_backprop.errors import UsageError
        from tui_backprop.scenario.nearest import shown

        raise UsageError(f"{shown(message, _LONGEST_MESSAGE)}\nhelp: {self.prog} --help shows what it understands")


def parser_for(program: str, description: str, examples: Sequence[str], more: str = "", usage: str = "") -> Parser:
    """A parser with `--help`, which ends with `more` and the examples; these come without the program's name.

    usage: how it is written, where argparse cannot say it.
    """
    shown = "\n".join(f"  {PROGRAM} {example}".rstrip() for example in examples)
    parser = Parser(
        prog=program,
        usage=usage or None,
        description=description,
        epilog=f"{more}examples:\n{shown}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("-h", "--help", action=_Help, nargs=0, help="show this help and exit")
    return parser


def add_version(parser: argparse.ArgumentParser) -> None:
    """`--version`."""
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")


OWN_SCENARIO_HELP = "a scenario file (a path with a separator, or ending in .yaml), or the name of a bundled one"
SCENARIO_HELP = (
    "a scenario file (a path with a separator, or ending in .yaml), the name of a bundled one, or -: standard input"
)


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """The scenario, and `--set` for its numbers."""
    parser.add_argument("scenario", metavar="SCENARIO", help=SCENARIO_HELP)
    add_settings(parser)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """`--set NAME=VALUE`, as often as one likes."""
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="another number for a parameter, a constant or learning_rate; can be given several times",
    )


def add_iteration(parser: argparse.ArgumentParser) -> None:
    """`--iteration K`."""
    help = "the iteration, that is how many updates come before it (default: 0)"
    parser.add_argument("--iteration", metavar="K", type=whole_number, default=0, help=help)


def add_place(parser: argparse.ArgumentParser) -> None:
    """`--at`, the place to open."""
    help = "where to open it: an iteration (3), one of its steps (3.12), end, or a name (default: where the file says)"
    parser.add_argument("--at", metavar="PLACE", default="", help=help)


def add_slip(parser: argparse.ArgumentParser) -> None:
    """`--slip NAME@PLACE`."""
    help = "make one deliberate slip in every iteration, at one place or wherever it can happen; see `list --slips`"
    parser.add_argument("--slip", metavar="NAME[@PLACE]", default="", help=help)


def add_gradients(parser: argparse.ArgumentParser) -> None:
    """`--gradients FILE`."""
    help = "your own gradients, as `diagnose` reads them, beside the right ones; opens at the first that differs"
    parser.add_argument("--gradients", metavar="FILE", type=_file_name, help=help)


def add_charset(parser: argparse.ArgumentParser) -> None:
    """`--charset`; None stands for what the locale can show."""
    help = "the characters to draw with (default: those that the locale can show)"
    parser.add_argument("--charset", choices=("unicode", "ascii"), help=help)


def add_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    """`--format`, by default the first one."""
    help = f"how to print it (default: {formats[0]})"
    parser.add_argument("--format", choices=formats, default=formats[0], help=help)


def add_output(parser: argparse.ArgumentParser) -> None:
    """`--output` and `--force`."""
    help = "write to a file instead of printing; never over an existing one"
    parser.add_argument("--output", metavar="FILE", type=_file_name, help=help)
    parser.add_argument("--force", action="store_true", help="replace an existing FILE")


def _file_name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the file is missing")
    return text


def whole_number(text: str) -> int:
    """The value of a whole number as an argument. Raises ArgumentTypeError for anything else."""
    if re.fullmatch(rf"-?\d{{1,{_MOST_DIGITS}}}", text, re.ASCII):
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a whole number such as 100")


def port_number(text: str) -> int:
    """A port to listen on. Raises ArgumentTypeError for anything else."""
    if re.fullmatch(r"\d{1,5}", text, re.ASCII) and 1 <= int(text) <= _LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a port, a whole number from 1 to {_LAST_PORT}")


def iteration_range(text: str) -> tuple[int, int]:
    """The first and the last iteration of `3..5`, or of `3` alone. Raises ArgumentTypeError for anything else."""
    match = re.fullmatch(rf"(\d{{1,{_MOST_DIGITS}}})(?:\.\.(\d{{1,{_MOST_DIGITS}}}))?", text, re.ASCII)
    first, last = (int(number or match[1]) for number in match.groups()) if match else (1, 0)
    if first <= last:
        return first, last
    raise argparse.ArgumentTypeError(f"'{text}' is not a range of iterations such as 0..3, nor one iteration such as 3")


def example_list(text: str) -> tuple[int, ...]:
    """The numbers of `0,2`, each once. Raises ArgumentTypeError for anything else."""
    if re.fullmatch(rf"\d{{1,{_MOST_DIGITS}}}(,\d{{1,{_MOST_DIGITS}}})*", text, re.ASCII):
        return tuple(dict.fromkeys(map(int, text.split(","))))
    raise argparse.ArgumentTypeError(f"'{text}' is not a list of examples such as 0,2, counted from 0")


def size(text: str) -> tuple[int, int]:
    """Columns and lines of `120x40`. Raises ArgumentTypeError for anything else, and for what no screen has."""
    match = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text, re.ASCII)
    width, height = map(int, match.groups()) if match else (0, 0)
    if 1 <= width <= _MOST_CELLS and 1 <= height <= _MOST_CELLS:
        return width, height
    raise argparse.ArgumentTypeError(
        f"'{text}' is not a size such as 120x40: columns and lines, each from 1 to {_MOST_CELLS:,}"
    )


def read_settings(settings: Sequence[str]) -> dict[str, float]:
    """The numbers of every `--set`; of two for the same name the later one counts.

    Raises UsageError for what is not a name, an equals sign and a number.
    """
    from tui_backprop.errors import UsageError
    from tui_backprop.numbers import NumberError, read_number
    from tui_backprop.scenario.nearest import shown

    numbers: dict[str, float] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not (name and equals):
            raise UsageError(f"--set {shown(setting)}: write a name, an equals sign and a number, such as --set w=0.5")
        try:
            numbers[name] = read_number(value)
        except NumberError as error:
            what, help = shown(error.message, 120), shown(error.help, 120)
            raise UsageError(f"--set {shown(setting)}: {what}\nhelp: {help}") from None
    return numbers
