"""Does every optimizer do what its formulas say, the same to the last bit in every engine, forward and back?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import pytest
from engine.test_array_loop import on_arrays
from engine.test_compiled_loop import check
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.lessons import FOUR_EXAMPLES, TWO_PATHS, scenario, tree
from support.oracle import close
from support.runs import identical, interpreted, of_history
from support.strategies import OWN_RULES, optimized, own_rule

from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import OPTIMIZERS, optimizer

# --- the oracle: each optimizer as a generator written out by hand, from the gradients it is sent to the steps it takes

Stepper = Callable[[float, float, float], Iterator[float]]


def _descent(w: float, eta: float, decay: float) -> Iterator[float]:
    while True:
        gradient = yield w
        w -= eta * (gradient + decay * w)


def _momentum(w: float, eta: float, decay: float) -> Iterator[float]:
    velocity = 0.0
    while True:
        gradient = yield w
        velocity = 0.9 * velocity + gradient + decay * w
        w -= eta * velocity


def _nesterov(w: float, eta: float, decay: float) -> Iterator[float]:
    velocity = 0.0
    while True:
        gradient = yield w
        gradient += decay * w
        velocity = 0.9 * velocity + gradient
        w -= eta * (gradient + 0.9 * velocity)


def _adagrad(w: float, eta: float, decay: float) -> Iterator[float]:
    squares = 0.0
    while True:
        gradient = yield w
        gradient += decay * w
        squares += gradient * gradient
        w -= eta * gradient / (math.sqrt(squares) + 1e-10)


def _rmsprop(w: float, eta: float, decay: float) -> Iterator[float]:
    square = 0.0
    while True:
        gradient = yield w
        gradient += decay * w
        square = 0.99 * square + 0.01 * gradient * gradient
        w -= eta * gradient / (math.sqrt(square) + 1e-8)


def _adam(w: float, eta: float, decay: float, decoupled: bool = False) -> Iterator[float]:
    # The averages as sums over all gradients so far: another way to write the same.
    seen: list[float] = []
    while True:
        gradient = yield w
        seen.append(gradient if decoupled else gradient + decay * w)
        count = len(seen)
        mean = math.fsum(0.1 * 0.9 ** (count - 1 - at) * g for at, g in enumerate(seen)) / (1 - 0.9**count)
        square = math.fsum(0.001 * 0.999 ** (count - 1 - at) * g * g for at, g in enumerate(seen)) / (1 - 0.999**count)
        w -= eta * (mean / (math.sqrt(square) + 1e-8) + (decay * w if decoupled else 0.0))


ORACLES: Mapping[str, Callable[..., Iterator[float]]] = {
    "descent": _descent,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": lambda w, eta, decay: _adam(w, eta, decay, decoupled=True),
}


def test_every_optimizer_has_an_oracle() -> None:
    assert ORACLES.keys() == set(OPTIMIZERS)


def _follows_the_oracle(history: History, name: str, iterations: int) -> None:
    """Whether the parameters move as the oracle says, given the gradients that the run has."""
    of = history.scenario
    rate, decay = of.learning_rate, of.weight_decay or 0.0
    assert isinstance(rate, float)
    for parameter, start in of.parameters.items():
        steps = ORACLES[name](start, rate, decay)
        expected = next(steps)
        for number in range(iterations):
            if parameter not in of.frozen:
                expected = steps.send(history.gradients(number)[parameter])  # type: ignore[attr-defined]
            assert close(history.parameters(number + 1)[parameter], expected, 1e-12), (parameter, number)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("decay", [None, 0.0, 0.03])
@pytest.mark.parametrize("frozen", [(), ("w1", "b")])
@pytest.mark.parametrize("lesson", [FOUR_EXAMPLES, TWO_PATHS, replace(FOUR_EXAMPLES, batch=1)])
def test_the_updates_are_those_of_the_formulas(
    name: str, decay: float | None, frozen: tuple[str, ...], lesson: Scenario
) -> None:
    of = replace(lesson, optimizer=optimizer(name), weight_decay=decay, frozen=frozen, learning_rate=0.05)
    history = History(of)
    history.extend(40)
    _follows_the_oracle(history, name, 40)
    if not lesson.batch:
        arrays = on_arrays(of, 40)
        _follows_the_oracle(arrays, name, 40)


def test_a_whole_run_by_adam_is_that_of_a_loop_in_plain_python() -> None:
    of = scenario({"a": 2.0, "b": -1.5}, {"L": "(a - 1)^2 + 50*(b + a/2)^2"}, optimizer=optimizer("adam"))
    history = History(of)
    history.extend(300)
    a, b = 2.0, -1.5
    m, v = [0.0, 0.0], [0.0, 0.0]
    for count in range(1, 301):
        valley = 100 * (b + a / 2)
        for place, gradient in enumerate((2 * (a - 1) + valley / 2, valley)):
            m[place] = 0.9 * m[place] + 0.1 * gradient
            v[place] = 0.999 * v[place] + 0.001 * gradient**2
        step = [0.1 * m[i] / (1 - 0.9**count) / (math.sqrt(v[i] / (1 - 0.999**count)) + 1e-8) for i in (0, 1)]
        a, b = a - step[0], b - step[1]
        assert close(history.parameters(count)["a"], a, 1e-10)
        assert close(history.parameters(count)["b"], b, 1e-10)
    assert close(history.state(300)["b"]["v"], v[1], 1e-10)


# --- the same in every engine


@given(optimized())
def test_the_loop_is_the_interpreter_to_the_last_bit(drawn: Scenario) -> None:
    check(drawn, 30)


@given(optimized(wild=True))
def test_the_loop_never_hides_a_number_that_is_not_finite(drawn: Scenario) -> None:
    check(drawn, 30)


@given(optimized(wild=True), st.integers(1, 3))
def test_a_history_is_the_same_however_it_is_recorded(drawn: Scenario, stretch: int) -> None:
    walked, in_stretches = History(drawn), History(drawn)
    for number in range(80):
        walked.extend(number)
    for number in range(0, 80, 30 * stretch):
        in_stretches.extend(number)
    in_stretches.extend(79)
    expected = interpreted(drawn, 79)
    assert identical(of_history(walked), expected)
    assert identical(of_history(in_stretches), expected)


@given(optimized(wild=True))
def test_on_arrays_walking_and_running_give_the_same_bits(drawn: Scenario) -> None:
    assume((drawn.batch or len(drawn.examples)) > 1)
    assert identical(of_history(on_arrays(drawn, 70)), of_history(on_arrays(drawn, *range(71))))


@pytest.mark.parametrize("name", [*OPTIMIZERS, *OWN_RULES])
def test_both_engines_agree_on_every_rule(name: str) -> None:
    rule = own_rule(OWN_RULES[name]) if name in OWN_RULES else optimizer(name)
    of = replace(FOUR_EXAMPLES, optimizer=rule, weight_decay=0.01, learning_rate=tree("0.1/(1 + 0.01*k)"))
    arrays, numbers = on_arrays(of, 100), History(of)
    numbers.extend(100)
    assert list(arrays.losses) == pytest.approx(list(numbers.losses), rel=1e-9)
    assert arrays.vector(100) == pytest.approx(numbers.vector(100), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [*OPTIMIZERS, *OWN_RULES])
@pytest.mark.parametrize("on_array", [False, True])
def test_going_back_is_exact(name: str, on_array: bool) -> None:
    rule = own_rule(OWN_RULES[name]) if name in OWN_RULES else optimizer(name)
    of = replace(FOUR_EXAMPLES, optimizer=rule, weight_decay=0.01, frozen=("w2",))
    history = on_arrays(of) if on_array else History(of)
    forward = [(history.iteration(number).updated, history.iteration(number).lines) for number in range(60)]
    history.extend(3_000)
    for number in reversed(range(60)):
        updated, lines = forward[number]
        assert history.iteration(number).updated == updated == history.vector(number + 1)
        assert [list(line) for line in history.iteration(number).lines] == [list(line) for line in lines]


# --- what is kept


def test_state_belongs_to_the_updated_parameters_alone_and_begins_at_0() -> None:
    history = History(replace(FOUR_EXAMPLES, optimizer=optimizer("adam"), frozen=("w2",)))
    assert history.state(0) == {"w1": {"m": 0.0, "v": 0.0}, "b": {"m": 0.0, "v": 0.0}}
    gradient = history.gradients(0)["b"]
    assert history.state(1)["b"]["m"] == pytest.approx(0.1 * gradient)
    assert history.state(1)["b"]["v"] == pytest.approx(0.001 * gradient**2)


def test_without_state_or_updates_there_is_none() -> None:
    assert History(FOUR_EXAMPLES).state(0) == {}
    assert History(replace(FOUR_EXAMPLES, learning_rate=None)).state(0) == {}
    assert History(replace(FOUR_EXAMPLES, learning_rate=None)).learning_rate(0) is None


def test_a_rate_of_an_expression_is_that_of_its_iteration() -> None:
    history = History(replace(FOUR_EXAMPLES, learning_rate=tree("c/(1 + 0.1*k)"), constants={"c": 0.5}))
    assert [history.learning_rate(number) for number in (0, 10, 90)] == [0.5, 0.25, 0.05]
    assert history.iteration(10).rate == 0.25


@pytest.mark.parametrize(
    "rate",
    [
        "1/(40 - k)",  # infinite in iteration 40, and what it makes of the parameters is not finite
        "0.01*sqrt(40.5 - k)",  # no number past iteration 40
    ],
)
def test_a_rate_that_stops_being_finite_ends_the_run_there(rate: str) -> None:
    of = scenario({"w": 1.0}, {"L": "(w - 3)^2"}, learning_rate=tree(rate))
    walked, at_once = History(of), History(of)
    for number in range(70):
        walked.extend(number)
    at_once.extend(69)
    assert walked.ended_at == at_once.ended_at == (40 if "/" in rate else 41)


@pytest.mark.parametrize("line", ["n: exp(100*w) / w: w - eta*g - 1e-9/(1 + n)", "n: 1/(g - g) / w: w - eta*g/(1 + n)"])
def test_a_line_that_the_update_swallows_is_still_seen(line: str) -> None:
    of = scenario({"w": 0.0}, {"L": "-w"}, optimizer=own_rule(line), learning_rate=0.1)
    run = check(of, 300)
    assert run.ended_at is not None
    history = History(of)
    history.extend(300)
    assert history.ended_at == run.ended_at
    arrays = on_arrays(replace(of, inputs=("x",), examples=((1.0,), (2.0,))), 300)
    assert arrays.ended_at == run.ended_at
