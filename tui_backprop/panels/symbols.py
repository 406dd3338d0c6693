"""How what a step computes is named on the left of its equation, and how a number stands after an operator."""

from __future__ import annotations

from tui_backprop.numbers import is_nearly
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Notation


def left_side(notation: Notation, entry: Entry) -> str:
    """What a step computes, as it stands on the left of its equation."""
    name = entry.name or notation.lesson.graph.loss
    if entry.of:
        return notation.partial(entry.of, name)
    return notation.gradient(name) if entry.is_gradient else notation.shown(name)


def in_parentheses(number: str, after_operator: bool = True) -> str:
    """A number as it stands in a formula: in parentheses what is nearly 0, and after an operator what is negative."""
    return f"({number})" if is_nearly(number) or (after_operator and number[0] in "-−") else number
