"""`derive`: why a derivative is what it is, line by line, as text to read, as JSON, or to put into a LaTeX document."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

from tui_backprop.api import check_example, check_iteration
from tui_backprop.charset import Charset
from tui_backprop.errors import UsageError
from tui_backprop.explain.path_derivations import derive as derived
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.messages import opening, say_error
from tui_backprop.headless.non_finite import say_not_reached
from tui_backprop.headless.output import print_data
from tui_backprop.maths.derivation.by_rules import Derivation, Line
from tui_backprop.maths.writing import Style, write
from tui_backprop.numbers import for_json, full
from tui_backprop.panels.derivation_panel import statement_of
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import did_you_mean, listed, shown
from tui_backprop.session import Session

DeriveFormat = Literal["text", "json", "latex"]


def derive(
    scenario: Scenario, of: str, wrt: str, example: int, iteration: int, format: DeriveFormat, charset: Charset
) -> int:
    """Print the derivation of ∂of/∂wrt for one example of an iteration.

    Raises UsageError for names that the scenario does not have, and for an example or iteration that there is not.
    """
    check_iteration(scenario, iteration)
    with opening(scenario.title):
        # LaTeX has commands of its own for the signs that a locale may not have.
        session = Session.start(scenario, "unicode" if format == "latex" else charset)
    _check(session, of, wrt, example)
    if session.history.extend(iteration) < iteration:
        return say_not_reached(session, iteration, "derive")
    numbers = session.history.numbers(iteration, example)
    derivation = derived(session.graph, of, wrt, numbers, session.style)
    if format == "json":
        print_data(dumped(_document(session.style, derivation), indent=1) + "\n")
    elif format == "latex":
        from tui_backprop.handout.derivations import derived_block
        from tui_backprop.handout.latex import derivation_in_latex

        print_data(derivation_in_latex(derived_block(session, derivation)))
    else:
        for row in _listing(session.style, derivation):
            print_data(f"{row.rstrip()}\n")
    if math.isfinite(derivation.value):
        return Exit.DONE
    what = f"the derivative of {of} with respect to {wrt} is not finite at these numbers: {full(derivation.value)}"
    say_error(what, "look at the line where it appears, or try --set NAME=VALUE", of="backprop-tui derive")
    return Exit.NOT_FINITE


def _check(session: Session, of: str, wrt: str, example: int) -> None:
    graph = session.graph
    if of not in graph.equations:
        nodes = list(graph.nodes)
        raise UsageError(
            f"--of needs a node, and there is none called '{shown(of)}'; {did_you_mean(of, nodes, listed(nodes))}"
        )
    names = [*graph.nodes, *graph.parameters, *graph.inputs, *graph.constants]
    if wrt not in names:
        raise UsageError(
            f"--wrt needs a name, and there is none called '{shown(wrt)}'; {did_you_mean(wrt, names, listed(names))}"
        )
    check_example(session.scenario, example)


def _document(style: Style, derivation: Derivation) -> dict[str, Any]:
    return {
        "schema": "backprop-tui/derivation/1",
        "of": derivation.of,
        "wrt": derivation.wrt,
        "value": for_json(derivation.value),
        "lines": [_line(style, line) for line in derivation.lines],
    }


def _line(style: Style, line: Line) -> dict[str, Any]:
    return {
        "rule": line.rule,
        "of": line.of,
        "wrt": line.wrt,
        "text": f"{statement_of(style, line)}\n{line.why}",
        "expression": write(line.expression),
        "where": {name: write(tree) for name, tree in line.where.items()},
        "value": for_json(line.value),
    }


def _listing(style: Style, derivation: Derivation) -> Iterator[str]:
    if derivation.opening:
        yield from derivation.opening
        yield ""
    width = max(len(line.rule) for line in derivation.lines)
    number = len(str(len(derivation.lines)))
    for place, line in enumerate(derivation.lines, 1):
        yield f"{place:>{number}}  {line.rule:<{width}}  {statement_of(style, line)}"
        yield f"{'':{number + width + 4}}{line.why}"
    if derivation.closing:
        yield ""
        yield derivation.closing
