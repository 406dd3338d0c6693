"""The loss over one parameter: the curve, the point on it, the tangent once the slope is known, and where it was."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from tui_backprop.explain.surface import around, frame, in_round_numbers, loss_at, losses_along
from tui_backprop.numbers import equals, four_digits
from tui_backprop.panels.axes import Marks, axis_between, beside_axis, margin_of, with_marks
from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.lines import Line, Span, drawing
from tui_backprop.session import Session

_TRAIL = 12


def loss_curve_lines(session: Session, name: str, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what is drawn, the curve between the numbers of its axes, and the parameter's axis."""
    here = session.known_value(name).number
    if here is None or not math.isfinite(here):
        return ((Span(f"{session.shown(name)} is not finite: there is no point to draw.", "warning"),),)
    loss = _loss_at(session, name, here)
    top = _told(session, name, here, loss)
    if height < 4 or width < 16:
        return (top,)[:height]
    low, high = around(*frame(session.history, name), here)
    count = 2 * max(8, width - 12)
    losses = losses_along(session.history, session.cursor.iteration, name, low, high, count)
    finite = [one for one in losses if math.isfinite(one)]
    if not finite:
        return (top, (Span("the loss is not finite here", "warning"),))
    bottom, ceiling = in_round_numbers(min(finite), max(finite))
    labels = four_digits(ceiling, session.charset), four_digits(bottom, session.charset)
    margin = margin_of(*labels)
    canvas = DotCanvas(width - margin, height - 2)
    row = _rows(bottom, ceiling, canvas.dots_down)
    column = _columns(low, high, canvas.dots_across)
    places = [column(low + (high - low) * step / (count - 1)) for step in range(count)]
    _draw(canvas, places, losses, row)
    marks: Marks = {}
    for value, glyph in [*((value, "∘") for value in _trail(session, name)), (here, "●")]:
        at = _loss_at(session, name, value)
        if math.isfinite(at) and low <= value <= high:
            cell = max(0, min(canvas.height - 1, row(at) // 4))
            marks[min(canvas.width - 1, column(value) // 2), cell] = (glyph, "marker")
    slope = slope_of(session, name)
    tangent = DotCanvas(canvas.width, canvas.height)
    if slope is not None and math.isfinite(loss):
        _draw_tangent(tangent, here, loss, slope, low, high, column, row)
    rows = with_marks(canvas.rows(), {**_tangent_marks(tangent, canvas), **marks})
    axis = axis_between(low, high, margin, width, session.charset)
    return (top, *drawing((*beside_axis(rows, *labels), axis), session.charset))


def _told(session: Session, name: str, here: float, loss: float) -> Line:
    shown = session.shown(name)
    spans = [Span(f"at {shown} "), Span(equals(session.number(here)), "value")]
    if is_loss_known(session):
        spans.append(Span(f", {session.shown(session.graph.loss)} {equals(session.number(loss))}"))
    slope = slope_of(session, name)
    if slope is not None:
        gradient = session.notation.gradient(name)
        spans += [Span("; the line that touches it has slope "), Span(gradient, "gradient")]
        spans.append(Span(f" {equals(session.number(slope))}", "gradient"))
    return tuple(spans)


def is_loss_known(session: Session) -> bool:
    """Whether the learner has seen the loss of the point that is drawn."""
    before_update = session.cursor.index < session.layout.first_update
    return before_update and session.losses_known() > session.cursor.iteration


def slope_of(session: Session, name: str) -> float | None:
    """The gradient with respect to a parameter, once it is known for the point that is drawn: of all examples."""
    known = session.known_gradient(name)
    of_all = session.layout.batch_size == 1 or session.turn is None
    is_before_update = session.cursor.index < session.layout.first_update
    return known.number if of_all and is_before_update and not known.is_stale else None


def _loss_at(session: Session, name: str, value: float) -> float:
    values = list(session.history.parameter_values(session.cursor.iteration))
    values[session.graph.parameter_places[name]] = value
    return loss_at(session.history, session.cursor.iteration, values)


def _trail(session: Session, name: str) -> list[float]:
    """Where the parameter was in the last iterations, and in the first one."""
    last, place = session.cursor.iteration, session.graph.parameter_places[name]
    iterations = dict.fromkeys([0, *range(max(0, last - _TRAIL), last + 1)])
    return [session.history.parameter_values(iteration)[place] for iteration in iterations]


def _rows(bottom: float, ceiling: float, dots: int) -> Callable[[float], int]:
    # Halved, because the span of two large numbers may itself be too large.
    span = (ceiling / 2 - bottom / 2) or 1.0
    return lambda loss: dots - 1 - round((loss / 2 - bottom / 2) / span * (dots - 1))


def _columns(low: float, high: float, dots: int) -> Callable[[float], int]:
    return lambda value: round((value - low) / (high - low) * (dots - 1))


def _draw(canvas: DotCanvas, places: Iterable[int], losses: Iterable[float], row: Callable[[float], int]) -> None:
    previous: tuple[int, int] | None = None
    for x, loss in zip(places, losses, strict=True):
        if not math.isfinite(loss):
            previous = None
            continue
        y = row(loss)
        if previous:
            canvas.line(*previous, x, y)
        else:
            canvas.dot(x, y)
        previous = (x, y)


def _draw_tangent(
    canvas: DotCanvas,
    here: float,
    loss: float,
    slope: float,
    low: float,
    high: float,
    column: Callable[[float], int],
    row: Callable[[float], int],
) -> None:
    """A dashed line through the point, as far as the picture goes."""
    for x in range(canvas.dots_across):
        value = low + (high - low) * x / (canvas.dots_across - 1)
        if x // 3 % 2 == 0:
            y = loss + slope * (value - here)
            if math.isfinite(y):
                canvas.dot(column(value), row(y))


def _tangent_marks(tangent: DotCanvas, curve: DotCanvas) -> Marks:
    """The tangent's cells, with the dots that the curve has in them."""
    marks: Marks = {}
    for place, (touching, text) in enumerate(zip(tangent.rows(), curve.rows(), strict=True)):
        for at, glyph in enumerate(touching):
            if glyph != " ":
                both = ord(glyph) | (ord(text[at]) if text[at] != " " else 0)
                marks[at, place] = (chr(both), "gradient")
    return marks
