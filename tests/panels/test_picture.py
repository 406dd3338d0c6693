"""What do the pictures look like? Graphs beside the picture drawn of them, as literal text."""

from __future__ import annotations

import time

import pytest
from support.layouts import lay_out

from tui_backprop.panels.lines import Line
from tui_backprop.panels.picture.boxes import BoxSize, CellUse
from tui_backprop.panels.picture.drawing import Active, Label, draw
from tui_backprop.panels.picture.glyphs import heavy
from tui_backprop.panels.picture.layout import fitting
from tui_backprop.panels.picture.shape import Shape
from tui_backprop.panels.picture.view import view

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
INPUTS = ("x", "y", "t", "k")


def shape_of(leaves: str, nodes: dict[str, str], loss: str = "") -> Shape:
    operands = {node: tuple(names.split()) for node, names in nodes.items()}
    return Shape(tuple(leaves.split()), tuple(nodes), operands, loss or list(nodes)[-1])


def has_gradient(shape: Shape, name: str) -> bool:
    return name in shape.nodes or not name.startswith(INPUTS)


def sizes_of(shape: Shape, number: int = 4) -> dict[str, BoxSize]:
    names = (*shape.leaves, *shape.nodes)
    return {
        name: BoxSize(len(name), number, number) if has_gradient(shape, name) else BoxSize(len(name), 1)
        for name in names
    }


def labels_of(shape: Shape, minus: str = "−") -> dict[str, Label]:
    names = (*shape.leaves, *shape.nodes)
    return {
        name: Label(name.translate(SUBSCRIPTS), "0.5", f"{minus}2.1")
        if has_gradient(shape, name)
        else Label(name.translate(SUBSCRIPTS), "1")
        for name in names
    }


def text_of(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)


def literal(picture: str) -> str:
    return picture.strip("\n").rstrip()


PARABOLA = shape_of("w", {"L": "w"})
SQUARE = shape_of("a", {"L": "a"})
PARTIALS = shape_of("x1 x2", {"f": "x1 x2"})
LOGISTIC = shape_of("x1 x2 y w1 w2 b", {"z": "w1 x1 w2 x2 b", "a": "z", "L": "y a"})
CHAIN = shape_of(
    "x y w1 b1 w2 b2 w3 b3",
    {"z1": "w1 x b1", "a1": "z1", "z2": "w2 a1 b2", "a2": "z2", "z3": "w3 a2 b3", "a3": "z3", "C": "a3 y"},
)
DIAMOND = shape_of("w", {"u": "w", "v": "u", "s": "u", "L": "v s"})
SKIP = shape_of("w x k", {"u": "w x", "v": "u", "p": "v", "q": "p k", "L": "q u"})
UNUSED_BY_LOSS = shape_of("x y w", {"z": "w x", "m": "z", "a": "z", "n": "m a", "L": "a y"}, loss="L")
LEAF_USED_LATE = shape_of("w x", {"u": "w x", "v": "u", "p": "v", "L": "p w"})
NET_2_2_2 = shape_of(
    "x1 x2 t1 t2 w11 w12 b1 w21 w22 b2 w31 w32 b3 w41 w42 b4",
    {
        "z1": "w11 x1 w12 x2 b1",
        "z2": "w21 x1 w22 x2 b2",
        "a1": "z1",
        "a2": "z2",
        "z3": "w31 a1 w32 a2 b3",
        "z4": "w41 a1 w42 a2 b4",
        "a3": "z3",
        "a4": "z4",
        "C": "a3 t1 a4 t2",
    },
)

