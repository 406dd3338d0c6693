"""A scenario: a frozen record of everything a file says, checked. Nothing in it is about files any more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import force_setattr, replace

from tui_backprop.errors import Place, UsageError
from tui_backprop.maths.expression import Expression
from tui_backprop.numbers import full
from tui_backprop.scenario.equations import Equations
from tui_backprop.scenario.nearest import did_you_mean, listed, shown
from tui_backprop.scenario.optimizers import DESCENT, Optimizer, rate_at

DEFAULT_ITERATIONS = 100

Reduction = Literal["mean", "sum"]


class WantedSlip(Struct, frozen=True):
    """A slip that a lesson is about, such as `sign` or `sign@∂a/∂z`, and where the file names it."""

    text: str
    place: Place | None = None
    source_line: str = ""


class ExpectedNumber(Struct, frozen=True):
    """A published number: what agrees with it lies within `half_width` of `value`. `written` is how the file has it."""

    value: float
    half_width: float
    written: str = ""

    def agrees(self, computed: float) -> bool:
        """Whether a computed number is the published one, as far as it was written out."""
        # The last bits are forgiven: a half rounds either way, and a number may be published with all its digits.
        return abs(computed - self.value) <= self.half_width + 1e-12 * abs(self.value)


class Expectation(Struct, frozen=True):
    """What someone published about the state after some updates.

    example: the example, counted from 0 in file order, that `loss`, `gradients` and `values` are about; None: the loss
        and the gradients are those of the whole iteration.
    gradients: parameters; any node too when there is an example.
    values: equations, of the example.
    line: where the entry stands in its file; None for one made in Python.
    """

    after: int = 0
    example: int | None = None
    loss: ExpectedNumber | None = None
    gradients: Mapping[str, ExpectedNumber] = field(default_factory=dict)
    parameters: Mapping[str, ExpectedNumber] = field(default_factory=dict)
    values: Mapping[str, ExpectedNumber] = field(default_factory=dict)
    line: int | None = None

    def __post_init__(self) -> None:
        _freeze(self, "gradients", "parameters", "values")


class Question(Struct, frozen=True):
    """What the learner is asked: the number of one step.

    at: the step's name as `notes` has it (∂a/∂z, mean w, update w), or a node's for its value.
    after: how many updates come before it.
    example: the example, counted from 0 in file order, of a step that every example has.
    prompt, hint: what the file says; "" where it leaves that to the step.
    line: where the entry stands in its file; None for one made in Python.
    """

    at: str
    after: int = 0
    example: int = 0
    prompt: str = ""
    hint: str = ""
    line: int | None = None


class LayerShape(Struct, frozen=True):
    """The names of one layer. Row j of `weights` holds the weights into neuron j; `biases` is () where it has none.

    exponentials, shared: of a softmax what stands between its pre-activations and its activations: one node for each
        neuron; and those for all of them, the sum last. Other layers have none.
    """

    pre_activations: tuple[str, ...]
    activations: tuple[str, ...]
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...]
    activation: str
    exponentials: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def neurons(self) -> int:
        """How many neurons the layer has."""
        return len(self.activations)

    @property
    def nodes(self) -> tuple[str, ...]:
        """All its nodes."""
        return (*self.pre_activations, *self.shared, *self.exponentials, *self.activations)


class NetworkShape(Struct, frozen=True):
    """Which of a scenario's names form the layers of a network: what the graph picture draws, and what large networks
    are computed by. `targets` may be (), and `cost` "", where equations beside it make the loss; `kind_of_cost` is what
    the file calls it, such as `squared_error`."""

    inputs: tuple[str, ...]
    layers: tuple[LayerShape, ...]
    targets: tuple[str, ...]
    cost: str
    kind_of_cost: str


class Scenario(Struct, frozen=True):
    """A lesson, or a training problem: equations, the numbers they start from, and how they are trained.

    title: one line.
    equations: expressions by name, in file order; they have no cycle, and use no name that is not given here. Given as
        any mapping, they are kept as `Equations`.
    loss: the equation that is differentiated.
    inputs: the names that the data gives; `examples` has their values in the same order, one tuple for each example.
    words: the word that an input is 1 for, where the data made inputs of a column of words.
    learning_rate: η, a number, or an expression of k (the iteration, counted from 0) and constants; None: a pure
        derivative lesson, nothing is updated.
    optimizer: how a gradient becomes an update.
    weight_decay: λ, how much of a parameter is added to its gradient; None where the file says nothing of it.
    iterations: where "run to the end" stops.
    batch: how many examples one update sees; None: all. Every pass over the examples begins at the first one, and its
        last batch is what is left of it.
    wraps: whether there are no passes: batches go on from the first example without an end.
    shuffle: the seed of the order that every pass takes the examples in, each another one; None: file order.
    frozen: parameters that are differentiated but never updated, in file order.
    notes: a sentence for a name, shown while a step is on it.
    questions: what the learner is asked, in file order.
    start: the place where the stepper opens: an iteration, a step of it, or a name; "" for the first step.
    slip: the slip that the stepper makes in a run beside the right one, and opens; None for no such run.
    name: what the file is called, without its ending. file: its path as it was given, "-" for standard input.
    given: the numbers that were put in place of the file's.
    """

    title: str
    parameters: Mapping[str, float]
    equations: Equations
    loss: str
    summary: str = ""
    constants: Mapping[str, float] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    examples: tuple[tuple[float, ...], ...] = ((),)
    learning_rate: float | Expression | None = None
    optimizer: Optimizer = DESCENT
    weight_decay: float | None = None
    iterations: int = DEFAULT_ITERATIONS
    reduction: Reduction = "mean"
    batch: int | None = None
    wraps: bool = False
    shuffle: int | None = None
    frozen: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    expectations: tuple[Expectation, ...] = ()
    questions: tuple[Question, ...] = ()
    network: NetworkShape | None = None
    start: str = ""
    slip: WantedSlip | None = None
    name: str = ""
    file: str = ""
    given: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _freeze(self, "constants", "parameters", "notes", "words", "given")
        if not isinstance(self.equations, Equations):
            force_setattr(self, "equations", Equations(dict(self.equations)))

    @staticmethod
    def from_dict(fields: Mapping[str, Any]) -> Scenario:
        """The scenario with the fields that a file would have; numbers may be numpy's, lists tuples or arrays.

        Raises ScenarioError.
        """
        # What reads scenarios makes them of this; so it comes when it is asked for.
        from tui_backprop.scenario.from_python import scenario_from_dict

        return scenario_from_dict(fields)

    @staticmethod
    def from_layers(
        *,
        weights: Iterable[Any],
        activations: Iterable[str],
        cost: str,
        inputs: Any,
        targets: Any,
        biases: Iterable[Any] | None = None,
        learning_rate: float | None = None,
        **fields: Any,
    ) -> Scenario:
        """The scenario of a network of layers, from arrays.

        weights: for each layer an array, row j of which goes into neuron j. biases: for each layer an array, or None
            for a layer that has none; None: no layer has any. activations: for each layer its name.
        inputs, targets: a row for each example; arrays of one dimension are one example.
        fields: others that a file may have, such as `title`, `optimizer`, `iterations` or `batch`.

        Raises ScenarioError, also where shapes do not fit.
        """
        from tui_backprop.scenario.from_python import scenario_from_layers

        return scenario_from_layers(weights, biases, activations, cost, inputs, targets, learning_rate, **fields)

    def __repr__(self) -> str:
        counted = f"{len(self.parameters):,} parameters, {len(self.examples):,} examples"
        return f"<Scenario {self.title!r}: {counted}, loss {self.loss}>"

    def with_values(self, settings: Mapping[str, float]) -> Scenario:
        """The same scenario with other numbers for parameters, constants or `learning_rate`.

        Raises UsageError for a name that is none of these, and for a number that cannot stand there.
        """
        changed: dict[str, Any] = {}
        for name, value in settings.items():
            if not math.isfinite(value):
                raise UsageError(f"{shown(name)} cannot be {full(value)}: it must be a finite number")
            group = next((group for group in ("parameters", "constants") if name in getattr(self, group)), None)
            if group is not None:
                changed.setdefault(group, dict(getattr(self, group)))[name] = float(value)
            elif name == "learning_rate":
                if value <= 0:
                    raise UsageError(f"learning_rate cannot be {full(value)}: it must be greater than 0")
                changed["learning_rate"] = float(value)
            else:
                raise UsageError(self._not_settable(name))
        other = replace(self, **changed)
        other._check_rate()
        return other

    def opened_with(self, settings: Mapping[str, float]) -> Scenario:
        """The same, and `given` says so: what opens the file again puts these numbers in again."""
        return replace(self.with_values(settings), given={**self.given, **settings})

    def _check_rate(self) -> None:
        rate = self.learning_rate
        if rate is None or isinstance(rate, float | int):
            return
        first = rate_at(rate, self.constants, 0)
        if not 0 < first < math.inf:
            raise UsageError(f"the learning rate would be {full(first)} in iteration 0: it must be greater than 0")

    def _not_settable(self, name: str) -> str:
        settable = [*self.parameters, *self.constants, "learning_rate"]
        what = (
            f"{name} is computed by an equation"
            if name in self.equations
            else f"{name} is an input that the data gives"
            if name in self.inputs
            else f"there is no parameter or constant '{shown(name)}'"
        )
        return f"{what}; {did_you_mean(name, settable, f'what can be set is {listed(settable)}')}"


def _freeze(record: Struct, *fields: str) -> None:
    for name in fields:
        force_setattr(record, name, MappingProxyType(dict(getattr(record, name))))
