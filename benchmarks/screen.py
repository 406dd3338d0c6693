"""How fast does the program start, and answer a key, beside the least that Python and Textual need for it?

python -m benchmarks.screen [--quick] [--size 120x40]… [--markdown FILE]

The stepper runs in a pseudo-terminal and is compared with a bare Textual app (screen_bare_app.py); the commands are
compared with `python -c pass`. All that is compared is measured by turns, in the same rounds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from benchmarks.rounds import by_turns
from benchmarks.screen_bare_app import FIXED_TEXTS
from benchmarks.screen_report import Compared, Reach, markdown
from benchmarks.screen_terminal import SILENCE_AFTER_START, ProgramOnTerminal
from tui_backprop.settings import Settings, write_settings

FOLDER = str(Path(__file__).resolve().parent.parent)
_PYTHON = (sys.executable,)
_LESSON = "logistic"
PROGRAM = (*_PYTHON, "-m", "tui_backprop")
_BARE_APP = (*_PYTHON, "-m", "benchmarks.screen_bare_app")

SIZES = ((80, 24), (120, 40), (200, 60))
HISTORIES = (1_000, 100_000)
COMMANDS: Mapping[str, tuple[tuple[str, ...], Reach | None]] = {
    "python -c pass": ((*_PYTHON, "-c", "pass"), None),
    "--version": ((*PROGRAM, "--version"), Reach("python -c pass", 60 / 12)),
    "run parabola": ((*PROGRAM, "run", "parabola"), Reach("python -c pass", 200 / 12)),
    "run parabola --format json": ((*PROGRAM, "run", "parabola", "--format", "json"), Reach("python -c pass")),
    "list": ((*PROGRAM, "list"), Reach("python -c pass")),
}
"""What is started, and how many times as long as the other one it may take; None where no figure was set."""

TEXTS_OF_PROGRAM = ("Graph", "Equations", "Loss history", "just computed", "quit")
_LONGEST_STEP = 0.008
_STEP, _BACK, _JUMP = "\x1b[C", "\x1b[D", "]"


@dataclass(frozen=True, slots=True)
class Effort:
    """How many rounds there are: of commands, of first frames, of keys."""

    commands: int
    frames: int
    keys: int


FULL, QUICK = Effort(25, 15, 68), Effort(5, 3, 17)


@dataclass(slots=True)
class Results:
    """What was measured so far: comparisons under the name of a table."""

    tables: dict[str, list[Compared]] = field(default_factory=dict)

    def add(self, table: str, times: Mapping[str, Sequence[float]], reaches: Mapping[str, Reach | None]) -> None:
        """Take in the seconds of each round by name, with what each name is compared with."""
        rows = [Compared.of(name, times, reaches[name]) for name in times]
        self.tables.setdefault(table, []).extend(rows)


def seconds_of_command(words: Sequence[str], environment: Mapping[str, str]) -> float:
    """How long a program takes from its start to its end."""
    began = time.perf_counter()
    subprocess.run(words, cwd=FOLDER, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - began


def seconds_to_first_frame(
    words: Sequence[str], texts: Sequence[str], size: tuple[int, int], environment: Mapping[str, str]
) -> float:
    """How long a program on a terminal takes from its start until its screen is filled and stands still."""
    began = time.perf_counter()
    with ProgramOnTerminal(words, size, environment, FOLDER) as program:
        return program.time_until(texts, SILENCE_AFTER_START, began)


@contextmanager
def opened_at(iteration: int, size: tuple[int, int], environment: Mapping[str, str]) -> Iterator[ProgramOnTerminal]:
    """The stepper with so many iterations of history, the cursor at the last one."""
    with ProgramOnTerminal((*PROGRAM, _LESSON), size, environment, FOLDER) as program:
        program.time_until(TEXTS_OF_PROGRAM, SILENCE_AFTER_START)
        program.time_key("g")
        program.time_key(str(iteration))
        program.send("\r")
        program.time_until((f"iteration {iteration:,}",), SILENCE_AFTER_START)
        yield program


def measure_commands(results: Results, effort: Effort, environment: Mapping[str, str]) -> None:
    """From the start to the end of the commands."""
    actions = {
        name: lambda words=words: seconds_of_command(words, environment) for name, (words, _) in COMMANDS.items()
    }
    by_turns(actions, 1)
    reaches = {name: reach for name, (_, reach) in COMMANDS.items()}
    results.add("from start to end", by_turns(actions, effort.commands), reaches)


def measure_first_frames(
    results: Results, size: tuple[int, int], effort: Effort, environment: Mapping[str, str]
) -> None:
    """From the start to the first filled frame."""
    bare, ours = f"bare app, {_shown(size)}", f"stepper, {_shown(size)}"
    actions = {
        bare: lambda: seconds_to_first_frame(_BARE_APP, FIXED_TEXTS, size, environment),
        ours: lambda: seconds_to_first_frame((*PROGRAM, _LESSON), TEXTS_OF_PROGRAM, size, environment),
    }
    by_turns(actions, 1)
    results.add(
        "from start to first filled frame", by_turns(actions, effort.frames), {bare: None, ours: Reach(bare, 1.25)}
    )


def step_after_jump(program: ProgramOnTerminal) -> float:
    """How long a step takes where another key was pressed before."""
    program.time_key(_JUMP)
    return program.time_key(_STEP)


def measure_keys(results: Results, size: tuple[int, int], effort: Effort, environment: Mapping[str, str]) -> None:
    """From a key to its complete frame, with a short and with a long history."""
    where = _shown(size)
    bare = f"bare app's key, {where}"
    few, many = (f"{count:,} iterations, {where}" for count in HISTORIES)
    with ExitStack() as stack:
        app = stack.enter_context(ProgramOnTerminal(_BARE_APP, size, environment, FOLDER))
        app.time_until(FIXED_TEXTS, SILENCE_AFTER_START)
        # A program for each kind of key, because who steps presses the same key again, and so does who jumps.
        short, long, short_jumps, long_jumps, turning, mixed = (
            stack.enter_context(opened_at(count, size, environment))
            for count in (*HISTORIES, *HISTORIES, HISTORIES[0], HISTORIES[0])
        )
        to_and_fro = cycle((_STEP, _BACK))
        actions = {
            bare: lambda: app.time_key(_STEP),
            f"step, {few}": lambda: short.time_key(_STEP),
            f"step, {many}": lambda: long.time_key(_STEP),
            f"step to and fro, {few}": lambda: turning.time_key(next(to_and_fro)),
            f"step after a jump, {few}": lambda: step_after_jump(mixed),
            f"jump, {few}": lambda: short_jumps.time_key(_JUMP),
            f"jump, {many}": lambda: long_jumps.time_key(_JUMP),
        }
        by_turns(actions, 2)
        times = by_turns(actions, effort.keys)
    reaches = {
        bare: None,
        f"step, {few}": Reach(bare, most_seconds=_LONGEST_STEP),
        f"step, {many}": Reach(f"step, {few}", 1.3),
        f"step to and fro, {few}": Reach(bare),
        f"step after a jump, {few}": Reach(bare, most_seconds=_LONGEST_STEP),
        f"jump, {few}": Reach(bare, 3.5),
        f"jump, {many}": Reach(f"jump, {few}", 1.3),
    }
    results.add("from key to complete frame", times, reaches)


def _shown(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def environment_for(bytecode: str) -> dict[str, str]:
    """An ordinary terminal's environment, in which Python keeps its compiled modules, as an installed program does."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "TEXTUAL", "COV_", "LC_")) and name not in ("NO_COLOR", "LINES", "COLUMNS")
    }
    # As after the first run: the screen that it begins with is closed once and for all.
    write_settings(Path(bytecode) / "backprop-tui" / "settings.json", Settings(knows_the_keys=True))
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": bytecode,
        "XDG_CONFIG_HOME": bytecode,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the words of a command line ask for, and print or write the tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.screen", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds: whether it works, not how fast it is")
    parser.add_argument("--size", action="append", type=_size, help="columns and rows; may be given again")
    parser.add_argument("--only", action="append", choices=("commands", "frames", "keys"), help="a part of it")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="write the tables there instead of printing them")
    arguments = parser.parse_args(words)
    effort = QUICK if arguments.quick else FULL
    parts = arguments.only or ("commands", "frames", "keys")
    results = Results()
    with tempfile.TemporaryDirectory() as bytecode:
        environment = environment_for(bytecode)
        if "commands" in parts:
            measure_commands(results, effort, environment)
        for size in arguments.size or SIZES:
            if "frames" in parts:
                measure_first_frames(results, size, effort, environment)
            if "keys" in parts:
                measure_keys(results, size, effort, environment)
    text = markdown(results.tables, only_judged=arguments.markdown is not None)
    if arguments.markdown:
        arguments.markdown.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
