"""A formula on paper means what the tree means: it is read back, by code that knows nothing of trees, and computed."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from hypothesis import assume, given
from support.lessons import tree
from support.strategies import coordinates, expressions

from tui_backprop.charset import CHARACTERS
from tui_backprop.handout.formulas import Formula, NameParts, parts_of_name, typeset, typeset_left
from tui_backprop.handout.latex_formulas import LatexMarkup
from tui_backprop.handout.mathml import MARKUP, in_pieces
from tui_backprop.maths.evaluate import evaluate
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.maths.writing import Style
from tui_backprop.numbers import all_digits

STYLE = Style(name=str, number=all_digits, characters=CHARACTERS["unicode"], typeset=True)
SIGNS = {"−": "-", "·": "*"}
KNOWN = {name: function.value for name, function in FUNCTIONS.items()} | dict(CONSTANTS)
KNOWN |= {"σ": KNOWN["sigmoid"], "π": KNOWN["pi"], "sqrt": KNOWN["sqrt"]}


def _as_python(element: ElementTree.Element) -> str:
    """MathML as an expression of Python."""
    inside = [_as_python(part) for part in element]
    match element.tag:
        case "mfrac":
            return f"(({inside[0]})/({inside[1]}))"
        case "msup":
            return f"(({inside[0]})**({inside[1]}))"
        case "msqrt":
            return f"sqrt({''.join(inside)})"
        case "mo":
            return SIGNS.get(element.text, element.text)
        case "mn" | "mi" | "mtext":
            return element.text.replace("−", "-").strip()
        case _:
            return "".join(inside)


@given(expressions(), coordinates(), coordinates(), coordinates())
def test_what_a_page_shows_comes_to_the_number_of_the_tree(expression, x, y, z):
    values = {"x": x, "y": y, "z": z}
    expected = evaluate(expression, values)
    assume(math.isfinite(expected))
    for numbers in (None, values):
        pieces = in_pieces(typeset(Formula(expression, STYLE, numbers), MARKUP))
        written = _as_python(ElementTree.fromstring(f"<p>{pieces.replace('<wbr>', '').replace('&#160;', '')}</p>"))
        try:
            found = eval(written, {"__builtins__": {}}, KNOWN | values)
        except ArithmeticError:
            # Where the program's own division gives an infinity, Python's gives up.
            assume(False)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("w1*x + b", r"w_{1}\cdot x+b"),
        ("-(a - b)*c", r"{-}(a-b)\cdot c"),
        ("(a + b)^2", "{(a+b)}^{2}"),
        ("a - (b - c)", "a-(b-c)"),
        ("a/b*c", r"\dfrac{a}{b}\cdot c"),
        ("(y/a)^2", r"{\Bigl(\dfrac{y}{a}\Bigr)}^{2}"),
        ("exp(-z)", r"{\mathrm{e}}^{{-}z}"),
        ("sqrt(x) + log(x)", r"\sqrt{x}+\log(x)"),
        ("max(a, b, c)", r"\max(a,\,b,\,c)"),
        ("sigmoid(eta)", r"\sigma (\eta )"),
        ("my_name*yhat", r"\mathit{my\_name}\cdot \hat{y}"),
    ],
)
def test_latex_has_a_command_for_each_thing(text, written):
    from tui_backprop.maths.writing import typeset_name

    style = Style(name=typeset_name, number=all_digits, characters=CHARACTERS["unicode"], typeset=True)
    assert typeset(Formula(tree(text), style), LatexMarkup()).replace("\0", "") == written


@pytest.mark.parametrize(
    ("shown", "parts"),
    [("w⁽²⁾₁₃", ("w", "(2)", "13")), ("x₁", ("x", "", "1")), ("s⁽²⁾", ("s", "(2)", "")), ("my_name2", ("my_name2",))],
)
def test_a_name_is_taken_apart_into_base_and_indices(shown, parts):
    assert parts_of_name(shown) == NameParts(*parts)


@pytest.mark.parametrize(
    ("left", "written"),
    [
        ("∂L/∂w₁", r"\dfrac{\partial L}{\partial w_{1}}"),
        ("mean ∂L/∂w", r"\text{mean }\dfrac{\partial L}{\partial w}"),
        ("v of w₁", r"v\text{of }w_{1}"),
    ],
)
def test_the_left_side_of_a_statement_is_typeset_too(left, written):
    assert typeset_left(left, LatexMarkup()) == written


def test_a_formula_as_deep_as_a_chain_of_layers_is_written_without_recursion():
    from tui_backprop.maths.expression import Call, Name

    deep: Any = Name("x")
    for _ in range(1_200):
        deep = Call("sigmoid", deep)
    assert typeset(Formula(deep, STYLE), LatexMarkup()).count("sigma") == 1_200
