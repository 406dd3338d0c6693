"""The numbers of a matrix's entries: what their steps give, and whether the cursor has come to them."""

from __future__ import annotations

from tui_backprop.record.matrix_formulas import Given, MatrixCell, Operand
from tui_backprop.record.step_layout import Entry, StepLayout
from tui_backprop.record.step_sequence import Steps


def number_of(steps: Steps, cell: MatrixCell, turn: int) -> float | None:
    """The number of an entry, whether or not the cursor has come to its step; None where it has no number.

    turn: the example on the screen, which an entry is of that says nothing else.
    """
    source, turn = cell.source, turn if cell.turn is None else cell.turn
    if isinstance(source, Entry):
        return steps.number(source, turn)
    if isinstance(source, Operand):
        return steps[steps.layout.index(source.entry)].numbers[source.name]
    if isinstance(source, Given):
        return steps.given(source.name, turn)
    return source


def is_known(layout: StepLayout, index: int, cell: MatrixCell, turn: int) -> bool:
    """Whether the step of an entry has come by when the cursor is at an index; what is given is always known."""
    source, turn = cell.source, turn if cell.turn is None else cell.turn
    return not isinstance(source, Entry) or index >= layout.index(source, turn)
