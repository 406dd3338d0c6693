"""Whether an answer is right: a number as far as it is written out, an expression also where parameters and inputs are
moved a little, a sign. `grade` and the stepper judge by this."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain
from random import Random
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.explain.slips_at_step import Wrong, wrong_numbers
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Name
from tui_backprop.maths.expression import replace as replace_parts
from tui_backprop.maths.functions import CONSTANTS
from tui_backprop.maths.parsing import Parsed, parse
from tui_backprop.maths.tokens import ExpressionError, ExpressionProblem
from tui_backprop.numbers import MINUS, NumberError, Remnant, read_number
from tui_backprop.record.history import History
from tui_backprop.record.remnants import Remnants
from tui_backprop.record.step_kinds import Computed
from tui_backprop.record.step_layout import Entry
from tui_backprop.record.step_sequence import Steps
from tui_backprop.scenario.nearest import did_you_mean, listed, shown
from tui_backprop.scenario.optimizers import RATE

FEWEST_DIGITS = 3
"""So many digits a number must have, unless it is exact."""

_SAME = 1e-6
_NEAR = 0.05
_MOVES = 3
_MOVED_BY = 1e-3
_WRITTEN = r"[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?"

Verdict = Literal["right", "too few digits", "only here", "wrong"]


class Asked(Struct, frozen=True):
    """The step whose number is asked for: a run, a recorded iteration of it, and an index there."""

    history: History
    iteration: int
    index: int

    @property
    def steps(self) -> Steps:
        """The steps of its iteration."""
        return self.history.steps(self.iteration)

    @property
    def number(self) -> float:
        """The number that is asked for."""
        return self.steps.number(self._entry, self._turn or 0)

    @property
    def _entry(self) -> Entry:
        return self.steps.layout.entry(self.index)

    @property
    def _turn(self) -> int | None:
        """Whose number it is; None where it is that of several examples together."""
        turn = self.steps.layout.turn(self.index)
        return 0 if turn is None and self.steps.layout.batch_size == 1 else turn

    def names(self, steps: Steps) -> Mapping[str, float]:
        """What an answer may be made of, as it is in these steps: every name of the step's example, and the learning
        rate; of a step after several examples what all of them share."""
        rate = steps.iteration.rate
        given = {RATE: rate} if rate is not None else {}
        if self._turn is not None:
            return {**given, **steps.numbers(self._turn)}
        graph = self.history.graph
        return {**given, **graph.constants, **{name: steps.parameter(name) for name in graph.parameters}}

    def number_in(self, steps: Steps) -> float:
        """The number that the step has in other steps of the same layout."""
        return steps.number(self._entry, self._turn or 0)


class Judged(Struct, frozen=True):
    """What came of an answer.

    verdict: "too few digits" is right as far as it is written; "only here" is an expression that gives the number at
        these parameters and inputs, but not at others.
    number: what the answer comes to; None for a sign. is_number: whether it is written as that number.
    """

    verdict: Verdict
    number: float | None
    is_number: bool = False

    @property
    def is_right(self) -> bool:
        """Whether it counts as right."""
        return self.verdict == "right"


def judged(asked: Asked, text: str) -> Judged:
    """What comes of an answer: a number, an expression, or only a sign.

    Raises ExpressionError where it is none of these, or has a name that it may not have.
    """
    text, number = text.strip(), _plain(asked.number)
    if is_sign(text):
        is_right = number > 0 if text == "+" else number < 0
        return Judged("right" if is_right else "wrong", None)
    written = _number_in(text)
    if written is not None:
        return Judged(_verdict_on_number(text, written, number), written, is_number=True)
    if re.fullmatch(r"\d[\d.,_:]{0,99}", text.lstrip(f"+-{MINUS}")):
        raise _no_number(text)
    parsed = _parsed(asked, text)
    here = asked.names(asked.steps)
    value = evaluate(parsed.expression, here)
    if not any(use.name in here for use in parsed.names):
        return Judged("right" if _agree(value, number) or _to_three_digits(value, number) else "wrong", value)
    reach = max(map(abs, (here[use.name] for use in parsed.names if use.name in here)), default=0.0)
    if not _agree(value, number, reach):
        return Judged("wrong", value)
    return Judged("right" if _holds_elsewhere(asked, parsed) else "only here", value)


def is_sign(text: str) -> bool:
    """Whether an answer is only a sign."""
    return text in ("+", "-", MINUS)


def slip_behind(asked: Asked, judgement: Judged, text: str) -> Wrong | None:
    """The slip that a wrong answer comes from: of those that give its number to 1e-6 the first, else of those whose
    number rounds to what is written and is not far from it. None where no slip does; a sign comes from none."""
    value = judgement.number
    if value is None or not math.isfinite(value):
        return None
    number = _plain(asked.number)
    slips = [wrong for wrong in wrong_numbers(asked.history, asked.iteration, asked.index) if wrong.number != number]
    exact = next((wrong for wrong in slips if _agree(value, wrong.number)), None)
    if exact is not None:
        return exact
    rounds = partial(_rounds_to, text.strip(), value) if judgement.is_number else partial(_to_three_digits, value)
    # At one digit 1 could be anything from 0.5 to 1.5.
    near = (wrong for wrong in slips if math.isclose(value, wrong.number, rel_tol=_NEAR))
    return next((wrong for wrong in near if rounds(wrong.number)), None)


# --- numbers


def _plain(number: float) -> float:
    """The number as it is shown: what is nothing but rounding is 0."""
    return 0.0 if isinstance(number, Remnant) else number


def _number_in(text: str) -> float | None:
    """The number that a text is, which may be one that is not finite, as the screen writes it; None for none."""
    named = {"nan": math.nan, "infinity": math.inf, "inf": math.inf, "∞": math.inf}
    sign = -1.0 if text[:1] in ("-", MINUS) else 1.0
    word = text.lower().lstrip(f"+-{MINUS}")
    if word in named:
        return sign * named[word]
    try:
        return read_number(text)
    except NumberError:
        return None


def _no_number(text: str) -> ExpressionError:
    """What is wrong with digits that are no number: 2,5 has a comma."""
    try:
        read_number(text)
    except NumberError as error:
        return ExpressionError(ExpressionProblem(0, len(text), error.message, error.help))
    raise AssertionError(f"{text} is a number")


def _verdict_on_number(text: str, written: float, number: float) -> Verdict:
    if _agree(written, number):
        return "right"
    if not _rounds_to(text, written, number):
        return "wrong"
    return "right" if _digits(text) >= FEWEST_DIGITS else "too few digits"


def _parts(text: str) -> tuple[str, str, int]:
    """The digits before and behind the point, and the exponent of ten."""
    match = re.fullmatch(_WRITTEN, text.replace(MINUS, "-"))
    return (match[1], match[2] or "", int(match[3] or 0)) if match else ("", "", 0)


def _digits(text: str) -> int:
    """How many digits a number is written with, from the first that is not 0."""
    before, behind, _ = _parts(text)
    return len(f"{before}{behind}".lstrip("0"))


def _rounds_to(text: str, written: float, number: float) -> bool:
    """Whether a number rounds to what is written, at the digits that are written; where these are zeros, none does."""
    _, behind, exponent = _parts(text)
    if not _digits(text) or not math.isfinite(written):
        return False
    # The last bits are forgiven: a half rounds either way.
    return abs(number - written) <= 0.5 * 10.0 ** min(exponent - len(behind), 300) * (1 + 1e-9) + 1e-12 * abs(written)


def _agree(one: float, two: float, reach: float = 0.0) -> bool:
    """Whether two numbers are the same to 1e-6 of their size; what is left where terms as large as `reach` cancel is
    nothing."""
    return one == two or (one != one and two != two) or math.isclose(one, two, rel_tol=_SAME, abs_tol=1e-12 * reach)


def _to_three_digits(one: float, two: float) -> bool:
    """Whether two numbers are the same when they are written with three digits, a half of the last one aside."""
    if not (math.isfinite(one) and two and math.isfinite(two)):
        return False
    return abs(one - two) <= 0.5 * 10.0 ** (math.floor(math.log10(abs(two))) - FEWEST_DIGITS + 1)


# --- expressions


def _parsed(asked: Asked, text: str) -> Parsed:
    names = asked.names(asked.steps)
    parsed = _as_on_the_screen(parse(text), names)
    unknown = next((use for use in parsed.names if use.name not in names and use.name not in CONSTANTS), None)
    if unknown is None:
        return parsed
    graph, name = asked.history.graph, unknown.name
    if name in graph.inputs or name in graph.equations:
        message = f"{shown(name)} differs from example to example"
        help = f"give a number, or use only {listed(names)}"
    else:
        message, help = f"there is no '{shown(name)}' here", did_you_mean(name, names, f"it may use {listed(names)}")
    raise ExpressionError(ExpressionProblem(unknown.start, unknown.end, message, help))


def _as_on_the_screen(parsed: Parsed, names: Mapping[str, float]) -> Parsed:
    """The expression with names meant that are typed as the screen shows them, without underlines: a21 is a2_1, where
    no other name reads like that."""
    meant: dict[str, str] = {}
    for use in parsed.names:
        alike = [] if use.name in names or use.name in CONSTANTS else [*_reading_like(use.name, names)]
        if len(alike) == 1:
            meant[use.name] = alike[0]
    if not meant:
        return parsed
    expression = replace_parts(parsed.expression, {Name(typed): Name(name) for typed, name in meant.items()})
    uses = tuple(replace(use, name=meant.get(use.name, use.name)) for use in parsed.names)
    return Parsed(expression, uses)


def _reading_like(typed: str, names: Mapping[str, float]) -> Iterator[str]:
    return (name for name in names if name.replace("_", "") == typed)


def _holds_elsewhere(asked: Asked, parsed: Parsed) -> bool:
    """Whether an expression gives the step's number where parameters and inputs are moved a little, three times."""
    held = 0
    for seed in range(4 * _MOVES):
        steps = _moved(asked.history, asked.iteration, seed)
        number = _plain(asked.number_in(steps))
        if not math.isfinite(number):
            continue
        names = asked.names(steps)
        value = evaluate(parsed.expression, names)
        reach = max((abs(names[use.name]) for use in parsed.names if use.name in names), default=0.0)
        if not _agree(value, number, reach):
            return False
        held += 1
        if held == _MOVES:
            break
    return True


