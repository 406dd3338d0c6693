"""One line that sets something otherwise: `w1 = 0.9`, `learning_rate = 1.1`, `optimizer = adam`, `freeze w1`.

What stands after the equals sign is read as the same field of a scenario file is, and refused with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.errors import Place, ScenarioError, UsageError
from tui_backprop.maths.writing import write
from tui_backprop.numbers import full
from tui_backprop.other_words import called_here
from tui_backprop.scenario.draft import CONSTANT, EQUATION, INPUT, PARAMETER, Definition, Draft
from tui_backprop.scenario.fields import read_numeral
from tui_backprop.scenario.freeze_reading import read_frozen
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.nearest import did_you_mean, listed, shown
from tui_backprop.scenario.optimizer_reading import read_learning_rate, read_optimizer
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.source import read_tree
from tui_backprop.scenario.tree import Node

LEARNING_RATE, OPTIMIZER, FREEZE = "learning_rate", "optimizer", "freeze"
_NOWHERE = Place(1, 1)
_HELP = "write a name, an equals sign and what it is to be, such as w = 0.5"


class Setting(Struct, frozen=True):
    """A scenario with something set otherwise: which name, to what (as it is written in the line)."""

    scenario: Scenario
    name: str
    value: str


def settable(scenario: Scenario) -> tuple[str, ...]:
    """All that a line may set."""
    fields = (LEARNING_RATE, OPTIMIZER, FREEZE) if scenario.learning_rate is not None else (LEARNING_RATE,)
    return (*scenario.parameters, *scenario.constants, *scenario.inputs, *fields)


def value_of(scenario: Scenario, name: str, example: int, parameters: Mapping[str, float]) -> str:
    """What a settable name is at the moment, so that a line with it says the same."""
    if name in parameters:
        return full(parameters[name])
    if name in scenario.constants:
        return full(scenario.constants[name])
    if name in scenario.inputs:
        return full(scenario.examples[example][scenario.inputs.index(name)])
    if name == OPTIMIZER:
        return scenario.optimizer.name
    if name == FREEZE:
        return f"[{', '.join(scenario.frozen)}]" if scenario.frozen else ""
    rate = scenario.learning_rate
    return "" if rate is None else full(rate) if isinstance(rate, float | int) else write(rate)


def read_setting(scenario: Scenario, line: str, example: int, meant: Callable[[str], str | None]) -> Setting:
    """What a line sets; an input in one example alone.

    meant: the scenario's name that is meant by a name as it is written on the screen; None where none is.
    Raises UsageError with the reason, and what to write instead.
    """
    word, equals, value = (part.strip() for part in line.partition("="))
    if not equals and word.split()[:1] == [FREEZE] and FREEZE not in scenario.parameters:
        word, value = FREEZE, f"[{', '.join(dict.fromkeys((*scenario.frozen, *word.split()[1:])))}]"
    elif not (word and equals):
        raise UsageError(f"'{shown(line.strip())}' sets nothing; {_HELP}")
    name = meant(word) or called_here(word, (LEARNING_RATE, OPTIMIZER, FREEZE)) or word
    if name not in settable(scenario):
        raise UsageError(_why_not_settable(scenario, name))
    if not value or value.startswith("#"):
        raise UsageError(f"nothing stands after the equals sign; {_HELP.replace('w = 0.5', f'{shown(name)} = …')}")
    report = Report("")
    report.lines = [value]
    try:
        node = read_tree(value, report, _HELP)
        changed = _changed(scenario, report, name, node, example) if node is not None else None
        report.fail_if_any()
    except ScenarioError as error:
        problem = error.problems[0]
        raise UsageError(f"{problem.message}; {problem.help}") from None
    assert changed is not None
    return Setting(changed, name, value)


def _why_not_settable(scenario: Scenario, name: str) -> str:
    if name in scenario.equations:
        made_of = listed(scenario.equations.operands(name))
        return f"{shown(name)} is computed by an equation; set what it is computed from: {made_of}"
    if name in (OPTIMIZER, FREEZE):
        return f"nothing is updated in this lesson, so {name} means nothing; set a learning_rate first"
    names = settable(scenario)
    return f"nothing here is called '{shown(name)}'; {did_you_mean(name, names, f'what can be set is {listed(names)}')}"


def _changed(scenario: Scenario, report: Report, name: str, node: Node, example: int) -> Scenario | None:
    """The scenario with one field read anew; what is wrong is noted in the report."""
    if name in scenario.parameters or name in scenario.constants:
        number = read_numeral(report, node, f"'{shown(name)}'")
        return None if number is None else scenario.with_values({name: number})
    if name in scenario.inputs:
        number = read_numeral(report, node, f"'{shown(name)}'")
        return None if number is None else _with_input(scenario, name, number, example)
    draft = _draft(scenario, report)
    if name == LEARNING_RATE:
        return replace(scenario, learning_rate=read_learning_rate(draft, node))
    if name == OPTIMIZER:
        chosen = read_optimizer(draft, node)
        return None if chosen is None else replace(scenario, optimizer=chosen)
    return replace(scenario, frozen=read_frozen(draft, node))


def _with_input(scenario: Scenario, name: str, number: float, example: int) -> Scenario:
    place, rows = scenario.inputs.index(name), [*scenario.examples]
    rows[example] = (*rows[example][:place], number, *rows[example][place + 1 :])
    return replace(scenario, examples=tuple(rows))


def _draft(scenario: Scenario, report: Report) -> Draft:
    """A draft that knows the scenario's names, for the readers of fields that use them."""
    kinds = {
        CONSTANT: scenario.constants,
        PARAMETER: scenario.parameters,
        INPUT: scenario.inputs,
        EQUATION: scenario.equations,
    }
    definitions = {name: Definition(kind, _NOWHERE) for kind, names in kinds.items() for name in names}
    constants, parameters = dict(scenario.constants), dict(scenario.parameters)
    return Draft(report, constants=constants, parameters=parameters, definitions=definitions)
