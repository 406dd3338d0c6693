"""`run`: the loss, the parameters and the gradients of every iteration, as a table, JSON or CSV."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from tui_backprop.api import check_iteration
from tui_backprop.charset import Charset
from tui_backprop.engine.iteration import Iteration
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.messages import Progress, opening
from tui_backprop.headless.non_finite import say_where_it_stopped
from tui_backprop.headless.output import print_data
from tui_backprop.headless.run_table import print_table
from tui_backprop.numbers import for_json, full
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Session

RunFormat = Literal["table", "json", "csv"]

_FIRST_STRETCH = 8
_SECONDS_A_STRETCH = 0.1


def run(scenario: Scenario, iterations: int | None, format: RunFormat, charset: Charset, slip: str = "") -> int:
    """Train and print the history up to an iteration (None: the scenario's own), or to where it stops being finite.

    Raises UsageError for an iteration that the scenario cannot have, and for a slip that cannot be made.
    """
    if iterations is None:
        iterations = 0 if scenario.learning_rate is None else scenario.iterations
    check_iteration(scenario, iterations)
    with opening(scenario.title):
        session = Session.start(scenario, charset, slip)
    last = _train(session.history, iterations)
    if format == "table":
        print_table(session, last)
    else:
        with Progress("printing iteration", last, shares_terminal=True) as progress:
            for text in _json(session.history, last) if format == "json" else _csv(session.history, last):
                print_data(text[1])
                progress.at(text[0])
    if session.history.ended_at is None:
        return Exit.DONE
    return say_where_it_stopped(session, last, "run")


def _train(history: History, last: int) -> int:
    """Record up to an iteration, in stretches that leave room for progress and ctrl+c; gives the last one recorded."""
    stretch, reached = _FIRST_STRETCH, 0
    with Progress("training, iteration", last) as progress:
        while reached < last and history.ended_at is None:
            started = time.monotonic()
            reached = history.extend(min(last, reached + stretch))
            if time.monotonic() - started < _SECONDS_A_STRETCH:
                stretch *= 2
            progress.at(reached)
    return reached


def _iterations(history: History, last: int) -> Iterator[Iteration]:
    """Every iteration in order. Each is computed from the one before it, so that none has to be sought."""
    vector: Sequence[float] = history.plan.start
    for number in range(last + 1):
        iteration = history.interpreter.iteration(number, vector)
        yield iteration
        vector = iteration.updated


def _json(history: History, last: int) -> Iterator[tuple[int, str]]:
    """The document piece by piece, one record on a line: a million records need no memory for them all."""
    scenario, rule = history.scenario, history.plan.rule
    head = {
        "title": scenario.title,
        "loss": scenario.loss,
        "learning_rate": rule.rate_text if rule and rule.rate_changes else scenario.learning_rate,
        "examples": len(scenario.examples),
        "parameters": list(scenario.parameters),
    }
    yield 0, f'{{"schema": "backprop-tui/run/1",\n "scenario": {dumped(head)},\n "history": ['
    for iteration in _iterations(history, last):
        comma = "," if iteration.number else ""
        yield iteration.number, f"{comma}\n  {dumped(_record(history, iteration))}"
    yield last, "\n ]}\n"


def _record(history: History, iteration: Iteration) -> dict[str, Any]:
    names, rule = history.graph.parameters, history.plan.rule
    record: dict[str, Any] = {
        "iteration": iteration.number,
        "loss": for_json(iteration.loss),
        "parameters": dict(zip(names, map(for_json, iteration.parameters), strict=True)),
        "gradients": dict(zip(names, map(for_json, iteration.gradients), strict=True)),
    }
    if rule and rule.state:
        state = history.named_state(iteration.state)
        record["state"] = {
            parameter: {name: for_json(number) for name, number in numbers.items()}
            for parameter, numbers in state.items()
        }
    if rule and rule.rate_changes:
        assert iteration.rate is not None
        record["learning_rate"] = for_json(iteration.rate)
    if history.scenario.batch is not None:
        record["batch_examples"] = list(iteration.batch)
    return record


def _csv(history: History, last: int) -> Iterator[tuple[int, str]]:
    """A header, then a line for each iteration; with a batch, its examples as one field with spaces in it."""
    names, loss = history.graph.parameters, history.graph.loss
    has_batch = history.scenario.batch is not None
    rule = history.plan.rule
    has_rate = rule is not None and rule.rate_changes
    header = ["iteration", "loss", *(["batch_examples"] if has_batch else []), *(["learning_rate"] if has_rate else [])]
    columns = [f"parameter {name}" if name in header else name for name in names]
    states = [f"{name} of {names[place]}" for name in history.state_names for place in history.plan.updated_places]
    yield 0, ",".join([*header, *columns, *(f"d{loss}/d{name}" for name in names), *states]) + "\n"
    for iteration in _iterations(history, last):
        fields = [str(iteration.number), full(iteration.loss)]
        if has_batch:
            fields.append(" ".join(map(str, iteration.batch)))
        if has_rate and iteration.rate is not None:
            fields.append(full(iteration.rate))
        fields.extend(map(full, (*iteration.parameters, *iteration.gradients, *iteration.state)))
        yield iteration.number, ",".join(fields) + "\n"
