"""Which numbers of an iteration are nothing but rounding: noted as they are looked up, a pass at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.maths.cancellation import is_rounding, largest_term, noted, noted_value, term_of
from tui_backprop.record.step_layout import Entry
from tui_backprop.record.update_lines import numbers_of_line, tree_of_line

WORTH_A_LOOK = 1e-9
"""What is larger than this, beside the largest number of its pass, is taken for what it is."""

_MOST_TERMS = 64
"""Of more examples than this each one's number is taken for what it is when they are averaged."""


class Remnants:
    """The numbers of an iteration, those that are nothing but rounding as Remnants.

    before: gives the iteration before this one, whose update made the parameters; None where there is none.
    """

    def __init__(
        self, program: Program, plan: Plan, iteration: Iteration, before: Callable[[], Iteration] | None
    ) -> None:
        self._program = program
        self._plan = plan
        self._iteration = iteration
        self._before = before
        self._parameters: tuple[float, ...] | None = None
        self._terms: dict[int, list[float]] = {}
        self._reach: dict[int, float] = {}

    def slot(self, turn: int, slot: int) -> float:
        """The number in a slot of the program, for one of the iteration's examples."""
        slots = self._iteration.slots[turn]
        value = slots[slot]
        if turn not in self._reach:
            self._reach[turn] = max(1.0, *(abs(number) for number in slots if math.isfinite(number)))
        if value == 0 or not abs(value) < WORTH_A_LOOK * self._reach[turn]:
            return value
        if turn not in self._terms:
            self._terms[turn] = self._largest_terms(slots)
        return noted(value, self._terms[turn][slot])

    def parameters(self) -> tuple[float, ...]:
        """The parameters of the iteration."""
        if self._parameters is None:
            values = list(self._iteration.parameters)
            reach = max(1.0, *map(abs, values)) if values else 1.0
            for place, value in enumerate(values):
                if 0 < abs(value) < WORTH_A_LOOK * reach and self._plan.is_updated[place] and self._before:
                    values[place] = self._left_by(self._before(), place, value)
            self._parameters = tuple(values)
        return self._parameters

    def _left_by(self, old: Iteration, place: int, value: float) -> float:
        """A parameter's value as the update before has left it."""
        entry = Entry("update", self._program.parameter_names[place])
        made_of = numbers_of_line(self._plan, old, entry, place, old.parameters[place], old.gradients[place])
        return noted_value(tree_of_line(self._plan, entry), made_of, value)

    def loss(self) -> float:
        """The loss, reduced over the batch."""
        return self._reduced(self._iteration.loss, self._program.loss)

    def gradient(self, place: int) -> float:
        """A parameter's gradient, reduced over the batch."""
        program = self._program
        return self._reduced(self._iteration.gradients[place], program.gradients[program.parameter_names[place]])

    def _reduced(self, value: float, slot: int) -> float:
        count = len(self._iteration.batch)
        if count == 1:
            return self.slot(0, slot)
        if value == 0:
            return value
        turns = range(count)
        numbers = [
            self.slot(turn, slot) if count <= _MOST_TERMS else self._iteration.slots[turn][slot] for turn in turns
        ]
        return noted(value, self._plan.reduced(max(map(term_of, numbers))))

    def _largest_terms(self, slots: Sequence[float]) -> list[float]:
        """For every slot the largest term that made its number; a shown number that has digits left makes its own."""
        program = self._program
        terms = [abs(number) for number in slots]
        for slot, value in zip(program.parameters, self.parameters(), strict=True):
            terms[slot] = term_of(value)
        shown = program.shown
        for line in program.instructions:
            out, operands = line.out, line.operands
            value = slots[out]
            term = largest_term(
                line.function, value, [slots[place] for place in operands], [terms[place] for place in operands]
            )
            terms[out] = abs(value) if out in shown and not is_rounding(value, term) else term
        return terms
