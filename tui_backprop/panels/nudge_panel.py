"""The second proof: the table of nudges, what it comes to, and where rounding takes over."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tui_backprop.charset import drawn
from tui_backprop.explain.nudge import Nudge, NudgeTable, Shape
from tui_backprop.explain.second_proof import Verdict
from tui_backprop.lesson import Notation
from tui_backprop.maths.derivation.limit import DifferenceQuotient, nudge_name
from tui_backprop.maths.writing import write
from tui_backprop.moves.reading import derivative_name
from tui_backprop.moves.slip_twin import slip_behind
from tui_backprop.numbers import equals
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.session import Reading, Session

_DIGITS = 10


def nudge_lines(session: Session, reading: Reading[NudgeTable], width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what is nudged, the limit where there is one, the table, the verdict; where there is no
    room for both, the limit is a part of its own, to which the arrows lead."""
    table = reading.matter
    h = nudge_name(frozenset(session.lesson.shown_names))
    what = f"{_derivative(session, table)} {equals(session.number(table.derivative))}"
    nudged, moved = f"{session.shown(table.wrt)} = {session.number(table.at)}", session.shown(table.of)
    if session.is_over_examples:
        moved = f"the {'mean' if session.history.plan.averages else 'sum'} of {moved}"
    head = wrapped(
        f"{what}, a second way: nudge {nudged} by {h} and see how {moved} moves.", width, charset=session.charset
    )
    told = verdict_on(session.notation, table)
    if table.right is not None:
        told = f"{told} {slip_behind(session)}"
    verdict = wrapped(told, width, charset=session.charset)
    if len(head) + len(verdict) + (_LEAST_TABLE if table.has_corner else _GOOD_TABLE) > height:
        verdict = wrapped(_first_sentence(told), width, charset=session.charset)
    if len(head) + len(verdict) + _LEAST_TABLE > height:
        head = wrapped(what, width, charset=session.charset)
    limit = _limit(session.notation, table, table.limit, width) if table.limit else []
    heading = [(Span(row, "heading"),) for row in head]
    room = height - len(head) - len(verdict)
    if limit and len(limit) + 6 > room:
        if reading.position:
            return (*heading, *limit)[:height]
        down, ellipsis = session.characters.down, session.characters.ellipsis
        limit, room = [], room - 1
        verdict = (*verdict, f"{ellipsis} {down}: the algebra behind it")
    rows = _table(session.notation, table, h, width, room - len(limit))
    return (*heading, *limit, *rows, *((Span(row, "note"),) for row in verdict))[:height]


_GOOD_TABLE, _LEAST_TABLE = 8, 3


def nudge_told(session: Session, reading: Reading[NudgeTable]) -> tuple[str, str, str]:
    """What the narration says of the proof, under which label, and what comes next."""
    table, notation = reading.matter, session.notation
    h = nudge_name(frozenset(session.lesson.shown_names))
    told = f"each row nudges {notation.shown(table.wrt)} by a smaller {h}, and divides how far"
    told = f"{told} {notation.shown(table.of)} moves by {h}."
    if not table.has_corner:
        mark, value = drawn("◀", session.charset), notation.number(table.aim)
        told = f"{told} {mark} marks where the left one is closest to {value}."
    return "how:", told, "escape: back to the steps; d: derive it by the rules."


def _derivative(session: Session, table: NudgeTable) -> str:
    """What is checked, and of which example, if there are several."""
    written = derivative_name(session)
    if session.is_over_examples:
        return written
    if table.is_factor and session.graph.is_direct(table.of, table.wrt):
        written = f"{written} (direct)"
    several = len(session.history.plan.examples) > 1
    return f"{written} of example {session.example + 1}" if several else written


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".") + "."


def _limit(notation: Notation, table: NudgeTable, limit: DifferenceQuotient, width: int) -> list[Line]:
    """The algebra of the limit: the quotient, multiplied out, divided, and h going to 0."""
    style, h = notation.style, limit.h
    quotient = _quotient(notation, table, h)
    rows = wrapped(f"{quotient} = {write(limit.written, style)}", width, 4, notation.charset)
    for tree in dict.fromkeys((limit.multiplied_out, limit.divided)):
        rows = (*rows, *wrapped(f"   = {write(tree, style)}", width, 5, notation.charset))
    value = notation.number(table.aim)
    left = write(limit.limit, style)
    end = f"as {h} goes to 0: {left}" if left == value else f"as {h} goes to 0: {left} {equals(value)}"
    return [(Span(row, "factor"),) for row in (*rows, *wrapped(end, width, 4, notation.charset))]


def _quotient(notation: Notation, table: NudgeTable, h: str) -> str:
    of, wrt = notation.shown(table.of), notation.shown(table.wrt)
    return f"[{of}({wrt} + {h}) {notation.characters.minus} {of}({wrt})]/{h}"


