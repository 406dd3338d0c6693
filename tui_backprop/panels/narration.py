"""What was just computed, and what comes next: one plain sentence each, and never mixed up."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tui_backprop.explain.observations import observations
from tui_backprop.explain.remarks import remarks
from tui_backprop.maths.expression import names_in
from tui_backprop.moves.along import why_not_next_lesson, why_not_on
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.readings import reader_of
from tui_backprop.panels.step_words import announced, computed
from tui_backprop.record.step_layout import name_in_file
from tui_backprop.scenario.bundled import bundled_questions, lesson_after
from tui_backprop.scenario.nearest import MOST_LISTED, shown
from tui_backprop.session import Session

_LABEL_WIDTH = len("just computed: ")


class _Part(Struct, frozen=True):
    """One thing to say, with its label; the text is broken into as many rows as it gets."""

    label: str
    text: str
    role: Role


def narration_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what was just computed, what comes next, then a notice or the notes on the step.

    Where there is no room for all, a notice takes the place of what comes next, because it answers the last key.
    """
    parts = [*_parts(session)]
    if session.notice:
        parts = [*parts[:2], _Part("!", session.notice, "warning")]
    while len(parts) > height and len(parts) > 1:
        parts.pop(1 if session.notice else -1)
    room = width - _LABEL_WIDTH - 1 - len(session.characters.ellipsis)
    rows = [wrapped(part.text, max(8, room), charset=session.charset) for part in parts]
    given = [1] * len(parts)
    for place, needed in enumerate(map(len, rows)):
        given[place] += min(needed - 1, height - sum(given))
    lines: list[Line] = []
    for part, texts, count in zip(parts, rows, given, strict=True):
        lines.extend(_lines(session, part, texts, count))
    return tuple(lines[:height])


def _lines(session: Session, part: _Part, texts: tuple[str, ...], count: int) -> list[Line]:
    shown = list(texts[:count])
    if count < len(texts):
        shown[-1] = f"{shown[-1]} {session.characters.ellipsis}"
    return [
        (Span(" "), Span((part.label if place == 0 else "").ljust(_LABEL_WIDTH), "heading"), Span(text, part.role))
        for place, text in enumerate(shown)
    ]


def _parts(session: Session) -> Iterator[_Part]:
    """On what is read about the step, if anything is; else on the step itself."""
    if session.reading is not None:
        label, told, following = reader_of(session.reading).told(session, session.reading)
        yield from (_Part(label, told, "plain"), _Part("next:", following, "dim"))
        return
    yield _Part("just computed:", just_computed(session), "plain")
    yield _Part("next:", comes_next(session), "dim")
    notes = notes_on_step(session)
    if notes:
        yield _Part("note:", " ".join(notes), "note")


def just_computed(session: Session) -> str:
    """A sentence on the step under the cursor."""
    return computed(session, session.step)


def comes_next(session: Session) -> str:
    """A sentence on the step after it, without its number; at the end of a lesson, which one follows."""
    if not why_not_next_lesson(session):
        following = lesson_after(session.scenario.name)
        told = bundled_questions().get(following, following)
        return f"this lesson ends here. enter opens the one after it: {session.outside(told)}"
    cursor = session.next_cursor()
    if cursor is None:
        return why_not_on(session)
    entry = session.layout.entry(cursor.index)
    sentence = announced(session.notation, entry)
    if cursor.iteration > session.cursor.iteration:
        return f"iteration {cursor.iteration:,} starts with the updated parameters: {sentence}"
    turn = session.layout.turn(cursor.index)
    if turn is not None and turn != session.turn:
        iteration = session.steps.iteration if cursor.iteration == session.cursor.iteration else None
        number = iteration.batch[turn] + 1 if iteration else turn + 1
        return f"example {number} of {len(session.history.plan.examples)}: {sentence}"
    return sentence


def notes_on_step(session: Session) -> tuple[str, ...]:
    """What the scenario and the mathematics have to say about the step under the cursor."""
    step, notes = session.step, session.scenario.notes
    # A factor ∂a/∂z tells of the node a: how it moves with what it is made of.
    name = session.entry.of or session.entry.name or session.graph.loss
    is_on_name = session.entry.kind != "update" or (session.entry.name and session.entry.line is None)
    noted = notes.get(name_in_file(session.entry, session.graph)) or (notes.get(name) if is_on_name else None)
    return (
        *remarks(step, session.history, session.cursor.iteration, session.style),
        *observations(session.history, session.cursor.iteration, step, session.style),
        *_words_of_inputs(session),
        *([session.sentence(noted)] if noted else []),
    )


def _words_of_inputs(session: Session) -> Iterator[str]:
    """Which words the inputs are 1 for, where a value is computed from them."""
    words = session.scenario.words
    if not words or session.entry.kind != "value":
        return
    names = [name for name in names_in(session.step.tree) if name in words]
    if names:
        told = (f"{session.shown(name)} is 1 for {session.outside(shown(words[name]))}" for name in names[:MOST_LISTED])
        more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        yield f"{', '.join(told)}{more}; otherwise 0."
