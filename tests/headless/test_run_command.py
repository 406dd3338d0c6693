"""Does `run` print the history: as JSON to the contract, as CSV in full, as a table to read?"""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import pytest

from tui_backprop.api import load, train
from tui_backprop.headless.run_table import MOST_ROWS, shown_iterations

PARABOLA_JSON = """\
{"schema": "backprop-tui/run/1",
 "scenario": {"title": "A parabola", "loss": "L", "learning_rate": 0.3, "examples": 1, "parameters": ["w"]},
 "history": [
  {"iteration": 0, "loss": 9.0, "parameters": {"w": 0.0}, "gradients": {"w": -6.0}},
  {"iteration": 1, "loss": 1.4400000000000004, "parameters": {"w": 1.7999999999999998}, \
"gradients": {"w": -2.4000000000000004}},
  {"iteration": 2, "loss": 0.2304, "parameters": {"w": 2.52}, "gradients": {"w": -0.96}}
 ]}
"""

PARABOLA_TABLE = """\
A parabola

iteration          L       w     ∂L/∂w
──────────────────────────────────────
        0          9       0        −6
        1       1.44     1.8      −2.4
        2     0.2304    2.52     −0.96
        3    0.03686   2.808    −0.384
        4   0.005898   2.923   −0.1536
"""

PARABOLA_TABLE_IN_ASCII = """\
A parabola

iteration |    L |   w | dL/dw
----------+------+-----+------
        0 |    9 |   0 |    -6
        1 | 1.44 | 1.8 |  -2.4
"""


def test_json_is_the_document_of_the_contract(call, file):
    result = call("run", file("parabola"), "--iterations", "2", "--format", "json")
    assert (result.code, result.out, result.err) == (0, PARABOLA_JSON, "")


def test_json_without_a_learning_rate_has_one_record(call, file):
    document = json.loads(call("run", file("derivative"), "--format", "json").out)
    assert document["scenario"]["learning_rate"] is None
    assert document["history"] == [{"iteration": 0, "loss": 9.0, "parameters": {"x": 3.0}, "gradients": {"x": 6.0}}]


def batched(file, batch):
    """The name of the file with batches, which says another thing of them."""
    path = Path(file("batches"))
    path.write_text(path.read_text().replace("batch: 2", f"batch: {batch}"))
    return path.name


@pytest.mark.parametrize(
    ("batch", "seen"),
    [
        ("2", [[0, 1], [2], [0, 1], [2]]),
        ("{size: 2}", [[0, 1], [2], [0, 1], [2]]),
        ("{size: 2, last: short}", [[0, 1], [2], [0, 1], [2]]),
        ("{size: 2, last: wrap}", [[0, 1], [2, 0], [1, 2], [0, 1]]),
        ("{size: 3}", [[0, 1, 2]] * 4),
    ],
)
def test_records_name_their_examples_when_there_is_a_batch(call, file, batch, seen):
    document = json.loads(call("run", batched(file, batch), "--iterations", "3", "--format", "json").out)
    assert [record["batch_examples"] for record in document["history"]] == seen
    assert document["scenario"]["examples"] == 3


def test_a_seed_gives_every_pass_an_order_of_its_own(call, file):
    name = batched(file, "{size: 2, shuffle: 7}")
    records = json.loads(call("run", name, "--iterations", "39", "--format", "json").out)["history"]
    batches = [record["batch_examples"] for record in records]
    assert [len(batch) for batch in batches] == [2, 1] * 20
    passes = [tuple(batches[at] + batches[at + 1]) for at in range(0, 40, 2)]
    assert all(sorted(order) == [0, 1, 2] for order in passes)
    assert len(set(passes)) == 6
    # The same in every version of the program.
    assert passes[:4] == [(2, 0, 1), (0, 1, 2), (0, 2, 1), (1, 0, 2)]


def test_every_record_is_the_history_of_the_python_api_bit_for_bit(call, file):
    name = file("logistic")
    document = json.loads(call("run", name, "--iterations", "300", "--format", "json").out)
    history = train(load(f"./{name}"), iterations=300)
    assert len(document["history"]) == len(history) == 301
    for number, record in enumerate(document["history"]):
        assert record == {
            "iteration": number,
            "loss": history.losses[number],
            "parameters": history.parameters(number),
            "gradients": history.gradients(number),
        }