def _table(notation: Notation, table: NudgeTable, h: str, width: int, height: int) -> list[Line]:
    if height < 2:
        return []
    digits = _DIGITS if width >= 50 else max(3, (width - 10) // 2 - 5)
    column = digits + 8 if width >= 50 else max(0, width - 6) // 2
    of, wrt, minus = notation.shown(table.of), notation.shown(table.wrt), notation.characters.minus
    names = (_quotient(notation, table, h), f"[{of}({wrt} + {h}) {minus} {of}({wrt} {minus} {h})]/2{h}")
    if table.has_corner:
        names = ("from the right", "from the left")
    elif len(names[0]) > column + 2 or 6 + column + 1 + len(names[1]) > width:
        names = ("right side", "both sides")
    lines: list[Line] = [(Span(f"{h:<6}{names[0]:<{column}} {names[1]}", "axis"),)]
    for row in _chosen(table, height - 1):
        first, second = (row.right, row.left) if table.has_corner else (row.right, row.central)
        is_drowned = table.drowned is not None and row.size <= table.drowned.size
        role: Role = "active" if row == table.best and not table.has_corner else "dim" if is_drowned else "plain"
        mark = drawn(" ◀", notation.charset) if role == "active" else ""
        quotients = [_written(notation, slope, digits) for slope in (first, second)]
        text = f"{_power_of_ten(notation, row.size):<6}{quotients[0]:<{column}} {quotients[1]}{mark}"
        lines.append((Span(text, role),))
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


def _power_of_ten(notation: Notation, size: float) -> str:
    power = round(-math.log10(size))
    return "1" if power == 0 else f"0.{'0' * (power - 1)}1" if power <= 3 else f"1e{notation.characters.minus}{power}"


def _written(notation: Notation, value: float, digits: int) -> str:
    if not math.isfinite(value):
        return notation.number(value)
    return f"{value:.{digits}g}".replace("-", notation.characters.minus)


def verdict_on(notation: Notation, table: NudgeTable) -> str:
    """What the table shows, in a sentence or two."""
    derivative, of, wrt = notation.number(table.derivative), notation.shown(table.of), notation.shown(table.wrt)
    h = nudge_name(frozenset(notation.lesson.shown_names))
    drowning = _drowning(notation, table, wrt, h)
    beside = table.beside
    right, left = (notation.number(_rounded(slope, beside.noise)) for slope in (beside.right, beside.left))
    slopes = f"from the right the slope is {right}, from the left {left}"
    shapes: Mapping[Shape, str] = {
        "curve": f"Agrees: as {h} shrinks, the quotients close in on {derivative}.{drowning}",
        "straight": (
            f"Agrees: already {h} = 1 gives {derivative}; over these nudges {of} is a straight line in {wrt}.{drowning}"
        ),
        "flat": f"Agrees: no nudge moves {of} at all; it is flat here, as far as its digits tell, and the slope is 0.",
        "corner": f"A convention at a corner: {slopes}; by convention it is {derivative}.",
        "jump": (
            f"A convention at a jump: {of} changes at once, and its quotients grow without end as {h} shrinks. "
            f"There is no slope; by convention it is {derivative}."
        ),
    }
    sentences: Mapping[Verdict, str] = {
        "agrees": shapes[table.shape],
        "convention": shapes[table.shape],
        "too fine to tell": (
            f"Too fine to tell: rounding hides the slope. Rounding on the way to {of} is larger than "
            f"anything that a nudge moves, so no quotient shows {derivative}."
        ),
        "unclear": f"Unclear: {table.proof.reason}.",
        "differs": _differs(notation, table),
    }
    return sentences[table.proof.verdict]


def _differs(notation: Notation, table: NudgeTable) -> str:
    derivative = notation.number(table.derivative)
    if table.right is None:
        return f"Differs: the quotients do not come to {derivative}."
    return f"Differs: nudging gives {notation.number(table.right)}, which is the right number, and not {derivative}."


def _drowning(notation: Notation, table: NudgeTable, wrt: str, h: str) -> str:
    """From where on rounding spoils the quotients, if it does."""
    drowned, lost = table.drowned, table.lost
    if not drowned:
        return ""
    text = f" From {h} = {_power_of_ten(notation, drowned.size)} on one sees rounding and not the slope:"
    text = f"{text} a number keeps about 16 digits, and few are left of the difference of two that are almost equal."
    return f"{text} At {_power_of_ten(notation, lost)}, {wrt} + {h} is {wrt} itself." if lost else text


def _rounded(slope: float, noise: float) -> float:
    """A slope without the last digits, which rounding has taken from the quotient."""
    return 0.0 if abs(slope) <= noise else float(f"{slope:.6g}")
