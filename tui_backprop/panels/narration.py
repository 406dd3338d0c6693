"""What was just computed, and what comes next? One plain sentence each, and never mixed up."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from tui_backprop.explain.observations import observations
from tui_backprop.explain.remarks import remarks
from tui_backprop.maths.expression import names_in
from tui_backprop.moves.along import why_not_on
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.statements import arrow, symbols
from tui_backprop.panels.symbols import gradient, is_direct, left_side, partial, rate_symbol
from tui_backprop.record.step import FactorStep, GradientStep, MeanStep, SeedStep, Step, UpdateStep, ValueStep
from tui_backprop.record.step_layout import Entry
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.optimizers import GRADIENT
from tui_backprop.session import DerivationReading, NudgeReading, Session

_LABEL_WIDTH = len("just computed: ")


class _Part(Struct, frozen=True):
    """One thing to say, with its label; the text is broken into as many rows as it gets."""

    label: str
    text: str
    role: Role


def narration_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what was just computed, what comes next, then a notice or the notes on the step.

    Where there is no room for all, a notice takes the place of what comes next, because it answers the last key.
    """
    parts = [*_reading_parts(session)] if session.reading is not None else [*_step_parts(session)]
    if session.notice:
        parts = [*parts[:2], _Part("!", safe_text(session.notice), "warning")]
    while len(parts) > height and len(parts) > 1:
        parts.pop(1 if session.notice else -1)
    rows = [wrapped(part.text, max(8, width - _LABEL_WIDTH - 2)) for part in parts]
    given = [1] * len(parts)
    for place, needed in enumerate(map(len, rows)):
        given[place] += min(needed - 1, height - sum(given))
    lines: list[Line] = []
    for part, texts, count in zip(parts, rows, given, strict=True):
        lines.extend(_lines(part, texts, count))
    return tuple(lines[:height])


def _lines(part: _Part, texts: tuple[str, ...], count: int) -> list[Line]:
    shown = list(texts[:count])
    if count < len(texts):
        shown[-1] = f"{shown[-1]} …"
    return [
        (Span(" "), Span((part.label if place == 0 else "").ljust(_LABEL_WIDTH), "heading"), Span(text, part.role))
        for place, text in enumerate(shown)
    ]


def _step_parts(session: Session) -> Iterator[_Part]:
    yield _Part("just computed:", just_computed(session), "plain")
    yield _Part("next:", comes_next(session), "dim")
    notes = notes_on_step(session)
    if notes:
        yield _Part("note:", " ".join(notes), "note")


def _reading_parts(session: Session) -> Iterator[_Part]:
    """What is read about the step, in place of the step itself."""
    reading = session.reading
    if isinstance(reading, DerivationReading):
        line = reading.derivation.lines[reading.line]
        count = len(reading.derivation.lines)
        yield _Part("this line:", f"{reading.line + 1} of {count}, by the {line.rule}. {line.why}", "plain")
        back = "escape: back to the steps."
        on = f"this is the result; {back}" if reading.line + 1 == count else f"→ next line, ← line before; {back}"
        yield _Part("next:", on, "dim")
    elif isinstance(reading, NudgeReading):
        # Imported here because the first screen need not wait for it.
        from tui_backprop.panels.nudge_panel import verdict_on

        yield _Part("checked:", f"the step's derivative a second way. {verdict_on(session, reading.table)}", "plain")
        yield _Part("next:", "escape: back to the steps; d: derive it by the rules.", "dim")


def just_computed(session: Session) -> str:
    """A sentence on the step under the cursor."""
    return _sentence_on(session, session.step)


def comes_next(session: Session) -> str:
    """A sentence on the step after it, without its number; at the end of the run, the reason why there is none."""
    cursor = session.next_cursor()
    if cursor is None:
        return why_not_on(session)
    entry = session.layout.entry(cursor.index)
    sentence = _announcement(session, entry)
    if cursor.iteration > session.cursor.iteration:
        return f"iteration {cursor.iteration:,} starts with the updated parameters: {sentence}"
    turn = session.layout.turn(cursor.index)
    if turn is not None and turn != session.turn:
        iteration = session.steps.iteration if cursor.iteration == session.cursor.iteration else None
        number = iteration.batch[turn] + 1 if iteration else turn + 1
        return f"example {number} of {len(session.history.plan.examples)}: {sentence}"
    return sentence


def notes_on_step(session: Session) -> tuple[str, ...]:
    """What the scenario and the mathematics have to say about the step under the cursor."""
    step = session.step
    # A factor ∂a/∂z tells of the node a: how it moves with what it is made of.
    name = session.entry.of or session.entry.name or session.graph.loss
    is_on_name = session.entry.kind != "update" or (session.entry.name and session.entry.line is None)
    noted = session.scenario.notes.get(name) if is_on_name else None
    return (
        *remarks(step, session.graph, session.style, is_trained=session.cursor.iteration > 0),
        *observations(session.history, session.cursor.iteration, step, session.style),
        *([safe_text(noted)] if noted else []),
    )


