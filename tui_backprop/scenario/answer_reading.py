"""A file of answers: a list in the order of the questions, or a mapping from a question's number or name to an answer.

It is YAML or JSON; every answer keeps its text, so that the digits count as they are written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence

from msgspec import Struct

from tui_backprop.scenario.fields import read_mapping
from tui_backprop.scenario.model import Question
from tui_backprop.scenario.nearest import counted, did_you_mean, listed, shown
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.source import MOST_BYTES, read_tree
from tui_backprop.scenario.step_names import read_step_name
from tui_backprop.scenario.text_file import text_of_file
from tui_backprop.scenario.tree import Node, Scalar
from tui_backprop.scenario.tree import Sequence as List

_UNANSWERED = frozenset({"", "~", "null"})
_HELP = "write a list in the order of the questions, or lines such as 1: -0.599"


class WrittenAnswer(Struct, frozen=True):
    """An answer as it is written, and the scalar it stands in, for the place of what is wrong in it."""

    text: str
    scalar: Scalar


class AnswerFile(Struct, frozen=True):
    """The answers of a file, one for each question; None for one that is not answered. More that is wrong with them is
    noted in `report`."""

    answers: tuple[WrittenAnswer | None, ...]
    report: Report


def read_answers(path: str | os.PathLike[str], questions: Sequence[Question]) -> AnswerFile:
    """The answers in a file. Raises ScenarioError, with everything that is wrong, where it cannot be read."""
    text, report = text_of_file(path, MOST_BYTES)
    root = read_tree(_as_yaml(text), report, _HELP)
    answers = [] if root is None else _Reader(report, questions).read(root)
    report.fail_if_any()
    return AnswerFile(tuple(answers), report)


def _as_yaml(text: str) -> str:
    """JSON as YAML has it, place for place: all tabs of JSON are blanks, and YAML wants none at the beginning of a
    line."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text.replace("\t", " ")


class _Reader:
    def __init__(self, report: Report, questions: Sequence[Question]) -> None:
        self.report = report
        self.questions = questions
        self.answers: list[WrittenAnswer | None] = [None] * len(questions)

    def read(self, root: Node) -> list[WrittenAnswer | None]:
        """The answers, what is wrong with them noted."""
        if isinstance(root, List):
            self._read_list(root)
            return self.answers
        mapping = read_mapping(self.report, root, "a file of answers", _HELP)
        first: dict[int, int] = {}
        for entry in mapping.entries if mapping is not None else ():
            number = None if entry.key.refused else self._numbered(entry.key)
            if number is None:
                continue
            if number in first:
                message = f"question {number + 1} is answered twice"
                self.report.add(entry.key.place, message, f"keep one of the two; the first is in line {first[number]}")
                continue
            first[number] = entry.key.line
            self.answers[number] = self._answer(entry.value)
        return self.answers

    def _read_list(self, root: List) -> None:
        count = len(self.questions)
        if len(root.items) > count:
            message = f"{counted(len(root.items), 'answer')}, but the scenario has {counted(count, 'question')}"
            node = root.items[count]
            self.report.add(node.place, message, "leave out what answers no question")
        for number, item in enumerate(root.items[:count]):
            self.answers[number] = self._answer(item)

    def _answer(self, node: Node) -> WrittenAnswer | None:
        if not isinstance(node, Scalar):
            help = "write a number, or an expression such as (a - y)*x1"
            self.report.add(node.place, "an answer must be a single value", help)
            return None
        text = node.text.strip()
        return None if node.refused or text in _UNANSWERED else WrittenAnswer(text, node)

    def _numbered(self, key: Scalar) -> int | None:
        """Which question a key means, counted from 0: by its number from 1, or by its `at`."""
        text, count = key.text.strip(), len(self.questions)
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
            if 1 <= int(text) <= count:
                return int(text) - 1
            message = f"there is no question {int(text):,}: the scenario has {counted(count, 'question')}"
            self.report.add(key.place, message, f"questions count from 1 to {count:,}")
            return None
        step = read_step_name(text)
        name = step.text if step else text
        found = [number for number, question in enumerate(self.questions) if question.at == name]
        if len(found) > 1:
            numbers = ", ".join(str(number + 1) for number in found)
            message = f"{counted(len(found), 'question')} are about {shown(name)}"
            self.report.add(key.place, message, f"write the number of the one that is meant: {numbers}")
        elif not found:
            names = list(dict.fromkeys(question.at for question in self.questions))
            otherwise = f"the questions are about {listed(names)}; their numbers will do as well"
            self.report.add(key.place, f"no question is about '{shown(name)}'", did_you_mean(name, names, otherwise))
        return found[0] if len(found) == 1 else None
