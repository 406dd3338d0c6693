"""The one-line bars: the keys at the foot, and the panels' names where only one panel has room."""

from __future__ import annotations

from tui_backprop.charset import Charset, drawn
from tui_backprop.moves.move import Move
from tui_backprop.moves.move_table import TABLE
from tui_backprop.moves.trying import KEYS
from tui_backprop.panels.lines import Line, Span, cut, width_of
from tui_backprop.panels.panel_table import PANELS, Panel
from tui_backprop.session import Session

_ALWAYS_SHOWN = frozenset({"help", "quit", "next_lesson"})
_MOST_KEYS = 8
_GAP = "  "


def footer_line(session: Session, width: int, table: tuple[Move, ...] = TABLE) -> Line:
    """The keys of most use at this step, at most eight; what has no room goes from the right, but never help, quit
    and the way to the next lesson.

    While it plays nothing comes and goes. A target is a move's name.
    """
    table = tuple(move for move in table if move.keys)
    if session.is_trying:
        return cut(_keys_while_trying(session, table), width, session.charset)
    offered = [move for move in table if move.is_offered and not session.is_playing and not move.why_not(session)]
    moves = [move for move in table if move.is_in_footer and not (move.group == "Iterations" and move.why_not(session))]
    if any(move.name == "next_lesson" for move in offered):
        moves = [move for move in moves if move.name != "phase_on"]  # the room goes to the next lesson
    steps = [move for move in moves if move.group == "Steps"]
    moves = [*steps, *offered, *(move for move in moves if move not in steps)]
    while width_of(line := _keys(moves, session)) > width or len(moves) > _MOST_KEYS:
        droppable = [move for move in moves if move.name not in _ALWAYS_SHOWN]
        if not droppable:
            return cut(line, width, session.charset)
        moves.remove(droppable[-1])
    return line


def _keys_while_trying(session: Session, table: tuple[Move, ...]) -> Line:
    spans: list[Span] = []
    for key, brief in KEYS:
        spans += [Span(_GAP if spans else " "), Span(key, "key"), Span(f" {brief}", "dim")]
    moves = [move for name in ("leave", "step_back", "step_on") for move in table if move.name == name]
    return (*spans, Span(_GAP), *_keys(moves, session)[1:])


def _keys(moves: list[Move], session: Session) -> Line:
    spans: list[Span] = []
    for move in moves:
        spans.append(Span(_GAP if spans else " "))
        spans.append(Span(move.printed_keys(session.charset)[0], "key", move.name))
        brief = "pause" if session.is_playing and move.name == "play" else move.brief
        spans.append(Span(f" {brief}", "dim", move.name))
    return tuple(spans)


def tab_line(current: Panel, width: int, charset: Charset) -> Line:
    """The panels' names with the current one marked; where they have no room, that one and how many there are."""
    mark = drawn("▸ ", charset)
    spans: list[Span] = []
    for panel in PANELS.values():
        marked = panel is current
        spans.append(Span(_GAP if spans else " "))
        spans.append(Span((mark if marked else "  ") + panel.heading, "active" if marked else "dim", panel.name))
    line = tuple(spans)
    if width_of(line) <= width:
        return line
    names = [*PANELS]
    place = names.index(current.name)
    following = names[(place + 1) % len(names)]
    return cut(
        (
            Span(f" {mark}{current.heading}", "active", following),
            Span(f"  {place + 1} of {len(names)}", "dim", following),
        ),
        width,
        charset,
    )
