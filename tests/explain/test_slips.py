"""Slips: a run with one equals a second backpropagation with it, and its gradients are diagnosed as that very slip."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from support.slipped_nets import RATE, backprop, random_net, trained
from support.tables import all_or

from tui_backprop.api import TrainedHistory, load, train
from tui_backprop.errors import UsageError
from tui_backprop.explain.diagnosis import Diagnosis, diagnosed
from tui_backprop.explain.slip_search import SECONDS
from tui_backprop.explain.slipped_run import slipped_history
from tui_backprop.explain.slips import SLIPS
from tui_backprop.explain.slips_at_step import wrong_numbers
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.record.history import History
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario

NETS = all_or([*range(8)], [*range(200)])


def _scenario(seed: int) -> Scenario:
    return load_text(random_net(seed).text(), "net")


def _close(one: float, two: float) -> bool:
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)


def _run_with(scenario: Scenario, slip: str) -> History | None:
    """None where the slip cannot happen."""
    try:
        return slipped_history(scenario, slip)
    except UsageError:
        return None


@pytest.mark.parametrize("seed", NETS)
@pytest.mark.parametrize("slip", SLIPS)
def test_a_run_with_a_slip_equals_a_second_backpropagation_with_it(slip: str, seed: int) -> None:
    run = _run_with(_scenario(seed), slip)
    expected = trained(random_net(seed), slip, 3)
    if run is None:
        run = History(_scenario(seed))
    for number, (parameters, gradients) in enumerate(expected):
        if number and max(map(abs, parameters.values())) > 10:
            # With some slips a run goes off, and then every last bit counts.
            return
        assert all(_close(run.parameters(number)[name], value) for name, value in parameters.items())
        assert all(_close(run.gradients(number)[name], value) for name, value in gradients.items())


def _given(seed: int, slip: str) -> tuple[int, dict[str, float]]:
    """Gradients with a slip in them, and the iteration of the right run that they are of."""
    net = random_net(seed)
    if slip == "not_zeroed":
        (_, first), (_, second) = trained(net, "", 1)
        return 1, {name: first[name] + second[name] for name in first}
    gradients = net.named(*backprop(net, net.weights, net.biases, "" if slip == "learning_rate" else slip))
    return 0, {name: RATE * g if slip == "learning_rate" else g for name, g in gradients.items()}


@pytest.mark.parametrize("seed", NETS)
@pytest.mark.parametrize("slip", [name for name in SLIPS if name != "ascent"])
def test_gradients_with_a_slip_in_them_are_diagnosed_as_that_slip(slip: str, seed: int) -> None:
    iteration, given = _given(seed, slip)
    history = History(_scenario(seed))
    found = diagnosed(history, given, iteration)
    right = history.gradients(iteration)
    if all(math.isclose(given[name], right[name], rel_tol=1e-6, abs_tol=1e-9) for name in given):
        assert found.differ == ()
        return
    own = next(one for one in found.slips if one.name == slip)
    assert (own.explains, own.of) == (len(given), len(given))
    # Where relu let little through, one that is as small and more specific may give the same numbers.
    also = found.slips[: found.slips.index(own)]
    assert also == () or ("relu" in random_net(seed).activations and all(len(one.at) <= len(own.at) for one in also))
    assert found.first == found.slips[0].at[0]


@pytest.mark.parametrize("seed", NETS)
def test_right_gradients_are_never_accused_and_nonsense_gets_no_slip(seed: int) -> None:
    history = History(_scenario(seed))
    right = dict(history.gradients(0))
    assert diagnosed(history, right) == Diagnosis(tuple(right), ())
    rounded = diagnosed(history, {name: float(np.float32(number)) for name, number in right.items()})
    assert (rounded.differ, rounded.slips) == ((), ())
    draw = np.random.default_rng(seed)
    nonsense = diagnosed(history, {name: float(draw.normal()) for name in right})
    assert nonsense.slips == ()
    assert len(nonsense.differ) == len(right)
    off = diagnosed(history, {name: number * float(draw.uniform(0.3, 3)) for name, number in right.items()})
    assert off.slips == ()


# --- a node and a diamond, by hand

NODE = "{title: node, parameters: {w: 0.7, v: -0.4, b: 0.2}, data: {x: 1.5, u: 0.6, y: 0.3}, \
equations: {z: w*x + v*u + b, a: tanh(z), L: (a - y)^2}, learning_rate: 0.1}"
DIAMOND = "{title: diamond, parameters: {w: 0.6}, data: {x: 1.3}, \
equations: {h: w*x, p: tanh(h), q: sin(h), r: exp(h), L: p*q + p*r}, learning_rate: 0.1}"


def _of_node(upstream: float = 1, slope: float | None = None, x: float = 1.5, b: float = 1) -> dict[str, float]:
    z = 0.7 * 1.5 - 0.4 * 0.6 + 0.2
    a = math.tanh(z)
    into_z = upstream * 2 * (a - 0.3) * (1 - a**2 if slope is None else slope)
    return {"w": into_z * x, "v": into_z * 0.6, "b": into_z * b}


def _of_diamond(terms: tuple[int, ...]) -> dict[str, float]:
    h = 0.6 * 1.3
    paths = (
        (math.sin(h) + math.exp(h)) / math.cosh(h) ** 2,
        math.tanh(h) * math.cos(h),
        math.tanh(h) * math.exp(h),
    )
    return {"w": 1.3 * sum(paths[term] for term in terms)}


@pytest.mark.parametrize(
    ("slip", "text", "given"),
    [
        ("sign@∂L/∂a", NODE, _of_node(upstream=-1)),
        ("half@∂L/∂a", NODE, _of_node(upstream=0.5)),
        ("activation_derivative@da/dz", NODE, _of_node(slope=1)),
        ("derivative_at_value", NODE, _of_node(slope=1 - math.tanh(math.tanh(0.7 * 1.5 - 0.4 * 0.6 + 0.2)) ** 2)),
        ("wrong_operand@∂z/∂w", NODE, _of_node(x=0.7)),
        ("bias_zero", NODE, _of_node(b=0)),
        ("missing_path", DIAMOND, _of_diamond((0, 1))),
        ("overwritten", DIAMOND, _of_diamond((2,))),
    ],
)
def test_slips_in_a_node_and_in_a_diamond(slip: str, text: str, given: dict[str, float]) -> None:
    scenario = load_text(text, "small")
    run = slipped_history(scenario, slip)
    assert all(_close(run.gradients(0)[name], number) for name, number in given.items())
    name, _, place = slip.partition("@")
    found = diagnosed(History(scenario), given).slips[0]
    assert found.name == name
    assert not place or place.replace("d", "∂") in found.at


# --- what the slipped run says of itself


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("lesson", all_or(["xor-sigmoid", "logistic", "adam"], bundled_names()))
def test_the_tree_of_every_step_of_a_slipped_run_gives_its_number(lesson: str, slip: str) -> None:
    run = _run_with(load(lesson), slip)
    if run is None:
        return
    last = run.extend(2)
    for step in [*run.steps(0), *run.steps(last)]:
        assert math.isclose(evaluate(step.tree, step.numbers), step.value, rel_tol=1e-9, abs_tol=1e-12), step


def test_a_slipped_run_is_the_same_forward_and_back() -> None:
    run = slipped_history(load("xor-sigmoid"), "not_zeroed")
    there = [run.steps(number).to_json() for number in range(40)]
    assert [run.steps(number).to_json() for number in reversed(range(40))] == there[::-1]


@pytest.mark.parametrize("lesson", ["worked-example", "old-weights"])
def test_weights_that_are_updated_too_early_give_the_printed_loss(lesson: str) -> None:
    run = slipped_history(load(lesson), "updated_weights")
    run.extend(1)
    assert round(run.loss(1), 9) == 0.291027924
    right = train(load(lesson), 1)
    assert round(right.losses[1], 11) == 0.29102777369
    assert right.diagnose(run.gradients(0)).slips[0].name == "updated_weights"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sing", "there is no slip 'sing'; did you mean 'sign'?"),
        (
            "overwritten@dC/dz1_1",
            "the slip 'overwritten' cannot happen at 'dC/dz1_1'\nhelp: did you mean '∂C/∂a1_1'?",
        ),
        (
            "transposed_weights@∂z2_1/∂a1_3",
            "the slip 'transposed_weights' cannot happen at '∂z2_1/∂a1_3'\nhelp: it can at ∂z2_1/∂a1_2",
        ),
        ("mean_as_sum", "the slip 'mean_as_sum' cannot happen in this lesson\nhelp: `list --slips` shows the others"),
    ],
)
def test_a_slip_or_place_that_is_not_there_is_refused_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        slipped_history(load("worked-example"), text)
    assert str(refused.value) == said


# --- diagnosis


def _large_net(examples: int) -> Scenario:
    draw = np.random.default_rng(1)
    net = random_net(0)
    sizes = (2, 16, 16, 1)
    shapes = list(pairwise(sizes))
    large = type(net)(
        weights=[draw.normal(size=(b, a)) for a, b in shapes],
        biases=[draw.normal(size=b) for _, b in shapes],
        activations=["tanh", "tanh", "sigmoid"],
        cost="half_squared_error",
        reduction="mean",
        x=draw.normal(size=(examples, 2)),
        t=draw.uniform(size=(examples, 1)),
    )
    return load_text(large.text(), "large")


def test_two_slips_together_are_found() -> None:
    scenario = _large_net(1)
    one = slipped_history(scenario, "transposed_weights").gradients(0)
    found = diagnosed(History(scenario), {name: 0.0 if name[0] == "b" else number for name, number in one.items()})
    assert {slip.name for slip in found.slips} == {"transposed_weights", "bias_zero"}
    assert found.are_together


def test_a_search_ends_in_time_and_says_that_it_gave_up(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = _large_net(1)
    clock = iter(range(10**9))
    monkeypatch.setattr("time.thread_time", lambda: next(clock) * SECONDS / 100)
    nonsense = {name: math.sin(place) for place, name in enumerate(scenario.parameters)}
    found = diagnosed(History(scenario), nonsense)
    assert (found.gave_up, found.slips) == (True, ())
    assert found.first == "∂C/∂a3_1"


def test_what_cannot_come_from_further_up_begins_where_it_is() -> None:
    history = History(load("logistic"))
    right = history.gradients(0)
    assert diagnosed(history, {**right, "w2": 0.123456789123}).first == "∂z/∂w2"
    assert diagnosed(history, {"w1": right["w1"], "z": 0.123456789123}).first == "∂L/∂z"


def test_arrays_by_layer_are_taken_from_numpy_and_lists() -> None:
    net = random_net(3)
    history = TrainedHistory(load_text(net.text(), "net"))
    weights, biases = backprop(net, net.weights, net.biases, "activation_derivative")
    arrays = {f"W{place}": w for place, w in enumerate(weights, start=1)}
    arrays |= {f"b{place}": b.tolist() for place, b in enumerate(biases, start=1)}
    assert history.diagnose(arrays).to_json()["slips"][0]["name"] == "activation_derivative"
    with pytest.raises(UsageError, match=r"'W1' has the shape \d × \d where"):
        history.diagnose({"W1": np.zeros((2, 7))})


def test_gradients_of_one_example_are_held_against_that_example() -> None:
    history = History(load("xor-sigmoid"))
    numbers = history.steps(0)
    given = {
        name: numbers.number(history.layout(0).gradient_of(name), 2)  # type: ignore[arg-type]
        for name in ("w1_1_1", "b2_1", "a1_2")
    }
    assert diagnosed(history, given, example=2).differ == ()
    given["a1_2"] *= -1
    assert diagnosed(history, given, example=2).differ[0].ratio == -1.0


# --- wrong numbers of single steps


@pytest.mark.parametrize("lesson", ["logistic", "xor-sigmoid"])
def test_what_a_slip_would_give_at_a_step_is_what_the_slipped_run_gives_there(lesson: str) -> None:
    scenario = load(lesson)
    history = History(scenario)
    for name in SLIPS:
        run = _run_with(scenario, name)
        if run is None or name == "not_zeroed":
            continue
        for wrong, right in zip(run.steps(0), history.steps(0), strict=True):
            if right.kind in ("factor", "gradient") and not math.isclose(wrong.value, right.value, rel_tol=1e-8):
                numbers = [one.number for one in wrong_numbers(history, 0, right.index) if one.slip.name == name]
                assert any(math.isclose(number, wrong.value, rel_tol=1e-9) for number in numbers), (name, right.entry)


@pytest.mark.parametrize("lesson", ["logistic", "worked-example", "adam"])
def test_no_wrong_number_is_the_right_one_and_asking_twice_gives_the_same(lesson: str) -> None:
    history = History(load(lesson))
    history.extend(1)
    for step in history.steps(1):
        found = wrong_numbers(history, 1, step.index)
        assert found == wrong_numbers(history, 1, step.index)
        assert all(one.number != step.value and one.at for one in found)
        assert found or step.kind == "seed" or step.line not in ("", "w")
