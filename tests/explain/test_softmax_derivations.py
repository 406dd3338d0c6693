"""Do the derivatives of a softmax, plain or stable, and of its cross-entropy come to the forms that are taught?"""

from __future__ import annotations

import math
import random

import pytest
from support.derivation_lines import last
from support.lessons import scenario

from tui_backprop.engine.graph import build_graph
from tui_backprop.explain.path_derivations import derive
from tui_backprop.maths.derivation.by_rules import Derivation
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.writing import PLAIN, write
from tui_backprop.record.history import History
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario


def net(classes: int, activation: str = "softmax", target_sum: float = 1.0, seed: int = 1) -> Scenario:
    """One input and a softmax of so many classes, with a target for each."""
    draw = random.Random(seed)
    rows = ", ".join(f"[{draw.uniform(-1, 1):.2f}]" for _ in range(classes))
    names = [f"t{j}" for j in range(1, classes + 1)]
    targets = dict.fromkeys(names, target_sum / classes)
    text = f"""\
title: classes
network:
  inputs: [x]
  layers: [{{neurons: {classes}, activation: {activation}, weights: [{rows}]}}]
  targets: [{", ".join(names)}]
  cost: cross_entropy
data: {{x: 1.5, {", ".join(f"{name}: {target!r}" for name, target in targets.items())}}}
"""
    return load_text(text, "net.yaml")


def derived(lesson: Scenario, of: str, wrt: str) -> Derivation:
    """The derivation, every line of which has the number that its formula gives, in the end the engine's."""
    history = History(lesson)
    numbers = dict(history.numbers(0, 0))
    derivation = derive(build_graph(lesson), of, wrt, numbers, PLAIN)
    for line in derivation.lines:
        values = dict(numbers)
        for name, tree in line.where.items():
            values[name] = evaluate(tree, values)
        assert math.isclose(evaluate(line.expression, values), line.value, rel_tol=1e-9, abs_tol=1e-12)
        if (line.of, line.wrt) == (of, wrt):
            assert math.isclose(line.value, derivation.value, rel_tol=1e-9, abs_tol=1e-12)
    return derivation


@pytest.mark.parametrize(
    ("classes", "activation"),
    [*((classes, "softmax") for classes in (2, 3, 4, 7, 12)), *((classes, "stable_softmax") for classes in (2, 3, 4))],
)
def test_the_whole_path_comes_to_what_came_out_minus_what_was_wanted(classes: int, activation: str) -> None:
    derivation = derived(net(classes, activation), "C", "z1_2")
    total = " + ".join(f"t{j}" for j in range(1, classes + 1))
    assert [write(line.expression) for line in derivation.lines[-2:]] == [f"a1_2*({total}) - t2", "a1_2 - t2"]
    assert derivation.closing == ""
    others = derived(net(classes, activation, target_sum=0.75), "C", "z1_2")
    assert last(others) == f"a1_2*({total}) - t2"


@pytest.mark.parametrize("activation", ["softmax", "stable_softmax"])
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_a_share_moves_by_its_own_score_and_against_the_others(classes: int, activation: str) -> None:
    lesson = net(classes, activation)
    for own in range(1, classes + 1):
        for other in range(1, classes + 1):
            first, second = sorted((own, other))
            wanted = f"a1_{own}*(1 - a1_{own})" if own == other else f"-a1_{first}*a1_{second}"
            derivation = derived(lesson, f"a1_{own}", f"z1_{other}")
            assert last(derivation) in (wanted, f"-a1_{second}*a1_{first}")
            a = {place: share(lesson, place) for place in (own, other)}
            assert derivation.value == pytest.approx(a[own] * ((own == other) - a[other]), rel=1e-12)


def share(lesson: Scenario, neuron: int) -> float:
    """A share, by the exponentials of the weights written out."""
    z = [1.5 * weight for weight in lesson.parameters.values()]
    return math.exp(z[neuron - 1]) / math.fsum(map(math.exp, z))


def test_of_the_stable_form_the_sentence_says_that_the_shares_add_up_to_1() -> None:
    why = derived(net(3, "stable_softmax"), "a1_1", "z1_1").lines[-1].why
    assert why == (
        "What stands above and below cancels. The terms with the factor "
        "(1 + sign(max(z1_1, z1_2) - z1_3))*(1 + sign(z1_1 - z1_2))/4 add up to 0, because "
        "a1_1 + a1_2 + a1_3 is 1: they are all the shares of one sum."
    )


def test_where_paths_are_too_many_for_the_algebra_that_is_said() -> None:
    derivation = derived(net(40), "C", "z1_2")
    assert derivation.closing == "This is too large to simplify line by line."
    assert write(derivation.lines[-1].expression).endswith("*e1_2")


def test_shares_of_which_one_is_missing_do_not_add_up_to_1() -> None:
    equations = {"e1": "exp(z1)", "e2": "exp(z2)", "s": "e1 + e2 + exp(z3)", "p": "e1/s", "q": "e2/s", "L": "p*(p + q)"}
    lesson = scenario({"z1": 0.3, "z2": 0.5, "z3": 0.1}, equations)
    numbers = dict(History(lesson).numbers(0, 0))
    derivation = derive(build_graph(lesson), "L", "z1", numbers, PLAIN)
    assert "shares" not in " ".join(line.why for line in derivation.lines)
    assert all(math.isclose(evaluate(line.expression, numbers), line.value) for line in derivation.lines)


@pytest.mark.parametrize("denominator", ["s", "(exp(z1) + exp(z2) + exp(z3))"])
def test_own_equations_come_to_the_same(denominator: str) -> None:
    exponentials = {f"e{j}": f"exp(z{j})" for j in (1, 2, 3)}
    shares = {f"p{j}": f"exp(z{j})/{denominator}" for j in (1, 2, 3)}
    whole = {"s": " + ".join(exponentials.values())} if denominator == "s" else {}
    cost = "-(y1*log(p1) + y2*log(p2) + y3*log(p3))"
    lesson = scenario(
        {"z1": 0.3, "z2": 0.5, "z3": 0.1},
        {**whole, **shares, "L": cost},
        inputs=("y1", "y2", "y3"),
        examples=((0.0, 1.0, 0.0),),
    )
    assert last(derived(lesson, "L", "z1")) == "p1 - y1"
    assert last(derived(lesson, "p1", "z1")) == "p1*(1 - p1)"
    assert last(derived(lesson, "p1", "z2")) == "-p1*p2"
