"""What a lesson is given, as the first section of a handout: equations, numbers, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_backprop.handout.document import Equation, EquationLines, NumberTable, Prose, Section
from tui_backprop.handout.formulas import Formula
from tui_backprop.handout.solving import LONGEST_SUM
from tui_backprop.maths.expression import Expression, abridged
from tui_backprop.numbers import equals
from tui_backprop.scenario.optimizers import DESCENT
from tui_backprop.session import Session

_MOST_LISTED = 24
_MOST_EXAMPLES = 20
_MOST_COLUMNS = 8


def given_section(session: Session) -> Section:
    """The equations, and the numbers that the iteration under the cursor starts from."""
    equations = session.scenario.equations
    lines = [Equation(session.shown(name), _formula(session, equations[name])) for name in equations]
    rule = session.history.plan.rule
    if rule is not None:
        lines.append(Equation(session.characters.eta, _formula(session, rule.rate)))
    told = [Prose(f"{kind}: {_listed(session, numbers)}.") for kind, numbers in _numbers(session) if numbers]
    if rule is not None and session.scenario.optimizer != DESCENT:
        told.append(Prose(f"Optimizer: {session.outside(session.scenario.optimizer.name)}."))
    return Section("The equations", (EquationLines(tuple(lines)), *told, *_examples(session)))


def _formula(session: Session, tree: Expression) -> Formula:
    return Formula(abridged(tree, LONGEST_SUM, session.characters.ellipsis), session.style)


def _numbers(session: Session) -> Iterator[tuple[str, Mapping[str, float]]]:
    graph, examples = session.graph, session.scenario.examples
    yield "Constants", graph.constants
    when = f" in iteration {session.iteration:,}" if session.iteration else ""
    yield f"Parameters{when}", {name: session.steps.parameter(name) for name in graph.parameters}
    if len(examples) == 1:
        yield "Inputs", dict(zip(graph.inputs, examples[0], strict=True))


def _listed(session: Session, numbers: Mapping[str, float]) -> str:
    shown = [f"{session.shown(name)} {equals(session.number(value))}" for name, value in numbers.items()]
    more = len(shown) - _MOST_LISTED
    return ", ".join(shown if more <= 0 else [*shown[:_MOST_LISTED], f"and {more:,} more"])


def _examples(session: Session) -> Iterator[NumberTable | Prose]:
    """The examples in a table, of very many the first ones."""
    inputs, examples = session.graph.inputs[:_MOST_COLUMNS], session.scenario.examples
    if len(examples) < 2:
        return
    rows = tuple(
        (f"{number}", *map(session.number, example[: len(inputs)]))
        for number, example in enumerate(examples[:_MOST_EXAMPLES], 1)
    )
    yield NumberTable(("example", *map(session.shown, inputs)), rows)
    left_out = [
        f"{more:,} more {what}"
        for more, what in (
            (len(examples) - len(rows), "examples"),
            (len(session.graph.inputs) - len(inputs), "inputs"),
        )
        if more > 0
    ]
    if left_out:
        yield Prose(f"And {' and '.join(left_out)}.")
