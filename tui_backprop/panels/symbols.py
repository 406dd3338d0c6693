"""How are gradients, factors and steps named on the screen: ∂L/∂w₁, and what kind of thing that is?"""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.maths.writing import Style, typeset_name
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import GRADIENT, PARAMETER, RATE
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
        return _left_of_update(session, entry)
    if entry.kind == "mean" and not entry.name:
        return session.shown(session.graph.loss)
    return gradient(session, entry.name)


def rate_symbol(session: Session) -> str:
    """How the learning rate is written."""
    return "η" if session.charset == "unicode" else "learning_rate"


def _left_of_update(session: Session, entry: Entry) -> str:
    rule = session.history.plan.rule
    if not entry.name:
        return rate_symbol(session)
    shown = session.shown(entry.name)
    if entry.line is None or rule is None:
        return shown
    return f"{update_style(session, entry).name(rule.lines[entry.line].name)} of {shown}"


def update_style(session: Session, entry: Entry) -> Style:
    """How the names of an update's lines are written: w is the parameter; g is spelled out where one line is all."""
    rule = session.history.plan.rule
    names = {PARAMETER: session.shown(entry.name), RATE: rate_symbol(session)}
    if rule is not None and len(rule.lines) == 1:
        names[GRADIENT] = gradient(session, entry.name)
    is_typeset = session.style.typeset
    return replace(session.style, name=lambda name: names.get(name) or (typeset_name(name) if is_typeset else name))


def in_parentheses(number: str) -> str:
    """A number as it stands after an operator: a negative one in parentheses."""
    return f"({number})" if number[0] in "-−" else number
