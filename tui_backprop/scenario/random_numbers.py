"""Random numbers, and orders, that are the same for the same seed on every machine and in every version of the program.

The generator is written out here (SplitMix64: Steele, Lea and Flood 2014) and depends on no library's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

MOST_SEED = 2**53
"""The largest seed: up to here every whole number is exact as a float."""

_WORD = 2**64
_STRIDE = 0x9E3779B97F4A7C15


@lru_cache(maxsize=4)
def shuffled(count: int, seed: int, turn: int) -> tuple[int, ...]:
    """The numbers from 0 up to but not including `count`, in an order that belongs to a seed and a turn.

    Every order is as likely as any other (Durstenfeld 1964).
    """
    order = list(range(count))
    random = uniform(seed, turn)
    for last in range(count - 1, 0, -1):
        other = int(next(random) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return tuple(order)


def uniform(*start: int) -> Iterator[float]:
    """Numbers from 0 up to but not including 1; other ones for every start."""
    state = 0
    for word in start:
        state = _mixed((state + word + _STRIDE) % _WORD)
    while True:
        state = (state + _STRIDE) % _WORD
        # The upper 53 bits: as many as a float holds.
        yield (_mixed(state) >> 11) / 2**53


def _mixed(word: int) -> int:
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % _WORD
    return word ^ (word >> 31)
