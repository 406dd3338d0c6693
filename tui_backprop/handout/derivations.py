"""Every derivation of an iteration, written out: each kind of factor once, and the whole chain of each gradient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from tui_backprop.explain.path_derivations import derive, derive_edge
from tui_backprop.handout.document import Derived, DerivedLine, Prose, Section
from tui_backprop.handout.formulas import Formula
from tui_backprop.maths.derivation.by_rules import Derivation
from tui_backprop.maths.derivation.reasons import listed
from tui_backprop.maths.expression import Expression, Name, names_in, replace, size
from tui_backprop.session import Session

_MOST_GRADIENTS = 24
"""Gradients whose whole chains are written out."""

_MOST_FACTORS = 60
"""Factors that are derived, of those that are not alike."""

_MOST_LISTED = 12
_LONGEST_LINE = 150
"""How many names, numbers and operations a line may have, so that no fraction of it is wider than a page."""

_TOO_LONG = "The lines that follow are too long for a page; derive shows them."


def derivation_sections(session: Session) -> Iterator[Section]:
    """The derivations at the numbers of the example under the cursor: of the factors in their order, then of the
    parameters' gradients."""
    graph, numbers = session.graph, session.steps.numbers(session.last_turn)
    for (of, wrt), alike in _kinds(session).items():
        found = derived_block(session, derive_edge(graph, of, wrt, numbers, session.style))
        yield Section(session.notation.partial(of, wrt), (found, *_follow(alike)), level=3)
    chains = [name for name in graph.parameters if graph.consumers.get(name, ()) not in ((), (graph.loss,))]
    for place, name in enumerate(chains[:_MOST_GRADIENTS], 1):
        found = derived_block(session, derive(graph, graph.loss, name, numbers, session.style))
        others = chains[place:] if place == _MOST_GRADIENTS else []
        yield Section(session.notation.gradient(name), (found, *_follow(map(session.notation.gradient, others))), 3)


def _kinds(session: Session) -> dict[tuple[str, str], list[str]]:
    """The factors of which no two have the same derivation but for the names in it, in the order of the backward pass;
    with each the writing of those that have the same."""
    first: dict[tuple[Expression, int], tuple[str, str]] = {}
    found: dict[tuple[str, str], list[str]] = {}
    for entry in session.layout.per_example:
        if not entry.of:
            continue
        equation = session.graph.equations[entry.of]
        names = names_in(equation)
        nameless = replace(equation, {Name(name): Name(f"{place}") for place, name in enumerate(names)})
        edge = entry.of, entry.name
        if len(found) == _MOST_FACTORS and (nameless, names.index(entry.name)) not in first:
            continue
        told = first.setdefault((nameless, names.index(entry.name)), edge)
        if told == edge:
            found[edge] = []
        else:
            found[told].append(session.notation.partial(*edge))
    return found


def _follow(written: Iterable[str]) -> Iterator[Prose]:
    """What is derived in the same way, and so not written out."""
    names = list(written)
    if len(names) > _MOST_LISTED:
        names = [*names[: _MOST_LISTED - 1], f"{len(names) - _MOST_LISTED + 1:,} more"]
    if names:
        yield Prose(f"In the same way: {listed(names)}.", "note")


def derived_block(session: Session, derivation: Derivation) -> Derived:
    """A derivation as a part of a document, as far as its lines have room on a page."""
    style = session.style
    short = [*takewhile(lambda line: size(line.expression) <= _LONGEST_LINE, derivation.lines)]
    closing = derivation.closing if len(short) == len(derivation.lines) else _TOO_LONG
    lines = tuple(
        DerivedLine(
            line.rule,
            Formula(line.subject, style),
            line.wrt,
            Formula(line.expression, style),
            session.number(line.value),
            line.why,
        )
        for line in short
    )
    return Derived(derivation.opening, lines, closing)
