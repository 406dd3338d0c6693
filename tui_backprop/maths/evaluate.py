"""The value of an expression for given names: the plain reading of the tree, for single numbers and checks."""

from __future__ import annotations

from collections.abc import Mapping

from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS


def evaluate(tree: Expression, values: Mapping[str, float]) -> float:
    """The IEEE 754 value of the tree, non-finite where mathematics has no number. Raises KeyError for unknown names."""

    def leaf(part: Number | Name) -> float:
        if isinstance(part, Number):
            return part.value
        return values[part.name] if part.name in values else CONSTANTS[part.name]

    def call(part: Call, arguments: list[float]) -> float:
        return float(FUNCTIONS[part.function].value(*arguments))

    return fold(tree, leaf, call)