PICTURES = [
    pytest.param(
        PARABOLA,
        CellUse.ROOMY,
        """
 w 0.5  ───▶ L
   −2.1      0.5
             −2.1
""",
        id="parabola",
    ),
    pytest.param(
        SQUARE,
        CellUse.ROOMY,
        """
 a 0.5  ───▶ L
   −2.1      0.5
             −2.1
""",
        id="a times a is one edge",
    ),
    pytest.param(
        PARTIALS,
        CellUse.ROOMY,
        """
 x₁ 1 ──╮
        ├─▶ f
 x₂ 1 ──╯   0.5
            −2.1
""",
        id="partial derivatives",
    ),
    pytest.param(
        LOGISTIC,
        CellUse.ROOMY,
        """
 w₁ 0.5  ──╮
    −2.1   │
 x₁ 1 ─────┤
           ├─▶ z ───▶ a ────┬─▶ L
 w₂ 0.5  ──┤   0.5    0.5   │   0.5
    −2.1   │   −2.1   −2.1  │   −2.1
 x₂ 1 ─────┤                │
 b  0.5  ──╯          y 1 ──╯
    −2.1
""",
        id="logistic",
    ),
    pytest.param(
        LOGISTIC,
        CellUse.NARROW,
        """
 w₁ 0.5  ─╮
    −2.1  │
 x₁ 1 ────┤
          ├▶ z ─▶ a ───┬▶ L
 w₂ 0.5  ─┤  0.5  0.5  │  0.5
    −2.1  │  −2.1 −2.1 │  −2.1
 x₂ 1 ────┤       y 1 ─╯
 b  0.5  ─╯
    −2.1
""",
        id="logistic, narrow",
    ),
    pytest.param(
        LOGISTIC,
        CellUse.LOW,
        """
 w₁ 0.5   −2.1 ─╮
 x₁ 1 ──────────┤
                ├▶ z ─▶ a ───┬▶ L
 w₂ 0.5   −2.1 ─┤  0.5  0.5  │  0.5
 x₂ 1 ──────────┤  −2.1 −2.1 │  −2.1
 b  0.5   −2.1 ─╯       y 1 ─╯
""",
        id="logistic, low",
    ),
    pytest.param(
        CHAIN,
        CellUse.ROOMY,
        """
 w₁ 0.5  ──╮
    −2.1   ├─▶ z₁ ───▶ a₁ ───────┬─▶ z₂ ───▶ a₂ ───────┬─▶ z₃ ───▶ a₃ ───┬─▶ C
 x  1 ─────┤   0.5     0.5       │   0.5     0.5       │   0.5     0.5   │   0.5
 b₁ 0.5  ──╯   −2.1    −2.1      │   −2.1    −2.1      │   −2.1    −2.1  │   −2.1
    −2.1                         │                     │                 │
                       w₂ 0.5  ──┤           w₃ 0.5  ──┤           y 1 ──╯
                          −2.1   │              −2.1   │
                       b₂ 0.5  ──╯           b₃ 0.5  ──╯
                          −2.1                  −2.1
""",
        id="chain",
    ),
    pytest.param(
        CHAIN,
        CellUse.NARROW,
        """
 w₁ 0.5  ─╮
    −2.1  ├▶ z₁ ─▶ a₁ ──────┬▶ z₂ ─▶ a₂ ──────┬▶ z₃ ─▶ a₃ ──┬▶ C
 x  1 ────┤  0.5   0.5      │  0.5   0.5      │  0.5   0.5  │  0.5
 b₁ 0.5  ─╯  −2.1  −2.1     │  −2.1  −2.1     │  −2.1  −2.1 │  −2.1
    −2.1           w₂ 0.5  ─┤        w₃ 0.5  ─┤        y 1 ─╯
                      −2.1  │           −2.1  │
                   b₂ 0.5  ─╯        b₃ 0.5  ─╯
                      −2.1              −2.1
""",
        id="chain, narrow",
    ),
    pytest.param(
        DIAMOND,
        CellUse.ROOMY,
        """
 w 0.5  ───▶ u ───┬─▶ v ───┬─▶ L
   −2.1      0.5  │   0.5  │   0.5
             −2.1 │   −2.1 │   −2.1
                  │        │
                  ╰─▶ s ───╯
                      0.5
                      −2.1
""",
        id="diamond",
    ),
    pytest.param(
        SKIP,
        CellUse.ROOMY,
        """
 w 0.5  ──╮
   −2.1   ├─▶ u ───┬─▶ v ───▶ p ────┬─▶ q ───┬─▶ L
 x 1 ─────╯   0.5  │   0.5    0.5   │   0.5  │   0.5
              −2.1 │   −2.1   −2.1  │   −2.1 │   −2.1
                   │                │        │
                   │          k 1 ──╯        │
                   ╰─────────────────────────╯
""",
        id="an edge past other columns",
    ),
    pytest.param(
        LEAF_USED_LATE,
        CellUse.ROOMY,
        """
 x 1 ───────╮
            ├─▶ u ───▶ v ───▶ p ───┬─▶ L
          ╭─╯   0.5    0.5    0.5  │   0.5
          │     −2.1   −2.1   −2.1 │   −2.1
          │                        │
 w 0.5  ──┴────────────────────────╯
   −2.1
""",
        id="a leaf used early and late",
    ),
    pytest.param(
        UNUSED_BY_LOSS,
        CellUse.ROOMY,
        """
 w 0.5  ──╮            y 1 ────╮
   −2.1   ├─▶ z ───┬─▶ a ────┬─┴───▶ L
 x 1 ─────╯   0.5  │   0.5   ╰───╮   0.5
              −2.1 │   −2.1      │   −2.1
                   │             │
                   ╰─▶ m ────────┴─▶ n
                       0.5           0.5
                       −2.1          −2.1
""",
        id="nodes unused by the loss",
    ),
    pytest.param(
        NET_2_2_2,
        CellUse.ROOMY,
        """
                              w₃₁ 0.5  ──────╮
                                  −2.1       │
                              w₃₂ 0.5  ──────┤
 w₁₁ 0.5  ──────╮                 −2.1       │
     −2.1       │             b₃  0.5  ──────┤
 w₁₂ 0.5  ──────┤                 −2.1       │
     −2.1       ├───▶ z₁ ───▶ a₁ ────────┬───┴─┬─────▶ z₃ ───▶ a₃ ────┬─▶ C
 b₁  0.5  ──────┤     0.5     0.5        │ ╭───╯       0.5     0.5    │   0.5
     −2.1       │     −2.1    −2.1       ╰─│─────╮     −2.1    −2.1   │   −2.1
 x₁  1 ─────┬───┤                          │     │                    │
            │ ╭─╯                          │     │             t₁ 1 ──┤
            ╰─│───╮                        │     │                    │
 x₂  1 ───────┴───┤                        │     │                    │
                  ├─▶ z₂ ───▶ a₂ ──────────┴─────┴─┬─▶ z₄ ───▶ a₄ ────┤
 w₂₁ 0.5  ────────┤   0.5     0.5                  │   0.5     0.5    │
     −2.1         │   −2.1    −2.1                 │   −2.1    −2.1   │
 w₂₂ 0.5  ────────┤                                │                  │
     −2.1         │           w₄₁ 0.5  ────────────┤           t₂ 1 ──╯
 b₂  0.5  ────────╯               −2.1             │
     −2.1                     w₄₂ 0.5  ────────────┤
                                  −2.1             │
                              b₄  0.5  ────────────╯
                                  −2.1
""",
        id="net of two, two, two",
    ),
    pytest.param(
        NET_2_2_2,
        CellUse.LOW,
        """
                              w₃₁ 0.5   −2.1 ────╮
 w₁₁ 0.5   −2.1 ────╮         w₃₂ 0.5   −2.1 ────┤
 w₁₂ 0.5   −2.1 ────┤         b₃  0.5   −2.1 ────┤
                    ├─▶ z₁ ─▶ a₁ ─────────────┬──┴┬──▶ z₃ ─▶ a₃ ───┬▶ C
 b₁  0.5   −2.1 ────┤   0.5   0.5             │ ╭─╯    0.5   0.5   │  0.5
 x₁  1 ──────────┬──┤   −2.1  −2.1            ╰─│──╮   −2.1  −2.1  │  −2.1
                 │ ╭╯                           │  │         t₁ 1 ─┤
                 ╰─│─╮                          │  │               │
 x₂  1 ────────────┴─┤                          │  │               │
                     ├▶ z₂ ─▶ a₂ ───────────────┴──┴┬▶ z₄ ─▶ a₄ ───┤
 w₂₁ 0.5   −2.1 ─────┤  0.5   0.5                   │  0.5   0.5   │
 w₂₂ 0.5   −2.1 ─────┤  −2.1  −2.1                  │  −2.1  −2.1  │
 b₂  0.5   −2.1 ─────╯        w₄₁ 0.5   −2.1 ───────┤        t₂ 1 ─╯
                              w₄₂ 0.5   −2.1 ───────┤
                              b₄  0.5   −2.1 ───────╯
""",
        id="net of two, two, two, low",
    ),
]

