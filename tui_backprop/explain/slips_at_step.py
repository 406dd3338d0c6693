"""The wrong numbers of a step: what each slip that can happen there, or on the way to it, would give as its number."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from tui_backprop.explain.slipped_run import layout_of, place_name, right_numbers, site_of
from tui_backprop.explain.slips import SLIPS, Site, Slip, slipped_trees
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.record.history import History
from tui_backprop.record.slipped_pass import SUM, RightNumbers, SlippedBackward, Trees, reads_updated
from tui_backprop.record.step import Step
from tui_backprop.record.step_layout import Entry

_MOST_NUMBERS = 2_000
"""Where more factors and sums than this lead to a gradient, those of each example counted, only its own are looked at
one by one."""

_SAME = 1e-9


class Wrong(Struct, frozen=True):
    """What a slip gives in place of a step's number.

    at: the name of the factor, sum or update where it happens, of several the first on the way back: ∂a/∂z, ∂L/∂w,
        mean w, update w; of a value the node.
    """

    slip: Slip
    number: float
    at: str


def wrong_numbers(history: History, iteration: int, index: int) -> tuple[Wrong, ...]:
    """What slips would give for the step at an index of an iteration: first those in the fewest places, then the more
    specific. None of them is the right number, and no slip comes twice with the same number."""
    layout, site = history.layout(iteration), site_of(history, iteration)
    step = history.steps(iteration)[index]
    goes_back = step.kind in ("factor", "gradient") or (step.kind == "mean" and step.name)
    if goes_back:
        turn = layout.turn(index)
        right = right_numbers(history, iteration, turn)
        batch = right if turn is None else right_numbers(history, iteration)
        found = [*_going_back(site, _RightOnes(right, batch, turn), step.entry)]
    else:
        found = [*_alone(site, step)]
    wrong: dict[tuple[str, float], Wrong] = {}
    for one in found:
        if _differs(one.number, step.value):
            wrong.setdefault((one.slip.name, one.number), one)
    return tuple(wrong.values())


class _RightOnes(Struct, frozen=True):
    """The right numbers of one example, by its turn, and of the whole batch; turn None: of the batch alone."""

    own: RightNumbers
    batch: RightNumbers
    turn: int | None

    def with_slips(self, trees: Trees, entry: Entry) -> float:
        """What a step of the backward pass gives with these trees."""
        # What is updated is so by the gradients of all examples.
        needs_batch = self.turn is not None and any(map(reads_updated, trees.values()))
        backward = SlippedBackward(self.batch if needs_batch else self.own, trees)
        for name in backward.names():
            if name == entry.name:
                break
        if entry.kind == "mean":
            return backward.reduced(entry.name)
        at = self.turn if needs_batch and self.turn is not None else 0
        return (backward.factor(entry.of, entry.name) if entry.of else backward.gradient(entry.name))[at]


def _differs(number: float, right: float) -> bool:
    return math.isfinite(number) and abs(number - right) > _SAME * max(abs(number), abs(right))


def _alone(site: Site, step: Step) -> Iterator[Wrong]:
    """Slips in a step that stands for itself: a value, the mean of the loss, a line of an update."""
    numbers = {SUM.name: math.fsum(step.numbers.values())} if step.kind == "mean" else step.numbers
    for slip in SLIPS.values():
        for tree in slipped_trees(slip, site, step.entry):
            yield Wrong(slip, evaluate(tree, numbers), place_name(site.graph, step.entry))


def _going_back(site: Site, numbers: _RightOnes, entry: Entry) -> Iterator[Wrong]:
    """Slips in a step of the backward pass, or in one on the way from the loss to it; then those in all at once."""
    before = [] if entry.kind == "factor" else _before(site, entry)
    own = [entry, *(place for place in before if place.name == entry.name)]
    if len(before) * len(numbers.own.passes) <= _MOST_NUMBERS:
        own += [place for place in before if place.name != entry.name]
    for slip in SLIPS.values():
        for place in own:
            for tree in slipped_trees(slip, site, place):
                yield Wrong(slip, numbers.with_slips({place: tree}, entry), place_name(site.graph, place))
    for slip in SLIPS.values():
        usual = [place for place in (*before, entry) if place.kind in slip.kinds and slip.is_usual(site, place)]
        ways = {place: trees for place in usual if (trees := slipped_trees(slip, site, place))}
        for way in range(max(map(len, ways.values()), default=0)):
            changed = {place: trees[way] for place, trees in ways.items() if way < len(trees)}
            if len(changed) > 1:
                yield Wrong(slip, numbers.with_slips(changed, entry), place_name(site.graph, next(iter(changed))))


def _before(site: Site, entry: Entry) -> list[Entry]:
    """The factors and sums on the way from the loss to a gradient or its mean, in the order of the backward pass."""
    graph = site.graph
    reached, unfinished = {entry.name}, [entry.name]
    while unfinished:
        new = [user for user in graph.consumers.get(unfinished.pop(), ()) if user not in reached]
        reached.update(new)
        unfinished.extend(new)
    entries = layout_of(site).per_example
    return [
        place for place in entries if place.kind in ("factor", "gradient") and place.name in reached and place != entry
    ]
