"""The line that each rule writes, for the form of expression to which it applies."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import chain, count

from msgspec import Struct

from tui_backprop.maths.applicable_rule import Applicable, rule_for
from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.derivation.inner_functions import only_inner, put_back
from tui_backprop.maths.derivation.known_forms import ending
from tui_backprop.maths.derivative import signed_terms
from tui_backprop.maths.expression import (
    ONE,
    ZERO,
    Call,
    Expression,
    Name,
    Number,
    chained,
    names_in,
    replace,
)
from tui_backprop.maths.table_formulas import definition, local_derivative
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
        applied = rule_for(task.tree, task.wrt)
        if applied.form == "constant":
            return self._say(applied.rule, task, ZERO, reasons.of_constant(task.tree, task.wrt, self.style))
        if not isinstance(task.tree, Call):
            return self._say(applied.rule, task, ONE, reasons.of_itself(task.subject, task.wrt, self.style))
        inner = only_inner(task.tree, task.wrt)
        if inner is not None:
            return (yield from self._chain(task, inner))
        if applied.form in _AT_ONCE:
            return _AT_ONCE[applied.form](self, task, applied)
        return (yield from _FROM_PARTS[applied.form](self, task, applied))

    def _sum(self, task: _Task, applied: Applicable) -> _Derived:
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
        self._say(applied.rule, task, total, why)
        return instantiate(total, {})

    def _multiple(self, task: _Task, applied: Applicable) -> _Derived:
        [rest] = applied.parts
        part = yield _Task(rest, task.wrt, rest)
        is_sign = applied.held == (Number(-1.0),)
        result = Call("neg", part) if is_sign else _times(*applied.held, part)
        why = reasons.of_multiple(applied.held, rest, task.wrt, self.style)
        return self._say(applied.rule, task, result, why)

    def _divided(self, task: _Task, applied: Applicable) -> _Derived:
        above, below = applied.parts
        part = yield _Task(above, task.wrt, above)
        return self._say(applied.rule, task, Call("/", part, below), reasons.of_divided(below, self.style))

    def _product(self, task: _Task, applied: Applicable) -> _Derived:
        moving = applied.parts
        total: Expression | None = None
        for place, factor in enumerate(moving):
            part = yield _Task(factor, task.wrt, factor)
            term = _times(*moving[:place], part, *moving[place + 1 :])
            total = term if total is None else Call("+", total, term)
        assert total is not None
        return self._say(applied.rule, task, total, reasons.of_product(moving, self.style))

    def _quotient(self, task: _Task, applied: Applicable) -> _Derived:
        above, below = applied.parts
        of_above = yield _Task(above, task.wrt, above)
        of_below = yield _Task(below, task.wrt, below)
        top = Call("-", _times(of_above, below), _times(above, of_below))
        result = Call("/", top, Call("^", below, Number(2)))
        return self._say(applied.rule, task, result, reasons.of_quotient(above, below, self.style))

    def _reciprocal(self, task: _Task, applied: Applicable) -> Expression:
        [below] = applied.parts
        result = Call("neg", Call("/", ONE, Call("^", below, Number(2))))
        return self._say(applied.rule, task, result, reasons.of_reciprocal(below, self.style))

    def _power(self, task: _Task, applied: Applicable) -> Expression:
        base, exponent = applied.parts
        less = lowered(exponent)
        result = _times(exponent, base if less == ONE else Call("^", base, less))
        return self._say(applied.rule, task, result, reasons.of_power(task.tree, exponent, less, self.style))

    def _exponential(self, task: _Task, applied: Applicable) -> Expression:
        base, _ = applied.parts
        if base == Name("e"):
            why = reasons.of_exponential(task.tree, task.wrt, self.style)
            return self._say(applied.rule, task, task.tree, why)
        result = _times(task.tree, Call("log", base))
        return self._say(applied.rule, task, result, reasons.of_constant_base(base, self.style))

    def _moving_base(self, task: _Task, applied: Applicable) -> _Derived:
        base, exponent = applied.parts
        exponent_of_e = _times(exponent, Call("log", base))
        part = yield _Task(exponent_of_e, task.wrt, exponent_of_e)
        why = reasons.of_moving_base(task.tree, exponent_of_e, self.style)
        return self._say(applied.rule, task, _times(task.tree, part), why)

    def _function(self, task: _Task, applied: Applicable) -> _Derived:
        tree = task.tree
        assert isinstance(tree, Call)
        whole = definition(tree) if self.expands else None
        if whole is not None:
            return (yield from self._by_definition(task, tree, whole))
        total: Expression | None = None
        for operand, argument in enumerate(tree.arguments):
            if task.wrt not in names_in(argument):
                continue
            local = local_derivative(tree, operand)
            of_argument: Expression = ONE if argument == Name(task.wrt) else (yield _Task(argument, task.wrt, argument))
            term = local if of_argument == ONE else _times(local, of_argument)
            total = term if total is None else Call("+", total, term)
        assert total is not None
        return self._say(applied.rule, task, total, reasons.of_function(tree, task.wrt, self.style))

    def _by_definition(self, task: _Task, tree: Call, whole: Expression) -> _Derived:
        """A function taken apart into elementary ones, and the result brought into the form that one knows."""
        self.taken_apart[tree] = whole
        result = yield _Task(whole, task.wrt, task.subject)
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


_AT_ONCE: Mapping[str, Callable[[Rules, _Task, Applicable], Expression]] = {
    "power": Rules._power,
    "reciprocal": Rules._reciprocal,
    "exponential": Rules._exponential,
}
_FROM_PARTS: Mapping[str, Callable[[Rules, _Task, Applicable], _Derived]] = {
    "sum": Rules._sum,
    "multiple": Rules._multiple,
    "divided": Rules._divided,
    "product": Rules._product,
    "quotient": Rules._quotient,
    "moving base": Rules._moving_base,
    "function": Rules._function,
}


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