def test_csv_has_every_digit_and_says_which_parameter_is_not_the_loss(call, file):
    out = call("run", file("batches"), "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["iteration", "loss", "batch_examples", "w", "parameter loss", "dC/dw", "dC/dloss"]
    document = json.loads(call("run", "batches.yaml", "--format", "json").out)
    for row, record in zip(rows, document["history"], strict=True):
        assert float(row["dC/dw"]) == record["gradients"]["w"]
        assert float(row["parameter loss"]) == record["parameters"]["loss"]
        assert row["batch_examples"] == " ".join(map(str, record["batch_examples"]))


def test_a_table_of_the_scenarios_own_number_of_iterations(call, file):
    result = call("run", file("parabola"))
    assert (result.code, result.out, result.err) == (0, PARABOLA_TABLE, "")


def test_a_table_in_ascii(call, file):
    assert call("run", file("parabola"), "--iterations", "1", "--charset", "ascii").out == PARABOLA_TABLE_IN_ASCII


def test_a_table_that_is_too_wide_goes_on_below(call, file, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    out = call("run", file("logistic"), "--iterations", "1").out
    assert max(map(len, out.splitlines())) <= 40
    assert out.count("iteration") > 1
    assert [word for word in out.split() if word.startswith("∂")] == ["∂L/∂w₁", "∂L/∂w₂", "∂L/∂b"]


def test_a_long_table_says_what_it_leaves_out(call, file):
    result = call("run", file("parabola"), "--iterations", "1000")
    rows = result.out.splitlines()[4:]
    assert len(rows) <= MOST_ROWS + 1
    assert rows[0].split()[0] == "0"
    assert rows[-1].split()[0] == "1000"
    assert result.err == "note: every 50th iteration of 1,001 is shown; --format csv or json has them all\n"


@pytest.mark.parametrize(
    ("last", "ends_early", "first_rows", "last_rows", "every"),
    [
        (0, False, [0], [0], 1),
        (39, False, [0, 1, 2], [38, 39], 1),
        (40, False, [0, 2, 4], [38, 40], 2),
        (101, False, [0, 5, 10], [100, 101], 5),
        (101, True, [0, 5, 10], [98, 99, 100, 101], 5),
        (1_000_000, False, [0, 50_000], [950_000, 1_000_000], 50_000),
    ],
)
def test_which_iterations_a_table_shows(last, ends_early, first_rows, last_rows, every):
    numbers, step = shown_iterations(last, ends_early)
    assert step == every
    assert numbers[: len(first_rows)] == first_rows
    assert numbers[-len(last_rows) :] == last_rows


def test_a_run_that_explodes_prints_what_it_has_and_says_why(call, file):
    result = call("run", file("explodes"), "--iterations", "50", "--format", "json")
    assert result.code == 4
    records = json.loads(result.out)["history"]
    assert len(records) < 51
    *before, last = records
    assert all(isinstance(record["loss"], float) for record in before)
    assert {last["loss"], *last["gradients"].values()} & {"NaN", "Infinity", "-Infinity"}
    assert f"the numbers stopped being finite in iteration {last['iteration']}" in result.err
    assert "help: with a smaller learning rate the run stays finite, for example --set learning_rate=0.01" in result.err


def test_a_start_that_is_not_finite_is_put_down_to_the_start(call, file):
    result = call("run", file("starts_infinite"), "--format", "csv")
    assert result.code == 4
    assert result.out.splitlines()[1:] == ["0,-Infinity,0,Infinity"]
    assert "stopped being finite in iteration 0: step 1, the value of L, is −∞: log(0) is −∞" in result.err
    assert "help: the starting values and the examples alone give this" in result.err


def test_the_table_of_a_run_that_explodes_ends_with_the_end(call, file):
    result = call("run", file("explodes"), "--iterations", "1000")
    assert result.code == 4
    assert any(sign in result.out.splitlines()[-1] for sign in ("∞", "NaN"))


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_a_setting_is_the_number_that_is_used(call, file, format):
    changed = call("run", file("parabola"), "--set", "w=3", "--set", "learning_rate=0.25", "--format", format)
    assert changed.code == 0
    if format == "json":
        document = json.loads(changed.out)
        assert document["scenario"]["learning_rate"] == 0.25
        assert document["history"][-1]["parameters"] == {"w": 3.0}


def test_a_constant_can_be_set(call, file):
    name = file("batches")
    plain, changed = (
        json.loads(call("run", name, *settings, "--format", "json").out)["history"][0]["loss"]
        for settings in ((), ("--set", "k=0"))
    )
    assert not math.isclose(plain, changed)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("derivative", "--iterations", "1"), "has no learning rate"),
        (("parabola", "--iterations", "1000001"), "iterations go from 0 to 1,000,000"),
        (("parabola", "--iterations", "-1"), "iterations go from 0 to 1,000,000"),
        (("parabola", "--iterations", "ten"), "'ten' is not a whole number"),
        (("parabola", "--iterations", "1e3"), "'1e3' is not a whole number"),
        (("parabola", "--format", "xml"), "invalid choice: 'xml'"),
        (("parabola", "--form", "json"), "unrecognized arguments"),
        (("parabola", "--set", "w"), "--set w: write a name, an equals sign and a number"),
        (("parabola", "--set", "=1"), "write a name, an equals sign and a number"),
        (("parabola", "--set", "w=0x1"), "'0x1' is not a decimal"),
        (("parabola", "--set", "w=nan"), "'nan' is not a finite number"),
        (("parabola", "--set", "v=1"), "there is no parameter or constant 'v'"),
        (("parabola", "--set", "L=1"), "L is computed by an equation"),
        (("parabola", "--set", "learning_rate=0"), "greater than 0"),
    ],
)
def test_wrong_usage_is_told_and_prints_nothing(call, file, words, told):
    name, *options = words
    result = call("run", file(name), *options)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("backprop-tui run: error: ")
    assert told in result.err