STEPS = [
    pytest.param(
        LOGISTIC,
        Active(node="z"),
        """
 w₁ 0.5  ──╮
    −2.1   │
 x₁ 1 ─────┤
           ├─▶[z]───▶ a ────┬─▶ L
 w₂ 0.5  ──┤   0.5    0.5   │   0.5
    −2.1   │   −2.1   −2.1  │   −2.1
 x₂ 1 ─────┤                │
 b  0.5  ──╯          y 1 ──╯
    −2.1
""",
        id="a node",
    ),
    pytest.param(
        LOGISTIC,
        Active(node="w1"),
        """
[w₁]0.5  ──╮
    −2.1   │
 x₁ 1 ─────┤
           ├─▶ z ───▶ a ────┬─▶ L
 w₂ 0.5  ──┤   0.5    0.5   │   0.5
    −2.1   │   −2.1   −2.1  │   −2.1
 x₂ 1 ─────┤                │
 b  0.5  ──╯          y 1 ──╯
    −2.1
""",
        id="a leaf",
    ),
    pytest.param(
        LOGISTIC,
        Active(edge=("L", "a"), factor="−2.49"),
        """
 w₁ 0.5  ──╮
    −2.1   │
 x₁ 1 ─────┤             −2.49
           ├─▶ z ───▶ a ◀━━━┯━◀ L
 w₂ 0.5  ──┤   0.5    0.5   │   0.5
    −2.1   │   −2.1   −2.1  │   −2.1
 x₂ 1 ─────┤                │
 b  0.5  ──╯          y 1 ──╯
    −2.1
""",
        id="a factor of the loss",
    ),
    pytest.param(
        LOGISTIC,
        Active(edge=("z", "w1"), factor="1"),
        """
 w₁ 0.5  ◀━┓
    −2.1   ┃
 x₁ 1 ─────┨
           ┡━◀ z ───▶ a ────┬─▶ L
 w₂ 0.5  ──┤   0.5    0.5   │   0.5
    −2.1   │   −2.1   −2.1  │   −2.1
 x₂ 1 ─────┤                │
 b  0.5  ──╯          y 1 ──╯
    −2.1
""",
        id="a factor of a parameter",
    ),
    pytest.param(
        DIAMOND,
        Active(edge=("L", "s"), factor="−1.5"),
        """
 w 0.5  ───▶ u ───┬─▶ v ───┲━◀ L
   −2.1      0.5  │   0.5  ┃   0.5
             −2.1 │   −2.1 ┃   −2.1
                  │        ┃
                  ╰─▶ s ◀━━┛
                      0.5
                      −2.1
""",
        id="a factor past a junction",
    ),
    pytest.param(
        SKIP,
        Active(edge=("L", "u"), factor="−1.5"),
        """
 w 0.5  ──╮
   −2.1   ├─▶ u ◀━━┱─▶ v ───▶ p ────┬─▶ q ───┲━◀ L
 x 1 ─────╯   0.5  ┃   0.5    0.5   │   0.5  ┃   0.5
              −2.1 ┃   −2.1   −2.1  │   −2.1 ┃   −2.1
                   ┃                │        ┃
                   ┃   −1.5   k 1 ──╯        ┃
                   ┗━━━━━━━━━━━━━━━━━━━━━━━━━┛
""",
        id="a factor along a lane",
    ),
    pytest.param(
        NET_2_2_2,
        Active(edge=("z4", "a1"), factor="0.8"),
        """
                              w₃₁ 0.5  ──────╮
                                  −2.1       │
                              w₃₂ 0.5  ──────┤
 w₁₁ 0.5  ──────╮                 −2.1       │
     −2.1       │             b₃  0.5  ──────┤
 w₁₂ 0.5  ──────┤                 −2.1       │
     −2.1       ├───▶ z₁ ───▶ a₁ ◀━━━━━━━┱───┴─┬─────▶ z₃ ───▶ a₃ ────┬─▶ C
 b₁  0.5  ──────┤     0.5     0.5    0.8 ┃ ╭───╯       0.5     0.5    │   0.5
     −2.1       │     −2.1    −2.1       ┗━│━━━━━┓     −2.1    −2.1   │   −2.1
 x₁  1 ─────┬───┤                          │     ┃                    │
            │ ╭─╯                          │     ┃             t₁ 1 ──┤
            ╰─│───╮                        │     ┃                    │
 x₂  1 ───────┴───┤                        │     ┃                    │
                  ├─▶ z₂ ───▶ a₂ ──────────┴─────┺━┯━◀ z₄ ───▶ a₄ ────┤
 w₂₁ 0.5  ────────┤   0.5     0.5                  │   0.5     0.5    │
     −2.1         │   −2.1    −2.1                 │   −2.1    −2.1   │
 w₂₂ 0.5  ────────┤                                │                  │
     −2.1         │           w₄₁ 0.5  ────────────┤           t₂ 1 ──╯
 b₂  0.5  ────────╯               −2.1             │
     −2.1                     w₄₂ 0.5  ────────────┤
                                  −2.1             │
                              b₄  0.5  ────────────╯
                                  −2.1
""",
        id="a factor behind and before other wires",
    ),
]

