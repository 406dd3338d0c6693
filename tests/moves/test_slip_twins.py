"""A lesson with a slip in it, beside the right one: how it is opened, what is said of it, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.panel_text import panel, played
from support.screen import running

from tui_backprop.api import load, loads
from tui_backprop.cli import main
from tui_backprop.errors import Place, ScenarioError
from tui_backprop.explain.slips import SLIPS
from tui_backprop.moves.opening import command_for, opened, reread
from tui_backprop.moves.reading import derived_pair, number_here
from tui_backprop.moves.slip_twin import slip_behind, slips_offered, to_twin
from tui_backprop.moves.what_if import to_run
from tui_backprop.panels.panel_table import header_line
from tui_backprop.session import Cursor, Session

NODE = """\
title: A node
parameters: {w: 0.5}
data: {x: 2, y: 1}
equations: {z: w*x, a: sigmoid(z), L: (a - y)^2}
learning_rate: 1
"""
TWIN = f"{NODE}slip: activation_derivative\n"


def _header(session: Session, width: int = 100) -> str:
    return "".join(span.text for span in header_line(session, width))


def test_a_lesson_opens_with_the_slip_that_its_file_names_beside_the_right_run() -> None:
    session = played(opened(loads(TWIN)), "phase_on", "3*step_on")
    assert _header(session).startswith(" slip: activation_derivative · A node")
    assert session.step.value == 1.0
    assert session.number_beside(session.entry) == pytest.approx(0.19661193324148185)
    assert "the right run" in panel(session, "loss", 100, 7)


def test_another_slip_may_be_asked_for_instead() -> None:
    assert opened(loads(TWIN), slip="sign@dL/da").current_run.slip == "sign@dL/da"


def test_commands_have_the_right_numbers_unless_a_slip_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def losses(text: str, *more: str) -> list[float]:
        file = tmp_path / "lesson.yaml"
        file.write_text(text, encoding="utf-8")
        assert main(["run", str(file), "--iterations", "2", "--format", "json", *more]) == 0
        return [record["loss"] for record in json.loads(capsys.readouterr().out)["history"]]

    right, slipped = losses(NODE), losses(NODE, "--slip", "activation_derivative")
    assert right != slipped
    assert losses(TWIN) == right
    assert losses(TWIN, "--slip", "activation_derivative") == slipped


@pytest.mark.parametrize(
    ("slip", "column", "message", "help"),
    [
        ("sing", 7, "there is no slip 'sing'", "did you mean 'sign'?"),
        ("sign@da/dq", 7, "the slip 'sign' cannot happen at 'da/dq'", "did you mean '∂a/∂z'?"),
        ("mean_as_sum", 7, "the slip 'mean_as_sum' cannot happen in this lesson", "`list --slips` shows the others"),
        ("[sign]", 7, "'slip' must be a single value, not a list", "write a slip such as sign"),
    ],
)
def test_a_slip_that_cannot_be_made_is_refused_at_its_place(slip: str, column: int, message: str, help: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(f"{NODE}slip: {slip}\n")
    [problem] = caught.value.problems
    assert (problem.place or Place(0, 0))[:2] == (6, column)
    assert problem.message == message
    assert problem.help.startswith(help)
    assert problem.source_line == f"slip: {slip}"


def test_a_file_that_has_changed_keeps_the_slip_that_was_asked_for_and_takes_its_own_one_anew() -> None:
    assert reread(opened(loads(TWIN)), loads(f"{NODE}slip: sign\n")).current_run.slip == "sign"
    assert reread(opened(loads(NODE), slip="half"), loads(NODE)).current_run.slip == "half"
    assert reread(opened(loads(TWIN)), loads(NODE)).runs == ()


@pytest.mark.parametrize(
    ("lesson", "some", "others"),
    [
        ("worked-example", {"sign", "updated_weights", "transposed_weights", "ascent"}, {"mean_as_sum", "sum_as_mean"}),
        ("xor-sigmoid", {"mean_as_sum", "not_zeroed"}, {"sum_as_mean"}),
        ("sigmoid-node", {"activation_derivative"}, {"not_zeroed", "ascent", "learning_rate"}),
    ],
)
def test_the_slips_that_can_happen_in_a_lesson_can_be_made(lesson: str, some: set[str], others: set[str]) -> None:
    offered = slips_offered(opened(load(lesson)))
    assert some <= {*offered} <= {*SLIPS} - others
    for name in offered:
        assert to_twin(opened(load(lesson)), name).current_run.slip == name


def test_a_slip_is_made_at_the_same_step_and_left_again() -> None:
    there = played(opened(load("logistic")), "2*iteration_on", "5*step_on")
    twin = to_twin(there, "sign")
    assert (twin.cursor, twin.current_run.slip) == (there.cursor, "sign")
    assert twin.notice == "The sign is the wrong way round. S leads back to the right run."
    other = to_twin(twin, "ascent")
    assert [run.slip for run in other.runs] == ["", "sign", "ascent"]
    assert [run.slip for run in to_twin(other, "sign").runs] == ["", "sign", "ascent"]
    back = to_run(other, 0)
    assert (back.step, back.notice) == (there.step, "This is the right run.")


async def test_the_palette_makes_a_slip_and_the_list_of_runs_leads_back() -> None:
    async with running(played(opened(load("logistic")), "phase_on")) as shown:
        await shown.press("ctrl+p", *"ascent", "enter")
        assert shown.session.current_run.slip == "ascent"
        await shown.press("S", *"right", "enter")
        assert shown.session.current_run.slip == ""


@pytest.mark.parametrize(
    ("lesson", "slip"),
    [
        ("worked-example", "updated_weights"),
        ("worked-example", "overwritten"),
        ("xor-sigmoid", "activation_derivative"),
        ("xor-sigmoid", "mean_as_sum"),
        ("logistic", "sign@∂a/∂z"),
        ("logistic", "bias_zero"),
    ],
)
def test_the_second_proof_and_the_derivation_give_the_right_number_and_say_where_the_slip_is(
    lesson: str, slip: str
) -> None:
    session = opened(load(lesson), slip=slip)
    differing = 0
    for index in range(len(session.layout)):
        here = session.at(Cursor(0, index))
        if derived_pair(here) is None or (session.layout.batch_size > 1 and here.turn not in (None, 1)):
            continue
        at_same_step = replace(here, lesson=session.runs[0].lesson, runs=(), run=0)
        wrong, right = number_here(here), number_here(at_same_step)
        proof = " ".join(panel(played(here, "nudge"), "equations", 300, 40).split())
        reading = played(here, "derive").reading
        assert reading is not None
        assert reading.matter.value == pytest.approx(right, rel=1e-9)
        last = replace(here, reading=replace(reading, position=reading.length - 1))
        derivation = " ".join(panel(last, "equations", 300, 60).split())
        differing += wrong != right
        if wrong == right:
            assert "slip" not in proof + derivation
        else:
            came = f"Differs: nudging gives {here.number(right)}, which is the right number, and not"
            assert f"{came} {here.number(wrong)}. The slip is made" in proof
            assert f"has {here.number(wrong)} in this run. The slip is made" in derivation
    assert differing


def test_wrong_numbers_are_not_asked_for() -> None:
    trying = played(opened(load("logistic")), "try")
    assert trying.is_trying
    twin = to_twin(trying, "sign")
    assert not twin.is_trying
    for move in ("try", "next_question"):
        assert "S leads to the right run" in played(twin, move).notice
    assert played(to_run(twin, 0), "try").is_trying


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (
            "3*step_on",
            "The slip is made here: it has 1 where a·(1 − a) belongs. The slope of the activation was left out.",
        ),
        (
            "4*step_on",
            "The slip is made before, at ∂a/∂z: it has 1 where a·(1 − a) belongs. The slope of the activation",
        ),
        ("2*step_on", ""),
    ],
)
def test_where_a_slip_is_made_is_said_with_both_formulas(moves: str, said: str) -> None:
    told = slip_behind(played(opened(loads(TWIN)), "phase_on", moves))
    assert told.startswith(said)
    assert bool(told) == bool(said)


def test_the_command_that_opens_a_twin_names_its_slip() -> None:
    assert command_for(opened(load("logistic"), slip="sign")) == "backprop-tui logistic --slip sign --at 0.1"
