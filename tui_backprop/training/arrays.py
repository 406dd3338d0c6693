"""How does training get fast with many examples? Every operation is done for all of them at once, by numpy.

It is another engine than the one for few examples: numpy's exponential may differ from Python's in the last bit, and
sums over the examples are added in another order. A run uses one engine from its first iteration to its last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np

from tui_backprop.maths.functions import FUNCTIONS, Function
from tui_backprop.training.compiled import Loop, LoopWriter, tuple_of
from tui_backprop.training.iteration import Iteration
from tui_backprop.training.plan import Plan
from tui_backprop.training.program import Program

Array = np.ndarray[Any, np.dtype[np.float64]]

_NAMESPACE: Mapping[str, Any] = {
    name: getattr(np, name)
    for name in (
        *("exp", "log", "sqrt", "tanh", "log1p", "sin", "cos", "power", "absolute"),
        *("maximum", "minimum", "where", "heaviside", "sign", "float64"),
        *("inf", "nan"),  # what repr makes of such constants
    )
}


def _value_of(function: Function) -> Callable[..., Any]:
    """The function on arrays: its code from the table, as a function."""
    operands = ", ".join("uv"[: function.arity])
    code = f"lambda {operands}: {function.array_code.format('u', 'v')}"
    value: Callable[..., Any] = eval(code, {**_NAMESPACE, "__builtins__": {}})
    return value


class ArrayInterpreter:
    """Runs a program one instruction at a time on all examples of an iteration; nothing raises, everything is kept."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self._program = program
        self._plan = plan
        self._shown = program.shown
        self._inputs = np.array(plan.examples, dtype=np.float64).reshape(len(plan.examples), len(program.inputs)).T
        functions = {name: _value_of(FUNCTIONS[name]) for name in {line.function for line in program.instructions}}
        self._instructions = [(functions[line.function], line.out, line.operands) for line in program.instructions]

    def example(self, parameters: Sequence[float], example: int) -> Sequence[float]:
        """The slots of the program for one example."""
        return _Column(self._slots(parameters, (example,)), 0)

    def _slots(self, parameters: Sequence[float], batch: Sequence[int]) -> list[Any]:
        program = self._program
        slots: list[Any] = [np.float64(value) for value in program.initial]
        for slot, value in zip(program.parameters, parameters, strict=True):
            slots[slot] = np.float64(value)
        for slot, values in zip(program.inputs, self._inputs[:, list(batch)], strict=True):
            slots[slot] = values
        with np.errstate(all="ignore"):
            for value_of, out, operands in self._instructions:
                slots[out] = value_of(*[slots[operand] for operand in operands])
        return slots

    def iteration(self, number: int, parameters: tuple[float, ...]) -> Iteration:
        """Every number of an iteration that starts at the given parameters."""
        program, plan = self._program, self._plan
        batch = plan.batch(number)
        slots = self._slots(parameters, batch)
        with np.errstate(all="ignore"):
            loss = plan.reduced(_summed(slots[program.loss], len(batch)))
            totals = (_summed(slots[program.gradients[name]], len(batch)) for name in program.parameter_names)
            gradients = tuple(map(plan.reduced, totals))
        return Iteration(
            number,
            parameters,
            batch,
            _Columns(slots, len(batch)),
            loss,
            gradients,
            plan.updated(parameters, gradients),
        )

    def is_finite(self, iteration: Iteration) -> bool:
        """Whether every number that a step of the iteration shows is finite."""
        columns = iteration.slots
        assert isinstance(columns, _Columns)
        finite = [iteration.loss, *iteration.parameters, *iteration.gradients]
        return bool(np.isfinite(finite).all()) and all(
            bool(np.isfinite(columns.arrays[slot]).all()) for slot in self._shown
        )


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


# --- the compiled loop


def compile_array_loop(program: Program, plan: Plan) -> Loop:
    """The training loop of a program on arrays. It needs a learning rate."""
    source = _ArrayLoopWriter(program, plan).source()
    namespace: dict[str, Any] = {**_NAMESPACE, "summed": _summed, "__builtins__": {"range": range, "float": float}}
    exec(compile(source, "<training loop>", "exec"), namespace)
    inputs = np.array(plan.examples, dtype=np.float64).reshape(len(plan.examples), len(program.inputs)).T
    if plan.batch_size < len(plan.examples):
        inputs = np.concatenate((inputs, inputs), axis=1)
    run = namespace["run"]

    def loop(
        first: int, count: int, parameters: tuple[float, ...], losses: list[float]
    ) -> tuple[tuple[float, ...], float]:
        with np.errstate(all="ignore"):
            after, guard = run(first, count, plan.learning_rate, parameters, inputs, losses.append)
        return after, float(np.add.reduce(guard)) if getattr(guard, "ndim", 0) else float(guard)

    return loop


class _ArrayLoopWriter(LoopWriter):
    """Writes the source of a training loop whose local variables hold all examples at once."""

    @staticmethod
    def template(function: Function) -> str:
        """The code of a function in this loop."""
        return function.array_code

    def source(self) -> str:
        """The whole loop; parameters stay Python's floats between iterations, as in the other engine."""
        size, count = self.plan.batch_size, len(self.plan.examples)
        is_whole = size == count
        before, inside = self.split(is_whole)
        names = [f"s{slot}" for slot in self.program.parameters]
        inputs = tuple_of([f"s{slot}" for slot in self.program.inputs])
        divided = f" / {size}" if self.plan.averages else ""
        lines = ["def run(first, count, rate, parameters, examples, append):", f" {tuple_of(names)} = parameters"]
        if is_whole:
            lines.append(f" {inputs} = examples")
        lines += [f" {line}" for line in before]
        lines += [" guard = 0.0", " for iteration in range(first, first + count):"]
        if not is_whole:
            lines.append(f"  start = iteration * {size} % {count}")
            lines.append(f"  {inputs} = examples[:, start:start + {size}]")
        lines += [f"  {name} = float64({name})" for name in names]
        lines += [f"  {line}" for line in [*inside, *self.guard_lines()]]
        lines.append(f"  append(summed({self.text[self.program.loss]}, {size}){divided})")
        # All sums before any update: a gradient may be another parameter itself, as that of a in a*b is b.
        sums = [f"t{place}" for place in range(len(self.gradients))]
        lines += [
            f"  {name} = summed({self.text[gradient]}, {size}){divided}"
            for name, (_, gradient) in zip(sums, self.gradients, strict=True)
        ]
        lines += [
            f"  s{slot} = float(s{slot}) - rate * {name}" for name, (slot, _) in zip(sums, self.gradients, strict=True)
        ]
        frozen = set(self.program.parameters) - {slot for slot, _ in self.gradients}
        lines += [f"  s{slot} = float(s{slot})" for slot in self.program.parameters if slot in frozen]
        lines.append(f" return {tuple_of(names)}, guard")
        return "\n".join(lines)