NOTHING_KNOWN = """
 w 0.5  ───▶ L


"""

ASCII = """
 w 0.5  --->[u]---+-> v ---#=< L
   -2.1      0.5  |   0.5  #   0.5
             -2.1 |   -2.1 #   -2.1
                  |        #
                  +-> s <==#
                      0.5
                      -2.1
"""


@pytest.mark.parametrize(("shape", "density", "picture"), PICTURES)
def test_a_graph_looks_like_this(shape: Shape, density: CellUse, picture: str) -> None:
    layout = lay_out(shape, sizes_of(shape), density)
    assert text_of(draw(layout, labels_of(shape), Active())) == literal(picture)


@pytest.mark.parametrize(("shape", "active", "picture"), STEPS)
def test_a_step_is_marked_like_this(shape: Shape, active: Active, picture: str) -> None:
    layout = lay_out(shape, sizes_of(shape))
    assert text_of(draw(layout, labels_of(shape), active)) == literal(picture)


def test_a_number_not_known_yet_keeps_its_place_blank() -> None:
    layout = lay_out(PARABOLA, sizes_of(PARABOLA))
    labels = {"w": Label("w", "0.5"), "L": Label("L")}
    assert literal(text_of(draw(layout, labels, Active()))) == literal(NOTHING_KNOWN)


