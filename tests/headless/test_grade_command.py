"""Does `grade` say what came of every answer, as the contract has it?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import TEXTS

Call = Callable[..., Any]
Write = Callable[..., str]

ASKING = f"""{TEXTS["logistic"]}
questions:
  - {{at: ∂L/∂w1}}
  - {{at: update w1}}
  - {{at: z, after: 1}}
  - {{at: ∂L/∂w1, after: 1}}
"""
RIGHT = "[-0.599, 0.799, w1*x1 + w2*x2 + b, (a - y)*x1]"


@pytest.fixture
def graded(call: Call, file: Write) -> Call:
    lesson = file("lesson", ASKING)
    return lambda answers, *more: call("grade", lesson, file("answers", answers), *more)


@pytest.mark.parametrize(
    "answers",
    [
        RIGHT,
        "1: -0.599\n2: 0.799\n3: w1*x1 + w2*x2 + b\n4: (a - y)*x1\n",
        '{"1": -5.99e-1, "dL/dz": 1}'.replace(
            '"dL/dz": 1', '"update w1": 0.799, "z": "b + w1*x1 + w2*x2", "4": "(a-y)*x1"'
        ),
        '{\n\t"1":-0.599,\n\t"update w1":0.7993,"z":2.252e-1, "4": "(a - y)*x1"\n}'.replace(
            "2.252e-1", '"w1*x1 + w2*x2+b"'
        ),
    ],
)
def test_all_right_in_any_form_of_the_file_ends_with_zero(graded: Call, answers: str) -> None:
    result = graded(answers)
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1] == "4 of 4 right"


def test_the_document_has_every_question_with_what_is_expected(graded: Call) -> None:
    result = graded("{1: -0.599, update w1: 0.2}", "--format", "json")
    document = json.loads(result.out)
    assert result.code == 1
    assert document["schema"] == "backprop-tui/grade/1"
    assert (document["right"], document["of"]) == (1, 4)
    first, second, third, _ = document["questions"]
    assert first == {
        "number": 1,
        "at": "∂L/∂w1",
        "given": -0.599,
        "right": True,
        "expected": pytest.approx(-0.59868766, abs=1e-8),
        "slip": None,
    }
    assert second["given"] == 0.2
    assert not second["right"]
    assert second["expected"] == pytest.approx(0.79934383, abs=1e-8)
    assert third["given"] is None
    assert not third["right"]


def test_the_digits_of_json_count_as_they_are_written(graded: Call) -> None:
    # As a float, -0.600 would be one digit, and so too few.
    result = graded('{"2": 0.80, "1": -0.599}')
    assert "Right as far as it goes. Give three digits at least." in result.out
    assert graded('["-0.599", 0.7990, 1, 1]').out.splitlines()[1].split()[1] == "wrong"


def test_hidden_answers_stand_nowhere(graded: Call) -> None:
    for form in ("text", "json"):
        result = graded("{1: 5, 2: 0.2}", "--format", form, "--hide-answers")
        assert result.code == 1
        for digits in ("598", "599", "799", "expected"):
            assert digits not in result.out


def test_the_text_tells_right_wrong_and_what_is_not_answered(graded: Call) -> None:
    assert graded("{1: -0.599, 4: 5}").out == (
        "  1  right         ∂L/∂w1     -0.599\n"
        "  2  not answered  update w1  it is 0.7993\n"
        "  3  not answered  z          it is 1.396\n"
        "  4  wrong         ∂L/∂w1     5  it is −0.1984\n"
        "                   Not right. The sign is the other one, and the size is not right either.\n"
        "1 of 4 right, 2 not answered\n"
    )


@pytest.mark.parametrize(
    ("answers", "place", "message", "help"),
    [
        ("updat w1: 1\n", "1:1", "no question is about 'updat w1'", "did you mean 'update w1'?"),
        ("9: 1\n", "1:1", "there is no question 9", "questions count from 1 to 4"),
        ("∂L/∂w1: 1\n", "1:1", "2 questions are about ∂L/∂w1", "write the number of the one that is meant: 1, 4"),
        ("2: 1\nupdate w1: 1\n", "2:1", "question 2 is answered twice", "the first is in line 1"),
        ("[1, 1, 1, 1, 1]\n", "1:14", "5 answers, but the scenario has 4 questions", "leave out"),
        ("1: (a - q)*x1\n", "1:9", "there is no 'q' here", "it may use"),
        ("1: '-'\n", "1:4", "a sign alone is no answer here", "write a number"),
        ("1: [1]\n", "1:4", "an answer must be a single value", "write a number"),
        ("1: yes\n", "1:4", "there is no 'yes' here", "it may use"),
        ("nothing", "1:1", "a file of answers must be 'name: value' lines", "write a list"),
        ("", "1:1", "the file is empty", "write a list in the order of the questions"),
    ],
)
def test_a_file_that_is_no_answer_is_refused_with_its_place(
    graded: Call, answers: str, place: str, message: str, help: str
) -> None:
    result = graded(answers)
    assert (result.code, result.out) == (3, "")
    assert f"answers.yaml:{place}: error: " in result.err
    assert message in result.err
    assert help in result.err


def test_a_file_that_is_not_there_and_a_scenario_without_questions_are_told_apart(call: Call, file: Write) -> None:
    lesson, plain = file("lesson", ASKING), file("parabola")
    missing = call("grade", lesson, "nowhere.yaml")
    assert missing.code == 3
    assert "the file does not exist" in missing.err
    silent = call("grade", plain, file("answers", "[1]"))
    assert silent.code == 2
    assert "asks no questions" in silent.err


def test_a_question_past_the_end_of_the_run_is_no_answer_to_judge(call: Call, file: Write) -> None:
    lesson = file("lesson", f"{TEXTS['explodes']}questions: [{{at: update w, after: 50}}]\n")
    result = call("grade", lesson, file("answers", "[1]"))
    assert result.code == 4
    assert "stopped being finite" in result.err
    checked = call("check", lesson)
    assert checked.code == 1
    assert "question 1, update w, line 5: the numbers stopped being finite" in checked.out


def test_check_counts_the_questions_that_a_run_has(call: Call, file: Write) -> None:
    assert "ok      questions (4 questions)" in call("check", file("lesson", ASKING)).out
    batches = file("batched", f"{TEXTS['batches']}questions: [{{at: z, after: 0, example: 2}}]\n")
    checked = call("check", batches)
    assert checked.code == 1
    assert "iteration 0 does not see example 2; it sees 0, 1" in checked.out


def test_a_wrong_answer_is_told_by_its_slip(graded: Call) -> None:
    document = json.loads(graded("{1: -0.599, update w1: 0.2, 4: 0.198}", "--format", "json").out)
    says = "the gradient was added where it is subtracted"
    assert document["questions"][1]["slip"] == {"name": "ascent", "says": says}
    assert document["questions"][3]["slip"]["name"] == "sign"
    assert "Not right. The gradient was added where it is subtracted." in graded("[1, 0.2007]").out
