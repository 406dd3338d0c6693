"""What is said about a step in words, kind by kind: its name, a sentence once it is computed, one before."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.lesson import Notation
from tui_backprop.maths.expression import names_in
from tui_backprop.numbers import equals
from tui_backprop.panels.lines import Role
from tui_backprop.panels.statements import arrow, symbols
from tui_backprop.panels.symbols import left_side
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry, Kind
from tui_backprop.scenario.optimizers import GRADIENT, PARAMETER
from tui_backprop.session import Session

_MOST_WAYS_TOLD = 4


class KindWords(Struct, frozen=True):
    """How one kind of step is spoken of.

    role: what its number is on the screen.
    named: what it is, in a few words.
    computed: a sentence on it, its number included.
    announced: a sentence on it before it is computed.
    asked: the question for its number.
    """

    role: Role
    named: Callable[[Notation, Entry], str]
    computed: Callable[[Session, Step], str]
    announced: Callable[[Notation, Entry], str]
    asked: Callable[[Notation, Entry], str]


def role_of(entry: Entry) -> Role:
    """What a step's number is on the screen."""
    return _WORDS[entry.kind].role


def named(notation: Notation, entry: Entry) -> str:
    """What a step is, in a few words: "the factor ∂a/∂z"."""
    return _WORDS[entry.kind].named(notation, entry)


def computed(session: Session, step: Step) -> str:
    """A sentence on a step that was just computed."""
    return _WORDS[step.kind].computed(session, step)


def announced(notation: Notation, entry: Entry) -> str:
    """A sentence on a step that comes next, without its number."""
    return _WORDS[entry.kind].announced(notation, entry)


def asked(notation: Notation, entry: Entry) -> str:
    """The question for a step's number: "What is ∂L/∂w₁?" """
    return _WORDS[entry.kind].asked(notation, entry)


def _asked(notation: Notation, entry: Entry) -> str:
    return f"What is {left_side(notation, entry)}?"


def _with_number(session: Session, step: Step) -> str:
    return f"{named(session.notation, step.entry)} {equals(session.number(step.value))}"


# --- values


def _value_named(notation: Notation, entry: Entry) -> str:
    return f"the value of {notation.shown(entry.name)}"


def _value(session: Session, step: Step) -> str:
    return f"the value {session.shown(step.name)} {equals(session.number(step.value))}, from its equation."


def _value_next(notation: Notation, entry: Entry) -> str:
    operands = notation.lesson.graph.operands[entry.name]
    return f"{_value_named(notation, entry)}, from {_listed(notation, operands) if operands else 'its equation'}."


# --- the seed


def _seed_named(notation: Notation, entry: Entry) -> str:
    return f"the seed {notation.gradient(entry.name)}"


def _seed(session: Session, step: Step) -> str:
    name = session.shown(step.name)
    return f"{_with_number(session, step)}: {name} moves exactly as fast as itself. The backward pass starts here."


def _seed_next(notation: Notation, entry: Entry) -> str:
    return f"the backward pass starts, with {_seed_named(notation, entry)}."


# --- factors


def _factor_named(notation: Notation, entry: Entry) -> str:
    return f"the factor {notation.partial(entry.of, entry.name)}"


def _factor(session: Session, step: Step) -> str:
    direct = " (direct: one part of the gradient)" if step.is_direct else ""
    of, wrt = session.shown(step.of), session.shown(step.name)
    how = f"moves that much for each 1 that {wrt} moves" if step.value != 0 else f"does not move with {wrt}"
    return f"{_with_number(session, step)}{direct}: {of} {how}."


def _factor_next(notation: Notation, entry: Entry) -> str:
    direct = ", the direct part" if notation.lesson.graph.is_direct(entry.of, entry.name) else ""
    of, wrt = notation.shown(entry.of), notation.shown(entry.name)
    return f"{_factor_named(notation, entry)}{direct}: how far {of} moves for each 1 that {wrt} moves."


# --- gradients


def _gradient_named(notation: Notation, entry: Entry) -> str:
    return f"the gradient {notation.gradient(entry.name)}"


def _gradient(session: Session, step: Step) -> str:
    graph, text = session.graph, _with_number(session, step)
    if not step.terms:
        return f"{text}: {session.shown(graph.loss)} does not depend on {session.shown(step.name)}."
    if len(step.terms) > 1:
        return f"{text}: {_added_up(session, step)}"
    user = step.terms[0].through
    if user == graph.loss:
        return f"{text}, the factor itself: nothing comes between {session.shown(step.name)} and {session.shown(user)}."
    [term] = step.terms
    upstream = _moves(session, graph.loss, term.upstream, user)
    factor = _moves(session, user, term.factor, step.name)
    return f"{text}: {upstream}, {factor}; so {_moves(session, graph.loss, step.value, step.name)}."


def _moves(session: Session, of: str, rate: float, wrt: str) -> str:
    """What a derivative says, in numbers that one can feel."""
    moved, mover = session.shown(of), session.shown(wrt)
    if rate == 0:
        return f"{moved} does not move with {mover}"
    return f"{moved} moves {session.style.number(rate)} for each 1 that {mover} moves"


