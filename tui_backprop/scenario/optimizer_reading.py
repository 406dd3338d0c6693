"""The fields of a scenario file that say how a gradient becomes an update: learning rate, optimizer, weight decay."""

from __future__ import annotations

import math
from types import MappingProxyType

from tui_backprop.maths.expression import Expression, Name, names_in
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tokens import ExpressionError
from tui_backprop.numbers import NumberError, full, read_number
from tui_backprop.scenario.draft import CONSTANT, Draft
from tui_backprop.scenario.equation_reading import UsedExpression, read_expression
from tui_backprop.scenario.fields import (
    LANGUAGE_CONSTANTS,
    known_entries,
    named_numbers,
    read_mapping,
    read_name,
    read_numeral,
    read_scalar,
)
from tui_backprop.scenario.nearest import did_you_mean, listed, shown
from tui_backprop.scenario.optimizers import (
    GIVEN,
    GRADIENT,
    ITERATION,
    OPTIMIZERS,
    OTHER_NAMES,
    PARAMETER,
    RATE,
    UPDATE_NUMBER,
    Optimizer,
    UpdateLine,
    optimizer,
    rate_at,
)
from tui_backprop.scenario.tree import Mapping, Node, Scalar

MOST_LINES = 50
"""How many lines a rule of one's own may have: each is a step for every parameter."""

_RATE_HELP = "write a decimal such as 0.1, or an expression of k, the iteration counted from 0: 0.5/(1 + 0.1*k)"
_HELP = "write the name of one, such as adam, or {name: momentum, beta: 0.8}, or a rule: {update: {w: w - eta*g}}"
_UPDATE_HELP = "let the last line say what becomes of the parameter, such as w: w - eta*g"

_MEANT = MappingProxyType(
    {
        ITERATION: (UPDATE_NUMBER, "the number of the update, counted from 1"),
        **dict.fromkeys(("lr", "alpha", "η", "learning_rate", "rate"), (RATE, "the learning rate")),
        **dict.fromkeys(("grad", "gradient", "dw", "dL_dw"), (GRADIENT, "the gradient")),
        **dict.fromkeys(("theta", "θ", "weight", "parameter"), (PARAMETER, "the parameter")),
    }
)
"""What someone means who writes these names into a rule."""


# --- the learning rate


def read_learning_rate(draft: Draft, node: Node) -> float | Expression | None:
    """A number greater than 0, or an expression of k and constants that is so in iteration 0."""
    report, what = draft.report, "'learning_rate'"
    scalar = read_scalar(report, node, what, _RATE_HELP)
    if scalar is None:
        return None
    if not _is_expression(scalar.text, draft):
        rate = read_numeral(report, scalar, what)
        if rate is not None and rate <= 0:
            help = "for a lesson about derivatives alone, in which nothing is updated, leave the key out"
            report.add(node.place, f"{what} must be greater than 0, not {full(rate)}", help)
        return rate
    used = read_expression(draft, scalar, what)
    if used is None or not draft.complete:
        return None
    before = len(report)
    for name, place in used.uses.items():
        if name == ITERATION and ITERATION in draft.definitions:
            message = f"'k' is {draft.definitions[name].kind} here, but in a learning rate it means the iteration"
            report.add(place, message, "give the other k another name")
        elif name != ITERATION and not _is_constant(draft, name):
            report.add(place, _not_in_a_rate(draft, name), _rate_help(draft, name))
    if len(report) > before or not used.uses.keys() <= {ITERATION, *LANGUAGE_CONSTANTS, *draft.constants}:
        return None
    value = rate_at(used.expression, draft.constants, 0)
    if not 0 < value < math.inf:
        message = f"{what} is {full(value)} in iteration 0, and must be greater than 0"
        report.add(node.place, message, "write an expression that begins above 0, such as 0.5/(1 + 0.1*k)")
    return used.expression


def _is_expression(text: str, draft: Draft) -> bool:
    """Whether a learning rate is meant as one: it is no number, and more than a single name that nothing defines."""
    try:
        read_number(text.strip())
        return False
    except NumberError:
        pass
    try:
        tree = parse(text).expression
    except ExpressionError:
        return any(sign in text for sign in "+*/^()")
    return not isinstance(tree, Name) or tree.name in {ITERATION, *LANGUAGE_CONSTANTS, *draft.definitions}


