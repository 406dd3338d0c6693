"""The panels, one record each: the screen, its tabs, styles and keys follow this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from tui_backprop.panels import header, narration
from tui_backprop.panels.equations_panel import equation_lines
from tui_backprop.panels.graph_panel import graph_lines
from tui_backprop.panels.lines import Line, Span, cut
from tui_backprop.panels.loss_panel import loss_lines, loss_title
from tui_backprop.panels.readings import reader_of, reading_title
from tui_backprop.panels.statements import statement
from tui_backprop.session import Session

LinesOf = Callable[[Session, int, int], tuple[Line, ...]]
"""The lines for a session, a width and a height, in cells."""


class Panel(Struct, frozen=True):
    """A panel.

    name: what the screen and its styles call it.
    heading: its name for the learner, on its tab and on its border.
    lines_of: what it shows.
    row: whether it stands in the upper row, beside others, or low across the whole screen.
    title_of: what its border says of a session; "" where that is the heading.
    """

    name: str
    heading: str
    lines_of: LinesOf
    row: Literal["upper", "lower"] = "upper"
    title_of: Callable[[Session], str] = lambda session: ""

    def lines(self, session: Session, width: int, height: int) -> tuple[Line, ...]:
        """What it shows, no line of it longer or further down than there is room."""
        return _within(self.lines_of, session, width, height)

    def title(self, session: Session) -> str:
        """What stands on its border."""
        return self.title_of(session) or self.heading


def _within(lines_of: LinesOf, session: Session, width: int, height: int) -> tuple[Line, ...]:
    if width <= 0 or height <= 0:
        return ()
    return tuple(cut(line, width, session.charset) for line in lines_of(session, width, height)[:height])


def _graph_title(session: Session) -> str:
    return "Graph, split into elementary operations" if session.whole is not None else ""


def _equations_or_reading(session: Session, width: int, height: int) -> tuple[Line, ...]:
    if session.reading is not None:
        return reader_of(session.reading).lines(session, session.reading, width, height)
    if session.layers is not None:
        from tui_backprop.panels.matrices_panel import matrices_lines

        return matrices_lines(session, session.layers, width, height)
    return equation_lines(session, width, height)


def _title_of_equations(session: Session) -> str:
    return reading_title(session) or ("Equations as matrices" if session.layers is not None else "")


_TABLE = (
    Panel("graph", "Graph", graph_lines, title_of=_graph_title),
    Panel("equations", "Equations", _equations_or_reading, title_of=_title_of_equations),
    Panel("loss", "Loss", loss_lines, row="lower", title_of=loss_title),
)

PANELS: Mapping[str, Panel] = MappingProxyType({panel.name: panel for panel in _TABLE})
"""Every panel by its name, in the order in which the keys go round them and the screen shows those of a row."""


def current_panel(session: Session) -> Panel:
    """The panel that the learner looks at."""
    return _TABLE[session.panel % len(_TABLE)]


def narration_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """What was just computed, and what comes next, no line of it longer or further down than there is room."""
    return _within(narration.narration_lines, session, width, height)


def current_line(session: Session) -> str:
    """The step under the cursor as one line of text, for copying."""
    return cut((Span(statement(session.notation, session.step)),), 10_000, session.charset)[0].text


def header_line(session: Session, width: int) -> Line:
    """The one line at the top of the screen."""
    return cut(header.header_line(session, width), width, session.charset)
