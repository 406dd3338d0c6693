"""How does training get fast with many examples? Every operation is done for all of them at once, by numpy.

It is another engine than the one for few examples: numpy's exponential may differ from Python's in the last bit, and
sums over operands and examples are added in another order. A run uses one engine from its first iteration to its last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import numpy as np

from tui_backprop.engine.compiled import Loop
from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program
from tui_backprop.engine.update_rule import Column, passing_lines
from tui_backprop.engine.vectorised.array_functions import NAMESPACE, array_function
from tui_backprop.engine.vectorised.array_source import ArraySource, write_source
from tui_backprop.engine.vectorised.array_update import ArrayUpdate, rule_on_arrays
from tui_backprop.engine.vectorised.blocks import Block, Operation, Packing
from tui_backprop.engine.vectorised.packing import pack
from tui_backprop.engine.watched import guards, updated_gradients

Array = np.ndarray[Any, np.dtype[np.float64]]

_MOST_OPERATIONS = 5_000
"""Past this many, Python's compiler would take longer than a run; then each is done by itself."""

_CALL, _NUMBERS_AT_ONCE = 25, 64
"""What a call of numpy costs by itself, and how many numbers it does in the time of one instruction."""


class ArrayInterpreter:
    """Runs a program on all examples of an iteration at once; nothing raises, everything is kept."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self._program = program
        self._plan = plan
        self._rule = rule_on_arrays(plan.rule) if plan.rule else None
        self._shown = program.shown
        self._rows = {slot: row for row, slot in enumerate(program.inputs)}
        examples = np.array(plan.examples, dtype=np.float64).reshape(len(plan.examples), len(program.inputs)).T
        # Twice in a row where batches wrap: each is a slice.
        twice = plan.batch_size < len(plan.examples)
        self._examples = np.ascontiguousarray(np.concatenate((examples, examples), axis=1) if twice else examples)
        guarded = guards(program, plan)
        self._packing = _packing(program, plan, guarded)
        self._source: ArraySource = write_source(program, plan, self._packing, guarded)
        self._functions = _compiled(self._source)
        done = {*self._source.singles, *self._packing.slots}
        functions = {name: array_function(name) for name in {line.function for line in program.instructions}}
        self._rest = [
            (functions[line.function], line.out, line.operands) for line in program.instructions if line.out not in done
        ]
        summed_together = {place for place, _ in updated_gradients(program, plan)}
        self._summed_apart = [
            (place, program.gradients[name])
            for place, name in enumerate(program.parameter_names)
            if place not in summed_together or not self._packing.operations
        ]

    @property
    def has_loop(self) -> bool:
        """Whether `loop` may be called: not for a graph with too many different operations."""
        return bool(self._packing.operations)

    @property
    def cost(self) -> int:
        """How long an iteration takes, in instructions on plain numbers; a rough measure."""
        return sum(
            _CALL + _rows(operation) * self._plan.batch_size // _NUMBERS_AT_ONCE
            for operation in self._packing.operations
        )

    def example(self, parameters: Sequence[float], example: int) -> Sequence[float]:
        """The slots of the program for one example."""
        plan = self._plan
        is_whole = plan.batch_size == len(plan.examples)
        slots, _ = self._slots(parameters, 0 if is_whole else example)
        return _Column(slots, example if is_whole else 0)

    def _slots(self, parameters: Sequence[float], start: int) -> tuple[list[Any], Array]:
        """All slots for the batch that starts at an example, and the sums of the gradients."""
        program, size = self._program, self._plan.batch_size
        row = np.array(parameters, dtype=np.float64)
        sums = np.zeros_like(row)
        batch = self._examples[:, start : start + size]
        slots: list[Any] = [np.float64(value) for value in program.initial]
        for slot, value in zip(program.parameters, row, strict=True):
            slots[slot] = value
        for slot, values in zip(program.inputs, batch, strict=True):
            slots[slot] = values
        with np.errstate(all="ignore"):
            shown = self._functions["once"](row, sums, batch)
            blocks = dict(zip(self._source.blocks, shown, strict=False))
            for slot, (block, place) in self._packing.slots.items():
                slots[slot] = blocks[block][place]
            for slot, value in zip(self._source.singles, shown[len(blocks) :], strict=True):
                slots[slot] = value
            for value_of, out, operands in self._rest:
                slots[out] = value_of(*[slots[operand] for operand in operands])
            for place, slot in self._summed_apart:
                sums[place] = _summed(slots[slot], size)
        return slots, sums

    def iteration(self, number: int, vector: tuple[float, ...]) -> Iteration:
        """Every number of an iteration that starts at the given parameters and state."""
        program, plan = self._program, self._plan
        count = len(program.parameters)
        parameters, state = vector[:count], vector[count:]
        batch = plan.batch(number)
        slots, sums = self._slots(parameters, batch[0])
        with np.errstate(all="ignore"):
            loss = plan.reduced(_summed(slots[program.loss], len(batch)))
            gradients = tuple(map(plan.reduced, sums.tolist()))
        rate: float | None = None
        lines: tuple[Column, ...] = ()
        updated = vector
        if self._rule is not None:
            row = np.array(parameters)
            update = ArrayUpdate(self._rule, plan.is_updated, row, np.array(gradients), np.array(state))
            with np.errstate(all="ignore"):
                update(number)
            rate, lines, updated = update.rate, update.lines, _vector(row, update)
        columns = _Columns(slots, len(batch))
        return Iteration(number, parameters, state, batch, columns, loss, gradients, rate, lines, updated)

    def is_finite(self, iteration: Iteration) -> bool:
        """Whether every number that a step of the iteration shows is finite."""
        columns = iteration.slots
        assert isinstance(columns, _Columns)
        rate = iteration.rate or 0.0
        finite = [iteration.loss, rate, *iteration.parameters, *iteration.state, *iteration.gradients]
        return (
            bool(np.isfinite(finite).all())
            and all(bool(np.isfinite(columns.arrays[slot]).all()) for slot in self._shown)
            and all(bool(np.isfinite(iteration.lines[place]).all()) for place in passing_lines(self._plan.rule))
        )

    def loop(self) -> Loop:
        """The training loop of the program. It needs a learning rate."""
        run, examples, plan = self._functions["run"], self._examples, self._plan
        rule, parameters = self._rule, len(self._program.parameters)
        assert rule is not None

        def loop(
            first: int, count: int, vector: tuple[float, ...], losses: list[float]
        ) -> tuple[tuple[float, ...], float]:
            numbers = np.array(vector, dtype=np.float64)
            row, kept = numbers[:parameters], numbers[parameters:]
            sums = np.zeros_like(row)
            update = ArrayUpdate(rule, plan.is_updated, row, sums, kept)
            with np.errstate(all="ignore"):
                guard = run(first, count, update, row, sums, examples, losses.append)
                return _vector(row, update), float(np.add.reduce(guard, None))

        return loop


def _vector(parameters: Array, update: ArrayUpdate) -> tuple[float, ...]:
    numbers = parameters.tolist()
    for row in update.state:
        numbers += row.tolist()
    return tuple(numbers)


def _rows(operation: Operation) -> int:
    return len(operation.out.slots) if isinstance(operation.out, Block) else 1


def _packing(program: Program, plan: Plan, guarded: Sequence[int]) -> Packing:
    packing = pack(program, [program.loss, *guarded], updated_gradients(program, plan))
    if len(packing.operations) <= _MOST_OPERATIONS:
        return packing
    return Packing((), {}, (), ())


def _compiled(source: ArraySource) -> dict[str, Callable[..., Any]]:
    places = {f"places{number}": np.array(rows) for number, rows in enumerate(source.places)}
    namespace: dict[str, Any] = {**NAMESPACE, **places, "summed": _summed, "__builtins__": {"range": range}}
    exec(compile(source.text, "<iteration on arrays>", "exec"), namespace)
    return {name: namespace[name] for name in ("run", "once")}


def _summed(value: Any, count: int) -> float:
    """The sum over the examples; a number that is the same for all of them counts for each."""
    return float(np.add.reduce(value)) if getattr(value, "ndim", 0) else float(value) * count


class _Column(Sequence[float]):
    """The slots of one example, looked up where they lie."""

    def __init__(self, arrays: list[Any], turn: int) -> None:
        self._arrays = arrays
        self._turn = turn

    @overload
    def __getitem__(self, slot: int) -> float: ...
    @overload
    def __getitem__(self, slot: slice) -> Sequence[float]: ...
    def __getitem__(self, slot: int | slice) -> float | Sequence[float]:
        if isinstance(slot, slice):
            return [self[place] for place in range(*slot.indices(len(self)))]
        value = self._arrays[slot]
        return float(value[self._turn]) if value.ndim else float(value)

    def __len__(self) -> int:
        return len(self._arrays)


class _Columns(Sequence[Sequence[float]]):
    """The slots of every example of an iteration."""

    def __init__(self, arrays: list[Any], count: int) -> None:
        self.arrays = arrays
        self._count = count

    @overload
    def __getitem__(self, turn: int) -> Sequence[float]: ...
    @overload
    def __getitem__(self, turn: slice) -> Sequence[Sequence[float]]: ...
    def __getitem__(self, turn: int | slice) -> Sequence[float] | Sequence[Sequence[float]]:
        if isinstance(turn, slice):
            return [_Column(self.arrays, place) for place in range(*turn.indices(self._count))]
        if not -self._count <= turn < self._count:
            raise IndexError(turn)
        return _Column(self.arrays, turn % self._count)

    def __iter__(self) -> Iterator[Sequence[float]]:
        return (_Column(self.arrays, turn) for turn in range(self._count))

    def __len__(self) -> int:
        return self._count
