"""`check`: published numbers against those computed, and every gradient against finite differences."""

from __future__ import annotations

import math
from collections import ChainMap, Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from tui_backprop.charset import Charset, spelled
from tui_backprop.errors import ScenarioError
from tui_backprop.explain.nudged import Nudged, following
from tui_backprop.explain.questions import why_no_place
from tui_backprop.explain.second_proof import Proof, prove
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.messages import Progress, opening, say_refusal
from tui_backprop.headless.non_finite import where_it_stopped
from tui_backprop.headless.output import print_data
from tui_backprop.numbers import full
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.model import Expectation, ExpectedNumber, Scenario
from tui_backprop.scenario.nearest import counted
from tui_backprop.session import Session

_MOST_TOLD = 10


class CheckedGroup(Struct, frozen=True):
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
    told = f"{counted(len(words), 'scenario')}, {counted(checks, 'check')}, {failures:,} failed"
    _print(charset, told + (f", {refused:,} refused" if refused else ""))
    if refused:
        return Exit.SCENARIO_REFUSED
    if failures:
        return Exit.CHECK_FAILED
    return Exit.DONE if all_finite else Exit.NOT_FINITE


def _print(charset: Charset, *lines: str) -> None:
    print_data("".join(f"{spelled(safe_text(line), charset)}\n" for line in lines))


def _lines(group: CheckedGroup) -> Iterator[str]:
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


def _groups(session: Session) -> Iterator[CheckedGroup]:
    expectations = session.scenario.expectations
    for expectation in expectations:
        yield _expected(session, expectation)
    if session.scenario.questions:
        yield _questions(session)
    for number in sorted({0, *(expectation.after for expectation in expectations)}):
        if session.history.extend(number) == number:
            yield _gradients(session, number)


# --- published numbers


def _expected(session: Session, expectation: Expectation) -> CheckedGroup:
    """Hold what is computed against what was published."""
    after = expectation.after
    wanted = tuple(_wanted(session, expectation))
    of_example = "" if expectation.example is None else f", example: {expectation.example}"
    in_line = f", line {expectation.line}" if expectation.line else ""
    about = f"published numbers after {counted(after, 'update')}{of_example}{in_line}"
    reached = session.history.extend(after)
    if reached < after:
        return CheckedGroup(about, len(wanted), (where_it_stopped(session, reached)[0],), is_finite=False)
    computed = _computed(session, expectation)
    failures = tuple(
        f"{what} is {full(computed[key])}, published {number.written or full(number.value)}"
        f" (give or take {number.half_width:.2g})"
        for key, what, number in wanted
        if not number.agrees(computed[key])
    )
    return CheckedGroup(about, len(wanted), failures, counted(len(wanted), "number"))


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


# --- questions


def _questions(session: Session) -> CheckedGroup:
    """Whether the run has the step that each question is about, with a number that is finite."""
    history, questions = session.history, session.scenario.questions
    failures: list[str] = []
    for number, question in enumerate(questions, 1):
        in_line = f", line {question.line}" if question.line else ""
        reason = why_no_place(history, question)
        if not reason and history.extend(question.after) < question.after:
            reason = where_it_stopped(session, len(history) - 1)[0]
        if reason:
            failures.append(f"question {number}, {question.at}{in_line}: {reason}")
    return CheckedGroup("questions", len(questions), tuple(failures), counted(len(questions), "question"))


# --- finite differences


def _gradients(session: Session, number: int) -> CheckedGroup:
    """Hold the loss of an iteration and every parameter's gradient against the equations and nudges of them."""
    iteration = session.history.iteration(number)
    names = session.graph.parameters
    about = f"gradients of iteration {number:,}"
    if not all(map(math.isfinite, (iteration.loss, *iteration.parameters, *iteration.gradients))):
        return CheckedGroup(about, 0, (), where_it_stopped(session, number)[0], is_finite=False)
    graph = session.graph
    given = {**graph.constants, **session.history.parameters(number)}
    examples: list[Mapping[str, float]] = []
    with Progress("evaluating example", len(iteration.batch)) as progress:
        for example in iteration.batch:
            examples.append(_by_equations(session, given, example))
            progress.at(len(examples))
    averages = session.scenario.reduction == "mean"
    failures = _wrong_loss(iteration.loss, [numbers[graph.loss] for numbers in examples], averages)
    proofs: list[Proof] = []
    with Progress("nudging parameter", len(names)) as progress:
        for place, name in enumerate(names):
            gradient = iteration.gradients[place]
            nudged = Nudged(graph.equations, graph.loss, name, following(graph, name), examples, averages)
            proofs.append(prove(nudged, iteration.parameters[place], gradient))
            if proofs[-1].verdict == "differs":
                slope = full(proofs[-1].slope)
                failures.append(f"the gradient with respect to {name} is {full(gradient)}, by differences {slope}")
            progress.at(place + 1)
    return CheckedGroup(about, len(names) + 1, tuple(failures), _remark(proofs))


def _by_equations(session: Session, parameters: dict[str, float], example: int) -> Mapping[str, float]:
    """Every number of one example, from the equations as they are written and not from the training engine."""
    scenario, graph = session.scenario, session.graph
    inputs = dict(zip(scenario.inputs, scenario.examples[example], strict=True))
    # What all examples have in common is there once.
    numbers: ChainMap[str, float] = ChainMap(inputs, parameters)
    for node in graph.nodes:
        numbers[node] = graph.equations.value(node, numbers)
    return numbers


def _wrong_loss(told: float, losses: Sequence[float], averages: bool) -> list[str]:
    share = 1 / len(losses) if averages else 1.0
    computed = sum(losses) * share
    # What cancels in the sum leaves its rounding.
    if math.isclose(told, computed, rel_tol=1e-9, abs_tol=1e-12 * max(1.0, sum(map(abs, losses)) * share)):
        return []
    return [f"the loss is {full(told)}, by the equations {full(computed)}"]


def _remark(proofs: Sequence[Proof]) -> str:
    counts = Counter(proof.verdict for proof in proofs)
    remarks = [f"{counts['agrees']:,} of {len(proofs):,} agree with finite differences"]
    only_wide = sum(proof.only_wide for proof in proofs)
    if only_wide:
        remarks.append(f"{only_wide:,} of these by wide nudges alone, the usual ones being too fine to tell")
    if counts["convention"]:
        remarks.append(f"{counts['convention']:,} at a corner or a jump, where the derivative is a convention")
    if counts["too fine to tell"]:
        remarks.append(f"{counts['too fine to tell']:,} too fine to tell: rounding hides the slope")
    reasons = Counter(proof.reason for proof in proofs if proof.verdict == "unclear")
    remarks += [f"{count:,} unclear: {reason}" for reason, count in reasons.items()]
    return "; ".join(remarks)