def _sentence_on(session: Session, step: Step) -> str:
    number, shown = session.number, session.shown
    if isinstance(step, ValueStep):
        return f"the value {shown(step.node)} = {number(step.value)}, from its equation."
    if isinstance(step, SeedStep):
        loss = gradient(session, step.node)
        return (
            f"the seed {loss} = 1: {shown(step.node)} moves exactly as fast as itself. The backward pass starts here."
        )
    if isinstance(step, FactorStep):
        direct = " (direct: one part of the gradient)" if step.is_direct else ""
        of, wrt = shown(step.of), shown(step.wrt)
        factor = f"the factor {partial(session, step.of, step.wrt)} = {number(step.value)}{direct}"
        return f"{factor}: how fast {of} moves when {wrt} moves and nothing else does."
    if isinstance(step, GradientStep):
        return _sentence_on_gradient(session, step)
    if isinstance(step, MeanStep):
        what = gradient(session, step.parameter) if step.parameter else f"the loss {shown(session.graph.loss)}"
        how = "the mean" if step.averages else "the sum"
        return f"{how} over {len(step.terms)} examples of {what}: {number(step.value)}."
    return _sentence_on_update(session, step)


def _sentence_on_update(session: Session, step: UpdateStep) -> str:
    number, shown, rule = session.number, session.shown, session.history.plan.rule
    assert rule is not None
    if step.parameter is None:
        return f"the learning rate of iteration {session.iteration:,}: {rate_symbol(session)} = {number(step.after)}."
    if step.gradient is None or step.before is None:
        line = rule.lines[session.entry.line or 0]
        is_raw = (
            step.numbers[GRADIENT] == session.steps.iteration.gradients[session.graph.parameter_places[step.parameter]]
        )
        means = f" g is {gradient(session, step.parameter)}." if GRADIENT in names_in(line.formula) and is_raw else ""
        return f"{left_side(session, session.entry)} is now {number(step.after)}.{means}"
    if not math.isfinite(step.after):
        return f"the update of {shown(step.parameter)}: it is no longer finite, {number(step.after)}."
    way = "grows" if step.after > step.before else "shrinks" if step.after < step.before else "stays"
    sign = "negative" if step.gradient < 0 else "positive" if step.gradient > 0 else "zero"
    before, after = number(step.before), number(step.after)
    seen = f" (The iteration saw {session.batch_text}.)" if session.batch_text else ""
    how_far = f"from {before} to {after}" if before != after else f"by {number(abs(step.after - step.before))}"
    so = f"so it {way}, {how_far}" if step.after != step.before else f"so it {way} at {before}"
    if len(rule.lines) > 1:
        return f"the update of {shown(step.parameter)}: {so.removeprefix('so ')}.{seen}"
    return f"the update of {shown(step.parameter)}: its gradient is {sign}, {so}.{seen}"


def _sentence_on_gradient(session: Session, step: GradientStep) -> str:
    gradient_text, value = gradient(session, step.node), session.number(step.value)
    loss = session.shown(session.graph.loss)
    if not step.terms:
        return f"the gradient {gradient_text} = 0: {loss} does not depend on {session.shown(step.node)}."
    if len(step.terms) > 1:
        through = _listed([session.shown(term.through) for term in step.terms])
        return f"the gradient {gradient_text} = {value}: the sum of {len(step.terms)} terms, through {through}."
    term = step.terms[0]
    if term.through == session.graph.loss:
        return f"the gradient {gradient_text} = {value}: the seed 1 times the factor."
    upstream = gradient(session, term.through)
    factor = partial(session, term.through, step.node)
    return f"the gradient {gradient_text} = {value}: the upstream gradient {upstream} times the factor {factor}."


def _announcement(session: Session, entry: Entry) -> str:
    shown = session.shown
    if entry.kind == "value":
        return f"the value of {shown(entry.name)}, from {_operands(session, entry.name)}."
    if entry.kind == "seed":
        return f"the backward pass starts, with the seed {gradient(session, entry.name)}."
    if entry.kind == "factor":
        direct = ", the direct part" if is_direct(session, entry.of, entry.name) else ""
        of, wrt = shown(entry.of), shown(entry.name)
        return f"the factor {partial(session, entry.of, entry.name)}{direct}: how fast {of} moves with {wrt}."
    if entry.kind == "gradient":
        return _announced_gradient(session, entry.name)
    if entry.kind == "mean":
        how = "averaged" if session.history.plan.averages else "summed"
        what = (
            f"the gradient {gradient(session, entry.name)}" if entry.name else f"the loss {shown(session.graph.loss)}"
        )
        return f"{what}, {how} over the {session.layout.batch_size} examples."
    if not entry.name:
        return f"the learning rate of this iteration, {rate_symbol(session)} = {symbols(session, entry)}."
    name, rule = shown(entry.name), session.history.plan.rule
    if rule is not None and len(rule.lines) > 1:
        return f"the update of {name}: {left_side(session, entry)}{arrow(entry)}{symbols(session, entry)}."
    return f"the update of {name}: a step against its gradient, {name} − η·{gradient(session, entry.name)}."


def _announced_gradient(session: Session, name: str) -> str:
    users = session.graph.consumers.get(name, ())
    text = gradient(session, name)
    if not users:
        return f"the gradient {text}: no path leads from {session.shown(name)} to the loss."
    if len(users) > 1:
        through = _listed(list(map(session.shown, users)))
        return f"the gradient {text}: the sum, through {through}, of upstream gradient times factor."
    if users[0] == session.graph.loss:
        return f"the gradient {text}: the seed 1 times this factor."
    return f"the gradient {text}: {gradient(session, users[0])} times {partial(session, users[0], name)}."


def _operands(session: Session, node: str) -> str:
    operands = session.graph.operands[node]
    return _listed([session.shown(name) for name in operands]) if operands else "its equation"


def _listed(words: list[str]) -> str:
    if len(words) > 6:
        words = [*words[:3], "…", words[-1]]
        return ", ".join(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
