"""The names of single steps in a scenario file: `∂a/∂z` or `da/dz`, `mean w`, `update w`.

Where `of` is the loss, ∂of/∂name is a gradient; else it is the factor of one equation.
"""

from __future__ import annotations

import re
from typing import Literal, cast

from msgspec import Struct

from tui_backprop.maths.expression import names_in
from tui_backprop.maths.partials import partial_name
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import listed, shown

_NAME = r"([^\W\d]\w*)"
_DERIVATIVE = re.compile(rf"[∂d]{_NAME}\s*/\s*[∂d]{_NAME}")
_AFTERWARDS = re.compile(rf"(mean|update)\s+{_NAME}")


class StepName(Struct, frozen=True):
    """The step that a name means: a derivative of the node `of`, or what becomes of `name` after the last example."""

    kind: Literal["derivative", "mean", "update"]
    name: str
    of: str = ""

    @property
    def text(self) -> str:
        """The one way to write it: ∂a/∂z, mean w, update w."""
        return partial_name(self.of, self.name) if self.kind == "derivative" else f"{self.kind} {self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the scenario in it, as they are written."""
        return tuple(filter(None, (self.of, self.name)))


def read_step_name(text: str) -> StepName | None:
    """The step that a text means; None where it does not have the form of a step's name."""
    derivative = _DERIVATIVE.fullmatch(text)
    if derivative:
        return StepName("derivative", derivative[2], derivative[1])
    afterwards = _AFTERWARDS.fullmatch(text)
    return StepName(cast(Literal["mean", "update"], afterwards[1]), afterwards[2]) if afterwards else None


def why_no_step(step: StepName, scenario: Scenario, what: str) -> tuple[str, str] | None:
    """Why a scenario, which has all names of the step, does not have the step, and a remedy; None where it has it.

    what: what the file has on the step, a note or a question.
    """
    if step.kind == "derivative":
        return _why_no_derivative(step, scenario, what)
    if step.name not in scenario.parameters and (step.kind, step.name) != ("mean", scenario.loss):
        averaged = f" and the loss {scenario.loss}" if step.kind == "mean" else ""
        what = "averaged" if step.kind == "mean" else "updated"
        return f"'{shown(step.name)}' is not {what}", f"these are: {listed(scenario.parameters)}{averaged}"
    if step.kind == "mean" and (scenario.batch or len(scenario.examples)) == 1:
        gradient = partial_name(scenario.loss, step.name)
        return "an iteration sees one example, so there is no mean", f"write {gradient}, the gradient"
    if step.kind == "update" and scenario.learning_rate is None:
        return "nothing is updated without a learning rate", f"write learning_rate: 0.1, or remove the {what}"
    if step.kind == "update" and step.name in scenario.frozen:
        help = f"take it out of 'freeze', or remove the {what}"
        return f"'{shown(step.name)}' is frozen, so it is not updated", help
    return None


def _why_no_derivative(step: StepName, scenario: Scenario, what: str) -> tuple[str, str] | None:
    of, name, loss = step.of, step.name, scenario.loss
    if of not in scenario.equations:
        return (
            f"'{shown(of)}' has no equation, so it has no derivative",
            f"these have one: {listed(scenario.equations)}",
        )
    if name not in scenario.equations and name not in scenario.parameters:
        known = listed([*scenario.parameters, *scenario.equations])
        return f"'{shown(name)}' is given and stays, so nothing is differentiated by it", f"it may be {known}"
    if of != loss and name not in (used := names_in(scenario.equations[of])):
        return f"the equation of '{shown(of)}' does not use '{shown(name)}'", f"it uses {listed(used)}"
    if not (name in scenario.parameters and of == loss) and not _reaches_loss(name if of == loss else of, scenario):
        end = name if of == loss else of
        return f"no path leads from '{shown(end)}' to the loss, so no step goes back through it", f"remove the {what}"
    return None


def _reaches_loss(node: str, scenario: Scenario) -> bool:
    unfinished, seen = [scenario.loss], {scenario.loss}
    while unfinished:
        for name in names_in(scenario.equations[unfinished.pop()]):
            if name in scenario.equations and name not in seen:
                seen.add(name)
                unfinished.append(name)
    return node in seen
