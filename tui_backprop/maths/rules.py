"""Which rule applies to which form of expression, and what line does it write?"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass

from tui_backprop.maths.derivative import local_derivative, signed_terms
from tui_backprop.maths.expression import (
    ONE,
    ZERO,
    Call,
    Expression,
    Name,
    Number,
    chained,
    flattened,
    names_in,
    replace,
)
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.inner_functions import DEFINITIONS, only_inner
from tui_backprop.maths.parsing import RESERVED_NAMES, parse
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.writing import Style, write

_MOST_TERMS_TOLD = 8
_INNER_NAMES = "ghkpqrsuvmn"


@dataclass(frozen=True, slots=True)
class Draft:
    """A line before its inner names are known in full and its value is computed."""

    rule: str
    subject: Expression
    wrt: str
    expression: Expression
    why: str


_Derived = Generator["_Task", Expression, Expression]


@dataclass(frozen=True, slots=True)
class _Task:
    """A part of the equation whose derivative is wanted; the lines on it speak of the subject: its name, or itself."""

    tree: Expression
    wrt: str
    subject: Expression


def principal_rule(equation: Expression, wrt: str) -> str:
    """The rule for an equation's outermost operation, by which its derivative begins."""
    if not isinstance(equation, Call):
        return "definition"
    function, arguments = equation.function, equation.arguments
    if function == "*":
        moving = [factor for factor in flattened(equation, "*") if wrt in names_in(factor)]
        if len(moving) == 1:
            return "constant multiple rule"
        return "power rule" if all(factor == moving[0] for factor in moving) else "product rule"
    if function == "/":
        if wrt not in names_in(arguments[1]):
            return "constant multiple rule"
        return "quotient rule" if wrt in names_in(arguments[0]) else "power rule"
    if function == "^":
        return "exponential rule" if wrt in names_in(arguments[1]) else "power rule"
    return FUNCTIONS[function].rule


