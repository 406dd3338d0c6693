"""A number that follows from a nudged one: a node's value, or the loss of some examples, as a function of one name.

The equations are evaluated as they are written, with a running error bound, and without the training engine. What does
not move with the nudged name keeps its number on both sides of a difference, so it counts as exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Expression, Name, Number, post_order
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.rounding import Rounded, rounded_function


class Operation(Struct, frozen=True):
    """numbers[out] = function(numbers[operands])."""

    function: str
    out: int
    operands: tuple[int, ...]

    def value(self, numbers: Sequence[Rounded]) -> Rounded:
        """What it gives for the numbers."""
        return rounded_function(self.function)(*[numbers[operand] for operand in self.operands])

    @property
    def has_corner(self) -> bool:
        """Whether its function has a corner or a jump somewhere."""
        return FUNCTIONS[self.function].kink is not None


class NudgedNumber(Struct, frozen=True):
    """The number at one place of the nudged name, and for every corner on the way the side that each example is on."""

    number: Rounded
    sides: tuple[int, ...]


class Nudged:
    """The node `of` as a function of `wrt`, in one or more examples, whose numbers are given by name.

    through: the equations that move, in forward order; `of` is the last of them, or does not move. averages: whether
    several examples give their mean; else it is their sum.
    """

    def __init__(
        self,
        equations: Mapping[str, Expression],
        of: str,
        wrt: str,
        through: Sequence[str],
        examples: Sequence[Mapping[str, float]],
        averages: bool = True,
    ) -> None:
        self.wrt = 0
        self._averages = averages
        self._places = {wrt: self.wrt}
        self._fixed: list[tuple[int, str | float]] = []
        self._still: list[Operation] = []
        self.moving: list[Operation] = []
        moving = {self.wrt}
        self._count = 1
        for node in through:
            self._places[node] = self._written_out(equations[node], moving)
        self.of = self._places[of] if of in self._places else self._leaf(of)
        self.examples = [self._start(numbers) for numbers in examples]

    def _new(self) -> int:
        self._count += 1
        return self._count - 1

    def _leaf(self, leaf: str | float) -> int:
        place = self._new()
        self._fixed.append((place, leaf))
        return place

    def _written_out(self, tree: Expression, moving: set[int]) -> int:
        """Append the operations of an equation; the place of its value."""
        places: dict[int, int] = {}
        for part in post_order(tree):
            if isinstance(part, Number):
                place = self._leaf(part.value)
            elif isinstance(part, Name):
                place = self._places[part.name] if part.name in self._places else self._leaf(part.name)
            else:
                operands = tuple(places[id(argument)] for argument in part.arguments)
                operation = Operation(part.function, self._new(), operands)
                place = operation.out
                if moving.isdisjoint(operands):
                    self._still.append(operation)
                else:
                    self.moving.append(operation)
                    moving.add(place)
            places[id(part)] = place
        return places[id(tree)]

    def _start(self, named: Mapping[str, float]) -> list[Rounded]:
        """The numbers of one example that do not move."""
        numbers = [Rounded(0.0)] * self._count
        for place, leaf in self._fixed:
            if isinstance(leaf, str):
                leaf = named[leaf] if leaf in named else CONSTANTS[leaf]
            numbers[place] = Rounded(leaf)
        for operation in self._still:
            numbers[operation.out] = Rounded(operation.value(numbers).value)
        return numbers

    def at(self, place: float) -> NudgedNumber:
        """The number where the nudged name is at a place."""
        sides: list[int] = []
        numbers = [self._of_example(example, place, sides) for example in self.examples]
        return NudgedNumber(self._reduced(numbers), tuple(sides))

    def _of_example(self, example: Sequence[Rounded], place: float, sides: list[int]) -> Rounded:
        numbers = self.passed(example, place)
        cornered = (operation for operation in self.moving if operation.has_corner)
        sides += (_side([numbers[operand] for operand in operation.operands]) for operation in cornered)
        return numbers[self.of]

    def passed(self, example: Sequence[Rounded], place: float) -> list[Rounded]:
        """Every number of one example where the nudged name is at a place."""
        numbers = [*example]
        numbers[self.wrt] = Rounded(place)
        for operation in self.moving:
            numbers[operation.out] = operation.value(numbers)
        return numbers

    def _reduced(self, numbers: Sequence[Rounded]) -> Rounded:
        total = numbers[0]
        for number in numbers[1:]:
            total = total + number
        return total / len(numbers) if self._averages and len(numbers) > 1 else total

    @property
    def share(self) -> float:
        """How much each example counts."""
        return 1 / len(self.examples) if self._averages else 1.0


def _side(operands: Sequence[Rounded]) -> int:
    """On which side of its corner a function's operands lie: -1, 1, or 0 where rounding does not tell."""
    distance = operands[0].value - operands[1].value if len(operands) > 1 else operands[0].value
    error = sum(operand.error for operand in operands)
    return (distance > error) - (distance < -error)


def following(graph: Graph, wrt: str) -> list[str]:
    """The nodes that move with a node or parameter, in forward order."""
    moved = {wrt}
    for node in graph.nodes:
        if node != wrt and not moved.isdisjoint(graph.operands[node]):
            moved.add(node)
    return [node for node in graph.nodes if node in moved and node != wrt]
