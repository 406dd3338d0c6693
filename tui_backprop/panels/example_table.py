"""All examples that the iteration sees, in one table: inputs, what the loss is made of, and the loss of each."""

from __future__ import annotations

from tui_backprop.charset import drawn
from tui_backprop.explain.input_plane import outputs_of
from tui_backprop.panels.lines import Line, Role, Span
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Known, Session

_MOST_OUTPUTS = 4
_Cell = tuple[str, Role]


def example_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the names, then a row for each example, those around the one on the screen.

    A number that this iteration has not come to is the one from the iteration before, in parentheses, or a question
    mark.
    """
    names = _columns(session)
    rows = [_row(session, turn, names) for turn in _turns(session, height - 1)]
    head: list[_Cell] = [("", "dim"), *((session.shown(name), "name") for name in names)]
    widths = [max(len(row[place][0]) for row in (head, *rows)) for place in range(len(head))]
    lines: list[Line] = [_line(head, widths)]
    lines += [_line(row, widths) for row in rows]
    left_out = session.layout.batch_size - len(rows)
    if left_out and len(lines) > 1:
        lines[-1] = (Span(f"{session.characters.ellipsis} {left_out + 1:,} more, e and E go through them", "dim"),)
    return tuple(lines[:height])


def _columns(session: Session) -> tuple[str, ...]:
    """The inputs, what the loss is computed from, and the loss."""
    graph = session.graph
    return (*graph.inputs, *outputs_of(session.history)[:_MOST_OUTPUTS], graph.loss)


def _turns(session: Session, room: int) -> range:
    """The examples, in the iteration's order, that there is room for, the one on the screen among them."""
    size = session.layout.batch_size
    first = max(0, min(session.last_turn - room // 2, size - room))
    return range(first, min(size, first + max(room, 0)))


def _row(session: Session, turn: int, names: tuple[str, ...]) -> list[_Cell]:
    is_here = session.turn == turn
    number = session.steps.iteration.batch[turn] + 1
    mark = drawn("▸", session.charset) if is_here else " "
    cells: list[_Cell] = [(f"{mark} {number}", "active" if is_here else "plain")]
    for name in names:
        known = _known(session, name, turn)
        role: Role = "value" if name in session.graph.equations else "plain"
        if known.number is None:
            cells.append(("?", "unknown"))
        elif known.is_stale:
            cells.append((f"({session.number(known.number)})", "stale"))
        else:
            cells.append((session.number(known.number), role))
    return cells


def _known(session: Session, name: str, turn: int) -> Known:
    """A number of an example: of this iteration once the cursor has passed it, else of the one before."""
    steps, cursor = session.steps, session.cursor
    if name not in session.graph.equations or cursor.index >= session.layout.index(Entry("value", name), turn):
        return Known(steps.numbers(turn)[name])
    if cursor.iteration > 0 and not session.is_hidden(Entry("value", name)):
        before = session.history.steps(cursor.iteration - 1)
        example = steps.iteration.batch[turn]
        if example in before.iteration.batch:
            return Known(before.numbers(before.iteration.batch.index(example))[name], is_stale=True)
    return Known(None)


def _line(cells: list[_Cell], widths: list[int]) -> Line:
    return tuple(Span(f" {text:>{width}} ", role) for (text, role), width in zip(cells, widths, strict=True))
