"""Does a run end with the first iteration that shows a number that is not finite, and never raise?"""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace
from support.lessons import PARABOLA_TOO_LARGE, scenario
from support.runs import identical, interpreted, of_history
from support.strategies import scenarios

from tui_backprop.explain import remedies
from tui_backprop.explain.remarks import remarks
from tui_backprop.maths.writing import typeset_names, typeset_style
from tui_backprop.numbers import four_digits
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario


def shown_numbers(history: History, iteration: int) -> list[float]:
    """Every number that the steps of an iteration show, the results of its updates aside: they are the next one's."""
    document = history.steps(iteration).to_json()
    numbers: list[Any] = [*document["parameters"].values(), history.losses[iteration]]
    for step in document["steps"]:
        numbers += [step[key] for key in ("value", "before", "gradient") if key in step]
        for term in step.get("terms", []):
            numbers += [term["upstream"], term["factor"], term["product"]] if isinstance(term, dict) else [term]
    return [float(number) for number in numbers]


def first_not_finite(of: Scenario, at_most: int) -> int | None:
    """The first iteration that shows a number that is not finite, looked for step by step."""
    history = History(of)
    for iteration in range(at_most + 1):
        if history.extend(iteration) < iteration:
            return None
        if not all(map(math.isfinite, shown_numbers(history, iteration))):
            return iteration
    return None


SIDE = {"n": "exp(w)*exp(w)", "L": "sigmoid(n) - 50*w"}

ENDING = {
    "log of 0 at once": (scenario({"w": 0.0}, {"L": "log(w)"}), 0),
    "log of 0": (scenario({"w": 1.0}, {"L": "log(w)"}, learning_rate=1.0), 1),
    "log of less than 0": (scenario({"w": 1.0}, {"L": "log(w)"}, learning_rate=2.0), 1),
    "division by 0": (scenario({"w": -1.0}, {"L": "1/w"}, learning_rate=1.0), 1),
    "0 divided by 0": (scenario({"w": -1.0}, {"L": "w/w + w"}, learning_rate=-1.0), 1),
    "exp": (scenario({"w": 1.0}, {"L": "-exp(w)"}, learning_rate=1.0), 3),
    "exp, swallowed by the loss": (scenario({"w": 1.0}, SIDE, learning_rate=1.0), 8),
    "negative base, broken exponent": (scenario({"w": 1.0}, {"L": "w^1.5"}, learning_rate=1.0), 1),
    "0 to a negative power": (scenario({"w": -1.0}, {"L": "w^(-1)"}, learning_rate=1.0), 1),
    "a factor": (scenario({"w": 1.0}, {"L": "sqrt(w)"}, learning_rate=2.0), 1),
    "a factor of a frozen parameter": (scenario({"w": 0.0}, {"L": "sqrt(w)"}, frozen=("w",)), 0),
    "a node that nothing uses": (
        scenario({"w": 1.0}, {"side": "1/(w - 0.5)", "L": "w^2/2"}, loss="L", learning_rate=0.5),
        1,
    ),
    "a saturated cross-entropy": (scenario({"z": 40.0}, {"L": "bce(0, sigmoid(z))"}), 0),
    "an example that is not the first": (
        scenario({"w": 1.0}, {"L": "log(w*x)"}, inputs=("x",), examples=((1.0,), (2.0,), (0.0,)), batch=1),
        2,
    ),
}


@pytest.mark.parametrize("kind", ENDING)
def test_the_run_ends_with_the_first_iteration_that_shows_it(kind: str) -> None:
    of, ended_at = ENDING[kind]
    assert first_not_finite(of, 20) == ended_at
    walked, at_once, unused = History(of), History(of), History(of)
    for iteration in range(21):
        walked.extend(iteration)
    assert at_once.extend(500) == ended_at
    for history in (walked, at_once):
        assert history.ended_at == ended_at
        assert len(history) == ended_at + 1
        assert history.last_possible == ended_at
        assert identical(of_history(history), interpreted(of, 500))
        with pytest.raises(IndexError, match=f"its last one is {ended_at}"):
            history.parameters(ended_at + 1)
    assert unused.ended_at == (0 if ended_at == 0 else None)


