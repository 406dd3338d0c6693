"""How the learner opens what there is to read about a step, a derivation or a second proof, and goes through it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any

from msgspec.structs import replace

from tui_backprop.explain.first_words import purpose_of_line
from tui_backprop.moves.move import Move, carried_out
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Reading, Session

_MOST_HALF_PAGES = 20
_MOST_PARAMETERS_AT_ONCE = 1_000
"""The whole loss of more than these, over all examples, is computed too slowly, dozens of times for a second proof."""


def derived_pair(session: Session) -> tuple[str, str] | None:
    """(of, wrt) of the derivative that the step under the cursor is about; None for a value."""
    entry, loss = session.entry, session.graph.loss
    if entry.kind in ("value", "seed") or not entry.name or entry.line is not None:
        return None
    return entry.of or loss, entry.name


def derivative_name(session: Session) -> str:
    """How the derivative is written that the step under the cursor is about; "" where there is none."""
    pair = derived_pair(session)
    if pair is None:
        return ""
    how = "mean " if session.history.plan.averages else "sum of "
    return f"{how if session.is_over_examples else ''}{session.notation.partial(*pair)}"


def number_here(session: Session) -> float:
    """The derivative that the step under the cursor is about, as its run has it."""
    wrt, steps = session.entry.name, session.steps
    if session.is_over_examples:
        return steps.reduced_gradient(wrt)
    return session.step.value if session.entry.of else steps.number(Entry("gradient", wrt), session.last_turn)


def right_numbers_of(session: Session) -> tuple[list[float], float]:
    """What the derivative would be without a slip: in each example of the iteration, and as the step has it."""
    from tui_backprop.explain.slipped_run import right_derivatives

    pair = derived_pair(session)
    assert pair is not None
    numbers = right_derivatives(session.history, session.cursor.iteration, pair, bool(session.entry.of))
    if not session.is_over_examples:
        return numbers, numbers[session.last_turn]
    return numbers, sum(numbers) / (len(numbers) if session.history.plan.averages else 1)


def why_of_line(session: Session) -> str:
    """What the line of an update under the cursor is for; "" elsewhere, and where the line is all there is."""
    return purpose_of_line(session.history, session.entry)


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
    from tui_backprop.explain.mean_derivation import derive_over_examples
    from tui_backprop.explain.path_derivations import derive, derive_edge

    title, by_layers = f"Derivation of {derivative_name(session)}", session.layer_equation
    if by_layers is not None and session.entry.is_gradient and not session.current_run.slip:
        from tui_backprop.explain.layer_derivation import derive_by_layers

        title = f"{title} by layers"
        turn, graph = session.last_turn, session.graph
        derived = derive_by_layers(graph, session.steps, turn, session.step, by_layers, session.style)
    elif session.is_over_examples:
        batch, wrt, steps = session.steps.iteration.batch, pair[1], session.steps
        turns, averages = range(len(batch)), session.history.plan.averages
        examples = {batch[turn] + 1: steps.numbers(turn) for turn in turns}
        gradients = [steps.number(Entry("gradient", wrt), turn) for turn in turns]
        value = steps.reduced_gradient(wrt)
        if session.current_run.slip:
            gradients, value = right_numbers_of(session)
        derived = derive_over_examples(session.graph, wrt, examples, gradients, value, averages, session.style)
    else:
        numbers = session.steps.numbers(session.last_turn)
        derived = (derive_edge if session.entry.of else derive)(session.graph, *pair, numbers, session.style)
    return session.with_reading(Reading("derivation", title, derived, len(derived.lines)))


def derivation_is_slow(session: Session) -> bool:
    """Whether opening the derivation takes longer than a key press may: sympy must be imported first."""
    return not session.entry.of and not why_of_line(session) and "sympy" not in sys.modules


def open_nudge(session: Session) -> Session:
    """Read the second proof of the step's derivative, by nudging."""
    pair = derived_pair(session)
    if pair is None:
        return session
    from tui_backprop.explain.nudge import nudge_factor, nudge_gradient, nudge_over_examples

    of, wrt = pair
    graph, steps, turn = session.graph, session.steps, session.last_turn
    numbers = dict(steps.numbers(turn))
    if session.is_over_examples:
        examples = [dict(steps.numbers(turn)) for turn in range(session.layout.batch_size)]
        averages = session.history.plan.averages
        table = nudge_over_examples(graph, wrt, examples, steps.reduced_gradient(wrt), averages)
    elif not session.entry.of:
        table = nudge_gradient(graph, wrt, numbers, steps.number(Entry("gradient", wrt), turn))
    else:
        from tui_backprop.maths.simplify import difference_quotient

        limit = difference_quotient(graph.equations[of], wrt, frozenset({*numbers, of, wrt}))
        table = replace(nudge_factor(graph, of, wrt, numbers, session.step.value), limit=limit)
    if session.current_run.slip and table.proof.verdict != "agrees":
        table = replace(table, right=right_numbers_of(session)[1])
    title = f"Checking {derivative_name(session)} by nudging"
    # The table, and where there is one the algebra of its limit.
    return session.with_reading(Reading("nudge", title, table, length=2 if table.limit else 1))


def nudge_is_slow(session: Session) -> bool:
    """Whether opening the second proof takes longer than a key press may."""
    if session.entry.of:
        return "sympy" not in sys.modules
    examples = session.layout.batch_size if session.is_over_examples else 1
    return examples * len(session.graph.parameters) > _MOST_PARAMETERS_AT_ONCE


def open_words(session: Session) -> Session:
    """Read all that is said of the step: the equation, what answers the last key, sentences, notes, the chain."""
    return session.with_reading(Reading("words", "All of it", session.notice, length=_MOST_HALF_PAGES))


def close(session: Session) -> Session:
    """Back to what was read before, or to the steps."""
    if session.reading is None or session.reading.back is None:
        return replace(session, reading=None, notice="")
    cursor, before = session.reading.back
    return session.at(cursor).with_reading(before)


def opened_or_closed(kind: str, opening: Callable[[Session], Session]) -> Callable[[Session], Session]:
    """What opens a kind of reading, and closes it where it is open."""
    return lambda session: close(session) if session.reading and session.reading.kind == kind else opening(session)


def through_lines(
    move: Move, line: Callable[[Reading[Any]], int], kinds: Collection[str] = ("derivation", "inspect")
) -> Move:
    """The move; while something of these kinds is read, it leads to another line of that instead, if there is one."""

    def reading_of(session: Session) -> Reading[Any] | None:
        return session.reading if session.reading and session.reading.kind in kinds else None

    def led(reading: Reading[Any]) -> Reading[Any]:
        return replace(reading, position=min(max(line(reading), 0), reading.length - 1))

    def apply(session: Session) -> Session:
        reading = reading_of(session)
        return replace(session, reading=led(reading), notice="") if reading else carried_out(move, session)

    def why_not(session: Session) -> str:
        reading = reading_of(session)
        if reading is None:
            return move.why_not(session)
        if led(reading).position != reading.position:
            return ""
        return f"This is the {'last' if line(reading) > 0 else 'first'} line; press escape to return to the steps."

    def reach(session: Session) -> int:
        return session.cursor.iteration if reading_of(session) else move.reach(session)

    return replace(move, apply=apply, why_not=why_not, reach=reach)
