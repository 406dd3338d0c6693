"""Where a number comes from: over the numbers of a line, to the step that made one, and back to where one was."""

from __future__ import annotations

import pytest
from support.panel_text import narration, opened, panel, played
from support.screen import running

from tui_backprop.moves.inspecting import inspected
from tui_backprop.moves.what_if import what_if
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.session import LOSS_PANEL, PANEL_COUNT, Cursor, Session


def told(session: Session) -> str:
    """What the narration says first."""
    return narration(session).splitlines()[0].partition(":")[2].strip()


FACTOR = ("phase_on", "3*step_on")


def test_the_arrows_go_over_the_numbers_of_the_line() -> None:
    session = played(opened("logistic"), "inspect")
    seen = [told(session)]
    for _ in range(5):
        session = played(session, "step_on")
        seen.append(told(session))
    assert seen == [
        "0.5 is w₁, from the file: parameters.",
        "1 is x₁, from the file: data, example 1.",
        "−0.5 is w₂, from the file: parameters.",
        "2 is x₂, from the file: data, example 1.",
        "0.1 is b, from the file: parameters.",
        "−0.4 is what this step comes to.",
    ]
    assert session.cursor == Cursor(0, 0)
    assert played(session, "step_on").notice.startswith("This is the last line")


def test_the_number_is_marked_in_symbols_and_in_numbers_and_its_readers_are_named() -> None:
    assert panel(played(opened("logistic"), *FACTOR, "inspect"), "equations").splitlines() == [
        "∂a/∂z = a·(1 − a)",
        "        ^      ^",
        "      = 0.4013·(1 − 0.4013) = 0.2403",
        "        ^^^^^^      ^^^^^^",
        "",
        "comes from  step 2: a = σ(z) = σ(−0.4) = 0.4013",
        "read by     step 3: L = −(y·log(a) + (1 − y)·log(1 − a))",
        "            step 5: ∂L/∂a = −(y/a − (1 − y)/(1 − a))",
        "            step 7: ∂a/∂z = a·(1 − a)",
    ]


def test_enter_goes_to_the_step_and_escape_comes_back_one_at_a_time() -> None:
    start = played(opened("logistic"), *FACTOR, "inspect")
    first = played(start, "follow")
    second = played(first, "follow")
    assert [at.cursor.index for at in (start, first, second)] == [6, 1, 0]
    stopped = played(second, "follow")
    assert (stopped.cursor, stopped.notice) == (second.cursor, "No step made this number: from the file: parameters.")
    moved = played(second, "2*step_on")
    assert played(moved, "leave").reading == first.reading
    assert played(moved, "leave", "leave") == start
    left = played(moved, "3*leave")
    assert (left.cursor, left.reading) == (start.cursor, None)


def test_a_parameter_comes_from_the_update_before_and_a_gradient_from_its_sum() -> None:
    update = played(opened("logistic"), "iteration_on", "2*phase_on", "inspect")
    assert "is w₁, made by iteration 0, step 15: w₁ ← w₁ − η·∂L/∂w₁." in told(update)
    assert played(update, "follow").cursor == Cursor(0, 14)
    assert "is η, from the file: learning_rate." in told(played(update, "step_on"))
    assert "is ∂L/∂w₁, made by step 10" in told(played(update, "2*step_on"))


def test_in_a_derivation_the_numbers_of_the_line_are_asked_about() -> None:
    line = played(opened("logistic"), *FACTOR, "derive", "2*step_on")
    asked = played(line, "inspect")
    assert "−0.4 is z, made by step 1" in told(asked)
    assert played(asked, "follow").cursor == Cursor(0, 0)
    back = played(asked, "follow", "leave", "leave")
    assert (back.cursor, back.reading) == (line.cursor, line.reading)


def test_in_the_loss_panel_a_point_tells_its_iteration_and_leads_there() -> None:
    assert (list(PANELS)[LOSS_PANEL], len(PANELS)) == ("loss", PANEL_COUNT)
    asked = played(opened("logistic"), "5*iteration_on", "4*step_on", "2*next_panel", "inspect", "3*step_back")
    assert "is the loss of iteration 2, made by its step 3." in told(asked)
    assert "◆" in panel(asked, "loss", 100, 8)
    assert played(asked, "follow").cursor == Cursor(2, 2)
    assert played(asked, "follow", "leave").reading == asked.reading


def test_what_is_set_in_a_what_if_is_told_to_be_and_what_is_older_leads_to_the_run_it_left() -> None:
    run = what_if(played(opened("logistic"), "2*iteration_on"), "w1 = 0.9")
    asked = played(run, "inspect")
    assert told(asked) == "0.9 is w₁, set in this what-if."
    older = played(asked, "2*step_on", "follow")
    assert older.cursor == Cursor(1, 15)
    assert older.history is run.runs[0].lesson.history
    assert played(older, "leave").history is run.history


@pytest.mark.parametrize("lesson", ["logistic", "logistic-four", "adam", "net-2-2-2", "softmax", "limit"])
def test_at_every_step_every_number_is_told_and_asking_moves_nothing(lesson: str) -> None:
    session = opened(lesson)
    for index in range(len(session.layout)):
        here = session.at(Cursor(0, index))
        asked = played(here, "inspect")
        assert asked.reading is not None
        for place in range(asked.reading.length):
            at = played(asked, f"{place}*step_on") if place else asked
            assert at.reading is not None
            found = inspected(at, at.reading)
            assert here.number(found.number) in panel(at, "equations", 400, 40) or here.entry.kind == "mean"
            assert told(at)
        assert played(asked, "leave").cursor == here.cursor
    assert len(session.history) == 1


async def test_on_the_screen_i_enter_and_escape_lead_there_and_back() -> None:
    async with running(played(opened("logistic"), *FACTOR)) as shown:
        await shown.press("i")
        assert "enter go there" in shown.lines[-1]
        await shown.press("enter")
        assert shown.session.cursor == Cursor(0, 1)
        await shown.press("escape", "escape")
        assert (shown.session.cursor, shown.session.reading) == (Cursor(0, 6), None)
