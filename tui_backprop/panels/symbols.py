"""How what a step computes is named on the left of its equation, and how a number stands after an operator."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.lesson import Notation
from tui_backprop.maths.writing import Style, typeset_name
from tui_backprop.numbers import is_nearly
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import GRADIENT, PARAMETER, RATE


def left_side(notation: Notation, entry: Entry) -> str:
    """What a step computes, as it stands on the left of its equation."""
    if entry.phase == "update":
        return _left_of_update(notation, entry)
    name = entry.name or notation.lesson.graph.loss
    if entry.of:
        return notation.partial(entry.of, name)
    left = notation.gradient(name) if entry.is_gradient else notation.shown(name)
    if entry.kind != "mean":
        return left
    return f"{'mean' if notation.lesson.history.plan.averages else 'sum of'} {left}"


def _left_of_update(notation: Notation, entry: Entry) -> str:
    if not entry.name:
        return notation.characters.eta
    shown = notation.shown(entry.name)
    if entry.line is None:
        return shown
    return f"{update_style(notation, entry).name(notation.lesson.rule.lines[entry.line].name)} of {shown}"


def update_style(notation: Notation, entry: Entry) -> Style:
    """How the names of an update's lines are written: w is the parameter; g is spelled out where one line is all."""
    style = notation.style
    stand_for = {PARAMETER: notation.shown(entry.name), RATE: notation.characters.eta}
    if len(notation.lesson.rule.lines) == 1:
        stand_for[GRADIENT] = notation.gradient(entry.name)
    written = typeset_name if style.typeset else str
    return replace(style, name=lambda name: stand_for.get(name) or written(name))


def in_parentheses(number: str, after_operator: bool = True) -> str:
    """A number as it stands in a formula: in parentheses what is nearly 0, and after an operator what is negative."""
    return f"({number})" if is_nearly(number) or (after_operator and number[0] in "-−") else number
