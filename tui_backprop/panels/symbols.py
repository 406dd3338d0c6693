"""How what a step computes is named on the left of its equation, and how a number stands after an operator."""

from __future__ import annotations

from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Notation


def left_side(notation: Notation, entry: Entry) -> str:
    """What a step computes, as it stands on the left of its equation."""
    name = entry.name or notation.lesson.graph.loss
    if entry.of:
        return notation.partial(entry.of, name)
    return notation.gradient(name) if entry.is_gradient else notation.shown(name)


def in_parentheses(number: str) -> str:
    """A number as it stands after an operator: a negative one in parentheses."""
    return f"({number})" if number[0] in "-−" else number
