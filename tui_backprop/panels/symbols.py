"""How are gradients, factors and steps named on the screen: ∂L/∂w₁, and what kind of thing that is?"""

from __future__ import annotations

from tui_backprop.numbers import is_nearly
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session


def partial(session: Session, of: str, wrt: str) -> str:
    """The writing of a partial derivative: ∂a/∂z."""
    return f"∂{session.shown(of)}/∂{session.shown(wrt)}"


def gradient(session: Session, name: str) -> str:
    """The writing of the loss's gradient with respect to a node or parameter: ∂L/∂z."""
    return partial(session, session.graph.loss, name)


def is_direct(session: Session, of: str, wrt: str) -> bool:
    """Whether a factor is of the loss and only a part of the gradient that is written in the same way."""
    return of == session.graph.loss and not session.graph.is_whole_gradient(of, wrt)


def left_side(session: Session, entry: Entry) -> str:
    """What a step computes, as it stands on the left of its equation."""
    if entry.kind == "value":
        return session.shown(entry.name)
    if entry.kind == "factor":
        return partial(session, entry.of, entry.name)
    if entry.kind == "update":
        return session.shown(entry.name)
    if entry.kind == "mean" and not entry.name:
        return session.shown(session.graph.loss)
    return gradient(session, entry.name)


def in_parentheses(number: str, after_operator: bool = True) -> str:
    """A number as it stands in a formula: in parentheses what is nearly 0, and after an operator what is negative."""
    return f"({number})" if is_nearly(number) or (after_operator and number[0] in "-−") else number
