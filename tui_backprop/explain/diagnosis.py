"""Where gradients that somebody else computed go wrong, and by which slip."""

from __future__ import annotations

import struct
import time
from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.errors import UsageError
from tui_backprop.explain.given_gradients import named_gradients
from tui_backprop.explain.slip_search import SECONDS, Made, Search, reached_from
from tui_backprop.explain.slipped_run import layout_of, place_name, right_numbers, site_of
from tui_backprop.explain.slips import Site
from tui_backprop.maths.partials import partial_name
from tui_backprop.numbers import for_json, full
from tui_backprop.record.history import History
from tui_backprop.record.slipped_pass import RightNumbers

_CLOSE, _SINGLE = 1e-6, 1e-4
"""How far apart, beside their size, two numbers may be that agree: in double precision, and in single precision."""

_DOUBLE_NOISE, _SINGLE_NOISE = 1e-12, 1e-7
"""The same beside the largest gradient: what cancellation leaves of numbers that ought to be 0."""

_DIGITS_OF_SINGLE = 9
_MOST_LISTED = 8
_MOST_LOOKED_AT = 1_000_000


class Difference(Struct, frozen=True):
    """A gradient that is not what it should be. ratio: given / right; None where the right one is 0."""

    name: str
    given: float
    right: float
    ratio: float | None


class FoundSlip(Struct, frozen=True):
    """A slip from which all that is given follows, where another one is made with it, together with that one.

    at: its place or places. explains: how many of the `of` given numbers agree with it.
    """

    name: str
    at: tuple[str, ...]
    explains: int
    of: int
    says: str


class Diagnosis(Struct, frozen=True):
    """What became of given gradients.

    agree: the names of those that are right. first: the earliest place going back from which what is wrong follows;
        "" where nothing is. is_single: whether some agree only in single precision. gave_up: whether time ran out.
    are_together: whether the first two slips are made together.
    """

    agree: tuple[str, ...]
    differ: tuple[Difference, ...]
    first: str = ""
    slips: tuple[FoundSlip, ...] = ()
    is_single: bool = False
    gave_up: bool = False
    are_together: bool = False

    def to_json(self) -> dict[str, Any]:
        """The document that `diagnose --format json` prints."""
        return {
            "schema": "backprop-tui/diagnosis/1",
            "agree": list(self.agree),
            "differ": [
                {
                    "name": one.name,
                    "given": for_json(one.given),
                    "right": for_json(one.right),
                    "ratio": None if one.ratio is None else for_json(one.ratio),
                }
                for one in self.differ
            ],
            "first": self.first or None,
            "slips": [
                {
                    "name": slip.name,
                    "at": slip.at[0] if len(slip.at) == 1 else list(slip.at),
                    "explains": slip.explains,
                    "of": slip.of,
                    "says": slip.says,
                }
                for slip in self.slips
            ],
        }


def diagnosed(history: History, given: Mapping[str, Any], iteration: int = 0, example: int | None = None) -> Diagnosis:
    """What is wrong with gradients of an iteration, of its batch or of one example: numbers by name, arrays by layer.

    Raises UsageError for names that are not there, shapes that do not fit, and an example that the iteration does not
    see; IndexError past the run's end.
    """
    numbers, misfits = named_gradients(history, given)
    if misfits:
        raise UsageError("\n".join(f"{misfit.message}; {misfit.help}" for misfit in misfits))
    return diagnosed_numbers(history, numbers, iteration, example)


def diagnosed_numbers(
    history: History, given: Mapping[str, float], iteration: int = 0, example: int | None = None
) -> Diagnosis:
    """The same for one number for each name, all of which have a gradient."""
    started = time.thread_time()
    batch = history.iteration(iteration).batch
    if example is not None and example not in batch:
        raise UsageError(f"iteration {iteration:,} has no example {example}; it sees {', '.join(map(str, batch[:8]))}")
    turn = None if example is None else batch.index(example)
    site, right = site_of(history, iteration), right_numbers(history, iteration, turn)
    if turn is not None:
        site = replace(site, size=1)
    return _Comparison(site, right, given, started + SECONDS).diagnosis()


