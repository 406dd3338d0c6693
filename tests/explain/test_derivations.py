"""Is the derivation of any derivative of a graph true, line by line, and does it end at what the engine computes?"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.derivation_lines import (
    CONTRACT_RULES,
    last,
    of_whole,
    on_screen,
    rules,
    statement,
    value_as_told,
)
from support.lessons import CHAIN, LOGISTIC, TWO_PATHS, scenario
from support.oracle import same
from support.strategies import scenarios

from tui_backprop.engine.graph import Graph, build_graph
from tui_backprop.explain.path_derivations import MOST_PATHS, derive, derive_edge
from tui_backprop.maths.derivation.by_rules import Derivation
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.writing import PLAIN, write
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario


def _numbers(lesson: Scenario, example: int = 0) -> dict[str, float]:
    """Every name's value at the starting parameters."""
    given = dict(zip(lesson.inputs, lesson.examples[example], strict=True))
    numbers = {**lesson.constants, **lesson.parameters, **given}
    for node in build_graph(lesson).nodes:
        numbers[node] = evaluate(lesson.equations[node], numbers)
    return numbers


def _derived(lesson: Scenario, of: str, wrt: str) -> Derivation:
    return derive(build_graph(lesson), of, wrt, _numbers(lesson), PLAIN)


def _gradient(lesson: Scenario, of: str, wrt: str) -> float:
    """∂of/∂wrt as products and sums of the engine's factor formulas, multiplied backward."""
    graph, numbers = build_graph(lesson), _numbers(lesson)
    slopes = {wrt: 1.0}
    for node in graph.nodes:
        if node == wrt:
            continue
        operands = [name for name in graph.operands[node] if name in slopes]
        if operands:
            factors = [derive_edge(graph, node, name, numbers, PLAIN).value for name in operands]
            slopes[node] = sum(factor * slopes[name] for factor, name in zip(factors, operands, strict=True))
    return slopes.get(of, 0.0)


def _hold_to_the_contract(derivation: Derivation, numbers: Mapping[str, float]) -> None:
    final = derivation.lines[-1]
    assert (final.of, final.wrt) == (derivation.of, derivation.wrt)
    for line in derivation.lines:
        assert line.rule in CONTRACT_RULES
        assert same(value_as_told(line, numbers), line.value), statement(line)
        assert not set(line.where) & set(numbers)
        assert line.why.endswith((".", ")"))
    for line in of_whole(derivation):
        close = abs(line.value - derivation.value) <= 1e-9 * max(1.0, abs(derivation.value))
        assert close or same(line.value, derivation.value), statement(line)


# --- one path

THE_FIRST_WEIGHT = """\
constant multiple rule: d L / d a = -(y/a - (1 - y)/(1 - a))
sigmoid rule: d a / d z = a*(1 - a)
sum rule: d z / d w1 = x1
chain rule: d L / d w1 = (-(y/a - (1 - y)/(1 - a)))*(a*(1 - a))*x1
distribute: d L / d w1 = ((-y/a)*(a*(1 - a)) + (1 - y)/(1 - a)*(a*(1 - a)))*x1
cancel: d L / d w1 = (-y*(1 - a) + (1 - y)*a)*x1
expand: d L / d w1 = (-y + y*a - y*a + a)*x1
collect: d L / d w1 = (a - y)*x1"""


def test_the_path_of_the_first_weight_is_the_one_of_the_seed() -> None:
    assert "\n".join(map(statement, _derived(LOGISTIC, "L", "w1").lines)) == THE_FIRST_WEIGHT


@pytest.mark.parametrize(("wrt", "ends"), [("w2", "(a - y)*x2"), ("b", "a - y"), ("z", "a - y"), ("x1", "(a - y)*w1")])
def test_the_other_paths_of_the_logistic_node_end_as_short(wrt: str, ends: str) -> None:
    derivation = _derived(LOGISTIC, "L", wrt)
    assert last(derivation) == ends
    assert derivation.value == pytest.approx(_gradient(LOGISTIC, "L", wrt), rel=1e-12)


@pytest.mark.parametrize("loss", ["bce(y, a)", "-(y*log(a) + (1 - y)*log(1 - a))", "-(1 - y)*log(1 - a) - y*log(a)"])
def test_however_the_cross_entropy_is_written_a_minus_y_is_left(loss: str) -> None:
    lesson = scenario({"w": 0.5}, {"z": "w*x", "a": "sigmoid(z)", "L": loss}, inputs=("x", "y"), examples=((1.5, 1.0),))
    assert last(_derived(lesson, "L", "z")) == "a - y"
    assert last(_derived(lesson, "L", "w")) == "(a - y)*x"


