"""What happened in every iteration: the losses; parameters and the optimizer's state by replaying from a checkpoint.

A vector is what an iteration starts from: the parameters, then name by name the state of the updated ones.
"""

from __future__ import annotations

import math
from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

from tui_backprop.engine.compiled import Loop
from tui_backprop.engine.graph import Graph, build_graph
from tui_backprop.engine.iteration import Interpreter, Iteration
from tui_backprop.engine.plan import Plan, build_plan
from tui_backprop.engine.program import build_program
from tui_backprop.engine.whole_layers import weight_count, whole_layers
from tui_backprop.maths.expression import Expression
from tui_backprop.record.loss_pyramid import LossPyramid
from tui_backprop.record.network_arrays import network_arrays
from tui_backprop.record.past import Past
from tui_backprop.record.remnants import Remnants
from tui_backprop.record.step_kinds import Computed, right_tree
from tui_backprop.record.step_layout import Entry, StepLayout
from tui_backprop.record.step_sequence import Steps
from tui_backprop.scenario.model import Scenario

if TYPE_CHECKING:
    from tui_backprop.engine.vectorised.arrays import ArrayInterpreter
    from tui_backprop.record.network_arrays import Arrays

CHECKPOINT_BYTES = 5 * 1024 * 1024
"""When the checkpoints fill this much, every second one is dropped and their stride doubles; unless they are so few
that a seek would take long."""

MOST_ITERATIONS = 1_000_000
"""How far a run may go."""

FEWEST_EXAMPLES_FOR_ARRAYS = 48
"""From this many examples an iteration on, numpy over all examples is faster than Python over one after the other."""

FEWEST_PRODUCTS_FOR_ARRAYS = 2_000
"""From so many weights in layers, times the examples of an iteration, matrices are faster; and so is the first screen,
although numpy has to be loaded for it."""

_PASSES_THAT_PAY_FOR_COMPILING = 64
"""Compiling takes about as long as so many passes of an example, one instruction at a time."""

_INSTRUCTIONS_PER_REPLAY = 20_000
_LONGEST_FIRST_STRIDE = 1_024
_FEWEST_CHECKPOINTS = 32
_MOST_ITERATIONS_KEPT, _FEWEST_ITERATIONS_KEPT = 8, 3
_ITERATIONS_BYTES = 64 * 1024 * 1024
_ROWS_KEPT = 8
"""How many iterations' vectors are kept after a seek: its own, and those just before it for who steps back."""


