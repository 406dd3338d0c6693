"""What stands in the one-line bars: the keys at the foot, the panels' names where only one panel has room?"""

from __future__ import annotations

from tui_backprop.charset import Charset, drawn
from tui_backprop.moves.move import Move
from tui_backprop.moves.move_table import TABLE
from tui_backprop.panels.lines import Line, Span, cut, width_of
from tui_backprop.panels.panel_table import PANEL_TITLES
from tui_backprop.session import PANELS, PanelName

_ALWAYS_SHOWN = frozenset({"help", "quit"})
_GAP = "  "


def footer_line(width: int, charset: Charset, is_playing: bool = False) -> Line:
    """The most used keys; what has no room goes from the right, but never help and quit. A target is a move's name."""
    moves = [move for move in TABLE if move.is_in_footer]
    while width_of(line := _keys(moves, charset, is_playing)) > width:
        droppable = [move for move in moves if move.name not in _ALWAYS_SHOWN]
        if not droppable:
            return cut(line, width, charset)
        moves.remove(droppable[-1])
    return line


def _keys(moves: list[Move], charset: Charset, is_playing: bool) -> Line:
    spans: list[Span] = []
    for move in moves:
        spans.append(Span(_GAP if spans else " "))
        spans.append(Span(move.printed_keys(charset)[0], "key", move.name))
        brief = "pause" if is_playing and move.name == "play" else move.brief
        spans.append(Span(f" {brief}", "dim", move.name))
    return tuple(spans)


def tab_line(current: PanelName, width: int, charset: Charset) -> Line:
    """The panels' names with the current one marked; where they have no room, that one and how many there are."""
    mark = drawn("▸ ", charset)
    spans: list[Span] = []
    for name in PANELS:
        marked = name == current
        spans.append(Span(_GAP if spans else " "))
        spans.append(Span((mark if marked else "  ") + PANEL_TITLES[name], "active" if marked else "dim", name))
    line = tuple(spans)
    if width_of(line) <= width:
        return line
    place = PANELS.index(current)
    following = PANELS[(place + 1) % len(PANELS)]
    return cut(
        (
            Span(f" {mark}" + PANEL_TITLES[current], "active", following),
            Span(f"  {place + 1} of {len(PANELS)}", "dim", following),
        ),
        width,
        charset,
    )