def test_a_path_names_its_factors_and_its_equations() -> None:
    style = on_screen("w1", "w2", "x1", "x2", "z", "a", "y", "b")
    derivation = derive(build_graph(LOGISTIC), "L", "w1", _numbers(LOGISTIC), style)
    assert derivation.opening == (
        "L = −(y·log(a) + (1 − y)·log(1 − a))",
        "a = σ(z)",
        "z = w₁·x₁ + w₂·x₂ + b",
    )
    assert [line.why for line in derivation.lines[2:4]] == [
        "From z = w₁·x₁ + w₂·x₂ + b. Only w₁·x₁ contains w₁; the other terms are held constant and give 0. "
        "In that one x₁ stays as a factor, times ∂w₁/∂w₁ = 1.",
        "∂L/∂w₁ = ∂L/∂a · ∂a/∂z · ∂z/∂w₁: each moves the next one, so the factors multiply.",
    ]


def test_where_nothing_is_shorter_it_is_said() -> None:
    lesson = scenario({"w": 0.5}, {"z": "tanh(w)", "L": "sin(z)"})
    derivation = _derived(lesson, "L", "w")
    assert last(derivation) == "cos(z)*(1 - z^2)"
    assert derivation.closing == "No shorter form was found."


@pytest.mark.parametrize("z", [36.0, 38.0, -800.0])
def test_where_the_algebra_would_divide_by_nothing_it_stops_and_says_so(z: float) -> None:
    lesson = scenario({"z": z}, {"a": "sigmoid(z)", "L": "-(y*log(a) + (1 - y)*log(1 - a))"}, constants={"y": 1.0})
    derivation = _derived(lesson, "L", "z")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert last(derivation) == "a - y" or not math.isfinite(derivation.value) or derivation.closing


# --- softmax

_CLASSES = {f"y{number}": float(number == 2) for number in (1, 2, 3)}


def _softmax(loss: str, has_exponentials: bool = False, targets: Mapping[str, float] = _CLASSES) -> Scenario:
    """Softmax regression on one input, with three classes; `loss` is a term of the cross-entropy."""
    exponentials = {f"e{number}": f"exp(z{number})" for number in (1, 2, 3)}
    above = {number: f"e{number}" if has_exponentials else exponentials[f"e{number}"] for number in (1, 2, 3)}
    terms = [loss.format(y=f"y{number}", p=f"p{number}") for number in (1, 2, 3)]
    return scenario(
        {"w1": 0.3, "w2": -0.2, "w3": 0.1},
        {
            **{f"z{number}": f"w{number}*x" for number in (1, 2, 3)},
            **(exponentials if has_exponentials else {}),
            "s": " + ".join(above.values()),
            **{f"p{number}": f"{above[number]}/s" for number in (1, 2, 3)},
            "L": f"-({' + '.join(terms)})",
        },
        inputs=("x", *targets),
        examples=((1.5, *targets.values()),),
    )


@pytest.mark.parametrize("loss", ["{y}*log({p})", "xlogy({y}, {p})"])
@pytest.mark.parametrize("has_exponentials", [False, True])
def test_softmax_with_cross_entropy_ends_at_p_minus_y(loss: str, has_exponentials: bool) -> None:
    lesson = _softmax(loss, has_exponentials)
    derivation = _derived(lesson, "L", "z1")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert [write(line.expression) for line in derivation.lines[-2:]] == ["p1*(y1 + y2 + y3) - y1", "p1 - y1"]
    assert [line.rule for line in derivation.lines[-3:]] == ["substitution", "cancel", "substitution"]
    assert derivation.lines[-1].why == "In this example y1 + y2 + y3 is 1."
    assert last(_derived(lesson, "L", "w3")) == "(p3 - y3)*x"


@pytest.mark.parametrize(("third", "ends"), [(1e-10, "p1 - y1"), (1e-8, "p1*(y1 + y2 + y3) - y1")])
def test_the_targets_are_taken_out_only_where_they_add_up_to_1(third: float, ends: str) -> None:
    lesson = _softmax("{y}*log({p})", targets={"y1": 0.4, "y2": 0.6, "y3": third})
    assert last(_derived(lesson, "L", "z1")) == ends


