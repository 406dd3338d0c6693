"""All that is said of the step under the cursor, none of it cut: equation, sentences, notes, the chain of factors."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.panels.chain import chain_lines
from tui_backprop.panels.equations_panel import CHAIN_HEADING, step_lines
from tui_backprop.panels.lines import Line, Span, wrapped
from tui_backprop.panels.narration import Part, parts_of_step
from tui_backprop.session import Reading, Session

_ENDLESS = 10_000


def words_lines(session: Session, reading: Reading[str], width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: all of it; where it has no room, as many half pages further down as the arrows led."""
    lines = _all_lines(replace(session, reading=None, notice=reading.matter), width)
    if len(lines) <= height:
        return tuple(lines)
    first = min(reading.position * max(1, height // 2), len(lines) - height)
    shown = lines[first : first + height]
    if first + height < len(lines):
        shown[-1] = (Span(f"{session.characters.ellipsis} ({session.characters.down}: more)", "dim"),)
    return tuple(shown)


def words_told(session: Session, reading: Reading[str]) -> tuple[str, str, str]:
    """What the narration says of the text, under which label, and what comes next."""
    return "reading:", "all that is said of this step.", "escape: back to the steps."


def _all_lines(session: Session, width: int) -> list[Line]:
    lines: list[Line] = [*step_lines(session, width)]
    parts = [*parts_of_step(session)]
    if session.notice and not any(session.notice in part.text for part in parts):
        parts.insert(0, Part("!", session.notice, "warning"))
    for part in parts:
        rows = wrapped(part.text, width - 2, charset=session.charset)
        lines += [(), (Span(part.label, "heading"),), *((Span("  "), Span(row, part.role)) for row in rows)]
    factors = chain_lines(session, width - 2, _ENDLESS)
    if factors:
        lines += [(), (Span(f"{CHAIN_HEADING}:", "heading"),), *((Span("  "), *line) for line in factors)]
    return lines
