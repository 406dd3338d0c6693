"""How many cells do the numbers of a name take at most in an iteration, so that nothing moves in it?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tui_backprop.session import Charset, Lesson, Session

_MOST_EXAMPLES_MEASURED = 16


def value_width(session: Session, names: Iterable[str]) -> int:
    """The cells of the longest value of these names in this iteration, and in the one whose values are still seen."""
    return max((_measured(session, name)[0] for name in names), default=0)


def gradient_width(session: Session, names: Iterable[str]) -> int:
    """The cells of the longest gradient of these names; 0 where none of them gets one."""
    return max((_measured(session, name)[1] for name in names), default=0)


def _measured(session: Session, name: str) -> tuple[int, int]:
    return _widths(session.lesson, session.cursor.iteration, session.charset, session.shows_all_digits, name)


@lru_cache(maxsize=4096)
def _widths(lesson: Lesson, iteration: int, charset: Charset, shows_all_digits: bool, name: str) -> tuple[int, int]:
    number = lesson.styles[charset, shows_all_digits].number
    graph, size = lesson.graph, lesson.layout.batch_size
    seen = [(lesson.history.steps(iteration), turn) for turn in range(min(size, _MOST_EXAMPLES_MEASURED))]
    seen.append((seen[0][0], size - 1))
    if iteration > 0:
        seen.append((lesson.history.steps(iteration - 1), size - 1))
    value = max(len(number(steps.numbers(turn)[name])) for steps, turn in seen)
    if name in graph.parameter_places:
        value = max(value, len(number(seen[0][0].iteration.updated[graph.parameter_places[name]])))
    gradient = 0
    if graph.has_gradient(name):
        gradient = max(len(number(steps.gradient(name, turn))) for steps, turn in seen)
    return value, gradient
