"""The loss over the one parameter, and where on it the point is."""

from __future__ import annotations

import math
from functools import lru_cache

from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.lines import Line, Span, drawing
from tui_backprop.record.history import History
from tui_backprop.session import Lesson, Session

_TRAIL = 12


def loss_curve_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the loss as a curve over the one parameter, with the cursor's point rolling on it."""
    name = session.graph.parameters[0]
    here = session.known_value(name).number
    loss_name = session.shown(session.graph.loss)
    if here is None or not math.isfinite(here):
        return ((Span(f"{session.shown(name)} is not finite: there is no point to draw.", "warning"),),)
    loss = _loss_at(session.history, session.cursor.iteration, here)
    title = f"{loss_name} over {session.shown(name)}: at {session.shown(name)} = "
    top = (Span(title), Span(session.number(here), "value"), Span(f" it is {session.number(loss)}"))
    if height < 4 or width < 16:
        return (top,)[:height]
    trail = _trail(session)
    low, high = _range([*trail, here])
    canvas_width = width - 1
    samples = _samples(session.lesson, session.cursor.iteration, low, high, canvas_width * 2)
    finite = [sample for sample in samples if math.isfinite(sample)]
    if not finite:
        return (top, (Span("the loss is not finite here", "warning"),))
    bottom, ceiling = min(finite), max(finite)
    canvas = DotCanvas(canvas_width, height - 2)
    span = (ceiling - bottom) or 1.0

    def row(value: float) -> int:
        return canvas.dots_down - 1 - round((value - bottom) / span * (canvas.dots_down - 1))

    previous: tuple[int, int] | None = None
    for x, sample in enumerate(samples):
        if not math.isfinite(sample):
            previous = None
            continue
        y = row(sample)
        if previous:
            canvas.line(*previous, x, y)
        previous = (x, y)
    points = [(value, "∘") for value in trail] + [(here, "●")]
    marks: dict[tuple[int, int], str] = {}
    for value, glyph in points:
        at = _loss_at(session.history, session.cursor.iteration, value)
        if math.isfinite(at):
            column = round((value - low) / (high - low) * (canvas.dots_across - 1)) // 2
            marks[min(canvas_width - 1, column), max(0, min(canvas.height - 1, row(at) // 4))] = glyph
    lines = [_with_marks(text, place, marks) for place, text in enumerate(canvas.rows())]
    left, right = session.number(low), session.number(high)
    middle = "─" * max(0, width - len(left) - len(right) - 2)
    axis = (Span(f"{left} {middle} {right}", "axis"),)
    return (top, *drawing((*lines, axis), session.charset))


def _trail(session: Session) -> list[float]:
    """Where the parameter was in the last iterations, the first one always among them for a steady frame."""
    last = session.cursor.iteration
    iterations = dict.fromkeys([0, *range(max(0, last - _TRAIL), last + 1)])
    values = [session.history.parameter_values(iteration)[0] for iteration in iterations]
    return [value for value in values if math.isfinite(value)]


def _range(values: list[float]) -> tuple[float, float]:
    """A frame around the points, with half as much again on each side; whole steps of it, so that it seldom changes."""
    low, high = min(values), max(values)
    spread = max(high - low, abs(high) * 0.1, 1.0)
    unit = 10.0 ** math.floor(math.log10(spread))
    return math.floor((low - spread / 2) / unit) * unit, math.ceil((high + spread / 2) / unit) * unit


def _loss_at(history: History, iteration: int, parameter: float) -> float:
    return history.interpreter.iteration(iteration, (parameter,)).loss


@lru_cache(maxsize=8)
def _samples_of(history: History, iteration: int, low: float, high: float, count: int) -> tuple[float, ...]:
    return tuple(_loss_at(history, iteration, low + (high - low) * place / (count - 1)) for place in range(count))


def _samples(lesson: Lesson, iteration: int, low: float, high: float, count: int) -> tuple[float, ...]:
    # Only a batch that changes from iteration to iteration makes another curve.
    plan = lesson.history.plan
    of_iteration = iteration if plan.batch_size < len(plan.examples) else 0
    return _samples_of(lesson.history, of_iteration, low, high, count)


def _with_marks(text: str, place: int, marks: dict[tuple[int, int], str]) -> Line:
    columns = sorted(column for column, row in marks if row == place)
    spans: list[Span] = []
    done = 0
    for column in columns:
        spans.extend((Span(text[done:column], "curve"), Span(marks[column, place], "marker")))
        done = column + 1
    return (*spans, Span(text[done:], "curve"))
