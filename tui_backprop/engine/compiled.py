"""How does training get fast? The program becomes one Python loop over local variables, made from the function table.

No text of a scenario reaches the source: it is made of slot numbers, numbers' reprs and the table's own templates.
Where the loop meets an operation that has no finite result, it raises or says so, and the caller goes over the same
iterations with the interpreter, which shows every number.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program, live
from tui_backprop.engine.tightening import update_line, with_early_updates, with_few_variables
from tui_backprop.engine.watched import guards, updated_gradients
from tui_backprop.maths.functions import FUNCTIONS

Loop = Callable[[int, int, Sequence[float], list[float]], tuple[Sequence[float], float]]
"""(first iteration, count, parameters, losses to append to) -> (parameters after, a number finite if all was)."""

# How deep the source nests: Python's own compiler is recursive.
_DEEPEST_NESTING = 24
_NAMESPACE: dict[str, Any] = {
    "abs": abs,
    **{
        name: getattr(math, name)
        for name in (
            *("exp", "log", "sqrt", "tanh", "log1p", "sin", "cos", "pow"),  # what the table's templates call
            *("inf", "nan"),  # what repr makes of such constants
        )
    },
}


def compile_loop(program: Program, plan: Plan) -> Loop:
    """The training loop of a program. It needs a learning rate."""
    source = _LoopWriter(program, plan).source()
    namespace: dict[str, Any] = {**_NAMESPACE, "__builtins__": {"range": range}}
    exec(compile(source, "<training loop>", "exec"), namespace)
    examples = plan.examples if plan.batch_size == len(plan.examples) else (*plan.examples, *plan.examples)
    rate = plan.learning_rate
    run = namespace["run"]

    def loop(first: int, count: int, parameters: Sequence[float], losses: list[float]) -> tuple[Sequence[float], float]:
        result: tuple[tuple[float, ...], float] = run(first, count, rate, parameters, examples, losses.append)
        return result

    return loop


class _LoopWriter:
    """Writes the source of one training loop."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program = program
        self.plan = plan
        self.gradients = [(program.parameters[place], slot) for place, slot in updated_gradients(program, plan)]
        self.guards = guards(program, plan)
        outputs = [program.loss, *(slot for _, slot in self.gradients), *self.guards]
        self.kept = frozenset(outputs)
        self.live = live(program.instructions, outputs)
        self.uses = Counter(outputs)
        for instruction in self.live:
            template = FUNCTIONS[instruction.function].code
            for position, slot in enumerate(instruction.operands):
                self.uses[slot] += template.count(f"{{{position}}}")
        self.text: dict[int, str] = {}
        self.depth: dict[int, int] = {}
        variables = {*program.parameters_and_inputs, *(instruction.out for instruction in program.instructions)}
        for slot, value in enumerate(program.initial):
            self.text[slot] = f"s{slot}" if slot in variables else _literal(value)
            self.depth[slot] = 0

    def source(self) -> str:
        single = self.plan.batch_size == len(self.plan.examples) == 1
        parameters = [f"s{slot}" for slot in self.program.parameters]
        inputs = [f"s{slot}" for slot in self.program.inputs]
        before, inside = self._split(single)
        lasting = {*parameters, *inputs, *(line.partition(" = ")[0] for line in before)}
        # Local variables are faster than global ones, and take less room in a long loop.
        functions = ", ".join(f"{name}={name}" for name in _NAMESPACE)
        lines = [f"def run(first, count, rate, parameters, examples, append, {functions}):"]
        lines.append(f" {_tuple_of(parameters)} = parameters")
        if single:
            lines.append(f" {_tuple_of(inputs)} = examples[0]")
            body = self._of_one_example(inside, lasting)
        else:
            body = self._over_examples(inside, _tuple_of(inputs), lasting)
        lines += [f" {line}" for line in [*before, "guard = 0.0", "for iteration in range(first, first + count):"]]
        lines += [f"  {line}" for line in body]
        lines.append(f" return {_tuple_of(parameters)}, guard")
        return "\n".join(lines)

    def _of_one_example(self, lines: list[str], lasting: Collection[str]) -> list[str]:
        # A gradient may be another parameter itself: that of a in a*b is b. Such updates wait for all the others.
        parameters = set(self.program.parameters)
        read_late = {gradient for _, gradient in self.gradients if gradient in parameters}
        early = {
            f"s{parameter}": self.text[gradient]
            for parameter, gradient in self.gradients
            if gradient not in parameters and parameter not in read_late
        }
        lines = with_early_updates([*lines, f"append({self.text[self.program.loss]})"], early)
        late = [(slot, gradient) for slot, gradient in self.gradients if f"s{slot}" not in early]
        text = {**self.text, **{slot: f"before{slot}" for slot in read_late}}
        lines += [f"before{slot} = s{slot}" for slot in sorted(read_late)]
        lines += [update_line(f"s{slot}", text[gradient]) for slot, gradient in late]
        return with_few_variables(lines, lasting)

    def _over_examples(self, body: list[str], inputs: str, lasting: Collection[str]) -> list[str]:
        has_several = self.plan.batch_size > 1
        size, count = self.plan.batch_size, len(self.plan.examples)
        # Accumulators are numbered by their place, not by slot: two parameters may share one gradient slot.
        sums = [f"t{place}" for place in range(len(self.gradients))]
        lines = [f"{' = '.join(['total', *sums])} = 0.0"]
        if size == count:
            lines.append(f"for {inputs} in examples:")
        else:
            lines.append(f"start = iteration * {size} % {count}")
            lines.append(f"for {inputs} in examples[start:start + {size}]:")
        # One example is no sum: 0.0 + -0.0 would lose its sign.
        takes = "+=" if has_several else "="
        body = [*body, f"total {takes} {self.text[self.program.loss]}"]
        body += [f"{name} {takes} {self.text[slot]}" for name, (_, slot) in zip(sums, self.gradients, strict=True)]
        lines += [f" {line}" for line in with_few_variables(body, lasting)]
        divided = f" / {float(size)!r}" if self.plan.averages and has_several else ""
        lines.append(f"append(total{divided})")
        lines += [
            update_line(f"s{parameter}", f"({name}{divided})")
            for name, (parameter, _) in zip(sums, self.gradients, strict=True)
        ]
        return lines

    def _split(self, inputs_are_fixed: bool) -> tuple[list[str], list[str]]:
        """The assignments that stand before the loop, because nothing in them changes, and those inside."""
        varying = set(self.program.parameters)
        if not inputs_are_fixed:
            varying.update(self.program.inputs)
        guarded = set(self.guards)
        before: list[str] = []
        inside: list[str] = []
        for instruction in self.live:
            is_fixed = varying.isdisjoint(instruction.operands)
            if not is_fixed:
                varying.add(instruction.out)
            text = FUNCTIONS[instruction.function].code.format(*(self.text[slot] for slot in instruction.operands))
            depth = 1 + max(self.depth[slot] for slot in instruction.operands)
            out = instruction.out
            if not is_fixed and out not in self.kept and self.uses[out] == 1 and depth < _DEEPEST_NESTING:
                self.text[out], self.depth[out] = text, depth
                continue
            (before if is_fixed else inside).append(f"s{out} = {text}")
            if out in guarded:
                # Summed up: a number that is not finite makes the sum so, and for good.
                inside.append(f"guard += s{out}")
        return before, inside


def _literal(value: float) -> str:
    return f"({value!r})" if math.copysign(1.0, value) < 0 else repr(value)


def _tuple_of(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
