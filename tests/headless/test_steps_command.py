"""Does `steps` print every step of an iteration: as JSON to the contract, as a listing to read?"""

from __future__ import annotations

import json

import pytest

from tui_backprop.api import load, train

PARABOLA_JSON = """\
{
 "schema": "backprop-tui/steps/1",
 "iteration": 0,
 "constants": {},
 "parameters": {"w": 0.0},
 "examples": [{}],
 "steps": [
  {"index": 0, "phase": "forward", "kind": "value", "example": 0, "node": "L", "formula": "(w - 3)^2", \
"substituted": "(0 - 3)^2", "value": 9.0},
  {"index": 1, "phase": "backward", "kind": "seed", "example": 0, "node": "L", "value": 1.0},
  {"index": 2, "phase": "backward", "kind": "factor", "example": 0, "of": "L", "wrt": "w", "formula": "2*(w - 3)", \
"substituted": "2*(0 - 3)", "value": -6.0},
  {"index": 3, "phase": "backward", "kind": "gradient", "example": 0, "node": "w", "terms": [{"through": "L", \
"upstream": 1.0, "factor": -6.0, "product": -6.0}], "value": -6.0},
  {"index": 4, "phase": "update", "kind": "update", "parameter": "w", "before": 0.0, "gradient": -6.0, \
"learning_rate": 0.3, "after": 1.7999999999999998, "line": "w", "formula": "w - eta*g", \
"names": {"w": 0.0, "eta": 0.3, "g": -6.0}, "substituted": "0 - 0.3*(-6)"}
 ]}
"""


def test_json_is_the_document_of_the_contract(call, file):
    result = call("steps", file("parabola"), "--format", "json")
    assert (result.code, result.out, result.err) == (0, PARABOLA_JSON, "")


@pytest.mark.parametrize("name", ["logistic", "batches", "derivative"])
def test_json_is_what_the_python_api_gives(call, file, name):
    path = file(name)
    document = json.loads(call("steps", path, "--format", "json").out)
    assert document == train(load(f"./{path}"), iterations=0).steps(0).to_json()


def test_json_of_a_later_iteration(call, file):
    document = json.loads(call("steps", file("parabola"), "--iteration", "2", "--format", "json").out)
    assert document["iteration"] == 2
    assert document["parameters"] == {"w": 2.52}


def test_the_listing_counts_steps_from_one_under_their_phases(call, file):
    result = call("steps", file("logistic"))
    lines = result.out.splitlines()
    assert result.code == 0
    assert lines[0] == "Two-feature logistic node · iteration 0 · 17 steps"
    assert "parameters: w₁ = 0.5, w₂ = −0.5, b = 0.1" in lines
    assert [line for line in lines if line.split(" · ")[0] in ("forward", "backward", "average", "update")] == [
        "forward · x₁ = 1, x₂ = 2, y = 1",
        "backward",
        "update",
    ]
    counted = [line for line in lines if line.split()[:1] and line.split()[0].isdigit()]
    assert [int(line.split()[0]) for line in counted] == list(range(1, 18))
    assert counted[0].split(maxsplit=2)[1:] == ["value", "z = w₁·x₁ + w₂·x₂ + b = 0.5·1 + (−0.5)·2 + 0.1 = −0.4"]
    assert counted[4].split()[:3] == ["5", "factor", "∂L/∂a"]
    assert counted[5].split()[:3] == ["6", "gradient", "∂L/∂a"]
    assert counted[-1].endswith("= 0.3993")


def test_the_listing_names_the_kind_of_each_step(call, file):
    text = "title: T\nparameters: {w: 1}\ndata: [{x: 1}, {x: 2}]\nequations: {a: w*x, L: a^2 + w}\nlearning_rate: 1\n"
    lines = [line.split() for line in call("steps", file("kinds", text)).out.splitlines()]
    kinds = [line[1] for line in lines if line and line[0].isdigit()]
    one_example = ["value", "value", "seed", "factor", "gradient", "factor", "direct", "gradient"]
    assert kinds == [*one_example, *one_example, "mean", "mean", "update"]


def test_the_listing_says_which_example_a_pass_is_of(call, file):
    out = call("steps", file("batches"), "--iteration", "2").out
    headings = [line for line in out.splitlines() if line.startswith(("forward", "backward", "average", "update"))]
    assert headings == [
        "forward · example 1 of 3: x = 1, y = 1",
        "backward",
        "forward · example 2 of 3: x = 2, y = 0",
        "backward",
        "average",
        "update",
    ]


def test_a_batch_of_one_example_has_no_average(call, file):
    out = call("steps", file("batches"), "--iteration", "1").out
    headings = [line for line in out.splitlines() if line.startswith(("forward", "backward", "average", "update"))]
    assert headings == ["forward · example 3 of 3: x = 3, y = 1", "backward", "update"]


@pytest.mark.parametrize(
    ("reduction", "kind", "heading"), [("mean", "mean", "average"), ("sum", "sum", "sum over the")]
)
def test_the_listing_calls_a_sum_a_sum(call, file, reduction, kind, heading):
    text = "title: T\nparameters: {w: 1}\ndata: [{x: 1}, {x: 2}]\nequations: {L: w*x}\n"
    out = call("steps", file("reduced", f"{text}reduction: {reduction}\n")).out
    [first, second] = [line for line in out.splitlines() if "Σ" in line]
    assert first.split()[1] == second.split()[1] == kind
    assert any(line.startswith(heading) for line in out.splitlines())
    assert ("mean" in out, "average" in out) == (reduction == "mean", reduction == "mean")


def test_the_listing_in_ascii_is_ascii(call, file):
    out = call("steps", file("logistic"), "--charset", "ascii").out
    assert out.isascii()
    assert "dL/da = -(y/a - (1 - y)/(1 - a))" in out


def test_the_listing_shows_the_scenarios_notes_beside_their_steps(call, file):
    text = "title: T\nparameters: {w: 1}\nequations: {L: w^2}\nnotes: {L: A bowl.}\n"
    assert "note: A bowl." in call("steps", file("noted", text)).out


@pytest.mark.parametrize("format", ["text", "json"])
def test_an_iteration_past_the_end_of_a_run_that_explodes(call, file, format):
    result = call("steps", file("explodes"), "--iteration", "900", "--format", format)
    assert (result.code, result.out) == (4, "")
    assert "the numbers stopped being finite in iteration" in result.err
    assert "help: there is no iteration 900; steps --iteration" in result.err


def test_the_iteration_that_stops_being_finite_is_printed(call, file):
    result = call("steps", file("starts_infinite"), "--format", "json")
    assert result.code == 4
    assert json.loads(result.out)["steps"][0]["value"] == "-Infinity"
    assert "step 1, the value of L, is −∞" in result.err


def test_an_update_that_leaves_the_numbers_is_not_finite_either(call, file):
    text = "title: T\nparameters: {w: 1}\nequations: {L: 1e308*w}\nlearning_rate: 10\n"
    result = call("steps", file("leaps", text))
    assert result.code == 4
    assert "the updated w, is −∞" in result.err


def test_a_lesson_without_updates_has_no_later_iteration(call, file):
    result = call("steps", file("derivative"), "--iteration", "1")
    assert (result.code, result.out) == (2, "")
    assert "has no learning rate" in result.err
