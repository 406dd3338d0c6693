"""Derivations by layers: every line has the gradient's number, and the words say why there is a sum or a transpose."""

from __future__ import annotations

import pytest
from engine.test_layers import networks
from hypothesis import given, settings
from msgspec.structs import replace
from support.oracle import close
from support.panel_text import opened, panel, played, text_of

from tui_backprop.panels.panel_table import narration_lines
from tui_backprop.record.matrix_formulas import written, written_matrix
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Session


@settings(max_examples=15)
@given(networks().filter(lambda drawn: len(drawn.examples) <= 5))
def test_every_line_has_the_number_of_the_step_and_the_end_is_its_equation(drawn: Scenario) -> None:
    start = replace(Session.start(drawn), shows_matrices=True)
    for index, step in enumerate(start.steps):
        session = start.at(Cursor(0, index))
        if session.layer_equation is None or step.kind not in ("gradient", "mean"):
            continue
        derived = played(session, "derive").reading
        assert derived is not None
        equation, _ = session.layer_equation
        for line in derived.matter.lines:
            assert close(line.value, step.value), (step.entry, line)
        left, right = written_matrix(equation.left, session.style), written(equation.right, session.style)
        assert f"{left} = {right}." in derived.matter.closing


SAID = [
    # what leads to the step, and what its derivation says on the way
    (
        "5*layer_on 2*step_on",
        [
            "∂C/∂a⁽¹⁾₃ = ∂C/∂z⁽²⁾₁ · ∂z⁽²⁾₁/∂a⁽¹⁾₃ + ∂C/∂z⁽²⁾₂ · ∂z⁽²⁾₂/∂a⁽¹⁾₃",
            "a⁽¹⁾₃ goes into z⁽²⁾₁ and z⁽²⁾₂, and moves C by each of them: what it does there adds up.",
            "∂C/∂a⁽¹⁾₃ = ∂C/∂z⁽²⁾₁·w⁽²⁾₁₃ + ∂C/∂z⁽²⁾₂·w⁽²⁾₂₃",
            "∂C/∂a⁽¹⁾₃ = w⁽²⁾₁₃·∂C/∂z⁽²⁾₁ + w⁽²⁾₂₃·∂C/∂z⁽²⁾₂",
            "as column 3 of W⁽²⁾. But a product of matrices goes along the rows of the matrix on its left",
            "W⁽²⁾ must be transposed, and its column 3 becomes row 3.",
            "So it is for every entry: ∂C/∂a⁽¹⁾ = (W⁽²⁾)ᵀ·δ⁽²⁾.",
        ],
    ),
    (
        "5*layer_on 4*step_on",
        [
            "z⁽¹⁾₃ goes into a⁽¹⁾₃ alone: one product, and no sum.",
            "The factor is the slope of a⁽¹⁾₃ at this z⁽¹⁾₃.",
            "each entry meets the one in the same place. ⊙ is that product. And ∂C/∂a⁽¹⁾ is (W⁽²⁾)ᵀ·δ⁽²⁾",
            "So it is for every entry: δ⁽¹⁾ = (W⁽²⁾)ᵀ·δ⁽²⁾ ⊙ σ′(z⁽¹⁾).",
        ],
    ),
    (
        "4*layer_on 5*step_on",
        [
            "δ⁽²⁾ = ∂C/∂z⁽²⁾",
            "In z⁽²⁾₂ it is multiplied by a⁽¹⁾₁, and that is the factor.",
            "The first index numbers the rows, so δ⁽²⁾ is the column; the second one numbers the columns, so a⁽¹⁾ must "
            "lie as a row: it is transposed.",
        ],
    ),
    ("5*layer_on step_back", ["its factor is 1.", "all of them together are the column δ⁽²⁾."]),
    ("4*layer_on step_on", ["a⁽²⁾₂ stands in C itself, and the seed is 1: the factor is the gradient."]),
]


@pytest.mark.parametrize(("moves", "said"), SAID)
def test_what_the_derivation_says(moves: str, said: list[str]) -> None:
    told = _read(played(opened("four-equations"), "matrices", *moves.split(), "derive"))
    assert [text for text in said if text not in told] == []


def test_over_examples_the_sum_runs_along_a_row_of_both_matrices() -> None:
    at_mean = "end", "2*phase_back", "2*layer_on", "step_on"
    told = _read(played(opened("three-classes"), "matrices", *at_mean, "derive"))
    assert "The 1/6 of the mean is a constant factor, and stays." in told
    assert "the sum goes along row 1 of Δ⁽²⁾ and along row 2 of A⁽¹⁾." in told
    assert "A⁽¹⁾ must be transposed, and its row 2 becomes a column." in told
    assert "So it is for every entry: ∂C/∂W⁽²⁾ (mean) = 1/6·Δ⁽²⁾·(A⁽¹⁾)ᵀ." in told


def _read(session: Session) -> str:
    """All that is read from the first line to the last one, in one row of words."""
    told = []
    assert session.reading is not None
    for _ in range(session.reading.length):
        told.append(panel(session, "equations", 120, 60))
        session = played(session, "step_on")
    return " ".join(" ".join(told).split())


def test_without_matrices_a_gradient_is_derived_as_always() -> None:
    session = played(opened("four-equations"), "5*layer_on", "2*step_on", "derive")
    assert "by layers" not in session.reading.title  # type: ignore[union-attr]
    assert played(opened("four-equations"), "matrices", "5*layer_on", "derive").reading.title == (  # type: ignore[union-attr]
        "Derivation of ∂z⁽²⁾₁/∂a⁽¹⁾₃"
    )


def test_in_ascii_it_is_ascii() -> None:
    session = played(opened("four-equations", "ascii"), "matrices", "5*layer_on", "2*step_on", "derive")
    assert _read(session).isascii()
    assert text_of(narration_lines(session, 100, 4)).isascii()
