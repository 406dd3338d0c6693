"""Equations by name, among them those of neurons, which are kept as data and written out when somebody looks at one.

A network of 91,000 weights has 600 equations; as trees they would take a hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from msgspec import Struct

from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.expression import ONE, Expression, Name, chained, multiply, names_in
from tui_backprop.maths.functions import CONSTANTS


class WeightedSum(Struct, frozen=True):
    """A neuron's pre-activation: every weight times its operand, added up, and the bias, where there is one.

    No name stands in it twice.
    """

    weights: tuple[str, ...]
    operands: tuple[str, ...]
    bias: str = ""

    def names(self) -> tuple[str, ...]:
        """The names in it, in order of appearance."""
        pairs = chain.from_iterable(zip(self.weights, self.operands, strict=True))
        return (*pairs, self.bias) if self.bias else tuple(pairs)

    def factor(self, name: str) -> Expression:
        """Its derivative for one of its names: what the name is multiplied by. Raises KeyError for other names."""
        if name == self.bias:
            return ONE
        for one, other in ((self.weights, self.operands), (self.operands, self.weights)):
            if name in one:
                return Name(other[one.index(name)])
        raise KeyError(name)

    def value(self, values: Mapping[str, Any]) -> Any:
        """The sum for these values, numbers or arrays of them: what its tree gives, in the same order."""
        total, *others = [values[w] * values[a] for w, a in zip(self.weights, self.operands, strict=True)]
        for product in others:
            total = total + product
        return total + values[self.bias] if self.bias else total

    def written_out(self) -> Expression:
        """The sum as a tree."""
        terms: list[Expression] = [multiply(Name(w), Name(a)) for w, a in zip(self.weights, self.operands, strict=True)]
        return chained("+", [*terms, Name(self.bias)] if self.bias else terms)


# A screen asks for the same few again and again.
_written_out = lru_cache(maxsize=16)(WeightedSum.written_out)


class Equations(Mapping[str, Expression]):
    """Expressions by name, in order. `entries` has them as they are kept, `sums` those that are weighted sums."""

    def __init__(self, entries: Mapping[str, Expression | WeightedSum]) -> None:
        self.entries = entries
        self.sums = {name: entry for name, entry in entries.items() if isinstance(entry, WeightedSum)}

    def __getitem__(self, name: str) -> Expression:
        entry = self.entries[name]
        return _written_out(entry) if isinstance(entry, WeightedSum) else entry

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def value(self, name: str, values: Mapping[str, float]) -> float:
        """What an equation gives for these names, as `evaluate` has it of its tree: to the last bit."""
        entry = self.entries[name]
        return float(entry.value(values)) if isinstance(entry, WeightedSum) else evaluate(entry, values)

    def operands(self, name: str) -> tuple[str, ...]:
        """The names that an equation uses, in order of appearance, without pi and e."""
        entry = self.entries[name]
        if isinstance(entry, WeightedSum):
            return entry.names()
        return tuple(used for used in names_in(entry) if used not in CONSTANTS)
