"""What is said of a run: when does each observation appear, and when does it not?

On (w - 3)^2 the gradient is multiplied by 1 - 2η in every iteration, so that each run can be told beforehand.
"""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.lessons import scenario
from support.panel_text import narration, opened, played

from tui_backprop.api import load
from tui_backprop.explain.observations import observations
from tui_backprop.maths.writing import typeset_names, typeset_style
from tui_backprop.numbers import four_digits
from tui_backprop.record.history import History
from tui_backprop.record.step_layout import Entry

RISEN = "The loss has risen in each of the last iterations: the learning rate is too large."
OSCILLATION = "Oscillation: the gradient is as large as before with the other sign, so w goes back and forth."
DIVERGENCE = "Divergence: the last update overshot, and w lands farther away each time. η is too large."
OVERSHOOT = "Overshoot: the gradient changed its sign, so the last update jumped past the lowest place along w."


def _said(lesson, iteration, entry, turn=0):
    history = History(lesson)
    assert history.extend(iteration) == iteration
    step = history.steps(iteration)[history.layout(iteration).index(entry, turn)]
    style = typeset_style(typeset_names(history.graph.parameters), four_digits)
    return observations(history, iteration, step, style)


def _on_update(lesson, iteration, name="w"):
    return _said(lesson, iteration, Entry("update", name))


def _parabola(rate, **more):
    return scenario({"w": 0.0}, {"L": "(w - 3)^2"}, learning_rate=rate, **more)


def _converged(share):
    return f"Convergence: this gradient is down to {share} of its first value, so the updates are tiny."


def _slow(share):
    return f"Slow: from one update to the next the gradient shrinks by only {share}. η may be too small."


RUNS = [
    # η, the iteration, what is said of its update
    (0.3, 0, ()),
    (0.3, 1, ()),
    (0.3, 7, ()),
    (0.3, 8, (_converged("0.0006554"),)),
    (0.3, 20, (_converged("1.100e−8"),)),
    (0.5, 0, ()),
    (0.5, 1, (_converged("0"),)),
    (0.01, 0, ()),
    (0.01, 1, (_slow("2 %"),)),
    (0.01, 341, (_slow("2 %"),)),
    (0.01, 342, (_converged("0.0009984"),)),
    (0.001, 5, (_slow("0.2 %"),)),
    (0.024, 1, (_slow("4.8 %"),)),
    (0.026, 1, ()),
    (0.499, 1, ()),
    (0.6, 0, ()),
    (0.6, 1, (OVERSHOOT,)),
    (0.6, 6, (OVERSHOOT,)),
    (0.99, 1, (OVERSHOOT,)),
    (0.996, 1, (OSCILLATION,)),
    (1.0, 0, ()),
    (1.0, 1, (OSCILLATION,)),
    (1.0, 9, (OSCILLATION,)),
    (1.004, 1, (OSCILLATION,)),
    (1.004, 2, (OSCILLATION, RISEN)),
    (1.1, 0, ()),
    (1.1, 1, (DIVERGENCE,)),
    (1.1, 2, (DIVERGENCE, RISEN)),
    (1.1, 9, (DIVERGENCE, RISEN)),
]


@pytest.mark.parametrize(("rate", "iteration", "said"), RUNS)
def test_what_is_said_of_an_update(rate, iteration, said):
    assert _on_update(_parabola(rate), iteration) == said


@given(
    steepness=st.floats(0.1, 10), lowest=st.floats(-5, 5), start=st.floats(-5, 5), rate=st.floats(0.0005, 8),
    iteration=st.integers(1, 12),
)  # fmt: skip
def test_what_is_said_follows_from_how_the_gradient_changes(steepness, lowest, start, rate, iteration):
    ratio = 1 - 2 * steepness * rate
    assume(abs(start - lowest) > 0.01)
    assume(abs(ratio) < 5)
    assume(all(abs(ratio - edge) > 1e-4 for edge in (-1.01, -0.99, 0, 0.95, 1)))
    left = abs(ratio) ** iteration
    assume(abs(left / 1e-3 - 1) > 1e-3)
    assume(left > 1e-9)
    lesson = scenario({"w": start}, {"L": f"{steepness!r}*(w - m)^2"}, constants={"m": lowest}, learning_rate=rate)
    if ratio < 0:
        expected = "Divergence" if ratio < -1.01 else "Oscillation" if ratio < -0.99 else "Overshoot"
    else:
        expected = "Convergence" if left < 1e-3 else "Slow" if ratio > 0.95 else ""
    said = _on_update(lesson, iteration)
    assert [text.partition(":")[0] for text in said if text != RISEN] == ([expected] if expected else [])
    assert (RISEN in said) == (abs(ratio) > 1 and iteration >= 2)


TWO = {"L": "(w - 3)^2 + 0.001*v^2"}


def test_of_each_parameter_its_own_gradient_is_told_and_of_all_the_loss():
    lesson = scenario({"w": 0.0, "v": 1.0}, TWO, learning_rate=1.1)
    assert _on_update(lesson, 3) == (DIVERGENCE, RISEN)
    # The gradient of v shrinks by 0.2 % an iteration; but with several parameters a slow one may just be done.
    assert _on_update(lesson, 3, "v") == (RISEN,)


def test_a_gradient_that_the_other_parameters_turned_round_is_no_overshoot():
    lesson = load("many-neurons")
    history = History(lesson)
    history.extend(1)
    assert history.gradients(0)["w1_2_1"] * history.gradients(1)["w1_2_1"] < 0
    assert history.loss(1) < history.loss(0)
    assert _on_update(lesson, 1, "w1_2_1") == ()


