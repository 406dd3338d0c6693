"""Do the benchmarks measure what they say: the same training in every engine, by a formula and by each peer?"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from benchmarks import ours, worker
from benchmarks.comparison import MismatchError, compare
from benchmarks.document import DOCUMENT, with_results
from benchmarks.report import REACH, Measured, markdown
from benchmarks.rounds import Band, by_turns
from benchmarks.workloads import WORKLOADS, chain_of_nodes, scenario_of
from tui_backprop.scenario.model import Scenario

Numbers = Mapping[str, complex]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def logistic_loss(p: Numbers, scenario: Scenario) -> Any:
    return np.log(1 + np.exp(-(p["w1"] * 1 + p["w2"] * 2 + p["b"])))


def chain_loss(p: Numbers, scenario: Scenario) -> Any:
    a: Any = 0.6
    for layer in range(1, len(p) // 2 + 1):
        a = sigmoid(p[f"w{layer}"] * a + p[f"b{layer}"])
    return (a - 1) ** 2


def layer(p: Numbers, number: int, fan_in: int, neurons: int, before: Any) -> Any:
    rows = range(1, neurons + 1)
    weights = np.array([[p[f"w{number}_{j}_{k}"] for k in range(1, fan_in + 1)] for j in rows])
    return before @ weights.T + np.array([p[f"b{number}_{j}"] for j in rows])


def two_two_two_loss(p: Numbers, scenario: Scenario) -> Any:
    outputs = sigmoid(layer(p, 2, 2, 2, sigmoid(layer(p, 1, 2, 2, np.array([0.05, 0.10])))))
    return 0.5 * (0.01 - outputs[0]) ** 2 + 0.5 * (0.99 - outputs[1]) ** 2


def net_loss(p: Numbers, scenario: Scenario) -> Any:
    rows = np.array(scenario.examples)
    assert rows.shape == (100, 3)
    a: Any = rows[:, :2]
    for number, fan_in in ((1, 2), (2, 16)):
        z = layer(p, number, fan_in, 16, a)
        a = np.where(z.real > 0, z, 0)
    return np.mean((layer(p, 3, 16, 1, a)[:, 0] - rows[:, 2]) ** 2)


LOSSES: Mapping[str, Callable[[Numbers, Scenario], Any]] = {
    "parabola": lambda p, scenario: (p["w"] - 3) ** 2,
    "logistic": logistic_loss,
    "chain of 3": chain_loss,
    "chain of 100": chain_loss,
    "2-2-2": two_two_two_loss,
    "2-16-16-1": net_loss,
    "2-2-2 by Adam": two_two_two_loss,
    "2-16-16-1 by Adam": net_loss,
}

TINY = 1e-60
"""A step into the imaginary direction: what it does to the loss is the derivative, with nothing taken away."""


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_engine_trains_by_the_formula_of_the_workload(workload: str) -> None:
    scenario, loss_of = scenario_of(workload), LOSSES[workload]
    assert scenario.learning_rate
    parameters = dict(scenario.parameters)
    mean, square = dict.fromkeys(parameters, 0.0), dict.fromkeys(parameters, 0.0)
    for count, look in enumerate(ours.problem(scenario).looks(3), start=1):
        gradients = {
            name: loss_of({**parameters, name: value + TINY * 1j}, scenario).imag / TINY
            for name, value in parameters.items()
        }
        assert look.loss == pytest.approx(loss_of({**parameters}, scenario), rel=1e-10)
        assert {name: look.gradients[name] for name in parameters} == pytest.approx(gradients, rel=1e-8, abs=0)
        steps = gradients
        if scenario.optimizer.name == "adam":
            mean = {name: 0.9 * old + 0.1 * gradients[name] for name, old in mean.items()}
            square = {name: 0.999 * old + 0.001 * gradients[name] ** 2 for name, old in square.items()}
            steps = {
                name: mean[name] / (1 - 0.9**count) / ((square[name] / (1 - 0.999**count)) ** 0.5 + 1e-8)
                for name in parameters
            }
        parameters = {name: value - scenario.learning_rate * steps[name] for name, value in parameters.items()}


@pytest.mark.parametrize("workload", WORKLOADS)
@pytest.mark.parametrize("peer", ["micrograd", "autograd", "torch"])
def test_a_peer_has_the_same_numbers_by_name(peer: str, workload: str) -> None:
    pytest.importorskip(peer)
    if workload not in REACH[peer]:
        pytest.skip(f"{peer} has no optimizer of its own")
    scenario, iterations = scenario_of(workload), 2
    theirs = import_module(worker.ENGINES[peer]).problem(scenario).looks(iterations)
    looks = ours.problem(scenario).looks(iterations)
    compared = compare([as_answer(look) for look in looks], [as_answer(look) for look in theirs], peer)
    # At the least the loss and the gradient of every parameter, in every iteration.
    assert compared >= iterations * (1 + len(scenario.parameters))


def as_answer(look: Any) -> dict[str, Any]:
    return {"loss": look.loss, "values": look.values, "gradients": look.gradients}


LOOK = {"loss": 1.0, "values": {"z": 2.0, "a": 3.0}, "gradients": {"w": 4.0, "b": 5.0}}


def test_only_names_that_both_have_are_compared() -> None:
    assert compare([LOOK], [{"loss": 1.0, "values": {"a": 3.0}, "gradients": {"w": 4.0 + 1e-12, "c": 9.0}}], "it") == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"loss": 1.0 + 1e-8}, "iteration 1, loss"),
        ({"values": {"a": 3.1}}, "iteration 1, value of a: 3.0 here, 3.1 in it"),
        ({"gradients": {"w": -4.0}}, "gradient of w"),
        ({"gradients": {"w": float("nan")}}, "gradient of w"),
        ({"gradients": {"other": 4.0}}, "no gradient has the same name"),
    ],
)
def test_a_mismatch_is_told(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(MismatchError, match=message):
        compare([LOOK, LOOK], [LOOK, {**LOOK, **changed}], "it")


def test_a_chain_has_so_many_nodes_and_no_gradient_that_vanishes() -> None:
    scenario = chain_of_nodes(2_000)
    assert len(scenario.equations) == 2_000
    look = ours.problem(scenario).looks(1)[0]
    assert 1e-6 < abs(look.gradients["b1"]) < 1


def test_a_worker_answers_a_line_for_each_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open chain of 3\nrun 3\nopen parabola\nlook 2\n"))
    worker.main("ours")
    opened, run, _, looks = map(json.loads, capsys.readouterr().out.splitlines())
    assert opened["seconds"] > 0
    assert run["seconds"] > 0
    assert [look["loss"] for look in looks] == pytest.approx([9.0, 1.44])


def test_everybody_has_a_turn_in_every_round_and_the_order_moves_on() -> None:
    called: list[str] = []

    def action(name: str) -> Callable[[], float]:
        return lambda: called.append(name) or float(len(called))  # type: ignore[func-returns-value]

    times = by_turns({name: action(name) for name in "abc"}, 2)
    assert "".join(called) == "abcbca"
    assert times == {"a": [1, 6], "b": [2, 4], "c": [3, 5]}


def test_a_band_is_the_median_between_the_tenths() -> None:
    assert Band.of([float(number) for number in range(11)]) == Band(5.0, 1.0, 9.0)
    assert Band.of([2.0]) == Band(2.0, 2.0, 2.0)


def test_the_table_says_what_is_reached_and_what_is_not() -> None:
    seconds = {"ours": Band(1e-6, 1e-6, 2e-6), "micrograd": Band(2e-5, 1e-5, 3e-5), "torch": Band(3e-4, 3e-4, 3e-4)}
    ratios = {"micrograd": Band(20.0, 18.0, 25.0), "torch": Band(300.0, 290.0, 310.0)}
    text = markdown([Measured("parabola", seconds, ratios, {"micrograd": 10, "torch": 12}, 0.002)], [], 5)
    assert "| parabola | 20.0 (18.0–25.0) | 30 ✗ | 300 (290–310) | 250 ✓ |" in text
    assert "| parabola | 1.00 (1.00–2.00) | 20.0 (10.0–30.0) | 300 (300–300) | 2.00 | 10 / 12 |" in text


def test_every_workload_has_a_figure_to_reach_over_every_peer() -> None:
    in_all = [name for name in WORKLOADS if not name.endswith("by Adam")]
    assert {peer: [*figures] for peer, figures in REACH.items()} == {
        "micrograd": in_all,
        "torch": [*WORKLOADS],
        "autograd": in_all,
    }


def test_results_go_between_their_markers_and_nowhere_else() -> None:
    before = "head\n<!-- engine -->\n\nold\n\n<!-- end of engine -->\ntail\n"
    assert with_results(before, "engine", "new\n") == before.replace("old", "new")
    with pytest.raises(ValueError, match="markers"):
        with_results(before, "screen", "new")


@pytest.mark.parametrize("name", ["engine", "screen"])
def test_the_document_has_the_markers(name: str) -> None:
    assert "new results" in with_results(DOCUMENT.read_text(encoding="utf-8"), name, "new results")
