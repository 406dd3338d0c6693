"""The factors that multiply to the gradient in focus: every path, in symbols and numbers, with ? where not reached."""

from __future__ import annotations

from itertools import pairwise

from tui_backprop.maths.cancellation import product_of
from tui_backprop.moves.focus import next_focus
from tui_backprop.numbers import equals
from tui_backprop.panels.lines import Line, Role, Span
from tui_backprop.panels.symbols import in_parentheses
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Known, Session

_MOST_PATHS = 3
_MOST_FACTORS = 60
"""Of a path with more factors not all are written out."""
_Row = tuple[Line, ...]
"""Factors in symbols, and their numbers below; or only what they multiply to."""


def chain_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the chain of factors of each path from the focus to the loss, numbers under symbols."""
    if not session.focus:
        return ()
    graph, focus = session.graph, session.focus
    count = graph.path_count(focus)
    left, loss = session.notation.gradient(focus), session.shown(graph.loss)
    if count == 0:
        return ((Span(f"{left} = 0: no path leads from {session.shown(focus)} to {loss}.", "dim"),),)
    head = _in_one_example(session)
    if count == 1 and graph.consumers[focus] == (graph.loss,):
        known = _number(session, session.known_factor(graph.loss, focus), "factor", False)
        why = f"(one factor: {session.shown(focus)} stands in {loss} itself)"
        return (*head, (Span(left, "gradient"), Span(" = "), known), (Span(why, "dim"),))[:height]
    first = max(0, session.focus_path - _MOST_PATHS + 1)
    paths = graph.paths(focus, first + _MOST_PATHS)[first:]
    if count > 1 or session.pinned:
        which = f"path {session.focus_path + 1} of {count:,} " if count > 1 else ""
        way_out = "; escape: let go" if session.pinned else ""
        head.append((Span(f"{which}(f: {_after_it(session)}{way_out})", "dim"),))
    rows: list[_Row] = []
    in_focus = range(0)
    for place, path in enumerate(paths):
        is_marked = count > 1 and first + place == session.focus_path
        before = len(rows)
        rows.extend(_path_rows(session, path, left if place == 0 else "", len(left), width, place == 0, is_marked))
        if is_marked or not in_focus:
            in_focus = range(before, len(rows))
    tail: list[Line] = []
    if count > len(paths):
        more = count - len(paths)
        told = f"{session.characters.ellipsis} {more:,} more path{'s' if more > 1 else ''}"
        tail.append((Span(f"{' ' * len(left)} + {told}", "dim"),))
    total = session.known_gradient(focus)
    if total.number is not None and (count > 1 or len(paths[0]) - 1 > _MOST_FACTORS):
        tail.append((Span(f"{' ' * len(left)} = ", "dim"), _number(session, total, "gradient", False)))
    return _fitted(session, left, head, rows, tail, in_focus, width, height)


def _in_one_example(session: Session) -> list[Line]:
    """Whose numbers these are, where the averages and updates stand above with other numbers of the same name."""
    if session.layout.batch_size == 1 or session.turn is not None:
        return []
    return [(Span(f"in example {session.example + 1} alone:", "dim"),)]


def _after_it(session: Session) -> str:
    """What the key of the focus leads to."""
    after = next_focus(session)
    if after.focus != session.focus:
        return f"{session.notation.gradient(after.focus)} instead"
    return "the next one" if after.focus_path != session.focus_path else "highlight it"


def _fitted(
    session: Session,
    left: str,
    head: list[Line],
    rows: list[_Row],
    tail: list[Line],
    in_focus: range,
    width: int,
    height: int,
) -> tuple[Line, ...]:
    """All of it; or where it has no room the rows around what is known last of the path in focus, and how many."""
    whole = (*head, *(line for row in rows for line in row), *tail)
    if len(whole) <= height:
        return whole
    head, tail = head[: max(0, height - 3)], tail[-1:] if height > 4 else []
    shown = _around(rows, in_focus, height - len(head) - len(tail) - 1)
    lines = [line for row in rows[shown.start : shown.stop] for line in row]
    if shown.start > 0:
        lines[0] = (Span(f"{left} {session.characters.ellipsis} ", "gradient"), *lines[0][1:])
    parts = f"parts {shown.start + 1} to {shown.stop}" if len(shown) > 1 else f"part {shown.stop}"
    told = f"{session.characters.ellipsis} {parts} of {len(rows)} (.: all of it)"
    return (*head, *lines, *tail, (Span(told, "dim"),))[:height]


def _around(rows: list[_Row], in_focus: range, height: int) -> range:
    """The rows for which there is room, among them the path's active one, or else the last one that is reached."""
    reached = max((place for place in in_focus if _is_reached(rows[place])), default=in_focus.start)
    active = next((place for place in in_focus if any(span.role == "active" for span in rows[place][0])), reached)
    first, stop = active, active + 1
    while first > in_focus.start and sum(map(len, rows[first - 1 : stop])) <= height:
        first -= 1
    while stop < len(rows) and sum(map(len, rows[first : stop + 1])) <= height:
        stop += 1
    return range(first, stop)