@pytest.mark.parametrize("has_exponentials", [False, True])
@pytest.mark.parametrize(("wrt", "ends"), [("z1", "p1*(1 - p1)"), ("z2", "-p1*p2"), ("z3", "-p1*p3")])
def test_the_derivative_of_a_softmax_is_in_terms_of_its_values(has_exponentials: bool, wrt: str, ends: str) -> None:
    lesson = _softmax("{y}*log({p})", has_exponentials)
    derivation = _derived(lesson, "p1", wrt)
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert last(derivation) == ends
    assert derivation.value == pytest.approx(_gradient(lesson, "p1", wrt), rel=1e-12)


@pytest.mark.parametrize(("wrt", "ends"), [("z1", "p*(1 - p)"), ("z2", "-p*q")])
def test_a_softmax_in_one_equation_ends_there_too(wrt: str, ends: str) -> None:
    equations = {"p": "exp(z1)/(exp(z1) + exp(z2))", "q": "exp(z2)/(exp(z1) + exp(z2))", "L": "p*q"}
    derivation = _derived(scenario({"z1": 0.3, "z2": 0.5}, equations), "p", wrt)
    _hold_to_the_contract(derivation, _numbers(scenario({"z1": 0.3, "z2": 0.5}, equations)))
    assert last(derivation) == ends


def test_where_the_convention_stops_the_lines_between_the_end_is_told_and_that_they_are_left_out() -> None:
    lesson = scenario({"z": 40.0}, {"a": "sigmoid(z)", "L": "bce(y, a)"}, constants={"y": 1.0})
    derivation = _derived(lesson, "L", "z")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert (last(derivation), derivation.value) == ("a - y", 0.0)
    assert derivation.lines[-1].why.startswith("The lines of algebra that lead here are left out")


# --- several paths


def test_every_path_is_told_and_their_sum() -> None:
    lesson = scenario({"w": 0.5}, {"p": "2*w", "q": "w^2", "L": "p*q"})
    derivation = _derived(lesson, "L", "w")
    assert (
        "\n".join(map(statement, derivation.lines))
        == """\
constant multiple rule: d L / d p = q
constant multiple rule: d p / d w = 2
constant multiple rule: d L / d q = p
power rule: d q / d w = 2*w
chain rule: d path 1 / d w = q*2
chain rule: d path 2 / d w = p*(2*w)
sum rule: d L / d w = q*2 + p*(2*w)
collect: d L / d w = 2*q + 2*p*w
collect: d L / d w = 2*(q + p*w)"""
    )
    assert [line.why for line in derivation.lines[4:7]] == [
        "Path 1 of 2: dL/dp * dp/dw. Its factors multiply.",
        "Path 2 of 2: dL/dq * dq/dw. Its factors multiply.",
        "w moves L along 2 paths at once: what they do adds up.",
    ]


def test_a_direct_factor_beside_other_paths_is_not_passed_off_as_the_whole() -> None:
    lesson = scenario({"w": 0.5}, {"p": "w^2", "L": "p*w"})
    derivation = _derived(lesson, "L", "w")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert derivation.value == pytest.approx(0.75)
    direct = next(line for line in derivation.lines if write(line.expression) == "p")
    assert (direct.of, direct.value) == ("p*w", 0.25)
    assert any(line.why == "Path 2 of 2 is direct: w stands in L itself." for line in derivation.lines)


def test_a_factor_alone_holds_everything_else_still() -> None:
    lesson = scenario({"w": 0.5}, {"p": "w^2", "L": "p*w"})
    derivation = derive_edge(build_graph(lesson), "L", "w", _numbers(lesson), PLAIN)
    assert (last(derivation), derivation.value) == ("p", 0.25)
    assert derivation.closing == "This is the direct part: w also moves L by other paths, which its gradient adds."


def test_several_paths_of_a_node_between() -> None:
    derivation = _derived(TWO_PATHS, "s", "w1")
    _hold_to_the_contract(derivation, _numbers(TWO_PATHS))
    assert derivation.value == pytest.approx(_gradient(TWO_PATHS, "s", "w1"), rel=1e-12)


# --- what is no path


@pytest.mark.parametrize(("of", "wrt"), [("z", "a"), ("z", "L"), ("a", "y"), ("z", "y")])
def test_without_a_path_the_derivative_is_0(of: str, wrt: str) -> None:
    (line,) = _derived(LOGISTIC, of, wrt).lines
    assert (line.rule, write(line.expression), line.value) == ("constant rule", "0", 0.0)
    assert line.why == f"No path leads from {wrt} to {of}: moving the one does not move the other."


def test_a_name_changes_as_fast_as_itself() -> None:
    (line,) = _derived(LOGISTIC, "a", "a").lines
    assert (line.rule, write(line.expression), line.value) == ("definition", "1", 1.0)


