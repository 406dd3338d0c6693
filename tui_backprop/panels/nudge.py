"""How does the second proof read? The table of nudges, what it comes to, and where rounding takes over."""

from __future__ import annotations

import math

from tui_backprop.maths.limit import DifferenceQuotient
from tui_backprop.maths.writing import write
from tui_backprop.numbers import MINUS
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.symbols import partial
from tui_backprop.session import NudgeReading, Session
from tui_backprop.training.nudge import Nudge, NudgeTable

_DIGITS = 10


def nudge_lines(session: Session, reading: NudgeReading, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what is nudged, the verdict, the table; and the limit where there is one and room."""
    table = reading.table
    head = _head(session, table, width)
    verdict = [(Span(row, "note"),) for row in wrapped(verdict_on(session, table), width)]
    limit = _limit(session, table, reading.limit, width) if reading.limit else []
    room = height - len(head) - len(verdict)
    if limit and len(limit) + 6 > room:
        limit = limit[-2:] if room > 8 else []
    rows = _table(session, table, width, room - len(limit))
    return (*head, *limit, *rows, *verdict)[:height]


def _head(session: Session, table: NudgeTable, width: int) -> list[Line]:
    name = session.shown(table.wrt)
    what = f"{partial(session, table.of, table.wrt)} = {session.number(table.derivative)}"
    nudged, moved = f"{name} = {session.number(table.at)}", session.shown(table.of)
    text = f"{what}, a second way: nudge {nudged} by h and see how {moved} moves."
    return [(Span(row, "heading"),) for row in wrapped(text, width)]


def _limit(session: Session, table: NudgeTable, limit: DifferenceQuotient, width: int) -> list[Line]:
    """The algebra of the limit: the quotient, multiplied out, divided, and h going to 0."""
    style = session.style
    left = f"[f({session.shown(table.wrt)} + {limit.h}) − f({session.shown(table.wrt)})]/{limit.h}"
    rows = wrapped(f"{left} = {write(limit.written, style)}", width, 4)
    for tree in dict.fromkeys((limit.multiplied_out, limit.divided)):
        rows = (*rows, *wrapped(f"   = {write(tree, style)}", width, 5))
    rows = (
        *rows,
        *wrapped(f"{limit.h} → 0:  {write(limit.limit, style)} = {session.number(table.derivative)}", width, 4),
    )
    return [(Span(row, "factor"),) for row in rows]


def _table(session: Session, table: NudgeTable, width: int, height: int) -> list[Line]:
    if height < 2:
        return []
    digits = _DIGITS if width >= 50 else max(3, (width - 10) // 2 - 5)
    column = digits + 8 if width >= 50 else (width - 6) // 2
    names = ("[f(x + h) − f(x)]/h", "[f(x + h) − f(x − h)]/2h") if column >= 17 else ("right side", "both sides")
    if table.corner:
        names = ("from the right", "from the left")
    head: Line = (Span(f"{'h':<6}{names[0]:<{column}} {names[1]}"[:width], "axis"),)
    shown = _chosen(table, height - 1)
    lines = [head]
    for row in shown:
        first, second = (row.right, row.left) if table.corner else (row.right, row.central)
        role: Role = "active" if row == table.best and not table.corner else "plain"
        mark = " ◀" if role == "active" else ""
        text = f"{_size(row):<6}{_written(first, digits):<{column}} {_written(second, digits)}{mark}"
        lines.append((Span(text[:width], role),))
    return lines


def _chosen(table: NudgeTable, height: int) -> list[Nudge]:
    """The rows that fit: all, or every second, third …, the best and the last one always among them."""
    rows = list(table.rows)
    step = 1
    while -(-len(rows) // step) + 2 > max(height, 3) and step < len(rows) and len(rows) > height:
        step += 1
    if len(rows) <= height:
        return rows
    kept = {row.size for row in rows[::step]} | {table.best.size, rows[-1].size}
    return [row for row in rows if row.size in kept][: max(1, height)]


def _size(row: Nudge) -> str:
    power = round(-math.log10(row.size))
    return "1" if power == 0 else f"0.{'0' * (power - 1)}1" if power <= 3 else f"1e{MINUS}{power}"


def _written(value: float, digits: int) -> str:
    return f"{value:.{digits}g}".replace("-", MINUS).replace("nan", "NaN").replace("inf", "∞")


def verdict_on(session: Session, table: NudgeTable) -> str:
    """One sentence on what the table shows."""
    derivative = session.number(table.derivative)
    if table.corner:
        beside = table.rows[6]
        right, left = session.number(beside.right), session.number(beside.left)
        between = "lies between the two" if table.proves else "does not lie between the two"
        slopes = f"from the right the slope is {right}, from the left {left}"
        return f"A corner: {slopes}. The convention {derivative} {between}."
    if not table.proves:
        return f"The quotients do not come to {derivative}: the derivative and the nudges disagree."
    of, wrt = session.shown(table.of), session.shown(table.wrt)
    if table.is_straight:
        start = f"Every h gives {derivative}: {of} is a straight line in {wrt}, until rounding shows."
    else:
        start = f"As h shrinks, the quotients close in on {derivative}, until rounding shows."
    return (
        f"{start} For a very small h the two values of {of} differ only in their last digits, and the quotient drowns; "
        f"at 1e{MINUS}16 {wrt} + h is {wrt} itself."
    )
