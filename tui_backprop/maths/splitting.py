"""An equation in elementary operations: u = w - 3, L = u^2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count

from tui_backprop.maths.expression import Call, Expression, Name, chained, flattened, post_order
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.table_formulas import formula, operands_by_name
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.tokens import RESERVED_NAMES


def split_equations(
    equations: Mapping[str, Expression], taken: frozenset[str], takes_apart: bool = True
) -> dict[str, Expression]:
    """The equations with every operation on its own; the named ones keep their names, the pieces get new ones.

    Sums and products stay whole as far as they are flat. Equal pieces of one equation are one node.
    taken: the names that no piece may have. takes_apart: whether functions that have a definition in terms of simpler
    ones, such as the sigmoid, are taken apart by it.
    """
    if takes_apart:
        equations = {node: _in_simpler_functions(equation) for node, equation in equations.items()}
    pieces = {node: _pieces(equation) for node, equation in equations.items()}
    names = _names(sum(map(len, pieces.values())), taken | frozenset(equations) | RESERVED_NAMES)
    split: dict[str, Expression] = {}
    for node, parts in pieces.items():
        named: dict[Expression, Expression] = {}
        for part in parts:
            name = next(names)
            split[name] = _with_named_operands(part, named)
            named[part] = Name(name)
        split[node] = _with_named_operands(equations[node], named)
    return split


def _in_simpler_functions(equation: Expression) -> Expression:
    """The equation with functions replaced by their definitions."""
    results: dict[int, Expression] = {}
    for part in post_order(equation):
        if not isinstance(part, Call):
            results[id(part)] = part
            continue
        call = Call(part.function, *(results[id(argument)] for argument in part.arguments))
        simpler = _simplest(part.function)
        results[id(part)] = instantiate(simpler, operands_by_name(call)) if simpler else call
    return results[id(equation)]


@cache
def _simplest(function: str) -> Expression | None:
    """The definition of a function, with those of the functions in it put in; None where it has none."""
    definition = FUNCTIONS[function].definition
    return _in_simpler_functions(formula(definition)) if definition else None


def _operands(call: Call) -> tuple[Expression, ...]:
    """The operands of an operation; of a flat sum or product all of them."""
    if call.function in ("+", "*"):
        return flattened(call, call.function)
    return call.arguments


def _pieces(equation: Expression) -> list[Call]:
    """The operations inside an equation, operands first, without the outermost one; each once."""
    found: dict[Call, None] = {}
    stack: list[tuple[Expression, bool]] = [(equation, False)]
    while stack:
        part, ready = stack.pop()
        if not isinstance(part, Call) or part in found or _is_number(part):
            continue
        if ready:
            found[part] = None
        else:
            stack.append((part, True))
            stack.extend((operand, False) for operand in reversed(_operands(part)))
    return [piece for piece in found if piece != equation]


def _is_number(part: Call) -> bool:
    """Whether a part is a number with a sign, which is no operation worth a node."""
    return not any(isinstance(inside, Name) for inside in post_order(part))


def _with_named_operands(part: Expression, named: Mapping[Expression, Expression]) -> Expression:
    if not isinstance(part, Call):
        return part
    operands = [named.get(operand, operand) for operand in _operands(part)]
    return chained(part.function, operands) if part.function in ("+", "*") else Call(part.function, *operands)


def _names(count_of_pieces: int, taken: frozenset[str]) -> Iterator[str]:
    if count_of_pieces == 1 and "u" not in taken:
        return iter(["u"])
    return (name for name in map("u{}".format, count(1)) if name not in taken)