class History:
    """A run, recorded as far as somebody asked for it; it grows at its end and never changes what it holds.

    `len(history)` iterations are recorded, from 0 on. Without a learning rate there is one. A run with a `past` goes on
    from another one: the iterations before `first` are that one's.
    """

    def __init__(self, scenario: Scenario, past: Past | None = None) -> None:
        self.scenario = scenario
        self.graph: Graph = build_graph(scenario)
        self.past = past
        self.first = 0 if past is None else past.iteration
        self.plan = self._plan() if past is None else past.going_on(self._plan())
        self._layouts: dict[int, StepLayout] = {}
        self.interpreter = self._interpreter()
        self.ended_at: int | None = None
        """The first iteration with a number that is not finite, once it is recorded; the run ends there."""
        self._loop: Loop | None = None
        self._interpreted = 0
        self._losses = array("d", past.history.losses[: self.first] if past else ())
        self.loss_extremes = LossPyramid(self._losses)
        """The lowest and the highest loss of any stretch of recorded iterations."""
        self._head = self.interpreter.kept(self.plan.start)
        self._stride = self._first_stride()
        self._checkpoints = array("d", self._head)
        self._replayed: OrderedDict[int, Sequence[float]] = OrderedDict()
        self._iterations: OrderedDict[int, Iteration] = OrderedDict()
        self._steps: dict[int, Steps] = {}
        self.extend(self.first)

    def __len__(self) -> int:
        return len(self._losses)

    @property
    def losses(self) -> Sequence[float]:
        """The loss of every recorded iteration; it grows with the history."""
        return _Losses(self._losses)

    @property
    def stride(self) -> int:
        """How many iterations a seek replays at most."""
        return self._stride

    @property
    def last_possible(self) -> int:
        """The last iteration that this run may have, as far as is known."""
        if self.scenario.learning_rate is None:
            return 0
        return MOST_ITERATIONS if self.ended_at is None else self.ended_at

    def loss(self, iteration: int) -> float:
        """The loss of a recorded iteration."""
        return self._losses[iteration]

    def extend(self, iteration: int) -> int:
        """Record up to the given iteration, or to where the run ends; returns the last one recorded up to there."""
        target = min(iteration, self.last_possible)
        while len(self._losses) <= target and self.ended_at is None:
            done = len(self._losses)
            boundary = self.first + ((done - self.first) // self._stride + 1) * self._stride
            self._run(min(boundary, target + 1) - done, target + 1 - done)
            if len(self._losses) == boundary:
                self._store_checkpoint()
        return min(target, len(self._losses) - 1)

    def owner(self, iteration: int) -> History:
        """The history that an iteration belongs to: this one, or one that it goes on from."""
        history = self
        while history.past is not None and iteration < history.first:
            history = history.past.history
        return history

    def vector(self, iteration: int) -> Sequence[float]:
        """The parameters of an iteration up to one past the recorded ones, in file order, and the optimizer's state."""
        if self.past and iteration < self.first:
            return self.owner(iteration).vector(iteration)
        if iteration == self.first:
            return self.interpreter.kept(self.plan.start)
        if iteration == len(self._losses):
            return self._head
        if iteration in self._replayed:
            return self._replayed[iteration]
        if iteration in self._iterations:
            return self._iterations[iteration].vector
        count = len(self._head)
        place = (iteration - self.first) // self._stride
        # From the last checkpoint, or from one after it that was replayed for who goes on.
        at = max([self.first + place * self._stride, *(known for known in self._replayed if known < iteration)])
        checkpoint = self._checkpoints[place * count : (place + 1) * count]
        vector = self._replayed[at] if at in self._replayed else self.interpreter.kept(checkpoint)
        # The last few one by one: who steps back asks for them next.
        for stop in range(max(at, iteration - _ROWS_KEPT + 1), iteration + 1):
            if at < stop:
                vector = self._advance(at, stop - at, vector, [])
            at = stop
            self._replayed[at] = vector
        while len(self._replayed) > _ROWS_KEPT:
            self._replayed.popitem(last=False)
        return vector

    def parameter_values(self, iteration: int) -> Sequence[float]:
        """The parameters of an iteration up to one past the recorded ones, in file order."""
        return self.vector(iteration)[: len(self.graph.parameters)]

    def parameters(self, iteration: int) -> Mapping[str, float]:
        """The parameters of an iteration, by name, recorded if need be. Raises IndexError past the run's end."""
        self._reach(iteration)
        return MappingProxyType(dict(zip(self.graph.parameters, self.parameter_values(iteration), strict=True)))

    def state(self, iteration: int) -> Mapping[str, Mapping[str, float]]:
        """The optimizer's state in an iteration, before its update: by parameter and name; empty where it has none.

        Raises IndexError past the run's end.
        """
        self._reach(iteration)
        return self.owner(iteration).named_state(self.vector(iteration)[len(self.graph.parameters) :])

    @property
    def state_names(self) -> tuple[str, ...]:
        """The names of the optimizer's state, () where it has none."""
        return self.plan.rule.state if self.plan.rule else ()

    def named_state(self, state: Sequence[float]) -> Mapping[str, Mapping[str, float]]:
        """The numbers of a state, by parameter and name."""
        if not self.state_names:
            return MappingProxyType({})
        names = [self.graph.parameters[place] for place in self.plan.updated_places]
        return MappingProxyType(
            {
                parameter: MappingProxyType(dict(zip(self.state_names, state[turn :: len(names)], strict=True)))
                for turn, parameter in enumerate(names)
            }
        )

    def learning_rate(self, iteration: int) -> float | None:
        """The learning rate of an iteration's update; None where nothing is updated. Raises IndexError past the end."""
        self._reach(iteration)
        rule = self.owner(iteration).plan.rule
        return None if rule is None else rule.rate_at(iteration)

    def gradients(self, iteration: int) -> Mapping[str, float]:
        """The gradients of an iteration by parameter, reduced over its examples. Raises IndexError past the end."""
        return MappingProxyType(dict(zip(self.graph.parameters, self.iteration(iteration).gradients, strict=True)))

    def arrays(self, iteration: int) -> Arrays:
        """The parameters of a network's layers as arrays by name: W1, b1 … Raises IndexError past the run's end, and
        UsageError where there is no network."""
        self._reach(iteration)
        return network_arrays(self.scenario.network, self.graph.parameter_places, self.parameter_values(iteration))

    def gradient_arrays(self, iteration: int) -> Arrays:
        """Their gradients likewise, reduced over the examples of the iteration."""
        gradients = self.iteration(iteration).gradients
        return network_arrays(self.scenario.network, self.graph.parameter_places, gradients)

    def __repr__(self) -> str:
        first, last = self._losses[0], self._losses[-1]
        return f"<History of {self.scenario.title!r}: iterations 0 to {len(self) - 1:,}, loss {first} to {last}>"

    def _repr_html_(self) -> str:
        """The losses as a curve, for notebooks."""
        from tui_backprop.record.notebook import history_html

        return history_html(self)

    def iteration(self, number: int) -> Iteration:
        """Every number of an iteration; records up to it if need be. Raises IndexError past the run's end."""
        self._reach(number)
        if self.past and number < self.first:
            return self.owner(number).iteration(number)
        if number not in self._iterations:
            self._iterations[number] = self.interpreter.iteration(number, self.vector(number))
            room = _ITERATIONS_BYTES // max(1, self.interpreter.kept_bytes)
            while len(self._iterations) > min(_MOST_ITERATIONS_KEPT, max(_FEWEST_ITERATIONS_KEPT, room)):
                oldest, _ = self._iterations.popitem(last=False)
                self._steps.pop(oldest, None)
        else:
            self._iterations.move_to_end(number)
        return self._iterations[number]

    def numbers(self, iteration: int, example: int) -> Mapping[str, float]:
        """Every name's value in an example's forward pass, at the parameters of an iteration that need not see it."""
        self._reach(iteration)
        batch = self.plan.batch(iteration)
        if example in batch:
            # The very bits that the steps show: a matrix product may round otherwise in another batch.
            return self.steps(iteration).numbers(batch.index(example))
        return self.owner(iteration).interpreter.example(self.parameter_values(iteration), example).numbers

    def layout(self, iteration: int) -> StepLayout:
        """Which step stands where in an iteration, be it recorded or not."""
        if self.past and iteration < self.first:
            return self.owner(iteration).layout(iteration)
        size = self.plan.size(iteration)
        if size not in self._layouts:
            self._layouts[size] = StepLayout.of(self.graph, self.plan, size)
        return self._layouts[size]

    def steps(self, iteration: int) -> Steps:
        """The steps of an iteration, made when one is asked for. Raises IndexError past the run's end."""
        numbers = self.iteration(iteration)
        if self.past and iteration < self.first:
            return self.owner(iteration).steps(iteration)
        if iteration not in self._steps:
            is_own_first = iteration == self.first
            follows = self.past is not None and self.past.keeps_updates(self.plan) if is_own_first else True
            before = partial(self.iteration, iteration - 1) if follows else None
            # What a run starts with is noted already.
            computed = self._computed(numbers, before, None if is_own_first else before)
            self._steps[iteration] = Steps(computed, self.layout(iteration))
        return self._steps[iteration]

    def tree(self, entry: Entry) -> Expression:
        """What a step computes, whatever the numbers are; a mean, where a batch is whole."""
        return right_tree(self.graph, self.plan, entry, self.plan.batch_size)

    def _plan(self) -> Plan:
        return build_plan(self.scenario)

    def _computed(
        self, iteration: Iteration, before: Callable[[], Iteration] | None, noted_by: Callable[[], Iteration] | None
    ) -> Computed:
        noted = Remnants(self.interpreter.program, self.plan, iteration, noted_by)
        return Computed(self.graph, self.plan, iteration, before, noted)

    def _reach(self, iteration: int) -> None:
        if iteration < 0 or self.extend(iteration) < iteration:
            raise IndexError(f"the run has no iteration {iteration}; its last one is {len(self._losses) - 1}")

    def _interpreter(self) -> Interpreter | ArrayInterpreter:
        layers = whole_layers(self.graph, self.scenario.network)
        size = self.plan.batch_size
        if size < FEWEST_EXAMPLES_FOR_ARRAYS and size * weight_count(layers) < FEWEST_PRODUCTS_FOR_ARRAYS:
            return Interpreter(build_program(self.graph), self.plan)
        # Imported here because numpy takes longer to load than a small lesson to train.
        from tui_backprop.engine.vectorised.arrays import ArrayInterpreter

        return ArrayInterpreter(build_program(self.graph, layers), self.plan)

    def _first_stride(self) -> int:
        cost = max(1, self.interpreter.cost)
        stride = 1
        while stride < _LONGEST_FIRST_STRIDE and 2 * stride * cost <= _INSTRUCTIONS_PER_REPLAY:
            stride *= 2
        return stride

    def _run(self, count: int, wanted: int) -> None:
        """Record the next iterations, at most `count` of those wanted, none past a non-finite one."""
        losses: list[float] = []
        first = len(self._losses)
        if self._may_compile(wanted):
            try:
                vector, guard = self._compiled()(first, count, self._head, losses)
            except (ArithmeticError, ValueError):
                guard = math.nan
            else:
                if math.isfinite(guard) and _all_finite(vector) and _all_finite(losses):
                    self._losses.extend(losses)
                    self._head = vector
                    return
        self._interpreted += count
        for number in range(first, first + count):
            iteration = self.interpreter.iteration(number, self._head)
            self._losses.append(iteration.loss)
            self._head = iteration.updated
            if not self.interpreter.is_finite(iteration):
                self.ended_at = number
                return

    def _advance(self, first: int, count: int, vector: Sequence[float], losses: list[float]) -> Sequence[float]:
        """The vector `count` recorded iterations later."""
        if self._may_compile(count):
            try:
                return self._compiled()(first, count, vector, losses)[0]
            except (ArithmeticError, ValueError):
                losses.clear()
        self._interpreted += count
        for number in range(first, first + count):
            vector = self.interpreter.iteration(number, vector).updated
        return vector

    def _may_compile(self, iterations: int) -> bool:
        """Whether the compiled loop is worth its making: not for a glance at the first iterations."""
        if self._loop is not None:
            return True
        if self.scenario.learning_rate is None:
            return False
        return (self._interpreted + iterations) * self.plan.batch_size >= _PASSES_THAT_PAY_FOR_COMPILING

    def _compiled(self) -> Loop:
        if self._loop is None:
            self._loop = self.interpreter.loop()
        return self._loop

    def _store_checkpoint(self) -> None:
        if isinstance(self._head, memoryview):
            self._checkpoints.frombytes(self._head.cast("B"))
        else:
            self._checkpoints.extend(self._head)
        count = len(self._head)
        most = max(CHECKPOINT_BYTES // 8, _FEWEST_CHECKPOINTS * count)
        while len(self._checkpoints) > most and len(self._checkpoints) > count:
            # In place: a second array would for a moment take half as much again.
            stored = range(0, len(self._checkpoints) // count, 2)
            for place, old in enumerate(stored):
                self._checkpoints[place * count : (place + 1) * count] = self._checkpoints[
                    old * count : (old + 1) * count
                ]
            del self._checkpoints[len(stored) * count :]
            self._stride *= 2


def _all_finite(numbers: Sequence[float]) -> bool:
    # The sum is quick to tell, unless it overflows by itself.
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))


class _Losses(Sequence[float]):
    """A view of the recorded losses that nobody can write to."""

    def __init__(self, losses: array[float]) -> None:
        self._losses = losses

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[float]: ...
    def __getitem__(self, index: int | slice) -> float | Sequence[float]:
        return self._losses[index]

    def __len__(self) -> int:
        return len(self._losses)
