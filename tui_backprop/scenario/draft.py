"""What has been read of a scenario so far: what every name is, and where it is used."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial

from msgspec import Struct, field

from tui_backprop.errors import Place
from tui_backprop.maths.expression import Expression
from tui_backprop.scenario.csv_table import Table
from tui_backprop.scenario.equations import WeightedSum
from tui_backprop.scenario.fields import read_name
from tui_backprop.scenario.look_alikes import difference, looks
from tui_backprop.scenario.model import NetworkShape
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.tree import Scalar

CONSTANT, PARAMETER, INPUT, EQUATION = "a constant", "a parameter", "an input", "an equation"
"""What a name can be."""


class Definition(Struct, frozen=True):
    """What a name is ("a parameter"), and where that is said."""

    kind: str
    place: Place


class Draft(Struct):
    """A scenario in the making. The only record here that changes; it lives as long as the reading of one file.

    table: the table in a file that the data names, and `table_place` where it does.
    columns: those of its columns that are inputs: the ones that the data names; None where it names none, until all
        equations are there.
    one_hot: its columns that become an input for each word, with their words; `words`: these inputs with their word.
    example_count: how many examples there are, also where some of them are wrong; None where that cannot be said.
    complete: every section that gives names could be read as such; where not, that a name is missing means nothing.
    equations_read: every equation is an expression; where not, that a name is unused means nothing.
    names_by_looks: the first of all names that look alike.
    refused: names that could not be given, and their parts: what is wrong about their use follows from that.
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
    names_by_looks: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    operands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uses: list[tuple[str, str, Place]] = field(default_factory=list)
    has_data: bool = False
    table: Table | None = None
    table_place: Place | None = None
    columns: tuple[str, ...] | None = None
    one_hot: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    example_count: int | None = 1
    complete: bool = True
    equations_read: bool = True

    def define(self, name: str, kind: str, place: Place) -> bool:
        """Give a name to something; False, with a problem noted, where something has it already."""
        first_name = self.names_by_looks.setdefault(looks(name), name)
        first = self.definitions.get(first_name)
        if first is None:
            self.definitions[name] = Definition(kind, place)
            return True
        if first_name != name:
            message = f"'{shown(name)}' looks like the '{shown(first_name)}' in line {first.place.line}, "
            message += f"column {first.place.column}, and is another name: {difference(name, first_name)}"
            self.report.add(place, message, "write both with the same letters, or choose a name that looks different")
            return False
        same = first.kind == kind
        message = f"'{shown(name)}' is defined twice: it is {first.kind}{' already' if same else f' and {kind}'}"
        self.report.add(place, message, f"choose another name; the first is in line {first.place.line}")
        return False

    def take_name(self, scalar: Scalar, kind: str) -> str | None:
        """The name that stands there, given to something; None where it is refused, with a problem noted."""
        name = read_name(self.report, scalar)
        if name is not None and self.define(name, kind, scalar.place):
            return name
        # Where a name is refused, what uses it is not wrong as well; a-1 is used as a, and ŷ as no name at all.
        text = scalar.text
        self.refused.update((text, *re.findall(r"[^\W\d]\w*", text), *(sign for sign in text if not sign.isascii())))
        return None

    def define_all(self, names: Collection[str], kind: str, place: Place) -> list[str]:
        """Give many names, of plain letters, to things of one kind; those that were free, problems noted of others."""
        if self.names_by_looks.keys().isdisjoint(names):
            self.names_by_looks.update(zip(names, names, strict=True))
            self.definitions.update(dict.fromkeys(names, Definition(kind, place)))
            return list(names)
        return [name for name in names if self.define(name, kind, place)]

    def check_is_name(self, name: str, place: Place, what: str) -> None:
        """Note where something is about what is no name here: "a note on". Not where that may follow from another
        mistake."""
        if self.complete and name not in self.definitions and name not in self.refused:
            message = f"{what} '{shown(name)}', which is not a name in this scenario"
            self.report.add_unknown_name(place, message, name, partial(list[str], self.definitions), "the names are")

    def names_of(self, *kinds: str) -> list[str]:
        """The names of these kinds, in the order of the file."""
        return [name for name, definition in self.definitions.items() if definition.kind in kinds]
