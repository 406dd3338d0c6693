"""The wrong numbers of a step."""

from __future__ import annotations

from msgspec import Struct

from tui_backprop.explain.slips import Slip
from tui_backprop.record.history import History


class Wrong(Struct, frozen=True):
    """What a slip gives in place of a step's number, and where it happens."""

    slip: Slip
    number: float
    at: str


def wrong_numbers(history: History, iteration: int, index: int) -> tuple[Wrong, ...]:
    """What slips would give for a step; none is known yet."""
    return ()
