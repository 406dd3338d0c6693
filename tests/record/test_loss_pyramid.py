"""The lowest and highest loss of any stretch, told without reading all of it."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lessons import PARABOLA, PARABOLA_TOO_LARGE

from tui_backprop.record.history import History
from tui_backprop.record.loss_pyramid import LOSSES_PER_BLOCK, NONE, LossPyramid

LOSSES = st.one_of(st.floats(), st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, -1.0]))


def read_one_by_one(losses):
    numbers = [loss for loss in losses if not math.isnan(loss)]
    positive = [loss for loss in numbers if loss > 0]
    return (
        min(numbers, default=math.inf),
        max(numbers, default=-math.inf),
        min(positive, default=math.inf),
    )


class CountedLosses(list):
    """Losses that count how many of them are read."""

    read = 0

    def __getitem__(self, index):
        found = super().__getitem__(index)
        self.read += len(found) if isinstance(index, slice) else 1
        return found


@given(st.lists(LOSSES, max_size=40), st.integers(1, 60), st.data())
def test_every_stretch_has_the_extremes_of_its_losses(pattern, repeats, data):
    losses = pattern * repeats
    start = data.draw(st.integers(0, len(losses)))
    stop = data.draw(st.integers(start, len(losses)))
    assert LossPyramid(losses).between(start, stop) == read_one_by_one(losses[start:stop])


@pytest.mark.parametrize("place", [0, 1, LOSSES_PER_BLOCK - 1, LOSSES_PER_BLOCK, 70 * LOSSES_PER_BLOCK, 9_999])
def test_one_loss_that_differs_is_found_wherever_it_is(place):
    losses = [1.0] * 10_000
    losses[place] = -7.0
    pyramid = LossPyramid(losses)
    assert pyramid.between(0, 10_000).lowest == -7.0
    assert pyramid.between(0, place).lowest == (1.0 if place else math.inf)
    assert pyramid.between(place + 1, 10_000).lowest == (1.0 if place < 9_999 else math.inf)
    assert pyramid.between(0, 10_000).lowest_positive == 1.0


def test_it_follows_losses_that_grow_while_it_is_asked():
    numbers, losses = random.Random(5), []
    pyramid = LossPyramid(losses)
    for _ in range(60):
        losses.extend(numbers.uniform(-1, 9) for _ in range(numbers.randint(1, 300)))
        start = numbers.randint(0, len(losses))
        assert pyramid.between(start, len(losses)) == read_one_by_one(losses[start:])


def test_of_nothing_and_of_nan_alone_there_are_no_extremes():
    pyramid = LossPyramid([math.nan] * 300)
    assert pyramid.between(0, 0) == pyramid.between(3, 3) == pyramid.between(0, 300) == NONE


def test_a_stretch_costs_two_blocks_however_long_it_is():
    losses = CountedLosses(map(float, range(200_000)))
    pyramid = LossPyramid(losses)
    pyramid.between(0, 200_000)
    # Taking them in costs reading each of them once, and those of the last block, which is not full, when asked.
    assert losses.read < 200_000 + 2 * LOSSES_PER_BLOCK
    losses.read = 0
    assert pyramid.between(1, 199_999) == (1.0, 199_998.0, 1.0)
    assert losses.read < 2 * LOSSES_PER_BLOCK


def test_it_keeps_less_than_three_hundredths_of_the_losses():
    losses = [1.0] * 200_000
    pyramid = LossPyramid(losses)
    pyramid.between(0, 200_000)
    assert 0 < pyramid.size < 0.03 * len(losses)


@pytest.mark.parametrize("scenario", [PARABOLA, PARABOLA_TOO_LARGE], ids=["that falls", "that ends"])
def test_a_history_knows_the_extremes_of_a_run(scenario):
    history = History(scenario)
    last = history.extend(3_000)
    assert history.loss_extremes.between(0, last + 1) == read_one_by_one(history.losses)
