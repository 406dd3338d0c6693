"""A step: one number of an iteration, the tree that gives it, and the numbers put in. One record for all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tui_backprop.maths.expression import Call, Expression, Name, flattened, names_in
from tui_backprop.maths.partials import partial_name, parts_of_partial
from tui_backprop.maths.writing import PLAIN, write
from tui_backprop.numbers import for_json
from tui_backprop.record.step_layout import Entry, Kind, Phase
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.optimizers import PARAMETER, RATE

_LONGEST_FORMULA = 80


class Term(Struct, frozen=True):
    """One addend of a gradient: the node it comes through, that node's gradient, the factor, and their product."""

    through: str
    upstream: float
    factor: float
    product: float


class Step(Struct, frozen=True):
    """One number of an iteration.

    index: its place in the iteration, counted from 0.
    entry: what kind of step it is, and of what.
    example: the number of the example it belongs to, counted from 0 in file order; None after the last example.
    tree: what is computed; evaluated with `numbers` it gives `value` (the last bits of a sum over many examples aside).
    numbers: every name of the tree with its number; derivatives have the names that `partial_name` makes.
    value: what comes out.
    before: what an update replaces; None where nothing is replaced.
    line: the left side of an update's line in the words of its optimizer: `v`, `w`; `eta` for the learning rate.
    is_direct: whether a factor of the loss is only a part of the gradient that is written in the same way.
    """

    index: int
    entry: Entry
    example: int | None
    tree: Expression
    numbers: Mapping[str, float]
    value: float
    before: float | None = None
    line: str = ""
    is_direct: bool = False

    @property
    def kind(self) -> Kind:
        """What kind of number it is."""
        return self.entry.kind

    @property
    def phase(self) -> Phase:
        """The phase it belongs to."""
        return self.entry.phase

    @property
    def name(self) -> str:
        """The node or parameter that it is about; "" for the mean of the loss."""
        return self.entry.name

    @property
    def of(self) -> str:
        """A factor's node: it is the derivative of that one with respect to `name`."""
        return self.entry.of

    @property
    def terms(self) -> tuple[Term, ...]:
        """The addends of a gradient, in order; none where no path leads to the loss."""
        return tuple(_term(part, self.numbers) for part in flattened(self.tree, "+") if isinstance(part, Call))

    @property
    def raw_gradient(self) -> float:
        """Of a parameter's update, its gradient as the backward pass left it."""
        return next(number for name, number in self.numbers.items() if parts_of_partial(name))

    def __repr__(self) -> str:
        return f"<Step {self.index}: {self.title} = {shown(write(self.tree), _LONGEST_FORMULA)} = {self.value}>"

    def _repr_html_(self) -> str:
        """For notebooks."""
        from tui_backprop.record.notebook import step_html

        return step_html(self)

    @property
    def title(self) -> str:
        """Its kind and what it is of: value a, factor ∂a/∂z, gradient a, mean loss, update w."""
        return f"{self.kind} {partial_name(self.of, self.name) if self.of else self.name or 'loss'}"

    def to_json(self) -> dict[str, Any]:
        """The step as `steps --format json` prints it."""
        return {"index": self.index, "phase": self.phase, "kind": self.kind, **_JSON[self.kind](self)}


def _term(product: Call, numbers: Mapping[str, float]) -> Term:
    upstream, factor = (argument.name for argument in product.arguments if isinstance(argument, Name))
    parts = parts_of_partial(factor)
    assert parts is not None
    return Term(parts[0], numbers[upstream], numbers[factor], numbers[upstream] * numbers[factor])


def _written(step: Step) -> dict[str, Any]:
    return {
        "formula": write(step.tree),
        "substituted": write(step.tree, PLAIN, step.numbers),
        "value": for_json(step.value),
    }


def _value(step: Step) -> dict[str, Any]:
    return {"example": step.example, "node": step.name, **_written(step)}


def _seed(step: Step) -> dict[str, Any]:
    return {"example": step.example, "node": step.name, "value": step.value}


def _factor(step: Step) -> dict[str, Any]:
    return {"example": step.example, "of": step.of, "wrt": step.name, **_written(step)}


def _gradient(step: Step) -> dict[str, Any]:
    terms = [
        {
            "through": term.through,
            "upstream": for_json(term.upstream),
            "factor": for_json(term.factor),
            "product": for_json(term.product),
        }
        for term in step.terms
    ]
    return {"example": step.example, "node": step.name, "terms": terms, "value": for_json(step.value)}


def _mean(step: Step) -> dict[str, Any]:
    terms = [for_json(number) for number in step.numbers.values()]
    return {"of": step.name or "loss", "terms": terms, "value": for_json(step.value)}


def _update(step: Step) -> dict[str, Any]:
    names = {name: step.numbers[name] for name in names_in(step.tree) if name in step.numbers}
    is_last = step.line == PARAMETER
    made_of = {"gradient": step.raw_gradient, "learning_rate": step.numbers[RATE]} if is_last else {}
    return {
        "parameter": step.name or None,
        "before": None if step.before is None else for_json(step.before),
        **{name: for_json(number) for name, number in made_of.items()},
        "after": for_json(step.value),
        "line": step.line,
        "formula": write(step.tree),
        "names": {name: for_json(number) for name, number in names.items()},
        "substituted": write(step.tree, PLAIN, step.numbers),
    }


_JSON = {
    "value": _value,
    "seed": _seed,
    "factor": _factor,
    "gradient": _gradient,
    "mean": _mean,
    "update": _update,
}
"""What each kind says in JSON beside its place, kind and phase."""
