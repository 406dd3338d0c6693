"""Whose chain of factors is written out while the cursor moves, and which of its paths."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.explain.chain_in_focus import MOST_PATHS_WALKED
from tui_backprop.session import Session


def next_focus(session: Session) -> Session:
    """The chain on the screen pinned, its path lit; if it is lit already, its next path, or the next parameter."""
    graph, focus, path, about = session.graph, session.focus, session.focus_path, session.entry.name
    if not session.shows_path:
        if about != focus and about in graph.parameter_places:
            focus, path = about, 0
        return _pinned(session, focus, path)
    if path + 1 < min(graph.path_count(focus), MOST_PATHS_WALKED):
        return _pinned(session, focus, path + 1)
    parameters = graph.parameters
    return _pinned(session, parameters[(graph.parameter_places[focus] + 1) % len(parameters)], 0)


def _pinned(session: Session, focus: str, path: int) -> Session:
    return replace(session, pinned=focus, pinned_path=path, shows_path=True, notice="")


def follow_again(session: Session) -> Session:
    """The chain follows the step again."""
    return replace(session, pinned="", pinned_path=0, shows_path=False, notice="The chain follows the step again.")


def why_no_focus(session: Session) -> str:
    """Why there is nothing else to be written out; empty where there is."""
    graph = session.graph
    if len(graph.parameters) > 1 or (session.focus and graph.path_count(session.focus) > 1):
        return ""
    only = session.shown(session.focus)
    return f"{only} is the only parameter here, and it reaches {session.shown(graph.loss)} by one path."
