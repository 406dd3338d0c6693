"""The loss over two parameters: its level lines, the path to the point, and arrows uphill and downhill."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

from tui_backprop.charset import drawn
from tui_backprop.explain.surface import around, frame, losses_nearly_over
from tui_backprop.numbers import equals, four_digits
from tui_backprop.panels.axes import Marks, axis_between, beside_axis, margin_of, with_marks
from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.lines import Line, Span, drawing
from tui_backprop.panels.loss_curve import is_loss_known, slope_of
from tui_backprop.record.history import History
from tui_backprop.session import Session

_MOST_LEVELS, _MOST_TIMES = 9, 100.0
_TRAIL, _FURTHER_BACK = 200, 100
_ARROW_CELLS = 6
_HEADS = "→↗↑↖←↙↓↘"
_HEADS_IN_ASCII = ">/^\\</v\\"


def loss_map_lines(session: Session, names: tuple[str, str], width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what is drawn, the map between the numbers of its axes, and the first parameter's axis.
    All other parameters are as they are in the iteration.

    Between two neighbouring level lines the loss changes by the same factor, or by the same amount where it is not
    above 0 everywhere.
    """
    first, second = names
    values = [session.known_value(name).number for name in names]
    x, y = (math.nan if value is None else value for value in values)
    if not (math.isfinite(x) and math.isfinite(y)):
        return ((Span("The point is not finite: there is nothing to draw.", "warning"),),)
    top = _told(session, names, x, y)
    if height < 4 or width < 16:
        return (top,)[:height]
    low, high = around(*frame(session.history, first), x)
    bottom, ceiling = around(*frame(session.history, second), y)
    labels = four_digits(ceiling, session.charset), four_digits(bottom, session.charset)
    margin = margin_of(*labels)
    canvas = DotCanvas(width - margin, height - 2)
    across, down = canvas.dots_across, canvas.dots_down
    columns = tuple(low + (high - low) * place / (across - 1) for place in range(across))
    rows = tuple(ceiling - (ceiling - bottom) * place / (down - 1) for place in range(down))
    _draw_levels(canvas, losses_nearly_over(session.history, session.cursor.iteration, names, rows, columns))

    def cell(a: float, b: float) -> tuple[int, int] | None:
        if not (low <= a <= high and bottom <= b <= ceiling):
            return None
        column = round((a - low) / (high - low) * (across - 1)) // 2
        return column, round((ceiling - b) / (ceiling - bottom) * (down - 1)) // 4

    marks: Marks = {}
    for a, b in _trail(session, names):
        place = cell(a, b)
        if place is not None:
            marks[place] = ("∘", "marker")
    here = cell(x, y)
    assert here is not None
    slopes = slope_of(session, first), slope_of(session, second)
    if slopes[0] is not None and slopes[1] is not None:
        scale = across / (high - low), down / (ceiling - bottom)
        uphill = slopes[0] * scale[0], slopes[1] * scale[1]
        _put_arrow(session, marks, here, uphill, "gradient", canvas)
        _put_arrow(session, marks, here, (-uphill[0], -uphill[1]), "update", canvas)
    marks[here] = ("●", "marker")
    axis = axis_between(low, high, margin, width, session.charset)
    return (top, *drawing((*beside_axis(with_marks(canvas.rows(), marks), *labels), axis), session.charset))


def _told(session: Session, names: tuple[str, str], x: float, y: float) -> Line:
    first, second = names
    loss = session.history.loss(session.cursor.iteration)
    number = session.number
    spans = [Span(f"at ({session.shown(first)}, {session.shown(second)}) = ({number(x)}, {number(y)})")]
    if is_loss_known(session):
        spans.append(Span(f", {session.shown(session.graph.loss)} {equals(number(loss))}", "value"))
    slopes = slope_of(session, first), slope_of(session, second)
    if slopes[0] is not None and slopes[1] is not None:
        which = "" if len(session.graph.parameters) == 2 else "part of "
        text = f"{which}{session.characters.nabla}{session.shown(session.graph.loss)}"
        told = f"; {text} = ({number(slopes[0])}, {number(slopes[1])}) points uphill"
        dots = drawn("·", session.charset)
        spans += [Span(f"{told} ({dots})", "gradient"), Span(", the other downhill", "update")]
    return tuple(spans)


def _trail(session: Session, names: tuple[str, str]) -> list[tuple[float, float]]:
    """Where the point was in the iterations before: in each of the last ones, and further back in some."""
    last = session.cursor.iteration
    # Twice as far apart when there are twice as many, so that most of them stay the same.
    apart = 1 << max(0, (last // _FURTHER_BACK).bit_length() - 1)
    iterations = sorted({*range(0, last, apart), *range(max(0, last - _TRAIL), last + 1)})
    places = session.graph.parameter_places
    return [_point(session.history, iteration, places[names[0]], places[names[1]]) for iteration in iterations]


@lru_cache(maxsize=2_000)
def _point(history: History, iteration: int, first: int, second: int) -> tuple[float, float]:
    values = history.parameter_values(iteration)
    return values[first], values[second]


def _draw_levels(canvas: DotCanvas, losses: object) -> None:
    """A dot wherever a level lies between this place and the one right of it, or below it."""
    import numpy as np

    field = np.asarray(losses)
    finite = field[np.isfinite(field)]
    if not finite.size or finite.max() <= finite.min():
        return
    # In few rows many lines would be none.
    count = max(3, min(_MOST_LEVELS, 2 * canvas.height))
    if finite.min() > 0 and finite.max() > 4 * finite.min():
        levels = np.geomspace(max(finite.min(), finite.max() / _MOST_TIMES), finite.max(), count + 1)[:-1]
    else:
        # Evenly spaced roots: so that the lines of a bowl are as far apart as its walls are steep.
        levels = finite.min() + (finite.max() - finite.min()) * (np.arange(count) / count) ** 2
    band = np.where(np.isfinite(field), np.searchsorted(levels, field), -1)
    edge = np.zeros(band.shape, dtype=bool)
    edge[:, :-1] |= band[:, :-1] != band[:, 1:]
    edge[:-1, :] |= band[:-1, :] != band[1:, :]
    for y, x in zip(*np.nonzero(edge), strict=True):
        canvas.dot(int(x), int(y))


def _put_arrow(
    session: Session,
    marks: Marks,
    here: tuple[int, int],
    direction: tuple[float, float],
    role: Literal["gradient", "update"],
    canvas: DotCanvas,
) -> None:
    """A direction as it lies in the picture: a line of cells from the point, with a head; uphill of dots, downhill of
    heads."""
    length = math.hypot(*direction)
    if not length or not math.isfinite(length):
        return
    # A cell is twice as high as wide.
    right, up = direction[0] / length * _ARROW_CELLS, direction[1] / length * _ARROW_CELLS / 2
    steps = max(1, round(max(abs(right), abs(up))))
    heads = _HEADS if session.charset == "unicode" else _HEADS_IN_ASCII
    head = heads[round(math.atan2(2 * up, right) / (math.pi / 4)) % len(heads)]
    dot = drawn("·", session.charset) if role == "gradient" else head
    for step in range(1, steps + 1):
        cell = here[0] + round(right * step / steps), here[1] - round(up * step / steps)
        if 0 <= cell[0] < canvas.width and 0 <= cell[1] < canvas.height:
            marks[cell] = (head if step == steps else dot, role)
