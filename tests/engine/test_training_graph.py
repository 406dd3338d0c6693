"""Is the graph what the equations say: order, edges, paths, and what reaches the loss?"""

from __future__ import annotations

import pytest
from hypothesis import given
from support.lessons import CHAIN, LOGISTIC, PARABOLA, TWO_PATHS, scenario
from support.strategies import scenarios

from tui_backprop.engine.graph import Graph, build_graph
from tui_backprop.maths.expression import names_in
from tui_backprop.maths.writing import write
from tui_backprop.record.history import History
from tui_backprop.record.step import Step
from tui_backprop.scenario.model import Scenario


def told(step: Step) -> str:
    """A step as `kind of wrt`, or `kind node`."""
    document = step.to_json()
    return " ".join(str(document[key]) for key in ("kind", "of", "wrt", "node", "parameter") if key in document)


@pytest.mark.parametrize(
    ("lesson", "order"),
    [
        (PARABOLA, "value L, seed L, factor L w, gradient w, update w"),
        (
            LOGISTIC,
            "value z, value a, value L, seed L, factor L a, gradient a, factor a z, gradient z, factor z w1, "
            "gradient w1, factor z w2, gradient w2, factor z b, gradient b, update w1, update w2, update b",
        ),
        (
            CHAIN,
            "value z1, value a1, value z2, value a2, value z3, value a3, value C, seed C, factor C a3, gradient a3, "
            "factor a3 z3, gradient z3, factor z3 w3, gradient w3, factor z3 b3, gradient b3, factor z3 a2, "
            "gradient a2, factor a2 z2, gradient z2, factor z2 w2, gradient w2, factor z2 b2, gradient b2, "
            "factor z2 a1, gradient a1, factor a1 z1, gradient z1, factor z1 w1, gradient w1, factor z1 b1, "
            "gradient b1, update w1, update b1, update w2, update b2, update w3, update b3",
        ),
        (
            # two examples of three; a1 feeds s alone, v1 both s and L
            TWO_PATHS,
            ", ".join(
                2
                * [
                    "value a1, value a2, value s, value L, seed L, factor L s, gradient s, factor s v1, factor L v1, "
                    "gradient v1, factor s v2, gradient v2, factor s a2, gradient a2, factor a2 w2, gradient w2, "
                    "factor s a1, gradient a1, factor a1 w1, gradient w1"
                ]
            )
            + ", mean loss, mean w1, mean w2, mean v1, mean v2, update w1, update w2, update v1, update v2",
        ),
        (
            # a parameter is complete only with the last of its nodes in the backward pass, the first in the forward one
            scenario({"u": 1.0, "w": 2.0}, {"a": "w*u", "b": "a + w", "L": "b*w"}),
            "value a, value b, value L, seed L, factor L b, gradient b, factor b a, gradient a, factor a u, "
            "gradient u, factor a w, factor b w, factor L w, gradient w, update u, update w",
        ),
        (
            # file order is no forward order; side and tail do not reach the loss, nor does the parameter idle
            scenario(
                {"idle": 3.0, "w": 2.0, "late": 1.0},
                {"tail": "L + w", "L": "a^2", "side": "late*w", "a": "w + 1"},
                loss="L",
                frozen=("late",),
            ),
            "value side, value a, value L, value tail, seed L, gradient idle, gradient late, factor L a, gradient a, "
            "factor a w, gradient w, update idle, update w",
        ),
        (
            scenario({"w": 2.0}, {"L": "w^2"}, learning_rate=None),
            "value L, seed L, factor L w, gradient w",
        ),
        (
            scenario({"w": 2.0}, {"L": "7"}),
            "value L, seed L, gradient w, update w",
        ),
    ],
)
def test_the_steps_come_in_the_order_of_the_contract(lesson: Scenario, order: str) -> None:
    assert ", ".join(map(told, History(lesson).steps(0))) == order


def _order_by_the_contract(of: Scenario) -> list[str]:
    """The steps of one example, from the sentences of the contract and nothing else."""
    operands = {node: names_in(equation) for node, equation in of.equations.items()}
    known = {*of.constants, *of.parameters, *of.inputs, "pi", "e"}
    forward: list[str] = []
    while len(forward) < len(operands):
        forward.append(next(n for n in operands if n not in forward and {*operands[n]} <= known | {*forward}))
    on_path = {of.loss}
    for node in reversed(forward):
        if any(node in operands[user] for user in on_path):
            on_path.add(node)
    steps = [f"value {node}" for node in forward] + [f"seed {of.loss}"]
    has_gradient = {of.loss}

    def users_of(name: str) -> list[str]:
        return [user for user in forward if user in on_path and name in operands[user]]

    def with_factors(name: str) -> list[str]:
        return [*(f"factor {user} {name}" for user in users_of(name)), f"gradient {name}"]

    waiting = list(of.parameters)
    for node in [of.loss, *reversed([node for node in forward if node in on_path - {of.loss}])]:
        if node != of.loss:
            steps += with_factors(node)
            has_gradient.add(node)
        for parameter in [*waiting]:
            if {*users_of(parameter)} <= has_gradient:
                steps += with_factors(parameter)
                waiting.remove(parameter)
    return steps


