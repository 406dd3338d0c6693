"""How the learner opens a derivation or a second proof at a step, and goes through it line by line."""

from __future__ import annotations

import sys

from msgspec.structs import replace

from tui_backprop.moves import along
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import RATE_WHY
from tui_backprop.session import DerivationReading, NudgeReading, Session


def derived_pair(session: Session) -> tuple[str, str] | None:
    """(of, wrt) of the derivative that the step under the cursor is about; None for a value."""
    entry, loss = session.entry, session.graph.loss
    if entry.kind in ("value", "seed") or not entry.name or entry.line is not None:
        return None
    return entry.of or loss, entry.name


def why_of_line(session: Session) -> str:
    """What the line of an update under the cursor is for; "" elsewhere, and where the line is all there is."""
    entry, rule = session.entry, session.history.plan.rule
    if entry.kind != "update" or rule is None:
        return ""
    if not entry.name:
        return RATE_WHY
    return rule.lines[-1 if entry.line is None else entry.line].why if len(rule.lines) > 1 else ""


def why_not_derive(session: Session) -> str:
    """Why there is nothing to derive at this step, or ""."""
    return "" if why_of_line(session) else why_not_nudge(session)


def why_not_nudge(session: Session) -> str:
    """Why there is nothing to prove at this step, or ""."""
    if derived_pair(session):
        return ""
    return "This step is not a derivative. Go to a factor or a gradient; n goes to the backward pass."


def open_derivation(session: Session) -> Session:
    """Read the derivation of the step's factor, or of its whole gradient."""
    pair, why = derived_pair(session), why_of_line(session)
    if pair is None or why:
        return session.with_notice(why) if why else session
    # Imported here, as below, because the first screen need not wait for what is read later.
    from tui_backprop.explain.path_derivations import derive, derive_edge

    numbers = session.steps.numbers(session.last_turn)
    derived = derive_edge if session.entry.of else derive
    return replace(session, reading=DerivationReading(derived(session.graph, *pair, numbers, session.style)), notice="")


def derivation_is_slow(session: Session) -> bool:
    """Whether opening the derivation takes longer than a key press may: sympy must be imported first."""
    return not session.entry.of and not why_of_line(session) and "sympy" not in sys.modules


def open_nudge(session: Session) -> Session:
    """Read the second proof of the step's derivative, by nudging."""
    pair = derived_pair(session)
    if pair is None:
        return session
    from tui_backprop.explain.nudge import nudge_factor, nudge_gradient

    of, wrt = pair
    graph, steps, turn = session.graph, session.steps, session.last_turn
    numbers = dict(steps.numbers(turn))
    if not session.entry.of:
        gradient = steps.number(Entry("gradient", wrt), turn)
        return _reading(session, NudgeReading(nudge_gradient(graph, wrt, numbers, gradient)))
    from tui_backprop.maths.simplify import difference_quotient

    table = nudge_factor(graph, of, wrt, numbers, session.step.value)
    taken = frozenset({*numbers, of, wrt})
    return _reading(session, NudgeReading(table, difference_quotient(graph.equations[of], wrt, taken)))


def _reading(session: Session, reading: NudgeReading) -> Session:
    return replace(session, reading=reading, notice="")


def nudge_is_slow(session: Session) -> bool:
    """Whether opening the second proof takes longer than a key press may."""
    return bool(session.entry.of) and "sympy" not in sys.modules


def close(session: Session) -> Session:
    """Back to the steps."""
    return replace(session, reading=None, notice="")


# --- the arrow keys go through what is read, if anything is


def on(session: Session) -> Session:
    """The next line of the derivation that is read; else the next step."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        return replace(session, reading=replace(reading, line=reading.line + 1), notice="")
    return along.step_on(session)


def back(session: Session) -> Session:
    """The line before of the derivation that is read; else the step before."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        return replace(session, reading=replace(reading, line=reading.line - 1), notice="")
    return along.step_back(session)


def first(session: Session) -> Session:
    """The first line of the derivation that is read; else the first step."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        return replace(session, reading=replace(reading, line=0), notice="")
    return along.home(session)


def last(session: Session) -> Session:
    """The last line of the derivation that is read; else the last step."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        return replace(session, reading=replace(reading, line=len(reading.derivation.lines) - 1), notice="")
    return along.end(session)


def last_reach(session: Session) -> int:
    """How far `last` needs the history."""
    return session.cursor.iteration if isinstance(session.reading, DerivationReading) else along.last_iteration(session)


def why_not_first(session: Session) -> str:
    """Why there is nothing before, or ""."""
    return why_not_back(session) if isinstance(session.reading, DerivationReading) else along.why_not_back(session)


def why_not_last(session: Session) -> str:
    """Why there is nothing further on, or ""."""
    return why_not_on(session) if isinstance(session.reading, DerivationReading) else along.why_not_end(session)


def why_not_on(session: Session) -> str:
    """Why there is no next line, or no next step, or ""."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        is_last = reading.line + 1 >= len(reading.derivation.lines)
        return "This is the last line; press escape to return to the steps." if is_last else ""
    return along.why_not_on(session)


def why_not_back(session: Session) -> str:
    """Why there is no line before, or no step before, or ""."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        return "This is the first line; press escape to return to the steps." if reading.line == 0 else ""
    return along.why_not_back(session)
