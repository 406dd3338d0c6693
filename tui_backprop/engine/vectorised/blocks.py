"""What is an iteration over many examples made of? Blocks, whose rows are slots, and the operations between them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tui_backprop.engine.program import Instruction


class Block(Struct, frozen=True):
    """An array with a row for each of the slots, and a column for each example."""

    slots: tuple[int, ...]


class Gathered(Struct, frozen=True):
    """A block that is put together from rows that lie elsewhere."""

    out: Block


class Affine(Struct, frozen=True):
    """out = weights @ operand + biases; weights and biases are places in the row of parameters."""

    out: Block
    weights: tuple[tuple[int, ...], ...]
    biases: tuple[int, ...]
    operand: Block


class Elementwise(Struct, frozen=True):
    """Every row of out is function(operands): the same row of a block, or one slot for all rows."""

    out: Block
    function: str
    operands: tuple[Block | int, ...]


class RowSum(Struct, frozen=True):
    """out = the sum of the rows of a block, for each example."""

    out: int
    operand: Block


Operation = Gathered | Affine | Elementwise | RowSum | Instruction


def operands_of(operation: Operation) -> tuple[Block | int, ...]:
    """The blocks and slots that an operation reads, parameters of weights and biases aside."""
    if isinstance(operation, Gathered):
        return operation.out.slots
    if isinstance(operation, Affine | RowSum):
        return (operation.operand,)
    return operation.operands


class ProductGradients(Struct, frozen=True):
    """The gradients, summed over the examples, of a grid of parameters: left @ transposed right."""

    places: tuple[tuple[int, ...], ...]
    left: Block
    right: Block


class RowGradients(Struct, frozen=True):
    """The gradients, summed over the examples, of a row of parameters: each is a row of the block."""

    places: tuple[int, ...]
    block: Block


class Packing(Struct, frozen=True):
    """What computes an iteration's loss and the sums of its gradients, in order.

    slots: where the slots of blocks lie: block and row.
    gradients: for parameters together; single_gradients: the place of a parameter and its gradient's slot.
    """

    operations: tuple[Operation, ...]
    slots: Mapping[int, tuple[Block, int]]
    gradients: tuple[ProductGradients | RowGradients, ...]
    single_gradients: tuple[tuple[int, int], ...]
