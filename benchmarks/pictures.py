"""How long do the pictures of learning take to draw, and does playing with one of them keep up?

python -m benchmarks.pictures [--quick] [--markdown FILE]

The lesson is moons, a net of 2-16-16-1. A frame's time is the processor's for the third panel's lines. Playing is
in a pseudo-terminal of 120×40, as whoever watches it would see it.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from benchmarks.report import at_most, digits, hand_out, table
from benchmarks.screen import FOLDER, PROGRAM, TEXTS_OF_PROGRAM, environment_for
from benchmarks.screen_terminal import SILENCE_AFTER_START, ProgramOnTerminal
from tui_backprop.api import load
from tui_backprop.moves.along import iteration_on, step_on
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.session import LossView, Session

LESSON = "moons"
PICTURES: dict[str, tuple[LossView, tuple[int, int]]] = {
    "output over its inputs": ("plane", (118, 8)),
    "the same, enlarged": ("plane", (118, 34)),
    "loss over two weights": ("curve", (118, 8)),
    "the same loss, enlarged": ("curve", (118, 34)),
}
STEPS_A_SECOND = 15

REACH_FRAME, REACH_STEP = 0.016, 1 / STEPS_A_SECOND

_SILENCE = 0.01
"""Seconds between two frames of playing in which nothing is drawn, at least."""

_STEP_SHOWN = re.compile(r"step +(\d+) of")


def frames(view: LossView, size: tuple[int, int], count: int) -> Iterator[float]:
    """The seconds of frames, each of a new iteration or of the step after it."""
    session = replace(Session.start(load(LESSON)), loss_view=view)
    PANELS["loss"].lines(session, *size)
    for turn in range(count):
        session = step_on(session) if turn % 2 else iteration_on(session)
        began = time.process_time()
        PANELS["loss"].lines(session, *size)
        yield time.process_time() - began


def playing(seconds: float, around: dict[str, str]) -> tuple[float, float, float]:
    """How many steps a second are played while the plane is drawn, the processor's seconds for each, and how long a key
    takes meanwhile."""
    with ProgramOnTerminal((*PROGRAM, LESSON), (120, 40), around, FOLDER) as program:
        program.time_until(TEXTS_OF_PROGRAM, SILENCE_AFTER_START)
        program.send("b")
        program.time_until(("over x",), SILENCE_AFTER_START)
        for _ in range(3):
            program.time_key("+")
        program.send(" ")
        first, began, busy = _step_after(program, 0.5), time.perf_counter(), program.processor_seconds()
        steps = _step_after(program, seconds) - first
        passed, busy = time.perf_counter() - began, program.processor_seconds() - busy
        program.forget()
        began = time.perf_counter()
        program.send("u")
        return steps / passed, busy / steps, program.time_until(("All examples",), _SILENCE, began)


def _step_after(program: ProgramOnTerminal, seconds: float) -> int:
    """Read what is drawn for so long, so that the program need not wait for it; the step that was shown last."""
    program.forget()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        program.time_until((), _SILENCE)
    return int(_STEP_SHOWN.findall(program.text)[-1])


def main(words: list[str] | None = None) -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few frames")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="where to write the table")
    arguments = parser.parse_args(words)
    rows: list[tuple[str, str, str]] = []
    for name, (view, size) in PICTURES.items():
        found = statistics.median(frames(view, size, 10 if arguments.quick else 60))
        rows.append((name, f"{digits(found * 1e3)} ms", at_most(REACH_FRAME * 1e3, found * 1e3)))
    with tempfile.TemporaryDirectory() as folder:
        rate, step, key = playing(2 if arguments.quick else 10, environment_for(str(Path(folder) / "bytecode")))
    kept_up = "✓" if rate > 0.9 * STEPS_A_SECOND else "✗"
    rows.append((f"played at {STEPS_A_SECOND} steps a second", f"{digits(rate)} steps a second", kept_up))
    rows.append(("the processor's time for a step", f"{digits(step * 1e3)} ms", at_most(REACH_STEP * 1e3, step * 1e3)))
    rows.append(("a key meanwhile", f"{digits(key * 1e3)} ms", at_most(REACH_STEP * 1e3, key * 1e3)))
    text = table(("", "", "reach"), rows)
    hand_out(text, arguments.markdown)


if __name__ == "__main__":
    sys.exit(main())
