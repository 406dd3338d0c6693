"""How the matrices look: literal text at a few steps, and at every size the entry under the cursor, whole."""

from __future__ import annotations

import re

import pytest
from engine.test_layers import network
from support.panel_text import opened, played, text_of

from tui_backprop.panels.lines import Role, width_of
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.session import Session

FORWARD = """\
layer 1 of 2, forward
▶ z⁽¹⁾ = W⁽¹⁾·x + b⁽¹⁾
⎡  0.1 ⎤   ⎡  0.2  −0.4 ⎤   ⎡   1 ⎤   ⎡  0.1 ⎤
⎢[0.55]⎥ = ▸  0.7   0.1 ⎥ · ⎣ 0.5 ⎦ + ▸ −0.2 ⎥
⎣    · ⎦   ⎣ −0.3   0.5 ⎦     2×1     ⎣  0.3 ⎦
  3×1           3×2                     3×1

▶ z⁽¹⁾₂ = w⁽¹⁾₂₁·x₁ + w⁽¹⁾₂₂·x₂ + b⁽¹⁾₂
        = 0.7·1 + 0.1·0.5 + (−0.2) = 0.55

── forward, layer by layer ───────────────────────────────
▶ z⁽¹⁾: above
  a⁽¹⁾ = σ(z⁽¹⁾)
  z⁽²⁾ = W⁽²⁾·a⁽¹⁾ + b⁽²⁾
  a⁽²⁾ = σ(z⁽²⁾)"""

BP2_IN_ASCII = """\
layer 1 of 2, backward
> delta1 = (W2)^T*delta2 .* sigmoid'(z1)
|        . |   |  0.6  -0.2 |   | -0.1061 |    |      . |
|        . | = | -0.5   0.3 | * |  0.1448 | .* |      . |
| [0.01807]|   >  0.4   0.8 |       2x1        > 0.2461 |
    3x1             3x2                           3x1

> dC/dz1_3 = dC/da1_3 * da1_3/dz1_3
           = 0.07342 * 0.2461 = 0.01807
"""


def panel(session: Session, width: int = 58, height: int = 20) -> str:
    """What stands in the place of the equations."""
    return text_of(PANELS["equations"].lines(session, width, height)).rstrip("\n")


def _at(*moves: str, charset: str = "unicode") -> Session:
    return played(opened("four-equations", charset), "matrices", *moves)  # type: ignore[arg-type]


def test_a_value_with_its_row_and_what_is_still_to_come() -> None:
    assert panel(_at("2*step_on")) == FORWARD


def test_the_second_equation_of_the_book_in_ascii() -> None:
    shown = panel(_at("5*layer_on", "4*step_on", charset="ascii"))
    assert shown.startswith(BP2_IN_ASCII)
    assert shown.isascii()


SYMBOLS = [
    # the lesson, what leads to a step, and its equation in symbols
    ("four-equations", "2*step_on", "z⁽¹⁾ = W⁽¹⁾·x + b⁽¹⁾"),
    ("four-equations", "5*step_on", "a⁽¹⁾ = σ(z⁽¹⁾)"),
    ("four-equations", "4*layer_on", "∂C/∂a⁽²⁾ = −(t − a⁽²⁾)"),
    ("four-equations", "4*layer_on 3*step_on", "δ⁽²⁾ = ∂C/∂a⁽²⁾ ⊙ σ′(z⁽²⁾)"),
    ("four-equations", "4*layer_on 6*step_on", "∂C/∂W⁽²⁾ = δ⁽²⁾·(a⁽¹⁾)ᵀ"),
    ("four-equations", "5*layer_on step_back", "∂C/∂b⁽²⁾ = δ⁽²⁾"),
    ("four-equations", "5*layer_on", "∂C/∂a⁽¹⁾ = (W⁽²⁾)ᵀ·δ⁽²⁾"),
    ("four-equations", "5*layer_on 4*step_on", "δ⁽¹⁾ = (W⁽²⁾)ᵀ·δ⁽²⁾ ⊙ σ′(z⁽¹⁾)"),
    ("four-equations", "5*layer_on 6*step_on", "∂C/∂W⁽¹⁾ = δ⁽¹⁾·xᵀ"),
    ("four-equations", "end", "b⁽²⁾ ← b⁽²⁾ − η·∂C/∂b⁽²⁾"),
    ("three-classes", "layer_on 3*step_on", "e⁽²⁾ = e^z⁽²⁾"),
    ("three-classes", "layer_on 6*step_on", "s⁽²⁾ = Σ e⁽²⁾"),
    ("three-classes", "layer_on 7*step_on", "a⁽²⁾ = e⁽²⁾/s⁽²⁾"),
    ("three-classes", "5*layer_on step_back", "∂C/∂b⁽²⁾ = δ⁽²⁾"),
    ("three-classes", "end 2*phase_back 2*layer_on", "∂C/∂W⁽²⁾ (mean) = 1/6·Δ⁽²⁾·(A⁽¹⁾)ᵀ"),
    ("three-classes", "end 2*phase_back 3*layer_on step_back", "∂C/∂b⁽²⁾ (mean) = 1/6·Δ⁽²⁾·1"),
    ("xor-relu", "4*layer_on 4*step_on", "∂C/∂W⁽²⁾ = δ⁽²⁾·(a⁽¹⁾)ᵀ"),
]


