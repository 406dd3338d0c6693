"""The wrong numbers of a step: what each slip that can happen there, or on the way to it, would give as its number."""

from __future__ import annotations

from msgspec import Struct

from tui_backprop.explain.slips import Slip
from tui_backprop.record.history import History


class Wrong(Struct, frozen=True):
    """What a slip gives in place of a step's number.

    at: the name of the factor, sum or update where it happens: ∂a/∂z, ∂L/∂w, mean w, update w; of a value the node.
    """

    slip: Slip
    number: float
    at: str


def wrong_numbers(history: History, iteration: int, index: int) -> tuple[Wrong, ...]:
    """What slips would give for the step at an index of an iteration: first those in the fewest places, then the more
    specific. None of them is the right number, and no number comes twice by the same slip."""
    raise NotImplementedError
