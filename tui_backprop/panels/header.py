"""Where am I? The title, and at the right the iteration, the phase, the step and how far the iteration has come."""

from __future__ import annotations

from tui_backprop.panels.lines import Line, Span
from tui_backprop.safe_text import MOST_CHARACTERS_A_CELL, beginning, cell_width, safe_text
from tui_backprop.session import Session

_BAR_CELLS = 13
_LEAST_TITLE = 14
_LONGEST_PHASE = len("backward")


def header_line(session: Session, width: int) -> Line:
    """One line of at most `width` cells; what has no room goes from the left: first the bar, then the title."""
    where = _where(session, width)
    bar = _bar(session) if width - len(where) >= _BAR_CELLS + 2 + _LEAST_TITLE else ""
    room = width - len(where) - len(bar) - 2
    title = safe_text(session.scenario.title[: width * MOST_CHARACTERS_A_CELL])
    if room < 8:
        step = f"{session.cursor.index + 1}/{len(session.layout)}"
        # A number is never cut: half of one would be read as another.
        shorter = (where, f" {session.iteration} · {session.entry.phase} · {step}", f" {session.iteration} · {step}")
        return (Span(next((text for text in shorter if len(text) <= width), "…"[:width])),)
    if cell_width(title) > room:
        title = beginning(title, room - 1) + "…"
    title += " " * (room - cell_width(title))
    return (Span(" "), Span(title, "heading"), Span(where), Span(bar, "marker"), Span(" "))


def _where(session: Session, width: int) -> str:
    layout, cursor = session.layout, session.cursor
    total = len(layout)
    step = f"{cursor.index + 1:>{len(str(total))}}"
    phase = session.entry.phase
    several = len(session.history.plan.examples) > 1
    if width < 60:
        example = f" · ex {session.example + 1}/{len(session.history.plan.examples)}" if several else ""
        return f"  it {session.iteration}{example} · {phase} · {step}/{total}"
    example = f" · {_example(session)}" if several else ""
    return f"  iteration {session.iteration:,}{example} · {phase:<{_LONGEST_PHASE}} · step {step} of {total}  "


def _example(session: Session) -> str:
    """Which example the step belongs to, or that it belongs to all of the iteration's."""
    count, seen = len(session.history.plan.examples), session.layout.batch_size
    together = f"all {count} examples" if seen == count else f"{seen} of {count} examples"
    text = together if session.turn is None else f"example {session.example + 1} of {count}"
    return f"{text:>{len(f'example {count} of {count}')}}"


def _bar(session: Session) -> str:
    done = (session.cursor.index + 1) / len(session.layout)
    full = round(done * _BAR_CELLS)
    return f"▕{'█' * full}{'░' * (_BAR_CELLS - full)}▏"
