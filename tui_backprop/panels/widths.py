"""The cells that the numbers of a name take at most in an iteration: so nothing moves in it, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tui_backprop.charset import Charset
from tui_backprop.session import Lesson, Session

_MOST_EXAMPLES_MEASURED = 16


class Measured(NamedTuple):
    """The numbers that are measured: of which iteration and turns, and written in which way.

    turns: all; of very many examples the first ones, and those on the screen.
    """

    lesson: Lesson
    iteration: int
    turns: tuple[int, ...]
    charset: Charset
    shows_all_digits: bool


def measured(session: Session) -> Measured:
    """The numbers that may be on the screen in the iteration under the cursor."""
    size, turn = session.layout.batch_size, session.last_turn
    turns = tuple(sorted({*range(min(size, _MOST_EXAMPLES_MEASURED)), size - 1, turn, max(0, turn - 1)}))
    return Measured(session.lesson, session.cursor.iteration, turns, session.charset, session.shows_all_digits)


def value_width(session: Session, names: Iterable[str]) -> int:
    """The cells of the longest value of these names."""
    numbers = measured(session)
    return max((longest(numbers, name)[0] for name in names), default=0)


def gradient_width(session: Session, names: Iterable[str]) -> int:
    """The cells of the longest gradient of these names; 0 where none of them gets one."""
    numbers = measured(session)
    return max((longest(numbers, name)[1] for name in names), default=0)


@lru_cache(maxsize=4096)
def longest(numbers: Measured, name: str) -> tuple[int, int]:
    """The cells of a name's longest value, and of its longest gradient, those left from the iteration before too."""
    lesson, graph = numbers.lesson, numbers.lesson.graph
    number = lesson.styles[numbers.charset, numbers.shows_all_digits].number
    steps = lesson.history.steps(numbers.iteration)
    seen = [(steps, turn) for turn in numbers.turns]
    if numbers.iteration > 0:
        seen.append((lesson.history.steps(numbers.iteration - 1), lesson.layout.batch_size - 1))
    values = [passed.numbers(turn)[name] for passed, turn in seen]
    gradients: list[float] = []
    if name in lesson.history.program.terms or name == graph.loss:
        gradients = [passed.gradient(name, turn) for passed, turn in seen]
    if name in graph.parameter_places:
        place = graph.parameter_places[name]
        values.append(steps.iteration.updated[place])
        gradients += [steps.iteration.gradients[place]] if gradients else []
    return max(len(number(value)) for value in values), max((len(number(one)) for one in gradients), default=0)