def test_a_text_longer_than_its_place_is_cut() -> None:
    layout = lay_out(PARABOLA, sizes_of(PARABOLA))
    labels = {"w": Label("w", "0.4999"), "L": Label("L")}
    assert text_of(draw(layout, labels, Active())).startswith(" w 0.4… ──")
    assert text_of(draw(layout, labels, Active(), charset="ascii")).startswith(" w 0... ──")


def test_in_ascii_every_character_of_the_picture_has_a_counterpart() -> None:
    layout = lay_out(DIAMOND, sizes_of(DIAMOND))
    active = Active(node="u", edge=("L", "s"), factor="-1.5")
    lines = view(layout, labels_of(DIAMOND, "-"), active, layout.width, layout.height, charset="ascii")
    assert text_of(lines) == literal(ASCII)
    assert text_of(lines).isascii()


def test_every_span_of_a_node_leads_to_it_and_every_role_says_what_it_is() -> None:
    layout = lay_out(PARABOLA, sizes_of(PARABOLA))
    active = Active(node="w", edge=("L", "w"), path=(("L", "w"),))
    spans = [span for line in draw(layout, labels_of(PARABOLA), active) for span in line if span.text.strip()]
    assert [(span.text, span.role, span.target) for span in spans] == [
        ("[w]", "active", "w"),
        ("0.5", "value", "w"),
        ("◀━━◀", "active_edge", None),
        ("L", "name", "L"),
        ("−2.1", "gradient", "w"),
        ("0.5", "value", "L"),
        ("−2.1", "gradient", "L"),
    ]


