"""How is it to step through a network that is wide: until it is there, from key to key, to train it, and in memory?

python -m benchmarks.wide [--quick] [--markdown FILE]

The program runs in a pseudo-terminal, as whoever steps through it would see it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import at_most, digits, hand_out, table
from benchmarks.screen import FOLDER, PROGRAM, TEXTS_OF_PROGRAM, environment_for
from benchmarks.screen_terminal import SILENCE_AFTER_START, ProgramOnTerminal

NETWORKS = ((2, 300, 300, 1), (784, 100, 10))
ROWS = 100
ITERATIONS = 100

REACH_FRAME, REACH_STEP, REACH_TRAINING, REACH_MEMORY = 1.5, 0.05, 5.0, 300.0

_STEPS = ("\x1b[C", "\x1b[C", "\x1b[D", "n", "\x1b[C", "]", "\x1b[C", "[")
"""Keys that are pressed in turn: steps, a phase on, an iteration on and back."""


def write_network(folder: Path, sizes: Sequence[int]) -> Path:
    """A scenario of sigmoid layers of these sizes, the inputs first, and its data beside it; the same every time."""
    draw = random.Random(1).random
    inputs = [f"x{place}" for place in range(1, sizes[0] + 1)]
    targets = [f"t{place}" for place in range(1, sizes[-1] + 1)]
    lines = [",".join([*inputs, *targets])]
    lines += [",".join(f"{draw():.3f}" for _ in (*inputs, *targets)) for _ in range(ROWS)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    layer = "    - {{neurons: {}, activation: sigmoid, weights: {{init: xavier, seed: 1}}, biases: {{init: zeros}}}}"
    text = [
        f"title: {'-'.join(map(str, sizes))}",
        "network:",
        f"  inputs: [{', '.join(inputs)}]",
        "  layers:",
        *(layer.format(neurons) for neurons in sizes[1:]),
        f"  targets: [{', '.join(targets)}]",
        "  cost: squared_error",
        "data: {csv: rows.csv}",
        "learning_rate: 0.1",
    ]
    path = folder / "network.yaml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def measure(path: Path, rounds: int, around: dict[str, str]) -> tuple[list[float], list[float], float, float]:
    """The seconds of each first frame and of each key, those of the training, and the megabytes at the largest."""
    frames: list[float] = []
    keys: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        with ProgramOnTerminal((*PROGRAM, str(path)), (120, 40), around, FOLDER) as program:
            frames.append(program.time_until(TEXTS_OF_PROGRAM, SILENCE_AFTER_START, began))
            keys += [program.time_key(key) for key in _STEPS * 2]
            program.time_key("g")
            program.time_key(str(ITERATIONS))
            began = time.perf_counter()
            program.send("\r")
            training = program.time_until((f"iteration {ITERATIONS}",), SILENCE_AFTER_START, began)
            keys += [program.time_key(key) for key in _STEPS]
            memory = program.most_megabytes()
    return frames, keys, training, memory


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="once instead of five times")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="where to write the table")
    arguments = parser.parse_args(words)
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        around = environment_for(str(Path(folder) / "bytecode"))
        for sizes in NETWORKS:
            name = f"{'-'.join(map(str, sizes))}, {ROWS} rows"
            path = write_network(Path(folder), sizes)
            measure(path, 1, around)
            frames, keys, training, memory = measure(path, 1 if arguments.quick else 5, around)
            frame, key = statistics.median(frames), statistics.median(keys)
            rows += [
                (f"{name}: first frame", f"{digits(frame)} s", at_most(REACH_FRAME, frame)),
                ("a key, median", f"{digits(key * 1_000)} ms", at_most(REACH_STEP * 1_000, key * 1_000)),
                ("the slowest key", f"{digits(max(keys) * 1_000)} ms", ""),
                (f"{ITERATIONS} iterations", f"{digits(training)} s", at_most(REACH_TRAINING, training)),
                ("memory, the terminal's toolkit included", f"{digits(memory)} MB", at_most(REACH_MEMORY, memory)),
            ]
    text = table(("", "", "reach"), rows)
    hand_out(text, arguments.markdown)


if __name__ == "__main__":
    sys.exit(main())
