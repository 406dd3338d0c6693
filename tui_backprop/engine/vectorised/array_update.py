"""An update of all parameters at once, by numpy: the rule's lines on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tui_backprop.engine.update_rule import UpdateRule
from tui_backprop.engine.vectorised.array_functions import array_function

Array = np.ndarray[Any, np.dtype[np.float64]]


class ArrayUpdate:
    """Updates a row of parameters in place, by what is in a row of gradients.

    After an update `state` has the optimizer's, name by name, `rate` the learning rate, `lines` each line's values.
    """

    def __init__(
        self, rule: UpdateRule, is_updated: Sequence[bool], parameters: Array, gradients: Array, state: Array
    ) -> None:
        self.rate = 0.0
        self.lines: tuple[Array, ...] = ()
        self._rule = rule
        self._count = sum(is_updated)
        self._parameters = parameters
        self._gradients = gradients
        self.state = state.reshape(len(rule.state), self._count)
        self._functions = {line.function: array_function(line.function) for line in rule.own}
        # A slice is a view; places have to be gathered.
        self._places = slice(None) if all(is_updated) else np.flatnonzero(is_updated)

    def __call__(self, iteration: int) -> float:
        """Do the update of an iteration; a number that is finite if all that it computed and has to be watched was."""
        rule, places = self._rule, self._places
        slots = rule.begun(iteration)
        w, g = self._parameters[places], self._gradients[places]
        if rule.w in rule.results:
            # A line is just what w was before, and w is about to change.
            w = np.array(w)
        columns = rule.columns(slots, w, g, list(self.state), self._apply)
        lines = tuple(column if isinstance(column, np.ndarray) else np.full(self._count, column) for column in columns)
        self.rate, self.lines = slots[rule.eta], lines
        self._parameters[places] = lines[-1]
        if rule.kept:
            self.state = np.array([lines[line] for line in rule.kept])
        return self.rate * 0.0 + sum(float(np.add.reduce(lines[line])) * 0.0 for line in rule.guarded)

    def _apply(self, function: str, *operands: Any) -> Any:
        return self._functions[function](*operands)
