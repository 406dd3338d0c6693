"""A derivation: its lines up to the one that is read, each by its rule, with its value and its reason."""

from __future__ import annotations

import math

from tui_backprop.charset import drawn
from tui_backprop.maths.derivation.by_rules import Derivation
from tui_backprop.maths.derivation.by_rules import Line as Statement
from tui_backprop.maths.derivation.reasons import partial
from tui_backprop.maths.writing import Style, write
from tui_backprop.moves.reading import number_here
from tui_backprop.moves.slip_twin import slip_behind
from tui_backprop.numbers import equals
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.session import Reading, Session

_MARK, _NO_MARK = "▶ ", "  "


def derivation_lines(session: Session, reading: Reading[Derivation], width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the definitions, then the statements up to the one that is read."""
    derivation = reading.matter
    active = _active(session, reading, width, height)
    room = height - len(active)
    opening = _opening(session, derivation, width)
    # The definitions stay at the top as long as there is room for them and for what leads up to the line.
    if opening and len(opening) <= max(room // 2, 1):
        opening.append((Span(drawn("─" * width, session.charset), "dim"),))
    else:
        opening = []
    if reading.position == 0 and derivation.plan:
        opening += [(Span(row, "note"),) for row in wrapped(derivation.plan, width, 2, session.charset)]
    above: list[Line] = []
    for place in range(reading.position - 1, -1, -1):
        if len(above) >= room:
            break
        above = [*_statement(session, derivation, place, width), *above]
    rest = room - len(opening)
    return (*opening[:room], *(above[-rest:] if rest > 0 else ()), *active)


def derivation_told(session: Session, reading: Reading[Derivation]) -> tuple[str, str, str]:
    """What the narration says of the line that is read, under which label, and what comes next."""
    line, keys = reading.matter.lines[reading.position], session.characters
    number, count = reading.position + 1, reading.length
    on = f"{keys.right} for the next line, {keys.left} for the line before" if number < count else "this is the result"
    told = f"{number} of {count}, {_by(line.rule)}."
    return "this line:", told, f"{on}; escape: back to the steps."


_BY = {
    "definition": "by definition",
    "substitution": "by substitution",
    "distribute": "by multiplying out",
    "expand": "by multiplying out",
    "cancel": "by cancelling",
    "collect": "by collecting",
}


def _by(rule: str) -> str:
    """A line's rule, as a sentence speaks of it."""
    return _BY.get(rule, f"by the {rule}")


def _active(session: Session, reading: Reading[Derivation], width: int, height: int) -> list[Line]:
    """The statement that is read, with its reason; where there is no room for both, each gets about a half."""
    derivation, line = reading.matter, reading.matter.lines[reading.position]
    head, *formula = _statement(session, derivation, reading.position, width, is_active=True)
    reason: list[Line] = [
        (Span("    "), Span(text, "note")) for text in wrapped(line.why, width - 4, charset=session.charset)
    ]
    if reading.position == len(derivation.lines) - 1:
        reason += _closing(session, derivation, width)
    room = max(height - 1, 0)
    for_formula = max(room - len(reason), (room + 1) // 2)
    if len(formula) > for_formula:
        end = f"    {session.characters.ellipsis} = {session.number(line.value)}"
        formula = [*formula[: max(for_formula - 1, 0)], (Span(end, "active"),)]
    return [head, *formula, *_shortened(session, reason, room - len(formula))][:height]


def _shortened(session: Session, lines: list[Line], height: int) -> list[Line]:
    """The first lines; an ellipsis tells that some are missing."""
    if len(lines) <= height:
        return lines
    ellipsis = Span(f" {session.characters.ellipsis}", "dim")
    return [*lines[: height - 1], (*lines[height - 1], ellipsis)] if height > 0 else []


def _opening(session: Session, derivation: Derivation, width: int) -> list[Line]:
    """The equation, and under it what the inner names stand for, side by side where they fit."""
    rows: list[Line] = []
    text = ""
    for part in derivation.opening:
        if text and len(text) + 3 + len(part) <= width:
            text = f"{text}   {part}"
            continue
        if text:
            rows.extend((Span(row, "name"),) for row in wrapped(text, width, 2, session.charset))
        text = part
    if text:
        rows.extend((Span(row, "name"),) for row in wrapped(text, width, 2, session.charset))
    return rows


def _statement(session: Session, derivation: Derivation, place: int, width: int, is_active: bool = False) -> list[Line]:
    line = derivation.lines[place]
    mark = Span(drawn(_MARK, session.charset) if is_active else _NO_MARK, "active")
    left = partial(line.subject, line.wrt, session.style)
    of_whole = (line.of, line.wrt) == (derivation.of, derivation.wrt)
    role: Role = "active" if is_active else "factor" if of_whole else "plain"
    texts = wrapped(statement_of(session.style, line), width - 4, min(len(left) + 3, 12, width // 5), session.charset)
    head: Line = (mark, Span(f"{place + 1}. {line.rule}", "heading"))
    return [head, *((Span("    "), Span(text, role)) for text in texts)]


def statement_of(style: Style, line: Statement) -> str:
    """A line's statement: ∂a/∂z = formula = value, the value left out where the formula is that number."""
    formula, value = write(line.expression, style), style.number(line.value)
    return f"{partial(line.subject, line.wrt, style)} = {formula}{'' if formula == value else f' {equals(value)}'}"


def _closing(session: Session, derivation: Derivation, width: int) -> list[Line]:
    several = len(session.history.plan.examples) > 1
    user = f"the backward pass{f' of example {session.example + 1}' if several else ''}"
    user = "the update" if session.is_over_examples else user
    text = f"This is the number that {user} uses."
    number = number_here(session) if session.current_run.slip else derivation.value
    if not math.isclose(number, derivation.value, rel_tol=1e-9):
        text = f"{user[0].upper()}{user[1:]} has {session.number(number)} in this run. {slip_behind(session)}"
    if derivation.closing:
        text = f"{derivation.closing} {text}"
    return [(Span("  "), Span(row, "dim")) for row in wrapped(text, width - 2, charset=session.charset)]
