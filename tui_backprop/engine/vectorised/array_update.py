"""An update of all parameters at once, by numpy: the rule's lines on arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from tui_backprop.engine.program import live
from tui_backprop.engine.source_text import SlotTexts, uses_of
from tui_backprop.engine.update_rule import UpdateRule
from tui_backprop.engine.vectorised.array_functions import NAMESPACE

Array = np.ndarray[Any, np.dtype[np.float64]]


class RuleOnArrays(Struct, frozen=True):
    """A rule, and what computes the values of its lines: a function of the slots that are begun, w, g and the state."""

    rule: UpdateRule
    compute: Callable[..., tuple[Array, ...]]


class ArrayUpdate:
    """Updates a vector in place, by what is in a row of gradients; `places` has those of the updated parameters, None
    for all of them.

    After an update `state` has the optimizer's, a row for each name, `rate` the rate, `lines` each line's values.
    """

    def __init__(
        self, lines: RuleOnArrays, places: np.ndarray[Any, np.dtype[np.intp]] | None, vector: Array, gradients: Array
    ) -> None:
        self.rate = 0.0
        self.lines: tuple[Array, ...] = ()
        count = len(gradients) if places is None else len(places)
        self.state: Sequence[Array] = list(vector[len(gradients) :].reshape(len(lines.rule.state), count))
        self._rule = lines.rule
        self._compute = lines.compute
        self._parameters = vector[: len(gradients)]
        self._gradients = gradients
        self._places = places
        self._slots = lines.rule.begun(0)

    @property
    def vector(self) -> Array:
        """The parameters and the state, as they are."""
        return np.concatenate((self._parameters, *self.state))

    def __call__(self, iteration: int) -> float:
        """Do the update of an iteration; a number that is finite if all that it computed and has to be watched was."""
        rule, places = self._rule, self._places
        if rule.counts:
            self._slots = rule.begun(iteration)
        w, g = self._parameters, self._gradients
        if places is not None:
            w, g = w[places], g[places]
        self.rate = self._slots[rule.eta]
        self.lines = lines = self._compute(self._slots, w, g, *self.state)
        self._parameters[... if places is None else places] = lines[-1]
        self.state = [lines[line] for line in rule.kept]
        guard = self.rate * 0.0
        for line in rule.guarded:
            guard += float(np.add.reduce(lines[line])) * 0.0
        return guard


def rule_on_arrays(rule: UpdateRule) -> RuleOnArrays:
    """The rule with its lines made into a function of arrays."""
    rows = {rule.w: "w", rule.g: "g", **{slot: f"v{place}" for place, slot in enumerate(rule.before)}}
    shared = {rule.k, rule.t, rule.eta, *(line.out for line in rule.shared)}
    own = live(rule.own, rule.results)
    uses = uses_of(own, rule.results, on_arrays=True)
    texts = SlotTexts(rule.initial, {**rows, **{slot: f"c{slot}" for slot in shared}}, on_arrays=True)
    lines = [f"def compute({', '.join(['slots', *rows.values()])}):"]
    lines += [f" c{slot} = slots[{slot}]" for slot in sorted(shared & uses.keys())]
    for line in own:
        text = texts.line(line, f"u{line.out}", is_read_once=uses[line.out] == 1)
        lines += [f" {text}"] if text else []
    computed = {line.out for line in own}
    # What no line computes is copied: w and g are about to change.
    values = [
        texts.of[slot]
        if slot in computed
        else f"array({texts.of[slot]})"
        if slot in rows
        else f"full(w.shape, {texts.of[slot]})"
        for slot in rule.results
    ]
    lines.append(f" return ({', '.join(values)},)")
    namespace: dict[str, Any] = {**NAMESPACE}
    exec(compile("\n".join(lines), "<update on arrays>", "exec"), namespace)
    return RuleOnArrays(rule, namespace["compute"])
