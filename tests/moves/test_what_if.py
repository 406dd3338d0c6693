"""What if a number were another one: a run beside the first, both to be seen, and the first one always as it was."""

from __future__ import annotations

import random

import pytest
from support.panel_text import narration, opened, panel, played, text_of, whole_screen
from support.tables import all_or

from tui_backprop.errors import UsageError
from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import TABLE
from tui_backprop.moves.what_if import completions, line_here, to_run, what_if, why_refused
from tui_backprop.panels.panel_table import header_line
from tui_backprop.session import Cursor, Session

LESSONS = ("logistic", "logistic-four", "adam", "net-2-2-2", "limit")


@pytest.fixture
def there() -> Session:
    """The logistic node in iteration 3, w1 set there."""
    return what_if(played(opened("logistic"), "3*iteration_on", "step_on"), "w1 = 0.9")


def test_the_run_goes_on_from_the_step_under_the_cursor(there: Session) -> None:
    assert there.cursor == Cursor(3, 1)
    assert there.known_value("w1").number == 0.9
    assert [run.title for run in there.runs] == ["", "what if w₁ = 0.9 from iteration 3"]
    before = played(there, "iteration_back")
    first = played(opened("logistic"), "2*iteration_on", "step_on")
    assert [panel(before, name) for name in ("graph", "equations", "loss")] == [
        panel(first, name) for name in ("graph", "equations", "loss")
    ]
    assert played(before, "iteration_on").known_value("w1").number == 0.9


def test_both_numbers_stand_where_they_differ(there: Session) -> None:
    assert text_of([header_line(there, 120)]).startswith(" what if w₁ = 0.9 from iteration 3 · Two-feature")
    assert "σ(2.293) = 0.9083   (0.9131 → 0.9083)" in panel(there, "equations", width=70)
    assert "the value a = 0.9083, from its equation. In the first run: 0.9131." in narration(there)
    at_loss = played(there, "step_on")
    assert "iteration 3: L = 0.09618, fell from 0.1280 · ○ the first run = 0.09094" in panel(at_loss, "loss", 100, 8)
    far = what_if(played(there, "step_on"), "w1 = -3")
    drawn = panel(played(far, "iteration_on"), "loss", 100, 8).partition("\n")[2]
    assert drawn.count("○") == drawn.count("●") == 1


def test_where_they_are_the_same_nothing_is_said(there: Session) -> None:
    seed = played(there, "phase_on")
    assert seed.entry.kind == "seed"
    assert "first run" not in narration(seed)
    assert "→" not in panel(seed, "equations").partition("backward")[2]


def test_from_run_to_run_and_back(there: Session) -> None:
    again = what_if(played(there, "iteration_on"), "learning_rate = 2")
    assert again.current_run.beside is there.runs[1]
    assert to_run(again, 0).notice == "This is the first run."
    assert (to_run(again, 0).cursor, to_run(again, 0).known_value("w1")) == (
        Cursor(4, 1),
        played(opened("logistic"), "4*iteration_on", "step_on").known_value("w1"),
    )
    assert to_run(to_run(again, 0), 2).known_value("w1") == again.known_value("w1")
    assert again.history.plan.rule.rate_at(4) == 2.0
    assert played(again, "home").history.scenario.learning_rate == 0.5


def test_a_step_that_another_run_does_not_have_leads_to_one_it_has() -> None:
    frozen = what_if(played(opened("logistic"), "end"), "freeze w1")
    assert len(frozen.layout) == 16
    assert to_run(frozen, 0).entry == frozen.entry
    assert played(to_run(frozen, 0), "step_back").cursor.index == len(to_run(frozen, 0).layout) - 2


@pytest.mark.parametrize(
    ("lesson", "moves", "line"),
    [
        ("logistic", "", "w1 = 0.5"),
        ("logistic", "phase_on 3*step_on", "w1 = 0.5"),
        ("logistic", "end step_back", "w2 = "),
        ("adam", "phase_on", "a = "),
        ("half-square", "", "a = "),
    ],
)
def test_the_line_offered_is_about_the_step(lesson: str, moves: str, line: str) -> None:
    session = played(opened(lesson), *moves.split())
    assert line_here(session).startswith(line)
    assert "already; write something else" in why_refused(session, line_here(session))


def test_names_are_completed_in_either_writing() -> None:
    session = opened("logistic")
    assert completions(session, "w") == ("w1 = 0.5", "w2 = -0.5")
    assert completions(session, "w₂") == ("w2 = -0.5",)
    assert completions(session, "le") == ("learning_rate = 0.5",)
    assert what_if(session, "w₂ = 1").known_value("w2").number == 1.0


def test_a_refused_line_changes_nothing() -> None:
    session = opened("logistic")
    with pytest.raises(UsageError, match="'high' is not a number"):
        what_if(session, "w1 = high")
    assert session.runs == ()


def test_derivations_and_proofs_are_those_of_the_run(there: Session) -> None:
    factor = played(there, "phase_on", "3*step_on")
    derived = played(factor, "derive").reading
    assert derived is not None
    assert derived.matter.lines[-1].value == pytest.approx(factor.step.value, rel=1e-12)
    proof = played(factor, "nudge").reading
    assert proof is not None
    assert "Agrees" in text_of(panel_lines(played(factor, "nudge")))


def panel_lines(session: Session) -> list:
    """What is read."""
    from tui_backprop.panels.panel_table import PANELS

    return list(PANELS["equations"].lines(session, 90, 30))


def test_the_phase_before_is_found_where_the_run_it_left_has_more_steps() -> None:
    frozen = what_if(played(opened("logistic"), "2*iteration_on"), "freeze w1")
    back = played(frozen, "phase_back")
    assert (back.cursor, back.entry.phase) == (Cursor(1, 14), "update")
    assert played(back, "phase_on").cursor == Cursor(2, 0)


# --- the first run never changes


MOVED = [move for move in TABLE if move.apply is not None and move.name not in ("quit", "end", "nudge", "derive")]
LINES = ("{} = 0.25", "{} = -1.5", "learning_rate = 0.01", "optimizer = momentum", "optimizer = adam", "freeze {}")


@pytest.mark.parametrize("seed", all_or(range(6), range(1_000)))
def test_whatever_is_tried_every_screen_of_the_first_run_is_what_it_was(seed: int) -> None:
    chance = random.Random(seed)
    session = opened(LESSONS[seed % len(LESSONS)])
    places = [session.at(Cursor(k, i)) for k in range(1 + 3 * bool(session.scenario.learning_rate)) for i in (0, 4, 8)]
    places = [place for place in places if place.cursor.index < len(place.layout)]
    losses = list(session.history.losses)
    seen = [whole_screen(place, 120, 40) for place in places]
    for _ in range(chance.randrange(10, 40)):
        name = chance.choice(session.graph.parameters)
        if chance.random() < 0.2:
            line = chance.choice(LINES).format(name)
            if session.whole is None and session.cursor.iteration < 8 and not why_refused(session, line):
                session = what_if(session, line)
        elif chance.random() < 0.1 and session.runs and session.whole is None:
            session = to_run(session, chance.randrange(len(session.runs)))
        elif session.cursor.iteration < 12:
            session = carried_out(chance.choice(MOVED), session)
        else:
            session = played(session, "home")
        assert whole_screen(session, 100, 30)
    first = places[0].history
    assert list(first.losses)[: len(losses)] == losses
    assert [whole_screen(place.at(place.cursor), 120, 40) for place in places] == seen
    if session.runs:
        assert session.runs[0].lesson.history is first
