"""What is computed, in symbols and, line under line, in numbers? The steps of the iteration, and the chain in focus."""

from __future__ import annotations

from functools import lru_cache

from tui_backprop.panels.chain import chain_lines
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.statements import arrow, numbers_put_in, symbols, value_of
from tui_backprop.panels.symbols import is_direct, left_side
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry
from tui_backprop.safe_text import safe_text
from tui_backprop.session import Charset, Lesson, Session

_MARK, _NO_MARK = "▶ ", "  "
_STALE = "  (old)"


def equation_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the steps around the cursor's, then the chain of factors of the parameter in focus."""
    chain = chain_lines(session, width, height // 2) if height >= 9 else ()
    room = height - (len(chain) + 1 if chain else 0)
    body = _around_cursor(session, width, room)
    if not chain:
        return tuple(body)
    padding: list[Line] = [()] * (room - len(body))
    return (*body, *padding, (Span("─" * width, "dim"),), *chain)


def _around_cursor(session: Session, width: int, height: int) -> list[Line]:
    """The step under the cursor with what stands before and after it, filling the height."""
    if height <= 0:
        return []
    places = _Places(session)
    here = places.here
    active = _block(session, places[here], width, is_active=True)
    above = _heading(session, places[here], width)
    below: list[Line] = []
    before, after = here - 1, here + 1
    total = len(active)
    # What stands above may take three fifths of the panel, and all that nothing below needs.
    while after < len(places) and total + len(below) < height:
        below.extend((*_heading(session, places[after], width), *_block(session, places[after], width)))
        after += 1
    wanted = max(height * 3 // 5, height - total - len(below))
    while before >= 0 and len(above) < wanted:
        above[:0] = (*_heading(session, places[before], width), *_block(session, places[before], width))
        before -= 1
    keep_above = min(len(above), max(0, min(wanted, height - min(total, height))))
    above = above[len(above) - keep_above :] if keep_above else []
    return [*above, *active, *below][:height]


class _Places:
    """The steps that the panel lists: all equations, and of the rest those that some pass has come by.

    here: the place of the step under the cursor.
    """

    def __init__(self, session: Session) -> None:
        layout, passed = session.layout, session.cursor.index + 1
        self._layout = layout
        self._of_example, self._of_tail = len(layout.per_example), len(layout.tail)
        if session.cursor.iteration == 0 and session.last_turn == 0:
            self._of_tail = max(0, passed - self._of_example)
            self._of_example = min(self._of_example, max(len(session.graph.nodes), passed))
        elif session.cursor.iteration == 0 and session.turn is not None:
            self._of_tail = 0
        place = layout.places[session.entry]
        self.here = place if session.turn is not None else self._of_example + place

    def __len__(self) -> int:
        return self._of_example + self._of_tail

    def __getitem__(self, place: int) -> Entry:
        if place < self._of_example:
            return self._layout.per_example[place]
        return self._layout.tail[place - self._of_example]


def _block(session: Session, entry: Entry, width: int, is_active: bool = False) -> tuple[Line, ...]:
    """A step's lines: its formula, and the same with numbers."""
    seen = session.seen(entry)
    numbers_of = (seen.steps.iteration.number, seen.turn) if seen else None
    is_stale = bool(seen and seen.is_stale)
    way = (session.charset, session.shows_all_digits)
    return _written_block(session.lesson, way, entry, width, is_active, numbers_of, is_stale)


# Of a neuron with 784 inputs the lines take 100 KB.
@lru_cache(maxsize=256)
def _written_block(
    lesson: Lesson,
    way: tuple[Charset, bool],
    entry: Entry,
    width: int,
    is_active: bool,
    numbers_of: tuple[int, int] | None,
    is_stale: bool,
) -> tuple[Line, ...]:
    """The lines with the numbers of an iteration and turn. Kept, because most of them stay from key to key.

    way: charset, and whether all digits are shown.
    """
    session = Session(lesson, charset=way[0], shows_all_digits=way[1])
    step = _step_at(lesson, entry, *numbers_of) if numbers_of else None
    lines: list[Line] = []
    mark = Span(_MARK if is_active else _NO_MARK, "active")
    left = left_side(session, entry)
    between = arrow(entry)
    tag = " (direct)" if entry.kind == "factor" and is_direct(session, entry.of, entry.name) else ""
    formula = symbols(session, entry) + tag
    indent = len(left) + len(between)
    role: Role = "active" if is_active else "plain"
    rows = wrapped(f"{left}{between}{formula}", width - 2, indent)
    lines.extend(
        (mark if place == 0 else Span(_NO_MARK), Span(row, role, entry.name)) for place, row in enumerate(rows)
    )
    numbers = numbers_put_in(session, step) if step else "?"
    if numbers is None:
        return tuple(lines)
    value = f" = {session.number(value_of(step))}" if step and numbers != session.number(value_of(step)) else ""
    pad = " " * min(len(left), width // 3)
    text = wrapped(f"{pad}{between}{numbers}{value}{_STALE if is_stale else ''}", width - 2, len(pad) + len(between))
    shown: Role = "stale" if is_stale else _ROLES[entry.kind] if step else "unknown"
    lines.extend((Span(_NO_MARK), Span(row, shown, entry.name)) for row in text)
    return tuple(lines)


_ROLES: dict[str, Role] = {
    "value": "value",
    "seed": "seed",
    "factor": "factor",
    "gradient": "gradient",
    "mean": "gradient",
    "update": "update",
}


def _heading(session: Session, entry: Entry, width: int) -> list[Line]:
    """The phase's name, before its first step."""
    layout = session.layout
    place = layout.places[entry]
    part = layout.tail if entry.kind in ("mean", "update") else layout.per_example
    if place > 0 and part[place - 1].phase == entry.phase:
        return []
    words = {"average": "average" if session.history.plan.averages else "sum over the examples"}
    text = words.get(entry.phase, entry.phase)
    if entry.phase == "forward" and session.graph.inputs:
        numbers = session.steps.numbers(session.last_turn)
        given = ", ".join(f"{session.shown(name)} = {session.number(numbers[name])}" for name in session.graph.inputs)
        count = len(session.history.plan.examples)
        several = f"example {session.example + 1} of {count}: " if count > 1 else ""
        text = f"{text}   {several}{given}"
    return [(Span(safe_text(text)[:width], "heading"),)]


def _step_at(lesson: Lesson, entry: Entry, iteration: int, turn: int) -> Step:
    return lesson.history.steps(iteration)[lesson.layout.index(entry, turn)]
