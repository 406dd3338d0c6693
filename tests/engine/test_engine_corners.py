"""What is rarely asked for: examples that a batch leaves out, slots by slices, parameters past the last update."""

from __future__ import annotations

import pytest
from support.lessons import CHAIN, FOUR_EXAMPLES, LOGISTIC, TWO_PATHS, scenario
from support.oracle import close

from tui_backprop.engine.program import Instruction, live
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.record import history as history_module
from tui_backprop.record.history import History
from tui_backprop.scenario.model import Scenario


def by(of: Scenario, engine: str) -> History:
    """A history by numpy over the examples, or by Python one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_module, "FEWEST_EXAMPLES_FOR_ARRAYS", 2 if engine == "arrays" else 10**9)
        return History(of)


@pytest.mark.parametrize("engine", ["arrays", "numbers"])
@pytest.mark.parametrize("lesson", [FOUR_EXAMPLES, TWO_PATHS], ids=["all in one batch", "in batches of two"])
def test_an_example_has_its_numbers_whether_or_not_the_iteration_sees_it(lesson: Scenario, engine: str) -> None:
    history = by(lesson, engine)
    for iteration in range(3):
        for example, inputs in enumerate(lesson.examples):
            numbers = history.numbers(iteration, example)
            for name, value in zip(lesson.inputs, inputs, strict=True):
                assert numbers[name] == value
            for node, equation in lesson.equations.items():
                assert close(numbers[node], evaluate(equation, numbers), 1e-12)
            alone = history.interpreter.example(history.parameter_values(iteration), example)
            assert close(alone.numbers[lesson.loss], numbers[lesson.loss], 1e-12)


@pytest.mark.parametrize("engine", ["arrays", "numbers"])
def test_passes_are_a_sequence(engine: str) -> None:
    passes = by(FOUR_EXAMPLES, engine).iteration(0).passes
    assert len(passes) == len(list(passes)) == 4
    last = dict(passes[3].numbers)
    assert last.keys() == {*FOUR_EXAMPLES.parameters, *FOUR_EXAMPLES.inputs, *FOUR_EXAMPLES.equations}
    assert [dict(seen.numbers) for seen in (passes[-1], *passes[3:])] == [last, last]
    for beyond in (4, -5):
        with pytest.raises(IndexError):
            passes[beyond]


def test_the_parameters_after_the_last_update_are_known() -> None:
    history = History(LOGISTIC)
    history.extend(10)
    assert history.parameter_values(11) == history.iteration(10).updated


def test_parameters_of_an_iteration_that_is_looked_at_are_not_sought_again(monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(CHAIN)
    history.extend(400)
    seen = history.iteration(333).parameters
    for other in range(20):
        history.parameter_values(7 * other + 1)

    def sought(*_: object) -> None:
        raise AssertionError("sought again")

    monkeypatch.setattr(history, "_advance", sought)
    assert history.parameter_values(333) == seen


def test_the_same_node_twice_is_computed_once_and_both_have_their_numbers() -> None:
    of = scenario({"w": 0.7}, {"p": "w*x", "q": "w*x", "L": "(p + q)^2"}, inputs=("x",), examples=((1.0,), (2.0,)))
    for engine in ("arrays", "numbers"):
        numbers = by(of, engine).numbers(0, 1)
        assert numbers["p"] == numbers["q"] == 1.4


def test_what_no_output_needs_is_not_live() -> None:
    dead, alive = Instruction("neg", 3, (1,)), Instruction("neg", 4, (2,))
    assert live((dead, alive), [4]) == [alive]
