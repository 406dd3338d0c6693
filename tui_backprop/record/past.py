"""Where a run goes on from another one with something set otherwise, as a what-if does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.engine.plan import Plan

if TYPE_CHECKING:
    from tui_backprop.record.history import History


class Past(Struct, frozen=True, eq=False):
    """The run that another one leaves.

    history, iteration: the run that is left, and the first iteration that is the other one's own.
    set_names: the parameters, constants and inputs that have a number of their own from there on.
    """

    history: History
    iteration: int
    set_names: frozenset[str] = frozenset()

    def going_on(self, plan: Plan) -> Plan:
        """The plan of a run that starts with what is left there, but for what its own plan sets.

        An optimizer that stays keeps its state and the count of its updates; another one begins anew. What is frozen
        has no state any more.
        """
        parameters, steps = self.history.graph.parameters, self.history.steps(self.iteration)
        values = [
            plan.start[place] if name in self.set_names else steps.parameter(name)
            for place, name in enumerate(parameters)
        ]
        rule, old = plan.rule, self.history.owner(self.iteration).plan.rule
        if rule is None or old is None or rule.lines != old.lines:
            state: list[float] = [*plan.start[len(values) :]]
            first = self.iteration
        else:
            kept, first = self.history.state(self.iteration), old.first
            updated = [parameters[place] for place in plan.updated_places]
            state = [kept.get(name, {}).get(of, 0.0) for of in rule.state for name in updated]
        return replace(plan, start=(*values, *state), rule=replace(rule, first=first) if rule else None)

    def keeps_updates(self, plan: Plan) -> bool:
        """Whether the updates of a plan go on from those of the iteration before: the same lines, of the same names."""
        if self.iteration == 0:
            return False
        old = self.history.owner(self.iteration - 1).plan
        is_same = old.rule is not None and plan.rule is not None and plan.rule.lines == old.rule.lines
        return is_same and old.updated_places == plan.updated_places
