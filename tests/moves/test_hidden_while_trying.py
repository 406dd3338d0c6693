"""While the learner tries, the number that is asked for stands on no part of the screen: for every kind of step, in
every view, at three sizes. Only steps are looked at whose digits stand nowhere for another reason."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from support.panel_text import opened
from support.tables import sample

from tui_backprop.maths.expression import names_in
from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import MOVES
from tui_backprop.moves.trying import answered, hinted, typed
from tui_backprop.panels.panel_table import PANELS, header_line, narration_lines
from tui_backprop.session import Cursor, LossView, Session

SIZES = ((120, 40), (80, 24), (58, 17))

NEURON = """\
title: t
parameters: {w: 0.317, v: -0.741, b: 0.123}
data: [{x: 1.37, y: 0.83}, {x: -0.59, y: 0.29}]
equations: {u: w*x + b, z: u*v + u^2, a: sigmoid(z), still: exp(y), L: (a - y)^2 + 0.1*still}
learning_rate: 0.7/(1 + 0.3*k)
"""
FIRST = NEURON.replace("[{x: 1.37, y: 0.83}, {x: -0.59, y: 0.29}]", "{x: 1.37, y: 0.83}")
ONE = """\
title: t
parameters: {w: 0.317}
equations: {L: "exp(w) + (w - 1.93)^2"}
learning_rate: 0.17
optimizer: adam
weight_decay: 0.013
"""
TWO = """\
title: t
parameters: {w: 0.317, v: 1.27}
equations: {p: w*v, L: "(p - 1.93)^2 + 0.37*v^2"}
learning_rate: 0.17
optimizer: momentum
"""
NET = """\
title: t
network:
  inputs: [x1, x2]
  layers:
    - {neurons: 2, activation: tanh, weights: [[0.31, -0.27], [0.83, 0.47]], biases: [0.11, -0.19]}
    - {neurons: 2, activation: softmax, weights: [[0.91, -0.33], [-0.57, 0.29]], biases: [0.13, 0.07]}
  targets: [t1, t2]
  cost: cross_entropy
data: {x1: 1.3, x2: -0.7, t1: 0.2, t2: 0.8}
learning_rate: 0.37
"""
LESSONS = {"several examples": NEURON, "one example": FIRST, "adam": ONE, "momentum": TWO, "a network": NET}

VIEWS: dict[str, Callable[[Session], Session]] = {
    "as it opens": lambda session: session,
    "all digits": lambda session: replace(session, shows_all_digits=True),
    "ascii": lambda session: replace(session, charset="ascii"),
    "a path lit": lambda session: _moved(session, "focus"),
    **{view: lambda session, view=view: replace(session, loss_view=view) for view in ("log", "curve", "examples")},
    **{
        name: lambda session, name=name: _moved(session, name)
        for name in ("words", "derive", "nudge", "inspect", "matrices", "plane")
    },
    "one hint": hinted,
    "a wrong answer": lambda session: answered(typed(session, "12345")),
}


def _moved(session: Session, name: str) -> Session:
    return carried_out(MOVES[name], session)


def _text(session: Session) -> str:
    lines = [line for width, height in SIZES for line in _lines(session, width, height)]
    return "\n".join("".join(span.text for span in line) for line in lines)


def _lines(session: Session, width: int, height: int) -> Iterator[tuple]:
    for panel in PANELS.values():
        yield from panel.lines(session, width, height)
        yield from panel.lines(session, width // 2, height // 2)
    yield header_line(session, width)
    for rows in (1, 2, 3, 6):
        yield from narration_lines(session, width, rows)


def _is_in(number: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(number.lstrip('−-'))}(?![\d])", text) is not None


def _asked_for(session: Session) -> Iterator[tuple[Session, float]]:
    """Places of the first two iterations at which a number is asked for, with the number: of few steps all, of many
    in the first one every third and in the second one every seventh."""
    is_long = len(session.layout) > 40
    for iteration in (0, 1) if session.whole is None else (0,):
        for index in range(0, len(session.history.layout(iteration)), (7 if iteration else 3) if is_long else 1):
            here = session.at(Cursor(iteration, index))
            following = here.next_cursor()
            if here.asked is not None and following is not None:
                yield here, session.history.steps(following.iteration)[following.index].value


@pytest.mark.parametrize(("lesson", "view"), sample([*itertools.product(LESSONS, VIEWS)], 4))
def test_the_number_that_is_asked_for_stands_nowhere(lesson: str, view: str) -> None:
    kinds = _kinds_hidden(_moved(opened(LESSONS[lesson]), "try"), VIEWS[view])
    assert {"value", "factor", "update"} <= kinds
    assert "gradient" in kinds or lesson == "adam"
    assert "mean" in kinds or lesson != "several examples"


@pytest.mark.parametrize("loss_view", ["linear", "curve", "examples"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_so_it_does_in_an_iteration_split_into_its_operations_wherever_it_was_split(
    lesson: str, loss_view: LossView
) -> None:
    session = opened(LESSONS[lesson])
    split = _moved(_moved(_moved(session.at(Cursor(0, len(session.layout) - 1)), "split"), "home"), "try")
    assert split.whole is not None
    assert _kinds_hidden(split, lambda here: replace(here, loss_view=loss_view)) >= {"value", "update"}


def _kinds_hidden(trying: Session, view: Callable[[Session], Session]) -> set[str]:
    """The kinds of the steps that are hidden in a view until they are answered."""
    kinds: set[str] = set()
    for here, number in _asked_for(trying):
        seen = view(here)
        written = {seen.style.number(number), here.style.number(number)}
        # What is shown with good reason: the very same digits of another step, or given.
        if any(len(text.lstrip("−-").replace(".", "").lstrip("0")) < 4 for text in written):
            continue
        if any(_is_in(text, _known(here)) for text in written):
            continue
        assert here.asked is not None
        kinds.add(here.asked.kind)
        shown = _text(seen)
        assert not [text for text in written if _is_in(text, shown)], (here.cursor, here.asked)
        if seen.asked == here.asked:
            assert any(_is_in(text, _text(_moved(replace(here, is_trying=False), "step_on"))) for text in written)
    return kinds


def _known(session: Session) -> str:
    """The numbers that the learner has come by in this iteration, and what is given."""
    steps = [session.steps[index] for index in range(session.cursor.index + 1)]
    numbers = [step.value for step in steps]
    numbers += [step.numbers[name] for step in steps for name in names_in(step.tree) if name in step.numbers]
    before = [step.before for step in steps if step.before is not None]
    if session.cursor.iteration:
        numbers += [step.value for step in session.history.steps(session.cursor.iteration - 1)]
    return " ".join(session.style.number(number) for number in (*numbers, *before))
