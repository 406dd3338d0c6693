"""All the numbers of one iteration, computed operation by operation, with nothing thrown away."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from tui_backprop.engine.compiled import Loop, compile_loop
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.engine.update_rule import Column, passing_lines
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.functions import FUNCTIONS


class Pass:
    """The numbers of one example's forward and backward pass, looked up by name where they lie.

    slots: the program's, for this example.
    """

    def __init__(self, program: Program, slots: Sequence[float], parameters: Sequence[float]) -> None:
        self._program = program
        self.slots = slots
        self.numbers: Mapping[str, float] = _Numbers(program, slots, parameters)
        """Every value by name: constants, parameters, inputs, nodes."""

    def gradient(self, name: str) -> float:
        """The gradient with respect to a node or parameter. Raises KeyError for a node that does not reach the loss."""
        slot = self._program.gradients.get(name)
        if slot is not None:
            return self.slots[slot]
        graph = self._program.graph
        if name not in graph.parameter_places:
            raise KeyError(name)
        # A weight of a layer that is kept whole: what its matrix product sums up over all examples.
        first, *others = [self.gradient(user) * self.factor(user, name) for user in graph.consumers[name]]
        return sum(others, first)

    def factor(self, of: str, wrt: str) -> float:
        """The factor of an edge; into a neuron of a layer that is kept whole, the number that is multiplied by."""
        slot = self._program.factors.get((of, wrt))
        return evaluate(self._program.graph.factors[of, wrt], self.numbers) if slot is None else self.slots[slot]


class _Numbers(Mapping[str, float]):
    def __init__(self, program: Program, slots: Sequence[float], parameters: Sequence[float]) -> None:
        self._program = program
        self._slots = slots
        self._parameters = parameters

    def __getitem__(self, name: str) -> float:
        place = self._program.graph.parameter_places.get(name)
        return self._slots[self._program.named[name]] if place is None else self._parameters[place]

    def __contains__(self, name: object) -> bool:
        return name in self._program.named or name in self._program.graph.parameter_places

    def __iter__(self) -> Iterator[str]:
        return chain(self._program.graph.parameters, self._program.named)

    def __len__(self) -> int:
        return len(self._program.graph.parameters) + len(self._program.named)


class Iteration(Struct, frozen=True):
    """The numbers of one iteration.

    number: how many updates came before it.
    vector: what it starts from: the parameters, then name by name the optimizer's state of the updated ones.
    parameters, state: its two parts.
    batch: the indices of the examples it sees; `passes` has the numbers of each of them.
    loss, gradients: reduced over the batch; gradients in the order of the parameters.
    rate: the learning rate of its update; None where there is none.
    lines: for each line of the update its value for every updated parameter; () where nothing is updated.
    updated: the vector after the iteration's update; without a learning rate, the same one.
    """

    number: int
    vector: Sequence[float]
    parameters: Sequence[float]
    state: Sequence[float]
    batch: tuple[int, ...]
    passes: Sequence[Pass]
    loss: float
    gradients: Sequence[float]
    rate: float | None
    lines: tuple[Column, ...]
    updated: Sequence[float]


class Interpreter:
    """Runs a program one instruction at a time with IEEE 754 results: nothing raises, everything is kept."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program = program
        self._plan = plan
        self._shown = program.shown
        self._unary: list[tuple[Callable[..., float], int, int, int]] = []
        for instruction in program.instructions:
            first, *rest = instruction.operands
            self._unary.append((FUNCTIONS[instruction.function].value, instruction.out, first, rest[0] if rest else -1))

    @property
    def cost(self) -> int:
        """How long an iteration takes, in instructions on plain numbers."""
        return len(self.program.instructions) * self._plan.batch_size

    @property
    def kept_bytes(self) -> int:
        """How much an iteration takes that is kept, roughly: a number and the reference to it."""
        return 32 * len(self.program.initial) * self._plan.batch_size

    def kept(self, vector: Iterable[float]) -> Sequence[float]:
        """A vector's numbers, in the form in which this engine keeps them."""
        return tuple(vector)

    def example(self, parameters: Sequence[float], example: int) -> Pass:
        """The numbers of one example."""
        return Pass(self.program, self._slots(parameters, example), parameters)

    def _slots(self, parameters: Sequence[float], example: int) -> list[float]:
        program = self.program
        slots = list(program.initial)
        for slot, value in zip(program.parameters, parameters, strict=True):
            slots[slot] = value
        for slot, value in zip(program.inputs, self._plan.examples[example], strict=True):
            slots[slot] = value
        for value_of, out, first, second in self._unary:
            slots[out] = value_of(slots[first]) if second < 0 else value_of(slots[first], slots[second])
        return slots

    def iteration(self, number: int, vector: Sequence[float]) -> Iteration:
        """Every number of an iteration that starts at the given parameters and state."""
        program, plan = self.program, self._plan
        count = len(program.parameters)
        parameters, state = vector[:count], vector[count:]
        batch = plan.batch(number)
        slots = tuple(self._slots(parameters, example) for example in batch)
        size = len(batch)
        loss = plan.reduced(_summed(slots, program.loss), size)
        gradient_slots = (program.gradients[name] for name in program.graph.parameters)
        gradients = tuple(plan.reduced(_summed(slots, slot), size) for slot in gradient_slots)
        passes = tuple(Pass(program, of_example, parameters) for of_example in slots)
        update = self._update(number, vector, gradients)
        return Iteration(number, vector, parameters, state, batch, passes, loss, gradients, *update)

    def _update(
        self, number: int, vector: Sequence[float], gradients: Sequence[float]
    ) -> tuple[float | None, tuple[Column, ...], Sequence[float]]:
        """The learning rate, the values of every line, and the vector afterwards."""
        rule, places = self._plan.rule, self._plan.updated_places
        if rule is None:
            return None, (), vector
        slots = rule.begun(number)
        before, count = len(gradients), len(places)
        w, g = [vector[place] for place in places], [gradients[place] for place in places]
        kept = [list(vector[before + count * turn :][:count]) for turn in range(len(rule.state))]
        lines = rule.columns(slots, w, g, kept)
        updated = list(vector[:before])
        for place, value in zip(places, lines[-1], strict=True):
            updated[place] = value
        for line in rule.kept:
            updated.extend(lines[line])
        return slots[rule.eta], lines, tuple(updated)

    def loop(self) -> Loop:
        """The training loop of the program. It needs a learning rate."""
        return compile_loop(self.program, self._plan)

    def is_finite(self, iteration: Iteration) -> bool:
        """Whether every number that a step shows is finite; what is updated counts for the next iteration."""
        numbers = (iteration.loss, iteration.rate or 0.0, *iteration.vector, *iteration.gradients)
        passing = passing_lines(self._plan.rule)
        return (
            all(map(math.isfinite, numbers))
            and all(math.isfinite(number) for place in passing for number in iteration.lines[place])
            and self.first_not_finite(iteration) is None
        )

    def first_not_finite(self, iteration: Iteration) -> int | None:
        """The first example, by its turn, whose passes show a number that is not finite."""
        turns = enumerate(iteration.passes)
        return next(
            (turn for turn, seen in turns if not all(math.isfinite(seen.slots[slot]) for slot in self._shown)), None
        )


def _summed(slots: tuple[list[float], ...], slot: int) -> float:
    return summed(of_example[slot] for of_example in slots)


def summed(numbers: Iterable[float]) -> float:
    """The sum in the order of the examples, as the compiled loop adds them: the same bits."""
    # -0.0 is what changes no number.
    total = -0.0
    for number in numbers:
        total += number
    return total
