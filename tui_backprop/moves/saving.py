"""A what-if as a scenario file, whose iteration 0 is the iteration from which the run goes on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from tui_backprop.errors import UsageError
from tui_backprop.lesson import Run
from tui_backprop.maths.expression import Call, Expression, Name, Number, names_in
from tui_backprop.maths.expression import replace as put_in
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import ITERATION, UPDATE_NUMBER
from tui_backprop.scenario.step_names import read_step_name, why_no_step
from tui_backprop.scenario.written import written

_HELP = "go back to iteration 0 and set it there: that can be saved"


def text_of_run(run: Run) -> str:
    """The text of a file that gives the same numbers, from its iteration 0 on.

    Raises UsageError with the reason where no file can say what the run starts with.
    """
    scenario = run.lesson.scenario
    return written(replace(starting_at(run.lesson.history), title=f"{scenario.title}: {run.title}"))


def starting_at(history: History) -> Scenario:
    """The scenario whose run is what a history has from the first iteration of its own on. Raises UsageError where it
    would need more than a scenario says."""
    scenario, first = history.scenario, history.first
    _refuse_state(history)
    rate = scenario.learning_rate
    return replace(
        scenario,
        parameters=history.parameters(first),
        learning_rate=rate if isinstance(rate, float | int | None) else _later(rate, first),
        examples=_turned(scenario, first),
        notes={key: note for key, note in scenario.notes.items() if _has_step(scenario, key)},
    )


def _has_step(scenario: Scenario, key: str) -> bool:
    """Whether what a note is on is still there: what is frozen now is not updated any more."""
    step = read_step_name(key)
    return step is None or not why_no_step(step, scenario, "note")


def _refuse_state(history: History) -> None:
    rule, first = history.plan.rule, history.first
    if rule is None:
        return
    kept = (number for state in history.state(first).values() for number in state.values())
    counts = any(UPDATE_NUMBER in names_in(line.formula) for line in rule.lines)
    if any(kept) or (counts and rule.first != first):
        what = "the optimizer has gathered what no file can say"
        raise UsageError(f"in iteration {first:,} {what}; {_HELP}")


def _later(rate: Expression, iteration: int) -> Expression:
    """A learning rate as it goes on from an iteration."""
    later: Mapping[Expression, Expression] = {Name(ITERATION): Call("+", Name(ITERATION), Number(float(iteration)))}
    return put_in(rate, later) if iteration else rate


def _turned(scenario: Scenario, iteration: int) -> tuple[tuple[float, ...], ...]:
    """The examples, those first that an iteration sees first."""
    examples = scenario.examples
    size = min(scenario.batch or len(examples), len(examples))
    if scenario.wraps:
        first = iteration * size % len(examples)
        return (*examples[first:], *examples[:first])
    passes = -(-len(examples) // size)
    if iteration % passes or (iteration and scenario.shuffle is not None):
        raise UsageError(f"in iteration {iteration:,} the batches are not those that a run begins with; {_HELP}")
    return examples
