"""`diagnose`: what it reads, what it prints, how it ends, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RIGHT = {"w1": -0.598687660112452, "w2": -1.197375320224904, "b": -0.598687660112452}
LEFT_OUT = {"w1": -2.4918, "w2": -4.98365, "b": -2.49182}
"""The gradients of the logistic node as they are without the slope of the sigmoid, in a few digits."""


def _written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture
def diagnose(call, tmp_path, monkeypatch):
    """Diagnoses a text, which is written into a file of that name."""
    monkeypatch.chdir(tmp_path)

    def called(name: str, text: str, *words: str, lesson: str = "logistic"):
        return call("diagnose", lesson, _written(tmp_path, name, text), *words)

    return called


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.json", json.dumps(RIGHT)),
        ("g.yaml", "".join(f"{name}: {value}\n" for name, value in RIGHT.items())),
        ("g.yml", "{" + ", ".join(f"{name}: {value}" for name, value in RIGHT.items()) + "}"),
        ("g.csv", "name,value\n" + "".join(f"{name},{value}\n" for name, value in RIGHT.items())),
        ("g.csv", "".join(f"{name};{str(value).replace('.', ',')}\n" for name, value in RIGHT.items())),
        ("g.json", json.dumps({"example": 0, "gradients": RIGHT})),
        ("g.yaml", "example: 0\ngradients: {w1: -0.598687660112452, w2: -1.197375320224904, b: -0.598687660112452}"),
    ],
)
def test_right_gradients_in_every_kind_of_file(diagnose, name, text):
    result = diagnose(name, text)
    assert (result.code, result.out, result.err) == (0, "All 3 gradients are right.\n", "")


def test_a_slip_is_told_in_a_table_and_a_sentence(diagnose):
    result = diagnose("g.json", json.dumps(LEFT_OUT))
    assert result.code == 1
    assert (
        result.out
        == """\
3 of 3 gradients differ.

gradient    yours     right   yours / right
───────────────────────────────────────────
  ∂L/∂w₁   −2.492   −0.5987           4.162
  ∂L/∂w₂   −4.984    −1.197           4.162
   ∂L/∂b   −2.492   −0.5987           4.162

It begins at ∂a/∂z.
One slip explains all of it: the slope of the activation was left out
  (activation_derivative, at ∂a/∂z)
"""
    )


def test_the_document_is_the_one_that_was_promised(diagnose):
    result = diagnose("g.json", json.dumps({**RIGHT, "w2": -4.98365}), "--format", "json")
    assert (result.code, result.err) == (1, "")
    assert json.loads(result.out) == {
        "schema": "backprop-tui/diagnosis/1",
        "agree": ["w1", "b"],
        "differ": [{"name": "w2", "given": -4.98365, "right": RIGHT["w2"], "ratio": -4.98365 / RIGHT["w2"]}],
        "first": "∂z/∂w2",
        "slips": [],
    }


def test_numbers_in_single_precision_agree_and_a_word_is_said_of_it(diagnose):
    result = diagnose("g.json", json.dumps({name: round(value, 5) for name, value in RIGHT.items()}))
    assert (result.code, result.out) == (0, "All 3 gradients are right.\n")
    assert "single precision" in result.err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("g.json", '{"W1": 1}', "g.json: error: there is no 'W1' in this lesson\nhelp: did you mean 'w1'?\n"),
        ("g.json", '{"x1": 1}', "'x1' is given and stays, so it has no gradient"),
        ("g.json", '{"w1": NaN}', "the gradient of 'w1' is NaN"),
        ("g.json", '{"w1": "much"}', "the gradient of 'w1' is not a number"),
        ("g.json", '{"W1": [[1, 2]]}', "'W1' is an array, and there is no layer of that name"),
        ("g.json", "[" * 100_000, "g.json:"),
        ("g.json", "{}", "there are no gradients in it"),
        ("g.json", '{"example": 7, "gradients": {"w1": 1}}', "there is no example 7"),
        ("g.yaml", "w1: 1\nw4: 2\n", "g.yaml:2:1: error: there is no 'w4' in this lesson\nw4: 2\n^^\n"),
        ("g.yaml", "w1: nan\n", "g.yaml:1:5: error: 'nan' is not a finite number"),
        ("g.yaml", "", "g.yaml:1:1: error: the file is empty\nhelp: write a name and a number for each gradient"),
        ("g.csv", "w1,1\nw1,2\n", "g.csv:2:1: error: 'w1' is given twice"),
        ("g.csv", "w1,1,2\n", "g.csv:1:1: error: a line needs a name and a value"),
        ("g.csv", "w1," + "1" * 200_000, "error:"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(diagnose, name, text, said):
    result = diagnose(name, text)
    assert (result.code, result.out) == (3, "")
    assert said in result.err


def test_shapes_that_do_not_fit_are_both_named(diagnose):
    text = json.dumps({"W1": [[1, 2, 3], [4, 5, 6]], "b1": [1, 2, 3]})
    result = diagnose("g.json", text, lesson="worked-example")
    assert result.code == 3
    assert "'W1' has the shape 2 × 3 where 2 × 2 is needed" in result.err
    assert "'b1' has the shape 3 where 2 is needed" in result.err


def test_a_file_and_an_iteration_that_are_not_there(call, diagnose):
    result = call("diagnose", "logistic", "nowhere.json")
    assert (result.code, result.err.split("\n")[0]) == (3, "nowhere.json: error: the file does not exist")
    assert diagnose("g.json", "{}", "--iteration", "2000000").code == 2


@pytest.mark.parametrize(("text", "code"), [('{"w1": -2.4918}', 0), ('{"w3": 1}', 3), ("{", 3)])
def test_a_snap_shows_them_or_says_what_is_wrong_with_the_file(call, tmp_path, monkeypatch, text, code):
    monkeypatch.chdir(tmp_path)
    name = _written(tmp_path, "mine.json", text)
    result = call("snap", "logistic", "--gradients", name, "--charset", "ascii")
    assert result.code == code
    assert ("yours: -2.492 (!=)" in result.out) == (code == 0)
    assert result.out.isascii()