class Rules:
    """Applies the rules to one equation and keeps the lines.

    names: the scenario's, which no inner name may equal. expands: whether functions with a definition in terms of
    simpler ones are taken apart by it.
    drafts: the lines. inner: the inner names, with what they stand for, in terms of one another.
    """

    def __init__(
        self, equation: Expression, node: str, wrt: str, names: Iterable[str], style: Style, expands: bool
    ) -> None:
        self.equation = equation
        self.node = node
        self.wrt = wrt
        self.style = style
        self.expands = expands
        self.drafts: list[Draft] = []
        self.inner: dict[str, Expression] = {}
        self._taken = {*names, *names_in(equation), node, wrt, *RESERVED_NAMES}

    def derived(self) -> Expression:
        """Apply the rules; what they give is in terms of inner names, and not tidied. `drafts` has the lines."""
        return _run(self._derive, _Task(self.equation, self.wrt, Name(self.node)))

    def say_of_whole(self, rule: str, expression: Expression, why: str) -> None:
        """Add a line on the whole derivative."""
        self._say(rule, _Task(self.equation, self.wrt, Name(self.node)), expression, why)

    # --- the rules, each for one form of expression

    def _derive(self, task: _Task) -> _Derived:
        tree, wrt = task.tree, task.wrt
        if wrt not in names_in(tree):
            return self._constant(task)
        if isinstance(tree, Name):
            why = f"{self.style.name(wrt)} changes exactly as fast as itself."
            return self._say("definition", task, ONE, why)
        assert isinstance(tree, Call)
        inner = only_inner(tree, wrt, self.expands)
        if inner is not None:
            return (yield from self._chain(task, inner))
        if tree.function in ("+", "-"):
            return (yield from self._sum(task))
        if tree.function == "neg":
            return (yield from self._multiple(task, [Number(-1.0)], tree.arguments[0]))
        if tree.function == "*":
            return (yield from self._product(task))
        if tree.function == "/":
            return (yield from self._quotient(task))
        if tree.function == "^":
            return (yield from self._power(task))
        return (yield from self._function(task))

    def _constant(self, task: _Task) -> Expression:
        text, name = write(task.tree, self.style), self.style.name(task.wrt)
        why = f"{text} does not contain {name}: it is held constant, and a constant does not change."
        return self._say("constant rule", task, ZERO, why)

    def _sum(self, task: _Task) -> _Derived:
        terms = signed_terms(task.tree)
        silent = [term for _, term in terms if task.wrt not in names_in(term)]
        told_together = len(terms) > _MOST_TERMS_TOLD
        if told_together and silent:
            name = self.style.name(task.wrt)
            why = f"{len(silent)} terms do not contain {name}: each is held constant, and its derivative is 0."
            self._say("constant rule", _Task(silent[0], task.wrt, silent[0]), ZERO, why)
        total: Expression | None = None
        for sign, term in terms:
            if told_together and task.wrt not in names_in(term):
                continue
            part = yield _Task(term, task.wrt, term)
            if total is None:
                total = part if sign > 0 else Call("neg", part)
            else:
                total = Call("+" if sign > 0 else "-", total, part)
        assert total is not None
        self._say("sum rule", task, total, "A sum changes by the sum of the changes of its terms.")
        return instantiate(total, {})

    def _multiple(self, task: _Task, constants: list[Expression], rest: Expression) -> _Derived:
        part = yield _Task(rest, task.wrt, rest)
        if constants == [Number(-1.0)]:
            result: Expression = Call("neg", part)
            why = "A minus sign is a factor of −1: it stays in front."
        else:
            result = _times(*constants, part)
            held = " and ".join(write(constant, self.style) for constant in constants)
            name = self.style.name(task.wrt)
            is_or_are = "is" if len(constants) == 1 else "are"
            why = f"{held} {is_or_are} held constant while {name} moves: a factor that stays."
        return self._say("constant multiple rule", task, result, why)

    def _product(self, task: _Task) -> _Derived:
        factors = flattened(task.tree, "*")
        constants = [factor for factor in factors if task.wrt not in names_in(factor)]
        moving = [factor for factor in factors if task.wrt in names_in(factor)]
        if constants:
            return (yield from self._multiple(task, constants, chained("*", moving)))
        if all(factor == moving[0] for factor in moving):
            power = Call("^", moving[0], Number(len(moving)))
            rewritten = _Task(power, task.wrt, task.subject)
            return (yield from self._derive(rewritten))
        total: Expression | None = None
        for place, factor in enumerate(moving):
            part = yield _Task(factor, task.wrt, factor)
            term = _times(*moving[:place], part, *moving[place + 1 :])
            total = term if total is None else Call("+", total, term)
        assert total is not None
        why = "Each factor moves in turn while the others stand still; the changes add up."
        return self._say("product rule", task, total, why)

    def _quotient(self, task: _Task) -> _Derived:
        assert isinstance(task.tree, Call)
        above, below = task.tree.arguments
        if task.wrt not in names_in(below):
            part = yield _Task(above, task.wrt, above)
            why = f"Dividing by {write(below, self.style)}, which is held constant, is a factor that stays."
            return self._say("constant multiple rule", task, Call("/", part, below), why)
        if task.wrt not in names_in(above):
            if above == ONE:
                text = f"{write(task.tree, self.style)} is {write(Call('^', below, Number(-1)), self.style)}"
                result = Call("neg", Call("/", ONE, Call("^", below, Number(2))))
                why = f"{text}: the exponent −1 comes down in front, and the exponent falls to −2."
                return self._say("power rule", task, result, why)
            return (yield from self._multiple(task, [above], Call("/", ONE, below)))
        of_above = yield _Task(above, task.wrt, above)
        of_below = yield _Task(below, task.wrt, below)
        top = Call("-", _times(of_above, below), _times(above, of_below))
        why = "Above's change times below, minus above times below's change, over below squared."
        return self._say("quotient rule", task, Call("/", top, Call("^", below, Number(2))), why)

    def _power(self, task: _Task) -> _Derived:
        assert isinstance(task.tree, Call)
        base, exponent = task.tree.arguments
        name = self.style.name(task.wrt)
        if task.wrt not in names_in(exponent):
            lowered = instantiate(parse("v - 1").expression, {"v": exponent})
            result = _times(exponent, base if lowered == ONE else Call("^", base, lowered))
            text = write(exponent, self.style)
            return self._say("power rule", task, result, f"The exponent {text} comes down in front, and falls by one.")
        if task.wrt not in names_in(base):
            if base == Name("e"):
                why = f"e^{name} is its own derivative."
                return self._say("exponential rule", task, task.tree, why)
            result = _times(task.tree, Call("log", base))
            why = f"A power of a constant base grows in proportion to itself, times log({write(base, self.style)})."
            return self._say("exponential rule", task, result, why)
        exponent_of_e = _times(exponent, Call("log", base))
        part = yield _Task(exponent_of_e, task.wrt, exponent_of_e)
        whole, above = write(task.tree, self.style), write(exponent_of_e, self.style)
        why = f"{whole} is e^({above}): itself times its exponent's change."
        return self._say("exponential rule", task, _times(task.tree, part), why)

    def _function(self, task: _Task) -> _Derived:
        assert isinstance(task.tree, Call)
        function = FUNCTIONS[task.tree.function]
        parts: dict[str, Expression] = dict(zip(("u", "v"), task.tree.arguments, strict=False))
        definition = DEFINITIONS.get(task.tree.function) if self.expands else None
        if definition:
            return (yield from self._by_definition(task, instantiate(parse(definition).expression, parts)))
        parts["result"] = task.tree
        total: Expression | None = None
        for operand, argument in enumerate(task.tree.arguments):
            if task.wrt not in names_in(argument):
                continue
            local = instantiate(local_derivative(task.tree.function, operand), parts)
            of_argument: Expression = ONE if argument == Name(task.wrt) else (yield _Task(argument, task.wrt, argument))
            term = local if of_argument == ONE else _times(local, of_argument)
            total = term if total is None else Call("+", total, term)
        assert total is not None
        return self._say(
            function.rule, task, total, _WHY_FUNCTION.get(function.name, "It is its own rule, from the table.")
        )

    def _by_definition(self, task: _Task, definition: Expression) -> _Derived:
        """A function taken apart into elementary ones, and the result written with its value again."""
        result = yield _Task(definition, task.wrt, task.subject)
        assert isinstance(task.tree, Call)
        if task.tree.function == "sigmoid":
            result = self._sigmoid_ending(task, result)
        return result

    # --- inner functions

    def _chain(self, task: _Task, inner: Expression) -> _Derived:
        """The derivative through one inner function: the outer's times the inner's."""
        name = self._named(inner)
        outer = yield _Task(replace(task.tree, {inner: Name(name)}), name, task.subject)
        of_inner = yield _Task(inner, task.wrt, Name(name))
        result = _times(outer, of_inner)
        why = (
            f"{self.style.name(task.wrt)} moves {name}, and {name} moves {write(task.subject, self.style)}: "
            "the outer derivative times the inner one."
        )
        return self._say("chain rule", task, result, why)

    def _named(self, inner: Expression) -> str:
        for known, tree in self.inner.items():
            if tree == inner:
                return known
        candidates = (*_INNER_NAMES, *(f"g{number}" for number in range(1, 1000)))
        name: str = next(candidate for candidate in candidates if candidate not in self._taken)
        self._taken.add(name)
        self.inner[name] = inner
        return name

    def _sigmoid_ending(self, task: _Task, result: Expression) -> Expression:
        """From -1/g^2 * exp(h) * (-1) to s*(1 - s), by e^-z = (1 - s)/s."""
        assert isinstance(task.tree, Call)
        argument = task.tree.arguments[0]
        is_node = task.tree == self.equation
        value: Expression = Name(self.node) if is_node else task.tree
        shown, style = write(value, self.style), self.style
        power = Call("exp", Call("neg", argument))
        whole = Call("+", ONE, power)
        self._say(
            "cancel",
            task,
            Call("/", power, Call("^", whole, Number(2))),
            "Minus times minus is plus; g and h are put back.",
        )
        below = f"1 + {write(power, style)}"
        self._say(
            "substitution",
            task,
            _times(Call("^", value, Number(2)), power),
            f"{shown} = 1/({below}), so 1/({below})² is {shown}².",
        )
        fraction = Call("/", Call("-", ONE, value), value)
        why = f"{shown}·({below}) = 1 gives {write(power, style)} = (1 − {shown})/{shown}."
        self._say("substitution", task, _times(Call("^", value, Number(2)), fraction), why)
        return self._say(
            "cancel", task, _times(value, Call("-", ONE, value)), f"One {shown} above cancels the {shown} below."
        )

    def _say(self, rule: str, task: _Task, expression: Expression, why: str) -> Expression:
        draft = Draft(rule, task.subject, task.wrt, expression, why)
        if draft not in self.drafts:
            self.drafts.append(draft)
        return expression