def test_a_learning_rate_of_1_1_diverges_after_thousands_of_iterations_alike_however_it_is_run() -> None:
    at_once, walked = History(PARABOLA_TOO_LARGE), History(PARABOLA_TOO_LARGE)
    at_once.extend(10_000)
    assert at_once.losses[:4] == pytest.approx([9, 12.96, 18.6624, 26.873856])
    ended_at = at_once.ended_at
    assert ended_at is not None
    # Each step multiplies the distance to 3 by -1.2, and the loss is its square.
    assert ended_at == math.ceil(math.log(math.sqrt(1.7976931348623157e308) / 3) / math.log(1.2))
    for iteration in range(ended_at + 3):
        walked.extend(iteration)
    assert identical(of_history(walked), of_history(at_once))
    assert identical(of_history(at_once), interpreted(PARABOLA_TOO_LARGE, 10_000))
    assert all(map(math.isfinite, shown_numbers(at_once, ended_at - 1)))
    assert math.isinf(at_once.losses[ended_at])
    # Stepping back from there shows what was there.
    assert all(map(math.isfinite, shown_numbers(at_once, ended_at - 2)))
    assert dict(at_once.parameters(1)) == pytest.approx({"w": 6.6})


@given(scenarios(wild=True))
def test_any_run_shows_finite_numbers_up_to_its_end(drawn: Scenario) -> None:
    history = History(drawn)
    last = history.extend(70)
    assert len(history) == last + 1
    if history.ended_at is None:
        assert last == 70
    else:
        assert last == history.ended_at
        assert not all(map(math.isfinite, shown_numbers(history, last)))
    for iteration in range(max(0, last - 2), last):
        assert all(map(math.isfinite, shown_numbers(history, iteration)))


def test_an_update_that_overflows_is_shown_and_the_iteration_after_it_ends_the_run() -> None:
    history = History(scenario({"w": 1.0}, {"L": "-w*1e300"}, learning_rate=1e10))
    history.extend(100)
    assert history.ended_at == 1
    assert history.steps(0).to_json()["steps"][-1]["after"] == "Infinity"
    assert history.parameters(1)["w"] == math.inf


def test_operations_that_raise_in_the_loop_but_give_a_finite_node_do_not_end_the_run() -> None:
    history = History(scenario({"w": 1.0}, {"L": "(w - 2)^2 + 1/exp(1000*c)"}, constants={"c": 1.0}))
    history.extend(300)
    assert history.ended_at is None
    assert history.losses[300] == pytest.approx(0, abs=1e-12)


# --- what is said about it


@pytest.mark.parametrize(
    ("equation", "w", "step", "said"),
    [
        ("log(w)", 0.0, 0, "log(0) is −∞"),
        ("log(w - 1)", 1.0, 0, "log(0) is −∞, because w = 1"),
        ("1/w", 0.0, 0, "1/0 is ∞"),
        ("exp(w)", 1000.0, 0, "e^1000 is ∞"),
        ("w^0.5", -1.0, 0, "(−1)^0.5 is NaN"),
        ("bce(1, w)", -1.0, 0, "bce(1, −1) is NaN"),
        ("bce(1, w)", 1.0, 0, "0 times log(0) counts as 0 by convention: an activation that equals its target"),
        ("bce(1, w)", 1.0, 2, "0 times log(0) counts as 0 by convention"),
        ("xlogy(0, w)", 0.0, 0, "0 times log(0) counts as 0 by convention."),
        ("xdivy(w, w)", 0.0, 2, "0/0 counts as 0 by convention."),
        ("sqrt(w)", 0.0, 2, "1/0 is ∞"),
        ("relu(w)", 0.0, 2, "Relu has a corner at 0: by convention its derivative there is 0."),
        ("abs(w)", 0.0, 2, "Abs has a corner at 0"),
        ("max(w, 1)", 1.0, 2, "Two operands of max are equal: by convention each gets half"),
    ],
)
def test_a_remark_says_why(equation: str, w: float, step: int, said: str) -> None:
    history = History(scenario({"w": w}, {"L": equation}))
    style = typeset_style(typeset_names(("w", "L")), four_digits)
    said_there = " ".join(remarks(history.steps(0)[step], history, 0, style))
    assert said in said_there