def test_edges_of_the_path_keep_their_characters_and_change_their_role() -> None:
    layout = lay_out(DIAMOND, sizes_of(DIAMOND))
    labels = labels_of(DIAMOND)
    plain = draw(layout, labels, Active())
    marked = draw(layout, labels, Active(path=(("L", "v"), ("v", "u"))))
    assert text_of(marked) == text_of(plain)
    on_path = "".join(span.text for line in marked for span in line if span.role == "path_edge")
    assert on_path == "───┬─▶───┬─▶"


@pytest.mark.parametrize(
    ("width", "height", "density"),
    [
        (118, 36, CellUse.WIDE),
        (60, 36, CellUse.AIRY),
        (36, 16, CellUse.ROOMY),
        (36, 9, CellUse.ROOMY),
        (35, 9, CellUse.NARROW),
        (36, 6, CellUse.LOW),
    ],
)
def test_the_roomiest_layout_that_fits_is_taken(width: int, height: int, density: CellUse) -> None:
    sizes = sizes_of(LOGISTIC)
    layout, packed = fitting(LOGISTIC, sizes, width, height), lay_out(LOGISTIC, sizes, density)
    # With a blank row above it, where there is one.
    top = layout.height - packed.height
    assert top == min(1, height - packed.height)
    assert (layout.width, layout.lines[top:]) == (packed.width, packed.lines)


def test_no_layout_fits_then_the_one_with_least_to_scroll_is_taken() -> None:
    sizes = sizes_of(CHAIN)
    assert fitting(CHAIN, sizes, 38, 11) == lay_out(CHAIN, sizes, CellUse.NARROW)


def test_heavy_characters_have_the_arms_of_the_plain_ones() -> None:
    up_right_down = 1 + 2 + 4
    assert heavy(up_right_down, 1 + 2) == "┡"
    assert heavy(2 + 8, 2 + 8) == "━"


def test_a_deep_graph_is_laid_out_without_recursion() -> None:
    nodes = {"n0": "x"} | {f"n{depth}": f"n{depth - 1}" for depth in range(1, 2000)}
    shape = shape_of("x", nodes)
    layout = lay_out(shape, sizes_of(shape))
    assert len(layout.routes) == 2000
    assert layout.height == 3


def test_drawing_what_is_seen_does_not_take_longer_for_a_larger_graph() -> None:
    nodes = {"n0": "x"} | {f"n{depth}": f"n{depth - 1} p{depth}" for depth in range(1, 200)}
    shape = shape_of("x " + " ".join(f"p{depth}" for depth in range(1, 200)), nodes)
    layout, labels = lay_out(shape, sizes_of(shape)), labels_of(shape)
    seconds: list[float] = []
    for _ in range(20):
        start = time.perf_counter()
        view(layout, labels, Active(edge=("n150", "n149"), factor="−1.5"), 58, 22)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.01
