"""The commands, in the one table that the command line, its help and completion in shells read.

What a command needs is imported when it is asked for, and not before: only `snap` loads the screen.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

from tui_backprop.headless.arguments import (
    OWN_SCENARIO_HELP,
    SCENARIO_HELP,
    add_charset,
    add_format,
    add_gradients,
    add_iteration,
    add_output,
    add_place,
    add_scenario,
    add_settings,
    add_slip,
    example_list,
    iteration_range,
    port_number,
    size,
    whole_number,
)
from tui_backprop.headless.named_scenario import charset_of, opened, refuse_without_scenario, session_of


class Command(NamedTuple):
    """One command.

    summary: what it does, in a few words.
    add_options: gives a parser the command's own arguments.
    perform: carries the command out and returns the exit code.
    examples: lines that show how it is used.
    """

    summary: str
    add_options: Callable[[argparse.ArgumentParser], None]
    perform: Callable[[argparse.Namespace], int]
    examples: tuple[str, ...]


# --- the commands


def _add_run(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    help = "how many updates to make (default: the scenario's own number)"
    parser.add_argument("--iterations", metavar="N", type=whole_number, help=help)
    add_slip(parser)
    add_format(parser, "table", "json", "csv")
    add_charset(parser)


def _run(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.run import run

    scenario = opened(arguments.scenario, arguments.settings)
    return run(scenario, arguments.iterations, arguments.format, charset_of(arguments), arguments.slip)


def _add_steps(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    add_iteration(parser)
    add_slip(parser)
    add_format(parser, "text", "json")
    add_charset(parser)


def _steps(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.steps import steps

    scenario = opened(arguments.scenario, arguments.settings)
    return steps(scenario, arguments.iteration, arguments.format, charset_of(arguments), arguments.slip)


def _add_derive(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    parser.add_argument("--of", metavar="NODE", required=True, help="the node whose derivative is wanted, such as L")
    parser.add_argument("--wrt", metavar="NAME", required=True, help="the name that is moved, such as w1")
    help = "the example, counted from 0 (default: 0)"
    parser.add_argument("--example", metavar="I", type=whole_number, default=0, help=help)
    add_iteration(parser)
    add_format(parser, "text", "json", "latex")
    add_charset(parser)


def _derive(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.derive import derive

    scenario = opened(arguments.scenario, arguments.settings)
    of, wrt, example = arguments.of, arguments.wrt, arguments.example
    return derive(scenario, of, wrt, example, arguments.iteration, arguments.format, charset_of(arguments))


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="+", help=SCENARIO_HELP)
    add_settings(parser)
    add_charset(parser)


def _check(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.check import check

    open_scenario = functools.partial(opened, settings=arguments.settings)
    return check(arguments.scenarios, open_scenario, charset_of(arguments))


def _add_diagnose(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    help = "the gradients that you computed: JSON, YAML, or CSV (name,value); arrays by layer are called W1, b1"
    parser.add_argument("gradients", metavar="GRADIENTS", help=help)
    add_iteration(parser)
    add_format(parser, "text", "json")
    add_charset(parser)


def _diagnose(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.diagnose import diagnose

    scenario = opened(arguments.scenario, arguments.settings)
    return diagnose(scenario, arguments.gradients, arguments.iteration, arguments.format, charset_of(arguments))


def _add_snap(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    help = "keys to press first, with spaces between them: names such as right or enter, or the characters themselves"
    parser.add_argument("--press", metavar="KEYS", default="", help=help)
    help = "columns and lines of the screen (default: 120x40)"
    parser.add_argument("--size", metavar="WxH", type=size, default=(120, 40), help=help)
    add_place(parser)
    add_slip(parser)
    add_gradients(parser)
    add_format(parser, "text", "svg")
    add_output(parser)
    add_charset(parser)


def _snap(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.output import check_target, put

    check_target(arguments.output, arguments.force)
    scenario = opened(arguments.scenario, arguments.settings)
    from tui_backprop.settings import Kept, settings_path
    from tui_backprop.tui.key_map import read_key_map
    from tui_backprop.tui.snap import snap

    key_map = read_key_map(Kept(settings_path()))
    width, height = arguments.size
    keys, format, charset = arguments.press.split(), arguments.format, charset_of(arguments)
    at, slip, gradients = arguments.at, arguments.slip, arguments.gradients
    picture = snap(scenario, keys, width, height, format, charset, at, slip, gradients, key_map)
    put(picture if picture.endswith("\n") else f"{picture}\n", arguments.output, arguments.force)
    return 0


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", default="", help=OWN_SCENARIO_HELP)
    help = "the address to listen on (default: 127.0.0.1, which only this machine can reach)"
    parser.add_argument("--host", default="127.0.0.1", help=help)
    parser.add_argument("--port", metavar="N", type=port_number, default=8000, help="the port (default: 8000)")
    add_place(parser)
    add_settings(parser)
    add_slip(parser)
    add_gradients(parser)
    help = "the characters to draw with (default: unicode)"
    parser.add_argument("--charset", choices=("unicode", "ascii"), default="unicode", help=help)


def _serve(arguments: argparse.Namespace) -> int:
    from tui_backprop.errors import UsageError
    from tui_backprop.headless.serving import serve

    if arguments.scenario == "-":
        raise UsageError("each page reads the scenario for itself, and standard input can be read once: name a file")
    words = [f"--charset={arguments.charset}"]
    if arguments.scenario:
        # What is wrong with it is better said now than to every visitor.
        session_of(arguments.scenario, None, arguments, arguments.charset, COMMANDS)
        words += [f"--at={arguments.at}", f"--slip={arguments.slip}"]
        words += [f"--gradients={arguments.gradients}"] if arguments.gradients else []
        words += [f"--set={setting}" for setting in arguments.settings] + [arguments.scenario]
    else:
        refuse_without_scenario(arguments)
    serve(words, arguments.host, arguments.port)
    return 0


def _add_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help=OWN_SCENARIO_HELP)


def _show(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.listing import show_scenario

    return show_scenario(arguments.scenario)


def _add_grade(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    help = "a file of answers, YAML or JSON: a list, or a mapping from a question's number or name to an answer"
    parser.add_argument("answers", metavar="ANSWERS", help=help)
    add_format(parser, "text", "json")
    parser.add_argument("--hide-answers", action="store_true", help="do not say what would have been right")
    add_charset(parser)


def _grade(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.grade import grade

    scenario = opened(arguments.scenario, arguments.settings)
    return grade(scenario, arguments.answers, arguments.format, arguments.hide_answers, charset_of(arguments))


def _add_handout(parser: argparse.ArgumentParser) -> None:
    add_scenario(parser)
    help = "the iterations: the first one is written out, the later ones are numbers in tables (default: 0)"
    parser.add_argument("--iterations", metavar="A..B", type=iteration_range, default=(0, 0), help=help)
    help = "the examples that are written out, counted from 0; the others are numbers in a table (default: the first)"
    parser.add_argument("--examples", metavar="I,J", type=example_list, default=(), help=help)
    parser.add_argument("--blank", action="store_true", help="leave blanks to fill in, and put the answers at the end")
    parser.add_argument("--derivations", action="store_true", help="write out the derivation of every derivative")
    add_format(parser, "md", "html", "tex")
    add_output(parser)
    add_charset(parser)


def _handout(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.output import check_target

    check_target(arguments.output, arguments.force)
    scenario = opened(arguments.scenario, arguments.settings)
    from tui_backprop.handout.whole_handout import Wanted
    from tui_backprop.headless.handing_out import hand_out

    first, last = arguments.iterations
    wanted = Wanted(first, last, arguments.examples, arguments.blank, arguments.derivations)
    return hand_out(scenario, wanted, arguments.format, charset_of(arguments), arguments.output, arguments.force)


def _add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--slips", action="store_true", help="list the slips that --slip can make instead")
    add_format(parser, "text", "json")
    add_charset(parser)


def _list(arguments: argparse.Namespace) -> int:
    from tui_backprop.headless.listing import list_scenarios, list_slips

    return (list_slips if arguments.slips else list_scenarios)(arguments.format, charset_of(arguments))


COMMANDS = MappingProxyType(
    {
        "run": Command(
            "train and print the history: loss, parameters and gradients of every iteration",
            _add_run,
            _run,
            (
                "run parabola",
                "run logistic --iterations 1000 --format csv",
                "run parabola --set learning_rate=1.1",
                "run worked-example --iterations 1 --slip updated_weights",
            ),
        ),
        "steps": Command(
            "print every step of one iteration: values, factors, gradients, updates",
            _add_steps,
            _steps,
            ("steps logistic", "steps logistic --iteration 3 --format json"),
        ),
        "derive": Command(
            "derive a factor by the rules, or a whole path factor by factor, line by line",
            _add_derive,
            _derive,
            ("derive logistic --of a --wrt z", "derive logistic --of L --wrt w1 --format json"),
        ),
        "check": Command(
            "verify a scenario's published numbers, and every gradient by finite differences",
            _add_check,
            _check,
            ("check parabola logistic", "check ./lesson.yaml"),
        ),
        "diagnose": Command(
            "find where a hand-made gradient goes wrong, and by which slip",
            _add_diagnose,
            _diagnose,
            ("diagnose logistic mine.json", "diagnose net-2-2-2 mine.csv --iteration 1 --format json"),
        ),
        "snap": Command(
            "press keys without a terminal and print the screen, as text or as a picture",
            _add_snap,
            _snap,
            (
                'snap logistic --press "right right n ]"',
                "snap parabola --size 80x24 --format svg --output parabola.svg",
            ),
        ),
        "grade": Command(
            "check a learner's answers, and name the slip behind a wrong one",
            _add_grade,
            _grade,
            ("grade lesson.yaml answers.yaml", "grade ./lesson.yaml answers.yaml --format json --hide-answers"),
        ),
        "handout": Command(
            "write the worked solution to print, or a sheet with blanks, or a page that steps",
            _add_handout,
            _handout,
            ("handout logistic --format tex --output logistic.tex", "handout parabola --iterations 0..3 --blank"),
        ),
        "serve": Command(
            "show the stepper as a web page, by default to this machine alone",
            _add_serve,
            _serve,
            ("serve logistic", "serve ./lesson.yaml --port 8080"),
        ),
        "list": Command(
            "list the bundled scenarios, or the slips",
            _add_list,
            _list,
            ("list", "list --format json", "list --slips"),
        ),
        "show": Command(
            "print the file of a scenario, to start one's own from",
            _add_show,
            _show,
            ("show logistic", "show ./lesson.yaml"),
        ),
    }
)
