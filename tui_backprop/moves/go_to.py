"""Where a place in words is: `12`, `12.5`, `end`, `example 3`, `loss < 0.01`, a node's name."""

from __future__ import annotations

import re
import unicodedata

from tui_backprop.moves.along import end, last_iteration, why_no_iteration
from tui_backprop.numbers import NumberError, read_number
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.nearest import nearest
from tui_backprop.scenario.start_reading import PLACE
from tui_backprop.session import Cursor, Session

EXAMPLES = "12 (an iteration), 12.5 (its step 5), end, example 3, loss < 0.01, or a node's name"
"""What may be written, for prompts and help."""

_LOSS = r"loss\s*(<=|>=|<|>|≤|≥)\s*(\S+)"
_EXAMPLE = r"example\s*(\d{1,9})"


def go_to(session: Session, text: str) -> Session:
    """The session at the place that the text names; where there is none, the same one with the reason as its notice."""
    text = text.strip()
    place = PLACE.fullmatch(text)
    loss, example = re.fullmatch(_LOSS, text), re.fullmatch(_EXAMPLE, text, re.ASCII)
    if not text:
        return session.at(session.cursor)
    if place:
        return _go_to_iteration(session, int(place[1]), int(place[2]) if place[2] else None)
    if text in ("end", "home", "start"):
        return end(session) if text == "end" else session.at(Cursor(0, 0))
    if loss:
        return _go_to_loss(session, loss[1], loss[2])
    if example:
        return _go_to_example(session, int(example[1]))
    return go_to_name(session, text)


def reach_of(session: Session, text: str) -> int:
    """The iteration that must be recorded before `go_to` can answer."""
    text = text.strip()
    place = PLACE.fullmatch(text)
    if place:
        return min(int(place[1]), session.timeline.last_possible)
    return last_iteration(session) if text == "end" or re.fullmatch(_LOSS, text) else session.cursor.iteration


def _go_to_iteration(session: Session, iteration: int, step: int | None) -> Session:
    if session.has_iteration(iteration):
        session.timeline.extend(iteration)
    reason, ended_at = why_no_iteration(session, iteration), session.timeline.ended_at
    if reason and ended_at is not None and session.lesson.view_of is None:
        return session.at(Cursor(ended_at, 0)).with_notice(reason)
    if reason:
        return session.with_notice(reason)
    count = len(session.timeline.layout(iteration))
    if step is not None and not 1 <= step <= count:
        which = "An iteration of this lesson" if session.history.plan.is_even else f"Iteration {iteration}"
        return session.with_notice(f"{which} has the steps 1 to {count}, not {step}.")
    return session.at(Cursor(iteration, step - 1 if step else 0))


def _go_to_example(session: Session, number: int) -> Session:
    """The same step of an example of this iteration; after its examples, the first step of that one."""
    batch, count = session.steps.iteration.batch, len(session.history.plan.examples)
    if not 1 <= number <= count:
        have = f"the examples 1 to {count}" if count > 1 else "one example"
        return session.with_notice(f"This lesson has {have}, not {number}.")
    if number - 1 not in batch:
        return session.with_notice(f"Iteration {session.iteration} sees {session.batch_text}, not {number}.")
    steps = len(session.layout.per_example)
    step = session.cursor.index % steps if session.turn is not None else 0
    return session.at(Cursor(session.cursor.iteration, batch.index(number - 1) * steps + step))


def _go_to_loss(session: Session, sign: str, text: str) -> Session:
    try:
        bound = read_number(text)
    except NumberError as error:
        return session.with_notice(f"{session.outside(error.message)}: {error.help}.")
    below = sign in ("<", "<=", "≤")
    last = session.timeline.extend(max(last_iteration(session), session.cursor.iteration))
    losses = session.timeline.losses
    for iteration in range(last + 1):
        loss = losses[iteration]
        if (loss < bound if below else loss > bound) or (sign not in "<>" and loss == bound):
            return session.at(Cursor(iteration, session.timeline.layout(iteration).index_of_loss))
    return session.with_notice(f"The loss is never {session.outside(f'{sign} {text}')} up to iteration {last}.")


def go_to_name(session: Session, name: str) -> Session:
    """The session at a node's or parameter's own step: in the forward pass its value, else its gradient, or its update.

    Asked again from there, it goes to the other ones in turn.
    """
    named = name_meant(session, name)
    if named is None:
        near = nearest(name, (*session.graph.nodes, *session.graph.parameters))
        hint = f"Did you mean {session.shown(near)}?" if near else f"Write {EXAMPLES}."
        return session.with_notice(f"Nothing here is called '{session.outside(name)}'. {hint}")
    layout, turn = session.layout, session.last_turn
    entries = [Entry("value", named), Entry("seed", named), Entry("gradient", named), Entry("update", named)]
    places = [layout.index(entry, turn) for entry in entries if entry in layout.places]
    if not places:
        return session.with_notice(f"{session.shown(named)} is given, not computed: it has no step of its own.")
    if session.cursor.index in places:
        index = places[(places.index(session.cursor.index) + 1) % len(places)]
    elif session.entry.phase == "forward":
        index = places[0]
    else:
        index = next((place for place in places if layout.entry(place).phase == session.entry.phase), places[-1])
    return session.at(Cursor(session.cursor.iteration, index))


def name_meant(session: Session, text: str) -> str | None:
    """The name meant: as written in the scenario, as shown on the screen, or either of them as a keyboard has it, which
    knows no raised and lowered digits: w⁽¹⁾₁₁ is w1_1_1 and w111, where nothing else is."""
    shown = session.lesson.shown_names
    if text in shown:
        return text
    written = next((name for name, written in shown.items() if written == text), None)
    alike = [] if written else [name for name in shown if _on_one_line(name) == _on_one_line(text)]
    return alike[0] if len(alike) == 1 else written


def _on_one_line(name: str) -> str:
    return re.sub(r"[_(), ]", "", unicodedata.normalize("NFKC", name))