@pytest.mark.parametrize(
    ("equations", "w", "step", "said"),
    [
        (
            {"a": "sigmoid(w)", "L": "-log(1 - a)"},
            40.0,
            1,
            "log(0) is −∞, because a = σ(40) rounds to 1, so 1 − a = 0: "
            "in a cross-entropy, bce_logits(y, z) does without this; ",
        ),
        ({"a": "sigmoid(2*w)", "L": "log(a)"}, -400.0, 1, "log(0) is −∞, because a = σ(−800) rounds to 0: in a"),
        ({"a": "tanh(w)", "L": "log(1 + a)"}, -30.0, 1, "because a = tanh(−30) rounds to −1, so 1 + a = 0: "),
        ({"a": "sigmoid(w)", "L": "bce(0, a)"}, 40.0, 1, "bce(0, 1) is ∞, because a = σ(40) rounds to 1: bce_logits"),
        ({"a": "sigmoid(w)", "L": "1/(1 - a)"}, 40.0, 1, "1/0 is ∞, because a = σ(40) rounds to 1: other starting"),
    ],
)
def test_a_saturated_activation_is_named_as_the_reason(
    equations: dict[str, str], w: float, step: int, said: str
) -> None:
    history = History(scenario({"w": w}, equations))
    style = typeset_style(typeset_names(("w", "a", "L")), four_digits)
    assert said in " ".join(remarks(history.steps(0)[step], history, 0, style))


def _said(of: Scenario, node: str, iteration: int = 0) -> str:
    """What is said about a node's value, in the last example of an iteration."""
    history = History(of)
    history.extend(iteration)
    steps = [step for step in history.steps(iteration) if step.kind == "value" and step.name == node]
    return " ".join(remarks(steps[-1], history, iteration, typeset_style({}, four_digits)))


