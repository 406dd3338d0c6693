"""The order in which the columns of a picture stand: crossings counted a second way, and never more than before."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui_backprop.panels.picture.column_order import _crossings, untangled
from tui_backprop.panels.picture.columns import Columns


def counted(columns: Columns) -> int:
    """Pairs of links of which one begins above the other and ends below it."""
    total = 0
    for place, gap in enumerate(columns.links):
        left, right = columns.items[place], columns.items[place + 1]
        ends = [(left.index(source), right.index(target)) for source, target in gap]
        total += sum((one[0] - two[0]) * (one[1] - two[1]) < 0 for one, two in combinations(ends, 2))
    return total


@st.composite
def pictures(draw: st.DrawFn) -> Columns:
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    items = tuple(tuple(f"{column}.{row}" for row in range(size)) for column, size in enumerate(sizes))
    links = tuple(
        tuple(draw(st.lists(st.tuples(st.sampled_from(left), st.sampled_from(right)), max_size=12, unique=True)))
        for left, right in pairwise(items)
    )
    return Columns(items, links)


@given(pictures())
def test_crossings_are_the_pairs_that_change_sides(drawn):
    assert _crossings(drawn.items, drawn.links) == counted(drawn)


@given(pictures())
def test_untangling_keeps_every_item_in_its_column_and_never_adds_a_crossing(drawn):
    made = untangled(drawn)
    assert [sorted(column) for column in made.items] == [sorted(column) for column in drawn.items]
    assert made.links == drawn.links
    assert counted(made) <= counted(drawn)
    if counted(drawn) == 0:
        assert made == drawn


def test_two_that_cross_change_places():
    crossed = Columns((("a", "b"), ("c", "d")), ((("a", "d"), ("b", "c")),))
    assert counted(untangled(crossed)) == 0
