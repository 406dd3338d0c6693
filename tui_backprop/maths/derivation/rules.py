"""Which rule applies to which form of expression, and the line that it writes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from itertools import chain, count

from msgspec import Struct

from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.inner_functions import DEFINITIONS, only_inner, put_back
from tui_backprop.maths.derivation.known_forms import ending
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
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tidy import instantiate
from tui_backprop.maths.tokens import RESERVED_NAMES
from tui_backprop.maths.writing import Style, write

MOST_LINES = 300
"""A derivation that would be longer is not told."""

_MOST_TERMS_TOLD = 8
_INNER_NAMES = "ghkpqrsuvmn"


class LineDraft(Struct, frozen=True):
    """A line before its inner names are known in full and its value is computed."""

    rule: str
    subject: Expression
    wrt: str
    expression: Expression
    why: str


_Derived = Generator["_Task", Expression, Expression]


class _Task(Struct, frozen=True):
    """A part of the equation whose derivative is wanted; the lines on it speak of the subject: its name, or itself."""

    tree: Expression
    wrt: str
    subject: Expression


class TooManyLinesError(Exception):
    """The rules would give more lines than anybody reads."""


class Rules:
    """Applies the rules to one equation and keeps the lines.

    names: the scenario's, which no inner name may equal. expands: whether functions with a definition in terms of
    simpler ones are taken apart by it.
    drafts: the lines. inner: the inner names, with what they stand for, in terms of one another.
    taken_apart: the functions that were, with their definitions.
    """

    def __init__(
        self, equation: Expression, node: str, wrt: str, names: Iterable[str], style: Style, expands: bool
    ) -> None:
        self.equation = equation
        self.node = node
        self.wrt = wrt
        self.style = style
        self.expands = expands
        self.inner: dict[str, Expression] = {}
        self.taken_apart: dict[Call, Expression] = {}
        self._drafts: dict[LineDraft, None] = {}
        self._results: dict[_Task, Expression] = {}
        self._taken = {*names, *names_in(equation), node, wrt, *RESERVED_NAMES}

    @property
    def drafts(self) -> tuple[LineDraft, ...]:
        """The lines so far, each once."""
        return tuple(self._drafts)

    def derived(self) -> Expression:
        """Apply the rules; what they give is in terms of inner names, and not tidied. `drafts` has the lines.

        Raises TooManyLinesError.
        """
        return _run(self._derive, _Task(self.equation, self.wrt, Name(self.node)))

    def say_of_whole(self, rule: str, expression: Expression, why: str) -> None:
        """Add a line on the whole derivative."""
        self._say(rule, _Task(self.equation, self.wrt, Name(self.node)), expression, why)

    # --- the rules, each for one form of expression

    def _derive(self, task: _Task) -> _Derived:
        """The derivative of a task; a task that came before is not told again."""
        if task not in self._results:
            self._results[task] = yield from self._by_form(task)
        return self._results[task]

    def _by_form(self, task: _Task) -> _Derived:
        tree, wrt = task.tree, task.wrt
        if wrt not in names_in(tree):
            return self._say("constant rule", task, ZERO, reasons.of_constant(tree, wrt, self.style))
        if isinstance(tree, Name):
            return self._say("definition", task, ONE, reasons.of_itself(task.subject, wrt, self.style))
        assert isinstance(tree, Call)
        inner = only_inner(tree, wrt)
        if inner is not None:
            return (yield from self._chain(task, inner))
        if tree.function in ("+", "-"):
            return (yield from self._sum(task))
        if tree.function == "neg":
            return (yield from self._multiple(task, [Number(-1.0)], tree.arguments[0]))
        if tree.function == "*":
            return (yield from self._product(task))
        if tree.function == "/":
            return (yield from self._quotient(task, *tree.arguments))
        if tree.function == "^":
            return (yield from self._power(task, *tree.arguments))
        if self.expands and tree.function in DEFINITIONS:
            return (yield from self._by_definition(task, tree))
        return (yield from self._function(task, tree))

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
        why = reasons.of_sum([term for _, term in terms], task.wrt, self.style)
        self._say("sum rule", task, total, why)
        return instantiate(total, {})

    def _multiple(self, task: _Task, constants: list[Expression], rest: Expression) -> _Derived:
        part = yield _Task(rest, task.wrt, rest)
        is_sign = constants == [Number(-1.0)]
        result = Call("neg", part) if is_sign else _times(*constants, part)
        why = reasons.of_multiple(constants, rest, task.wrt, self.style)
        return self._say("constant multiple rule", task, result, why)

    def _product(self, task: _Task) -> _Derived:
        factors = flattened(task.tree, "*")
        constants = [factor for factor in factors if task.wrt not in names_in(factor)]
        moving = [factor for factor in factors if task.wrt in names_in(factor)]
        if constants:
            return (yield from self._multiple(task, constants, chained("*", moving)))
        if all(factor == moving[0] for factor in moving):
            return (yield from self._power(task, moving[0], Number(len(moving))))
        total: Expression | None = None
        for place, factor in enumerate(moving):
            part = yield _Task(factor, task.wrt, factor)
            term = _times(*moving[:place], part, *moving[place + 1 :])
            total = term if total is None else Call("+", total, term)
        assert total is not None
        return self._say("product rule", task, total, reasons.of_product(moving, self.style))

    def _quotient(self, task: _Task, above: Expression, below: Expression) -> _Derived:
        if task.wrt not in names_in(below):
            part = yield _Task(above, task.wrt, above)
            result = Call("/", part, below)
            return self._say("constant multiple rule", task, result, reasons.of_divided(below, self.style))
        if task.wrt not in names_in(above):
            if above != ONE:
                return (yield from self._multiple(task, [above], Call("/", ONE, below)))
            result = Call("neg", Call("/", ONE, Call("^", below, Number(2))))
            return self._say("power rule", task, result, reasons.of_reciprocal(below, self.style))
        of_above = yield _Task(above, task.wrt, above)
        of_below = yield _Task(below, task.wrt, below)
        top = Call("-", _times(of_above, below), _times(above, of_below))
        result = Call("/", top, Call("^", below, Number(2)))
        return self._say("quotient rule", task, result, reasons.of_quotient(above, below, self.style))

    def _power(self, task: _Task, base: Expression, exponent: Expression) -> _Derived:
        style = self.style
        if task.wrt not in names_in(exponent):
            less = lowered(exponent)
            result = _times(exponent, base if less == ONE else Call("^", base, less))
            return self._say("power rule", task, result, reasons.of_power(task.tree, exponent, less, style))
        if task.wrt not in names_in(base):
            if base == Name("e"):
                return self._say(
                    "exponential rule", task, task.tree, reasons.of_exponential(task.tree, task.wrt, style)
                )
            result = _times(task.tree, Call("log", base))
            return self._say("exponential rule", task, result, reasons.of_constant_base(base, style))
        exponent_of_e = _times(exponent, Call("log", base))
        part = yield _Task(exponent_of_e, task.wrt, exponent_of_e)
        why = reasons.of_moving_base(task.tree, exponent_of_e, style)
        return self._say("exponential rule", task, _times(task.tree, part), why)

    def _function(self, task: _Task, tree: Call) -> _Derived:
        parts: dict[str, Expression] = {**dict(zip(("u", "v"), tree.arguments, strict=False)), "result": tree}
        total: Expression | None = None
        for operand, argument in enumerate(tree.arguments):
            if task.wrt not in names_in(argument):
                continue
            local = instantiate(local_derivative(tree.function, operand), parts)
            of_argument: Expression = ONE if argument == Name(task.wrt) else (yield _Task(argument, task.wrt, argument))
            term = local if of_argument == ONE else _times(local, of_argument)
            total = term if total is None else Call("+", total, term)
        assert total is not None
        why = reasons.of_function(tree, task.wrt, self.style)
        return self._say(FUNCTIONS[tree.function].rule, task, total, why)

    def _by_definition(self, task: _Task, tree: Call) -> _Derived:
        """A function taken apart into elementary ones, and the result brought into the form that one knows."""
        parts: dict[str, Expression] = dict(zip(("u", "v"), tree.arguments, strict=False))
        definition = instantiate(parse(DEFINITIONS[tree.function]).expression, parts)
        self.taken_apart[tree] = definition
        result = yield _Task(definition, task.wrt, task.subject)
        value = Name(self.node) if tree == self.equation else tree
        lines = list(ending(tree, task.wrt, value, self.style))
        if lines:
            tidied = instantiate(result, {})
            if write(tidied) != write(result):
                self._say("collect", task, tidied, reasons.of_tidying(result, tidied, self.style))
            self._say_put_back(task, tidied)
        for rule, expression, why in lines:
            result = self._say(rule, task, expression, why)
        return result

    def _say_put_back(self, task: _Task, tree: Expression) -> None:
        """The tree with what its inner names stand for, up to the name that the task is about."""
        inner = {name: part for name, part in self.inner.items() if name != task.wrt}
        whole = instantiate(put_back(tree, inner), {})
        if whole != tree:
            used = [name for name in names_in(tree) if name in inner]
            self._say("substitution", task, whole, reasons.of_putting_back(used, inner, self.style))

    # --- inner functions

    def _chain(self, task: _Task, inner: Expression) -> _Derived:
        """The derivative through one inner function: the outer's times the inner's."""
        name = self._named(inner)
        outer = yield _Task(replace(task.tree, {inner: Name(name)}), name, task.subject)
        of_inner = yield _Task(inner, task.wrt, Name(name))
        why = reasons.of_chain(task.subject, name, task.wrt, self.style)
        return self._say("chain rule", task, _times(outer, of_inner), why)

    def _named(self, inner: Expression) -> str:
        for known, tree in self.inner.items():
            if tree == inner:
                return known
        candidates = chain(_INNER_NAMES, map("g{}".format, count(1)))
        name: str = next(candidate for candidate in candidates if candidate not in self._taken)
        self._taken.add(name)
        self.inner[name] = inner
        return name

    def _say(self, rule: str, task: _Task, expression: Expression, why: str) -> Expression:
        self._drafts[LineDraft(rule, task.subject, task.wrt, expression, why)] = None
        if len(self._drafts) > MOST_LINES:
            raise TooManyLinesError
        return expression


def lowered(exponent: Expression) -> Expression:
    """An exponent less one, tidied."""
    return instantiate(Call("-", exponent, ONE), {})


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
