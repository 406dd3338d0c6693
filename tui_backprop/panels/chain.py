"""Which factors multiply to the gradient in focus? Every path, in symbols and numbers, with ? where not reached."""

from __future__ import annotations

from itertools import pairwise

from tui_backprop.panels.lines import Line, Role, Span
from tui_backprop.panels.symbols import gradient, in_parentheses, partial
from tui_backprop.session import Known, Session

_MOST_PATHS = 3


def chain_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the chain of factors of each path from the focus to the loss, numbers under symbols."""
    if not session.focus:
        return ()
    graph, focus = session.graph, session.focus
    count = graph.path_count(focus)
    left = gradient(session, focus)
    if count == 0:
        return ((Span(f"{left} = 0: no path leads from {session.shown(focus)} to the loss."[:width], "dim"),),)
    if count == 1 and graph.consumers[focus] == (graph.loss,):
        loss = session.shown(graph.loss)
        known = _number(session, session.known_factor(graph.loss, focus), "factor", False)
        why = f"({loss} contains {session.shown(focus)} itself: the chain is one factor)"
        return ((Span(f"{left} = "), known), (Span(why, "dim"),))
    lines: list[Line] = []
    first = max(0, session.focus_path - _MOST_PATHS + 1)
    paths = graph.paths(focus, first + _MOST_PATHS)[first:]
    if count > 1:
        lines.append((Span(f"path {session.focus_path + 1} of {count:,} (f: the next one)"[:width], "dim"),))
    for place, path in enumerate(paths):
        shown = left if place == 0 else ""
        is_marked = count > 1 and first + place == session.focus_path
        lines.extend(_path_lines(session, path, shown, len(left), width, place == 0, is_marked))
    if count > len(paths):
        lines.append((Span(f"{' ' * len(left)} + … {count - len(paths):,} more paths"[:width], "dim"),))
    if session.layout.batch_size > 1 and session.turn is None:
        # The averages and updates stand above with other numbers of the same name.
        lines.insert(0, (Span(f"in example {session.example + 1} alone:"[:width], "dim"),))
    total = session.known_gradient(focus)
    if count > 1 and total.number is not None:
        lines.append((Span(f"{' ' * len(left)} = ", "dim"), _number(session, total, "gradient", False)))
    return tuple(lines[:height])


def _path_lines(
    session: Session, path: tuple[str, ...], left: str, indent: int, width: int, is_first: bool, is_marked: bool
) -> list[Line]:
    pairs = list(pairwise(path))
    sign = (" = " if is_first else " + ") if not is_marked else ("▸= " if is_first else "▸+ ")
    symbols: list[Span] = []
    numbers: list[Span] = []
    cells: list[tuple[Span, Span]] = []
    for place, (of, wrt) in enumerate(pairs):
        symbol = partial(session, of, wrt)
        number = _number(session, session.known_factor(of, wrt), "factor", place > 0)
        room = max(len(symbol), len(number.text))
        role: Role = "active" if _is_active(session, of, wrt) else "factor"
        cells.append((Span(symbol.ljust(room), role, wrt), Span(number.text.ljust(room), number.role)))
    rows: list[Line] = []
    start = indent + len(sign)
    used = start
    symbols, numbers = [Span(left.ljust(indent) + sign)], [Span(" " * indent + (" = " if is_first else "   "))]
    for place, (symbol_span, number_span) in enumerate(cells):
        joint = " · " if place else ""
        if place and used + len(joint) + len(symbol_span.text) > width:
            rows.extend((tuple(symbols), tuple(numbers)))
            symbols, numbers, used = [Span(" " * start)], [Span(" " * start)], start
        symbols.extend((Span(joint), symbol_span))
        numbers.extend((Span(joint), number_span))
        used += len(joint) + len(symbol_span.text)
    product = _product(session, pairs)
    if product and len(pairs) > 1 and used + len(product) <= width:
        numbers.append(Span(product, "gradient"))
    rows.extend((tuple(symbols), tuple(numbers)))
    return rows


def _number(session: Session, known: Known, role: Role, after_operator: bool) -> Span:
    if known.number is None:
        return Span("?", "unknown")
    text = session.number(known.number)
    text = in_parentheses(text) if after_operator else text
    return Span(f"{text} (old)", "stale") if known.is_stale else Span(text, role)


def _product(session: Session, pairs: list[tuple[str, str]]) -> str:
    product = 1.0
    for of, wrt in pairs:
        known = session.known_factor(of, wrt)
        if known.number is None or known.is_stale:
            return ""
        product *= known.number
    return f" = {session.number(product)}"


def _is_active(session: Session, of: str, wrt: str) -> bool:
    entry = session.entry
    return entry.kind == "factor" and (entry.of, entry.name) == (of, wrt)
