"""The lines of an update as instructions: what an optimizer, a weight decay and a learning rate come to.

What is the same for all parameters (the learning rate, `1 - beta1^t`) is computed once in an iteration; the rest for
every parameter that is updated. Values come in columns, a number for each of these parameters in file order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from tui_backprop.engine.program import Builder, Instruction
from tui_backprop.maths.expression import Expression, Number
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.writing import write
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import (
    DECAY,
    GRADIENT,
    ITERATION,
    PARAMETER,
    RATE,
    UPDATE_NUMBER,
    WEIGHT_DECAY,
    UpdateLine,
    state_of,
)

Column = Any
"""The values of one line, a number for each updated parameter: a list or an array."""


class UpdateRule(Struct, frozen=True):
    """How an iteration's gradients become an update.

    lines: in order; the last one sets `w`.
    constants: the numbers that lines read by name, besides w, g, eta and t.
    state: the left sides that are kept from update to update, in the order in which they are set.
    rate: the learning rate: a Number, or an expression of k and the scenario's constants.
    initial: the slots before anything ran; the slots of `k`, `t`, `eta`, `w`, `g`, and of the state before the update.
    shared: the instructions whose results are the same for all parameters; own: those for each of them.
    results: the slot of every line's value. kept: for each state its last line.
    guarded: the lines whose being non-finite would not make w so for good.
    tells_gradient: whether a gradient that is not finite shows in a line.
    counts: whether what is the same for all parameters differs from update to update.
    first: the iteration of its first update, from which `t` counts.
    """

    lines: tuple[UpdateLine, ...]
    constants: Mapping[str, float]
    state: tuple[str, ...]
    rate: Expression
    initial: tuple[float, ...]
    k: int
    t: int
    eta: int
    w: int
    g: int
    before: tuple[int, ...]
    shared: tuple[Instruction, ...]
    own: tuple[Instruction, ...]
    results: tuple[int, ...]
    kept: tuple[int, ...]
    guarded: tuple[int, ...]
    tells_gradient: bool
    counts: bool
    first: int = 0

    @property
    def rate_changes(self) -> bool:
        """Whether the learning rate is an expression, which is a step of its own."""
        return not isinstance(self.rate, Number)

    @property
    def rate_text(self) -> str:
        """The learning rate in the expression language."""
        return write(self.rate)

    def number_of_update(self, iteration: int) -> float:
        """Which of its updates an iteration's is, counted from 1."""
        return iteration - self.first + 1.0

    def begun(self, iteration: int) -> list[Any]:
        """The slots with all that is the same for every parameter in an iteration's update."""
        slots: list[Any] = list(self.initial)
        slots[self.k], slots[self.t] = float(iteration), self.number_of_update(iteration)
        for line in self.shared:
            slots[line.out] = FUNCTIONS[line.function].value(*(slots[operand] for operand in line.operands))
        return slots

    def rate_at(self, iteration: int) -> float:
        """The learning rate of an iteration."""
        return float(self.begun(iteration)[self.eta])

    def columns(
        self, slots: list[Any], w: list[float], g: list[float], state: Sequence[list[float]]
    ) -> tuple[list[float], ...]:
        """The values of every line, from slots that are begun."""
        slots[self.w], slots[self.g] = w, g
        for slot, column in zip(self.before, state, strict=True):
            slots[slot] = column
        for line in self.own:
            operands = (slots[operand] for operand in line.operands)
            columns = (operand if isinstance(operand, list) else repeat(operand) for operand in operands)
            slots[line.out] = list(map(FUNCTIONS[line.function].value, *columns))
        values = (slots[slot] for slot in self.results)
        return tuple(value if isinstance(value, list) else [value] * len(w) for value in values)


def passing_lines(rule: UpdateRule | None) -> list[int]:
    """The lines whose values live for one update: neither w nor what is kept as state."""
    return [place for place in range(len(rule.lines) - 1) if place not in rule.kept] if rule else []


def build_rule(scenario: Scenario) -> UpdateRule | None:
    """The rule of a scenario; None without a learning rate. Raises KeyError where a line reads what nothing gives."""
    rate = scenario.learning_rate
    if rate is None:
        return None
    tree = Number(rate) if isinstance(rate, float | int) else rate
    optimizer, decay = scenario.optimizer, scenario.weight_decay
    lines = optimizer.lines if decay is None or optimizer.decays_by_itself else (DECAY, *optimizer.lines)
    constants = {**scenario.constants, WEIGHT_DECAY: decay or 0.0, **optimizer.numbers}
    state = state_of(lines)

    builder = Builder(scenario.constants, {}, (ITERATION,))
    k, eta = builder.named[ITERATION], builder.expression(tree)
    builder.named = {name: builder.slot(value) for name, value in {**CONSTANTS, **constants}.items()}
    t, w, g, *before = (builder.slot() for _ in range(3 + len(state)))
    builder.named |= {UPDATE_NUMBER: t, PARAMETER: w, GRADIENT: g, RATE: eta, **dict(zip(state, before, strict=True))}
    results: list[int] = []
    for line in lines:
        builder.named[line.name] = builder.expression(line.formula)
        results.append(builder.named[line.name])

    initial, shared, own = _sorted(builder, {k, t}, {w, g, *before})
    guarded, tells_gradient = _guarded(own, results, w, g)
    names = [line.name for line in lines]
    return UpdateRule(
        lines=lines,
        constants=MappingProxyType(constants),
        state=state,
        rate=tree,
        initial=initial,
        k=k,
        t=t,
        eta=eta,
        w=w,
        g=g,
        before=tuple(before),
        shared=shared,
        own=own,
        results=tuple(results),
        kept=tuple(len(names) - 1 - names[::-1].index(name) for name in state),
        guarded=guarded,
        tells_gradient=tells_gradient,
        counts=bool(shared)
        or not {k, t}.isdisjoint([eta, *results, *(slot for line in own for slot in line.operands)]),
    )


def _sorted(
    builder: Builder, moving: set[int], individual: set[int]
) -> tuple[tuple[float, ...], tuple[Instruction, ...], tuple[Instruction, ...]]:
    """The slots with what never changes computed in them; the instructions that change with the iteration; those of
    every parameter by itself."""
    initial = list(builder.initial)
    shared: list[Instruction] = []
    own: list[Instruction] = []
    for line in builder.instructions:
        if not individual.isdisjoint(line.operands):
            individual.add(line.out)
            own.append(line)
        elif not moving.isdisjoint(line.operands):
            moving.add(line.out)
            shared.append(line)
        else:
            operands = (initial[operand] for operand in line.operands)
            initial[line.out] = FUNCTIONS[line.function].value(*operands)
    return tuple(initial), tuple(shared), tuple(own)


def _guarded(own: Sequence[Instruction], results: Sequence[int], w: int, g: int) -> tuple[tuple[int, ...], bool]:
    """The lines that a loop has to watch, and whether a gradient that is not finite shows in w or in one of them."""
    telling: set[int] = set()

    def tells(slot: int) -> None:
        telling.add(slot)
        for line in reversed(own):
            if line.out in telling:
                carries = FUNCTIONS[line.function].carries
                telling.update(slot for slot, carried in zip(line.operands, carries, strict=True) if carried)

    last = len(results) - 1
    tells(results[last])
    guarded = [] if w in telling else [last]
    for place in reversed(range(last)):
        if results[place] not in telling:
            guarded.append(place)
            tells(results[place])
    return tuple(guarded), g in telling
