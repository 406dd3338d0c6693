"""The published numbers that a file promises, and how exactly each of them is written."""

from __future__ import annotations

import re
from functools import partial

from tui_backprop.scenario.draft import EQUATION, PARAMETER, Draft
from tui_backprop.scenario.fields import (
    known_entries,
    read_integer,
    read_mapping,
    read_numeral,
    read_one_or_list,
)
from tui_backprop.scenario.model import Expectation, ExpectedNumber
from tui_backprop.scenario.nearest import listed, shown
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.tree import Node, Pair, Scalar

MOST_ITERATIONS = 1_000_000

_HELP = "write lines such as - {after: 3, parameters: {w: 2.808}}"
_KEYS = ("after", "example", "loss", "gradients", "parameters", "values", "tolerance")
_NUMBERS = ("loss", "gradients", "parameters", "values")
_OF_A_GRADIENT = "parameter or node"
_EXACT = 1e-9

_WRITTEN = r"[^.eE]*(?:\.(?P<decimals>\d*))?(?:[eE](?P<exponent>[+-]?\d+))?"


def expected_number(written: str, value: float, tolerance: float | None = None) -> ExpectedNumber:
    """A published number as it is written: with a point, half of its last digit is open; without one, nothing is."""
    match = re.fullmatch(_WRITTEN, written)
    if tolerance is not None:
        half_width = tolerance
    elif match is not None and match["decimals"] is not None:
        half_width = float(f"5e{int(match['exponent'] or 0) - len(match['decimals']) - 1}")
    else:
        half_width = _EXACT * max(1.0, abs(value))
    return ExpectedNumber(value, half_width, written)


def read_expectations(draft: Draft, node: Node, has_updates: bool) -> tuple[Expectation, ...]:
    """The entries of `expect` that are right; what is wrong with the others is noted."""
    items = read_one_or_list(draft.report, node, "'expect'", _HELP)
    read = [_Entry(draft, item, has_updates).read() for item in items]
    return tuple(expectation for expectation in read if expectation is not None)


def read_after(report: Report, entries: dict[str, Pair], has_updates: bool) -> int | None:
    """`after:` of an entry, a number of updates that the scenario can make; 0 where the entry has none."""
    if "after" not in entries:
        return 0
    value = entries["after"].value
    after = read_integer(report, value, "'after'", 0, MOST_ITERATIONS)
    if after and not has_updates:
        message = f"nothing is updated here, so there are no numbers after {after:,} updates"
        report.add(value.place, message, "write after: 0, or give the scenario a learning_rate")
    return after


def read_example(draft: Draft, value: Node) -> int | None:
    """`example:` of an entry: one that the scenario has."""
    most = MOST_ITERATIONS if draft.example_count is None else draft.example_count - 1
    return read_integer(draft.report, value, "'example'", 0, most, f"examples count from 0 to {most:,}")


class _Entry:
    """One entry of `expect`."""

    def __init__(self, draft: Draft, node: Node, has_updates: bool) -> None:
        self.draft = draft
        self.report = draft.report
        self.node = node
        self.has_updates = has_updates
        self.example: int | None = None
        self.tolerance: float | None = None

    def read(self) -> Expectation | None:
        """The expectation, or None after noting what is wrong."""
        before = len(self.report)
        mapping = read_mapping(self.report, self.node, "an expectation", _HELP)
        if mapping is None:
            return None
        entries = known_entries(self.report, mapping, "an expectation", _KEYS)
        if not any(key in entries for key in _NUMBERS):
            self.report.add(mapping.place, "this expectation has no number that could be checked", _HELP)
        after = read_after(self.report, entries, self.has_updates)
        self.tolerance = self._tolerance(entries)
        self.example = self._example(entries)
        loss = self._number(entries["loss"].value, "the loss") if "loss" in entries else None
        with_gradient = (PARAMETER,) if self.example is None else (PARAMETER, EQUATION)
        gradients = self._named(entries, "gradients", with_gradient, _OF_A_GRADIENT)
        parameters = self._named(entries, "parameters", (PARAMETER,), "parameter")
        values = self._named(entries, "values", (EQUATION,), "node")
        if len(self.report) > before:
            return None
        return Expectation(after or 0, self.example, loss, gradients, parameters, values, mapping.place.line)

    def _tolerance(self, entries: dict[str, Pair]) -> float | None:
        if "tolerance" not in entries:
            return None
        value = entries["tolerance"].value
        tolerance = read_numeral(self.report, value, "'tolerance'")
        if tolerance is not None and tolerance < 0:
            self.report.add(
                value.place, "'tolerance' is not negative", "write how far off a number may be, such as 1e-6"
            )
        return tolerance

    def _example(self, entries: dict[str, Pair]) -> int | None:
        count = self.draft.example_count
        if "example" in entries:
            return read_example(self.draft, entries["example"].value)
        if "values" not in entries or count is None:
            # Without values the entry is about the whole iteration.
            return None
        if count > 1:
            message = f"values are those of one example, and there are {count:,}"
            self.report.add(entries["values"].key.place, message, "say which one, counted from 0: example: 0")
        return 0

    def _named(
        self, entries: dict[str, Pair], key: str, kinds: tuple[str, ...], what: str
    ) -> dict[str, ExpectedNumber]:
        if key not in entries:
            return {}
        mapping = read_mapping(self.report, entries[key].value, f"'{key}'", f"write {key}: {{w: 0.5}}")
        numbers: dict[str, ExpectedNumber] = {}
        for entry in mapping.entries if mapping is not None else ():
            name = entry.key.text
            definition = self.draft.definitions.get(name)
            unknown = definition is None and name not in self.draft.refused
            other = definition is not None and definition.kind not in kinds
            if self.draft.complete and not entry.key.refused and (unknown or other):
                self._refuse_name(entry.key, kinds, what)
            number = self._number(entry.value, f"the expected '{shown(name)}'")
            if number is not None:
                numbers[name] = number
        return numbers

    def _number(self, node: Node, what: str) -> ExpectedNumber | None:
        value = read_numeral(self.report, node, what)
        if value is None:
            return None
        assert isinstance(node, Scalar)
        return expected_number(node.text.strip(), value, self.tolerance)

    def _refuse_name(self, scalar: Scalar, kinds: tuple[str, ...], what: str) -> None:
        name = scalar.text
        definition = self.draft.definitions.get(name)
        if definition is None:
            message = f"there is no {what} '{shown(name)}'"
            self.report.add_unknown_name(scalar.place, message, name, partial(self.draft.names_of, *kinds), "it can be")
        elif what == _OF_A_GRADIENT and definition.kind == EQUATION:
            message = f"'{shown(name)}' is a node, and the gradient of a node is that of one example"
            self.report.add(scalar.place, message, "say which one, counted from 0: example: 0")
        else:
            message = f"'{shown(name)}' is {definition.kind}, not a {what}"
            self.report.add(scalar.place, message, lambda: f"it can be {listed(self.draft.names_of(*kinds), 20)}")
