"""The numbers of a line one by one: where each stands, the step that made it, the steps that read it."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.explain.provenance import StepAt
from tui_backprop.lesson import Notation
from tui_backprop.maths.derivation.reasons import partial
from tui_backprop.maths.expression import names_in
from tui_backprop.maths.writing import Style, write
from tui_backprop.moves.inspecting import MOST_READERS, Inspected, Inspection, inspected
from tui_backprop.numbers import equals
from tui_backprop.panels.lines import Line, Span, wrapped
from tui_backprop.panels.statements import arrow, statement, symbols
from tui_backprop.panels.symbols import left_side, update_style
from tui_backprop.record.step import Step
from tui_backprop.session import Reading, Session

_MARK = "^"
_END = "\ue000"
"""Stands behind what is to be marked until the text is broken into rows; no text from outside has it there."""


def inspect_lines(session: Session, reading: Reading[Inspection], width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: the line with its mark, where the number comes from, and which steps read it."""
    found = inspected(session, reading)
    marked = _marked(session, reading, found, width)
    told = [_row("comes from", _origin_told(session, found), width, session)]
    readers = [_where(session, reader) for reader in found.readers]
    if len(readers) == MOST_READERS:
        readers.append(session.characters.ellipsis)
    told += [_row("read by" if place == 0 else "", text, width, session) for place, text in enumerate(readers)]
    lines = [*marked, (), *(line for rows in told for line in rows)]
    if len(lines) > height:
        lines = [*lines[: height - 1], (Span(session.characters.ellipsis, "dim"),)]
    return tuple(lines[:height])


def inspect_told(session: Session, reading: Reading[Inspection]) -> tuple[str, str, str]:
    """What the narration says of the number, under which label, and what comes next."""
    found, keys = inspected(session, reading), session.characters
    number = session.number(found.number)
    is_step = isinstance(found.origin, StepAt)
    is_here = reading.matter.of == "step" and not found.name
    if is_here:
        told = f"{number} is what this step comes to."
    elif reading.matter.of == "losses":
        step = found.origin.index + 1 if isinstance(found.origin, StepAt) else 0
        told = f"{number} is the loss of iteration {reading.position:,}, made by its step {step}."
    elif is_step:
        told = f"{number} is {_name(session, found.name)}, made by {_where(session, found.origin)}."
    else:
        told = f"{number} is {_name(session, found.name)}, {found.origin}."
    go = f"enter: go to that step{keys.between}" if is_step and not is_here else ""
    several = f"{keys.left} {keys.right}: the other numbers{keys.between}" if reading.length > 1 else ""
    back = "escape: back" if reading.back else "escape: back to the steps"
    return "this number:", told, f"{several}{go}{back}"


def _origin_told(session: Session, found: Inspected) -> str:
    if not isinstance(found.origin, StepAt):
        return found.origin
    at = found.origin
    step = session.timeline.steps(at.iteration)[at.index]
    return f"{_place(session, at)}: {statement(_notation(session, at), step)}"


def _where(session: Session, at: StepAt | str) -> str:
    """A step in a few words: step 2: a = σ(z)."""
    if isinstance(at, str):
        return at
    layout, notation = session.timeline.layout(at.iteration), _notation(session, at)
    entry = layout.entry(at.index)
    right = symbols(notation, entry, layout.batch_size)
    between = arrow(notation, entry) if right else ""
    return f"{_place(session, at)}: {left_side(notation, entry)}{between}{right}"


def _place(session: Session, at: StepAt) -> str:
    step = f"step {at.index + 1}"
    if at.iteration == session.cursor.iteration:
        return step
    return f"iteration {at.iteration + (session.lesson.view_of or 0):,}, {step}"


def _notation(session: Session, at: StepAt) -> Notation:
    return replace(session.notation, lesson=session.current_run.lesson_at(at.iteration))


def _name(session: Session, name: str) -> str:
    entry = session.entry
    if entry.kind == "mean":
        what, _, turn = name.rpartition(" ")
        return f"{session.shown(what)} in example {session.steps.iteration.batch[int(turn) - 1] + 1}"
    return update_style(session.notation, entry).name(name) if entry.replaces else session.shown(name)


def _row(label: str, text: str, width: int, session: Session) -> list[Line]:
    indent = len("comes from  ")
    rows = wrapped(text, max(8, width - indent), charset=session.charset)
    return [(Span((label if place == 0 else "").ljust(indent), "heading"), Span(row)) for place, row in enumerate(rows)]


# --- the line, and in it the number that is looked at


class _Marked(float):
    """A number that is to be marked where it is put in."""


def _marked(session: Session, reading: Reading[Inspection], found: Inspected, width: int) -> list[Line]:
    """The line in symbols and in numbers, under each the marks."""
    inspection, number = reading.matter, session.number(found.number)
    if inspection.of == "losses":
        text = f"iteration {reading.position:,}: {session.shown(session.graph.loss)} {equals(number)}{_END}"
        return _with_marks(text, number, width, session)
    if inspection.line is not None:
        line, style = inspection.line, _marking(session.style, found.name)
        rows = [f"{partial(line.subject, line.wrt, session.style)} = {write(line.expression, style)}"]
        rows += [f"  {name} = {write(tree, style)}" for name, tree in line.where.items()]
        return [line for row in rows for line in _with_marks(row, session.shown(found.name), width, session)]
    step, entry = session.step, session.entry
    style = update_style(session.notation, entry) if entry.replaces else session.style
    left, between = left_side(session.notation, entry), arrow(session.notation, entry)
    right = write(step.tree, _marking(style, found.name))
    if entry.kind == "mean":
        right = symbols(session.notation, entry, len(step.numbers))
    put_in, value = _numbers_put_in(step, style, found.name), session.number(step.value)
    result = "" if found.name else _END
    end = result if put_in == value else f" {equals(value)}{result}"
    return [
        *_with_marks(f"{left}{between}{right}", style.name(found.name), width, session),
        *_with_marks(f"{' ' * len(left)}{between}{put_in}{end}", number, width, session),
    ]


def _marking(style: Style, name: str) -> Style:
    """The style with a sign behind every place where a name stands."""
    return replace(style, name=lambda other: f"{style.name(other)}{_END if other == name else ''}")


def _numbers_put_in(step: Step, style: Style, name: str) -> str:
    """A step's tree in numbers, with the sign behind those that stand for a name."""
    marked = step.numbers[name] if name else 0.0

    def number(value: float) -> str:
        return f"{style.number(marked)}{_END}" if isinstance(value, _Marked) else style.number(value)

    names = {other: step.numbers[other] for other in names_in(step.tree) if other in step.numbers}
    return write(step.tree, replace(style, number=number), {**names, **({name: _Marked(marked)} if name else {})})


def _with_marks(text: str, marked: str, width: int, session: Session) -> list[Line]:
    """The rows of a text; under each that has the sign behind what is marked, a row of marks."""
    lines: list[Line] = []
    for row in wrapped(text, width, 4, session.charset):
        pieces = row.split(_END)
        lines.append((Span("".join(pieces)),))
        under = "".join(" " * (len(piece) - len(marked)) + _MARK * len(marked) for piece in pieces[:-1])
        if under:
            lines.append((Span(under, "active"),))
    return lines