def _is_constant(draft: Draft, name: str) -> bool:
    return name in LANGUAGE_CONSTANTS or (name in draft.definitions and draft.definitions[name].kind == CONSTANT)


def _not_in_a_rate(draft: Draft, name: str) -> str:
    definition = draft.definitions.get(name)
    if definition is None:
        return f"'{shown(name)}' is not defined"
    return f"'{shown(name)}' is {definition.kind}, but a learning rate may use only k and constants"


def _rate_help(draft: Draft, name: str) -> str:
    known = [ITERATION, *draft.names_of(CONSTANT)]
    otherwise = f"it may use {listed(known)}; k is the iteration, counted from 0"
    return otherwise if name in draft.definitions else did_you_mean(name, known, otherwise)


# --- the weight decay


def read_weight_decay(draft: Draft, node: Node) -> float | None:
    """A number that is not negative."""
    decay = read_numeral(draft.report, node, "'weight_decay'")
    if decay is not None and decay < 0:
        message = f"'weight_decay' is not negative, and this is {full(decay)}"
        draft.report.add(node.place, message, "write a small number such as 0.01, or leave the key out")
    return decay


# --- the optimizer


def read_optimizer(draft: Draft, node: Node) -> Optimizer | None:
    """An optimizer of the table, with other numbers if need be, or a rule of one's own."""
    report = draft.report
    if isinstance(node, Scalar):
        name = _name(draft, node)
        return None if name is None else optimizer(name)
    mapping = read_mapping(report, node, "'optimizer'", _HELP)
    if mapping is None:
        return None
    name_entry, update_entry = mapping.get("name"), mapping.get("update")
    if name_entry and update_entry:
        help = "leave out 'name' for a rule of your own, or 'update' for an optimizer that is known"
        report.add(update_entry.key.place, "an optimizer has a name or lines of its own, and this has both", help)
        return None
    if name_entry:
        return _of_the_table(draft, mapping, name_entry.value)
    if update_entry is None:
        report.add(mapping.place, "this optimizer has neither a 'name' nor an 'update'", _HELP)
        return None
    return _Rule(draft, mapping).read()


def _name(draft: Draft, node: Node) -> str | None:
    scalar = read_scalar(draft.report, node, "'optimizer'", _HELP)
    if scalar is None or scalar.text in OPTIMIZERS:
        return scalar.text if scalar else None
    message = f"'{shown(scalar.text)}' is not an optimizer"
    here = OTHER_NAMES.get(scalar.text.lower())
    if here:
        draft.report.add(scalar.place, message, f"here it is called {here}")
    else:
        draft.report.add_unknown(scalar.place, message, scalar.text, OPTIMIZERS, f"it can be {listed(OPTIMIZERS)}")
    return None


def _of_the_table(draft: Draft, mapping: Mapping, node: Node) -> Optimizer | None:
    name = _name(draft, node)
    if name is None:
        return None
    usual = optimizer(name)
    entries = known_entries(draft.report, mapping, f"'{name}'", ("name", *usual.numbers))
    numbers = {
        key: read_numeral(draft.report, entry.value, f"'{key}'") for key, entry in entries.items() if key != "name"
    }
    return optimizer(name, {key: number for key, number in numbers.items() if number is not None})


