"""The lines of an update as steps: what each computes, the numbers it reads, and what it replaces."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from tui_backprop.engine.iteration import Iteration
from tui_backprop.engine.plan import Plan
from tui_backprop.engine.update_rule import UpdateRule
from tui_backprop.maths.expression import Expression
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import GRADIENT, ITERATION, PARAMETER, RATE, UPDATE_NUMBER, UpdateLine


def rule_of(plan: Plan) -> UpdateRule:
    """The rule of a plan that updates something."""
    assert plan.rule is not None
    return plan.rule


def line_of(plan: Plan, entry: Entry) -> UpdateLine:
    """The line of the rule that a parameter's update step is; the last one where the entry names none."""
    return rule_of(plan).lines[-1 if entry.line is None else entry.line]


def tree_of_line(plan: Plan, entry: Entry) -> Expression:
    """What an update step computes: a line, or without a name the learning rate."""
    return line_of(plan, entry).formula if entry.name else rule_of(plan).rate


def numbers_of_line(
    plan: Plan, iteration: Iteration, entry: Entry, place: int, parameter: float, gradient: float
) -> Mapping[str, float]:
    """All that a line of a parameter's update may read, that parameter being at a place among all of them."""
    rule, at = rule_of(plan), _at(plan, entry)
    turn, count = bisect_left(plan.updated_places, place), len(plan.updated_places)
    assert iteration.rate is not None
    return {
        **rule.constants,
        RATE: iteration.rate,
        UPDATE_NUMBER: rule.number_of_update(iteration.number),
        PARAMETER: parameter,
        GRADIENT: gradient,
        **dict(zip(rule.state, iteration.state[turn::count], strict=True)),
        **{line.name: float(column[turn]) for line, column in zip(rule.lines[:at], iteration.lines, strict=False)},
    }


def numbers_of_rate(constants: Mapping[str, float], iteration: Iteration) -> Mapping[str, float]:
    """What an expression of the learning rate may read."""
    return {**constants, ITERATION: float(iteration.number)}


def value_of_line(plan: Plan, iteration: Iteration, entry: Entry, place: int) -> float:
    """What a line of the update of the parameter at a place comes to."""
    return float(iteration.lines[_at(plan, entry)][bisect_left(plan.updated_places, place)])


def _at(plan: Plan, entry: Entry) -> int:
    return len(rule_of(plan).lines) - 1 if entry.line is None else entry.line
