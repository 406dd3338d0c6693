"""What has been read of a scenario so far, what is every name, and where is it used?"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct, field

from tui_backprop.errors import Place
from tui_backprop.maths.expression import Expression
from tui_backprop.scenario.equations import WeightedSum
from tui_backprop.scenario.model import NetworkShape
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.report import Report

CONSTANT, PARAMETER, INPUT, EQUATION = "a constant", "a parameter", "an input", "an equation"
"""What a name can be."""


class Definition(Struct, frozen=True):
    """What a name is ("a parameter"), and where that is said."""

    kind: str
    place: Place


class Draft(Struct):
    """A scenario in the making. The only record here that changes; it lives as long as the reading of one file.

    example_count: how many examples there are, also where some of them are wrong; None where that cannot be said.
    complete: every section that gives names could be read as such; where not, that a name is missing means nothing.
    equations_read: every equation is an expression; where not, that a name is unused means nothing.
    operands: for each equation the names it uses.
    uses: names that equations use, with their places in the file, in the order of the file.
    """

    report: Report
    constants: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    equations: dict[str, Expression | WeightedSum] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    examples: tuple[tuple[float, ...], ...] = ((),)
    network: NetworkShape | None = None
    definitions: dict[str, Definition] = field(default_factory=dict)
    operands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uses: list[tuple[str, str, Place]] = field(default_factory=list)
    has_data: bool = False
    example_count: int | None = 1
    complete: bool = True
    equations_read: bool = True

    def define(self, name: str, kind: str, place: Place) -> bool:
        """Give a name to something; False, with a problem noted, where something has it already."""
        first = self.definitions.get(name)
        if first is None:
            self.definitions[name] = Definition(kind, place)
            return True
        same = first.kind == kind
        message = f"'{shown(name)}' is defined twice: it is {first.kind}{' already' if same else f' and {kind}'}"
        self.report.add(place, message, f"choose another name; the first is in line {first.place.line}")
        return False

    def define_all(self, names: Collection[str], kind: str, place: Place) -> list[str]:
        """Give many names to things of one kind; those that were free, the others being noted as problems."""
        if self.definitions.keys().isdisjoint(names):
            self.definitions.update(dict.fromkeys(names, Definition(kind, place)))
            return list(names)
        return [name for name in names if self.define(name, kind, place)]

    def names_of(self, *kinds: str) -> list[str]:
        """The names of these kinds, in the order of the file."""
        return [name for name, definition in self.definitions.items() if definition.kind in kinds]
