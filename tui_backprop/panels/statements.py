"""What does a step state: left side, symbols, the same with numbers, value? Whoever writes a step asks here."""

from __future__ import annotations

from tui_backprop.maths.expression import Expression
from tui_backprop.maths.writing import write
from tui_backprop.panels.symbols import gradient, in_parentheses, is_direct, left_side, partial, update_style
from tui_backprop.record.step import FactorStep, GradientStep, MeanStep, Step, UpdateStep, ValueStep
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session

_LONGEST_SUM = 4


def symbols(session: Session, entry: Entry) -> str:
    """The right side of a step in symbols: its formula, its terms, or what it does."""
    graph = session.graph
    if entry.kind == "value":
        return _formula(session, graph.equations[entry.name])
    if entry.kind == "factor":
        return _formula(session, graph.factors[entry.of, entry.name])
    if entry.kind == "seed":
        return "1   (the seed)"
    if entry.kind == "gradient":
        users = graph.consumers.get(entry.name, ())
        terms = [f"{gradient(session, user)} · {partial(session, user, entry.name)}" for user in users]
        return _sum(terms) or "0   (no path leads to the loss)"
    if entry.kind == "mean":
        count = session.layout.batch_size
        what = gradient(session, entry.name) if entry.name else session.shown(graph.loss)
        return f"{'1/' + str(count) + '·' if session.history.plan.averages else ''}Σ {what} over {count} examples"
    rule = session.history.plan.rule
    assert rule is not None
    if not entry.name:
        return _formula(session, rule.rate)
    return write(rule.lines[-1 if entry.line is None else entry.line].formula, update_style(session, entry))


def _formula(session: Session, tree: Expression) -> str:
    return write(tree, session.style)


def _sum(terms: list[str]) -> str:
    if len(terms) > _LONGEST_SUM:
        terms = [*terms[:2], f"… {len(terms) - 3} more …", terms[-1]]
    return " + ".join(terms)


def numbers_put_in(session: Session, step: Step) -> str | None:
    """The same with numbers; None where there is nothing to put in."""
    number = session.number
    if isinstance(step, ValueStep | FactorStep | UpdateStep):
        text = write(step.formula, session.style, step.numbers)
        # A formula that is a number already, such as the factor 1, needs no second line.
        return None if isinstance(step, FactorStep) and text == write(step.formula, session.style) else text
    if isinstance(step, GradientStep):
        products = [
            f"{number(term.upstream) if place == 0 else in_parentheses(number(term.upstream))}"
            f" · {in_parentheses(number(term.factor))}"
            for place, term in enumerate(step.terms)
        ]
        return _sum(products) or None
    if isinstance(step, MeanStep):
        first, *others = [number(term) for term in step.terms]
        added = _sum([first, *map(in_parentheses, others)])
        return f"({added})/{len(step.terms)}" if step.averages else added
    return None


def value_of(step: Step) -> float:
    """The number that a step computes."""
    return step.after if isinstance(step, UpdateStep) else step.value


def arrow(entry: Entry) -> str:
    """What stands between the sides: an update replaces what was there, all else equals."""
    return " ← " if entry.kind == "update" and entry.name else " = "


def statement(session: Session) -> str:
    """The step under the cursor as one line of text: left side = symbols = numbers = value, nothing said twice."""
    step, entry = session.step, session.entry
    parts = [symbols(session, entry)]
    numbers, value = numbers_put_in(session, step), session.number(value_of(step))
    parts.extend(part for part in (numbers, value) if part and part != parts[-1])
    if entry.kind == "seed":
        parts = parts[:1]
    direct = " (direct)" if entry.kind == "factor" and is_direct(session, entry.of, entry.name) else ""
    return f"{left_side(session, entry)}{direct}{arrow(entry)}{' = '.join(parts)}"