_WHY_FUNCTION: Mapping[str, str] = {
    "exp": "The exponential is its own derivative.",
    "log": "The logarithm changes by one over what stands in it.",
    "sqrt": "A square root is the power ½: ½ times the power −½, which is 1 over twice the root.",
    "sigmoid": "The sigmoid's derivative is its value s times 1 − s (derive a node s = σ(z) to see it built).",
    "tanh": "The derivative of tanh is 1 minus its square.",
    "relu": "relu is flat below 0 and has slope 1 above it; at 0 the slope is 0 by convention.",
    "leaky_relu": "Its slope is 1 above 0 and 0.01 below; at 0 it is 0.01 by convention.",
    "softplus": "The derivative of softplus is the sigmoid.",
    "abs": "The slope is the sign; at 0 it is 0 by convention.",
    "sin": "The derivative of the sine is the cosine.",
    "cos": "The derivative of the cosine is minus the sine.",
    "max": "The larger operand passes its change on; at a tie each passes on half.",
    "min": "The smaller operand passes its change on; at a tie each passes on half.",
    "step": "A step is flat everywhere but at its edge, and there its derivative is 0 by convention.",
    "sign": "The sign is flat everywhere but at 0, and there its derivative is 0 by convention.",
}


def _times(*factors: Expression) -> Expression:
    return chained("*", factors)


def _run(derive: Callable[[_Task], _Derived], task: _Task) -> Expression:
    """Derive a task and all the tasks it asks for, on a stack of its own: no user's data makes Python recurse."""
    waiting = [derive(task)]
    answer: Expression | None = None
    while True:
        try:
            asked = next(waiting[-1]) if answer is None else waiting[-1].send(answer)
        except StopIteration as done:
            waiting.pop()
            finished: Expression = done.value
            if not waiting:
                return finished
            answer = finished
        else:
            waiting.append(derive(asked))
            answer = None
