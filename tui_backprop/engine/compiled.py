"""What makes training fast: the program as one Python loop over local variables, made from the function table.

No text of a scenario reaches the source: it is made of slot numbers, numbers' reprs and the table's own templates.
Where the loop meets an operation that has no finite result, it raises or says so, and the caller goes over the same
iterations with the interpreter, which shows every number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tui_backprop.engine.plan import Plan
from tui_backprop.engine.program import Program, live
from tui_backprop.engine.source_text import SlotTexts, called_names, code_of, uses_of
from tui_backprop.engine.update_rule import UpdateRule
from tui_backprop.engine.watched import guards, updated_gradients

Loop = Callable[[int, int, Sequence[float], list[float]], tuple[Sequence[float], float]]
"""(first iteration, count, vector, losses to append to) -> (vector after, a number finite if all was)."""

_NAMESPACE: dict[str, Any] = {
    name: {**vars(math), "abs": abs}[name]
    for name in (*called_names(), "inf", "nan")  # the last two are what repr makes of such constants
}


def compile_loop(program: Program, plan: Plan) -> Loop:
    """The training loop of a program. It needs a learning rate."""
    source = _LoopWriter(program, plan).source()
    namespace: dict[str, Any] = {**_NAMESPACE, "__builtins__": {"range": range, "len": len}}
    exec(compile(source, "<training loop>", "exec"), namespace)
    run, examples = namespace["run"], plan.examples

    def batch(iteration: int) -> list[tuple[float, ...]]:
        return [examples[place] for place in plan.batch(iteration)]

    def loop(first: int, count: int, vector: Sequence[float], losses: list[float]) -> tuple[Sequence[float], float]:
        result: tuple[tuple[float, ...], float] = run(first, count, vector, examples, batch, losses.append)
        return result

    return loop


class _LoopWriter:
    """Writes the source of one training loop."""

    def __init__(self, program: Program, plan: Plan) -> None:
        assert plan.rule is not None
        self.program = program
        self.plan = plan
        self.rule = plan.rule
        self.gradients = [(program.parameters[place], slot) for place, slot in updated_gradients(program, plan)]
        self.guards = guards(program, plan)
        outputs = [program.loss, *(slot for _, slot in self.gradients), *self.guards]
        self.kept = frozenset(outputs)
        self.live = live(program.instructions, outputs)
        self.uses = uses_of(self.live, outputs)
        variables = {*program.parameters_and_inputs, *(instruction.out for instruction in program.instructions)}
        self.texts = SlotTexts(program.initial, {slot: f"s{slot}" for slot in variables})
        self.update = _UpdateWriter(self.rule)

    def source(self) -> str:
        single = self.plan.is_whole and self.plan.batch_size == 1
        parameters = [f"s{slot}" for slot in self.program.parameters]
        states = [f"{name}_{slot}" for name in self.update.states for slot, _ in self.gradients]
        inputs = _tuple_of([f"s{slot}" for slot in self.program.inputs])
        before, inside = self._split(single)
        # Local variables are faster than global ones, and take less room in a long loop.
        functions = ", ".join(f"{name}={name}" for name in _NAMESPACE)
        lines = [f"def run(first, count, vector, examples, batch, append, {functions}):"]
        lines.append(f" {_tuple_of([*parameters, *states])} = vector")
        if single:
            lines.append(f" {inputs} = examples[0]")
            body = [*inside, f"append({self.texts.of[self.program.loss]})", *self._updates_of_one_example()]
        else:
            body = self._over_examples(inside, inputs)
        lines += [f" {line}" for line in [*before, "guard = 0.0", "for iteration in range(first, first + count):"]]
        lines += [f"  {line}" for line in [*self.update.shared, *body]]
        lines.append(f" return {_tuple_of([*parameters, *states])}, guard")
        return "\n".join(lines)

    def _updates_of_one_example(self) -> list[str]:
        # A gradient may be another parameter itself: that of a in a*b is b. It is needed as it was before.
        parameters = set(self.program.parameters)
        read_late = {gradient for _, gradient in self.gradients if gradient in parameters}
        lines = [f"before{slot} = s{slot}" for slot in sorted(read_late)]
        for parameter, gradient in self.gradients:
            text = f"before{gradient}" if gradient in read_late else self.texts.of[gradient]
            lines += self.update.lines(parameter, text)
        return lines

    def _over_examples(self, body: list[str], inputs: str) -> list[str]:
        plan = self.plan
        # Accumulators are numbered by their place, not by slot: two parameters may share one gradient slot.
        sums = [f"t{place}" for place in range(len(self.gradients))]
        # -0.0 is what changes no number that is added to it.
        lines = [f"{' = '.join(['total', *sums])} = -0.0"]
        lines += [] if plan.is_whole else ["examples = batch(iteration)"]
        lines.append(f"for {inputs} in examples:")
        body = [*body, f"total += {self.texts.of[self.program.loss]}"]
        body += [f"{name} += {self.texts.of[slot]}" for name, (_, slot) in zip(sums, self.gradients, strict=True)]
        lines += [f" {line}" for line in body]
        size = repr(float(plan.batch_size)) if plan.is_even else "len(examples)"
        divided = f" / {size}" if plan.averages and plan.batch_size > 1 else ""
        lines.append(f"append(total{divided})")
        for name, (parameter, _) in zip(sums, self.gradients, strict=True):
            lines += self.update.lines(parameter, f"({name}{divided})")
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
            out = instruction.out
            is_fixed = varying.isdisjoint(instruction.operands)
            if not is_fixed:
                varying.add(out)
            is_read_once = not is_fixed and out not in self.kept and self.uses[out] == 1
            line = self.texts.line(instruction, f"s{out}", is_read_once=is_read_once)
            if line is not None:
                (before if is_fixed else inside).append(line)
            if out in guarded:
                # Summed up: a number that is not finite makes the sum so, and for good.
                inside.append(f"guard += s{out}")
        return before, inside


class _UpdateWriter:
    """Writes the lines of an update: once in an iteration what all parameters share, then those of each.

    states: the beginnings of the variables that hold state; the parameter's slot follows.
    shared: the lines that come before the first update.
    """

    def __init__(self, rule: UpdateRule) -> None:
        self.states = [f"v{place}" for place in range(len(rule.state))]
        after = [rule.results[line] for line in (*rule.kept, len(rule.lines) - 1)]
        guarded = [rule.results[line] for line in rule.guarded]
        outputs = [*after, *guarded]
        own = live(rule.own, outputs)
        uses = uses_of(own, outputs)
        variables = {rule.k: "k", rule.t: "t", rule.w: "{w}", rule.g: "{g}"}
        variables |= {slot: f"{name}_{{slot}}" for slot, name in zip(rule.before, self.states, strict=True)}
        variables |= {line.out: f"c{line.out}" for line in rule.shared}
        texts = SlotTexts(rule.initial, variables)
        shared = live(rule.shared, [rule.eta, *(operand for line in own for operand in line.operands), *outputs])
        self.shared = ["k = iteration * 1.0", f"t = k + {1.0 - rule.first!r}"] if rule.counts else []
        for line in shared:
            code = code_of(line.function).format(*(texts.of[slot] for slot in line.operands))
            self.shared.append(f"c{line.out} = {code}")
        if rule.rate_changes:
            self.shared.append(f"guard += {texts.of[rule.eta]}")
        written = [texts.line(line, f"u{line.out}", is_read_once=uses[line.out] == 1) for line in own]
        lines = [line for line in written if line is not None]
        lines += [f"guard += {texts.of[slot]}" for slot in guarded]
        # All at once, so that no line reads what is new where it means what was before.
        targets = ", ".join([*(f"{name}_{{slot}}" for name in self.states), "{w}"])
        lines.append(f"{targets} = {', '.join(texts.of[slot] for slot in after)}")
        self._template = "\n".join(lines)
        self._reads_gradient_often = self._template.count("{g}") > 1

    def lines(self, parameter: int, gradient: str) -> list[str]:
        """The update of one parameter, by its slot and the text of its gradient."""
        lines = []
        if self._reads_gradient_often and not gradient.isidentifier():
            lines.append(f"g = {gradient}")
            gradient = "g"
        return lines + self._template.format(w=f"s{parameter}", g=gradient, slot=parameter).split("\n")


def _tuple_of(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