def test_inputs_and_constants_have_derivations_too() -> None:
    lesson = scenario({"w": 0.5}, {"z": "k*w*x", "L": "z^2"}, constants={"k": 3.0}, inputs=("x",), examples=((2.0,),))
    assert last(_derived(lesson, "L", "k")) == "2*z*w*x"
    assert last(_derived(lesson, "z", "x")) == "k*w"


def test_a_node_that_is_another_name_for_one_is_passed_through() -> None:
    lesson = scenario({"w": 0.5}, {"p": "w", "q": "p", "L": "q^2"})
    derivation = _derived(lesson, "L", "w")
    assert last(derivation) == "2*q"
    assert rules(derivation)[1:3] == ["definition", "definition"]


# --- many paths, and large graphs


def _ladder(rungs: int) -> Scenario:
    """A graph in which every rung doubles the number of paths."""
    equations = {"p0": "tanh(w)", "q0": "sin(w)"}
    for rung in range(1, rungs + 1):
        equations[f"p{rung}"] = f"p{rung - 1}*q{rung - 1}"
        equations[f"q{rung}"] = f"p{rung - 1} - q{rung - 1}/2"
    return scenario({"w": 0.8}, {**equations, "L": f"p{rungs} + q{rungs}"})


@pytest.mark.parametrize("count", [2, MOST_PATHS, MOST_PATHS + 1])
def test_up_to_the_bound_paths_are_listed(count: int) -> None:
    pieces = {f"p{number}": f"{number}*w" for number in range(count)}
    lesson = scenario({"w": 0.8}, {**pieces, "L": " + ".join(pieces)})
    derivation = _derived(lesson, "L", "w")
    assert derivation.value == sum(range(count))
    listed = sum(1 for line in derivation.lines if line.of.startswith("path "))
    assert listed == (count if count <= MOST_PATHS else 0)
    assert any(line.where for line in derivation.lines) == (count > MOST_PATHS)
    assert write(derivation.lines[-1].expression) == str(sum(range(count)))


def test_more_paths_are_summed_backward_by_named_gradients() -> None:
    lesson = _ladder(4)
    derivation = _derived(lesson, "L", "w")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert derivation.value == pytest.approx(_gradient(lesson, "L", "w"), rel=1e-12)
    assert derivation.opening[0] == "32 paths lead from w to L, too many to list one by one."
    assert [line.of for line in derivation.lines] == ["L"] * len(derivation.lines)
    assert derivation.lines[0].why == "q4 moves L through L. This is called g1 from here on."
    assert derivation.lines[-1].why == "w moves L through p0 and q0."
    assert set(derivation.lines[-1].where) == {f"g{number}" for number in range(1, 11)}


def test_the_named_gradients_avoid_the_names_of_the_scenario() -> None:
    lesson = scenario(
        {"g1": 0.8},
        {
            "g2": "tanh(g1)",
            "g3": "sin(g1)",
            **{f"g{number}": f"g{number - 1}*g{number - 2} + g{number - 2}" for number in range(4, 12)},
        },
    )
    derivation = _derived(lesson, "g11", "g1")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert "g12" in derivation.lines[-1].where


def test_billions_of_paths_are_not_counted_out() -> None:
    lesson = _ladder(500)
    derivation = _derived(lesson, "L", "w")
    assert derivation.opening[0].startswith("More than a billion paths")
    assert len(derivation.lines) == 1


def _chain(layers: int) -> Scenario:
    equations = {"z1": "w*x"}
    for layer in range(1, layers):
        equations[f"a{layer}"] = f"tanh(z{layer})"
        equations[f"z{layer + 1}"] = f"a{layer}*v + {layer % 3}"
    return scenario({"w": 0.5, "v": 0.9}, {**equations, "L": f"z{layers}^2"}, inputs=("x",), examples=((0.7,),))


@pytest.mark.parametrize("layers", [5, 100])
def test_a_long_chain_tells_every_factor_and_then_multiplies_backward(layers: int) -> None:
    lesson = _chain(layers)
    derivation = _derived(lesson, "L", "w")
    _hold_to_the_contract(derivation, _numbers(lesson))
    assert derivation.value == pytest.approx(_gradient(lesson, "L", "w"), rel=1e-9)
    assert sum(1 for line in derivation.lines if line.rule != "chain rule") >= 2 * layers
    if layers == 100:
        assert derivation.closing == "This is too large to simplify line by line."
        assert derivation.opening[0] == "The path leads from w to L, through too many nodes to write in one product."
        assert len(derivation.lines[-1].where) == 199


