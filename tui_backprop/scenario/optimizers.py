"""The optimizers: each one entry of a table, with its numbers, its lines in the expression language, and their reasons.

A rule is run for every parameter that is updated. Its lines read `w`, the parameter; `g`, its gradient; `eta`, the
learning rate; `t`, the number of the update counted from 1; `weight_decay`; the optimizer's own numbers; and what the
lines set. A left side that is read before it is set is state: it is kept from update to update, and 0 at first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import Expression, names_in
from tui_backprop.maths.parsing import parse

PARAMETER, GRADIENT, RATE, UPDATE_NUMBER, WEIGHT_DECAY = "w", "g", "eta", "t", "weight_decay"
GIVEN = MappingProxyType(
    {
        PARAMETER: "the parameter",
        GRADIENT: "the gradient",
        RATE: "the learning rate",
        UPDATE_NUMBER: "the number of the update",
        WEIGHT_DECAY: "the weight decay",
    }
)
"""What every line may read, and what it is."""

ITERATION = "k"
"""What a learning rate may read besides the scenario's constants: the iteration, counted from 0."""


class UpdateLine(Struct, frozen=True):
    """One line of a rule: `name` becomes what `formula` gives; `why` is a sentence that says what the line is for."""

    name: str
    formula: Expression
    why: str = "This line belongs to the lesson's own optimizer."


class Optimizer(Struct, frozen=True):
    """How a gradient becomes an update: lines, the last of which sets `w`, and the numbers that they read by name."""

    name: str
    numbers: Mapping[str, float]
    lines: tuple[UpdateLine, ...]

    @property
    def decays_by_itself(self) -> bool:
        """Whether its own lines say what the weight decay does, so that the gradient is left as it is."""
        return any(WEIGHT_DECAY in names_in(line.formula) for line in self.lines)


Lines = tuple[tuple[str, str, str], ...]

_ADAM = MappingProxyType({"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})
_AVERAGES: Lines = (
    (
        "m",
        "beta1*m + (1 - beta1)*g",
        "The average of the gradients so far: mostly the old one, and a little of the new gradient.",
    ),
    ("v", "beta2*v + (1 - beta2)*g^2", "The average of their squares: how large the gradients have been, sign aside."),
    (
        "m_hat",
        "m/(1 - beta1^t)",
        "The average started at 0, so it is too small at first; this makes up for it. t counts the updates from 1.",
    ),
    ("v_hat", "v/(1 - beta2^t)", "The same for the average of the squares, which is even slower to get away from 0."),
)
_BY_ITS_ROOT = "The step is divided by the usual size of the gradient, so all parameters move about equally far."

_TABLE: Mapping[str, tuple[Mapping[str, float], Lines]] = {
    "descent": (
        {},
        (("w", "w - eta*g", "A step downhill, against the gradient: the steeper it is, the longer the step."),),
    ),
    "momentum": (
        {"beta": 0.9},
        (
            ("v", "beta*v + g", "The velocity: most of the old velocity stays, and the gradient is added."),
            (
                "w",
                "w - eta*v",
                "A step along the velocity: gradients that agree add up, others cancel out.",
            ),
        ),
    ),
    "nesterov": (
        {"beta": 0.9},
        (
            ("v", "beta*v + g", "The velocity: most of the old velocity stays, and the gradient is added."),
            (
                "w",
                "w - eta*(g + beta*v)",
                "A step along the gradient and the velocity that the next update starts with.",
            ),
        ),
    ),
    "adagrad": (
        {"epsilon": 1e-10},
        (
            ("s", "s + g^2", "The sum of the squares of all gradients so far; it never becomes smaller."),
            (
                "w",
                "w - eta*g/(sqrt(s) + epsilon)",
                "The more a parameter has been moved already, the shorter its step.",
            ),
        ),
    ),
    "rmsprop": (
        {"rho": 0.99, "epsilon": 1e-8},
        (
            (
                "s",
                "rho*s + (1 - rho)*g^2",
                "The average of the squares of the gradients, in which old ones fade.",
            ),
            ("w", "w - eta*g/(sqrt(s) + epsilon)", _BY_ITS_ROOT),
        ),
    ),
    "adam": (_ADAM, (*_AVERAGES, ("w", "w - eta*m_hat/(sqrt(v_hat) + epsilon)", _BY_ITS_ROOT))),
    "adamw": (
        _ADAM,
        (
            *_AVERAGES,
            (
                "w",
                "w - eta*(m_hat/(sqrt(v_hat) + epsilon) + weight_decay*w)",
                "Adam's step, and a pull towards 0 that is not divided by the size of the gradient.",
            ),
        ),
    ),
}
"""For each optimizer its numbers, and its lines: left side, right side, why."""

OPTIMIZERS = tuple(_TABLE)
"""The names of all optimizers."""

OTHER_NAMES = MappingProxyType(
    {
        **dict.fromkeys(("sgd", "gd", "gradient_descent", "none"), "descent"),
        **dict.fromkeys(("nag", "nesterov_momentum"), "nesterov"),
        "heavy_ball": "momentum",
    }
)
"""What other programs call an optimizer that has another name here."""


def optimizer(name: str, numbers: Mapping[str, float] | None = None) -> Optimizer:
    """An optimizer of the table, some of its numbers changed. Raises KeyError for a name that it does not have."""
    usual, lines = _TABLE[name]
    return Optimizer(name, MappingProxyType({**usual, **(numbers or {})}), _parsed(lines))


@cache
def _parsed(lines: Lines) -> tuple[UpdateLine, ...]:
    return tuple(UpdateLine(name, parse(text).expression, why) for name, text, why in lines)


RATE_WHY = (
    "In every iteration the learning rate is computed anew, once for all parameters; "
    "k is the iteration, counted from 0."
)

DESCENT = optimizer("descent")
"""What a scenario has that names no optimizer."""

DECAY = UpdateLine(
    GRADIENT,
    parse("g + weight_decay*w").expression,
    "Weight decay: a part of the weight itself is added to its gradient, which pulls the weight towards 0.",
)
"""The line that comes before an optimizer's own where a scenario has a weight decay."""


def state_of(lines: tuple[UpdateLine, ...]) -> tuple[str, ...]:
    """The left sides that are read before they are set, in the order in which they are set."""
    left = {line.name for line in lines} - GIVEN.keys()
    known: set[str] = set()
    state: set[str] = set()
    for line in lines:
        state.update(name for name in names_in(line.formula) if name in left and name not in known)
        known.add(line.name)
    return tuple(dict.fromkeys(line.name for line in lines if line.name in state))


def rate_at(rate: Expression, constants: Mapping[str, float], iteration: int) -> float:
    """What a learning rate that is an expression gives in an iteration."""
    return evaluate(rate, {**constants, ITERATION: float(iteration)})
