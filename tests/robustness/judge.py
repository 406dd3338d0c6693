"""What is promised of every file and every expression, and is it kept? Loaded, or refused with a place inside it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from robustness.watch import only_these_files

from tui_backprop.errors import MOST_PROBLEMS, ScenarioError
from tui_backprop.maths import parsing, tokens, writing
from tui_backprop.maths.expression import Expression
from tui_backprop.record.history import History
from tui_backprop.scenario import loading
from tui_backprop.scenario.model import Scenario

Outcome = Literal["loaded", "refused"]
Result = TypeVar("Result")

MOST_STEPS = 3_000
"""The steps of a larger iteration are looked at here and there."""

_LONGEST_MESSAGE = 500
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class BrokenPromiseError(AssertionError):
    """Something that is promised does not hold."""


def demand(holds: object, what: str) -> None:
    """Raises BrokenPromiseError, with what does not hold."""
    if not holds:
        raise BrokenPromiseError(what)


def machine_factor() -> float:
    """How many times slower than a usual machine this one is at the moment; never less than 1."""
    started = time.process_time()
    words: dict[str, tuple[int, str]] = {}
    for number in range(60_000):
        words[f"a{number % 1000}"] = (number, str(number))
    return max(1.0, (time.process_time() - started) / 0.015)


def fastest(attempt: Callable[[], Result], most_seconds: float, what: str) -> Result:
    """What an attempt comes to. Raises BrokenPromiseError where it takes too long three times: once, and it may have
    been the collector's turn to clean up after all the cases before."""
    took = []
    while True:
        started = time.process_time()
        result = attempt()
        took.append(time.process_time() - started)
        if took[-1] <= most_seconds:
            return result
        demand(len(took) < 3, f"{what} took {min(took):.2f} s")


def judge_file(path: Path, most_seconds: float) -> Outcome:
    """Load a file, and look at what comes of it. Raises BrokenPromiseError, or whatever the program should not have."""
    table = path.parent.resolve() / "points.csv"

    def load() -> Scenario | ScenarioError:
        try:
            with only_these_files(str(path), str(table)):
                return loading.load_scenario(path)
        except ScenarioError as refusal:
            return refusal

    result = fastest(load, most_seconds, "loading")
    if isinstance(result, ScenarioError):
        judge_refusal(result, path.read_bytes())
        return "refused"
    judge_scenario(result)
    return "loaded"


def judge_refusal(error: ScenarioError, data: bytes) -> None:
    """A refusal has at most twenty problems in the order of the file, each in words, with a place inside the file."""
    lines = _LINE_BREAK.split(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    demand(1 <= len(error.problems) <= MOST_PROBLEMS, f"{len(error.problems)} problems")
    demand(error.more == 0 or len(error.problems) == MOST_PROBLEMS, "some are counted though there is room for them")
    places = [problem.place for problem in error.problems if problem.place is not None]
    demand(places == sorted(places, key=lambda place: (place.line, place.column)), "not in the order of the file")
    for problem in error.problems:
        for text in (problem.message, problem.help):
            demand(text.strip() and "\n" not in text and len(text) < _LONGEST_MESSAGE, f"said badly: {text!r:.200}")
        demand(problem.place is not None, f"no place: {problem.message}")
        assert problem.place is not None
        place = problem.place
        demand(1 <= place.line <= len(lines), f"line {place.line} of {len(lines)}: {problem.message}")
        if data.startswith(_OTHER_ENCODINGS):
            continue
        line = lines[place.line - 1]
        demand(1 <= place.column <= len(line) + 1, f"column {place.column} of {len(line)}: {problem.message}")
        demand(place.length >= 1, f"a length of {place.length}: {problem.message}")
        demand(problem.source_line == line, f"another line is shown: {problem.message}")


def judge_scenario(scenario: Scenario) -> None:
    """What was loaded trains, shows every step of iteration 0, and its equations are what is written of them."""
    for expression in scenario.equations.values():
        judge_round_trip(expression)
    history = History(scenario)
    if scenario.learning_rate is not None:
        history.extend(3)
    steps = history.steps(0)
    demand(len(steps) > 0, "an iteration without steps")
    for index in range(0, len(steps), max(1, len(steps) // MOST_STEPS)):
        demand(steps[index].to_json(), "a step that says nothing")
    for number in range(len(history)):
        demand(set(history.parameters(number)) == set(scenario.parameters), "other parameters than the scenario's")


def judge_expression(text: str, most_seconds: float) -> Outcome:
    """Parse a text, and look at what comes of it. Raises as `judge_file` does."""

    def read() -> parsing.Parsed | tokens.ExpressionError:
        try:
            with only_these_files():
                return parsing.parse(text)
        except tokens.ExpressionError as refusal:
            return refusal

    result = fastest(read, most_seconds, "parsing")
    if isinstance(result, parsing.Parsed):
        for use in result.names:
            demand(text[use.start : use.end] == use.name, f"'{use.name}' does not stand at {use.start}")
        judge_round_trip(result.expression)
        return "loaded"
    for problem in result.problems:
        demand(problem.message.strip() and problem.help.strip(), "a problem without words")
        demand(
            0 <= problem.start < problem.end <= max(1, len(text)), f"{problem.start} to {problem.end} of {len(text)}"
        )
    return "refused"


def judge_round_trip(expression: Expression) -> None:
    """What is written of an expression means that expression."""
    written = writing.write(expression)
    try:
        again = parsing.parse(written).expression
    except tokens.ExpressionError as error:
        # Parentheses and signs that were left out are written: a text just below a limit may come out above it.
        demand(
            "limit" in str(error) or "more than" in str(error) or "deeper" in str(error), f"{written!r:.200}: {error}"
        )
    else:
        demand(again == expression, f"{written!r:.200} means something else")