def _added_up(session: Session, step: Step) -> str:
    """What a name does to the loss by each of several ways, and together."""
    loss, name = session.shown(session.graph.loss), session.shown(step.name)
    if len(step.terms) > _MOST_WAYS_TOLD:
        through = _listed(session.notation, [term.through for term in step.terms])
        return f"the sum of {len(step.terms)} terms, through {through}."
    ways = [
        f"{session.number(term.product)} "
        f"{'directly' if term.through == session.graph.loss else f'through {session.shown(term.through)}'}"
        for term in step.terms
    ]
    told = f"{', '.join(ways[:-1])} and {ways[-1]}"
    return f"for each 1 that {name} moves, {loss} moves {told}: together {session.number(step.value)}."


def _gradient_next(notation: Notation, entry: Entry) -> str:
    graph, text = notation.lesson.graph, _gradient_named(notation, entry)
    users = graph.consumers.get(entry.name, ())
    if not users:
        return f"{text}: no path leads from {notation.shown(entry.name)} to the loss."
    if len(users) > 1:
        return f"{text}: the sum, through {_listed(notation, users)}, of upstream gradient times factor."
    if users[0] == graph.loss:
        return f"{text}: this factor itself."
    return f"{text}: {notation.gradient(users[0])} times {notation.partial(users[0], entry.name)}."


# --- averages over the examples


def _mean_of(notation: Notation, entry: Entry) -> str:
    return _gradient_named(notation, entry) if entry.name else f"the loss {notation.shown(notation.lesson.graph.loss)}"


def _mean_named(notation: Notation, entry: Entry) -> str:
    return f"{_mean_of(notation, entry).removeprefix('the gradient ')} over the examples"


def _mean(session: Session, step: Step) -> str:
    how = "the mean" if session.history.plan.averages else "the sum"
    what = _mean_of(session.notation, step.entry).removeprefix("the gradient ")
    return f"{how} over {session.layout.batch_size} examples of {what}: {session.number(step.value)}."


def _mean_next(notation: Notation, entry: Entry) -> str:
    how = "averaged" if notation.lesson.history.plan.averages else "summed"
    return f"{_mean_of(notation, entry)}, {how} over the examples."


# --- updates


def _update_named(notation: Notation, entry: Entry) -> str:
    if not entry.name:
        return "the learning rate"
    left = left_side(notation, entry)
    return f"the updated {left}" if entry.line is None else left


def _update(session: Session, step: Step) -> str:
    number, name = session.number, session.shown(step.name)
    if not step.name:
        rate = left_side(session.notation, step.entry)
        return f"the learning rate of iteration {session.iteration:,}: {rate} {equals(number(step.value))}."
    if step.entry.line is not None:
        return f"{left_side(session.notation, step.entry)} is now {number(step.value)}.{_what_g_is(session, step)}"
    before, after, slope = step.numbers[PARAMETER], step.value, step.raw_gradient
    if not math.isfinite(after):
        return f"the update of {name}: it is no longer finite, {number(after)}."
    way = "goes up" if after > before else "goes down" if after < before else "stays"
    sign = "negative" if slope < 0 else "positive" if slope > 0 else "zero"
    seen = f" (The iteration saw {session.batch_text}.)" if session.batch_text else ""
    is_seen = number(before) != number(after)
    how_far = f"from {number(before)} to {number(after)}" if is_seen else f"by {number(abs(after - before))}"
    so = f"it {way}, {how_far}" if after != before else f"it {way} at {number(before)}"
    if len(session.lesson.rule.lines) > 1:
        return f"the update of {name}: {so}.{seen}"
    return f"the update of {name}: its gradient is {sign}, so {so}.{seen}"


def _what_g_is(session: Session, step: Step) -> str:
    """What g stands for in a line that reads it, unless a line before has changed it."""
    is_raw = GRADIENT in names_in(step.tree) and step.numbers[GRADIENT] == step.raw_gradient
    return f" g is {session.notation.gradient(step.name)}." if is_raw else ""


def _update_next(notation: Notation, entry: Entry) -> str:
    right = symbols(notation, entry, notation.lesson.history.plan.batch_size)
    if not entry.name:
        return f"the learning rate of this iteration, {left_side(notation, entry)} = {right}."
    name = notation.shown(entry.name)
    if len(notation.lesson.rule.lines) > 1:
        return f"the update of {name}: {left_side(notation, entry)}{arrow(notation, entry)}{right}."
    return f"the update of {name}: a step against its gradient, {right}."


def _update_asked(notation: Notation, entry: Entry) -> str:
    is_parameter = entry.name and entry.line is None
    return f"What does {left_side(notation, entry)} become?" if is_parameter else _asked(notation, entry)


_WORDS: Mapping[Kind, KindWords] = MappingProxyType(
    {
        "value": KindWords("value", _value_named, _value, _value_next, _asked),
        "seed": KindWords("seed", _seed_named, _seed, _seed_next, _asked),
        "factor": KindWords("factor", _factor_named, _factor, _factor_next, _asked),
        "gradient": KindWords("gradient", _gradient_named, _gradient, _gradient_next, _asked),
        "mean": KindWords("gradient", _mean_named, _mean, _mean_next, _asked),
        "update": KindWords("update", _update_named, _update, _update_next, _update_asked),
    }
)


def _listed(notation: Notation, names: Sequence[str]) -> str:
    """Names as a list in a sentence; of many the first and the last."""
    if len(names) > 6:
        return ", ".join([*map(notation.shown, names[:3]), notation.characters.ellipsis, notation.shown(names[-1])])
    words = list(map(notation.shown, names))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
