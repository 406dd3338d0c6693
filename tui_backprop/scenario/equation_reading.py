"""The equations of a file as expressions, with a place for every name in them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tui_backprop.errors import Place
from tui_backprop.maths.expression import Expression
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tokens import ExpressionError, ExpressionProblem
from tui_backprop.scenario.draft import EQUATION, Draft
from tui_backprop.scenario.fields import read_mapping, read_scalar, squeezed_next_line
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.source import eaten_by_comment
from tui_backprop.scenario.tree import Node, Scalar

_HELP = "write lines such as z: w*x + b"


def read_equations(draft: Draft, node: Node) -> None:
    """Take the equations into the draft, and note what is wrong with them."""
    mapping = read_mapping(draft.report, node, "'equations'", _HELP)
    if mapping is None:
        draft.complete = draft.equations_read = False
        return
    draft.complete &= not mapping.merges
    for entry in mapping.entries:
        name = draft.take_name(entry.key, EQUATION)
        read = read_expression(draft, entry.value, f"the equation '{shown(entry.key.text)}'")
        if read is None:
            draft.equations_read = False
            continue
        if name is not None:
            draft.equations[name] = read.expression
            draft.operands[name] = tuple(read.uses)
        draft.uses.extend((entry.key.text, used, place) for used, place in read.uses.items())


class UsedExpression(Struct, frozen=True):
    """An expression, and the names that it uses with their first places in the file."""

    expression: Expression
    uses: Mapping[str, Place]


def read_expression(draft: Draft, node: Node, what: str) -> UsedExpression | None:
    """The expression of a field, or None after noting what is wrong; `what` names the field in messages."""
    if not isinstance(node, Scalar):
        help = "write the expression with round parentheses; to YAML, [ or { at the beginning means a list or a mapping"
        draft.report.add(node.place, f"{what} must be an expression", help)
        return None
    eaten = eaten_by_comment(node, draft.report.lines)
    if eaten is not None and not node.text.strip():
        _refuse_eaten(draft, what, *eaten)
        return None
    scalar = read_scalar(draft.report, node, what, "write what it is computed from, such as w*x + b")
    if scalar is None:
        return None
    try:
        parsed = parse(scalar.text)
    except ExpressionError as error:
        squeezed = squeezed_next_line(scalar)
        if squeezed is not None:
            draft.report.add(scalar.place, f"{what} goes on in the next line, which has no ': '", squeezed)
        elif eaten is not None and any(_is_cut_off(problem, scalar.text) for problem in error.problems):
            _refuse_eaten(draft, what, *eaten)
        else:
            for problem in error.problems:
                written = scalar.text[problem.start : problem.end]
                if written not in draft.refused and not all(sign in draft.refused for sign in written):
                    place = scalar.place_at(problem.start, problem.end)
                    draft.report.add(place, problem.message, problem.help, cause=place)
        return None
    uses: dict[str, Place] = {}
    for use in parsed.names:
        if use.name not in uses:
            uses[use.name] = scalar.place_at(use.start, use.end)
    return UsedExpression(parsed.expression, uses)


def _is_cut_off(problem: ExpressionProblem, text: str) -> bool:
    """Whether an expression is wrong because it ends too early."""
    return problem.end >= len(text) or text.count("(") > text.count(")")


def _refuse_eaten(draft: Draft, what: str, place: Place, quoted: str) -> None:
    message = f"{what} ends too early: what follows ' #' is a comment in YAML"
    draft.report.add(place, message, f"finish it before the #, or put all of it in quotes: {quoted}")
