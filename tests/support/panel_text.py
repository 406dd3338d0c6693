"""Plays moves on a session and gives what a panel shows, as text to compare with."""

from __future__ import annotations

from tui_backprop.api import load
from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import MOVES
from tui_backprop.panels.lines import Line
from tui_backprop.panels.panel_table import PANELS, header_line, narration_lines
from tui_backprop.scenario.loading import load_text
from tui_backprop.session import Charset, Session


def opened(lesson: str, charset: Charset = "unicode") -> Session:
    """A session on a bundled lesson, or on the text of a scenario."""
    scenario = load_text(lesson, "test.yaml") if "\n" in lesson else load(lesson)
    return Session.start(scenario, charset)


def played(session: Session, *moves: str) -> Session:
    """The session after moves by name; `3*step_on` is three of them."""
    for move in moves:
        count, _, name = move.rpartition("*")
        for _ in range(int(count or 1)):
            session = carried_out(MOVES[name], session)
    return session


def text_of(lines: tuple[Line, ...] | list[Line]) -> str:
    """Lines as text, without the blanks at their ends."""
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)


def panel(session: Session, name: str, width: int = 58, height: int = 22) -> str:
    """What a panel shows."""
    return text_of(PANELS[name].lines(session, width, height)).rstrip("\n")


def narration(session: Session, width: int = 118, height: int = 4) -> str:
    """What the narration says."""
    return text_of(narration_lines(session, width, height))


def whole_screen(session: Session, width: int, height: int) -> str:
    """Everything that the panels show in a screen of that size, for comparing screens."""
    half, rows = width // 2 - 2, height - 14
    parts = [
        text_of([header_line(session, width)]),
        panel(session, "graph", half, rows),
        panel(session, "equations", half, rows),
        panel(session, "loss", width - 2, 7),
        narration(session, width, 3),
    ]
    return "\n---\n".join(parts)
