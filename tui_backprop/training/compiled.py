"""How does training get fast? The program becomes one Python loop over local variables, made from the function table.

No text of a scenario reaches the source: it is made of slot numbers, numbers' reprs and the table's own templates.
Where the loop meets an operation that has no finite result, it raises or says so, and the caller goes over the same
iterations with the interpreter, which shows every number.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tui_backprop.maths.functions import FUNCTIONS, Function
from tui_backprop.training.plan import Plan
from tui_backprop.training.program import Instruction, Program, slots_that_show_non_finite

Loop = Callable[[int, int, tuple[float, ...], list[float]], tuple[tuple[float, ...], float]]
"""(first iteration, count, parameters, losses to append to) -> (parameters after, a number finite if all was)."""

# How deep the source nests: Python's own compiler is recursive.
_DEEPEST_NESTING = 24
_NAMESPACE = {
    name: getattr(math, name)
    for name in (
        *("exp", "log", "sqrt", "tanh", "log1p", "sin", "cos", "pow"),  # what the table's templates call
        *("inf", "nan"),  # what repr makes of such constants
    )
}


def compile_loop(program: Program, plan: Plan) -> Loop:
    """The training loop of a program. It needs a learning rate."""
    source = LoopWriter(program, plan).source()
    namespace: dict[str, Any] = {**_NAMESPACE, "abs": abs, "__builtins__": {"range": range}}
    exec(compile(source, "<training loop>", "exec"), namespace)
    examples = plan.examples if plan.batch_size == len(plan.examples) else (*plan.examples, *plan.examples)
    rate = plan.learning_rate
    run = namespace["run"]

    def loop(
        first: int, count: int, parameters: tuple[float, ...], losses: list[float]
    ) -> tuple[tuple[float, ...], float]:
        result: tuple[tuple[float, ...], float] = run(first, count, rate, parameters, examples, losses.append)
        return result

    return loop


class LoopWriter:
    """Writes the source of one training loop: of numbers, example by example."""

    @staticmethod
    def template(function: Function) -> str:
        """The code of a function in this loop."""
        return function.code

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program = program
        self.plan = plan
        names = program.parameter_names
        self.gradients = [
            (slot, program.gradients[name])
            for slot, name, moves in zip(program.parameters, names, plan.is_updated, strict=True)
            if moves
        ]
        self.guards = _guards(program, plan)
        outputs = [program.loss, *(slot for _, slot in self.gradients), *self.guards]
        self.live = _live(program.instructions, outputs)
        self.uses = Counter(outputs)
        for instruction in self.live:
            template = self.template(FUNCTIONS[instruction.function])
            for position, slot in enumerate(instruction.operands):
                self.uses[slot] += template.count(f"{{{position}}}")
        self.text: dict[int, str] = {}
        self.depth: dict[int, int] = {}
        variables = {*program.parameters_and_inputs, *(instruction.out for instruction in program.instructions)}
        for slot, value in enumerate(program.initial):
            self.text[slot] = f"s{slot}" if slot in variables else _literal(value)
            self.depth[slot] = 0

    def source(self) -> str:
        has_several = self.plan.batch_size > 1
        single = self.plan.batch_size == len(self.plan.examples) == 1
        before, inside = self.split(single)
        parameters = tuple_of([f"s{slot}" for slot in self.program.parameters])
        inputs = tuple_of([f"s{slot}" for slot in self.program.inputs])
        lines = ["def run(first, count, rate, parameters, examples, append):", f" {parameters} = parameters"]
        if single:
            lines.append(f" {inputs} = examples[0]")
        lines += [f" {line}" for line in before]
        lines.append(" guard = 0.0")
        lines.append(" for iteration in range(first, first + count):")
        body = [*inside, *self.guard_lines()]
        if single:
            lines += [f"  {line}" for line in body]
            lines.append(f"  append({self.text[self.program.loss]})")
            lines += [f"  {line}" for line in self._update_lines()]
        else:
            lines += self._over_examples(body, inputs, has_several)
        lines.append(f" return {parameters}, guard")
        return "\n".join(lines)

    def _update_lines(self) -> list[str]:
        """The updates one after the other, where a gradient may be another parameter itself: that of a in a*b is b."""
        moving = {parameter for parameter, _ in self.gradients}
        before = [
            gradient for gradient in dict.fromkeys(gradient for _, gradient in self.gradients) if gradient in moving
        ]
        text = {**self.text, **{slot: f"before{slot}" for slot in before}}
        return [
            *(f"before{slot} = s{slot}" for slot in before),
            *(f"s{parameter} = s{parameter} - rate * {text[gradient]}" for parameter, gradient in self.gradients),
        ]

    def _over_examples(self, body: list[str], inputs: str, has_several: bool) -> list[str]:
        size, count = self.plan.batch_size, len(self.plan.examples)
        # Accumulators are numbered by their place, not by slot: two parameters may share one gradient slot.
        sums = [f"t{place}" for place in range(len(self.gradients))]
        lines = [f"  {' = '.join(['total', *sums])} = 0.0"]
        if size == count:
            lines.append(f"  for {inputs} in examples:")
        else:
            lines.append(f"  start = iteration * {size} % {count}")
            lines.append(f"  for {inputs} in examples[start:start + {size}]:")
        lines += [f"   {line}" for line in body]
        # One example is no sum: 0.0 + -0.0 would lose its sign.
        takes = "+=" if has_several else "="
        lines.append(f"   total {takes} {self.text[self.program.loss]}")
        lines += [f"   {name} {takes} {self.text[slot]}" for name, (_, slot) in zip(sums, self.gradients, strict=True)]
        divided = f" / {float(size)!r}" if self.plan.averages and has_several else ""
        lines.append(f"  append(total{divided})")
        lines += [
            f"  s{parameter} = s{parameter} - rate * ({name}{divided})"
            for name, (parameter, _) in zip(sums, self.gradients, strict=True)
        ]
        return lines

    def split(self, inputs_are_fixed: bool) -> tuple[list[str], list[str]]:
        """The assignments that stand before the loop, because nothing in them changes, and those inside."""
        varying = set(self.program.parameters)
        if not inputs_are_fixed:
            varying.update(self.program.inputs)
        before: list[str] = []
        inside: list[str] = []
        kept = {self.program.loss, *(slot for _, slot in self.gradients), *self.guards}
        for instruction in self.live:
            is_fixed = not any(slot in varying for slot in instruction.operands)
            if not is_fixed:
                varying.add(instruction.out)
            function = FUNCTIONS[instruction.function]
            text = self.template(function).format(*(self.text[slot] for slot in instruction.operands))
            depth = 1 + max(self.depth[slot] for slot in instruction.operands)
            out = instruction.out
            inlined = not is_fixed and out not in kept and self.uses[out] == 1 and depth < _DEEPEST_NESTING
            if inlined:
                self.text[out], self.depth[out] = text, depth
            else:
                (before if is_fixed else inside).append(f"s{out} = {text}")
        return before, inside

    def guard_lines(self) -> list[str]:
        texts = [self.text[slot] for slot in self.guards]
        rows = [texts[start : start + _DEEPEST_NESTING] for start in range(0, len(texts), _DEEPEST_NESTING)]
        return [f"guard += ({' + '.join(row)}) * 0.0" for row in rows]


def _literal(value: float) -> str:
    return f"({value!r})" if math.copysign(1.0, value) < 0 else repr(value)


def tuple_of(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _live(instructions: tuple[Instruction, ...], outputs: Sequence[int]) -> list[Instruction]:
    needed = set(outputs)
    live: list[Instruction] = []
    for instruction in reversed(instructions):
        if instruction.out in needed:
            needed.update(instruction.operands)
            live.append(instruction)
    live.reverse()
    return live


def _guards(program: Program, plan: Plan) -> tuple[int, ...]:
    """The shown slots whose being non-finite neither the loss nor an updated parameter would tell."""
    telling = slots_that_show_non_finite(program)
    guards = [slot for slot in program.values.values() if slot not in telling]
    told = {name for name, moves in zip(program.parameter_names, plan.is_updated, strict=True) if moves}
    # A gradient is a factor in the gradients of the node's own operands, and a non-finite factor stays non-finite.
    for name in reversed(list(program.terms)):
        if name not in told:
            guards.append(program.gradients[name])
        told.update(term.through for term in program.terms[name])
    computed = {instruction.out for instruction in program.instructions}
    leaves = program.parameters_and_inputs
    return tuple(dict.fromkeys(slot for slot in guards if slot in computed and slot not in leaves))
