"""The loss over two parameters: its level lines, where the point is and was, and the gradient as an arrow."""

from __future__ import annotations

import math

from tui_backprop.explain.surface import around, frame, loss_at, losses_over
from tui_backprop.numbers import equals, four_digits
from tui_backprop.panels.axes import Marks, axis_between, beside_axis, margin_of, with_marks
from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.lines import Line, Span, drawing
from tui_backprop.panels.loss_curve import is_loss_known, slope_of
from tui_backprop.session import Session

_MOST_LEVELS = 9
_TRAIL = 200
_ARROW_CELLS = 6
_HEADS = "→↗↑↖←↙↓↘"
_HEADS_IN_ASCII = ">/^\\</v\\"


def loss_map_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what is drawn, the map between the numbers of its axes, and the first parameter's axis.

    Between two neighbouring level lines the loss changes by the same factor, or by the same amount where it is not
    above 0 everywhere.
    """
    first, second = session.graph.parameters
    values = [session.known_value(name).number for name in (first, second)]
    x, y = (math.nan if value is None else value for value in values)
    if not (math.isfinite(x) and math.isfinite(y)):
        return ((Span("The point is not finite: there is nothing to draw.", "warning"),),)
    top = _told(session, x, y)
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
    _draw_levels(canvas, losses_over(session.history, session.cursor.iteration, (first, second), rows, columns))

    def cell(a: float, b: float) -> tuple[int, int] | None:
        if not (low <= a <= high and bottom <= b <= ceiling):
            return None
        column = round((a - low) / (high - low) * (across - 1)) // 2
        return column, round((ceiling - b) / (ceiling - bottom) * (down - 1)) // 4

    marks: Marks = {}
    for a, b in _trail(session):
        place = cell(a, b)
        if place is not None:
            marks[place] = ("∘", "marker")
    here = cell(x, y)
    assert here is not None
    slopes = slope_of(session, first), slope_of(session, second)
    if slopes[0] is not None and slopes[1] is not None:
        scale = across / (high - low), down / (ceiling - bottom)
        _put_arrow(session, marks, here, (slopes[0] * scale[0], slopes[1] * scale[1]), canvas)
    marks[here] = ("●", "marker")
    axis = axis_between(low, high, margin, width, session.charset)
    return (top, *drawing((*beside_axis(with_marks(canvas.rows(), marks), *labels), axis), session.charset))


def _told(session: Session, x: float, y: float) -> Line:
    first, second = session.graph.parameters
    loss = loss_at(session.history, session.cursor.iteration, (x, y))
    number = session.number
    spans = [Span(f"at ({session.shown(first)}, {session.shown(second)}) = ({number(x)}, {number(y)})")]
    if is_loss_known(session):
        spans.append(Span(f", {session.shown(session.graph.loss)} {equals(number(loss))}", "value"))
    slopes = slope_of(session, first), slope_of(session, second)
    if slopes[0] is not None and slopes[1] is not None:
        text = f"{session.characters.nabla}{session.shown(session.graph.loss)}"
        told = f"; the arrow is {text} = ({number(slopes[0])}, {number(slopes[1])})"
        spans.append(Span(told, "gradient"))
    return tuple(spans)


def _trail(session: Session) -> list[tuple[float, float]]:
    """Where the point was in the iterations before, as far back as is drawn."""
    last = session.cursor.iteration
    found: list[tuple[float, float]] = []
    for iteration in range(max(0, last - _TRAIL), last + 1):
        a, b = session.history.parameter_values(iteration)
        found.append((a, b))
    return found


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
        levels = np.geomspace(finite.min(), finite.max(), count + 1)[:-1]
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
    session: Session, marks: Marks, here: tuple[int, int], direction: tuple[float, float], canvas: DotCanvas
) -> None:
    """The gradient's direction as it lies in the picture: a line of cells from the point, with a head."""
    length = math.hypot(*direction)
    if not length or not math.isfinite(length):
        return
    # A cell is twice as high as wide.
    right, up = direction[0] / length * _ARROW_CELLS, direction[1] / length * _ARROW_CELLS / 2
    steps = max(1, round(max(abs(right), abs(up))))
    heads = _HEADS if session.charset == "unicode" else _HEADS_IN_ASCII
    head = heads[round(math.atan2(2 * up, right) / (math.pi / 4)) % len(heads)]
    for step in range(1, steps + 1):
        cell = here[0] + round(right * step / steps), here[1] - round(up * step / steps)
        if 0 <= cell[0] < canvas.width and 0 <= cell[1] < canvas.height:
            marks[cell] = (head if step == steps else "·" if session.charset == "unicode" else ".", "gradient")