# Kept, because one learner tries one step several times.
@lru_cache(maxsize=8)
def _moved(history: History, number: int, seed: int) -> Steps:
    """The steps of an iteration whose parameters and inputs are a little off what they are."""
    draw, iteration, interpreter = Random(seed), history.iteration(number), history.interpreter
    plan = replace(history.plan, examples=tuple(_moved_examples(history, draw)))
    moved = type(interpreter)(interpreter.program, plan)
    parameters = (_off(draw, value) for value in iteration.parameters)
    numbers = moved.iteration(number, moved.kept(chain(parameters, iteration.state)))
    noted = Remnants(interpreter.program, plan, numbers, None)
    return Steps(Computed(history.graph, plan, numbers, None, noted), history.layout(number))


def _off(draw: Random, value: float) -> float:
    return value + draw.uniform(-_MOVED_BY, _MOVED_BY) * max(1.0, abs(value))


def _moved_examples(history: History, draw: Random) -> Iterator[tuple[float, ...]]:
    """The examples with every input moved. Targets that add up to 1 still do: of a softmax a - t is the answer."""
    graph, network = history.graph, history.scenario.network
    operands = network.targets if network is not None else graph.operands[graph.loss]
    places = [place for place, name in enumerate(graph.inputs) if name in operands]
    for example in history.plan.examples:
        moved = [_off(draw, value) for value in example]
        if len(places) > 1 and abs(sum(example[place] for place in places) - 1) <= 1e-9:
            moved[places[-1]] = 1 - sum(moved[place] for place in places[:-1])
        yield tuple(moved)
