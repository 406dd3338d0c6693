"""A step as a line of the worked solution, and the same as a line to fill in."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.handout.document import Statement, Total, Value
from tui_backprop.handout.formulas import Formula
from tui_backprop.lesson import Notation
from tui_backprop.maths.expression import Expression, abridged
from tui_backprop.maths.writing import write
from tui_backprop.numbers import full
from tui_backprop.panels.statements import as_shown, is_one_factor, remark_on
from tui_backprop.panels.symbols import left_side
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session

LONGEST_SUM = 24
"""Terms of an equation that are all written out."""


def statement_at(session: Session, words: tuple[str, ...]) -> Statement:
    """The step under the cursor as a line of the solution."""
    notation, step, entry = session.notation, session.step, session.entry
    value = Value(session.number(step.value), full(step.value))
    symbols = _symbols(notation, step)
    in_symbols = _text(symbols)
    numbers: Formula | None = replace(shown(notation, entry, step.tree), numbers=step.numbers)
    if _text(numbers) in (in_symbols, value.text):
        numbers = None
    return Statement(
        label=f"{step.index + 1}",
        anchor=f"{session.iteration}.{step.index + 1}",
        kind=step.kind,
        left=left_side(notation, entry),
        replaces=entry.replaces,
        symbols=None if in_symbols == value.text else symbols,
        numbers=numbers,
        value=value,
        remark="direct" if step.is_direct else remark_on(notation, entry),
        words=words,
    )


def shown(notation: Notation, entry: Entry, tree: Expression) -> Formula:
    """The tree of a step as it is printed."""
    tree, style = as_shown(notation, entry, tree)
    if entry.kind in ("value", "factor"):
        tree = abridged(tree, LONGEST_SUM, style.characters.ellipsis)
    return Formula(tree, style)


def _symbols(notation: Notation, step: Step) -> Formula | Total | None:
    entry, lesson = step.entry, notation.lesson
    if entry.phase == "average":
        of_one = notation.gradient(entry.name) if entry.name else notation.shown(lesson.graph.loss)
        return Total(of_one, len(step.numbers), lesson.history.plan.averages)
    return None if is_one_factor(notation, entry) else shown(notation, entry, lesson.tree(entry))


def _text(side: Formula | Total | None) -> str:
    return write(side.tree, side.style, side.numbers) if isinstance(side, Formula) else ""


def to_fill_in(statement: Statement, blank: int) -> tuple[Statement, Statement | None]:
    """The line with a blank in place of its numbers, and the answer; where there is nothing to find, no answer.

    blank: the number that the blank gets.
    """
    if statement.kind == "seed":
        return statement, None
    if statement.kind == "gradient" and statement.symbols is None and statement.remark:
        # A factor is the gradient, or there is none: the word says it, and the number would tell the answer before.
        return replace(statement, numbers=None, value=None), None
    question = replace(statement, numbers=None, value=None, blank=blank)
    return question, replace(statement, label=f"{blank}", anchor="", symbols=None, words=())
