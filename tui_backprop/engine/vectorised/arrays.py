"""Every operation of an iteration done for all its examples at once, by numpy, and every layer by matrix products.

It is another engine than the one for few examples: numpy's exponential may differ from Python's in the last bit, and
sums over operands and examples are added in another order. A run uses one engine from its first iteration to its last.
Walking through a run and training at a stretch do the same operations on the same arrays: the same bits.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from tui_backprop.engine.compiled import Loop
from tui_backprop.engine.iteration import Iteration, Pass
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Instruction, Program, live
from tui_backprop.engine.update_rule import Column, passing_lines
from tui_backprop.engine.vectorised.array_functions import function_on_arrays
from tui_backprop.engine.vectorised.array_update import ArrayUpdate, rule_on_arrays
from tui_backprop.engine.vectorised.layer_arrays import Array, LayerArrays, Slots, Views
from tui_backprop.engine.watched import guards, updated_gradients
from tui_backprop.on_demand import OnDemand

_CALL, _NUMBERS_AT_ONCE, _PRODUCTS_AT_ONCE, _CALLS_A_LAYER = 25, 64, 500, 8
"""What a call of numpy costs by itself, how many numbers, and products of matrices, it does in the time of one
instruction, and how often a layer calls it."""

_Stretch = tuple[list[tuple[Callable[..., Any], int, tuple[int, ...]]], int, bool]
"""Operations that follow each other: what computes a slot from which others; then the number of the layer that comes
after them, -1 for none, and whether its backward pass does."""


class ArrayInterpreter:
    """Runs a program on all examples of an iteration at once; nothing raises."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program = program
        self._plan = plan
        examples = np.array(plan.examples, dtype=np.float64).reshape(len(plan.examples), len(program.inputs)).T
        self._examples = np.ascontiguousarray(examples)
        places = program.graph.parameter_places
        self._gradients = [(places[name], slot) for name, slot in program.gradients.items() if name in places]
        self._besides = [(places[name], slot) for name, slot in program.besides.items()]
        self._rule = rule_on_arrays(plan.rule) if plan.rule else None
        is_whole = len(plan.updated_places) == len(program.parameters)
        self._updated = None if is_whole else np.array(plan.updated_places, dtype=np.intp)
        self._watches_gradients = not (is_whole and plan.rule and plan.rule.tells_gradient)
        self._guards = list(guards(program, plan))
        into_layers: list[int] = [slot for _, slot in self._besides]
        for layer in program.layers:
            into_layers += [*layer.inputs, *(slot for _, slot in (*layer.into_z, *layer.into_a))]
        outputs = [program.loss, *self._guards, *into_layers]
        needed = live(program.instructions, [*outputs, *(slot for _, slot in updated_gradients(program, plan))])
        read = frozenset(
            {slot for line in program.instructions for slot in line.operands}.union(
                outputs, program.factors.values(), (slot for _, slot in self._gradients)
            )
        )
        self._layers = [LayerArrays(program, number, read) for number in range(len(program.layers))]
        for arrays in self._layers:
            self._guards += arrays.hiding(program)
        self._everything = self._stretches({line.out for line in program.instructions})
        self._needed = self._stretches({line.out for line in needed})
        # Those of layers lie in the row of all parameters; there may be very many.
        of_parameters = read if program.layers else {*program.parameters}
        self._read = [(slot, place) for place, slot in enumerate(program.parameters) if slot in of_parameters]
        self._initial = self._slots_before()
        of_layers = {slot for layer in program.layers for slot in layer.filled}
        self._shown = sorted(program.shown - of_layers - {*program.parameters})

    def _slots_before(self) -> Slots:
        program = self.program
        slots: Slots = [None] * len(program.parameters)
        first = program.parameters[0] if slots else 0
        slots[:0] = map(np.float64, program.initial[:first])
        slots += map(np.float64, program.initial[len(slots) :])
        return slots + [None] * sum(len(layer.arrays) for layer in self._layers)

    def _stretches(self, wanted: set[int]) -> list[_Stretch]:
        layers = self.program.layers
        stops = [(layer.forward_at, number, False) for number, layer in enumerate(layers)]
        stops += [(layer.backward_at, number, True) for number, layer in reversed([*enumerate(layers)])]
        found: list[_Stretch] = []
        done = 0
        for stop, number, is_backward in (*stops, (len(self.program.instructions), -1, False)):
            lines: Iterable[Instruction] = self.program.instructions[done:stop]
            operations = [
                (function_on_arrays(line.function), line.out, line.operands) for line in lines if line.out in wanted
            ]
            found.append((operations, number, is_backward))
            done = stop
        return found

    @property
    def cost(self) -> int:
        """How long an iteration takes, in instructions on plain numbers; a rough measure."""
        size = self._plan.batch_size
        calls, numbers, products = 0, 0, 0
        for operations, _, _ in self._needed:
            calls, numbers = calls + len(operations), numbers + len(operations) * size
        for layer in self.program.layers:
            calls, numbers = calls + _CALLS_A_LAYER, numbers + _CALLS_A_LAYER * len(layer.z) * size
            products += 3 * len(layer.z) * len(layer.inputs) * size
        return calls * _CALL + numbers // _NUMBERS_AT_ONCE + products // _PRODUCTS_AT_ONCE

    @property
    def kept_bytes(self) -> int:
        """How much an iteration takes that is kept."""
        rows = sum(len(operations) for operations, _, _ in self._everything)
        rows += sum(5 * len(layer.z) + len(layer.inputs) for layer in self.program.layers)
        rule, parameters = self._plan.rule, len(self.program.parameters)
        lines = len(rule.lines) + len(rule.state) if rule else 0
        return 8 * (rows * self._plan.batch_size + (3 + lines) * parameters)

    def kept(self, vector: Iterable[float]) -> Sequence[float]:
        """A vector's numbers, in the form in which this engine keeps them: one after the other, read-only."""
        row = vector if isinstance(vector, array) else array("d", vector)
        return memoryview(row).toreadonly()

    def example(self, parameters: Sequence[float], example: int) -> Pass:
        """The numbers of one example."""
        slots, _ = self._all_slots(_row(parameters), (example,))
        return Pass(self.program, _Column(slots, 0), parameters)

    def iteration(self, number: int, vector: Sequence[float]) -> Iteration:
        """Every number of an iteration that starts at the given parameters and state."""
        batch = self._plan.batch(number)
        count = len(self.program.parameters)
        row = _row(vector)
        slots, sums = self._all_slots(row[:count], batch)
        rate: float | None = None
        lines: tuple[Column, ...] = ()
        updated = row
        with np.errstate(all="ignore"):
            loss = self._reduced(slots, sums, len(batch))
            if self._rule is not None:
                update = ArrayUpdate(self._rule, self._updated, row.copy(), sums)
                update(number)
                rate, lines, updated = update.rate, update.lines, update.vector
        given = _numbers(row)
        passes = _Passes(self.program, slots, given, len(batch))
        parts = given, given[:count], given[count:]
        return Iteration(number, *parts, batch, passes, loss, _numbers(sums), rate, lines, _numbers(updated))

    def is_finite(self, iteration: Iteration) -> bool:
        """Whether every number that a step of the iteration shows is finite."""
        passing = (iteration.lines[place] for place in passing_lines(self._plan.rule))
        whole = (iteration.loss, iteration.rate or 0.0, np.asarray(iteration.vector), np.asarray(iteration.gradients))
        finite = all(bool(np.isfinite(part).all()) for part in (*whole, *passing))
        return finite and self.first_not_finite(iteration) is None

    def first_not_finite(self, iteration: Iteration) -> int | None:
        """The first example, by its turn, whose passes show a number that is not finite."""
        passes = iteration.passes
        assert isinstance(passes, _Passes)
        finite = np.ones(len(passes), dtype=bool)
        for slot in (*self._shown, *(slot for layer in self._layers for slot in layer.arrays)):
            found = np.isfinite(passes.slots[slot])
            finite &= found.all(axis=0) if found.ndim > 1 else found
        return None if finite.all() else int(np.argmin(finite))

    def loop(self) -> Loop:
        """The training loop of the program. It needs a learning rate."""
        plan, rule, parameters = self._plan, self._rule, len(self.program.parameters)
        assert rule is not None

        def loop(first: int, count: int, vector: Sequence[float], losses: list[float]) -> tuple[Sequence[float], float]:
            numbers = _row(vector).copy()
            row = numbers[:parameters]
            sums = np.zeros_like(row)
            update = ArrayUpdate(rule, self._updated, numbers, sums)
            views = [layer.views(row, sums) for layer in self._layers]
            slots = self._initial.copy()
            guard = 0.0
            with np.errstate(all="ignore"):
                for iteration in range(first, first + count):
                    if iteration == first or not plan.is_whole:
                        batch = self._take_batch(slots, plan.batch(iteration))
                    self._compute(slots, row, sums, views, batch, self._needed)
                    losses.append(self._reduced(slots, sums, batch.shape[1]))
                    for slot in self._guards:
                        guard += float(np.add.reduce(slots[slot], None)) * 0.0
                    if self._watches_gradients:
                        guard += float(np.add.reduce(sums)) * 0.0
                    guard += update(iteration)
            return _numbers(update.vector), guard

        return loop

    def _reduced(self, slots: Slots, sums: Array, size: int) -> float:
        """The loss; means are made of the sums over so many examples, where the plan says so."""
        if self._plan.averages:
            sums /= float(size)
        return self._plan.reduced(_summed(slots[self.program.loss], size), size)

    def _all_slots(self, row: Array, examples: Sequence[int]) -> tuple[Slots, Array]:
        """All slots for a batch, and the sums of the gradients."""
        sums = np.zeros_like(row)
        views = [layer.views(row, sums) for layer in self._layers]
        slots = self._initial.copy()
        batch = self._take_batch(slots, examples)
        with np.errstate(all="ignore"):
            self._compute(slots, row, sums, views, batch, self._everything)
        for layer in self._layers:
            layer.spread(slots)
        return slots, sums

    def _take_batch(self, slots: Slots, examples: Sequence[int]) -> Array:
        """The inputs of a batch, an example in each column; they are put into the slots of the inputs, too."""
        is_all = self._plan.is_whole and len(examples) == len(self._plan.examples)
        batch = self._examples if is_all else self._examples.take(examples, axis=1)
        for slot, numbers in zip(self.program.inputs, batch, strict=True):
            slots[slot] = numbers
        return batch

    def _compute(
        self,
        slots: Slots,
        row: Array,
        sums: Array,
        views: Sequence[Views],
        batch: Array,
        stretches: Sequence[_Stretch],
    ) -> None:
        """Fill the slots of these stretches, of layers those that are read, and the sums of the gradients."""
        for slot, place in self._read:
            slots[slot] = row[place]
        for operations, number, is_backward in stretches:
            for function, out, operands in operations:
                slots[out] = function(*[slots[operand] for operand in operands])
            if is_backward:
                self._layers[number].backward(slots, views[number], views[number + 1 : number + 2])
            elif number >= 0:
                self._layers[number].forward(slots, views[number], batch)
        size = batch.shape[1]
        for place, slot in self._gradients:
            sums[place] = _summed(slots[slot], size)
        for place, slot in self._besides:
            sums[place] += _summed(slots[slot], size)


def _row(numbers: Sequence[float]) -> Array:
    return np.asarray(numbers, dtype=np.float64)


def _numbers(row: Array) -> Sequence[float]:
    return row.data.toreadonly()


def _summed(value: Any, count: int) -> float:
    """The sum over the examples; a number that is the same for all of them counts for each."""
    return float(np.add.reduce(value)) if value.ndim else float(value) * count


class _Column(OnDemand[float]):
    """The slots of one example, looked up where they lie."""

    def __init__(self, slots: Slots, turn: int) -> None:
        self._slots = slots
        self._turn = turn

    def made(self, slot: int) -> float:
        """The number in a slot."""
        value = self._slots[slot]
        return float(value[self._turn]) if value.ndim else float(value)

    def __len__(self) -> int:
        return len(self._slots)


class _Passes(OnDemand[Pass]):
    """The numbers of every example of an iteration."""

    def __init__(self, program: Program, slots: Slots, parameters: Sequence[float], count: int) -> None:
        self.slots = slots
        self.program = program
        self._parameters = parameters
        self._count = count

    def made(self, turn: int) -> Pass:
        """The numbers of an example."""
        return Pass(self.program, _Column(self.slots, turn), self._parameters)

    def __len__(self) -> int:
        return self._count
