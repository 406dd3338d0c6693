"""The line at the top: the title, and at the right the iteration, the phase, the step and how far it has come."""

from __future__ import annotations

from tui_backprop.charset import drawn
from tui_backprop.panels.lines import Line, Span, cut, width_of
from tui_backprop.safe_text import MOST_CHARACTERS_A_CELL
from tui_backprop.session import Session

_BAR_CELLS = 13
_LEAST_TITLE = 14
_LONGEST_PHASE = len("backward")


def header_line(session: Session, width: int) -> Line:
    """One line of at most `width` cells; what has no room goes from the left: first the bar, then the title."""
    where = _where(session, width)
    bar = _bar(session) if width - len(where) >= _BAR_CELLS + 2 + _LEAST_TITLE else ""
    between = session.characters.between
    title = session.outside(session.scenario.title[: width * MOST_CHARACTERS_A_CELL])
    if session.current_run.title:
        # What the run is about comes before what the lesson is called.
        title, bar = f"{session.current_run.title}{between}{title}", ""
    room = width - len(where) - len(bar) - 2
    if room < 8:
        step = f"{session.cursor.index + 1}/{len(session.layout)}"
        # A number is never cut: half of one would be read as another.
        words = [str(session.iteration), session.entry.phase, step]
        shorter = (where, f" {between.join(words)}", f" {between.join(words[::2])}")
        return (Span(next((text for text in shorter if len(text) <= width), session.characters.ellipsis)),)
    heading = cut((Span(title, "heading"),), room, session.charset)
    blank = Span(" " * (room - width_of(heading)))
    return (Span(" "), *heading, blank, Span(where), Span(bar, "marker"), Span(" "))


def _where(session: Session, width: int) -> str:
    layout, cursor = session.layout, session.cursor
    total = len(layout)
    step = f"{cursor.index + 1:>{len(str(total))}}"
    phase, between = session.entry.phase, session.characters.between
    score = f"{session.tried.score} right{between}" if session.is_trying else ""
    several = len(session.history.plan.examples) > 1
    if width < 60:
        example = f"ex {session.example + 1}/{len(session.history.plan.examples)}" if several else ""
        return between.join(filter(None, (f"  {score}it {session.iteration}", example, phase, f"{step}/{total}")))
    example = _example(session) if several else ""
    words = (
        f"  {score}iteration {session.iteration:,}",
        example,
        f"{phase:<{_LONGEST_PHASE}}",
        f"step {step} of {total}  ",
    )
    return between.join(filter(None, words))


def _example(session: Session) -> str:
    """Which example the step belongs to, or that it belongs to all of the iteration's."""
    count, seen = len(session.history.plan.examples), session.layout.batch_size
    together = f"all {count} examples" if seen == count else f"{seen} of {count} examples"
    text = together if session.turn is None else f"example {session.example + 1} of {count}"
    return f"{text:>{len(f'example {count} of {count}')}}"


def _bar(session: Session) -> str:
    done = (session.cursor.index + 1) / len(session.layout)
    full = round(done * _BAR_CELLS)
    return drawn(f"▕{'█' * full}{'░' * (_BAR_CELLS - full)}▏", session.charset)
