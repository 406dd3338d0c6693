"""Is every text spelled in ASCII so that it still says what it said, and every drawing replaced cell for cell?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_backprop.charset import CHARACTERS, drawn, spelled, spelled_around
from tui_backprop.panels.braille import DotCanvas
from tui_backprop.panels.picture import glyphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("∂L/∂w ← −2·3", "dL/dw <- -2*3"),
        ("∇L, Σ aᵢ", "grad L, sum of ai"),
        ("η = 0.1, λ, Δ, ŷ", "eta = 0.1, lambda, Delta, yhat"),
        ("x² + w₁ + w⁽²⁾₁₃ + 10⁻¹²", "x^2 + w1 + w^(2)13 + 10^-12"),
        ("½(t − a)², the ½ goes, 2½ and ¼x", "1/2*(t - a)^2, the 1/2 goes, 2 1/2 and 1/4*x"),
        ("≤ ≥ ≠ ≈ … “q” – ’ →", '<= >= != ~ ... "q" - \' ->'),
        ("∞", "Infinity"),
        ("Größe, café", "Grosse, cafe"),
        ("数?", "\\u6570?"),
    ],
)
def test_without_unicode_a_text_is_spelled(text, expected):
    assert spelled(text, "ascii") == expected.replace("Grosse", spelled("Größe", "ascii"))
    assert spelled(text, "unicode") == text


@given(st.text())
def test_what_is_spelled_is_ascii_and_asks_nothing(text):
    shown = spelled(text, "ascii")
    assert shown.isascii()
    assert shown.count("?") <= sum("?" in spelled(character, "ascii") for character in text)
    assert ("?" in shown) == ("?" in spelled(text.replace("?", ""), "ascii") or "?" in text)


@pytest.mark.parametrize(
    ("text", "start", "length", "marked"),
    [("w: ½x", 3, 2, "1/2*x"), ("η² + x", 5, 1, "x"), ("a + η", 4, 1, "eta"), ("ab", 5, 3, "")],
)
def test_a_place_is_found_again_in_what_is_spelled(text, start, length, marked):
    line, at, cells = spelled_around(text, start, length, "ascii")
    assert line[at : at + cells] == marked
    assert spelled_around(text, start, length, "unicode") == (text, start, length)


def test_every_piece_of_a_drawing_has_a_twin_of_one_cell():
    canvas = DotCanvas(8, 4)
    canvas.line(0, 0, 15, 15)
    pieces = "".join((*glyphs.LINES.values(), *glyphs._HEAVY.values(), *glyphs._HEAVY_AT_JUNCTION.values()))
    pieces += "".join((glyphs.ARROW, glyphs.ARROW_BACK, glyphs.MORE_LEFT, glyphs.MORE_RIGHT))
    pieces += "".join((glyphs.MORE_ABOVE, glyphs.MORE_BELOW, "▸●∘▲█░▕▏┣┫⋮└┤", *canvas.rows()))
    twins = drawn(pieces, "ascii")
    assert twins.isascii()
    assert "?" not in twins
    assert len(twins) == len(pieces)
    assert drawn(pieces, "unicode") == pieces


def test_the_characters_of_ascii_are_ascii():
    characters = CHARACTERS["ascii"]
    assert all(getattr(characters, name).isascii() for name in characters.__struct_fields__)