def _is_reached(row: _Row) -> bool:
    return any(span.role in ("factor", "gradient") for span in row[-1])


def _path_rows(
    session: Session, path: tuple[str, ...], left: str, indent: int, width: int, is_first: bool, is_marked: bool
) -> list[_Row]:
    pairs = list(pairwise(path))
    operation = "=" if is_first else "+"
    # In ASCII not with the arrow's twin: with it, the sign would read "greater than or equal to".
    marked = f"▸{operation} " if session.charset == "unicode" else f"[{operation}]"
    sign = marked if is_marked else f" {operation} "
    cells = _cells(session, pairs)
    rows: list[_Row] = []
    start = indent + len(sign)
    used = start
    symbols, numbers = (
        [Span(left.ljust(indent), "gradient"), Span(sign)],
        [Span(" " * indent + (" = " if is_first else "   "))],
    )
    for place, (symbol_span, number_span) in enumerate(cells):
        joint = f" {session.characters.times} " if place else ""
        if place and used + len(joint) + len(symbol_span.text) > width:
            rows.append((tuple(symbols), tuple(numbers)))
            symbols, numbers, used = [Span(" " * start)], [Span(" " * start)], start
        symbols.extend((Span(joint), symbol_span))
        numbers.extend((Span(joint), number_span))
        used += len(joint) + len(symbol_span.text)
    product = _product(session, pairs) if len(pairs) > 1 else ""
    if not product:
        return [*rows, (tuple(symbols), tuple(numbers))]
    span = Span(product, "gradient")
    if used + len(product) <= width:
        return [*rows, (tuple(symbols), (*numbers, span))]
    return [*rows, (tuple(symbols), tuple(numbers)), ((Span(" " * indent), span),)]


def _cells(session: Session, pairs: list[tuple[str, str]]) -> list[tuple[Span, Span]]:
    """The factors in symbols and in numbers, equally wide; of a very long path those at its ends and at the step."""
    cells: list[tuple[Span, Span]] = []
    before = -1
    for place in _told_places(session, pairs):
        if place > before + 1:
            left_out = f"{session.characters.ellipsis} {place - before - 1:,} more"
            cells.append((Span(left_out, "dim"), Span(" " * len(left_out))))
        before, (of, wrt) = place, pairs[place]
        symbol = session.notation.partial(of, wrt) + (" (direct)" if session.graph.is_direct(of, wrt) else "")
        number = _number(session, session.known_factor(of, wrt), "factor", place > 0)
        room = max(len(symbol), len(number.text))
        role: Role = "active" if session.entry == Entry("factor", wrt, of) else "factor"
        cells.append((Span(symbol.ljust(room), role, wrt), Span(number.text.ljust(room), number.role)))
    return cells


def _told_places(session: Session, pairs: list[tuple[str, str]]) -> list[int]:
    count, around = len(pairs), 4
    if count <= _MOST_FACTORS:
        return [*range(count)]
    here = next((place for place, (_, wrt) in enumerate(pairs) if wrt == session.entry.name), 0)
    middle = range(max(0, here - around), min(count, here + around + 1))
    return sorted({*range(around), *middle, *range(count - around, count)})


def _number(session: Session, known: Known, role: Role, after_operator: bool) -> Span:
    if known.number is None:
        return Span("?", "unknown")
    text = session.style.number(known.number)
    text = in_parentheses(text, after_operator)
    return Span(f"{text} (old)", "stale") if known.is_stale else Span(text, role)


def _product(session: Session, pairs: list[tuple[str, str]]) -> str:
    # A product of all factors is the gradient, which is hidden until it is answered.
    if len(pairs) > _MOST_FACTORS or session.is_hidden(Entry("gradient", pairs[-1][1])):
        return ""
    factors: list[float] = []
    for of, wrt in pairs:
        known = session.known_factor(of, wrt)
        if known.number is None or known.is_stale:
            return ""
        factors.append(known.number)
    return f" {equals(session.style.number(product_of(factors)))}"