def test_of_a_long_path_a_sentence_names_the_first_and_the_last_factors() -> None:
    (why,) = [line.why for line in _derived(_chain(12), "L", "w").lines if line.rule == "chain rule"]
    assert why == (
        "dL/dw = dL/dz12 * dz12/da11 * da11/dz11 * dz11/da10 * da10/dz10 * ... (14 more) ... "
        "* dz3/da2 * da2/dz2 * dz2/da1 * da1/dz1 * dz1/dw: each moves the next one, so the factors multiply."
    )


def _network(sizes: list[int]) -> Scenario:
    layers = "".join(
        f"    - {{neurons: {size}, activation: tanh, weights: {{init: xavier, seed: {size}}}}}\n" for size in sizes[1:]
    )
    inputs = ", ".join(f"x{number}" for number in range(1, sizes[0] + 1))
    targets = ", ".join(f"t{number}" for number in range(1, sizes[-1] + 1))
    data = ", ".join(f"{name}: 0.5" for name in (*inputs.split(", "), *targets.split(", ")))
    return load_text(
        f"title: n\nnetwork:\n  inputs: [{inputs}]\n  layers:\n{layers}  targets: [{targets}]\n"
        f"  cost: squared_error\ndata: {{{data}}}\nlearning_rate: 0.1\n",
        "n.yaml",
    )


@pytest.mark.parametrize(
    ("lesson", "of", "wrt"),
    [
        (_network([2, 16, 16, 1]), "C", "w1_1_1"),
        (_network([2, 16, 16, 1]), "C", "w2_3_4"),
        (_network([2, 3, 2]), "C", "w1_1_1"),
        (_chain(100), "L", "w"),
        (_chain(1_000), "L", "w"),
        (_chain(30), "L", "v"),
        (CHAIN, "C", "w1"),
    ],
    ids=["16-16", "16-16 inside", "two outputs", "100 layers", "1,000 layers", "30 paths", "chain"],
)
def test_large_graphs_are_derived_in_time(lesson: Scenario, of: str, wrt: str) -> None:
    graph, numbers = build_graph(lesson), _numbers(lesson)
    derive(graph, graph.loss, graph.loss, numbers, PLAIN)
    start = time.perf_counter()
    derivation = derive(graph, of, wrt, numbers, PLAIN)
    assert time.perf_counter() - start < 4
    assert derivation.value == pytest.approx(_engine(lesson, wrt), rel=1e-9)


def _engine(lesson: Scenario, wrt: str) -> float:
    return History(lesson).steps(0).number(Entry("gradient", wrt))


# --- laws


def _pairs(graph: Graph) -> list[tuple[str, str]]:
    names = [*graph.nodes, *graph.parameters, *graph.inputs, *graph.constants]
    return [(of, wrt) for of in graph.nodes for wrt in names]


@settings(max_examples=60)
@given(scenarios(), st.data())
def test_every_derivative_of_a_random_graph_is_derived_truly(lesson: Scenario, data: st.DataObject) -> None:
    graph, numbers = build_graph(lesson), _numbers(lesson)
    of, wrt = data.draw(st.sampled_from(_pairs(graph)))
    derivation = derive(graph, of, wrt, numbers, PLAIN)
    _hold_to_the_contract(derivation, numbers)
    assert derivation.value == pytest.approx(_gradient(lesson, of, wrt), rel=1e-9, abs=1e-9)


@settings(max_examples=60)
@given(scenarios())
def test_the_derivation_of_a_parameter_has_the_value_of_the_engine(lesson: Scenario) -> None:
    graph, steps = build_graph(lesson), History(lesson).steps(0)
    # A pass in an order of its own begins with another example than the file.
    numbers = _numbers(lesson, steps.iteration.batch[0])
    for name in graph.parameters:
        derivation = derive(graph, graph.loss, name, numbers, PLAIN)
        wanted = steps.number(Entry("gradient", name)) if graph.reaches_loss(name) else 0.0
        assert derivation.value == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@settings(max_examples=60)
@given(scenarios(wild=True), st.data())
def test_whatever_the_numbers_are_no_line_lies(lesson: Scenario, data: st.DataObject) -> None:
    graph, numbers = build_graph(lesson), _numbers(lesson)
    of, wrt = data.draw(st.sampled_from(_pairs(graph)))
    _hold_to_the_contract(derive(graph, of, wrt, numbers, PLAIN), numbers)