@pytest.mark.parametrize(("lesson", "moves", "equation"), SYMBOLS)
def test_the_equation_of_a_step(lesson: str, moves: str, equation: str) -> None:
    shown = panel(played(opened(lesson), "matrices", *moves.split()))
    assert f"▶ {equation}" in shown.splitlines()


def test_a_step_of_no_layer_is_a_formula_by_itself() -> None:
    shown = panel(_at("2*layer_on"))
    assert "This step is one number by itself, and no entry of a matrix." in " ".join(shown.split())
    assert "[" not in shown


ADAM = """
title: one more line
network:
  inputs: [x]
  layers: [{neurons: 2, activation: tanh, weights: [[1], [2]]}]
  targets: [t1, t2]
  cost: squared_error
equations: {R: 0.1*w1_1_1^2, J: C + R}
data: {x: 1, t1: 0, t2: 1}
learning_rate: 0.1
freeze: [w1_2_1]
optimizer: momentum
"""


def test_what_uses_a_weight_beside_the_layers_adds_a_term() -> None:
    shown = panel(played(opened(ADAM), "matrices", "phase_on", "layer_on", "3*step_on"), height=40)
    assert "∂J/∂W⁽¹⁾ = δ⁽¹⁾·xᵀ + ∂J/∂R·∂R/∂W⁽¹⁾" in shown


def test_a_frozen_weight_has_no_update_and_lines_of_an_optimizer_say_what_they_are_of() -> None:
    shown = panel(played(opened(ADAM), "matrices", "phase_on", "phase_on"))
    assert "▶ v of W⁽¹⁾ ← β·v + g" in shown.splitlines()
    assert re.search(r"⎣ +— +⎦", shown)


SIZES = [(116, 30), (58, 20), (38, 11), (58, 8), (30, 14), (24, 9)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("charset", ["unicode", "ascii"])
@pytest.mark.parametrize("lesson", ["four-equations", "three-classes", "moons"])
def test_at_every_size_the_entry_under_the_cursor_is_in_sight_and_lit_is_what_makes_it(
    lesson: str, charset: str, width: int, height: int
) -> None:
    session = played(opened(lesson, charset), "matrices")  # type: ignore[arg-type]
    for moves in ("7*step_on", "layer_on", "layer_on", "layer_on", "layer_on", "5*step_on", "phase_on", "5*step_on"):
        session = played(session, moves)
        if session.layer_equation is None:
            continue
        lines = PANELS["equations"].lines(session, width, height)
        assert all(width_of(line) <= width for line in lines)
        active = [span.text for line in lines for span in line if span.role == "active" and "[" in span.text]
        unknown = session.characters.unknown if session.entry.of else session.number(session.step.value)
        assert [text.strip().strip("[]") for text in active] in (
            [session.number(session.step.value)], [unknown],
        ), (moves, session.entry)  # fmt: skip


def test_lit_are_the_row_and_the_column_that_make_the_entry() -> None:
    assert _texts(_at("2*step_on"), "path_edge") == ["1", "▸", "0.7", "0.1", "0.5", "▸", "−0.2"]
    # ∂C/∂W⁽²⁾₂₃: row 2 of δ and column 3 of the activations as a row.
    assert _texts(_at("4*layer_on", "9*step_on"), "path_edge") == ["▸", "0.1448", "▾", "0.5622"]


def _texts(session: Session, role: Role) -> list[str]:
    lines = PANELS["equations"].lines(session, 58, 20)
    return [span.text.strip() for line in lines for span in line if span.role == role]


def test_of_a_wide_layer_what_is_around_the_entry_is_shown_and_the_shape_tells_the_rest() -> None:
    session = played(Session.start(network((40, 30, 2), ("tanh", "sigmoid"), examples=1)), "matrices", "24*step_on")
    shown = panel(session)
    assert "30×40" in shown
    assert "⋮" in shown
    assert "…" in shown
    assert session.number(session.step.value) in shown


def test_numbers_come_as_their_steps_do_and_nothing_moves() -> None:
    session, unknown, edges = _at("4*layer_on", "4*step_on"), [], set()
    for _ in range(6):
        # A factor, which is known already; and the gradient that it leads to.
        lines = PANELS["equations"].lines(session, 58, 20)
        unknown.append(sum(span.role == "unknown" for line in lines for span in line))
        rows = panel(session).splitlines()
        edges.add((rows[2].index("⎤"), rows[3].index("⎦"), rows[5].index("▾") > 0))
        session = played(session, "step_on")
    # Six weights, and δ of the neuron that comes later.
    assert unknown == [7, 6, 6, 5, 5, 4]
    assert edges == {(31, 31, True)}
