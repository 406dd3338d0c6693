"""All the numbers of one iteration, computed operation by operation, with nothing thrown away."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from tui_backprop.engine.compiled import Loop, compile_loop
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.engine.update_rule import Column, passing_lines
from tui_backprop.maths.functions import FUNCTIONS


class Iteration(Struct, frozen=True):
    """The numbers of one iteration.

    number: how many updates came before it.
    parameters: their values in it. state: name by name the optimizer's, of every updated parameter.
    batch: the indices of the examples it sees; `slots` has the program's slots for each of them.
    loss, gradients: reduced over the batch; gradients in the order of the parameters.
    rate: the learning rate of its update; None where there is none.
    lines: for each line of the update its value for every updated parameter; () where nothing is updated.
    updated: the vector after the iteration's update; without a learning rate, the same one.
    """

    number: int
    parameters: tuple[float, ...]
    state: tuple[float, ...]
    batch: tuple[int, ...]
    slots: Sequence[Sequence[float]]
    loss: float
    gradients: tuple[float, ...]
    rate: float | None
    lines: tuple[Column, ...]
    updated: tuple[float, ...]


class Interpreter:
    """Runs a program one instruction at a time with IEEE 754 results: nothing raises, everything is kept."""

    has_loop = True

    def __init__(self, program: Program, plan: Plan) -> None:
        self._program = program
        self._plan = plan
        self._shown = program.shown
        self._places = plan.updated_places
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

    def iteration(self, number: int, vector: tuple[float, ...]) -> Iteration:
        """Every number of an iteration that starts at the given parameters and state."""
        program, plan = self._program, self._plan
        count = len(program.parameters)
        parameters, state = vector[:count], vector[count:]
        batch = plan.batch(number)
        slots = tuple(self.example(parameters, example) for example in batch)
        gradient_slots = [program.gradients[name] for name in program.parameter_names]
        if plan.has_averages:
            loss = plan.reduced(_summed(slots, program.loss))
            gradients = tuple(plan.reduced(_summed(slots, slot)) for slot in gradient_slots)
        else:
            loss = slots[0][program.loss]
            gradients = tuple(slots[0][slot] for slot in gradient_slots)
        update = self._update(number, parameters, gradients, state)
        return Iteration(number, parameters, state, batch, slots, loss, gradients, *update)

    def _update(
        self, number: int, parameters: tuple[float, ...], gradients: tuple[float, ...], state: tuple[float, ...]
    ) -> tuple[float | None, tuple[Column, ...], tuple[float, ...]]:
        """The learning rate, the values of every line, and the vector afterwards."""
        rule, places = self._plan.rule, self._places
        if rule is None:
            return None, (), parameters
        count = len(places)
        slots = rule.begun(number)
        w, g = [parameters[place] for place in places], [gradients[place] for place in places]
        kept = [list(state[count * place : count * (place + 1)]) for place in range(len(rule.state))]
        lines = rule.columns(slots, w, g, kept)
        updated = list(parameters)
        for place, value in zip(places, lines[-1], strict=True):
            updated[place] = value
        for line in rule.kept:
            updated.extend(lines[line])
        return slots[rule.eta], lines, tuple(updated)

    def loop(self) -> Loop:
        """The training loop of the program. It needs a learning rate."""
        return compile_loop(self._program, self._plan)

    def is_finite(self, iteration: Iteration) -> bool:
        """Whether every number that a step shows is finite; what is updated counts for the next iteration."""
        numbers = (iteration.loss, iteration.rate or 0.0, *iteration.parameters, *iteration.state, *iteration.gradients)
        rule = self._plan.rule
        return (
            all(map(math.isfinite, numbers))
            and all(math.isfinite(slots[slot]) for slots in iteration.slots for slot in self._shown)
            and all(math.isfinite(number) for place in passing_lines(rule) for number in iteration.lines[place])
        )


def _summed(slots: tuple[list[float], ...], slot: int) -> float:
    # In the order of the examples, as the compiled loop adds them: the same bits.
    total = 0.0
    for of_example in slots:
        total += of_example[slot]
    return total
