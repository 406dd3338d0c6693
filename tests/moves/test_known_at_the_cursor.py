"""What is known at every step of a run, what is stale, and is it the same on the way back?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import FOUR_EXAMPLES, LESSONS, LOGISTIC, PARABOLA_TOO_LARGE, TWO_PATHS, scenario
from support.panel_text import played
from support.strategies import scenarios

from tui_backprop.moves.go_to import go_to, reach_of
from tui_backprop.record.step_layout import Entry, Kind
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Known, Session


def everything_known(session: Session) -> dict[object, Known]:
    """What every node, parameter, input and edge is worth at the cursor."""
    graph = session.graph
    names = (*graph.constants, *graph.inputs, *graph.parameters, *graph.nodes)
    known: dict[object, Known] = {("value", name): session.known_value(name) for name in names}
    known |= {("gradient", name): session.known_gradient(name) for name in (*graph.parameters, *graph.nodes)}
    known |= {edge: session.known_factor(*edge) for edge in graph.factors}
    known["losses"] = Known(session.losses_known())
    return known


@pytest.mark.parametrize("name", LESSONS)
def test_walking_there_and_back_finds_everything_as_it_was(name: str) -> None:
    session = Session.start(LESSONS[name])
    count = sum(len(session.history.layout(iteration)) for iteration in range(3)) + 2
    on_the_way = []
    for _ in range(count):
        on_the_way.append((session.cursor, session.step, everything_known(session)))
        session = played(session, "step_on")
    assert session.cursor == Cursor(3, 2)
    for cursor, step, known in reversed(on_the_way):
        session = played(session, "step_back")
        assert session.cursor == cursor
        assert session.step == step
        assert everything_known(session) == known


@given(scenarios(), st.integers(0, 40))
def test_on_any_graph_back_undoes_on(drawn: Scenario, count: int) -> None:
    session = Session.start(drawn)
    there = [session.cursor]
    for _ in range(count):
        session = played(session, "step_on")
        there.append(session.cursor)
    for cursor in reversed(there):
        assert session.cursor == cursor
        assert session.step.index == cursor.index
        session = played(session, "step_back")


@given(scenarios(), st.sampled_from([("node_on", "node_back"), ("phase_on", "phase_back")]), st.integers(1, 12))
def test_nodes_and_phases_on_any_graph_lead_back_the_way_they_came(
    drawn: Scenario, moves: tuple[str, str], count: int
) -> None:
    on, back = moves
    session = Session.start(drawn)
    there = [session.cursor]
    for _ in range(count):
        session = played(session, on)
        there.append(session.cursor)
    assert there == sorted(set(there))
    for cursor in reversed(there[:-1]):
        session = played(session, back)
        assert session.cursor == cursor


@given(scenarios())
def test_phases_are_walked_without_leaving_a_step_out(drawn: Scenario) -> None:
    session = Session.start(drawn)
    starts = [session.cursor]
    while (session := played(session, "phase_on")).cursor.iteration == 0:
        starts.append(session.cursor)
    layout = session.history.layout(0)
    phases = [(layout.entry(index).phase, layout.turn(index)) for index in range(len(layout))]
    assert starts == [
        Cursor(0, index) for index in range(len(layout)) if index == 0 or phases[index] != phases[index - 1]
    ]


@pytest.mark.parametrize(
    ("step", "there"),
    [
        (("value", "s", 0), ("value", "s", 0)),
        (("gradient", "a1", 1), ("gradient", "a1", 0)),
        (("mean", "w2", 0), ("update", "w1", 0)),
        (("update", "v1", 0), ("update", "v1", 0)),
    ],
)
def test_in_an_iteration_that_sees_fewer_examples_the_same_step_is_the_nearest_one(
    step: tuple[Kind, str, int], there: tuple[Kind, str, int]
) -> None:
    # Two examples, and then the third one alone.
    session = Session.start(TWO_PATHS)
    places = [
        session.history.layout(iteration).index(Entry(kind, name), turn)
        for iteration, (kind, name, turn) in enumerate((step, there))
    ]
    assert played(session.at(Cursor(0, places[0])), "iteration_on").cursor == Cursor(1, places[1])
    back = Cursor(0, session.history.layout(0).index(Entry(*there[:2])))
    assert played(session.at(Cursor(1, places[1])), "iteration_back").cursor == back


def test_of_a_mean_that_the_iteration_before_did_not_have_nothing_is_known_yet() -> None:
    session = known_at(Session.start(TWO_PATHS), 0, iteration=2)
    assert session.known(Entry("mean", "w1")) == Known(None)
    assert session.known(Entry("update", "w1")).is_stale


# --- what is new, stale or unknown


def known_at(session: Session, index: int, iteration: int = 0) -> Session:
    """The session at a step."""
    return session.at(Cursor(iteration, index))


def test_a_value_is_known_from_its_step_on_and_stale_from_the_first_update_on() -> None:
    session = Session.start(LOGISTIC)
    assert known_at(session, 0).known_value("a") == Known(None)
    fresh = known_at(session, 1).known_value("a")
    assert fresh.number == pytest.approx(0.401312339887548)
    assert not fresh.is_stale
    assert not known_at(session, 13).known_value("a").is_stale
    assert known_at(session, 14).known_value("a") == Known(fresh.number, is_stale=True)
    assert known_at(session, 0, iteration=1).known_value("a") == Known(fresh.number, is_stale=True)
    again = known_at(session, 1, iteration=1).known_value("a")
    assert again.number != fresh.number
    assert not again.is_stale


def test_a_gradient_is_fresh_while_the_updates_use_it_and_stale_in_the_next_iteration() -> None:
    session = Session.start(LOGISTIC)
    assert known_at(session, 8).known_gradient("w1") == Known(None)
    fresh = known_at(session, 9).known_gradient("w1")
    assert fresh.number == pytest.approx(-0.598687660112452)
    for index in (13, 16):
        assert known_at(session, index).known_gradient("w1") == fresh
    assert known_at(session, 3, iteration=1).known_gradient("w1") == Known(fresh.number, is_stale=True)


def test_a_parameter_changes_at_its_own_update() -> None:
    session = Session.start(LOGISTIC)
    assert [known_at(session, index).known_value("w2").number for index in (0, 14, 15)] == [
        -0.5,
        -0.5,
        pytest.approx(0.098687660112452),
    ]


def test_the_seed_is_the_gradient_of_the_loss() -> None:
    session = Session.start(LOGISTIC)
    assert known_at(session, 2).known_gradient("L") == Known(None)
    assert known_at(session, 3).known_gradient("L") == Known(1.0)


def test_a_factor_is_known_from_its_step_on() -> None:
    session = Session.start(LOGISTIC)
    assert known_at(session, 5).known_factor("a", "z") == Known(None)
    assert known_at(session, 6).known_factor("a", "z").number == pytest.approx(0.24026074574152914)


def test_another_examples_numbers_are_stale_until_it_is_ones_turn() -> None:
    session = Session.start(FOUR_EXAMPLES)
    per_example = len(session.layout.per_example)
    first = known_at(session, 1).known_value("a")
    assert not first.is_stale
    assert known_at(session, per_example).known_value("a") == Known(first.number, is_stale=True)
    second = known_at(session, per_example + 1).known_value("a")
    assert second.number != first.number
    assert not second.is_stale
    # Inputs are those of the example on the screen at once.
    assert [known_at(session, turn * per_example).known_value("x2").number for turn in range(4)] == [0, 1, 0, 1]


def test_once_averaged_the_gradient_is_the_mean() -> None:
    session = Session.start(FOUR_EXAMPLES)
    means = session.layout.first_update - 4
    last_example = known_at(session, means).known_gradient("w1")
    mean = known_at(session, means + 1).known_gradient("w1")
    assert last_example.number == session.steps.number(Entry("gradient", "w1"), 3)
    assert mean.number == session.history.gradients(0)["w1"]
    assert mean.number != last_example.number


@pytest.mark.parametrize(("lesson", "step_of_loss"), [(LOGISTIC, 2), (FOUR_EXAMPLES, 4 * 14)])
def test_the_loss_of_an_iteration_is_known_once_its_step_has_passed(lesson: Scenario, step_of_loss: int) -> None:
    session = Session.start(lesson)
    assert known_at(session, step_of_loss - 1).losses_known() == 0
    assert known_at(session, step_of_loss).losses_known() == 1
    assert known_at(session, 0, iteration=5).losses_known() == 5


def test_a_node_off_the_path_has_no_gradient() -> None:
    session = Session.start(scenario({"w": 1.0}, {"side": "w^2", "L": "w"}, loss="L"))
    end = known_at(session, len(session.layout) - 1)
    assert end.known_gradient("side") == Known(None)
    assert end.known_value("side") == Known(1.0, is_stale=True)


# --- going to places


def test_a_node_called_loss_does_not_hide_the_loss() -> None:
    session = Session.start(scenario({"w": 0.0}, {"loss": "(w - 3)^2"}))
    found = go_to(session, "loss < 1")
    assert found.notice == ""
    assert found.history.losses[found.cursor.iteration] < 1 <= found.history.losses[found.cursor.iteration - 1]
    assert go_to(session, "loss").step.to_json()["node"] == "loss"


@pytest.mark.parametrize(
    ("text", "iteration"),
    [("loss<5", 1), ("loss <= 9", 0), ("loss ≤ 1.45", 1), ("loss > 8.99", 0), ("loss >= 9", 0), ("loss<1e−2", 4)],
)
def test_the_first_iteration_whose_loss_is_so(text: str, iteration: int) -> None:
    session = go_to(Session.start(LESSONS["parabola"]), text)
    assert session.notice == ""
    assert session.cursor == Cursor(iteration, 0)


@pytest.mark.parametrize("text", ["999999999", "1000001", "999999999.1"])
def test_an_iteration_past_the_limit_is_refused_without_running_there(text: str) -> None:
    session = Session.start(LESSONS["parabola"])
    assert go_to(session, text).notice == "A run has at most 1,000,000 iterations."
    assert len(session.history) == 1
    assert reach_of(session, text) == 1_000_000


@pytest.mark.parametrize(
    "text", ["-1", "1.", ".5", "1e3", "loss", "loss <", "loss < 1 2", "12.5.1", "\x1b[31m", "٣", "x" * 5000, "[/]", "²"]
)
def test_nonsense_gives_a_reason_and_moves_nothing(text: str) -> None:
    session = Session.start(LOGISTIC)
    after = go_to(session, text)
    assert after.cursor == session.cursor
    assert after.notice.endswith((".", "?"))
    assert "\x1b" not in after.notice


def test_a_name_is_understood_as_written_and_as_shown() -> None:
    session = Session.start(TWO_PATHS)
    assert go_to(session, "a1") == go_to(session, "a₁") != session
    assert go_to(session, "  s ").step.to_json()["node"] == "s"


def test_no_move_goes_past_the_iteration_where_the_run_ends() -> None:
    session = go_to(Session.start(PARABOLA_TOO_LARGE), "5000")
    assert "stopped being finite in iteration" in session.notice
    ended_at = session.history.ended_at
    assert ended_at is not None
    last = Cursor(ended_at, len(session.layout) - 1)
    there = go_to(session, str(ended_at))
    assert there.cursor == Cursor(ended_at, 0)
    for move in ("phase_on", "node_on", "step_on", "iteration_on"):
        there = played(there, f"10*{move}")
        assert there.cursor <= last
    assert there.cursor == last
    assert "stopped being finite" in there.notice
    assert played(there, "step_back").cursor == Cursor(ended_at, last.index - 1)
