"""Functions and formulas on arrays: the code of the function table, as functions that can be called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from tui_backprop.engine.source_text import called_names
from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.scenario.equations import Equations

NAMESPACE: Mapping[str, Any] = {
    "__builtins__": {},
    **{
        name: getattr(np, name)
        for name in (
            *called_names(on_arrays=True),
            *("array", "full"),
            *("inf", "nan"),  # what repr makes of such constants
        )
    },
}
"""What code on arrays may call."""


@cache
def function_on_arrays(name: str) -> Callable[..., Any]:
    """A function of the table, on arrays."""
    operands = "uv"[: FUNCTIONS[name].arity]
    return _made(operands, FUNCTIONS[name].array_code.format(*operands))


def formula_on_arrays(tree: Expression, names: tuple[str, ...]) -> Callable[..., Any]:
    """A formula of these names, on arrays: a function with an operand for each of them."""
    operands = dict(zip(names, "uvw", strict=False))

    def leaf(part: Number | Name) -> str:
        if isinstance(part, Name) and part.name in operands:
            return operands[part.name]
        return f"({(part.value if isinstance(part, Number) else CONSTANTS[part.name])!r})"

    def call(part: Call, arguments: list[str]) -> str:
        is_square = part.function == "^" and part.arguments[1] == Number(2)
        return FUNCTIONS["square" if is_square else part.function].array_code.format(*arguments)

    return _made("".join(operands.values()), fold(tree, leaf, call))


def value_on_arrays(tree: Expression, numbers: Mapping[str, Any]) -> Any:
    """The value of a tree where its names have arrays, or numbers, as values."""

    def leaf(part: Number | Name) -> Any:
        if isinstance(part, Name):
            return numbers[part.name] if part.name in numbers else CONSTANTS[part.name]
        return np.float64(part.value)

    def call(part: Call, arguments: list[Any]) -> Any:
        return function_on_arrays(part.function)(*arguments)

    return fold(tree, leaf, call)


def equation_on_arrays(equations: Equations, name: str, numbers: Mapping[str, Any]) -> Any:
    """The value of an equation where its names have arrays, or numbers, as values."""
    neuron = equations.sums.get(name)
    return value_on_arrays(equations[name], numbers) if neuron is None else neuron.value(numbers)


def _made(operands: str, code: str) -> Callable[..., Any]:
    # No text of a scenario is in it: only the table's own templates, numbers, and these letters.
    made: Callable[..., Any] = eval(f"lambda {', '.join(operands)}: {code}", dict(NAMESPACE))
    return made
