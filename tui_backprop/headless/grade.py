"""`grade`: a learner's answers to a scenario's questions: which are right, and which slip a wrong one comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from tui_backprop.charset import Charset
from tui_backprop.errors import UsageError
from tui_backprop.explain.answers import Asked, Judged, is_sign, judged, slip_behind
from tui_backprop.explain.questions import place_of, why_no_place
from tui_backprop.explain.slips_at_step import Wrong
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.messages import opening
from tui_backprop.headless.non_finite import say_where_it_stopped
from tui_backprop.headless.output import print_data
from tui_backprop.maths.tokens import ExpressionError
from tui_backprop.moves.answer_words import verdict_on
from tui_backprop.numbers import for_json
from tui_backprop.scenario.answer_reading import AnswerFile, WrittenAnswer, read_answers
from tui_backprop.scenario.model import Question, Scenario
from tui_backprop.session import Session

GradeFormat = Literal["text", "json"]


class Graded(Struct, frozen=True):
    """A question, its answer, and what came of it; `wrong` is the slip behind it where one is."""

    number: int
    question: Question
    asked: Asked
    text: str
    judged: Judged | None
    wrong: Wrong | None = None

    @property
    def is_right(self) -> bool:
        """Whether it is answered, and right."""
        return self.judged is not None and self.judged.is_right


def grade(scenario: Scenario, path: str, format: GradeFormat, hides_answers: bool, charset: Charset) -> int:
    """Print what came of every answer in a file.

    Raises UsageError for a scenario without questions, and ScenarioError for a file of answers that is none.
    """
    if not scenario.questions:
        help = "questions stand under `questions:` in its file, such as - {at: ∂L/∂w}"
        raise UsageError(f"'{scenario.title}' asks no questions, so there is nothing to grade\nhelp: {help}")
    file = read_answers(path, scenario.questions)
    with opening(scenario.title):
        session = Session.start(scenario, charset)
        last = session.history.extend(max(question.after for question in scenario.questions))
    if any(question.after > last for question in scenario.questions):
        return say_where_it_stopped(session, last, "grade", before="a question is about a later iteration, but ")
    graded = _graded(session, file)
    file.report.fail_if_any()
    if format == "json":
        print_data(dumped(_document(graded, hides_answers), indent=1) + "\n")
    else:
        print_data("".join(f"{line}\n" for line in _listing(session, graded, hides_answers)))
    return Exit.DONE if all(one.is_right for one in graded) else Exit.CHECK_FAILED


def _graded(session: Session, file: AnswerFile) -> list[Graded]:
    """What came of every answer; what is wrong with those that are none is noted in the file's report."""
    graded: list[Graded] = []
    history = session.history
    for number, (question, answer) in enumerate(zip(session.scenario.questions, file.answers, strict=True), 1):
        place = place_of(history, question)
        if place is None:
            reason = why_no_place(history, question)
            raise UsageError(f"question {number}, {question.at}: {reason}\nhelp: `check` finds such questions")
        asked = Asked(history, *place)
        if answer is None:
            graded.append(Graded(number, question, asked, "", None))
            continue
        judgement = _judged(asked, answer, file)
        if judgement is not None:
            wrong = None if judgement.is_right else slip_behind(asked, judgement, answer.text)
            graded.append(Graded(number, question, asked, answer.text, judgement, wrong))
    return graded


def _judged(asked: Asked, answer: WrittenAnswer, file: AnswerFile) -> Judged | None:
    if is_sign(answer.text):
        message, help = "a sign alone is no answer here", "write a number, or an expression such as (a - y)*x1"
        file.report.add(answer.scalar.place, message, help)
        return None
    try:
        return judged(asked, answer.text)
    except ExpressionError as error:
        for problem in error.problems:
            # The text is the scalar's without the blanks around it.
            start = len(answer.scalar.text) - len(answer.scalar.text.lstrip())
            place = answer.scalar.place_at(start + problem.start, start + problem.end)
            file.report.add(place, problem.message, problem.help, cause=place)
        return None


def _document(graded: list[Graded], hides_answers: bool) -> dict[str, Any]:
    return {
        "schema": "backprop-tui/grade/1",
        "right": sum(one.is_right for one in graded),
        "of": len(graded),
        "questions": [_question(one, hides_answers) for one in graded],
    }


def _question(one: Graded, hides_answers: bool) -> dict[str, Any]:
    slip = {"name": one.wrong.slip.name, "says": one.wrong.slip.says} if one.wrong else None
    return {
        "number": one.number,
        "at": one.question.at,
        "given": _given(one),
        "right": one.is_right,
        **({} if hides_answers else {"expected": for_json(float(one.asked.number))}),
        "slip": slip,
    }


def _given(one: Graded) -> float | str | None:
    """The answer: a number as such, an expression as it is written; None where there is none."""
    if one.judged is None:
        return None
    return for_json(one.judged.number) if one.judged.is_number and one.judged.number is not None else one.text


def _listing(session: Session, graded: list[Graded], hides_answers: bool) -> Iterator[str]:
    width, name = len(str(len(graded))), max(len(one.question.at) for one in graded)
    for one in graded:
        mark = "right" if one.is_right else "not answered" if one.judged is None else "wrong"
        here = f"  {one.number:>{width}}  {mark:<12}  {session.outside(one.question.at):<{name}}"
        given = f"  {session.outside(one.text)}" if one.text else ""
        expected = "" if hides_answers or one.is_right else f"  it is {session.number(one.asked.number)}"
        yield f"{here}{given}{expected}".rstrip()
        if one.judged is not None and not one.is_right:
            yield f"{'':{width + 18}}{verdict_on(session, one.judged, one.wrong, one.asked.number)}"
    right = sum(one.is_right for one in graded)
    unanswered = sum(one.judged is None for one in graded)
    told = f", {unanswered} not answered" if unanswered else ""
    yield f"{right} of {len(graded)} right{told}"
