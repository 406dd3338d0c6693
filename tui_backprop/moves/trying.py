"""Trying: the next number is asked for before it is shown. What is typed becomes an answer, and is judged; while a
derivation is read, the next line's rule is asked for, a choice of three."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_backprop.moves.along import why_no_iteration, why_not_on
from tui_backprop.session import Cursor, Session

if TYPE_CHECKING:
    from tui_backprop.maths.derivation.by_rules import Derivation

LONGEST_ANSWER = 200
MOST_HINTS = 2
KEYS = (("enter", "answer"), ("?", "hint"))
"""The keys of the answer line beside what is typed, for the footer."""

_RULES = (
    "sum rule",
    "chain rule",
    "product rule",
    "power rule",
    "constant multiple rule",
    "quotient rule",
    "substitution",
)
"""What a choice of rules is filled up with."""

Change = Callable[[Session], Session]


# --- in and out


def try_or_leave(session: Session) -> Session:
    """From now on the next number is asked for; or no longer. The score is kept."""
    tried = session.tried.at_another_step()
    return replace(session, is_trying=not session.is_trying, tried=tried, is_playing=False, notice="")


def why_not_try(session: Session) -> str:
    """Why nothing can be asked for, or ""."""
    return "" if session.is_trying else _why_not_in_run(session) or why_not_on(session)


def _why_not_in_run(session: Session) -> str:
    return (
        "This run has a slip in it, so its numbers are no answers; S leads to the right run."
        if session.current_run.slip
        else ""
    )


def _next_place(session: Session) -> tuple[int, int] | None:
    """Where the next question of the scenario stands; after the last one, the first."""
    following = session.next_cursor()
    here = (following.iteration, following.index) if following else (session.cursor.iteration + 1, 0)
    places = [place for place in session.lesson.questions if not why_no_iteration(session, place[0])]
    return next((place for place in places if place > here), places[0] if places else None)


def next_question(session: Session) -> Session:
    """The step before the next question, which is asked; after the last one, the first."""
    place = _next_place(session)
    if place is None:
        return session
    iteration, index = place
    before = Cursor(iteration, index - 1)
    if index == 0:
        before = Cursor(iteration - 1, len(session.history.layout(iteration - 1)) - 1)
    return replace(session.at(before), is_trying=True, is_playing=False)


def reach_of_question(session: Session) -> int:
    """The iteration that must be recorded before the next question."""
    place = _next_place(session)
    return place[0] if place else session.cursor.iteration


def why_no_question(session: Session) -> str:
    """Why there is no next question, or ""."""
    reason = _why_not_in_run(session)
    if reason or _next_place(session) is not None:
        return reason
    return "This lesson asks no questions of its own. Press t to be asked for the next number."


# --- the answer line


def change_by_key(session: Session, key: str, character: str | None) -> Change | None:
    """What a key does to the answer line; None where it does what it always does."""
    if not session.is_trying:
        return None
    if key == "enter":
        return answered
    if choices(session):
        if character == "?":
            return hinted
        return (lambda session: _chosen(session, int(character) - 1)) if character in ("1", "2", "3") else None
    if key in ("backspace", "ctrl+u"):
        return _erased if key == "backspace" else _cleared
    if character is None or not character.isprintable() or _is_a_move(session, character):
        return None
    return hinted if character == "?" else lambda session: typed(session, character)


def _is_a_move(session: Session, letter: str) -> bool:
    """Whether t leaves, and N goes to the next question: on an empty line, where no name begins like that."""
    if session.tried.answer or any(name.startswith(letter) for name in session.lesson.shown_names):
        return False
    return letter == "t" or (letter == "N" and not why_no_question(session))


def typed(session: Session, text: str) -> Session:
    """The answer with more behind it; what would be too long is left out."""
    answer = (session.tried.answer + text)[:LONGEST_ANSWER]
    return replace(session, tried=replace(session.tried, answer=answer))


def _erased(session: Session) -> Session:
    return replace(session, tried=replace(session.tried, answer=session.tried.answer[:-1]))


def _cleared(session: Session) -> Session:
    return replace(session, tried=replace(session.tried, answer=""))


def hinted(session: Session) -> Session:
    """One more hint: first the symbols, then the numbers put in."""
    following = session.next_cursor()
    session.history.extend(following.iteration if following else 0)
    return replace(session, tried=replace(session.tried, hints=min(session.tried.hints + 1, MOST_HINTS)), notice="")


# --- judging


def answered(session: Session) -> Session:
    """The answer judged: a right one goes on to the step, a wrong one is told by its slip; without one, the step is
    shown."""
    if choices(session):
        return _line_shown(session, is_right=False, said="")
    following, text = session.next_cursor(), session.tried.answer.strip()
    if following is None:
        return session.with_notice(why_not_on(session))
    if session.asked is None or not text:
        shown = session.at(following)
        return shown if session.asked is None else _counted(shown, session, is_right=False)
    return _judged(session, following, text)


def _judged(session: Session, following: Cursor, text: str) -> Session:
    # Here, so that the first frame need not wait for what only an answer needs.
    from tui_backprop.explain.answers import Asked, is_sign, judged, slip_behind
    from tui_backprop.maths.tokens import ExpressionError
    from tui_backprop.moves.answer_words import sentence, verdict_on

    session.history.extend(following.iteration)
    asked = Asked(session.history, following.iteration, following.index)
    try:
        judgement = judged(asked, text)
    except ExpressionError as error:
        [problem] = error.problems
        return session.with_notice(session.outside(f"{sentence(problem.message)} {sentence(problem.help)}"))
    if judgement.is_right:
        after = _counted(session.at(following), session, is_right=True)
        number = session.number(asked.number)
        return after.with_notice(f"Right{f': it is {number}' if is_sign(text) else ''}.")
    wrong = slip_behind(asked, judgement, text) if judgement.verdict == "wrong" else None
    if judgement.verdict == "wrong":
        session = _counted(session, session, is_right=False)
    tried = replace(session.tried, answer="", slip_at=wrong.at if wrong else "")
    said = f"{session.outside(text)}: {verdict_on(session, judgement, wrong, asked.number)}"
    return replace(session, tried=tried, notice=said)


def _counted(session: Session, before: Session, is_right: bool) -> Session:
    """The session with the step that was asked for before counted."""
    following = before.next_cursor()
    assert following is not None
    place = (before.lesson.view_of or 0, int(before.whole is not None), following.iteration, following.index)
    return replace(session, tried=session.tried.counted(place, is_right))


# --- the rule of the next line


def choices(session: Session) -> tuple[str, ...]:
    """Three rules, one of which gives the next line of the derivation that is read; () where none is asked for."""
    reading = session.reading
    if (
        not session.is_trying
        or reading is None
        or reading.kind != "derivation"
        or reading.position + 1 >= reading.length
    ):
        return ()
    derivation: Derivation = reading.matter
    rule = _called(derivation.lines[reading.position + 1].rule)
    others = dict.fromkeys(map(_called, (*(line.rule for line in derivation.lines), *_RULES)))
    wrong = [other for other in others if other != rule]
    # Which ones, and where the right one stands, changes from line to line.
    first = reading.position % max(1, len(wrong) - 1)
    three = wrong[first : first + 2]
    three.insert((len(rule) + reading.position) % 3, rule)
    return tuple(three)


def _chosen(session: Session, choice: int) -> Session:
    reading, three = session.reading, choices(session)
    assert reading is not None
    rule = f"the {three[choice]}" if three[choice].endswith("rule") else three[choice]
    if three[choice] == _called(reading.matter.lines[reading.position + 1].rule):
        return _line_shown(session, is_right=True, said="Right.")
    return _line_counted(session, is_right=False).with_notice(f"Not right: {rule} does not lead to the next line.")


def _called(rule: str) -> str:
    """How a choice names a rule."""
    return {"distribute": "multiplying out", "expand": "multiplying out", "cancel": "cancelling"}.get(rule, rule)


def _line_shown(session: Session, is_right: bool, said: str) -> Session:
    reading, counted = session.reading, _line_counted(session, is_right)
    assert reading is not None
    tried = counted.tried.at_another_step()
    return replace(counted, reading=replace(reading, position=reading.position + 1), tried=tried, notice=said)


def _line_counted(session: Session, is_right: bool) -> Session:
    assert session.reading is not None
    place = (session.lesson.view_of or 0, int(session.whole is not None), *_at(session), session.reading.position + 1)
    return replace(session, tried=session.tried.counted(place, is_right))


def _at(session: Session) -> tuple[int, int]:
    return session.cursor.iteration, session.cursor.index
