"""How is an iteration over many examples written down for numpy? One line for each operation on blocks and slots.

The same lines make the training loop and the function that shows one iteration, so that both give the same bits.
As in the other engine no text of a scenario reaches the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Instruction, Program
from tui_backprop.engine.vectorised.blocks import (
    Affine,
    Block,
    Elementwise,
    Gathered,
    Operation,
    Packing,
    ProductGradients,
    RowGradients,
    RowSum,
    operands_of,
)
from tui_backprop.maths.functions import FUNCTIONS

Places = Sequence[int] | Sequence[Sequence[int]]


class ArraySource(Struct, frozen=True):
    """Two functions of the same lines, and what they need.

    text: `run(first, count, update, parameters, sums, examples, append)` trains: `update(iteration)` changes the row of
        parameters by what is in `sums`; it gives a number that is finite if all was. `once(parameters, sums, examples)`
        gives the arrays of one iteration, `blocks` and then `singles`. Both leave the sums of the gradients in `sums`.
    places: rows of places in the parameters that the source refers to as places0, places1 ...
    """

    text: str
    places: tuple[Places, ...]
    blocks: tuple[Block, ...]
    singles: tuple[int, ...]


def write_source(program: Program, plan: Plan, packing: Packing, guards: Sequence[int]) -> ArraySource:
    """The source of an iteration; guards are the slots that have to be finite besides loss and parameters."""
    return _Writer(program, plan, packing, guards).source()


class _Writer:
    def __init__(self, program: Program, plan: Plan, packing: Packing, guards: Sequence[int]) -> None:
        self.program = program
        self.plan = plan
        self.packing = packing
        self.guards = guards
        self.parameters = {slot: place for place, slot in enumerate(program.parameters)}
        self.inputs = {slot: place for place, slot in enumerate(program.inputs)}
        self.computed = {line.out for line in program.instructions}
        self.blocks = {
            operation.out: f"m{number}"
            for number, operation in enumerate(packing.operations)
            if isinstance(operation, Gathered | Affine | Elementwise)
        }
        self.places: list[Places] = []
        self.views: list[str] = []

    def source(self) -> ArraySource:
        size, count = self.plan.batch_size, len(self.plan.examples)
        is_whole = size == count
        fixed, moving = self._lines(is_whole)
        gradients = self._gradient_lines()
        before = [*self.views, *fixed]
        singles = tuple(
            operation.out for operation in self.packing.operations if isinstance(operation, Instruction | RowSum)
        )
        loss = self._ref(self.program.loss)
        divided = f" / {float(size)!r}" if self.plan.averages else ""
        lines = ["def run(first, count, update, parameters, sums, examples, append):", " guard = 0.0"]
        lines += [f" {line}" for line in ["batch = examples"] * is_whole + before]
        lines.append(" for iteration in range(first, first + count):")
        if not is_whole:
            lines += [f"  start = iteration * {size} % {count}", f"  batch = examples[:, start:start + {size}]"]
        lines += [f"  {line}" for line in [*moving, *self._guard_lines()]]
        lines.append(f"  append(summed({loss}, {size}){divided})")
        lines += [f"  {line}" for line in gradients]
        if divided:
            lines.append(f"  divide(sums, {float(size)!r}, sums)")
        lines += ["  guard = guard + update(iteration)", " return guard"]
        lines += ["def once(parameters, sums, batch):"]
        lines += [f" {line}" for line in [*before, *moving, *gradients]]
        shown = [*self.blocks.values(), *(f"s{slot}" for slot in singles)]
        lines.append(f" return [{', '.join(shown)}]")
        return ArraySource("\n".join(lines), tuple(self.places), tuple(self.blocks), singles)

    def _lines(self, inputs_are_fixed: bool) -> tuple[list[str], list[str]]:
        """The assignments that stand before the loop, because nothing in them changes, and those inside."""
        fixed: list[str] = []
        moving: list[str] = []
        changing: set[Block | int] = set(self.parameters)
        if not inputs_are_fixed:
            changing.update(self.inputs)
        named: set[int] = set()
        for operation in self.packing.operations:
            operands = operands_of(operation)
            # Rows of inputs are gathered from the batch itself and need no names.
            is_slice = isinstance(operation, Gathered) and self._is_of_inputs(operation.out)
            for slot in () if is_slice else operands:
                if isinstance(slot, int) and slot not in named and (slot in self.parameters or slot in self.inputs):
                    named.add(slot)
                    (moving if slot in changing else fixed).append(self._leaf(slot))
            is_moving = isinstance(operation, Affine) or any(self._home(part) in changing for part in operands)
            if is_moving:
                changing.add(operation.out)
            (moving if is_moving else fixed).extend(self._operation(operation))
        last = [slot for _, slot in self.packing.single_gradients]
        for slot in (self.program.loss, *last):
            if slot not in named and (slot in self.parameters or slot in self.inputs):
                named.add(slot)
                (moving if slot in changing else fixed).append(self._leaf(slot))
        return fixed, moving

    def _home(self, part: Block | int) -> Block | int:
        return self.packing.slots[part][0] if isinstance(part, int) and part in self.packing.slots else part

    def _is_of_inputs(self, block: Block) -> bool:
        return all(slot in self.inputs for slot in block.slots)

    def _leaf(self, slot: int) -> str:
        if slot in self.parameters:
            return f"s{slot} = parameters[{self.parameters[slot]}]"
        return f"s{slot} = batch[{self.inputs[slot]}]"

    def _ref(self, part: Block | int, *, is_strong: bool = False) -> str:
        if isinstance(part, Block):
            return self.blocks[part]
        if part in self.packing.slots:
            block, row = self.packing.slots[part]
            return f"{self.blocks[block]}[{row}]"
        if part in self.parameters or part in self.inputs or part in self.computed:
            return f"s{part}"
        value = self.program.initial[part]
        # Python's own floats would raise where numpy's give an infinity.
        return f"float64({value!r})" if is_strong else f"({value!r})"

    def _operation(self, operation: Operation) -> list[str]:
        if isinstance(operation, Gathered):
            return [f"{self.blocks[operation.out]} = {self._gathered(operation.out)}"]
        if isinstance(operation, Affine):
            out = self.blocks[operation.out]
            weights = self._view("parameters", operation.weights)
            lines = [f"{out} = matmul({weights}, {self._ref(operation.operand)})"]
            if operation.biases:
                biases = self._view("parameters", [[place] for place in operation.biases])
                lines.append(f"add({out}, {biases}, {out})")
            return lines
        if isinstance(operation, RowSum):
            return [f"s{operation.out} = add.reduce({self._ref(operation.operand)}, 0)"]
        is_strong = not any(
            isinstance(part, Block) or part in self.computed or part in self.parameters or part in self.inputs
            for part in operation.operands
        )
        refs = [self._ref(part, is_strong=is_strong) for part in operation.operands]
        out = self.blocks[operation.out] if isinstance(operation, Elementwise) else f"s{operation.out}"
        return [f"{out} = {FUNCTIONS[operation.function].array_code.format(*refs)}"]

    def _gathered(self, block: Block) -> str:
        if not self._is_of_inputs(block):
            return f"array(({', '.join(map(self._ref, block.slots))},))"
        rows = [self.inputs[slot] for slot in block.slots]
        if rows == list(range(rows[0], rows[0] + len(rows))):
            return f"batch[{rows[0]}:{rows[-1] + 1}]"
        return f"batch[{rows}]"

    def _view(self, row: str, places: Places) -> str:
        """The part of a row of numbers with these places: a view that is made before the loop, else a copy."""
        even = _even(places)
        if even is None:
            return f"{row}[{self._places(places)}]"
        start, shape, strides = even
        name = f"v{len(self.views)}"
        self.views.append(f"{name} = ndarray({shape}, float64, {row}, {8 * start}, {strides})")
        return name

    def _places(self, places: Places) -> str:
        self.places.append(places)
        return f"places{len(self.places) - 1}"

    def _gradient_lines(self) -> list[str]:
        size = self.plan.batch_size
        lines: list[str] = []
        for group in self.packing.gradients:
            if isinstance(group, RowGradients):
                lines.append(self._into(group, f"add.reduce({self._ref(group.block)}, 1", "None, "))
            else:
                lines.append(self._into(group, f"matmul({self._ref(group.left)}, {self._ref(group.right)}.T", ""))
        for place, slot in self.packing.single_gradients:
            lines.append(f"sums[{place}] = summed({self._ref(slot)}, {size})")
        return lines

    def _into(self, group: ProductGradients | RowGradients, call: str, before_out: str) -> str:
        if _even(group.places) is None:
            return f"sums[{self._places(group.places)}] = {call})"
        return f"{call}, {before_out}{self._view('sums', group.places)})"

    def _guard_lines(self) -> Iterable[str]:
        homes = dict.fromkeys(self._home(slot) for slot in self.guards)
        for part in homes:
            total = f"add.reduce({self._ref(part)}, None)" if isinstance(part, Block) else self._ref(part)
            yield f"guard = guard + {total} * 0.0"


def _even(places: Places) -> tuple[int, tuple[int, ...], tuple[int, ...]] | None:
    """Where evenly spaced places start, their shape, and the bytes from one to the next along each axis."""
    grid = [[place] if isinstance(place, int) else list(place) for place in places]
    start = grid[0][0]
    down = grid[1][0] - start if len(grid) > 1 else 1
    across = grid[0][1] - start if len(grid[0]) > 1 else 1
    if down <= 0 or across <= 0:
        return None
    for row, line in enumerate(grid):
        if any(place != start + row * down + column * across for column, place in enumerate(line)):
            return None
    if isinstance(places[0], int):
        return start, (len(grid),), (8 * down,)
    return start, (len(grid), len(grid[0])), (8 * down, 8 * across)
