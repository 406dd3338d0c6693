"""`check`: do the published numbers of a scenario come out, and does every gradient agree with finite differences?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from tui_backprop.errors import ScenarioError
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.finite_differences import NudgedLoss, compare
from tui_backprop.headless.messages import Progress, opening, say_refusal
from tui_backprop.headless.non_finite import where_it_stopped
from tui_backprop.headless.output import print_data
from tui_backprop.headless.terminal import in_charset
from tui_backprop.numbers import full
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.model import Expectation, ExpectedNumber, Scenario
from tui_backprop.session import Charset, Session

_MOST_TOLD = 10


class Group(Struct, frozen=True):
    """What was checked together: what it is about, how much of it there is, what failed, and what else to say.

    is_finite: whether the numbers that it is about were finite.
    """

    about: str
    count: int
    failures: tuple[str, ...]
    remark: str = ""
    is_finite: bool = True


def check(words: Sequence[str], open_scenario: Callable[[str], Scenario], charset: Charset) -> int:
    """Check every scenario that the words name, and print what came of it. `open_scenario` may raise ScenarioError."""
    checks = failures = refused = 0
    all_finite = True
    for word in words:
        try:
            with opening(word):
                scenario = open_scenario(word)
                session = Session.start(scenario, charset)
        except ScenarioError as error:
            say_refusal(error)
            refused += 1
            continue
        _print(charset, f"{word}: {scenario.title}")
        for group in _groups(session):
            _print(charset, *_lines(group))
            checks += group.count
            failures += len(group.failures)
            all_finite = all_finite and group.is_finite
    counted = f"{_counted(len(words), 'scenario')}, {_counted(checks, 'check')}, {failures:,} failed"
    _print(charset, counted + (f", {refused:,} refused" if refused else ""))
    if refused:
        return Exit.SCENARIO_REFUSED
    if failures:
        return Exit.CHECK_FAILED
    return Exit.DONE if all_finite else Exit.NOT_FINITE


def _print(charset: Charset, *lines: str) -> None:
    print_data("".join(f"{in_charset(safe_text(line), charset)}\n" for line in lines))


def _lines(group: Group) -> Iterator[str]:
    remark = f" ({group.remark})" if group.remark else ""
    if not group.failures:
        # Where the numbers ended there is nothing to agree with.
        yield f"  {'ok' if group.is_finite else 'stopped':<7} {group.about}{remark}"
        return
    yield f"  FAILED  {group.about}{remark}: {len(group.failures):,} of {group.count:,}"
    for failure in group.failures[:_MOST_TOLD]:
        yield f"          {failure}"
    if len(group.failures) > _MOST_TOLD:
        yield f"          and {len(group.failures) - _MOST_TOLD:,} more"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _groups(session: Session) -> Iterator[Group]:
    expectations = session.scenario.expectations
    for expectation in expectations:
        yield _expected(session, expectation)
    for number in sorted({0, *(expectation.after for expectation in expectations)}):
        if session.history.extend(number) == number:
            yield _gradients(session, number)


# --- published numbers


def _expected(session: Session, expectation: Expectation) -> Group:
    """Hold what is computed against what was published."""
    after = expectation.after
    wanted = tuple(_wanted(session, expectation))
    of_example = "" if expectation.example is None else f", example: {expectation.example}"
    in_line = f", line {expectation.line}" if expectation.line else ""
    about = f"published numbers after {_counted(after, 'update')}{of_example}{in_line}"
    reached = session.history.extend(after)
    if reached < after:
        return Group(about, len(wanted), (where_it_stopped(session, reached)[0],), is_finite=False)
    computed = _computed(session, expectation)
    failures = tuple(
        f"{what} is {full(computed[key])}, published {number.written or full(number.value)}"
        f" (give or take {number.half_width:.2g})"
        for key, what, number in wanted
        if not number.agrees(computed[key])
    )
    return Group(about, len(wanted), failures, _counted(len(wanted), "number"))


_Key = tuple[str, str]


def _wanted(session: Session, expectation: Expectation) -> Iterator[tuple[_Key, str, ExpectedNumber]]:
    """Every published number, with the key under which it is computed and how it is called."""
    if expectation.loss:
        yield ("loss", ""), f"the loss {session.graph.loss}", expectation.loss
    for name, number in expectation.values.items():
        yield ("value", name), f"the value of {name}", number
    for name, number in expectation.gradients.items():
        yield ("gradient", name), f"the gradient with respect to {name}", number
    for name, number in expectation.parameters.items():
        yield ("parameter", name), f"the parameter {name}", number


def _computed(session: Session, expectation: Expectation) -> Mapping[_Key, float]:
    """The numbers of an iteration; of one example, if the expectation names one, whether its batch has it or not."""
    history, graph = session.history, session.graph
    iteration = history.iteration(expectation.after)
    numbers: dict[_Key, float] = {("parameter", name): value for name, value in _by_name(session, iteration.parameters)}
    if expectation.example is None:
        numbers["loss", ""] = iteration.loss
        numbers.update((("gradient", name), value) for name, value in _by_name(session, iteration.gradients))
        if len(iteration.passes) > 1:
            return numbers
        seen = iteration.passes[0]
    else:
        seen = history.interpreter.example(iteration.parameters, expectation.example)
        numbers["loss", ""] = seen.numbers[graph.loss]
        numbers.update(
            (("gradient", name), seen.gradient(name) if graph.has_gradient(name) else 0.0)
            for name in (*graph.nodes, *graph.parameters)
        )
    numbers.update((("value", name), seen.numbers[name]) for name in graph.nodes)
    return numbers


def _by_name(session: Session, values: Sequence[float]) -> Iterator[tuple[str, float]]:
    return zip(session.graph.parameters, values, strict=True)


# --- finite differences


def _gradients(session: Session, number: int) -> Group:
    """Hold the loss of an iteration and every parameter's gradient against the equations and nudges of them."""
    iteration = session.history.iteration(number)
    names = session.graph.parameters
    about = f"gradients of iteration {number:,}"
    if not all(map(math.isfinite, (iteration.loss, *iteration.parameters, *iteration.gradients))):
        return Group(about, 0, (), where_it_stopped(session, number)[0], is_finite=False)
    with Progress("evaluating example", len(iteration.batch)) as progress:
        parameters = session.history.parameters(number)
        losses = NudgedLoss(session.scenario, iteration.batch, parameters, progress.at)
    failures = _wrong_loss(iteration.loss, losses.loss)
    verdicts = {"agrees": 0, "convention": 0, "unclear": 0, "differs": 0}
    with Progress("nudging parameter", len(names)) as progress:
        for place, name in enumerate(names):
            gradient = iteration.gradients[place]
            comparison = compare(losses, name, iteration.parameters[place], gradient)
            verdicts[comparison.verdict] += 1
            if comparison.verdict == "differs":
                slope = full(comparison.slope)
                failures.append(f"the gradient with respect to {name} is {full(gradient)}, by differences {slope}")
            progress.at(place + 1)
    return Group(about, len(names) + 1, tuple(failures), _remark(verdicts, len(names)))


def _wrong_loss(told: float, computed: float) -> list[str]:
    if math.isclose(told, computed, rel_tol=1e-9, abs_tol=1e-12):
        return []
    return [f"the loss is {full(told)}, by the equations {full(computed)}"]


def _remark(verdicts: Mapping[str, int], count: int) -> str:
    remarks = [f"{verdicts['agrees']:,} of {count:,} agree with finite differences"]
    if verdicts["convention"]:
        remarks.append(f"{verdicts['convention']:,} at a corner, where the derivative is a convention")
    if verdicts["unclear"]:
        remarks.append(f"{verdicts['unclear']:,} too fine for the rounding of the loss to tell")
    return "; ".join(remarks)
