"""Where am I? The title, and at the right the iteration, the phase, the step and how far the iteration has come."""

from __future__ import annotations

from tui_backprop.panels.lines import Line, Span
from tui_backprop.safe_text import safe_text
from tui_backprop.session import Session

_BAR_CELLS = 13
_LONGEST_PHASE = len("backward")


def header_line(session: Session, width: int) -> Line:
    """One line of at most `width` cells; what has no room goes from the left: first the bar, then the title."""
    where = _where(session, width)
    bar = _bar(session) if width >= 70 else ""
    room = width - len(where) - len(bar) - 2
    title = safe_text(session.scenario.title)
    if room < 8:
        cursor = session.cursor
        shortest = f" {session.iteration} · {session.entry.phase} · {cursor.index + 1}/{len(session.layout)}"
        return (Span(where if len(where) <= width else shortest[:width]),)
    if len(title) > room:
        title = title[: room - 1] + "…"
    return (Span(" "), Span(title.ljust(room), "heading"), Span(where), Span(bar, "marker"), Span(" "))


def _where(session: Session, width: int) -> str:
    layout, cursor = session.layout, session.cursor
    total = len(layout)
    step = f"{cursor.index + 1:>{len(str(total))}}"
    phase = session.entry.phase
    if width < 60:
        example = f" · ex {session.last_turn + 1}/{layout.batch_size}" if layout.batch_size > 1 else ""
        return f"  it {session.iteration}{example} · {phase} · {step}/{total}"
    example = ""
    if layout.batch_size > 1:
        count = layout.batch_size
        text = f"all {count} examples" if session.turn is None else f"example {session.turn + 1} of {count}"
        example = f" · {text:>{len(f'example {count} of {count}')}}"
    return f"  iteration {session.iteration:,}{example} · {phase:<{_LONGEST_PHASE}} · step {step} of {total}  "


def _bar(session: Session) -> str:
    done = (session.cursor.index + 1) / len(session.layout)
    full = round(done * _BAR_CELLS)
    return f"▕{'█' * full}{'░' * (_BAR_CELLS - full)}▏"
