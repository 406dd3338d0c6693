"""A learner's own gradients beside those of the run, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from tui_backprop.charset import drawn, spelled
from tui_backprop.moves.comparing import why_wrong
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session


def own_number(session: Session, entry: Entry) -> str:
    """What the learner has in place of a step's number: "yours: 0.0021 (≠)"; "" where they have none, or where the
    step's own number is not on the screen."""
    own, name, right = session.own, _name_at(session, entry), session.known(entry).number
    if own is None or not name or right is None:
        return ""
    difference = own.differ.get(name)
    over = " over all examples" if own.is_over_examples(entry) else ""
    number = session.number(own.numbers[name])
    if difference is not None and number == session.number(difference.right):
        number = session.lesson.styles[session.charset, True].number(own.numbers[name])
    return spelled(f"yours{over}: {number} ({'≠' if difference else '='})", session.charset)


def first_mark(session: Session, entry: Entry) -> str:
    """What marks the first step at which the learner's gradients differ."""
    own = session.own
    is_first = own is not None and own.first is not None and own.first[0] == entry and _name_at(session, entry)
    return f"   {drawn('◀', session.charset)} first to differ" if is_first else ""


def told_of_own(session: Session) -> Iterator[str]:
    """What the learner has in place of the number under the cursor; at the first that differs, by which slip."""
    told, own = own_number(session, session.entry), session.own
    if not told or own is None:
        return
    difference = own.differ.get(session.entry.name)
    ratio = difference.ratio if difference else None
    yield f"{told[0].upper()}{told[1:]}{'' if ratio is None else f', {_times(session, ratio)} times ours'}."
    if first_mark(session, session.entry):
        yield why_wrong(session, own.diagnosis)


def _times(session: Session, ratio: float) -> str:
    """A ratio that is not 1, with as many digits as show that."""
    notation = session.lesson.styles[session.charset, True] if round(ratio, 3) == 1 else session.style
    return notation.number(ratio)


def _name_at(session: Session, entry: Entry) -> str:
    own, seen = session.own, session.seen(entry)
    if own is None or seen is None or own.history is not session.history:
        return ""
    turn = session.layout.batch_size - 1 if entry.kind == "mean" else seen.turn
    return own.name_at(entry, seen.steps.iteration.number, turn)
