"""Whose chain of factors a step belongs to, and on which of its paths it lies."""

from __future__ import annotations

from collections import deque
from functools import lru_cache

from tui_backprop.engine.graph import Graph
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry

_MOST_NODES_WALKED = 1_000
MOST_PATHS_WALKED = 32
"""Of more paths than these the others are not gone through one by one."""


def parameter_below(graph: Graph, name: str) -> str:
    """The name itself, if it is a parameter, or one that it is made of: of the nearest ones the first. "" where none
    is near."""
    waiting, seen = deque([name]), {name}
    while waiting and len(seen) < _MOST_NODES_WALKED:
        name = waiting.popleft()
        if name in graph.parameter_places:
            return name
        operands = [operand for operand in graph.operands.get(name, ()) if operand not in seen]
        seen.update(operands)
        waiting.extend(operands)
    return ""


@lru_cache(maxsize=256)
def path_through(history: History, parameter: str, entry: Entry) -> int:
    """The first path of a parameter on which a step lies, counted from 0; of very many, one of the first ones."""
    graph = history.graph
    if entry.phase == "forward" or graph.path_count(parameter) < 2:
        return 0
    paths = graph.paths(parameter, MOST_PATHS_WALKED)
    about = (entry.of, entry.name) if entry.of else (entry.name,)
    return next((place for place, path in enumerate(paths) if _runs_through(path, about)), 0)


def _runs_through(path: tuple[str, ...], about: tuple[str, ...]) -> bool:
    return about[0] in path and path[path.index(about[0]) :][: len(about)] == about
