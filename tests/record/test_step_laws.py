"""Does every step hold to the laws: products are products, sums are sums, and every formula has its value?"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.lessons import FOUR_EXAMPLES, LESSONS, LOGISTIC, PARABOLA, TWO_PATHS, tree
from support.oracle import OutOfDomainError, by_python, close, gradients_by_duals, loss_by_duals, same
from support.strategies import optimized, scenarios

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.record.history import History
from tui_backprop.record.step import Step
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import optimizer


class Laws:
    """Goes through the steps of an iteration and holds each against the ones before it."""

    def __init__(self, history: History, iteration: int) -> None:
        steps = history.steps(iteration)
        self.history = history
        self.document = steps.to_json()
        self.scenario = scenario = history.scenario
        self.constants = {
            "weight_decay": scenario.weight_decay or 0.0,
            **scenario.constants,
            **scenario.optimizer.numbers,
        }
        self.rate: float | None = None
        self.lines: dict[str, dict[str, float]] = {}
        self.fixed = {**self.document["constants"], **self.document["parameters"]}
        self.values: dict[int, dict[str, float]] = {}
        self.factors: dict[tuple[int, str, str], float] = {}
        self.gradients: dict[tuple[int, str], float] = {}
        self.means: dict[str, float] = {}
        self.per_example: dict[str, list[float]] = {}
        for index, step in enumerate(steps):
            assert step.index == index
            # The same tree gives the number, whatever the kind of step.
            assert close(evaluate(step.tree, step.numbers), step.value, 1e-12)
            check = getattr(self, f"_{step.kind}")
            check(step)

    def names(self, example: int) -> dict[str, float]:
        return {**self.fixed, **self.document["examples"][example], **self.values.setdefault(example, {})}

    def _formula(self, step: Step, of_text: dict[str, str]) -> None:
        names = self.names(step.example)
        assert close(evaluate(tree(of_text["formula"]), names), step.value, 1e-12)
        assert close(evaluate(tree(of_text["substituted"]), {}), step.value, 1e-12)
        assert close(by_python(of_text["formula"], names), step.value)
        assert {name: step.numbers[name] for name in names} == names

    def _value(self, step: Step) -> None:
        self._formula(step, step.to_json())
        self.values[step.example][step.name] = step.value
        if step.name == self.scenario.loss:
            self.per_example.setdefault("loss", []).append(step.value)

    def _seed(self, step: Step) -> None:
        assert (step.name, step.value) == (self.scenario.loss, 1.0)
        self.gradients[step.example, step.name] = 1.0

    def _factor(self, step: Step) -> None:
        self._formula(step, step.to_json())
        self.factors[step.example, step.of, step.name] = step.value

    def _gradient(self, step: Step) -> None:
        total = 0.0
        for term in step.terms:
            assert same(term.upstream, self.gradients[step.example, term.through])
            assert same(term.factor, self.factors[step.example, term.through, step.name])
            assert term.product == term.upstream * term.factor
            total += term.product
        assert close(total, step.value, 1e-15)
        self.gradients[step.example, step.name] = step.value
        if step.name in self.scenario.parameters:
            self.per_example.setdefault(step.name, []).append(step.value)

    def _mean(self, step: Step) -> None:
        written = step.to_json()
        assert written["of"] == (step.name or "loss")
        assert written["terms"] == [*step.numbers.values()] == self.per_example[written["of"]]
        divisor = len(step.numbers) if self.scenario.reduction == "mean" else 1
        assert close(sum(step.numbers.values()) / divisor, step.value, 1e-12)
        self.means[written["of"]] = step.value

    def _update(self, step: Step) -> None:
        """A line reads what the gradient, the lines before it and the update before have left."""
        written, number = step.to_json(), self.document["iteration"]
        assert close(evaluate(tree(written["formula"]), written["names"]), step.value, 1e-12)
        assert close(evaluate(tree(written["substituted"]), {}), step.value, 1e-12)
        if not step.name:
            assert (step.line, step.before) == ("eta", None)
            assert written["names"].get("k", number) == number
            self.rate = step.value
            return
        parameter = step.name
        gradient = self.means[parameter] if self.means else self.per_example[parameter][0]
        rate = self.scenario.learning_rate if self.rate is None else self.rate
        known = self.lines.setdefault(
            parameter,
            {"w": self.fixed[parameter], "g": gradient, "t": number + 1, "eta": rate, **self.state(parameter)},
        )
        for name, value in written["names"].items():
            assert same(value, known[name] if name in known else self.constants[name]), name
        assert step.before == known.get(step.line, 0.0 if number == 0 else step.before)
        if step.line == "w":
            assert same(written["gradient"], gradient)
            assert written["learning_rate"] == rate
        known[step.line] = step.value

    def state(self, parameter: str) -> Mapping[str, float]:
        return self.history.state(self.document["iteration"]).get(parameter, {})

    def check_what_the_next_iteration_starts_from(self) -> None:
        after = self.document["iteration"] + 1
        for parameter, known in self.lines.items():
            assert same(self.history.parameters(after)[parameter], known["w"])
            for name, value in self.history.state(after).get(parameter, {}).items():
                assert same(value, known[name])


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("iteration", [0, 1, 7])
def test_the_lessons_hold_to_the_laws(name: str, iteration: int) -> None:
    Laws(History(LESSONS[name]), iteration)


@given(optimized(), st.integers(0, 3))
def test_any_graph_with_any_optimizer_holds_to_the_laws(drawn: Scenario, iteration: int) -> None:
    history = History(drawn)
    assume(history.extend(iteration + 1) == iteration + 1)
    Laws(history, iteration).check_what_the_next_iteration_starts_from()


def test_the_lines_of_adam_are_steps_in_order_parameter_by_parameter() -> None:
    of = replace(TWO_PATHS, optimizer=optimizer("adam"), weight_decay=0.1, frozen=("w2", "v1", "v2"))
    for on in (of, replace(of, learning_rate=tree("0.1/(1 + k)"))):
        updates = [step for step in History(on).steps(1).to_json()["steps"] if step["kind"] == "update"]
        rate = [] if on is of else [(None, "eta")]
        lines = [("w1", line) for line in ("g", "m", "v", "m_hat", "v_hat", "w")]
        assert [(step["parameter"], step["line"]) for step in updates] == [*rate, *lines]
        assert all(("gradient" in step) == (step["line"] == "w") for step in updates)


def test_what_a_line_left_in_the_update_before_is_what_it_finds() -> None:
    history = History(replace(PARABOLA, optimizer=optimizer("adam")))
    first, second = ({step.line: step for step in history.steps(number) if step.kind == "update"} for number in (0, 1))
    assert [first[line].before for line in ("m", "v", "m_hat", "v_hat", "w")] == [0.0, 0.0, 0.0, 0.0, 0.0]
    assert [second[line].before for line in second] == [first[line].value for line in first]


@given(scenarios(), st.integers(0, 3))
def test_loss_and_gradients_are_those_of_dual_numbers(drawn: Scenario, iteration: int) -> None:
    history = History(drawn)
    parameters = history.parameters(iteration)
    try:
        loss, gradients = gradients_by_duals(drawn, parameters, history.iteration(iteration).batch)
    except OutOfDomainError:
        assume(False)
    assert close(history.losses[iteration], float(loss))
    for name, gradient in history.gradients(iteration).items():
        assert close(gradient, float(gradients[name]), 1e-7), name


@given(scenarios())
def test_gradients_are_the_slopes_that_nudging_gives_away_from_kinks(drawn: Scenario) -> None:
    history = History(drawn)
    batch = history.iteration(0).batch
    share = len(batch) if drawn.reduction == "mean" else 1
    for name, gradient in history.gradients(0).items():
        duals = [loss_by_duals(drawn, drawn.parameters, example, name) for example in batch]
        assume(not any(dual.kink for dual in duals))
        nudge = 1e-5
        sides = [
            sum(
                float(loss_by_duals(drawn, {**drawn.parameters, name: drawn.parameters[name] + by}, example).value)
                for example in batch
            )
            for by in (nudge, -nudge)
        ]
        assert close(gradient, (sides[0] - sides[1]) / (2 * nudge) / share, 1e-5)


@given(scenarios(), st.integers(0, 3))
def test_values_hold_in_the_record_of_every_iteration(drawn: Scenario, iteration: int) -> None:
    history = History(drawn)
    record = history.iteration(iteration)
    assert same(record.loss, history.losses[iteration])
    assert tuple(history.parameters(iteration).values()) == record.parameters
    assert tuple(history.gradients(iteration).values()) == record.gradients
    after = history.parameters(iteration + 1)
    for place, name in enumerate(drawn.parameters):
        frozen = name in drawn.frozen
        assert after[name] == record.updated[place]
        assert not frozen or after[name] == drawn.parameters[name]


# --- the JSON of steps


def test_the_document_of_an_iteration() -> None:
    document = History(LOGISTIC).steps(0).to_json()
    steps = document.pop("steps")
    assert document == {
        "schema": "backprop-tui/steps/1",
        "iteration": 0,
        "constants": {},
        "parameters": {"w1": 0.5, "w2": -0.5, "b": 0.1},
        "examples": [{"x1": 1.0, "x2": 2.0, "y": 1.0}],
    }
    assert steps[0] == {
        "index": 0,
        "phase": "forward",
        "kind": "value",
        "example": 0,
        "node": "z",
        "formula": "w1*x1 + w2*x2 + b",
        "substituted": "0.5*1 + (-0.5)*2 + 0.1",
        "value": -0.4,
    }
    assert steps[3] == {"index": 3, "phase": "backward", "kind": "seed", "example": 0, "node": "L", "value": 1.0}
    assert {key: steps[4][key] for key in ("kind", "of", "wrt", "formula")} == {
        "kind": "factor",
        "of": "L",
        "wrt": "a",
        "formula": "-(y/a - (1 - y)/(1 - a))",
    }
    assert steps[4]["value"] == pytest.approx(-2.4918, abs=1e-4)
    factor = steps[4]["value"]
    assert steps[5]["terms"] == [{"through": "L", "upstream": 1.0, "factor": factor, "product": factor}]
    first = ["index", "phase", "kind", "parameter", "before", "gradient", "learning_rate", "after"]
    assert list(steps[14])[: len(first)] == first
    assert {key: steps[14][key] for key in ("kind", "parameter", "line", "formula", "before", "learning_rate")} == {
        "kind": "update",
        "parameter": "w1",
        "line": "w",
        "formula": "w - eta*g",
        "before": 0.5,
        "learning_rate": 0.5,
    }
    assert steps[14]["names"] == {"w": 0.5, "eta": 0.5, "g": steps[14]["gradient"]}
    assert steps[14]["gradient"] == pytest.approx(-0.598687660112452)
    assert steps[14]["after"] == pytest.approx(0.799343830056226)


def test_the_averages_of_several_examples() -> None:
    steps = History(FOUR_EXAMPLES).steps(0).to_json()["steps"]
    means = [step for step in steps if step["kind"] == "mean"]
    assert [step["of"] for step in means] == ["loss", "w1", "w2", "b"]
    assert all(step["phase"] == "average" and len(step["terms"]) == 4 for step in means)
    assert "example" not in means[0]


def test_steps_name_the_example_of_the_file_that_they_are_of() -> None:
    # Batches of two out of three, wrapping.
    steps = History(LESSONS["wrapping"]).steps(1).to_json()["steps"]
    assert list(dict.fromkeys(step["example"] for step in steps if "example" in step)) == [2, 0]


def test_the_rest_of_a_pass_that_is_one_example_has_nothing_to_average() -> None:
    history = History(TWO_PATHS)
    kinds = [[step.kind for step in history.steps(iteration)] for iteration in range(3)]
    assert kinds[0] == kinds[2]
    assert kinds[0].count("mean") == 5
    of_example = len(history.layout(0).per_example)
    assert kinds[1] == [*kinds[0][:of_example], *["update"] * 4]


def test_without_data_there_is_one_example_without_inputs() -> None:
    document = History(PARABOLA).steps(0).to_json()
    assert document["examples"] == [{}]
    assert document["steps"][0]["example"] == 0


@given(scenarios(wild=True))
def test_the_document_is_json_for_any_numbers(drawn: Scenario) -> None:
    history = History(drawn)
    last = history.extend(5)
    text = json.dumps(history.steps(last).to_json(), allow_nan=False)
    assert json.loads(text)["iteration"] == last


# --- the sequence of steps


def test_steps_are_a_sequence() -> None:
    steps = History(LOGISTIC).steps(0)
    assert len(steps) == 17
    assert steps[-1] == steps[16]
    assert steps[3:5] == (steps[3], steps[4])
    assert [step.index for step in steps] == list(range(17))
    for index in (17, -18):
        with pytest.raises(IndexError, match="17 steps"):
            steps[index]


def test_a_step_cannot_be_changed() -> None:
    step = History(LOGISTIC).steps(0)[0]
    with pytest.raises((AttributeError, TypeError)):
        step.value = 1.0  # type: ignore[misc, union-attr]


@pytest.mark.parametrize("name", LESSONS)
def test_every_entry_of_the_layout_is_found_where_it_stands(name: str) -> None:
    history = History(LESSONS[name])
    layout, steps = history.layout(0), history.steps(0)
    for index, step in enumerate(steps):
        entry, turn = layout.entry(index), layout.turn(index)
        assert layout.index(entry, turn or 0) == index
        assert (entry.kind, entry.phase) == (step.kind, step.phase)
        if turn is not None:
            assert step.entry.is_of_example
            assert step.example == steps.iteration.batch[turn]
    assert layout.entry(layout.first_update).kind == "update"
    assert layout.entry(layout.first_update - 1).kind != "update"


def test_a_number_that_is_not_finite_is_a_word() -> None:
    diverging = Scenario(
        title="t",
        parameters={"w": 0.0},
        equations={"L": tree("log(w)")},
        loss="L",
        learning_rate=0.1,
    )
    steps = History(diverging).steps(0).to_json()["steps"]
    assert steps[0]["value"] == "-Infinity"
    assert steps[2]["value"] == "Infinity"
    assert math.isinf(float(steps[2]["value"]))