@given(scenarios(updates=False))
def test_any_graph_has_the_order_of_the_contract(drawn: Scenario) -> None:
    history = History(drawn)
    per_example = len(history.layout(0).per_example)
    assert [told(step) for step in history.steps(0)[:per_example]] == _order_by_the_contract(drawn)


# --- edges


def test_equal_factors_are_one_edge_with_the_whole_partial_derivative() -> None:
    graph = build_graph(scenario({"w": 2.0}, {"a": "w + 1", "L": "a*a"}))
    assert {edge: write(formula) for edge, formula in graph.factors.items()} == {("a", "w"): "1", ("L", "a"): "2*a"}


def test_constants_and_inputs_get_no_factors() -> None:
    graph = build_graph(
        scenario({"w": 2.0}, {"L": "c*w*x + pi"}, constants={"c": 2.0}, inputs=("x",), examples=((1.0,),))
    )
    assert list(graph.factors) == [("L", "w")]
    assert graph.operands["L"] == ("c", "w", "x")


def test_factors_of_what_does_not_reach_the_loss_are_not_asked_for() -> None:
    graph = build_graph(scenario({"w": 2.0}, {"side": "w^2", "L": "w", "tail": "L*w"}, loss="L"))
    assert list(graph.factors) == [("L", "w")]
    assert [graph.reaches_loss(name) for name in ("w", "side", "L", "tail")] == [True, False, True, False]


def test_a_factor_of_the_loss_that_is_not_the_whole_gradient_is_marked_direct() -> None:
    steps = History(scenario({"w": 2.0, "v": 1.0}, {"a": "w*v", "L": "a + w^2"})).steps(0)
    direct = {(step.of, step.name): step.is_direct for step in steps if step.kind == "factor"}
    assert direct == {("L", "a"): False, ("L", "w"): True, ("a", "w"): False, ("a", "v"): False}


def test_a_parameter_that_no_path_joins_to_the_loss_has_gradient_0_and_no_terms() -> None:
    history = History(scenario({"w": 2.0, "idle": 5.0}, {"side": "idle^2", "L": "w^2"}))
    gradients = {step.name: step for step in history.steps(0) if step.kind == "gradient"}
    assert gradients["idle"].terms == ()
    assert gradients["idle"].value == 0.0
    history.extend(3)
    assert history.parameters(3)["idle"] == 5.0


# --- paths


def _all_paths(graph: Graph, name: str) -> list[tuple[str, ...]]:
    if name == graph.loss:
        return [(name,)]
    return [(*path, name) for user in graph.consumers.get(name, ()) for path in _all_paths(graph, user)]


@given(scenarios(updates=False))
def test_paths_are_counted_and_listed(drawn: Scenario) -> None:
    graph = build_graph(drawn)
    for name in (*graph.parameters, *graph.nodes):
        wanted = _all_paths(graph, name)
        assert graph.path_count(name) == len(wanted)
        assert graph.paths(name, 5) == tuple(wanted[:5])


def test_a_diamond_of_diamonds_has_more_paths_than_could_be_listed() -> None:
    equations = {"a0": "w"}
    for number in range(1, 101):
        equations |= {
            f"p{number}": f"a{number - 1} + 1",
            f"q{number}": f"a{number - 1}*2",
            f"a{number}": f"p{number}*q{number}",
        }
    graph = build_graph(scenario({"w": 0.5}, equations))
    assert graph.path_count("w") == 2**100
    assert len(graph.paths("w", 3)) == 3


# --- refusals


@pytest.mark.parametrize(
    ("equations", "loss", "reason"),
    [
        ({"L": "w*missing"}, "L", "the equation of 'L' uses 'missing'"),
        ({"a": "b", "b": "a", "L": "w"}, "L", "a -> b -> a"),
        ({"L": "w"}, "w", "the loss 'w' is not an equation"),
    ],
)
def test_a_graph_that_cannot_be_is_refused(equations: dict[str, str], loss: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        build_graph(scenario({"w": 1.0}, equations, loss=loss))
