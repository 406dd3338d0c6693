"""The slips from which given gradients follow: one at one place, in one layer, everywhere, then two together.

Nothing is tried at length: a slip changes only what lies behind it, and the first number that does not fit ends it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.explain.slipped_run import layout_of, place_name
from tui_backprop.explain.slips import SLIPS, Site, Slip, slipped_trees
from tui_backprop.maths.expression import Expression
from tui_backprop.record.slipped_pass import RightNumbers, SlippedBackward
from tui_backprop.record.step_layout import Entry

SECONDS = 1.5
"""How long slips are looked for."""

_GOING_BACK = ("factor", "gradient", "mean")
_RANK = {name: place for place, name in enumerate(SLIPS)}


class Made(Struct, frozen=True):
    """A slip made at some places: the trees that their steps compute."""

    slip: Slip
    trees: Mapping[Entry, Expression]

    def at(self, graph: Graph) -> tuple[str, ...]:
        """The names of its places, in the order of the backward pass."""
        return tuple(place_name(graph, entry) for entry in self.trees)


class OutOfTimeError(Exception):
    """The search has used up its time."""


class Search:
    """A search for the slips behind some gradients of an iteration.

    given: the gradients, reduced over the examples. agrees: whether one of them is a number, by its name.
    wrong: those that are not the right ones, at least one, in the order of the backward pass.
    """

    def __init__(
        self,
        site: Site,
        right: RightNumbers,
        given: Collection[str],
        agrees: Callable[[str, float], bool],
        wrong: tuple[str, ...],
        deadline: float,
    ) -> None:
        self.gave_up = False
        self._site = site
        self._right = right
        self._given = given
        self._agrees = agrees
        self._wrong = frozenset(wrong)
        self._first, self._last = wrong[0], wrong[-1]
        self._deadline = deadline
        self._ways: dict[tuple[str, Entry], tuple[Expression, ...]] = {}
        layout = layout_of(site)
        self._entries = [
            entry for part in (layout.per_example, layout.tail) for entry in part if entry.kind in _GOING_BACK
        ]

    def found(self) -> list[tuple[Made, ...]]:
        """What explains everything: first the slips that stand alone, in the fewest places first, then the more
        specific, then those that come first going back. Pairs where none does."""
        complete: list[Made] = []
        partial: list[tuple[Made, str]] = []
        wide: list[Made] = []
        try:
            above = reached_from(self._site.graph, self._first) & reached_from(self._site.graph, self._last)
            for made in self._singly(above):
                self._sort_in(made, complete, partial)
            wide.extend(self._widely())
            for made in wide:
                self._sort_in(made, complete, partial)
        except OutOfTimeError:
            self.gave_up = True
        if complete:
            return [(made,) for made in sorted(complete, key=self._order)]
        try:
            return [] if self.gave_up or len(self._wrong) < 2 else self._in_pairs(partial, wide)
        except OutOfTimeError:
            self.gave_up = True
            return []

    def _order(self, made: Made) -> tuple[bool, int, int]:
        is_usual = all(made.slip.is_usual(self._site, entry) for entry in made.trees)
        return not is_usual, len(made.trees), _RANK[made.slip.name]

    def _sort_in(self, made: Made, complete: list[Made], partial: list[tuple[Made, str]]) -> None:
        stopped = self._first_that_fails(made.trees)
        if stopped is None:
            complete.append(made)
        elif stopped != self._first:
            partial.append((made, stopped))

    def _first_that_fails(self, trees: Mapping[Entry, Expression]) -> str | None:
        """The first given gradient that does not follow from the trees; None where all do."""
        if time.monotonic() > self._deadline:
            raise OutOfTimeError
        backward = SlippedBackward(self._right, trees)
        met: set[str] = set()
        places = self._site.graph.backward_places
        means = sorted((entry.name for entry in trees if entry.kind == "mean" and entry.name), key=places.__getitem__)
        for name in (*backward.names(), *means) if means else backward.names():
            if name in self._given:
                met.add(name)
                if not self._agrees(name, backward.reduced(name)):
                    return name
        missed = self._wrong - met
        return min(missed, key=lambda name: places.get(name, -1)) if missed else None

    # --- where slips may be

    def _trees(self, slip: Slip, entry: Entry) -> tuple[Expression, ...]:
        key = (slip.name, entry)
        if key not in self._ways:
            if time.monotonic() > self._deadline:
                raise OutOfTimeError
            self._ways[key] = slipped_trees(slip, self._site, entry)
        return self._ways[key]

    def _singly(self, names: Collection[str]) -> Iterator[Made]:
        """Every slip at one place, at the factors and sums of these names."""
        for entry in self._entries:
            if entry.name and entry.name in names:
                for slip in SLIPS.values():
                    yield from (Made(slip, {entry: tree}) for tree in self._trees(slip, entry))

    def _widely(self) -> Iterator[Made]:
        """Every slip in one layer, and everywhere."""
        groups: dict[Hashable, list[Entry]] = {}
        roles = _roles(self._site)
        for entry in self._entries:
            for group in _groups(self._site, roles, entry) if entry.name else ():
                groups.setdefault(group, []).append(entry)
        for slip in SLIPS.values():
            known: set[tuple[int, frozenset[Entry]]] = set()
            usual = {entry: None for entry in self._entries if entry.name and slip.is_usual(self._site, entry)}
            for entries in (*([entry for entry in group if entry in usual] for group in groups.values()), usual):
                ways = {entry: found for entry in entries if (found := self._trees(slip, entry))}
                for way in range(max(map(len, ways.values()), default=0)):
                    trees = {entry: found[way] for entry, found in ways.items() if way < len(found)}
                    key = (way, frozenset(trees))
                    if len(trees) > 1 and key not in known:
                        known.add(key)
                        yield Made(slip, trees)

    def _in_pairs(self, partial: list[tuple[Made, str]], wide: list[Made]) -> list[tuple[Made, ...]]:
        """Two slips together: wide ones with each other, then those that explain the beginning with any other."""
        found: list[tuple[Made, ...]] = []
        for one in wide:
            found.extend(pair for two in wide if (pair := self._pair(one, two)) is not None)
        for one, stopped in partial:
            others = (*self._singly(reached_from(self._site.graph, stopped)), *wide)
            found.extend(pair for two in others if (pair := self._pair(one, two)) is not None)
        return sorted(found, key=lambda pair: sum(len(made.trees) for made in pair))

    def _pair(self, one: Made, two: Made) -> tuple[Made, ...] | None:
        if one.slip is two.slip:
            return None
        trees = {**one.trees}
        for entry, tree in two.trees.items():
            # Where both are made at one place, the second changes what the first has left.
            trees[entry] = tree if entry not in trees else self._on_top(two.slip, entry, trees[entry])
        return (one, two) if self._first_that_fails(trees) is None else None

    def _on_top(self, slip: Slip, entry: Entry, tree: Expression) -> Expression:
        return next(iter(slip.trees(self._site, entry, tree)), tree)


def reached_from(graph: Graph, name: str) -> set[str]:
    """A name and all nodes on the way from it to the loss: where a slip has to be that changes its gradient."""
    reached, unfinished = {name}, [name]
    while unfinished:
        new = [user for user in graph.consumers.get(unfinished.pop(), ()) if user not in reached]
        reached.update(new)
        unfinished.extend(new)
    return reached


def _roles(site: Site) -> Mapping[str, tuple[int, str]]:
    """For each name of a network its layer, and what it is there."""
    found: dict[str, tuple[int, str]] = {}
    for number, layer in enumerate(site.network.layers if site.network else ()):
        found.update(dict.fromkeys(layer.pre_activations, (number, "z")))
        found.update(dict.fromkeys(layer.activations, (number, "a")))
        found.update(dict.fromkeys(layer.biases, (number, "b")))
        for row in layer.weights:
            found.update(dict.fromkeys(row, (number, "w")))
    return found


def _groups(site: Site, roles: Mapping[str, tuple[int, str]], entry: Entry) -> Iterator[Hashable]:
    """The layers that a place belongs to: as a whole, by what it is in them, and by what it is alone. Without a
    network a layer is one equation."""
    through = (entry.of,) if entry.of else site.graph.consumers.get(entry.name, ())
    layer, role = roles.get(entry.of or entry.name, (through, ""))
    of_name = roles.get(entry.name, ((), "w" if entry.name in site.graph.parameter_places else "a"))[1]
    yield from ((entry.kind, layer), (entry.kind, layer, role, of_name), (entry.kind, role, of_name))
