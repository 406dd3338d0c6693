"""The same lesson with a slip in it: which there can be, and the way there."""

from __future__ import annotations

from tui_backprop.maths.writing import write
from tui_backprop.moves.what_if import to_run, why_no_what_if
from tui_backprop.session import Session

_LONGEST_FORMULAS = 160
"""Two formulas with more characters are not told apart at a glance."""


def slips_offered(session: Session) -> tuple[str, ...]:
    """The names of the slips that can be made from here."""
    if why_no_what_if(session):
        return ()
    return (session.runs[0].lesson if session.runs else session.lesson).slips


def what_is_said_of(slip: str) -> str:
    """A sentence on a slip."""
    # Here, because the first frame need not wait for it.
    from tui_backprop.explain.slips import SLIPS

    says = SLIPS[slip].says
    return f"{says[0].upper()}{says[1:]}."


def to_twin(session: Session, slip: str) -> Session:
    """The session at the same step of the run with a slip in it, which is made where it is not there yet."""
    place = next((place for place, run in enumerate(session.runs) if run.slip == slip), None)
    after = session.in_twin(slip) if place is None else to_run(session, place)
    return after.with_notice(f"{what_is_said_of(slip)} S leads back to the right run.")


def slip_behind(session: Session) -> str:
    """Where the slip is made from which the number of the step under the cursor follows, and what it is; "" where it
    follows from none."""
    from tui_backprop.explain.slipped_run import first_slip_behind
    from tui_backprop.record.slipped_history import SlippedHistory
    from tui_backprop.record.step_kinds import right_tree

    history, entry = session.history, session.entry
    if not isinstance(history, SlippedHistory):
        return ""
    size = session.layout.batch_size
    found = first_slip_behind(history, size, entry)
    if found is None:
        return ""
    says = what_is_said_of(session.current_run.slip.partition("@")[0].strip())
    at = session.notation.partial(found.of or session.graph.loss, found.name)
    if found.kind == "mean":
        at = f"{'mean' if history.plan.averages else 'sum of'} {at}"
    told = f"The slip is made {'here' if found == entry else f'before, at {at}'}"
    trees = history.trees(size)[found], right_tree(session.graph, history.plan, found, size)
    wrong, right = (write(tree, session.style) for tree in trees)
    if found.kind == "mean" or len(wrong) + len(right) > _LONGEST_FORMULAS:
        return f"{told}. {says}"
    return f"{told}: it has {wrong} where {right} belongs. {says}"
