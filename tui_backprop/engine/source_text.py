"""How a slot is written in the source of a loop: what the loop over single numbers and the one over arrays share."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tui_backprop.engine.program import Instruction
from tui_backprop.maths.functions import FUNCTIONS

# How deep the source nests: Python's own compiler is recursive.
_DEEPEST_NESTING = 24


class SlotTexts:
    """How each slot is written: as a number, as its variable, or where it is read once, as what computes it.

    of: the text of each slot. variables: those of slots that are there from the first. on_arrays: which code of the
    table is taken.
    """

    def __init__(self, initial: Sequence[float], variables: Mapping[int, str], *, on_arrays: bool = False) -> None:
        self.of = [variables.get(slot) or _literal(value) for slot, value in enumerate(initial)]
        self._depth = [0] * len(self.of)
        self._on_arrays = on_arrays

    def line(self, instruction: Instruction, variable: str, *, is_read_once: bool) -> str | None:
        """The assignment of an instruction's result; None where it is written into what reads it."""
        text = code_of(instruction.function, self._on_arrays).format(*(self.of[slot] for slot in instruction.operands))
        depth = 1 + max(self._depth[slot] for slot in instruction.operands)
        if is_read_once and depth < _DEEPEST_NESTING:
            self.of[instruction.out], self._depth[instruction.out] = text, depth
            return None
        self.of[instruction.out] = variable
        return f"{variable} = {text}"


def code_of(function: str, on_arrays: bool = False) -> str:
    """The code of a function in the table."""
    return FUNCTIONS[function].array_code if on_arrays else FUNCTIONS[function].code


def called_names(on_arrays: bool = False) -> tuple[str, ...]:
    """The names of the functions that the codes of the table call."""
    codes = (code_of(function, on_arrays) for function in FUNCTIONS)
    return tuple(dict.fromkeys(name for code in codes for name in re.findall(r"\w+(?=\()", code)))


def uses_of(instructions: Sequence[Instruction], outputs: Sequence[int], *, on_arrays: bool = False) -> Counter[int]:
    """How often each slot is read, in the code of the instructions or as an output."""
    uses = Counter(outputs)
    for instruction in instructions:
        template = code_of(instruction.function, on_arrays)
        for position, slot in enumerate(instruction.operands):
            uses[slot] += template.count(f"{{{position}}}")
    return uses


def _literal(value: float) -> str:
    return f"({value!r})" if math.copysign(1.0, value) < 0 else repr(value)