@pytest.mark.parametrize(
    ("parameters", "equations", "node", "said"),
    [
        # What no parameter is in, no learning rate helps.
        (
            {"w": 0.0},
            {"L": "w + exp(x)"},
            "L",
            "e^1000 is ∞: no parameter is in it, so no learning rate helps; scale x",
        ),
        ({"w": 0.0}, {"u": "x + c", "L": "w*exp(u)"}, "L", "e^1003 is ∞: no parameter is in it, so no"),
        ({"w": 0.0}, {"L": "w + exp(c*500)"}, "L", "no learning rate helps; change the equation."),
        ({"w": 0.0}, {"L": "w + log(x - 1000)"}, "L", "no learning rate helps; change x in the data."),
        # A form that does without it, where it is that form.
        ({"w": -1.0}, {"s": "1 + exp(-w*x)", "L": "1/s"}, "s", "1/(1 + exp(-z)) is sigmoid(z)"),
        ({"w": 1.0}, {"a": "log(1 + exp(w*x))", "L": "a"}, "a", "log(1 + exp(z)) is softplus(z)"),
        ({"w": 1.0}, {"L": "exp(w*x)"}, "L", "e^1000 is ∞, because w = 1 and x = 1000: other starting values"),
        # The largest logit subtracted, where it is a softmax.
        (
            {"w": 1.0},
            {"z": "w*x", "s": "exp(z) + exp(c)", "p": "exp(z)/s", "L": "log(p)"},
            "s",
            "subtract the largest logit first: exp(z - m) and so on, with m: max(z, c); other starting",
        ),
        (
            {"w": 1.0, "m": 2.0},
            {"z": "w*x", "e1": "exp(z)", "e2": "exp(m)", "s": "e1 + e2", "p": "e1/s", "L": "log(p)"},
            "e1",
            "subtract the largest logit first: exp(z - m0) and so on, with m0: max(z, m); other starting",
        ),
        # NaN is explained where it arises.
        (
            {"w": 1.0},
            {"z": "w*x", "s": "exp(z) + exp(c)", "p": "exp(z)/s", "L": "log(p)"},
            "p",
            "e^1000/∞ is NaN, because ∞/∞ is not a number.",
        ),
        (
            {"w": 0.0},
            {"a": "sigmoid(w*x - 1000)", "L": "w*log(a)"},
            "L",
            "because 0·(−∞) is not a number; xlogy(w, a)",
        ),
        ({"w": 1.0}, {"a": "exp(w*x)", "L": "a - a"}, "L", "∞ − ∞ is not a number"),
        (
            {"w": 1.0},
            {"a": "exp(w*x)", "b": "a - a", "L": "b + 1"},
            "L",
            "b is not finite, so this is not either.",
        ),
        (
            {"w": 1.0},
            {"z": "w*x", "e1": "exp(z)", "s": "e1 + exp(c)", "p": "e1/s", "L": "log(p)"},
            "p",
            "∞/∞ is not a number: NaN; subtract the largest logit first: exp(z - m)",
        ),
        # pi and e are names without a number of the example's.
        ({"w": 1.0}, {"a": "exp(w*x)", "L": "pi*a + e"}, "L", "a is not finite, so this is not either."),
        ({"w": 1.0}, {"L": "log(pi - pi) + w"}, "L", "log(0) is −∞: no parameter is in it"),
    ],
)
def test_a_remedy_fits_what_happened(
    parameters: dict[str, float], equations: dict[str, str], node: str, said: str
) -> None:
    of = scenario(parameters, equations, inputs=("x",), examples=((1000.0,),), constants={"c": 3.0}, loss="L")
    assert said in _said(of, node)


@pytest.mark.parametrize(
    ("equation", "w", "rate", "at", "said"),
    [
        ("exp(w^2)", 1.0, 1.0, 2, "the learning rate 0.1 the run stays finite"),
        ("exp(w^2)", 1.0, 20.0, 1, "the learning rate 0.2 the run stays finite"),
        ("exp(w^2)", 1.0, 100.0, 1, "the learning rate 0.1 the run stays finite"),
        ("exp(w^2)", 1.0, 1e6, 1, "smaller learning rates were tried and do not help"),
        ("1/w", -1.0, 1.0, 1, "the learning rate 0.1 the run stays finite"),
        ("1/(w - x)", 0.0, 0.0001, 0, "other starting values or examples may stay clear of it"),
        ("log(w)*0 + w", 1.0, 1e9, 1, "smaller learning rates were tried and do not help"),
    ],
)
def test_a_smaller_learning_rate_is_offered_where_the_run_stays_finite_with_it(
    equation: str, w: float, rate: float, at: int, said: str
) -> None:
    of = scenario({"w": w}, {"L": equation}, inputs=("x",), examples=((0.0,),), learning_rate=rate)
    assert said in _said(of, "L", at)
    offered = re.search("the learning rate ([0-9.]+) ", said)
    if offered:
        again = History(replace(of, learning_rate=float(offered[1])))
        assert again.extend(of.iterations) == of.iterations
        assert again.ended_at is None


def test_a_run_too_long_to_be_tried_again_is_offered_no_learning_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remedies, "_MOST_WORK", 1)
    of = scenario({"w": -1.0}, {"L": "1/w"}, learning_rate=1.0)
    assert _said(of, "L", 1) == "1/0 is ∞: other starting values or examples may stay clear of it."


@given(scenarios(wild=True))
def test_remarks_can_be_made_about_every_step(drawn: Scenario) -> None:
    history = History(drawn)
    style = typeset_style({})
    for step in history.steps(0):
        assert all(text.endswith(".") for text in remarks(step, history, 1, style))
