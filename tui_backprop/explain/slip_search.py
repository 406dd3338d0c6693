"""The slips from which given gradients follow: one at one place, in one layer, everywhere, then two together.

Nothing is tried at length: a slip changes only what lies behind it, and the first number that does not fit ends it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from tui_backprop.engine.graph import Graph
from tui_backprop.explain.slipped_run import layout_of, place_name
from tui_backprop.explain.slips import SLIPS, Site, Slip, slipped_trees
from tui_backprop.maths.expression import Expression
from tui_backprop.record.slipped_pass import RightNumbers, SlippedBackward, SlippedNumbers, Trees
from tui_backprop.record.step_layout import Entry

SECONDS = 1.5
"""How long slips are looked for: in work of this process, so that a busy machine finds no less."""

_MOST_WAYS = 2
"""In how many ways a slip is tried where it is made at several places, in the same way at each."""

_GOING_BACK = ("factor", "gradient", "mean")
_RANK = {name: place for place, name in enumerate(SLIPS)}


class Made(Struct, frozen=True):
    """A slip made at some places: the trees that their steps compute."""

    slip: Slip
    trees: Trees
    is_everywhere: bool = False

    def at(self, graph: Graph) -> tuple[str, ...]:
        """The names of its places, in the order of the backward pass."""
        return tuple(place_name(graph, entry) for entry in self.trees)


class _World(Struct, frozen=True):
    """Numbers to which slips are added, and the given gradients that these numbers do not have."""

    numbers: RightNumbers
    wrong: frozenset[str]


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
        self._wrong = wrong
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
        start = _World(self._right, frozenset(self._wrong))
        try:
            graph = self._site.graph
            for made in self._singly(reached_from(graph, self._wrong[0]) & reached_from(graph, self._wrong[-1])):
                self._sort_in(start, made, complete, partial)
            wide.extend(self._widely())
            for made in wide:
                self._sort_in(start, made, complete, partial)
            if not complete and len(self._wrong) > 1:
                return self._in_pairs(partial, wide)
        except OutOfTimeError:
            self.gave_up = True
        return [(made,) for made in sorted(complete, key=self._order)]

    def _order(self, made: Made) -> tuple[bool, int, int]:
        is_usual = all(made.slip.is_usual(self._site, entry) for entry in made.trees)
        return not is_usual, len(made.trees), _RANK[made.slip.name]

    def _sort_in(self, start: _World, made: Made, complete: list[Made], partial: list[tuple[Made, str]]) -> None:
        stopped = self._first_that_fails(start, made.trees)
        if stopped is None:
            complete.append(made)
        elif stopped != self._wrong[0]:
            partial.append((made, stopped))

    def _first_that_fails(self, world: _World, trees: Trees) -> str | None:
        """The first given gradient that does not follow where these trees are added to what is there; None where all
        do."""
        if time.thread_time() > self._deadline:
            raise OutOfTimeError
        backward = SlippedBackward(world.numbers, trees)
        met: set[str] = set()
        places = self._site.graph.backward_places
        means = sorted((entry.name for entry in trees if entry.kind == "mean"), key=places.__getitem__)
        for name in chain(backward.names(), means):
            if name in self._given and name not in met:
                met.add(name)
                if not self._agrees(name, backward.reduced(name)):
                    return name
        missed = world.wrong - met
        return min(missed, key=lambda name: places.get(name, -1)) if missed else None

    # --- where slips may be

    def _trees(self, slip: Slip, entry: Entry) -> tuple[Expression, ...]:
        key = (slip.name, entry)
        if key not in self._ways:
            if time.thread_time() > self._deadline:
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
            for entries in (usual, *([entry for entry in group if entry in usual] for group in groups.values())):
                ways = {entry: found for entry in entries if (found := self._trees(slip, entry))}
                for way in range(min(_MOST_WAYS, max(map(len, ways.values()), default=0))):
                    trees = {entry: found[way] for entry, found in ways.items() if way < len(found)}
                    key = (way, frozenset(trees))
                    if len(trees) > 1 and key not in known:
                        known.add(key)
                        yield Made(slip, trees, entries is usual)

    def _in_pairs(self, partial: list[tuple[Made, str]], wide: list[Made]) -> list[tuple[Made, ...]]:
        """Two slips together: those that are made everywhere or at the loss, which may only together explain the
        beginning; then the one that leads on farthest with any other."""
        graph, places = self._site.graph, self._site.graph.backward_places
        at_the_loss = self._singly([name for name in graph.operands[graph.loss] if graph.has_gradient(name)])
        core = [*at_the_loss, *(made for made in wide if made.is_everywhere)]
        for place, one in enumerate(core):
            world = self._world(one)
            for two in core[place + 1 :]:
                pair = self._pair(world, one, two)
                if pair is not None:
                    return [pair]
        for one, stopped in sorted(partial, key=lambda pair: -places.get(pair[1], -1)):
            world = self._world(one)
            others = chain(wide, self._singly(reached_from(graph, stopped)))
            found = [pair for two in others if (pair := self._pair(world, one, two)) is not None]
            if found:
                return sorted(found, key=lambda pair: sum(len(made.trees) for made in pair))
        return []

    def _world(self, made: Made) -> _World:
        backward = SlippedBackward(self._right, made.trees).computed()
        wrong = frozenset(name for name in self._given if not self._agrees(name, backward.reduced(name)))
        return _World(SlippedNumbers(backward), wrong)

    def _pair(self, world: _World, one: Made, two: Made) -> tuple[Made, ...] | None:
        if one.slip is two.slip:
            return None
        # Where both are made at one place, the second changes what the first has left.
        trees = {
            entry: tree if entry not in one.trees else self._on_top(two.slip, entry, one.trees[entry])
            for entry, tree in two.trees.items()
        }
        return (one, two) if self._first_that_fails(world, trees) is None else None

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
