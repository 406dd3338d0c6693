"""How does a derivation read? Its lines up to the one that is read, each by its rule, with its value and its reason."""

from __future__ import annotations

from tui_backprop.maths.derivation import Derivation
from tui_backprop.maths.derivation import Line as Statement
from tui_backprop.maths.expression import Name
from tui_backprop.maths.writing import write
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.session import DerivationReading, Session

_MARK, _NO_MARK = "▶ ", "  "


def derivation_lines(session: Session, reading: DerivationReading, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the definitions, then the statements up to the one that is read."""
    derivation = reading.derivation
    opening = _opening(derivation, width)
    blocks = [_statement(session, derivation, place, place == reading.line, width) for place in range(reading.line + 1)]
    closing = _closing(derivation, width) if reading.line == len(derivation.lines) - 1 else []
    active = [*blocks[-1], *closing]
    above = [line for block in blocks[:-1] for line in block]
    room = height - len(active)
    if room <= 0:
        return tuple(active[:height])
    # The definitions stay at the top as long as there is room for them and for what leads up to the line.
    if len(opening) + 1 + len(above) <= room or len(opening) <= room // 2:
        rest = room - len(opening) - 1
        separator: Line = (Span("─" * width, "dim"),)
        return (*opening, separator, *(above[-rest:] if rest > 0 else ()), *active)[:height]
    return (*above[-room:], *active)


def _opening(derivation: Derivation, width: int) -> list[Line]:
    """The equation, and under it what the inner names stand for, side by side where they fit."""
    rows: list[Line] = []
    text = ""
    for part in derivation.opening:
        if text and len(text) + 3 + len(part) <= width:
            text = f"{text}   {part}"
            continue
        if text:
            rows.extend((Span(row, "name"),) for row in wrapped(text, width, 2))
        text = part
    if text:
        rows.extend((Span(row, "name"),) for row in wrapped(text, width, 2))
    return rows


def _statement(session: Session, derivation: Derivation, place: int, is_active: bool, width: int) -> list[Line]:
    line = derivation.lines[place]
    mark = Span(_MARK if is_active else _NO_MARK, "active")
    head = f"{place + 1}. {line.rule}"
    left = partial_of(session, line)
    of_whole = (line.of, line.wrt) == (derivation.of, derivation.wrt)
    role: Role = "active" if is_active else "factor" if of_whole else "plain"
    rows: list[Line] = [(mark, Span(head, "heading"))]
    texts = wrapped(statement_of(session, line), width - 4, min(len(left) + 3, 12))
    rows.extend((Span("    "), Span(text, role)) for text in texts)
    if is_active:
        rows.extend((Span("    "), Span(text, "note")) for text in wrapped(line.why, width - 4))
    return rows


def statement_of(session: Session, line: Statement) -> str:
    """A line's statement: ∂a/∂z = formula = value, the value left out where the formula is that number."""
    formula, value = write(line.expression, session.style), session.number(line.value)
    return f"{partial_of(session, line)} = {formula}{'' if formula == value else f' = {value}'}"


def partial_of(session: Session, line: Statement) -> str:
    """The left side of a statement: ∂a/∂z, or of a part of the equation ∂(1 − a)/∂a."""
    of = write(line.subject, session.style)
    return f"∂{of if isinstance(line.subject, Name) else f'({of})'}/∂{session.shown(line.wrt)}"


def _closing(derivation: Derivation, width: int) -> list[Line]:
    text = derivation.closing or "This is the number that the backward pass uses."
    return [(Span("  "), Span(row, "dim")) for row in wrapped(text, width - 2)]
