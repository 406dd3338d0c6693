"""Which operations can be done for many nodes at once? Slots that become the rows of one block.

The neurons of a layer do the same on the same operands. Their pre-activations are one matrix product, their activations
one call on all of its rows, and so it goes backward. Nothing here knows of networks: it looks for sums of parameters
times the same operands, and from there for calls of the same function on every row of a block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tui_backprop.engine.program import Instruction, Program, live
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

_FEWEST_WEIGHTS = 8
"""A smaller matrix product takes longer than its terms one by one."""

_FEWEST_ROWS_TO_SUM = 4


def pack(program: Program, outputs: Sequence[int], gradients: Sequence[tuple[int, int]]) -> Packing:
    """The operations that give the slots in `outputs` and the sums of `gradients`: pairs of a parameter's place and
    its gradient's slot."""
    return _Packer(program, outputs, gradients).packing()


class _Packer:
    def __init__(self, program: Program, outputs: Sequence[int], gradients: Sequence[tuple[int, int]]) -> None:
        self.program = program
        self.outputs = tuple(outputs)
        self.kept = frozenset(outputs)
        self.gradients = gradients
        self.inputs = frozenset(program.inputs)
        self.parameter_places = {slot: place for place, slot in enumerate(program.parameters)}
        self.varying = _varying(program)
        # A node's gradient stands in the row of the node itself, so that they meet row by row.
        self.owner = {
            slot: program.named[name] for name, slot in program.gradients.items() if name not in program.parameter_names
        }
        self.maker = {instruction.out: instruction for instruction in program.instructions}
        needed = live(program.instructions, [*outputs, *(slot for _, slot in gradients)])
        uses = Counter(slot for instruction in needed for slot in instruction.operands)
        self.products = self._products_for_gradients(uses)
        self.needed = [line for line in needed if line.out not in self.products]
        self.uses = Counter(slot for line in self.needed for slot in line.operands)
        self.users: dict[int, list[Instruction]] = {}
        for instruction in self.needed:
            for slot in dict.fromkeys(instruction.operands):
                self.users.setdefault(slot, []).append(instruction)
        self.slots: dict[int, tuple[Block, int]] = {}
        self.made: dict[Block, Operation] = {}
        self.sums: dict[int, RowSum] = {}

    def packing(self) -> Packing:
        self._find_affine_blocks()
        self._find_elementwise_blocks()
        gradients, singles = self._grouped_gradients()
        self._find_row_sums()
        wanted: list[Block | int] = [*self.outputs, *(slot for _, slot in singles)]
        for group in gradients:
            wanted += [group.left, group.right] if isinstance(group, ProductGradients) else [group.block]
        operations = tuple(self._in_order(wanted))
        # A block that nobody wants in the end, such as the terms of a matrix product, is not made.
        made = {operation.out for operation in operations}
        slots = {slot: place for slot, place in self.slots.items() if place[0] in made}
        return Packing(operations, slots, tuple(gradients), tuple(singles))

    def _products_for_gradients(self, uses: Counter[int]) -> frozenset[int]:
        """The gradients that are one product, which nothing but the sum over the examples needs."""
        return frozenset(
            slot
            for _, slot in self.gradients
            if slot in self.maker
            and self.maker[slot].function == "*"
            and all(operand in self.varying for operand in self.maker[slot].operands)
            and not uses[slot]
            and slot not in self.kept
        )

    # --- sums of parameters times operands

    def _find_affine_blocks(self) -> None:
        linear: set[int] = set()
        for line in self.needed:
            is_varying = any(operand in self.varying for operand in line.operands)
            parameters = sum(operand in self.parameter_places for operand in line.operands)
            addends = sum(operand in linear for operand in line.operands)
            is_term = line.function == "*" and is_varying and parameters == 1
            if is_term or (line.function == "+" and addends and addends + parameters == 2):
                linear.add(line.out)
        groups: dict[tuple[tuple[int, ...], bool], list[tuple[int, tuple[int, ...], int | None]]] = {}
        for slot in sorted(linear, key=lambda slot: self.owner.get(slot, slot)):
            is_only_added = all(user.function == "+" and user.out in linear for user in self.users.get(slot, ()))
            if is_only_added and slot not in self.kept and self.users.get(slot):
                continue
            terms = self._linear_terms(slot)
            if terms is not None:
                weights, operands, bias = terms
                groups.setdefault((operands, bias is not None), []).append((slot, weights, bias))
        for (operands, _), rows in groups.items():
            if len(rows) * len(operands) >= _FEWEST_WEIGHTS:
                out = Block(tuple(slot for slot, _, _ in rows))
                grid = tuple(row for _, row, _ in rows)
                biases = tuple(bias for _, _, bias in rows if bias is not None)
                self._place(Affine(out, grid, biases, Block(operands)))

    def _linear_terms(self, root: int) -> tuple[tuple[int, ...], tuple[int, ...], int | None] | None:
        """The places of the weights, the slots they multiply, and the place of the bias of a sum; None if it has two
        biases, multiplies a slot twice or has a part that is needed elsewhere too."""
        weights: list[int] = []
        operands: list[int] = []
        biases: list[int] = []
        unfinished = [root]
        while unfinished:
            slot = unfinished.pop()
            if slot in self.parameter_places:
                biases.append(self.parameter_places[slot])
                continue
            one, two = self.maker[slot].operands
            if self.maker[slot].function == "+":
                if slot != root and not self._is_part_of_one_sum(slot):
                    return None
                unfinished += [two, one]
            else:
                weight, operand = (one, two) if one in self.parameter_places else (two, one)
                weights.append(self.parameter_places[weight])
                operands.append(operand)
        if len(biases) > 1 or len(set(operands)) < len(operands):
            return None
        return tuple(weights), tuple(operands), biases[0] if biases else None

    def _is_part_of_one_sum(self, slot: int) -> bool:
        """Whether a sum is walked through on the way to its addends. One that is needed twice is not: it is there
        anyway, and sums of sums that share their parts would be walked through more often than there are paths."""
        return self.uses[slot] == 1 and slot not in self.kept

    # --- the same call on every row

    def _find_elementwise_blocks(self) -> None:
        unfinished = [block for block in self.made if block.slots[0] in self.slots]
        groups: dict[tuple[object, ...], list[dict[int, Instruction]]] = {}
        while unfinished:
            block = unfinished.pop()
            for slot in block.slots:
                for line in self.users.get(slot, ()):
                    complete = None if line.out in self.slots else self._joined(line, groups)
                    if complete is not None and all(other.out not in self.slots for other in complete):
                        unfinished.append(self._elementwise(complete))

    def _joined(
        self, line: Instruction, groups: dict[tuple[object, ...], list[dict[int, Instruction]]]
    ) -> list[Instruction] | None:
        """The calls on all rows, row by row, if this one completes them."""
        places = [self.slots.get(operand) for operand in line.operands]
        rows = {place[1] for place in places if place}
        sizes = {len(place[0].slots) for place in places if place}
        if len(rows) != 1 or len(sizes) != 1:
            return None
        (row,), (size,) = rows, sizes
        key = (
            line.function,
            *(
                place[0] if place else "input" if operand in self.inputs else operand
                for place, operand in zip(places, line.operands, strict=True)
            ),
        )
        candidates = groups.setdefault(key, [])
        for group in candidates:
            if group.get(row, line) is line:
                break
        else:
            group = {}
            candidates.append(group)
        group[row] = line
        if len(group) < size:
            return None
        candidates.remove(group)
        return [group[place] for place in range(size)]

    def _elementwise(self, lines: list[Instruction]) -> Block:
        operands: list[Block | int] = []
        for slots in zip(*(line.operands for line in lines), strict=True):
            place = self.slots.get(slots[0])
            if place:
                operands.append(place[0])
            elif len(set(slots)) == 1:
                operands.append(slots[0])
            else:
                operands.append(Block(slots))
        out = Block(tuple(line.out for line in lines))
        self._place(Elementwise(out, lines[0].function, tuple(operands)))
        return out

    def _place(self, operation: Affine | Elementwise) -> None:
        self.made[operation.out] = operation
        for row, slot in enumerate(operation.out.slots):
            self.slots[slot] = (operation.out, row)

    # --- gradients of many parameters together

    def _grouped_gradients(self) -> tuple[list[ProductGradients | RowGradients], list[tuple[int, int]]]:
        by_left: dict[int, list[tuple[int, int]]] = {}
        by_block: dict[Block, dict[int, int]] = {}
        singles: dict[int, int] = {}
        for place, slot in self.gradients:
            if slot in self.products:
                left, right = self.maker[slot].operands
                by_left.setdefault(left, []).append((right, place))
            elif slot in self.slots and self.slots[slot][1] not in by_block.get(self.slots[slot][0], ()):
                block, row = self.slots[slot]
                by_block.setdefault(block, {})[row] = place
            else:
                singles[place] = slot
        found: list[ProductGradients | RowGradients] = []
        slot_of = dict(self.gradients)
        for block, places in by_block.items():
            if len(places) == len(block.slots):
                found.append(RowGradients(tuple(places[row] for row in range(len(places))), block))
            else:
                singles.update((place, slot_of[place]) for place in places.values())
        grids: dict[tuple[int, ...], list[tuple[int, tuple[int, ...]]]] = {}
        for left, products in by_left.items():
            grids.setdefault(tuple(right for right, _ in products), []).append((left, tuple(p for _, p in products)))
        for rights, rows in grids.items():
            rows.sort(key=lambda row: self.slots[row[0]][1] if row[0] in self.slots else -1)
            if len(rights) * len(rows) >= _FEWEST_WEIGHTS:
                left_block = Block(tuple(left for left, _ in rows))
                found.append(ProductGradients(tuple(places for _, places in rows), left_block, Block(rights)))
            else:
                singles.update((place, slot_of[place]) for _, places in rows for place in places)
        return found, sorted(singles.items())

    # --- sums of the rows of a block

    def _find_row_sums(self) -> None:
        sums = {line.out for line in self.needed if line.function == "+" and line.out not in self.slots}
        for slot in sums:
            if all(user.out in sums for user in self.users.get(slot, ())) and slot not in self.kept:
                continue
            leaves: list[int] = []
            unfinished = [slot]
            while unfinished:
                part = unfinished.pop()
                if part == slot or (part in sums and self._is_part_of_one_sum(part)):
                    unfinished += self.maker[part].operands
                else:
                    leaves.append(part)
            block = self.slots[leaves[0]][0] if leaves[0] in self.slots else None
            if block and len(leaves) >= _FEWEST_ROWS_TO_SUM and sorted(leaves) == sorted(block.slots):
                self.sums[slot] = RowSum(slot, block)

    # --- the order

    def _in_order(self, wanted: Iterable[Block | int]) -> Iterable[Operation]:
        """What the wanted blocks and slots need, operands first."""
        done: set[Block | int] = set()
        unfinished: list[tuple[Block | int, bool]] = [(part, False) for part in reversed(list(wanted))]
        while unfinished:
            part, is_ready = unfinished.pop()
            if isinstance(part, int) and part in self.slots:
                part = self.slots[part][0]
            if part in done:
                continue
            operation = self._operation(part)
            if operation is None:
                done.add(part)
            elif is_ready:
                done.add(part)
                yield operation
            else:
                unfinished.append((part, True))
                unfinished += [(operand, False) for operand in reversed(operands_of(operation))]

    def _operation(self, part: Block | int) -> Operation | None:
        if isinstance(part, Block):
            return self.made.get(part) or Gathered(part)
        return self.sums.get(part) or self.maker.get(part)


def _varying(program: Program) -> frozenset[int]:
    """The slots that differ from example to example."""
    found = set(program.inputs)
    for line in program.instructions:
        if not found.isdisjoint(line.operands):
            found.add(line.out)
    return frozenset(found)