class _Rule:
    """A rule of one's own: its constants, and its lines, each of which may read what is given or set."""

    def __init__(self, draft: Draft, mapping: Mapping) -> None:
        self.draft = draft
        self.report = draft.report
        self.entries = known_entries(draft.report, mapping, "an optimizer", ("constants", "update"))
        self.constants: dict[str, float] = {}
        self.lines: list[UpdateLine] = []

    def read(self) -> Optimizer | None:
        """The rule, or None after noting what is wrong with it."""
        before = len(self.report)
        self._read_constants()
        update = read_mapping(self.report, self.entries["update"].value, "'update'", _UPDATE_HELP)
        if update is None:
            return None
        if len(update.entries) > MOST_LINES:
            message = f"a rule of {len(update.entries):,} lines; the limit is {MOST_LINES}"
            self.report.add(update.entries[MOST_LINES].key.place, message, "write it in fewer lines")
            return None
        read = [(entry.key, self._line(entry.key, entry.value)) for entry in update.entries]
        self._check_the_last(update)
        known = {*GIVEN, *self.constants, *(key.text for key, _ in read)}
        for _, used in read:
            self._check_names(used, known)
        if len(self.report) > before:
            return None
        self._check_the_gradient(update)
        return Optimizer("", MappingProxyType(self.constants), tuple(self.lines))

    def _read_constants(self) -> None:
        if "constants" not in self.entries:
            return
        help = "write lines such as beta: 0.9"
        mapping = read_mapping(self.report, self.entries["constants"].value, "'constants'", help)
        if mapping is None:
            return
        for scalar, value in named_numbers(self.report, mapping, "a constant"):
            name = read_name(self.report, scalar)
            if name is not None and name in GIVEN:
                self.report.add(scalar.place, f"'{name}' is {GIVEN[name]} in an optimizer", "choose another name")
            elif name is not None:
                self.constants[name] = 0.0 if value is None else value

    def _line(self, key: Scalar, node: Node) -> UsedExpression | None:
        name = read_name(self.report, key)
        if name is not None and name in GIVEN and name not in (PARAMETER, GRADIENT):
            help = "choose another name for what this line computes"
            self.report.add(key.place, f"'{name}' is {GIVEN[name]}, which no line sets", help)
        elif name in self.constants:
            help = "choose another name for what this line computes, or for the constant"
            self.report.add(key.place, f"'{name}' is a constant of this optimizer, which no line sets", help)
        used = read_expression(self.draft, node, f"the line '{shown(key.text)}'")
        if used is not None and name is not None:
            self.lines.append(UpdateLine(name, used.expression))
        return used

    def _check_the_last(self, update: Mapping) -> None:
        places = [place for place, entry in enumerate(update.entries) if entry.key.text == PARAMETER]
        if not places:
            message = "no line of this rule says what becomes of the parameter: 'w' is missing"
            self.report.add(self.entries["update"].key.place, message, _UPDATE_HELP)
        elif places[0] + 1 < len(update.entries):
            following = update.entries[places[0] + 1].key.text
            message = f"the line 'w' must be the last one, but '{shown(following)}' comes after it"
            self.report.add(update.entries[places[0]].key.place, message, "move the line w to the end of the rule")

    def _check_names(self, used: UsedExpression | None, known: set[str]) -> None:
        if used is None or not self.draft.complete:
            return
        for name, place in used.uses.items():
            if name in known or _is_constant(self.draft, name):
                continue
            definition = self.draft.definitions.get(name)
            message = f"'{shown(name)}' is not defined in this optimizer"
            if definition is not None:
                message = f"'{shown(name)}' is {definition.kind}, but a rule is the same for every parameter"
            self.report.add(place, message, _help_on(name, known, is_of_scenario=definition is not None))

    def _check_the_gradient(self, update: Mapping) -> None:
        """Whether what becomes of w depends on the gradient, by one line or another."""
        read = {PARAMETER}
        reached = -1
        while reached < len(read):
            reached = len(read)
            for line in self.lines:
                if line.name in read:
                    read.update(names_in(line.formula))
        if GRADIENT not in read:
            message = "no line that w depends on uses g, so the gradient has no effect on the update"
            self.report.add(update.entries[-1].key.place, message, "use g in one of the lines, such as w: w - eta*g")


def _help_on(name: str, known: set[str], *, is_of_scenario: bool) -> str:
    if name in _MEANT:
        here, what = _MEANT[name]
        return f"write {here} for {what}"
    if is_of_scenario:
        return "write w for the parameter that is updated, and g for its gradient"
    own = sorted(known - GIVEN.keys())
    otherwise = f"a line may use w, g, eta and t, the optimizer's constants, and what lines set{': ' if own else ''}"
    return did_you_mean(name, sorted(known), f"{otherwise}{listed(own)}")
