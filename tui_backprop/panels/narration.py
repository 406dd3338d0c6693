"""What was just computed, and what comes next: one plain sentence each, and never mixed up."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tui_backprop.explain.first_words import first_words
from tui_backprop.explain.observations import observations
from tui_backprop.explain.remarks import remarks
from tui_backprop.maths.expression import names_in
from tui_backprop.maths.writing import write
from tui_backprop.moves.along import is_at_the_end, why_not_next_lesson, why_not_on
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.own_numbers import told_of_own
from tui_backprop.panels.readings import reader_of
from tui_backprop.panels.step_words import announced, asked, computed
from tui_backprop.record.step_layout import name_in_file
from tui_backprop.scenario.bundled import bundled_name, bundled_names, bundled_questions, lesson_after
from tui_backprop.scenario.nearest import MOST_LISTED, shown
from tui_backprop.session import Session

_LABEL_WIDTH = len("just computed: ")
_ROOM_FOR_A_HINT = 40


class Part(Struct, frozen=True):
    """One thing to say, with its label; the text is broken into as many rows as it gets."""

    label: str
    text: str
    role: Role


def narration_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what was just computed, what comes next, then a notice or the notes on the step.

    Where there is no room for all, a notice takes the place of what comes next, because it answers the last key.
    """
    if session.is_trying:
        from tui_backprop.panels.asking import asking_lines

        return asking_lines(session, width, height)
    parts = [*_parts(session)]
    room = max(8, width - _LABEL_WIDTH - 1)
    if session.notice:
        parts = [*parts[:2], Part("!", session.notice, "warning")]
        if len(parts) - 1 + len(wrapped(session.notice, room, charset=session.charset)) > height:
            parts.pop(1)
    is_short = len(parts) > height
    while len(parts) > height and len(parts) > 1:
        parts.pop(1 if session.notice else -1)
    rows = [wrapped(part.text, room, charset=session.charset) for part in parts]
    given = [1] * len(parts)
    for place, needed in enumerate(map(len, rows)):
        given[place] += min(needed - 1, height - sum(given))
    cut_ones = [place for place, texts in enumerate(rows) if given[place] < len(texts)]
    if is_short and not session.notice:
        cut_ones.append(len(parts) - 1)
    lines: list[Line] = []
    for place, (part, texts) in enumerate(zip(parts, rows, strict=True)):
        shown = list(texts[: given[place]])
        more = _more(session, room, place == cut_ones[-1]) if place in cut_ones else ""
        shown[-1] = wrapped(shown[-1], room - len(more), charset=session.charset)[0]
        lines.extend(_lines(part, shown, more))
    return tuple(lines[:height])


def _more(session: Session, room: int, has_hint: bool) -> str:
    """What ends a text that is cut: of the last one, by which key all is read."""
    hint = (" (.: all of it)" if room > _ROOM_FOR_A_HINT else " (.)") if has_hint and session.reading is None else ""
    return f" {session.characters.ellipsis}{hint}"


def _lines(part: Part, texts: list[str], more: str) -> list[Line]:
    return [
        (
            Span(" "),
            Span((part.label if place == 0 else "").ljust(_LABEL_WIDTH), "heading"),
            Span(text, part.role),
            *([Span(more, "dim")] if more and place == len(texts) - 1 else []),
        )
        for place, text in enumerate(texts)
    ]


def _parts(session: Session) -> Iterator[Part]:
    """On what is read about the step, if anything is; else on the step itself."""
    if session.reading is not None:
        label, told, following = reader_of(session.reading).told(session, session.reading)
        yield from (Part(label, told, "plain"), Part("next:", following, "dim"))
    else:
        yield from parts_of_step(session)


def parts_of_step(session: Session) -> Iterator[Part]:
    """What is said of the step under the cursor."""
    yield Part("just computed:", just_computed(session), "plain")
    if session.question is not None:
        yield Part("question:", f"{question_text(session)} t: answer; {session.characters.right}: see.", "note")
    else:
        yield Part("next:", comes_next(session), "dim")
    notes = notes_on_step(session)
    if notes:
        yield Part("note:", " ".join(notes), "note")


def question_text(session: Session) -> str:
    """What is asked about the next step: in the words of the scenario where it has some; "" where nothing comes."""
    cursor, question = session.next_cursor(), session.question
    if question is not None and question.prompt:
        return session.sentence(question.prompt)
    entry = session.history.layout(cursor.iteration).entry(cursor.index) if cursor else None
    return asked(session.notation, entry) if entry else ""


def just_computed(session: Session) -> str:
    """A sentence on the step under the cursor, and what the run beside this one has there."""
    sentence, number = computed(session, session.step), session.number_beside(session.entry)
    run = session.current_run.beside
    if number is None or run is None:
        return sentence
    return f"{sentence} In {run.called}: {session.number(number)}."


def comes_next(session: Session) -> str:
    """A sentence on the step after it, without its number; at the end of a lesson, which one follows."""
    if is_at_the_end(session) and bundled_name(session.scenario) in bundled_names()[-1:]:
        return "the last lesson ends here. o opens the choice of all lessons."
    if not why_not_next_lesson(session):
        following = lesson_after(bundled_name(session.scenario))
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
    noted = notes.get(name_in_file(session.entry, session.graph)) or (notes.get(name) if is_on_name else None) or ""
    about = session.history, session.cursor.iteration, step, session.style
    words = first_words(*about) if session.whole is None else ()
    lesson, seen = [session.sentence(noted)] if noted else [], observations(*about)
    return (
        *told_of_own(session),
        *remarks(step, session.history, session.cursor.iteration, session.style),
        # What an update shows of the run is new each time; the lesson's own sentence is not.
        *((*seen, *lesson) if step.phase == "update" else (*lesson, *seen)),
        *_words_of_inputs(session),
        *(told for word, told in words if word not in noted),
        *_pieces(session),
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


def _pieces(session: Session) -> tuple[str, ...]:
    """In an iteration split into its operations, what the pieces are that a derivative is about."""
    if session.whole is None or session.entry.phase != "backward":
        return ()
    named = session.whole.graph.equations
    pieces = [name for name in (session.entry.name, session.entry.of) if name and name not in named]
    equations = session.graph.equations
    told = [f"{session.shown(name)} = {write(equations[name], session.style)}" for name in pieces if name in equations]
    return (f"Here {' and '.join(told)}.",) if told else ()
