"""What a key, or what is pasted, does to the answer line while the learner tries; and the keys of it at the foot."""

from __future__ import annotations

from functools import partial

from textual import events

from tui_backprop.moves.trying import Change, change_by_key, choices, typed
from tui_backprop.session import Session


def change_by(session: Session, event: events.Event) -> Change | None:
    """What an event does to the answer line; None where it does not concern it."""
    if not session.is_trying:
        return None
    if isinstance(event, events.Key):
        return change_by_key(session, event.key, event.character if event.is_printable else None)
    if isinstance(event, events.Paste) and not choices(session):
        return partial(typed, text=" ".join(event.text.split()))
    return None