def test_a_loss_that_rose_only_once_is_no_warning():
    """From 0 the first update lands beyond the edge of the step, where the loss is 10 higher; from there it falls."""
    lesson = scenario({"w": 0.0}, {"L": "(w - 3)^2 + 10*step(w - 1)"}, learning_rate=0.3)
    losses = History(lesson)
    losses.extend(3)
    assert losses.loss(1) > losses.loss(0)
    assert losses.loss(2) < losses.loss(1)
    assert all(RISEN not in _on_update(lesson, iteration) for iteration in (1, 2, 3))


def test_a_parameter_that_stands_still_from_the_start_is_told_nothing_of():
    lesson = scenario({"w": 3.0}, {"L": "(w - 3)^2"})
    assert _on_update(lesson, 1) == ()


def test_with_other_examples_in_every_update_nothing_is_said():
    points = {"inputs": ("x",), "examples": ((1.0,), (2.0,))}
    lesson = scenario({"w": 0.0}, {"L": "x*(w - 3)^2"}, learning_rate=1.1, **points)
    assert _on_update(lesson, 2) == (DIVERGENCE, RISEN)
    batched = scenario({"w": 0.0}, {"L": "x*(w - 3)^2"}, learning_rate=1.1, batch=1, **points)
    assert _on_update(batched, 2) == ()


def test_an_update_that_is_not_finite_is_not_compared():
    lesson = scenario({"w": 3.0}, {"L": "w^4"}, learning_rate=1.0)
    history = History(lesson)
    last = history.extend(50)
    assert history.ended_at == last < 50
    style = typeset_style(typeset_names(["w"]), four_digits)
    step = history.steps(last)[history.layout(last).index(Entry("update", "w"))]
    assert not math.isfinite(step.numbers["g"])
    assert not any(text.startswith("Divergence") for text in observations(history, last, step, style))


def test_the_observation_stands_on_the_note_line_of_its_update():
    session = played(opened("parabola-oscillating"), "iteration_on", "2*phase_on")
    assert "note:          Oscillation: the gradient is as large as before with the other sign" in narration(session)


# --- a factor that lets hardly any gradient pass, and terms that have no part in it


FACTORS = [
    # the equation, w, what is said of its factor
    ("sigmoid(w)", 10.0, ("Saturated: at 10 the sigmoid is 1.000 and nearly flat, so hardly any gradient passes.",)),
    ("sigmoid(w)", 6.0, ()),
    (
        "sigmoid(-w)",
        8.0,
        ("Saturated: at −8 the sigmoid is 0.0003354 and nearly flat, so hardly any gradient passes.",),
    ),
    ("tanh(w)", 5.0, ("Saturated: at 5 the tanh is 0.9999 and nearly flat, so hardly any gradient passes.",)),
    ("tanh(w)", 2.0, ()),
    (
        "relu(w)",
        -2.0,
        ("relu is flat at −2, below 0: no gradient passes. If that is so for every example, it is dead.",),
    ),
    ("relu(w)", 2.0, ()),
    ("0.0001*w", 1.0, ()),
    ("w + 2", 1.0, ("2 does not contain w: its derivative is 0.",)),
    ("w + v + 2", 1.0, ("v and 2 do not contain w: their derivatives are 0.",)),
    ("w + v + 2 + e", 1.0, ("v, 2 and e do not contain w: their derivatives are 0.",)),
    ("w + v + 2 + e + pi", 1.0, ("4 terms of a do not contain w: their derivatives are 0.",)),
]


@pytest.mark.parametrize(("equation", "at", "said"), FACTORS)
def test_what_is_said_of_a_factor(equation, at, said):
    lesson = scenario({"w": at, "v": 1.0}, {"a": equation, "L": "a^2 + v"})
    assert _said(lesson, 0, Entry("factor", "w", "a")) == said


# --- the gradient as a vector


GRADIENTS = [
    # the equation of the loss, its parameters all being 1; on the last one's gradient
    ("w^2", ()),
    (
        "w^2 + v",
        ("The gradient is complete: ∇L = (2, 1) for (w, v), of length 2.236. It points uphill; downhill is (−2, −1).",),
    ),
    (
        "2*w + 2*v + u",
        (
            (
                "The gradient is complete: ∇L = (2, 2, 1) for (w, v, u), of length 3. "
                "It points uphill; downhill is (−2, −2, −1)."
            ),
        ),
    ),
    ("w + v + u + t + s", ()),
    ("(w - 1)^2 + (v - 1)^2", ()),
]


@pytest.mark.parametrize(("loss", "said"), GRADIENTS)
def test_with_the_last_gradient_the_gradient_is_complete(loss, said):
    names = [name for name in "wvuts" if name in loss]
    lesson = scenario(dict.fromkeys(names, 1.0), {"L": loss})
    assert _said(lesson, 0, Entry("gradient", names[-1])) == said
    assert all(_said(lesson, 0, Entry("gradient", name)) == () for name in names[:-1])


def test_of_several_examples_it_is_the_mean_that_completes_the_gradient():
    lesson = scenario({"w": 1.0, "v": 1.0}, {"L": "x*w + v"}, inputs=("x",), examples=((1.0,), (5.0,)))
    assert _said(lesson, 0, Entry("gradient", "v"), turn=1) == ()
    assert _said(lesson, 0, Entry("mean", "w")) == ()
    (said,) = _said(lesson, 0, Entry("mean", "v"))
    assert said.startswith("The gradient is complete: ∇L = (3, 1) for (w, v), of length 3.162.")
