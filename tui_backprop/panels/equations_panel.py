"""The steps of the iteration, in symbols and, line under line, in numbers; and the chain in focus."""

from __future__ import annotations

from functools import lru_cache

from tui_backprop.charset import drawn
from tui_backprop.lesson import Notation
from tui_backprop.numbers import equals
from tui_backprop.panels.chain import chain_lines
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.own_numbers import first_mark, own_number
from tui_backprop.panels.statements import arrow, factor_word, in_words, numbers_put_in, symbols
from tui_backprop.panels.step_words import role_of
from tui_backprop.panels.symbols import left_side
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session

_MARK, _NO_MARK = "▶ ", "  "
_STALE = "  (old)"
_IS = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"  # a name and its number stay in one row
_LEAST_CHAIN = 3
CHAIN_HEADING = "a gradient, factor by factor"


def equation_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the steps around the cursor's, then the chain of factors of the parameter in focus."""
    # The chain gets half of the panel, but nothing that the step under the cursor has need of.
    for_chain = min(height // 2, height - 1 - len(step_lines(session, width)))
    chain = chain_lines(session, width, for_chain) if height >= 9 and for_chain >= _LEAST_CHAIN else ()
    room = height - (len(chain) + 1 if chain else 0)
    body = _around_cursor(session, width, room)
    if not chain:
        return tuple(body)
    padding: list[Line] = [()] * (room - len(body))
    rule = f"── {CHAIN_HEADING} ".ljust(width, "─")[:width]
    return (*body, *padding, (Span(drawn(rule, session.charset), "dim"),), *chain)


def step_lines(session: Session, width: int) -> tuple[Line, ...]:
    """The step under the cursor, all of it."""
    return _block(session, session.entry, width, is_active=True)


def _around_cursor(session: Session, width: int, height: int) -> list[Line]:
    """The step under the cursor with what stands before and after it, filling the height."""
    if height <= 0:
        return []
    places = _Listed(session)
    here = places.here
    active = _shortened(session, step_lines(session, width), height)
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


def _shortened(session: Session, block: tuple[Line, ...], height: int) -> tuple[Line, ...]:
    """A step's lines; where they have no room, the first ones, and the number that it comes to."""
    if len(block) <= height:
        return block
    role, name = block[-1][-1].role, session.entry.name
    end = f"{session.characters.ellipsis} {equals(session.number(session.step.value))}"
    if height == 1:
        return ((block[0][0], Span(f"{left_side(session.notation, session.entry)} {end}", role, name)),)
    return (*block[: height - 1], (Span(_NO_MARK), Span(end, role, name)))


class _Listed:
    """The steps that the panel lists: all equations, and of the rest those that some pass has come by.

    here: the place of the step under the cursor.
    """

    def __init__(self, session: Session) -> None:
        layout, passed = session.layout, session.cursor.index + 1
        self._layout = layout
        self._of_example, self._of_tail = len(layout.per_example), len(layout.tail)
        if session.cursor.iteration == 0 and session.last_turn == 0:
            # The formula of the step that is asked for is shown.
            passed = min(passed + (session.asked is not None), len(layout))
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
    notation, seen = session.notation, session.seen(entry)
    at = (seen.steps.iteration.number, seen.steps.layout.index(entry, seen.turn)) if seen else None
    examples = (seen.steps if seen else session).layout.batch_size
    mark = Span(drawn(_MARK, session.charset) if is_active else _NO_MARK, "active")
    role: Role = "active" if is_active else "plain"
    is_stale = bool(seen and seen.is_stale)
    beside = _beside(session, entry)
    numbers = _lines_with_numbers(notation, entry, width, at, is_stale, beside)
    word, stale = factor_word(notation, entry), "" if numbers else f"{beside}{_STALE if is_stale else ''}"
    behind = f"{f'   {word}' if word else ''}{stale}{_slip_mark(session, entry)}{first_mark(session, entry)}"
    formula = (
        (Span(_NO_MARK) if place else mark, *_with_words(row, behind.strip(), role, entry.name))
        for place, row in enumerate(_formula_rows(notation, entry, examples, width, behind))
    )
    return (*formula, *numbers)


def _beside(session: Session, entry: Entry) -> str:
    """What stands behind a step's number: from which other one, that of the run beside this one, it leads to which, and
    what the learner has."""
    other, number, own = session.number_beside(entry), session.known(entry).number, own_number(session, entry)
    change = "" if other is None or number is None else f"   ({session.notation.change(other, number)})"
    return f"{change}   {own}" if own else change


def _slip_mark(session: Session, entry: Entry) -> str:
    """What marks the step at which the last answer had its slip."""
    if not session.tried.slip_at:
        return ""
    from tui_backprop.explain.slipped_run import place_name

    is_there = session.tried.slip_at == place_name(session.graph, entry)
    return f"   {drawn('◀', session.charset)} here" if is_there else ""


def _with_words(row: str, word: str, role: Role, name: str) -> Line:
    """A row of a formula; what stands behind the last one in the colour of factors."""
    if not word or not row.endswith(word):
        return (Span(row, role, name),)
    return (Span(row.removesuffix(word), role, name), Span(word, "factor", name))


# Kept, because most of them stay from key to key. Of a neuron with 784 inputs the rows take 100 KB.
@lru_cache(maxsize=256)
def _formula_rows(notation: Notation, entry: Entry, examples: int, width: int, behind: str) -> tuple[str, ...]:
    left, words = left_side(notation, entry), in_words(notation, entry)
    between = ": " if words else arrow(notation, entry)
    text = f"{left}{between}{words or symbols(notation, entry, examples)}{behind}"
    return wrapped(text, width - 2, len(left) + len(between), notation.charset)


@lru_cache(maxsize=256)
def _lines_with_numbers(
    notation: Notation, entry: Entry, width: int, at: tuple[int, int] | None, is_stale: bool, beside: str
) -> tuple[Line, ...]:
    """The lines with the numbers of the step at an iteration and index; None where there is none yet."""
    step = notation.lesson.history.steps(at[0])[at[1]] if at else None
    numbers = numbers_put_in(notation, step) if step else "?"
    if numbers is None:
        return ()
    value = f" {equals(notation.number(step.value))}" if step and numbers != notation.number(step.value) else ""
    between, pad = arrow(notation, entry), " " * min(len(left_side(notation, entry)), width // 3)
    put_in = f"{pad}{between}{numbers}{value}{beside}{_STALE if is_stale else ''}"
    rows = wrapped(put_in, width - 2, len(pad) + len(between), notation.charset)
    shown: Role = "stale" if is_stale else role_of(entry) if step else "unknown"
    return tuple((Span(_NO_MARK), Span(row, shown, entry.name)) for row in rows)


def _heading(session: Session, entry: Entry, width: int) -> list[Line]:
    """The phase's name, before its first step, and the inputs, as many as two lines hold."""
    layout = session.layout
    place = layout.places[entry]
    part = layout.per_example if entry.is_of_example else layout.tail
    if place > 0 and part[place - 1].phase == entry.phase:
        return []
    words = {"average": "average" if session.history.plan.averages else "sum over the examples"}
    text = words.get(entry.phase, entry.phase)
    if entry.phase == "forward" and session.graph.inputs:
        numbers = session.steps.numbers(session.last_turn)
        # What has no room is not looked at: there may be hundreds of inputs.
        inputs = session.graph.inputs[:width]
        given = ", ".join(f"{session.shown(name)}{_IS}{session.number(numbers[name])}" for name in inputs)
        count = len(session.history.plan.examples)
        several = f"example {session.example + 1} of {count}: " if count > 1 else ""
        text = f"{text}   {several}{given}"
    rows = wrapped(text, width, 2, session.charset)
    if len(rows) > 2:
        rows = (rows[0], f"{rows[1]} {session.characters.ellipsis}")
    return [(Span(row.replace(_IS, " = "), "heading"),) for row in rows]
