"""A sheet to fill in: no number that is asked for stands on it, and the answers at its end are the steps' numbers."""

from __future__ import annotations

import pytest
from support.handouts import FORMATS, document, handout

from tui_backprop.api import load
from tui_backprop.handout.document import NumberTable, Picture, Statements
from tui_backprop.session import Cursor, Session

LESSONS = ("logistic", "logistic-four", "net-2-2-2", "adam", "used-twice", "epochs")


def _sheet_and_answers(name, **wanted):
    made = document(name, is_blank=True, **wanted)
    place = next(place for place, section in enumerate(made.sections) if section.heading == "The answers")
    return made.sections[:place], made.sections[place]


def _all(kind, sections):
    return [block for section in sections for block in section.blocks if isinstance(block, kind)]


@pytest.mark.parametrize("name", LESSONS)
def test_the_answers_are_the_numbers_of_the_steps_in_order(name):
    sheet, answers = _sheet_and_answers(name)
    asked = [line for block in _all(Statements, sheet) for line in block.lines if line.blank]
    told = [line for block in _all(Statements, [answers]) for line in block.lines]
    assert [line.blank for line in asked] == [int(line.label) for line in told] == [*range(1, len(asked) + 1)]
    session = Session.start(load(name))
    for question, answer in zip(asked, told, strict=True):
        here = session.at(Cursor(0, int(question.anchor.partition(".")[2]) - 1))
        assert answer.value.text == here.number(here.step.value)
        assert answer.left == question.left


@pytest.mark.parametrize("name", LESSONS)
def test_the_sheet_has_none_of_the_numbers(name):
    last = 0 if load(name).learning_rate is None else 1
    sheet, answers = _sheet_and_answers(name, last=last)
    lines = [line for block in _all(Statements, sheet) for line in block.lines]
    assert {line.kind for line in lines if line.value} == {"seed"}
    assert [line for line in lines if line.numbers] == []
    # The first section has what is given.
    assert [
        table for table in _all(NumberTable, sheet[1:]) if any(cell for row in table.rows for cell in row[1:])
    ] == []
    assert all(any(cell for row in table.rows for cell in row[1:]) for table in _all(NumberTable, [answers]))
    nodes = set(load(name).equations)
    labels = [label for picture in _all(Picture, sheet) for label in picture.drawing.labels]
    assert [label for label in labels if label.role == "gradient" and label.text] == []
    assert [label for label in labels if label.role == "value" and label.text and label.name in nodes] == []


@pytest.mark.parametrize("format", FORMATS)
def test_no_word_on_the_sheet_gives_a_number_away(format):
    text = handout("logistic", format, is_blank=True)
    sheet, answers = text[: text.index("The answers")], text[text.index("The answers") :]
    for number in ("0.4013", "2.492", "0.2403", "0.5987", "0.7993", "0.09869"):
        assert number not in sheet
        assert number in answers
    assert "every input times its weight, added up, and the bias." in sheet


def test_a_page_to_fill_in_does_not_step():
    text = handout("logistic", "html", is_blank=True)
    assert "<script" not in text
    assert text.count('<span class="blank">') == 15
