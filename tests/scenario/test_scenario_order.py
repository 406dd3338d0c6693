"""In which order equations are computed, and which go round in a circle."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_backprop.scenario.forward_order import find_cycles, forward_order


@pytest.mark.parametrize(
    ("operands", "order"),
    [
        ({}, ()),
        ({"a": ("x",)}, ("a",)),
        ({"L": ("a",), "a": ("z",), "z": ("w", "x")}, ("z", "a", "L")),
        # always the first in file order that can be computed, also when it has just become so
        ({"c": ("b",), "a": (), "b": ("a",), "d": ()}, ("a", "b", "c", "d")),
        ({"d": (), "c": ("b",), "a": (), "b": ("a",)}, ("d", "a", "b", "c")),
        ({"a": ("b", "b"), "b": ()}, ("b", "a")),
    ],
)
def test_always_the_first_equation_whose_operands_are_known(
    operands: dict[str, tuple[str, ...]], order: tuple[str, ...]
) -> None:
    assert forward_order(operands) == order
    assert find_cycles(operands) == ()


@pytest.mark.parametrize(
    ("operands", "cycles"),
    [
        ({"a": ("a",)}, (("a",),)),
        ({"a": ("b",), "b": ("a",)}, (("a", "b"),)),
        ({"d": ("c",), "c": ("b",), "b": ("c", "x")}, (("c", "b"),)),
        ({"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",), "e": ("a", "c")}, (("a", "b"), ("c", "d"))),
        ({"x": ("q", "z"), "y": ("x",), "z": ("y",), "q": ()}, (("x", "z", "y"),)),
    ],
)
def test_cycles_begin_with_their_first_equation_and_follow_its_operands(
    operands: dict[str, tuple[str, ...]], cycles: tuple[tuple[str, ...], ...]
) -> None:
    assert find_cycles(operands) == cycles
    with pytest.raises(ValueError, match="circle"):
        forward_order(operands)


_NAMES = "abcdefgh"
_GRAPHS = st.dictionaries(
    st.sampled_from(_NAMES), st.lists(st.sampled_from(_NAMES + "xy"), max_size=4).map(tuple), max_size=8
)


@given(_GRAPHS)
def test_either_there_is_an_order_or_a_cycle(operands: dict[str, tuple[str, ...]]) -> None:
    cycles = find_cycles(operands)
    for cycle in cycles:
        for name, following in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            assert following in operands[name]
    if cycles:
        return
    known: set[str] = set()
    left = list(operands)
    for name in forward_order(operands):
        assert name == next(n for n in left if all(used in known or used not in operands for used in operands[n]))
        known.add(name)
        left.remove(name)
    assert not left


def test_a_hundred_thousand_equations_are_put_in_order_quickly() -> None:
    count = 100_000
    operands: dict[str, tuple[str, ...]] = {f"a{k}": (f"a{k + 1}", f"a{k + 2}") for k in range(count)}
    started = time.process_time()
    assert forward_order(operands)[0] == f"a{count - 1}"
    operands[f"a{count - 1}"] = ("a0",)
    assert len(find_cycles(operands)[0]) > 1
    assert time.process_time() - started < 10
