"""What may stand under learning_rate, optimizer and weight_decay, and what is refused: where, why, with what help?"""

from __future__ import annotations

import pytest

from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.maths.writing import write
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.optimizers import OPTIMIZERS, optimizer, state_of

BASE = "title: t\nparameters: {w1: 1}\nconstants: {c: 2}\nequations: {L: c*(w1 - 3)^2}\n"
TRAINED = f"{BASE}learning_rate: 0.1\n"


def loaded(text: str) -> Scenario:
    return load_text(text, "f.yaml")


def lines_of(scenario: Scenario) -> list[tuple[str, str]]:
    return [(line.name, write(line.formula)) for line in scenario.optimizer.lines]


def test_without_a_word_it_is_descent() -> None:
    assert loaded(TRAINED).optimizer.name == "descent"
    assert lines_of(loaded(TRAINED)) == [("w", "w - eta*g")]
    assert loaded(TRAINED).weight_decay is None


def test_an_optimizer_by_its_name_or_with_other_numbers() -> None:
    assert loaded(f"{TRAINED}optimizer: momentum\n").optimizer.numbers == {"beta": 0.9}
    changed = loaded(f"{TRAINED}optimizer: {{name: adam, beta2: 0.99}}\n").optimizer
    assert changed.numbers == {"beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8}


def test_a_rule_of_ones_own_reads_its_constants_and_those_of_the_scenario() -> None:
    own = loaded(f"{TRAINED}optimizer:\n  constants: {{beta: 0.9}}\n  update: {{v: beta*v - c*eta*g, w: w + v}}\n")
    assert lines_of(own) == [("v", "beta*v - c*eta*g"), ("w", "w + v")]
    assert own.optimizer.numbers == {"beta": 0.9}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_entry_of_the_table_is_a_rule_that_a_file_may_write(name: str) -> None:
    entry = optimizer(name)
    constants = ", ".join(f"{key}: {number!r}" for key, number in entry.numbers.items())
    update = "".join(f"    {line.name}: {write(line.formula)}\n" for line in entry.lines)
    own = loaded(f"{TRAINED}optimizer:\n  {f'constants: {{{constants}}}' if constants else ''}\n  update:\n{update}")
    assert own.optimizer.numbers == entry.numbers
    assert [line.formula for line in own.optimizer.lines] == [line.formula for line in entry.lines]
    assert all(line.why for line in entry.lines)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("descent", ()),
        ("momentum", ("v",)),
        ("nesterov", ("v",)),
        ("adagrad", ("s",)),
        ("rmsprop", ("s",)),
        ("adam", ("m", "v")),
        ("adamw", ("m", "v")),
    ],
)
def test_what_is_read_before_it_is_set_is_state(name: str, state: tuple[str, ...]) -> None:
    assert state_of(optimizer(name).lines) == state


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.5/(1 + 0.1*k)", "0.5/(1 + 0.1*k)"),
        ("'0.5/(1 + 0.1k)'", "0.5/(1 + 0.1*k)"),
        ("1/c", "1/c"),
        ("2c", "2*c"),
        ("c", "c"),
        ("0.1*exp(-k/100)", "0.1*exp(-k/100)"),
    ],
)
def test_a_learning_rate_may_be_an_expression(text: str, written: str) -> None:
    rate = loaded(f"{BASE}learning_rate: {text}\n").learning_rate
    assert rate is not None
    assert not isinstance(rate, float)
    assert write(rate) == written


def test_a_number_may_be_set_in_place_of_an_expression() -> None:
    decaying = loaded(f"{BASE}learning_rate: 0.5/(c + k)\n")
    assert decaying.with_values({"learning_rate": 0.25}).learning_rate == 0.25
    with pytest.raises(UsageError, match=r"-0\.5 in iteration 0"):
        decaying.with_values({"c": -1})


