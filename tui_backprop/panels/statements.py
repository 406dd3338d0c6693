"""What a step states: left side, symbols, the same with numbers, value. Whoever writes a step asks here."""

from __future__ import annotations

from collections.abc import Mapping

from tui_backprop.maths.expression import Expression, abridged
from tui_backprop.maths.writing import Style, write
from tui_backprop.numbers import equals
from tui_backprop.panels.symbols import left_side, update_style
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Notation

_LONGEST_SUM = 4


def symbols(notation: Notation, entry: Entry, examples: int) -> str:
    """The right side of a step in symbols, with a word about it where the symbols alone would not do.

    examples: how many its iteration sees.
    """
    remark = _remark(notation, entry)
    return f"{_formula(notation, entry, examples)}{f'   ({remark})' if remark else ''}"


def _formula(notation: Notation, entry: Entry, examples: int) -> str:
    plan, characters = notation.lesson.history.plan, notation.characters
    if entry.phase == "average":
        share = f"1/{examples}{characters.times}" if plan.averages else ""
        return f"{share}{characters.total} {left_side(notation, entry)} over {examples} examples"
    return _written(entry, notation.lesson.tree(entry), _style(notation, entry))


def _remark(notation: Notation, entry: Entry) -> str:
    graph = notation.lesson.graph
    if not entry.is_gradient or graph.consumers.get(entry.name):
        return ""
    return "the seed" if entry.name == graph.loss else "no path leads to the loss"


def numbers_put_in(notation: Notation, step: Step) -> str | None:
    """The same with numbers; None where there is nothing to put in: the formula is a number already."""
    style = _style(notation, step.entry)
    text = _written(step.entry, step.tree, style, step.numbers)
    return None if step.phase == "backward" and text == write(step.tree, style) else text


def _written(entry: Entry, tree: Expression, style: Style, numbers: Mapping[str, float] | None = None) -> str:
    return write(abridged(tree, _LONGEST_SUM, style.characters.ellipsis) if entry.is_sum else tree, style, numbers)


def _style(notation: Notation, entry: Entry) -> Style:
    """How a step's names are spelled: those of an update's rule as what they stand for."""
    return update_style(notation, entry) if entry.replaces else notation.style


def arrow(notation: Notation, entry: Entry) -> str:
    """What stands between the sides: an update replaces, all else equals."""
    return f" {notation.characters.becomes} " if entry.replaces else " = "


def direct_mark(notation: Notation, entry: Entry) -> str:
    """What tells a factor from the gradient that is written like it, of which it is only a part."""
    return " (direct)" if notation.lesson.graph.is_direct(entry.of, entry.name) else ""


def statement(notation: Notation, step: Step) -> str:
    """A step as one line of text: left side = symbols = numbers = value, nothing said twice."""
    entry = step.entry
    # A mean has a number for each example.
    sides = [_formula(notation, entry, len(step.numbers)), numbers_put_in(notation, step), notation.number(step.value)]
    first, *others = dict.fromkeys(side for side in sides if side)
    remark = _remark(notation, entry)
    left = f"{left_side(notation, entry)}{direct_mark(notation, entry)}{arrow(notation, entry)}"
    return f"{left}{' '.join([first, *map(equals, others)])}{f'   ({remark})' if remark else ''}"
