"""Which panels are there? A panel is a name, a title and a function from a session to lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tui_backprop.panels import header, narration
from tui_backprop.panels.equations_panel import equation_lines
from tui_backprop.panels.graph_panel import graph_lines
from tui_backprop.panels.lines import Line, Span, cut
from tui_backprop.panels.loss_history import loss_lines
from tui_backprop.panels.statements import statement
from tui_backprop.session import DerivationReading, NudgeReading, PanelName, Session

LinesOf = Callable[[Session, int, int], tuple[Line, ...]]


def _within(lines_of: LinesOf) -> LinesOf:
    """The lines, none of them longer or further down than there is room."""

    def lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
        if width <= 0 or height <= 0:
            return ()
        return tuple(cut(line, width, session.charset) for line in lines_of(session, width, height)[:height])

    return lines


def _equations_or_reading(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """What is read about a step stands in place of the equations."""
    reading = session.reading
    # Imported here, so that the first frame need not wait for what a key opens.
    if isinstance(reading, DerivationReading):
        from tui_backprop.panels.derivation_panel import derivation_lines

        return derivation_lines(session, reading, width, height)
    if isinstance(reading, NudgeReading):
        from tui_backprop.panels.nudge_panel import nudge_lines

        return nudge_lines(session, reading, width, height)
    return equation_lines(session, width, height)


PANEL_TITLES: Mapping[PanelName, str] = MappingProxyType(
    {"graph": "Graph", "equations": "Equations", "loss": "Loss history"}
)


def panel_title(session: Session, name: PanelName) -> str:
    """The title of a panel, which says what is read in it."""
    between = session.characters.between
    reading = session.reading if name == "equations" else None
    if isinstance(reading, DerivationReading):
        derivation = reading.derivation
        title = f"Derivation of {session.notation.partial(derivation.of, derivation.wrt)}"
        return f"{title}{between}line {reading.line + 1} of {len(derivation.lines)}"
    if isinstance(reading, NudgeReading):
        return f"Checking {session.notation.partial(reading.table.of, reading.table.wrt)} by nudging"
    if name == "graph" and session.whole is not None:
        return "Graph, split into elementary operations"
    return PANEL_TITLES[name]


PANEL_LINES: Mapping[PanelName, LinesOf] = MappingProxyType(
    {
        "graph": _within(graph_lines),
        "equations": _within(_equations_or_reading),
        "loss": _within(loss_lines),
    }
)

narration_lines = _within(narration.narration_lines)


def current_line(session: Session) -> str:
    """The step under the cursor as one line of text, for copying."""
    return cut((Span(statement(session.notation, session.step)),), 10_000, session.charset)[0].text


def header_line(session: Session, width: int) -> Line:
    """The one line at the top of the screen."""
    return cut(header.header_line(session, width), width, session.charset)
