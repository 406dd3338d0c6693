"""The loss so far: a curve over the iterations up to the cursor's."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from tui_backprop.charset import Charset, drawn
from tui_backprop.maths.writing import Style
from tui_backprop.numbers import equals, four_digits
from tui_backprop.panels.axes import Marks, beside_axis, margin_of, with_marks
from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.lines import Line, Span, drawing
from tui_backprop.record.history import History
from tui_backprop.record.loss_pyramid import Extremes
from tui_backprop.session import Session

_SHORTEST_AXIS = 10
_OTHER_MARK = "○"


def history_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: where the loss stands, the curve with its axes, and the iteration under the cursor."""
    known = session.losses_known()
    top = _summary(session, known)
    if height < 4 or width < 16:
        return (top,)[:height]
    if known == 0:
        return (top, *_empty(width, height - 1))
    is_log = session.loss_view == "log"
    inspected = session.reading if session.reading and session.reading.kind == "inspect" else None
    looked_at = inspected.position if inspected and inspected.matter.of == "losses" else None
    histories = session.history, session.beside
    plot = _plot(*histories, session.charset, session.style, is_log, known, looked_at, width, height - 1)
    return (top, *drawing(plot, session.charset))


def _summary(session: Session, known: int) -> Line:
    loss = session.shown(session.graph.loss)
    if known == 0:
        several = session.layout.batch_size > 1
        when = (
            "is known when all examples are done; u lists them"
            if several
            else "is computed at the end of the forward pass"
        )
        return (Span(f"{loss} {when}.", "dim"),)
    losses = session.history.losses
    now, last = losses[known - 1], known - 1
    spans = [Span(f"iteration {last:,}: {loss} "), Span(equals(session.number(session.loss(last))), "value")]
    if last > 0:
        before = losses[last - 1]
        change = "fell" if now < before else "rose" if now > before else "stayed"
        shown = session.number(session.loss(last - 1))
        if shown != session.number(session.loss(last)):
            how = f"{change} from {shown}"
        else:
            how = f"stayed at {shown}" if now == before else f"{change} by {session.number(abs(now - before))}"
        spans.append(Span(f", {how}", "plain"))
    if session.loss_view == "log":
        spans.append(Span("  log axis", "dim"))
    return (*spans, *loss_beside(session, last))


def loss_beside(session: Session, iteration: int) -> Line:
    """The loss that the run beside this one has in an iteration, with the sign that it has in the plot; () where there
    is none."""
    beside, run = session.beside, session.current_run.beside
    if beside is None or run is None or not session.current_run.first <= iteration < len(beside):
        return ()
    other, mine = session.loss(iteration, beside), session.loss(iteration)
    number, sign = session.number(other), drawn(_OTHER_MARK, session.charset)
    told = f"{sign} {run.called} {equals(number)}"
    if other != mine and number == session.number(mine) and math.isfinite(other - mine):
        told = f"{told}, {'higher' if other > mine else 'lower'} by {session.number(abs(other - mine))}"
    return (Span(session.characters.between), Span(told, "dim"))


def _empty(width: int, height: int) -> tuple[Line, ...]:
    return tuple(() for _ in range(height))


def axis_end(iteration: int) -> int:
    """The last iteration on the axis: 10, 20, 50, 100 …, so that the curve grows for a while before it changes."""
    end = _SHORTEST_AXIS
    while end < iteration:
        end = end * 5 // 2 if str(end).startswith("2") else end * 2
    return end


