"""Whatever a text is, it loads or is refused with places inside it: never another exception, and never slowly."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_backprop.errors import MOST_PROBLEMS, ScenarioError
from tui_backprop.scenario.loading import load_text

SEEDS = (
    """\
title: Two-feature logistic node
summary: One neuron, two inputs.
constants: {half: 0.5}
parameters:
  w1: 0.5
  b: 1e-1
data:
  - {x1: 1, y: 1}
  - {x1: 5, y: 0}
equations:
  z: w1*x1 + b      # comment
  a: sigmoid(z)
  L: "half*(a - y)^2"
loss: L
learning_rate: 0.5
iterations: 7
reduction: sum
batch: 1
freeze: [w*]
notes:
  z: the weighted sum
expect:
  - {after: 0, example: 0, loss: 9, gradients: {w1: -6.0}, parameters: {w1: 0.5}, values: {z: 2}}
""",
    """\
title: Net
network:
  inputs: [x1, x2]
  layers:
    - {neurons: 2, activation: sigmoid, weights: [[0.15, 0.20], [0.25, 0.30]], biases: [0.35, 0.35]}
    - {neurons: 1, activation: relu, weights: {init: xavier, seed: 7}, biases: {init: zeros}}
  targets: [t1]
  cost: half_squared_error
data: {x1: 0.05, x2: 0.10, t1: 0.01}
""",
)

PIECES = [
    *(
        "\n",
        "  ",
        "- ",
        ": ",
        ":",
        " #",
        "#",
        "*",
        "&",
        "!",
        "|",
        ">",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        '"',
        "\\",
        "%",
        "@",
        "`",
        "?",
        "---",
    ),
    *(
        "\t",
        "\r",
        "\x00",
        "\u202e",
        "\ufeff",
        "é",
        "σ",
        "₁",
        "1e999",
        "010",
        "nan",
        "(",
        ")",
        "^",
        "/",
        "w1",
        "pi",
        "e",
        "x1x2",
    ),
    *(
        "<<: ",
        "*a",
        "&a ",
        "!!python/object ",
        "...\n",
        "- - - ",
        "{x:1}",
        "'it's'",
        '"\\u202e"',
        '"\\U00110000"',
        "csv: x.csv",
    ),
]


def refusal_of(text: str | bytes) -> ScenarioError | None:
    """The refusal of a text, or None where it loads. Any other exception is the failure that is looked for."""
    try:
        load_text(text, "f.yaml")
    except ScenarioError as error:
        return error
    return None


def loads(text: str) -> bool:
    """Whether a text loads; where it does not, its problems must lie inside it and be fit to be shown."""
    error = refusal_of(text)
    if error is None:
        return True
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    assert 1 <= len(error.problems) <= MOST_PROBLEMS
    places = [problem.place for problem in error.problems]
    told = [(place.line, place.column) for place in places if place is not None]
    assert told == sorted(told)
    for problem in error.problems:
        assert problem.message
        assert problem.help
        assert max(len(problem.message), len(problem.help)) < 500
        assert "\n" not in problem.message + problem.help
        if problem.place is not None:
            assert 1 <= problem.place.line <= len(lines)
            line = lines[problem.place.line - 1]
            assert 1 <= problem.place.column <= len(line) + 1
            assert problem.place.length >= 1
            assert problem.source_line == line
    return False


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    loads(text)


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    error = refusal_of(data)
    assert error is None or error.problems


@given(st.lists(st.sampled_from([*PIECES, "title", "data", "equations", "parameters", "x", "1", " "]), max_size=40))
def test_any_heap_of_pieces(pieces: list[str]) -> None:
    loads("".join(pieces))


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + chance.randint(1, 8) :]
        elif kind == 2:
            text = text[:at] + chance.choice(PIECES) + text[at + chance.randint(1, 4) :]
        elif kind == 3:
            lines = text.split("\n")
            line = chance.randrange(len(lines))
            lines.insert(chance.randrange(len(lines)), lines[line])
            text = "\n".join(lines)
        elif kind == 4:
            lines = text.split("\n")
            del lines[chance.randrange(len(lines))]
            text = "\n".join(lines)
        else:
            other = chance.randrange(len(text) + 1)
            text = text[:at] + text[other : other + 20] + text[at:]
    return text


@pytest.mark.parametrize("seed", SEEDS, ids=["equations", "network"])
def test_mutated_scenarios(seed: str) -> None:
    chance = random.Random(20)
    loaded = sum(loads(mutated(seed, chance)) for _ in range(1_000))
    assert loaded > 5


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_mutations_that_hypothesis_looks_for(chance: random.Random) -> None:
    loads(mutated(chance.choice(SEEDS), chance))


KIB = 1024
LARGE = {
    "keys": "".join(f"k{k}: 1\n" for k in range(9_990)),
    "equations": "title: x\nparameters: {w: 1}\nequations:\n" + "".join(f"  a{k}: w*a{k + 1}\n" for k in range(9_990)),
    "one long line": "title: " + "a: " * 80 * KIB,
    "one long name": "x" * 250 * KIB + ": 1",
    "one long number": "title: x\nparameters: {w: " + "1" * 250 * KIB + "x}\nequations: {L: w}\n",
    "long numbers": "title: x\nparameters:\n" + "".join(f"  w{k}: {'1' * 400}x\n" for k in range(620)),
    "spaces": "title:" + " " * 250 * KIB + "x: 1",
    "spaces before a key": " " * 250 * KIB + "x: y: 1",
    "traps": "".join(f"a{k}: *x + 1\n" for k in range(9_000)),
    "brackets": "[" * 250 * KIB,
    "deep and wide": "[" * 31 + ",".join(["1"] * 19_000),
    "quotes": 'title: "' + "\\u202e" * 40 * KIB + '"',
    "control characters": "\x01\n" * 120 * KIB,
    "tabs": "\tx\n" * 80 * KIB,
    "hashes": "title: x" + " #1" * 80 * KIB,
}


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_files_are_answered_in_about_a_second(name: str) -> None:
    started = time.process_time()
    assert not loads(LARGE[name])
    # Several times what a machine of today needs, so that only a runaway fails.
    assert time.process_time() - started < 8