# (what follows the base, where, a part of the message, a part of the help)
REFUSALS = [
    # --- the learning rate
    ("learning_rate: w1/2", "5:16", "'w1' is a parameter, but a learning rate may use only k", "it may use k, c"),
    ("learning_rate: L + 1", "5:16", "'L' is an equation, but a learning rate may use", "it may use k, c"),
    ("learning_rate: 1/cc", "5:18", "'cc' is not defined", "did you mean 'c'?"),
    ("learning_rate: 1/t", "5:18", "'t' is not defined", "k is the iteration, counted from 0"),
    ("learning_rate: 0.1*k", "5:16", "is 0 in iteration 0, and must be greater than 0", "begins above 0"),
    ("learning_rate: pi*q", "5:19", "'q' is not defined", "it may use k, c"),
    ("learning_rate: 1/k", "5:16", "is Infinity in iteration 0", "begins above 0"),
    ("learning_rate: yes", "5:16", "'yes' is not a number", "write 1 or 0"),
    ("learning_rate: 0,5", "5:16", "'0,5' has a comma", "0.5"),
    ("learning_rate: 010", "5:16", "'010' has a leading zero", "octal"),
    ("learning_rate: 0.1/(1 +", "5:23", "the expression ends after '+'", "remove it"),
    ("learning_rate: [1]", "5:16", "must be a single value, not a list", "an expression of k"),
    # --- weight decay
    ("learning_rate: 1\nweight_decay: -1", "6:15", "'weight_decay' is not negative", "0.01"),
    ("learning_rate: 1\nweight_decay: c", "6:15", "'c' is not a number", "decimal"),
    ("weight_decay: 0.1", "5:1", "a weight decay without a learning rate", "learning_rate: 0.1"),
    # --- an optimizer of the table
    ("optimizer: adam", "5:1", "an optimizer without a learning rate", "learning_rate: 0.1"),
    ("learning_rate: 1\noptimizer: adma", "6:12", "'adma' is not an optimizer", "did you mean 'adam'?"),
    ("learning_rate: 1\noptimizer: sgd", "6:12", "'sgd' is not an optimizer", "here it is called descent"),
    ("learning_rate: 1\noptimizer: zzz", "6:12", "'zzz' is not an optimizer", "it can be descent, momentum"),
    ("learning_rate: 1\noptimizer: [adam]", "6:12", "not a list", "{name: momentum, beta: 0.8}"),
    ("learning_rate: 1\noptimizer: {beta: 1}", "6:12", "neither a 'name' nor an 'update'", "name: momentum"),
    ("learning_rate: 1\noptimizer: {name: adam, betta1: 1}", "6:25", "unknown key 'betta1' in 'adam'", "did you mean"),
    ("learning_rate: 1\noptimizer: {name: descent, beta: 1}", "6:28", "unknown key 'beta' in 'descent'", "name"),
    ("learning_rate: 1\noptimizer: {name: adam, eps: 1}", "6:25", "unknown key 'eps'", "here it is called epsilon"),
    ("learning_rate: 1\noptimizer: {name: adam, update: {w: g}}", "6:25", "and this has both", "leave out 'name'"),
    # --- a rule of one's own
    ("learning_rate: 1\noptimizer: {update: {v: v + g}}", "6:13", "'w' is missing", "w: w - eta*g"),
    ("learning_rate: 1\noptimizer: {update: {w: w - g, v: g}}", "6:22", "'w' must be the last one, but 'v'", "move"),
    ("learning_rate: 1\noptimizer: {update: {}}", "6:21", "'update' has nothing in it", "w: w - eta*g"),
    ("learning_rate: 1\noptimizer: {update: {w: w - eta}}", "6:22", "no line that w depends on uses g", "use g"),
    ("learning_rate: 1\noptimizer: {update: {v: g, w: w - eta*vv}}", "6:39", "'vv' is not defined", "mean 'v'?"),
    ("learning_rate: 1\noptimizer: {update: {w: w1 - eta*g}}", "6:25", "'w1' is a parameter, but a rule", "write w"),
    ("learning_rate: 1\noptimizer: {update: {w: w - lr*g}}", "6:29", "'lr' is not defined", "write eta"),
    ("learning_rate: 1\noptimizer: {update: {w: w - g/k}}", "6:31", "'k' is not defined", "write t"),
    ("learning_rate: 1\noptimizer: {update: {t: 1, w: w - g}}", "6:22", "'t' is the number of the update", "another"),
    ("learning_rate: 1\noptimizer: {update: {w: w - (g}}", "6:29", "this parenthesis is never closed", "add a )"),
    ("learning_rate: 1\noptimizer: {update: {w: [g]}}", "6:25", "the line 'w' must be an expression", "round"),
    ("learning_rate: 1\noptimizer: {constants: {g: 1}, update: {w: w - g}}", "6:25", "'g' is the gradient", "another"),
    (
        "learning_rate: 1\noptimizer: {constants: {b: 1}, update: {b: g, w: w - b}}",
        "6:41",
        "'b' is a constant",
        "choose",
    ),
    ("learning_rate: 1\noptimizer: {constants: {b: x}, update: {w: w - g}}", "6:28", "'x' is not a number", "decimal"),
]


@pytest.mark.parametrize(("text", "where", "message", "help"), REFUSALS)
def test_what_is_refused(text: str, where: str, message: str, help: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loaded(f"{BASE}{text}\n")
    problem = caught.value.problems[0]
    assert problem.place is not None
    assert f"{problem.place.line}:{problem.place.column}" == where
    assert message in problem.message
    assert help in problem.help


def test_a_k_that_is_something_else_is_not_taken_for_the_iteration() -> None:
    with pytest.raises(ScenarioError, match="'k' is a constant here"):
        loaded(f"{BASE.replace('{c:', '{k:').replace('{L: c*', '{L: k*')}learning_rate: 1/(1 + k)\n")


def test_a_rule_has_a_limit_of_lines() -> None:
    lines = "".join(f"    a{number}: g\n" for number in range(60))
    with pytest.raises(ScenarioError, match="a rule of 61 lines; the limit is 50"):
        loaded(f"{TRAINED}optimizer:\n  update:\n{lines}    w: w - eta*g\n")
