"""Which numbers of an iteration are nothing but rounding: noted as they are looked up, a pass at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.maths.rounding import is_rounding, largest_term, noted, term_of

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
            values = self._iteration.parameters
            reach = max(map(abs, values), default=0.0)
            is_suspect = any(0 < abs(value) < WORTH_A_LOOK * max(1.0, reach) for value in values)
            if is_suspect and self._before is not None:
                old = self._before()
                pairs = zip(old.parameters, old.gradients, values, self._plan.is_updated, strict=True)
                values = tuple(self._updated(*pair) for pair in pairs)
            self._parameters = values
        return self._parameters

    def updated(self, place: int) -> float:
        """A parameter after the iteration's update."""
        iteration = self._iteration
        return self._updated(
            self.parameters()[place], self.gradient(place), iteration.updated[place], self._plan.is_updated[place]
        )

    def _updated(self, before: float, gradient: float, after: float, moves: bool) -> float:
        rate = self._plan.learning_rate
        return noted(after, max(term_of(before), rate * term_of(gradient))) if moves and rate is not None else after

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
