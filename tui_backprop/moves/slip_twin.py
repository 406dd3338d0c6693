"""The same lesson with a slip in it: which there can be, and the way there."""

from __future__ import annotations

from tui_backprop.moves.what_if import to_run, why_no_what_if
from tui_backprop.session import Session


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
