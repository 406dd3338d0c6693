"""The lowest and the highest loss between two iterations, without looking at every loss between them."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import NamedTuple

LOSSES_PER_BLOCK = 128
"""How many losses the lowest level sums up in one entry. With three numbers for each it takes 2.7 % of the losses."""

_ENTRIES_PER_ENTRY_ABOVE = 8


class Extremes(NamedTuple):
    """The lowest and the highest of some losses, and the lowest of those above 0.

    NaN counts as no loss. Where there is none, the lowest is infinite and the highest minus infinite.
    """

    lowest: float
    highest: float
    lowest_positive: float


NONE = Extremes(math.inf, -math.inf, math.inf)


class LossPyramid:
    """The extremes of blocks of losses, of blocks of such blocks, and so on up.

    losses: they may grow at their end, but never change. The pyramid follows when it is asked: a constant amount of
    work for each new loss, and none while nobody looks.
    """

    def __init__(self, losses: Sequence[float]) -> None:
        self._losses = losses
        self._levels: list[_Level] = [_Level()]

    def between(self, start: int, stop: int) -> Extremes:
        """The extremes of the losses from iteration `start` up to, but not including, `stop`."""
        first, end = -(-start // LOSSES_PER_BLOCK), stop // LOSSES_PER_BLOCK
        if first >= end:
            return _extremes(self._losses[start:stop])
        self._follow()
        parts = [
            _extremes(self._losses[start : first * LOSSES_PER_BLOCK]),
            _extremes(self._losses[end * LOSSES_PER_BLOCK : stop]),
        ]
        height = 0
        # A whole group of entries has an entry above it, so that there is a level above as long as there is a group.
        while (first_above := -(-first // _ENTRIES_PER_ENTRY_ABOVE)) < (end_above := end // _ENTRIES_PER_ENTRY_ABOVE):
            level = self._levels[height]
            parts.append(level.between(first, first_above * _ENTRIES_PER_ENTRY_ABOVE))
            parts.append(level.between(end_above * _ENTRIES_PER_ENTRY_ABOVE, end))
            first, end = first_above, end_above
            height += 1
        parts.append(self._levels[height].between(first, end))
        return _together(parts)

    @property
    def size(self) -> int:
        """How many numbers it keeps besides the losses themselves."""
        return sum(3 * len(level) for level in self._levels)

    def _follow(self) -> None:
        """Take in the blocks of losses that are complete by now."""
        blocks = self._levels[0]
        while (len(blocks) + 1) * LOSSES_PER_BLOCK <= len(self._losses):
            start = len(blocks) * LOSSES_PER_BLOCK
            blocks.append(_extremes(self._losses[start : start + LOSSES_PER_BLOCK]))
            self._sum_up()

    def _sum_up(self) -> None:
        """Hand a full group of entries to the level above, as often as that fills a group there."""
        place = 0
        while len(self._levels[place]) % _ENTRIES_PER_ENTRY_ABOVE == 0:
            level = self._levels[place]
            place += 1
            if place == len(self._levels):
                self._levels.append(_Level())
            self._levels[place].append(level.between(len(level) - _ENTRIES_PER_ENTRY_ABOVE, len(level)))


class _Level:
    """The extremes of equally many losses each, one entry after the other."""

    def __init__(self) -> None:
        self._lowest = array("d")
        self._highest = array("d")
        self._lowest_positive = array("d")

    def __len__(self) -> int:
        return len(self._lowest)

    def append(self, extremes: Extremes) -> None:
        self._lowest.append(extremes.lowest)
        self._highest.append(extremes.highest)
        self._lowest_positive.append(extremes.lowest_positive)

    def between(self, start: int, stop: int) -> Extremes:
        if start >= stop:
            return NONE
        return Extremes(
            min(self._lowest[start:stop]), max(self._highest[start:stop]), min(self._lowest_positive[start:stop])
        )


def _extremes(losses: Sequence[float]) -> Extremes:
    if math.isnan(sum(losses)):
        # Infinities of both signs have this sum too, and stay.
        losses = [loss for loss in losses if not math.isnan(loss)]
    if not losses:
        return NONE
    lowest = min(losses)
    positive = lowest if lowest > 0 else min((loss for loss in losses if loss > 0), default=math.inf)
    return Extremes(lowest, max(losses), positive)


def _together(parts: Sequence[Extremes]) -> Extremes:
    lowest, highest, lowest_positive = zip(*parts, strict=True)
    return Extremes(min(lowest), max(highest), min(lowest_positive))