class _Comparison:
    """The given numbers beside the right ones."""

    def __init__(self, site: Site, right: RightNumbers, given: Mapping[str, float], deadline: float) -> None:
        self._site = site
        self._right = right
        self._given = given
        self._deadline = deadline
        self._numbers = {name: _reduced(right, name) for name in given}
        self._largest = max(map(abs, self._numbers.values()), default=0.0)
        places = site.graph.backward_places
        self._order = sorted(given, key=lambda name: places.get(name, -1))

    def diagnosis(self) -> Diagnosis:
        """What is to be said of them."""
        wrong, single_wrong = self._wrong(_CLOSE), self._wrong(_SINGLE)
        if not wrong:
            return Diagnosis(tuple(self._given), ())
        looks_single = all(map(_looks_single, self._given.values()))
        if not looks_single:
            search, found = self._searched(wrong, _CLOSE)
            if found:
                return self._told(wrong, search, found)
        if not single_wrong:
            return Diagnosis(tuple(self._given), (), is_single=True)
        search, found = self._searched(single_wrong, _SINGLE)
        return replace(self._told(single_wrong, search, found), is_single=len(single_wrong) < len(wrong))

    def _wrong(self, tolerance: float) -> tuple[str, ...]:
        return tuple(name for name in self._order if not self._agrees(name, self._numbers[name], tolerance))

    def _agrees(self, name: str, number: float, tolerance: float) -> bool:
        given = self._given[name]
        apart = abs(given - number)
        if apart <= tolerance * max(abs(given), abs(number)):
            return True
        noise = _DOUBLE_NOISE if tolerance == _CLOSE or 0 in (given, number) else _SINGLE_NOISE
        return apart <= noise * self._largest

    def _searched(self, wrong: tuple[str, ...], tolerance: float) -> tuple[Search, list[tuple[Made, ...]]]:
        def agrees(name: str, number: float) -> bool:
            return self._agrees(name, number, tolerance)

        search = Search(self._site, self._right, self._given.keys(), agrees, wrong, self._deadline)
        return search, search.found()

    def _told(self, wrong: tuple[str, ...], search: Search, found: list[tuple[Made, ...]]) -> Diagnosis:
        graph, count = self._site.graph, len(self._given)
        listed = found[:1] if found and len(found[0]) > 1 else found[:_MOST_LISTED]
        slips = tuple(
            FoundSlip(made.slip.name, made.at(graph), count, count, made.slip.says)
            for group in listed
            for made in group
        )
        first = slips[0].at[0] if slips else _earliest(self._site, self._given.keys(), wrong)
        return Diagnosis(
            tuple(name for name in self._given if name not in wrong),
            tuple(self._difference(name) for name in wrong),
            first,
            slips,
            gave_up=search.gave_up,
            are_together=bool(listed) and len(listed[0]) > 1,
        )

    def _difference(self, name: str) -> Difference:
        given, right = self._given[name], self._numbers[name]
        return Difference(name, given, right, given / right if right else None)


def _reduced(right: RightNumbers, name: str) -> float:
    column = right.gradient(name)
    return right.plan.reduced(sum(column), len(column))


def _looks_single(number: float) -> bool:
    """Whether a number has no more digits than single precision has."""
    try:
        if struct.unpack("f", struct.pack("f", number))[0] == number:
            return True
    except OverflowError:
        return False
    digits = full(number).lstrip("-").partition("e")[0].replace(".", "").strip("0")
    return len(digits) <= _DIGITS_OF_SINGLE


def _earliest(site: Site, given: Collection[str], wrong: tuple[str, ...]) -> str:
    """The earliest factor or sum from which the wrong numbers follow and no right one does; else the first of them."""
    graph = site.graph
    if len(given) * len(graph.backward) > _MOST_LOOKED_AT:
        return partial_name(graph.loss, wrong[0])
    above = {name: reached_from(graph, name) for name in given}
    for needed in (wrong, wrong[:1]):
        fits = set.intersection(*(above[name] for name in needed))
        fits = fits.difference(*(above[name] for name in given if name not in wrong))
        for entry in layout_of(site).per_example:
            if entry.kind in ("factor", "gradient") and entry.name in fits:
                return place_name(graph, entry)
    return partial_name(graph.loss, wrong[0])
