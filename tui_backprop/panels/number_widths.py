"""The cells that the numbers of a name take at most in an iteration: so nothing moves in it, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tui_backprop.lesson import Notation
from tui_backprop.numbers import within
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session

_MOST_EXAMPLES_MEASURED = 16
ROOMS = (10, 8, 7)
"""The cells kept for a number that changes while a lesson learns, so that no change moves anything: for −0.0002161, or
for −0.02161 or −0.4013 where a picture fits only so; longer ones are written with fewer digits there."""


ROOM_IN_PART = 8
"""The cells where a picture does not fit at all, and is seen in part."""


class Measured(NamedTuple):
    """The numbers that are measured: of which iteration and turns, and written in which way.

    turns: all; of very many examples the first ones, and those on the screen.
    """

    notation: Notation
    iteration: int
    turns: tuple[int, ...]


def measured(session: Session) -> Measured:
    """The numbers that may be on the screen in the iteration under the cursor."""
    size, turn = session.layout.batch_size, session.last_turn
    turns = tuple(sorted({*range(min(size, _MOST_EXAMPLES_MEASURED)), size - 1, turn, max(0, turn - 1)}))
    return Measured(session.notation, session.cursor.iteration, turns)


def value_width(session: Session, names: Iterable[str], room: int) -> int:
    """The cells of the longest value of these names, where so many are kept for one that changes."""
    numbers = measured(session)
    return max((longest(numbers, name, room)[0] for name in names), default=0)


def gradient_width(session: Session, names: Iterable[str], room: int) -> int:
    """The cells of the longest gradient of these names likewise; 0 where none of them gets one."""
    numbers = measured(session)
    return max((longest(numbers, name, room)[1] for name in names), default=0)


@lru_cache(maxsize=4096)
def longest(numbers: Measured, name: str, room: int) -> tuple[int, int]:
    """The cells of a name's longest value, and of its longest gradient, those left from the iteration before too.

    For a number that changes while the lesson learns, so many cells are kept as `room` says, whatever it is now.
    """
    lesson, number = numbers.notation.lesson, numbers.notation.style.number
    steps = lesson.history.steps(numbers.iteration)
    layout = steps.layout
    seen = [(steps, turn) for turn in numbers.turns]
    if numbers.iteration > 0:
        before = lesson.history.steps(numbers.iteration - 1)
        seen.append((before, before.layout.batch_size - 1))
    values = [passed.numbers(turn)[name] for passed, turn in seen]
    if name == lesson.graph.loss:
        values.append(steps.loss())
    entry = layout.gradient_of(name)
    gradients = [passed.number(entry, turn) for passed, turn in seen] if entry else []
    if name in lesson.graph.parameter_places:
        update = Entry("update", name)
        values += [steps.number(update)] if update in layout.places else []
        gradients += [steps.reduced_gradient(name)] if gradients else []
    for_value = max(len(number(value)) for value in values)
    for_gradient = max((len(number(one)) for one in gradients), default=0)
    if not _changes(numbers.notation, name):
        return for_value, for_gradient
    return room, room if for_gradient and name != lesson.graph.loss else for_gradient


def text_within(notation: Notation, name: str, value: float, room: int) -> str:
    """A value or a gradient of a name as it is written in the cells that `longest` keeps for it."""
    return within(value, room, notation.charset) if _changes(notation, name) else notation.number(value)


def _changes(notation: Notation, name: str) -> bool:
    """Whether numbers of a name change from iteration to iteration. All digits are shown, however many they are."""
    lesson = notation.lesson
    is_given = name in lesson.graph.inputs or name in lesson.graph.constants
    return lesson.scenario.learning_rate is not None and not is_given and not notation.shows_all_digits
