"""Which numbers of an iteration are nothing but rounding: noted as they are looked up, a pass at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tui_backprop.engine.iteration import Iteration, Pass
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.maths.cancellation import is_rounding, largest_term, noted, noted_value, term_of
from tui_backprop.on_demand import OnDemand
from tui_backprop.record.step_layout import Entry
from tui_backprop.record.update_lines import numbers_of_line, tree_of_line

WORTH_A_LOOK = 1e-9
"""What is larger than this, beside the largest number of its pass, is taken for what it is."""

_MOST_TERMS = 64
"""Of more examples than this each one's number is taken for what it is when they are averaged."""


class Remnants:
    """The numbers of an iteration, those that are nothing but rounding as Remnants. Where layers are computed by
    matrices all numbers are taken for what they are: no instruction tells which terms made one.

    before: gives the iteration before this one, whose update made the parameters; None where there is none.
    """

    def __init__(
        self, program: Program, plan: Plan, iteration: Iteration, before: Callable[[], Iteration] | None
    ) -> None:
        self._program = program
        self._plan = plan
        self._iteration = iteration
        self._before = before
        self._parameters: Sequence[float] | None = iteration.parameters if program.layers else None
        self._examples: dict[int, Pass] = {}

    def example(self, turn: int) -> Pass:
        """The numbers of one of the iteration's examples."""
        if self._program.layers:
            return self._iteration.passes[turn]
        if turn not in self._examples:
            slots = _NotedSlots(self._program, self._iteration.passes[turn].slots, self.parameters())
            self._examples[turn] = Pass(self._program, slots, self.parameters())
        return self._examples[turn]

    def parameters(self) -> Sequence[float]:
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
        entry = Entry("update", self._program.graph.parameters[place])
        made_of = numbers_of_line(self._plan, old, entry, place, old.parameters[place], old.gradients[place])
        return noted_value(tree_of_line(self._plan, entry), made_of, value)

    def loss(self) -> float:
        """The loss, reduced over the batch."""
        loss = self._program.graph.loss
        return self._reduced(self._iteration.loss, lambda seen: seen.numbers[loss])

    def gradient(self, place: int) -> float:
        """A parameter's gradient, reduced over the batch."""
        name = self._program.graph.parameters[place]
        return self._reduced(self._iteration.gradients[place], lambda seen: seen.gradient(name))

    def _reduced(self, value: float, number: Callable[[Pass], float]) -> float:
        count = len(self._iteration.batch)
        if value == 0 or self._program.layers:
            return value
        if count == 1:
            return number(self.example(0))
        examples = map(self.example, range(count)) if count <= _MOST_TERMS else self._iteration.passes
        return noted(value, self._plan.reduced(max(term_of(number(seen)) for seen in examples), count))


class _NotedSlots(OnDemand[float]):
    """The slots of one example, looked up as they are noted."""

    def __init__(self, program: Program, slots: Sequence[float], parameters: Sequence[float]) -> None:
        self._program = program
        self._slots = slots
        self._parameters = parameters
        self._terms: list[float] | None = None
        self._reach = max(1.0, *(abs(number) for number in slots if math.isfinite(number)))

    def __len__(self) -> int:
        return len(self._slots)

    def made(self, slot: int) -> float:
        """The number in a slot."""
        value = self._slots[slot]
        if value == 0 or not abs(value) < WORTH_A_LOOK * self._reach:
            return value
        if self._terms is None:
            self._terms = self._largest_terms()
        return noted(value, self._terms[slot])

    def _largest_terms(self) -> list[float]:
        """For every slot the largest term that made its number; a shown number that has digits left makes its own."""
        program, slots = self._program, self._slots
        terms = [abs(number) for number in slots]
        for slot, value in zip(program.parameters, self._parameters, strict=True):
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
