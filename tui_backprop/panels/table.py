"""Which panels are there? A panel is a name, a title and a function from a session to lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tui_backprop.panels import header, narration
from tui_backprop.panels.equations import equation_lines
from tui_backprop.panels.graph import graph_lines
from tui_backprop.panels.lines import Line, cut, in_ascii
from tui_backprop.panels.loss_history import loss_lines
from tui_backprop.session import PanelName, Session

LinesOf = Callable[[Session, int, int], tuple[Line, ...]]


def _in_charset(lines_of: LinesOf) -> LinesOf:
    def lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
        if width <= 0 or height <= 0:
            return ()
        drawn = tuple(cut(line, width) for line in lines_of(session, width, height)[:height])
        return in_ascii(drawn) if session.charset == "ascii" else drawn

    return lines


PANEL_TITLES: Mapping[PanelName, str] = MappingProxyType(
    {"graph": "Graph", "equations": "Equations", "loss": "Loss history"}
)
PANEL_LINES: Mapping[PanelName, LinesOf] = MappingProxyType(
    {
        "graph": _in_charset(graph_lines),
        "equations": _in_charset(equation_lines),
        "loss": _in_charset(loss_lines),
    }
)

narration_lines = _in_charset(narration.narration_lines)
current_line = narration.current_line


def header_line(session: Session, width: int) -> Line:
    """The one line at the top of the screen."""
    lines = _in_charset(lambda session, width, height: (header.header_line(session, width),))(session, width, 1)
    return lines[0] if lines else ()
