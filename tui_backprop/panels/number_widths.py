"""How many cells the numbers of a name take at most in an iteration, so that nothing moves in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tui_backprop.session import Notation, Session

_MOST_EXAMPLES_MEASURED = 16


def value_width(session: Session, names: Iterable[str]) -> int:
    """The cells of the longest value of these names in this iteration, and in the one whose values are still seen."""
    return max((widths(session.notation, session.cursor.iteration, name)[0] for name in names), default=0)


def gradient_width(session: Session, names: Iterable[str]) -> int:
    """The cells of the longest gradient of these names; 0 where none of them gets one."""
    return max((widths(session.notation, session.cursor.iteration, name)[1] for name in names), default=0)


@lru_cache(maxsize=4096)
def widths(notation: Notation, iteration: int, name: str) -> tuple[int, int]:
    """The cells of the longest value and of the longest gradient of a name; 0 where there is no gradient."""
    lesson, number = notation.lesson, notation.style.number
    graph, size = lesson.graph, lesson.layout.batch_size
    seen = [(lesson.history.steps(iteration), turn) for turn in range(min(size, _MOST_EXAMPLES_MEASURED))]
    seen.append((seen[0][0], size - 1))
    if iteration > 0:
        seen.append((lesson.history.steps(iteration - 1), size - 1))
    value = max(len(number(steps.numbers(turn)[name])) for steps, turn in seen)
    if name in graph.parameter_places:
        value = max(value, len(number(seen[0][0].iteration.updated[graph.parameter_places[name]])))
    entry = lesson.layout.gradient_of(name)
    gradient = max(len(number(steps.number(entry, turn))) for steps, turn in seen) if entry else 0
    return value, gradient
