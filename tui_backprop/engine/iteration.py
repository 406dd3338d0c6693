"""What are all the numbers of one iteration? Computed operation by operation, with nothing thrown away."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from tui_backprop.engine.compiled import Loop, compile_loop
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.maths.functions import FUNCTIONS


class Iteration(Struct, frozen=True):
    """The numbers of one iteration.

    number: how many updates came before it.
    parameters: their values in it.
    batch: the indices of the examples it sees; `slots` has the program's slots for each of them.
    loss, gradients: reduced over the batch; gradients in the order of the parameters.
    updated: the parameters after the iteration's update; without a learning rate, the same ones.
    """

    number: int
    parameters: tuple[float, ...]
    batch: tuple[int, ...]
    slots: Sequence[Sequence[float]]
    loss: float
    gradients: tuple[float, ...]
    updated: tuple[float, ...]


class Interpreter:
    """Runs a program one instruction at a time with IEEE 754 results: nothing raises, everything is kept."""

    has_loop = True

    def __init__(self, program: Program, plan: Plan) -> None:
        self._program = program
        self._plan = plan
        self._shown = program.shown
        self._unary: list[tuple[Callable[..., float], int, int, int]] = []
        for instruction in program.instructions:
            first, *rest = instruction.operands
            self._unary.append((FUNCTIONS[instruction.function].value, instruction.out, first, rest[0] if rest else -1))

    @property
    def cost(self) -> int:
        """How long an iteration takes, in instructions on plain numbers."""
        return len(self._program.instructions) * self._plan.batch_size

    def example(self, parameters: Sequence[float], example: int) -> list[float]:
        """The slots of the program for one example."""
        program = self._program
        slots = list(program.initial)
        for slot, value in zip(program.parameters, parameters, strict=True):
            slots[slot] = value
        for slot, value in zip(program.inputs, self._plan.examples[example], strict=True):
            slots[slot] = value
        for value_of, out, first, second in self._unary:
            slots[out] = value_of(slots[first]) if second < 0 else value_of(slots[first], slots[second])
        return slots

    def iteration(self, number: int, parameters: tuple[float, ...]) -> Iteration:
        """Every number of an iteration that starts at the given parameters."""
        program, plan = self._program, self._plan
        batch = plan.batch(number)
        slots = tuple(self.example(parameters, example) for example in batch)
        gradient_slots = [program.gradients[name] for name in program.parameter_names]
        if plan.has_averages:
            loss = plan.reduced(_summed(slots, program.loss))
            gradients = tuple(plan.reduced(_summed(slots, slot)) for slot in gradient_slots)
        else:
            loss = slots[0][program.loss]
            gradients = tuple(slots[0][slot] for slot in gradient_slots)
        return Iteration(number, parameters, batch, slots, loss, gradients, plan.updated(parameters, gradients))

    def loop(self) -> Loop:
        """The training loop of the program. It needs a learning rate."""
        return compile_loop(self._program, self._plan)

    def is_finite(self, iteration: Iteration) -> bool:
        """Whether every number that a step shows is finite; the updated parameters count for the next iteration."""
        numbers = (iteration.loss, *iteration.parameters, *iteration.gradients)
        return all(map(math.isfinite, numbers)) and all(
            math.isfinite(slots[slot]) for slots in iteration.slots for slot in self._shown
        )


def _summed(slots: tuple[list[float], ...], slot: int) -> float:
    # In the order of the examples, as the compiled loop adds them: the same bits.
    total = 0.0
    for of_example in slots:
        total += of_example[slot]
    return total
