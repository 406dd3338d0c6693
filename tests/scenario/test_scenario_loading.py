"""What a good file becomes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import ExpectedNumber, Scenario

FULL = """\
title: Two-feature logistic node
summary: >
  One neuron,
  two inputs.
constants: {half: 0.5}
parameters:
  w1: 0.5
  w2: -0.5
  b: 1e-1
data:
  - {x1: 1, x2: 2, y: 1}
  - {y: 0, x2: .5, x1: 5.}   # names may come in any order
equations:
  L: half*(a - y)^2   # any order
  a: sigmoid(z)
  z: w1*x1 + w2*x2 + b
  seen: a + pi
loss: L
learning_rate: 0.5
iterations: 7
reduction: sum
batch: 1
freeze: [w*, b]
notes:
  z: the weighted sum
  x1: the first input
  half: a half
  w1: |
    two
    lines
expect:
  - {after: 0, loss: 9, gradients: {w1: -6.0}, parameters: {w1: 0.5}}
  - {after: 3, parameters: {w1: 2.808}, tolerance: 1e-3}
  - {after: 0, example: 1, values: {z: -0.4}, gradients: {z: 3.51e-05}}
"""


@pytest.fixture
def full() -> Scenario:
    return load_text(FULL, "some/where/lesson.yaml")


def test_everything_a_file_says_is_in_the_scenario(full: Scenario) -> None:
    assert full.title == "Two-feature logistic node"
    assert full.summary == "One neuron, two inputs."
    assert full.name == "lesson"
    assert full.constants == {"half": 0.5}
    assert list(full.parameters.items()) == [("w1", 0.5), ("w2", -0.5), ("b", 0.1)]
    assert full.inputs == ("x1", "x2", "y")
    assert full.examples == ((1.0, 2.0, 1.0), (5.0, 0.5, 0.0))
    assert list(full.equations) == ["L", "a", "z", "seen"]
    assert full.equations["L"] == parse("half*(a - y)^2").expression
    assert (full.loss, full.learning_rate, full.iterations, full.reduction, full.batch) == ("L", 0.5, 7, "sum", 1)
    assert full.frozen == ("w1", "w2", "b")
    assert full.notes == {"z": "the weighted sum", "x1": "the first input", "half": "a half", "w1": "two lines"}
    assert full.network is None


def test_expectations_keep_each_number_with_what_agrees_with_it(full: Scenario) -> None:
    first, second, third = full.expectations
    assert (first.after, first.example, first.loss) == (0, None, ExpectedNumber(9.0, 1e-9 * 9, "9"))
    assert first.gradients == {"w1": ExpectedNumber(-6.0, 0.05, "-6.0")}
    assert (second.after, second.parameters) == (3, {"w1": ExpectedNumber(2.808, 1e-3, "2.808")})
    assert (third.example, third.values) == (1, {"z": ExpectedNumber(-0.4, 0.05, "-0.4")})
    assert third.gradients["z"].half_width == pytest.approx(0.005e-05)
    assert [expectation.line for expectation in full.expectations] == [32, 33, 34]


def test_what_is_left_out_has_its_default() -> None:
    scenario = load_text("title: x\nparameters: {w: 3}\nequations: {f: w^2}\n", "f.yaml")
    assert (scenario.summary, scenario.constants, scenario.inputs, scenario.examples) == ("", {}, (), ((),))
    assert (scenario.loss, scenario.learning_rate, scenario.iterations) == ("f", None, 100)
    assert (scenario.reduction, scenario.batch, scenario.frozen) == ("mean", None, ())
    assert (scenario.notes, scenario.expectations, scenario.network) == ({}, (), None)


def test_scalars_are_typed_by_their_field_so_yaml_words_are_plain_names() -> None:
    text = "title: 12\nparameters: {y: 1, n: 2, on: 3, no: 4}\nequations: {yes: y + n + on + no}\n"
    scenario = load_text(text, "f.yaml")
    assert (scenario.title, scenario.loss, list(scenario.parameters)) == ("12", "yes", ["y", "n", "on", "no"])


@pytest.mark.parametrize(
    ("written", "value"),
    [("3", 3.0), ("-0.5", -0.5), (".5", 0.5), ("5.", 5.0), ("1e-3", 0.001), ('"0.5"', 0.5), ("+2", 2.0), ("−2", -2.0)],
)
def test_a_number_is_a_decimal(written: str, value: float) -> None:
    assert load_text(f"title: x\nparameters: {{w: {written}}}\nequations: {{L: w}}\n", "f").parameters == {"w": value}


@pytest.mark.parametrize("data", ["{x: 1, q: 2}", "[{x: 1, q: 2}]", "\n  x: 1\n  q: 2", "\n  - x: 1\n    q: 2"])
def test_one_mapping_alone_is_one_example_and_inputs_may_be_unused(data: str) -> None:
    scenario = load_text(f"title: x\nparameters: {{w: 1}}\ndata: {data}\nequations: {{L: w*x}}\n", "f")
    assert (scenario.inputs, scenario.examples) == (("x", "q"), ((1.0, 2.0),))


@pytest.mark.parametrize(
    ("fields", "iterations", "batch", "frozen"),
    [
        ("iterations: 0", 0, None, ()),
        ("iterations: 1e3", 1000, None, ()),
        ("iterations: 1000000", 1_000_000, None, ()),
        ("batch: 2.0", 100, 2, ()),
        ("freeze: v", 100, None, ("v",)),
        ("freeze: '*'", 100, None, ("w", "v")),
        ("freeze: [v, w]", 100, None, ("w", "v")),
        ("freeze: [w*, w]", 100, None, ("w",)),
    ],
)
def test_training_fields(fields: str, iterations: int, batch: int | None, frozen: tuple[str, ...]) -> None:
    text = f"title: x\nparameters: {{w: 1, v: 1}}\ndata: [{{x: 1}}, {{x: 2}}]\nequations: {{L: w*x + v}}\n{fields}\n"
    scenario = load_text(text, "f")
    assert (scenario.iterations, scenario.batch, scenario.frozen) == (iterations, batch, frozen)


@pytest.mark.parametrize(
    ("batch", "read"),
    [
        ("2", (2, False, None)),
        ("{size: 2}", (2, False, None)),
        ("{size: 1, last: short}", (1, False, None)),
        ("{size: 1, last: wrap}", (1, True, None)),
        ("{size: 2, shuffle: 0}", (2, False, 0)),
        ("{shuffle: 7, last: short, size: 1}", (1, False, 7)),
    ],
)
def test_batches(batch: str, read: tuple[int, bool, int | None]) -> None:
    given = "title: x\nparameters: {w: 1}\ndata: [{x: 1}, {x: 2}]\nequations: {L: w*x}\n"
    scenario = load_text(f"{given}batch: {batch}\n", "f")
    assert (scenario.batch, scenario.wraps, scenario.shuffle) == read


@pytest.mark.parametrize(
    ("entry", "example"),
    [("{values: {L: 1}}", 0), ("{after: 0, loss: 1}", None), ("{example: 0, gradients: {L: 1}}", 0)],
)
def test_with_one_example_values_are_those_of_it(entry: str, example: int | None) -> None:
    text = f"title: x\nparameters: {{w: 1}}\nequations: {{L: w^2}}\nexpect: {entry}\n"
    (expectation,) = load_text(text, "f").expectations
    assert (expectation.after, expectation.example) == (0, example)


@pytest.mark.parametrize(
    "text",
    [
        "title: x\r\nparameters: {w: 1}\r\nequations: {L: w}\r\n",
        b"---\ntitle: x\nparameters: {w: 1}\nequations: {L: w}\n...\n",
    ],
)
def test_other_line_ends_and_one_document_in_its_marks_are_read(text: str | bytes) -> None:
    assert load_text(text, "f").loss == "L"


def test_an_expression_may_be_written_over_several_lines() -> None:
    text = "title: x\nparameters: {w: 1}\nequations:\n  L: |\n    w^2\n    + 1\n  M: w\n    + L\n"
    scenario = load_text(text, "f")
    assert scenario.equations["L"] == parse("w^2 + 1").expression
    assert scenario.equations["M"] == parse("w + L").expression


def test_a_greek_name_is_a_name() -> None:
    assert load_text("title: x\nparameters: {η: 1}\nequations: {σ2: η^2}\n", "f").loss == "σ2"


def test_loading_needs_none_of_the_large_libraries(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(FULL, encoding="utf-8")
    program = (
        "import sys; from tui_backprop.scenario.loading import load_scenario; load_scenario(sys.argv[1]);"
        "print(sorted({'numpy', 'rich', 'sympy', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_opens_nothing_but_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(FULL, encoding="utf-8")
    program = """
import sys
from tui_backprop.scenario.loading import load_scenario
load_scenario(sys.argv[1])
seen = []
watched = ("open", "exec", "compile", "import", "socket", "subprocess", "os.system", "os.exec")
sys.addaudithook(lambda event, arguments: seen.append((event, arguments[0])) if event.startswith(watched) else None)
load_scenario(sys.argv[1])
assert seen == [("open", sys.argv[1])], seen
"""
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)


def test_a_problem_has_its_file_and_the_error_says_the_first() -> None:
    with pytest.raises(ScenarioError, match=r"lessons/f\.yaml:1:1: unknown key 'titel' in a scenario \(and 2 more\)"):
        load_text("titel: x\n", "lessons/f.yaml")
