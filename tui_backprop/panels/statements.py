"""What a step states: left side, symbols, the same with numbers, value. Whoever writes a step asks here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from tui_backprop.lesson import Notation
from tui_backprop.maths.expression import Expression, abridged
from tui_backprop.maths.partials import partial_name, without_the_seed
from tui_backprop.maths.writing import Style, write
from tui_backprop.numbers import equals
from tui_backprop.panels.symbols import left_side, update_style
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry

_LONGEST_SUM = 4


def symbols(notation: Notation, entry: Entry, examples: int) -> str:
    """The right side of a step in symbols, with a word about it where the symbols alone would not do; "" where the
    word alone does.

    examples: how many its iteration sees.
    """
    formula, remark = _formula(notation, entry, examples), remark_on(notation, entry)
    return f"{formula}   ({remark})" if formula and remark else formula


def in_words(notation: Notation, entry: Entry) -> str:
    """What is said of a step in place of symbols: of a gradient that is one factor, ∂L/∂a = ∂L/∂a would say nothing."""
    return remark_on(notation, entry) if is_one_factor(notation, entry) else ""


def _formula(notation: Notation, entry: Entry, examples: int) -> str:
    plan, characters = notation.lesson.history.plan, notation.characters
    if entry.phase == "average":
        share = f"1/{examples}{characters.times}" if plan.averages else ""
        of_one = notation.gradient(entry.name) if entry.name else notation.shown(notation.lesson.graph.loss)
        return f"{share}{characters.total} {of_one} over {examples} examples"
    if is_one_factor(notation, entry):
        return ""
    return _written(notation, entry, notation.lesson.tree(entry))


def is_one_factor(notation: Notation, entry: Entry) -> bool:
    """Whether a gradient is a factor of the loss, and no more: the seed times it, and no other path."""
    return entry.kind == "gradient" and notation.lesson.graph.is_one_factor(entry.name)


def remark_on(notation: Notation, entry: Entry) -> str:
    """A word about a step where the symbols alone would not do; "" where they do."""
    graph = notation.lesson.graph
    if is_one_factor(notation, entry):
        return "the seed is 1, so this factor is the gradient"
    if not entry.is_gradient or graph.consumers.get(entry.name):
        return ""
    return "the seed" if entry.name == graph.loss else f"no path leads to {notation.shown(graph.loss)}"


def numbers_put_in(notation: Notation, step: Step) -> str | None:
    """The same with numbers, or where there is nothing to put in, as in 1/3, what it comes to; None where the formula
    is that number already."""
    text = _written(notation, step.entry, step.tree, step.numbers)
    if step.phase != "backward" or text != _written(notation, step.entry, step.tree):
        return text
    value = notation.number(step.value)
    return None if text == value else value


def _written(notation: Notation, entry: Entry, tree: Expression, numbers: Mapping[str, float] | None = None) -> str:
    return write(*as_shown(notation, entry, tree), numbers)


def as_shown(notation: Notation, entry: Entry, tree: Expression) -> tuple[Expression, Style]:
    """The tree of a step as it is shown, without the seed and long sums cut short, and how its names are spelled."""
    style = _style(notation, entry)
    if entry.kind == "gradient":
        tree = without_the_seed(tree, notation.lesson.graph.loss, entry.name)
    return (abridged(tree, _LONGEST_SUM, style.characters.ellipsis) if entry.is_sum else tree), style


def _style(notation: Notation, entry: Entry) -> Style:
    """How a step's names are spelled: those of an update's rule as what they stand for, and in a gradient the factor
    that is written like it with a mark."""
    if entry.replaces:
        return update_style(notation, entry)
    if entry.kind != "gradient":
        return notation.style
    factor = partial_name(notation.lesson.graph.loss, entry.name)
    style, marked = notation.style, f"{notation.gradient(entry.name)} (direct)"
    return replace(style, name=lambda name: marked if name == factor else notation.shown(name))


def arrow(notation: Notation, entry: Entry) -> str:
    """What stands between the sides: an update replaces, all else equals."""
    return f" {notation.characters.becomes} " if entry.replaces else " = "


def factor_word(notation: Notation, entry: Entry) -> str:
    """What tells a factor from a gradient, which may be written like it; "" for what is no factor."""
    if not entry.of:
        return ""
    return "factor (direct)" if notation.lesson.graph.is_direct(entry.of, entry.name) else "factor"


def statement(notation: Notation, step: Step) -> str:
    """A step as one line of text: left side = symbols = numbers = value, nothing said twice."""
    entry = step.entry
    # A mean has a number for each example.
    sides = [_formula(notation, entry, len(step.numbers)), numbers_put_in(notation, step), notation.number(step.value)]
    first, *others = dict.fromkeys(side for side in sides if side)
    remark = "direct" if notation.lesson.graph.is_direct(entry.of, entry.name) else remark_on(notation, entry)
    left = f"{left_side(notation, entry)}{arrow(notation, entry)}"
    return f"{left}{' '.join([first, *map(equals, others)])}{f'   ({remark})' if remark else ''}"
