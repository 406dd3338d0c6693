"""What a step shows of the run: overshoot, oscillation, divergence, convergence, saturation, a dead relu."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tui_backprop.explain.remarks import values_of_parts
from tui_backprop.maths.cancellation import noted, term_of
from tui_backprop.maths.derivation.reasons import listed
from tui_backprop.maths.derivative import signed_terms
from tui_backprop.maths.expression import Call, names_in, post_order
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.writing import Style, write
from tui_backprop.numbers import Remnant
from tui_backprop.record.history import History
from tui_backprop.record.step import Step

_SATURATED = 1e-3
_SAME = 0.01
_SMALL = 1e-3
_SLOW = 0.05
_MOST_IN_A_VECTOR = 4
_RISES_BEFORE_WARNING = 2


def observations(history: History, iteration: int, step: Step, style: Style) -> tuple[str, ...]:
    """Sentences on what a step shows of the run so far; they look back, and never at iterations to come."""
    if step.kind == "factor":
        return (*_left_out(history, step, style), *_blocked(history, step, style))
    if step.phase == "update":
        rule = history.plan.rule
        if not history.plan.is_whole or rule is None or len(rule.lines) > 1:
            # Other examples, another loss: what the gradient did since the iteration before says nothing. Nor does it
            # where an update is made of more than this gradient.
            return ()
        return (*_on_update(history, iteration, step, style), *_on_loss(history, iteration))
    return _vector(history, iteration, step, style)


def _left_out(history: History, step: Step, style: Style) -> tuple[str, ...]:
    """The terms of a sum that do not contain the name: their derivatives are 0."""
    silent = [term for _, term in signed_terms(history.graph.equations[step.of]) if step.name not in names_in(term)]
    if not silent:
        return ()
    name = style.name(step.name)
    shown = [write(term, style) for term in silent]
    if len(shown) > 3:
        return (f"{len(shown)} terms of {style.name(step.of)} do not contain {name}: their derivatives are 0.",)
    verb, pronoun = ("does", "its derivative is") if len(shown) == 1 else ("do", "their derivatives are")
    return (f"{listed(shown)} {verb} not contain {name}: {pronoun} 0.",)


def _blocked(history: History, step: Step, style: Style) -> tuple[str, ...]:
    """A factor so small that hardly any gradient passes, and the function that makes it so."""
    if not abs(step.value) < _SATURATED or not math.isfinite(step.value):
        return ()
    equation = history.graph.equations[step.of]
    values = values_of_parts(equation, step.numbers)
    for part in post_order(equation):
        if not isinstance(part, Call) or step.name not in names_in(part):
            continue
        function, operand = FUNCTIONS[part.function], values[id(part.arguments[-1])]
        inside = style.number(operand)
        if function.saturates:
            value = style.number(values[id(part)])
            where = f"at {inside} the {part.function} is {value} and nearly flat"
            return (f"Saturated: {where}, so hardly any gradient passes.",)
        if operand < function.flat_below:
            where = f"{part.function} is flat at {inside}, below {style.number(function.flat_below)}"
            return (f"{where}: no gradient passes. If that is so for every example, it is dead.",)
    return ()


def _on_update(history: History, iteration: int, step: Step, style: Style) -> tuple[str, ...]:
    """What this parameter's gradient has done since the iteration before."""
    if iteration == 0 or not step.name:
        return ()
    now, place = step.numbers["g"], history.graph.parameter_places[step.name]
    if not math.isfinite(now) or isinstance(now, Remnant):
        return ()
    before = history.iteration(iteration - 1).gradients[place]
    first = history.iteration(0).gradients[place]
    name, eta = style.name(step.name), style.characters.eta
    is_alone = len(history.graph.parameters) == 1
    if before * now < 0:
        has_risen = history.loss(iteration) > history.loss(iteration - 1)
        if not is_alone and not (abs(now) > abs(before) and has_risen):
            # The others have moved as well, and that alone can change the sign of this gradient.
            return ()
        if abs(abs(now) - abs(before)) <= _SAME * abs(before):
            return (
                f"Oscillation: the gradient is as large as before with the other sign, so {name} goes back and forth.",
            )
        if abs(now) > abs(before):
            return (
                f"Divergence: the last update overshot, and {name} lands farther away each time. {eta} is too large.",
            )
        return (
            f"Overshoot: the gradient changed its sign, so the last update jumped past the lowest place along {name}.",
        )
    if first and abs(now) < _SMALL * abs(first):
        share = style.number(abs(now / first))
        return (f"Convergence: this gradient is down to {share} of its first value, so the updates are tiny.",)
    if before and is_alone and 1 - _SLOW < now / before < 1:
        share = _percent(1 - now / before)
        return (f"Slow: from one update to the next the gradient shrinks by only {share}. {eta} may be too small.",)
    return ()


def _percent(share: float) -> str:
    return f"{share * 100:.2g} %"


def _on_loss(history: History, iteration: int) -> tuple[str, ...]:
    losses: Sequence[float] = history.losses[max(0, iteration - _RISES_BEFORE_WARNING) : iteration + 1]
    rises = len(losses) > _RISES_BEFORE_WARNING and all(a < b for a, b in pairwise(losses))
    return ("The loss has risen in each of the last iterations: the learning rate is too large.",) if rises else ()


def _vector(history: History, iteration: int, step: Step, style: Style) -> tuple[str, ...]:
    """With the last parameter's gradient the gradient is complete: a vector, its length, and the way downhill."""
    parameters = history.graph.parameters
    if not 2 <= len(parameters) <= _MOST_IN_A_VECTOR:
        return ()
    layout = history.layout(iteration)
    entries = layout.tail[: len(parameters) + 1] if layout.batch_size > 1 else layout.per_example
    if step.entry != [entry for entry in entries if entry.name in parameters][-1]:
        return ()
    steps = history.steps(iteration)
    gradient = [steps.reduced_gradient(name) for name in parameters]
    length = math.hypot(*gradient)
    if not math.isfinite(length) or not any(part and not isinstance(part, Remnant) for part in gradient):
        return ()
    shown = ", ".join(map(style.number, gradient))
    downhill = ", ".join(style.number(noted(-part, term_of(part))) for part in gradient)
    names = ", ".join(map(style.name, parameters))
    vector = f"{style.characters.nabla}{style.name(history.graph.loss)}"
    return (
        f"The gradient is complete: {vector} = ({shown}) for ({names}), of length {style.number(length)}. "
        f"It points uphill; downhill is ({downhill}).",
    )