@lru_cache(maxsize=8)
def _plot(
    history: History,
    beside: History | None,
    charset: Charset,
    style: Style,
    logarithmic: bool,
    known: int,
    looked_at: int | None,
    width: int,
    height: int,
) -> tuple[Line, ...]:
    """The curve of the first `known` losses, one of which may be looked at, and dashed that of the run beside it. Kept,
    because most keys go to a step with as many."""
    others = min(known, len(beside)) if beside else 0
    extremes = [_extremes(history, known), *([_extremes(beside, others)] if beside else [])]
    lowest = min(one.lowest_positive if logarithmic else one.lowest for one in extremes)
    highest = max(one.highest for one in extremes)
    if lowest > highest:
        why = (
            "no loss so far is above 0, and a log axis shows only those" if logarithmic else "no loss so far is finite"
        )
        return ((Span(f"{why}.", "dim"),), *_empty(width, height - 1))
    low, high = _range(lowest, highest, logarithmic)
    top, bottom = style.number(high), style.number(low)
    if margin_of(top, bottom) > width // 2 + 2:
        # All their digits would leave no room for the curve.
        top, bottom = four_digits(high, charset), four_digits(low, charset)
    margin = margin_of(top, bottom)
    canvas = DotCanvas(width - margin, height - 1)
    scale = _scale(low, high, canvas.dots_down, logarithmic)
    end = axis_end(known - 1)
    cursor_cell = _draw(canvas, history, known, end, scale)
    marks: Marks = {}
    if beside:
        other = DotCanvas(canvas.width, canvas.height)
        marks[_draw(other, beside, others, end, scale)] = (_OTHER_MARK, "dim")
        marks = {**_dashes(other, canvas), **marks}
    marks[cursor_cell] = ("●", "marker")
    if looked_at is not None and (down := scale(history.loss(looked_at))) is not None:
        marks[looked_at * (canvas.dots_across - 1) // end // 2, down // 4] = ("◆", "active")
    rows = with_marks(canvas.rows(), marks)
    return (*beside_axis(rows, top, bottom), _iteration_axis(margin, width, end, cursor_cell[0], known - 1))


def _extremes(history: History, known: int) -> Extremes:
    # A run ends with its first number that is not finite, so that only the last loss can be one.
    return history.loss_extremes.between(0, known if math.isfinite(history.loss(known - 1)) else known - 1)


def _dashes(other: DotCanvas, canvas: DotCanvas) -> Marks:
    """Every second cell of another curve, where the one drawn leaves room for it."""
    own = canvas.rows()
    return {
        (column, row): (dots, "dim")
        for row, text in enumerate(other.rows())
        for column, dots in enumerate(text)
        if dots != " " and own[row][column] == " " and column % 2 == 0
    }


def _range(low: float, high: float, logarithmic: bool) -> tuple[float, float]:
    if logarithmic:
        return low, high if high > low else low * 10
    low = min(low, 0.0)
    return low, high if high > low else low + 1.0


def _scale(low: float, high: float, dots: int, logarithmic: bool) -> Callable[[float], int | None]:
    """From a loss to a dot row, 0 at the top; None for what the axis cannot show."""
    bottom, top = (math.log(low), math.log(high)) if logarithmic else (low, high)

    def row(loss: float) -> int | None:
        if not math.isfinite(loss) or (logarithmic and loss <= 0):
            return None
        place = math.log(loss) if logarithmic else loss
        # Halved, because the span of two large numbers may itself be too large.
        share = (place / 2 - bottom / 2) / (top / 2 - bottom / 2)
        return dots - 1 - round(share * (dots - 1))

    return row


def _draw(
    canvas: DotCanvas, history: History, known: int, end: int, row: Callable[[float], int | None]
) -> tuple[int, int]:
    """Draw the losses; returns the cell of the last one."""
    across = canvas.dots_across - 1
    previous: tuple[int, int] | None = None
    if known <= across:
        for iteration in range(known):
            y = row(history.loss(iteration))
            if y is None:
                previous = None
                continue
            x = iteration * across // end
            if previous:
                canvas.line(*previous, x, y)
            else:
                canvas.dot(x, y)
            previous = (x, y)
    else:
        previous = _draw_spans(canvas, history, known, end, row)
    x, y = previous or (0, canvas.dots_down - 1)
    return x // 2, y // 4


def _draw_spans(
    canvas: DotCanvas, history: History, known: int, end: int, row: Callable[[float], int | None]
) -> tuple[int, int] | None:
    """Several iterations to a dot column: each column shows from its lowest to its highest loss."""
    last: tuple[int, int] | None = None
    for x, (lowest, highest, latest) in enumerate(_columns(history, known, end, canvas.dots_across - 1)):
        rows = [y for y in (row(lowest), row(highest)) if y is not None]
        if rows:
            top, bottom = min(rows), max(rows)
            if last:
                bottom = max(bottom, last[1]) if top > last[1] else bottom
            canvas.column(x, top, bottom)
            last = (x, row(latest) or bottom)
    return last


_Column = tuple[float, float, float]
"""The lowest, the highest and the latest loss of the iterations that share a dot column."""


def _columns(history: History, known: int, end: int, across: int) -> list[_Column]:
    """The columns that the first `known` losses fill, the last one perhaps only in part."""
    firsts = [_first_in(column, end, across) for column in range(known * across // end + 1)]
    stops = [*firsts[1:], known]
    return [_column(history, first, stop) for first, stop in zip(firsts, stops, strict=True) if first < stop]


# Kept, because what is recorded never changes: of a run that goes on, only the last column is new.
@lru_cache(maxsize=4096)
def _column(history: History, start: int, stop: int) -> _Column:
    extremes = history.loss_extremes.between(start, stop)
    return extremes.lowest, extremes.highest, history.loss(stop - 1)


def _first_in(column: int, end: int, across: int) -> int:
    """The first iteration of a dot column."""
    return -(-column * end // across)


def _iteration_axis(margin: int, width: int, end: int, column: int, iteration: int) -> Line:
    """The axis under the curve: 0, the iteration under the cursor, the axis's end."""
    axis = list("└" + "─" * (width - margin))
    last, text = f"{end:,}", f"▲{iteration:,}"
    start = max(0, min(1 + column, len(axis) - len(text)))
    # Where the cursor's iteration has come so near to an end of the axis, it takes its place.
    if start > 1:
        axis[1:2] = list("0")
    if start + len(text) < len(axis) - len(last):
        axis[len(axis) - len(last) :] = list(last)
    before, after = "".join(axis[:start]), "".join(axis[start + len(text) :])
    return (Span(" " * (margin - 1) + before, "axis"), Span(text, "marker"), Span(after, "axis"))
