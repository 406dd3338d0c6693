"""The table of nudges: its rows, what they show, and the second proof beside them."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from support.lessons import FOUR_EXAMPLES, LOGISTIC, TWO_PATHS, scenario, tree
from support.oracle import OutOfDomainError, dual, exactly
from support.strategies import coordinates, expressions

from tui_backprop.engine.graph import build_graph
from tui_backprop.explain.nudge import SIZES, NudgeTable, nudge_factor, nudge_gradient
from tui_backprop.maths.derivative import derivative
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Expression, names_in
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.model import Scenario


def _table(equation: str | Expression, at: float, derived: float | None = None) -> NudgeTable:
    """The table of L = equation at w, for its derivative, or for another number."""
    formula = tree(equation) if isinstance(equation, str) else equation
    lesson = Scenario(title="t", parameters={"w": at}, equations={"L": formula}, loss="L")
    if derived is None:
        derived = evaluate(derivative(formula, "w"), {"w": at})
    return nudge_factor(build_graph(lesson), "L", "w", {"w": at}, derived)


def test_the_table_goes_from_1_to_1e_16() -> None:
    table = _table("w^2", 3.0)
    assert [row.size for row in table.rows] == list(SIZES)
    assert [f"{row.size:g}" for row in table.rows][:3] == ["1", "0.1", "0.01"]
    assert len(table.rows) == 17


def test_the_quotients_of_x_squared_at_3_are_6_plus_h_until_rounding() -> None:
    table = _table("w^2", 3.0)
    assert [round(row.right, 9) for row in table.rows[:4]] == [7.0, 6.1, 6.01, 6.001]
    assert [round(row.left, 9) for row in table.rows[:4]] == [5.0, 5.9, 5.99, 5.999]
    assert [round(row.central, 6) for row in table.rows[:4]] == [6.0] * 4
    assert (table.proof.verdict, table.shape, table.has_corner) == ("agrees", "curve", False)
    assert table.best.size == 1e-8
    assert table.drowned is not None
    assert table.drowned.size == pytest.approx(1e-13)
    assert table.lost == pytest.approx(1e-16)
    assert table.rows[-1].right == 0.0


SHAPES = [
    ("(w - 3)^2", 0.0, "curve"),
    ("(w - 3)^2", 3.0, "curve"),
    ("w^2", 0.0, "curve"),
    ("w^3", 0.0, "curve"),
    ("1e-12*w^2", 1.0, "curve"),
    ("1e300*w^2", 1.0, "curve"),
    ("1e-200*w^2", 1e-3, "curve"),
    ("w^3", 1e6, "curve"),
    ("exp(w)", 20.0, "curve"),
    ("log(w)", 1e-9, "curve"),
    ("sqrt(w)", 1e-12, "curve"),
    ("1/w", -1e-5, "curve"),
    ("sin(1000*w)", 0.5, "curve"),
    ("1000000 + w^2", 1.0, "curve"),
    ("sigmoid(w)", 15.0, "curve"),
    ("sigmoid(w)", -40.0, "curve"),
    ("softplus(w)", -700.0, "curve"),
    ("relu(w)^2", 0.0, "curve"),
    ("relu(w)", 1e-9, "curve"),
    ("w^w", 0.5, "curve"),
    ("3*w + 2", 0.7, "straight"),
    ("w", 1e10, "straight"),
    ("1e-12*w", 1.0, "straight"),
    ("relu(w)", 2.0, "straight"),
    ("max(w, w)", 1.0, "straight"),
    ("relu(w)", -2.0, "flat"),
    ("step(w)", 0.5, "curve"),
    ("step(w)", 5.0, "flat"),
    ("sigmoid(w)", 25.0, "curve"),
    ("sigmoid(w)", 800.0, "flat"),
    ("relu(w)", 0.0, "corner"),
    ("leaky_relu(w)", 0.0, "corner"),
    ("abs(w)", 0.0, "corner"),
    ("abs(w) + w^2", 0.0, "corner"),
    ("max(w, 2)", 2.0, "corner"),
    ("min(w, 2*w)", 0.0, "corner"),
    ("relu(w - 0.3)", 0.30000000000000004, "corner"),
    ("1e-9*relu(w)", 0.0, "corner"),
    ("abs(1e10 - w)", 1e10, "corner"),
    ("step(w)", 0.0, "jump"),
    ("step(w^2)", 0.0, "jump"),
    ("sign(w)", 0.0, "jump"),
    ("w + 5*step(w - 1)", 1.0, "jump"),
]


@pytest.mark.parametrize(("equation", "at", "shape"), SHAPES)
def test_a_table_says_what_it_shows(equation: str, at: float, shape: str) -> None:
    table = _table(equation, at)
    assert table.shape == shape
    assert table.proof.verdict == ("convention" if shape in ("corner", "jump") else "agrees")


WRONG = [
    ("(w - 3)^2", 0.0, -6.01),
    ("(w - 3)^2", 0.0, 6.0),
    ("(w - 3)^2", 0.0, 0.0),
    ("w^2", 0.0, 1e-3),
    ("3*w", 0.5, 3.0003),
    ("1e-12*w", 1.0, 2e-12),
    ("1e-12*w", 1.0, 0.0),
    ("1e-7*w + w^3", 0.0, 0.0),
    ("exp(w)", 20.0, math.exp(20) * 1.0001),
    ("sigmoid(w)", 0.0, 0.2),
    ("relu(w)", 2.0, 0.0),
    ("relu(w)", -2.0, 1e-3),
    ("sigmoid(w)", 800.0, 0.1),
    ("relu(w)", 0.0, 1.5),
    ("abs(w)", 0.0, -1.1),
    ("max(w, 2*w)", 0.0, 0.9),
]


@pytest.mark.parametrize(("equation", "at", "wrong"), WRONG)
def test_a_wrong_derivative_is_not_proved(equation: str, at: float, wrong: float) -> None:
    table = _table(equation, at, wrong)
    assert table.proof.verdict == "differs"


def test_where_nothing_drowns_nothing_is_said_to() -> None:
    table = _table("3*w", 0.0)
    assert (table.drowned, table.lost) == (None, None)


@pytest.mark.parametrize(("at", "lost"), [(0.0, None), (3.0, 1e-16), (1e10, 1e-7), (1e16, 1.0), (1e-3, None)])
def test_the_size_that_gets_lost_depends_on_the_number(at: float, lost: float | None) -> None:
    found = _table("w^2", at).lost
    assert found == pytest.approx(lost) if lost else found is None


def test_slopes_at_a_corner_are_those_of_both_sides() -> None:
    beside = _table("leaky_relu(w)", 0.0).beside
    assert [beside.right, beside.left] == pytest.approx([1.0, 0.01])


# --- laws


@settings(max_examples=100)
@given(expressions(("w",)), coordinates())
def test_no_right_derivative_is_called_wrong(equation: Expression, at: float) -> None:
    assume("w" in names_in(equation))
    try:
        slope = dual(equation, {"w": exactly(at)}, "w")
        near = [dual(equation, {"w": exactly(at + nudge)}, "w") for nudge in (-0.5, -1e-3, 1e-3, 0.5)]
    except OutOfDomainError:
        return
    assume(not slope.kink)
    assume(abs(slope.value) < 1e6)
    assume(all(abs(place.slope) < 1e4 for place in near))
    assert _table(equation, at).proof.verdict != "differs"


@settings(max_examples=100)
@given(expressions(("w",)), coordinates())
def test_whatever_the_function_is_there_is_a_verdict(equation: Expression, at: float) -> None:
    assume("w" in names_in(equation))
    table = _table(equation, at)
    assert len(table.rows) == len(SIZES)
    assert table.best in table.rows
    if table.has_corner:
        assert table.beside in table.rows


# --- of a graph


@pytest.mark.parametrize("lesson", [LOGISTIC, TWO_PATHS, FOUR_EXAMPLES])
def test_every_factor_and_gradient_of_a_lesson_is_proved(lesson: Scenario) -> None:
    history = History(lesson)
    steps = history.steps(0)
    for turn in range(len(steps.iteration.batch)):
        numbers = dict(steps.numbers(turn))
        for of, wrt in history.graph.factors:
            table = nudge_factor(history.graph, of, wrt, numbers, steps.number(Entry("factor", wrt, of), turn))
            assert table.proof.verdict == "agrees", (of, wrt, table.proof)
            assert table.is_factor
        for name in history.graph.backward:
            table = nudge_gradient(history.graph, name, numbers, steps.number(Entry("gradient", name), turn))
            assert table.proof.verdict == "agrees", (name, table.proof)
            assert not table.is_factor


def test_a_factor_holds_the_other_operands_still_and_a_gradient_moves_what_follows() -> None:
    lesson = scenario({"w": 0.5}, {"p": "w^2", "L": "p*w"})
    graph, numbers = build_graph(lesson), {"w": 0.5, "p": 0.25, "L": 0.125}
    assert nudge_factor(graph, "L", "w", numbers, 0.25).shape == "straight"
    assert nudge_gradient(graph, "w", numbers, 0.75).shape == "curve"
    assert nudge_gradient(graph, "w", numbers, 0.25).proof.verdict == "differs"
    assert nudge_gradient(graph, "p", numbers, 0.5).shape == "straight"


def test_a_corner_anywhere_on_the_way_is_found() -> None:
    lesson = scenario({"w": 1.0}, {"z": "w - 1", "a": "relu(z)", "L": "(a - 2)^2"})
    graph, numbers = build_graph(lesson), {"w": 1.0, "z": 0.0, "a": 0.0, "L": 4.0}
    assert nudge_gradient(graph, "w", numbers, 0.0).shape == "corner"
    assert nudge_factor(graph, "L", "a", numbers, -4.0).shape == "curve"
