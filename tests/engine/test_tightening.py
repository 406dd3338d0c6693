"""Are updates as early as they may be, and are variables used again only when they are done with?"""

from __future__ import annotations

import pytest

from tui_backprop.engine.tightening import with_early_updates, with_few_variables


@pytest.mark.parametrize(
    ("lines", "updates", "ordered"),
    [
        # at once, where nothing reads the parameter afterwards; the gradient is needed further on
        (
            ["s5 = (s1 * s2)", "s6 = (s5 * s3)", "append(s6)"],
            {"s1": "s5"},
            ["s5 = (s1 * s2)", "s1 = s1 - rate * s5", "s6 = (s5 * s3)", "append(s6)"],
        ),
        # behind the last line that reads the parameter, with the gradient in it, that nothing else needs
        (
            ["s5 = (s3 * s4)", "s6 = (s1 * s4)", "append(s6)"],
            {"s1": "s5"},
            ["s6 = (s1 * s4)", "s1 = s1 - rate * (s3 * s4)", "append(s6)"],
        ),
        # not in it, where it is made of a parameter that is updated too
        (
            ["s5 = (s2 * s4)", "s6 = (s1 * s4)", "append(s6)"],
            {"s1": "s5", "s2": "s4"},
            ["s5 = (s2 * s4)", "s6 = (s1 * s4)", "s1 = s1 - rate * s5", "s2 = s2 - rate * s4", "append(s6)"],
        ),
        # one gradient of two parameters is computed once
        (
            ["s5 = (s3 * s4)"],
            {"s1": "s5", "s2": "s5"},
            ["s5 = (s3 * s4)", "s1 = s1 - rate * s5", "s2 = s2 - rate * s5"],
        ),
        # a gradient that was there before the first line
        (["s6 = (s2 * s3)"], {"s1": "s9"}, ["s1 = s1 - rate * s9", "s6 = (s2 * s3)"]),
    ],
)
def test_updates_come_as_early_as_they_may(lines: list[str], updates: dict[str, str], ordered: list[str]) -> None:
    placed = with_early_updates(lines, updates)
    assert sorted(placed) == sorted(ordered)
    assert [line for line in placed if "rate" not in line] == [line for line in ordered if "rate" not in line]
    for parameter in updates:
        at = next(place for place, line in enumerate(placed) if line.startswith(f"{parameter} = {parameter} - rate"))
        assert not any(parameter in line for line in placed[at + 1 :])


@pytest.mark.parametrize(
    ("lines", "renamed"),
    [
        # done with: the name is lent to the next one
        (["s5 = (s1 * s1)", "s6 = (s5 + s1)", "append(s6)"], ["r0 = (s1 * s1)", "r0 = (r0 + s1)", "append(r0)"]),
        # not yet done with
        (
            ["s5 = (s1 * s1)", "s6 = (s5 + s1)", "append(s6)", "append(s5)"],
            ["r0 = (s1 * s1)", "r1 = (r0 + s1)", "append(r1)", "append(r0)"],
        ),
        # what lasts keeps its name, also where it is changed
        (["s5 = (s1 * s1)", "s1 = s1 - rate * s5"], ["r0 = (s1 * s1)", "s1 = s1 - rate * r0"]),
        # other words are no variables
        (["s5 = exp(s1)", "guard += s5"], ["r0 = exp(s1)", "guard += r0"]),
    ],
)
def test_a_variable_that_is_done_with_lends_its_name(lines: list[str], renamed: list[str]) -> None:
    assert with_few_variables(lines, {"s1"}) == renamed
