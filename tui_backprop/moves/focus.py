"""Which parameter's chain of factors is written out next, and which of its paths."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.session import Session

_MOST_PATHS_WALKED = 32


def next_focus(session: Session) -> Session:
    """The parameter that the step is about; if it is in focus, its next path, and after the last the next parameter."""
    graph, focus, about = session.graph, session.focus, session.entry.name
    if about != focus and about in graph.parameter_places and not session.shows_path:
        return replace(session, focus=about, focus_path=0, shows_path=True, notice="")
    paths = min(graph.path_count(focus), _MOST_PATHS_WALKED)
    if paths > 1 and not session.shows_path:
        return replace(session, shows_path=True, notice="")
    if session.focus_path + 1 < paths:
        return replace(session, focus_path=session.focus_path + 1, shows_path=True, notice="")
    parameters = graph.parameters
    following = parameters[(graph.parameter_places[focus] + 1) % len(parameters)]
    return replace(session, focus=following, focus_path=0, shows_path=True, notice="")


def why_no_focus(session: Session) -> str:
    """Why there is nothing else to be written out; empty where there is."""
    graph = session.graph
    if len(graph.parameters) > 1 or (session.focus and graph.path_count(session.focus) > 1):
        return ""
    return "This lesson has only one parameter, and it reaches the loss by one path."
