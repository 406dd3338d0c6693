"""An iteration as a program: a straight line of instructions over numbered slots, forward, then backward.

Every value, factor, product and gradient has a slot, so that whatever runs the program, an interpreter that shows
everything or a compiled loop that keeps only the loss, does the same operations in the same order: the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Expression, Name, Number, post_order
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS


class Instruction(Struct, frozen=True):
    """slots[out] = function(slots[operands])."""

    function: str
    out: int
    operands: tuple[int, ...]


class TermSlots(Struct, frozen=True):
    """One addend of a gradient: the node it comes through, and where its upstream gradient, factor and product are."""

    through: str
    upstream: int
    factor: int
    product: int


class Program(Struct, frozen=True):
    """The instructions of one iteration for one example.

    initial: the slots before anything ran: numbers and constants in their places, 0 elsewhere.
    named: the slot of every name of the scenario.
    values, factors, gradients: the slot of each node, edge (of, wrt) and gradient.
    terms: for each node and parameter with a gradient, its addends.
    """

    initial: tuple[float, ...]
    parameters: tuple[int, ...]
    inputs: tuple[int, ...]
    instructions: tuple[Instruction, ...]
    named: Mapping[str, int]
    values: Mapping[str, int]
    factors: Mapping[tuple[str, str], int]
    gradients: Mapping[str, int]
    terms: Mapping[str, tuple[TermSlots, ...]]
    loss: int
    parameter_names: tuple[str, ...]

    @property
    def shown(self) -> frozenset[int]:
        """The slots whose numbers some step shows."""
        return frozenset({*self.values.values(), *self.factors.values(), *self.gradients.values()})

    @property
    def parameters_and_inputs(self) -> frozenset[int]:
        """The slots that are filled anew for every example."""
        return frozenset({*self.parameters, *self.inputs})


class Builder:
    """Makes instructions of expressions: every number, name and call gets a slot, the same call only one."""

    def __init__(self, constants: Mapping[str, float], parameters: Iterable[str], inputs: Iterable[str]) -> None:
        self.initial: list[float] = []
        self.instructions: list[Instruction] = []
        self.named: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._computed: dict[tuple[str, tuple[int, ...]], int] = {}
        for name, value in CONSTANTS.items():
            self.named[name] = self.slot(value)
        for name, value in constants.items():
            self.named[name] = self.slot(value)
        self.parameters = tuple(self._leaf(name) for name in parameters)
        self.inputs = tuple(self._leaf(name) for name in inputs)

    def slot(self, value: float = 0.0) -> int:
        """A new slot, with what is in it before anything ran."""
        self.initial.append(value)
        return len(self.initial) - 1

    def _leaf(self, name: str) -> int:
        self.named[name] = self.slot()
        return self.named[name]

    def number(self, value: float) -> int:
        """The slot of a number."""
        # By its text, because 0.0 and -0.0 are equal but not the same number.
        key = repr(value)
        if key not in self._numbers:
            self._numbers[key] = self.slot(value)
        return self._numbers[key]

    def compute(self, function: str, *operands: int) -> int:
        """The slot of a call; the same call of the same slots is computed once."""
        if function == "*":
            # A factor of 1 changes no bit of the other one.
            one = self._numbers.get("1.0")
            if operands[0] == one:
                return operands[1]
            if operands[1] == one:
                return operands[0]
        if function == "^" and operands[1] == self._numbers.get("2.0"):
            function, operands = "square", operands[:1]
        key = (function, operands)
        if key not in self._computed:
            out = self.slot()
            self._computed[key] = out
            self.instructions.append(Instruction(function, out, operands))
        return self._computed[key]

    def expression(self, tree: Expression) -> int:
        """The slot of an expression of the names known so far. Raises KeyError for another name."""
        slots: dict[int, int] = {}
        for part in post_order(tree):
            if isinstance(part, Number):
                slots[id(part)] = self.number(part.value)
            elif isinstance(part, Name):
                slots[id(part)] = self.named[part.name]
            else:
                slots[id(part)] = self.compute(part.function, *(slots[id(argument)] for argument in part.arguments))
        return slots[id(tree)]


def build_program(graph: Graph) -> Program:
    """The instructions of one iteration of the graph, for one example."""
    builder = Builder(graph.constants, graph.parameters, graph.inputs)
    for node in graph.nodes:
        builder.named[node] = builder.expression(graph.equations[node])
    factors: dict[tuple[str, str], int] = {}
    gradients = {graph.loss: builder.number(1.0)}
    terms: dict[str, tuple[TermSlots, ...]] = {}
    for name in graph.backward:
        addends: list[TermSlots] = []
        for through in graph.consumers.get(name, ()):
            factor = builder.expression(graph.factors[through, name])
            factors[through, name] = factor
            upstream = gradients[through]
            addends.append(TermSlots(through, upstream, factor, builder.compute("*", upstream, factor)))
        total = addends[0].product if addends else builder.number(0.0)
        for addend in addends[1:]:
            total = builder.compute("+", total, addend.product)
        gradients[name] = total
        terms[name] = tuple(addends)
    return Program(
        initial=tuple(builder.initial),
        parameters=builder.parameters,
        inputs=builder.inputs,
        instructions=tuple(builder.instructions),
        named={name: slot for name, slot in builder.named.items() if name not in CONSTANTS},
        values={node: builder.named[node] for node in graph.nodes},
        factors=factors,
        gradients=gradients,
        terms=terms,
        loss=builder.named[graph.loss],
        parameter_names=graph.parameters,
    )


def live(instructions: tuple[Instruction, ...], outputs: Iterable[int]) -> list[Instruction]:
    """The instructions that the outputs need, in order."""
    needed = set(outputs)
    found: list[Instruction] = []
    for instruction in reversed(instructions):
        if instruction.out in needed:
            needed.update(instruction.operands)
            found.append(instruction)
    found.reverse()
    return found


def values_that_hide_non_finite(program: Program) -> tuple[int, ...]:
    """The nodes' values which may stop being finite while the loss and the other ones found here stay so.

    On the way to the loss a function may swallow what is not finite, as the sigmoid does with an infinity.
    """
    values = set(program.values.values())
    telling = {program.loss}
    hiding: list[int] = []
    for instruction in reversed(program.instructions):
        if instruction.out in values and instruction.out not in telling:
            telling.add(instruction.out)
            hiding.append(instruction.out)
        if instruction.out in telling:
            carries = FUNCTIONS[instruction.function].carries
            telling.update(slot for slot, carried in zip(instruction.operands, carries, strict=True) if carried)
    return tuple(reversed(hiding))
