"""What is asked while the learner tries: the question, the answer line, the hints, and what came of the answer."""

from __future__ import annotations

from tui_backprop.moves.trying import choices
from tui_backprop.panels.lines import Line, Role, Span, cut, wrapped
from tui_backprop.panels.narration import comes_next, just_computed, question_text
from tui_backprop.panels.statements import arrow, numbers_put_in, symbols
from tui_backprop.panels.symbols import left_side
from tui_backprop.session import Session

_LABEL_WIDTH = len("just computed: ")
_CARET = "_"


def asking_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines, the answer line last. Where there is no room for all, what came of the last answer goes
    before the hints, these before the question, and that before what was just computed."""
    room = max(8, width - _LABEL_WIDTH - 1)
    what = "asked:" if session.asked or choices(session) else "next:"
    parts: list[tuple[str, str, Role]] = [("just computed:", just_computed(session), "dim")]
    parts.append((what, _question(session), "plain"))
    hint = _hint(session)
    parts += [("hint:", hint, "note")] if hint else []
    parts += [("!", session.notice, "warning")] if session.notice else []
    if session.reading is not None:
        del parts[0]
    if height < 2:
        # Of the one line a half is for what is asked or was said.
        told = cut((Span(f" {parts[-1][1]}", parts[-1][2]),), max(width - 20, width // 2), session.charset)
        return ((*told, *(_answer_line(session, 16) if choices(session) else (Span(" "), *_answer(session, 16)))),)
    rows = {
        label: [_line(label, row, role, at == 0) for at, row in enumerate(wrapped(text, room, 0, session.charset))]
        for label, text, role in parts
    }
    shown = [*rows]
    while sum(len(rows[label]) for label in shown) > height - 1 and len(shown) > 1:
        shown.pop(0)
    lines = [line for label in shown for line in rows[label]]
    if len(lines) >= height:
        lines[height - 2] = (
            *cut(lines[height - 2], width - 2, session.charset),
            Span(f" {session.characters.ellipsis}"),
        )
    return (*lines[: height - 1], _answer_line(session, room))


def _line(label: str, text: str, role: Role, is_first: bool) -> Line:
    return Span(" "), Span((label if is_first else "").ljust(_LABEL_WIDTH), "heading"), Span(text, role)


def _answer_line(session: Session, room: int) -> Line:
    three = choices(session)
    if three:
        told = session.characters.between.join(f"{place} {rule}" for place, rule in enumerate(three, 1))
        return _line("your answer:", told, "active", True)
    if session.asked is None:
        return _line("", "enter: go on; escape: stop trying.", "dim", True)
    return Span(" "), Span("your answer:".ljust(_LABEL_WIDTH), "heading"), *_answer(session, room)


def _answer(session: Session, room: int) -> Line:
    """What is typed; of a long answer its end."""
    typed = session.outside(session.tried.answer)
    more = len(typed) > room - 1
    visible = f"{session.characters.ellipsis}{typed[-(room - 4) :]}" if more else typed
    return Span(visible, "active"), Span(_CARET, "active")


def _question(session: Session) -> str:
    if choices(session):
        return "Which rule leads to the next line?"
    return question_text(session) if session.asked is not None else comes_next(session)


def _hint(session: Session) -> str:
    """The hints so far: the scenario's own and the symbols; then the numbers put in."""
    hints, asked, cursor = session.tried.hints, session.asked, session.next_cursor()
    if choices(session):
        assert session.reading is not None
        line = session.reading.matter.lines[session.reading.position + 1]
        return f"the next line is about {session.notation.partial(line.of, line.wrt)}." if hints else ""
    if not hints or asked is None or cursor is None:
        return ""
    notation, question = session.notation, session.question
    left = f"{left_side(notation, asked)}{arrow(notation, asked)}"
    own = f"{session.sentence(question.hint)} " if question is not None and question.hint else ""
    examples = session.history.layout(cursor.iteration).batch_size
    if hints == 1:
        return f"{own}{left}{symbols(notation, asked, examples)}"
    step = session.history.steps(cursor.iteration)[cursor.index]
    put_in = numbers_put_in(notation, step)
    # Where one name is all there is, its number is the answer: it is on the screen.
    if put_in is None or put_in == session.number(step.value):
        return f"{left}{symbols(notation, asked, examples)}: you can see its number on the screen."
    return f"{left}{put_in}"
