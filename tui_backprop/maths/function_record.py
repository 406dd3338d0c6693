"""What is known of a function or operator: the record that each entry of the table fills in."""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import force_setattr

from tui_backprop.maths.largest_term import LargestTerm

Convention = Callable[..., str | None]
"""A sentence for the operands at which something holds by convention, and None for all others."""


class Ending(Struct, frozen=True):
    """A line from what the rules give to the form that one knows: its rule, the formula, and why.

    Both are in terms of the operands `u` and `v` and the value `s`.
    """

    rule: str
    formula: str
    why: str


class Function(Struct, frozen=True, kw_only=True):
    """One function or operator. Formulas are text of the expression language, with `u` and `v` for the operands.

    value: the IEEE 754 value; raises nothing, gives NaN or an infinity where mathematics has no number.
    code: the same for finite results as straight-line Python, `{0}` and `{1}` being the operands; may raise
        ArithmeticError or ValueError where `value` gives a non-finite number, or one that this code cannot reach. What
        it calls is in Python's `math`.
    array_code: the same for numpy arrays, one number for each example, where it differs; non-finite results are
        IEEE 754's. What it calls is in numpy.
    derivatives: for each operand the partial derivative; `result` is the value of the call.
    rule: the name of the differentiation rule.
    why: for each operand a sentence on its derivative, with formulas in backquotes; none where the rule has its own.
    carries: for each operand, whether a non-finite operand always makes the result non-finite.
    typeset: how the name is written on the screen, where not as it is typed; ending in ^, with the operand raised.
    spellings: other names that may be typed.
    is_activation: whether a layer of a network may have it.
    definition: the function in terms of simpler ones, where its derivative is built from theirs.
    ending: the lines from what the rules give for the definition to the function's own derivative.
    plain: the formula that it is wherever no convention steps in.
    kink: where the derivative is a convention.
    convention: where the value itself, and with it the derivatives, is one.
    saturates: the values that it never has, but comes so near to that its result is rounded to them.
    flat_below: where its derivative is 0 for all smaller operands.
    in_data: what to do with data at which it is not finite.
    instead: what does without the numbers at which it is not finite.
    largest_term: how the largest term that made its value follows from its operands', where it is not the value alone.
        A function of one operand that goes through 0 keeps its operand's without that.
    """

    name: str
    value: Callable[..., float]
    code: str
    array_code: str = ""
    derivatives: tuple[str, ...]
    rule: str
    why: tuple[str, ...] = ()
    carries: tuple[bool, ...]
    typeset: str = ""
    spellings: tuple[str, ...] = ()
    is_activation: bool = False
    definition: str = ""
    ending: tuple[Ending, ...] = ()
    plain: str = ""
    kink: Convention | None = None
    convention: Convention | None = None
    saturates: tuple[float, ...] = ()
    flat_below: float = -math.inf
    in_data: str = "change"
    instead: str = ""
    largest_term: LargestTerm | None = None

    def __post_init__(self) -> None:
        if not self.array_code:
            force_setattr(self, "array_code", self.code)

    @property
    def arity(self) -> int:
        """How many operands it takes."""
        return len(self.derivatives)
