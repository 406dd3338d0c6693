"""What is left of a graph that is too large to draw whole?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from support.layouts import lay_out

from tui_backprop.panels.picture.boxes import BoxSize
from tui_backprop.panels.picture.drawing import Active, Label, draw, focus_of
from tui_backprop.panels.picture.shape import MOST_FOLLOWED, MOST_KEPT, Shape, is_elided, neighbourhood, relations_of


def long_chain(length: int) -> Shape:
    operands = {f"n{depth}": ("x" if depth == 0 else f"n{depth - 1}", f"w{depth}") for depth in range(length)}
    leaves = ("x", *(f"w{depth}" for depth in range(length)))
    return Shape(leaves, tuple(operands), operands, f"n{length - 1}")


LONG = long_chain(20_000)
MANY = Shape(
    tuple(f"w{number}" for number in range(500)), ("s",), {"s": tuple(f"w{number}" for number in range(500))}, "s"
)


def test_near_a_node_its_operands_and_users_are_kept_and_the_ends_are_stand_ins() -> None:
    near = neighbourhood(LONG, "n500", 1)
    assert near.leaves == ("w500", "…before n499", "…before n501")
    assert near.nodes == ("n499", "n500", "n501", "…after n501")
    assert near.operands == {
        "n499": ("…before n499",),
        "n500": ("n499", "w500"),
        "n501": ("n500", "…before n501"),
        "…after n501": ("n501",),
    }


def test_the_relations_need_not_be_found_anew() -> None:
    assert neighbourhood(LONG, "n500", 2, relations_of(LONG)) == neighbourhood(LONG, "n500", 2)


def test_a_neighbourhood_that_reaches_everything_is_the_whole_graph() -> None:
    shape = long_chain(4)
    assert neighbourhood(shape, "n2", 10) == shape


def test_of_very_many_operands_the_first_few_and_the_last_are_kept() -> None:
    near = neighbourhood(MANY, "s", 1)
    assert near.operands["s"] == ("w0", "w1", "w2", "w3", "w4", "w5", "…before s", "w499")
    assert len(near.operands["s"]) == MOST_FOLLOWED + 1


def test_an_operand_that_a_step_is_about_is_kept_among_very_many() -> None:
    near = neighbourhood(MANY, "s", 1, also=("w250",))
    assert near.operands["s"] == ("w0", "w1", "w2", "w3", "w4", "w5", "…before s", "w250", "w499")


def test_what_a_neighbourhood_leaves_out_is_not_marked() -> None:
    near = neighbourhood(MANY, "s", 1)
    layout = lay_out(near, {name: BoxSize(4) for name in (*near.leaves, *near.nodes)})
    active = Active(edge=("s", "w250"), factor="1", path=(("s", "w251"),))
    assert draw(layout, {}, active) == draw(layout, {}, Active())
    assert focus_of(layout, active) == layout.regions["s"]


def test_a_neighbourhood_is_never_large() -> None:
    leaves = tuple(f"x{number}" for number in range(8))
    layers = [leaves] + [tuple(f"n{layer}_{number}" for number in range(8)) for layer in range(40)]
    operands = {node: before for before, layer in pairwise(layers) for node in layer}
    shape = Shape(leaves, tuple(operands), operands, "n39_0")
    near = neighbourhood(shape, "n20_0", 30)
    assert sum(not is_elided(name) for name in (*near.leaves, *near.nodes)) == MOST_KEPT


@pytest.mark.parametrize(
    ("centre", "picture"),
    [
        (
            "n500",
            """
 … ───▶ n499 ──────┬─▶[n500]──┬─▶ n501 ───▶ …
                   │   0.5    │
                   │          │
        w500     ──╯   … ─────╯
""",
        ),
        (
            "w0",
            """
 … ───────╮
          ├─▶ n0 ───▶ …
[w0]0.5 ──╯
""",
        ),
    ],
)
def test_stand_ins_are_drawn_as_what_they_are(centre: str, picture: str) -> None:
    near = neighbourhood(LONG, centre, 1)
    sizes = {name: BoxSize(len(name), 3) for name in (*near.leaves, *near.nodes) if not is_elided(name)}
    lines = draw(lay_out(near, sizes), {centre: Label(centre, "0.5")}, Active(node=centre))
    assert "\n".join("".join(span.text for span in line).rstrip() for line in lines) == picture.strip("\n")
