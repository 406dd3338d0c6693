"""Where is a text no expression, and what is said about it?"""

from __future__ import annotations

import pytest

from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tokens import ExpressionError


@pytest.mark.parametrize(
    ("text", "marked", "message", "help"),
    [
        # nothing there
        ("", "", "is empty", "w*x + b"),
        ("   ", "   ", "is empty", "w*x + b"),
        ("x + ", "+", "ends after '+'", "write what comes after it"),
        ("x*", "*", "ends after '*'", "write what comes after it"),
        ("-", "-", "ends after '-'", "write what comes after it"),
        ("*x", "*", "missing before '*'", "what '*' applies to"),
        ("x**", "**", "ends after '^'", "write what comes after it"),
        ("x//y", "/", "missing before '/'", "what '/' applies to"),
        ("+x", "+", "plus sign", "remove the +"),
        ("x + +y", "+", "missing before '+'", "remove it"),
        ("^2", "^", "missing before '^'", "powers are written x^2"),
        ("²", "²", "missing before '²'", "powers are written x^2"),
        # parentheses and commas
        ("(x", "(", "never closed", "add a )"),
        ("((x)", "(", "never closed", "add a )"),
        ("sin(x", "(", "never closed", "add a )"),
        ("x)", ")", "closes nothing", "remove it"),
        ("()", "()", "nothing between", "write an expression"),
        ("sin()", "()", "nothing between", "write an expression"),
        ("a, b", ",", "comma outside", "0.5"),
        ("0,5*x", ",", "comma outside", "0.5"),
        ("max((a, b), c)", ",", "comma outside", "0.5"),
        ("max(a,)", ")", "missing before ')'", "remove it"),
        ("max(,a)", ",", "missing before ','", "remove it"),
        # side by side
        ("w1 x1", "w1 x1", "two names side by side", "write w1*x1"),
        ("a + w1 x1", "w1 x1", "two names side by side", "write w1*x1"),
        ("x 2", "x 2", "side by side", "write x*2"),
        ("2 x", "2 x", "side by side", "write 2*x"),
        ("2 3", "2 3", "side by side", "write 2*3"),
        ("(x)(y)", ")(", "side by side", "write (x)*(…)"),
        ("x sin(y)", "x sin", "side by side", "write x*sin(…)"),
        ("sin(x)y", ")y", "side by side", "write sin(x)*y"),
        ("x²y", "²y", "side by side", "write x²*y"),
        ("x²³", "³", "two raised digits", "x^23"),
        # a number that may belong to what is before it or after it
        ("1/2x", "2x", "'/2x' can be read in two ways", "write /(2*x) or /2*x"),
        ("y/3(x + 1)", "3(", "can be read in two ways", "write /(3*(…)) or /3*(…)"),
        ("2^3x", "3x", "can be read in two ways", "write ^(3*x) or ^3*x"),
        ("x**2y", "2y", "can be read in two ways", "write ^(2*y)"),
        ("1/-2x", "2x", "can be read in two ways", "write /(2*x)"),
        ("2^--3x", "3x", "can be read in two ways", "write ^(3*x)"),
        # functions
        ("sin", "sin", "needs parentheses", "sin(z)"),
        ("sin x", "sin", "needs parentheses", "sin(z)"),
        ("max + 1", "max", "needs parentheses", "max(a, b)"),
        ("ln", "ln", "needs parentheses", "ln(z)"),
        ("sigmoid(a, b)", "sigmoid(a, b)", "takes one operand, not 2", "sigmoid(a)"),
        ("1 + bce(a)", "bce(a)", "takes 2 operands, not 1", "bce(a, b)"),
        ("bce(a, b, c)", "bce(a, b, c)", "takes 2 operands, not 3", "write bce(a, b)"),
        ("bce(a)", "bce(a)", "takes 2 operands, not 1", "write bce(a, b)"),
        ("sigmod(x)", "sigmod", "not a function", "did you mean sigmoid(…)?"),
        ("Sigmoid(x)", "Sigmoid", "not a function", "did you mean sigmoid(…)?"),
        ("w(x + 1)", "w", "not a function", "write w*(…)"),
        ("square(x)", "square", "not a function", "write z^2 for square(z); to multiply, write square*(…)"),
        ("pow(x, 2)", "pow", "not a function", "write a^b for pow(a, b); to multiply, write pow*(…)"),
        ("σ(x)", "σ", "not a function", "here it is called sigmoid: write sigmoid(…); to multiply, write σ*(…)"),
        ("dot(x)", "dot", "not a function", "write w1*x1 + w2*x2 for dot(w1, w2, x1, x2); to multiply, write dot*(…)"),
        ("e(x)", "e", "not a function", "write e*(…)"),
        # numbers
        ("007", "007", "leading zero", "without the zero"),
        ("x + 01.5", "01.5", "leading zero", "without the zero"),
        ("1e999", "1e999", "too large", "smaller"),
        ("0x1F", "0x1F", "not a decimal", "other number systems"),
        ("2 + 0b1", "0b1", "not a decimal", "other number systems"),
        ("1_000*x", "1_000", "underscore", "without underscores"),
        # strangers
        ("w⁴ + 1", "⁴", "only the raised digits ² and ³ can be read", "write w^4"),
        ("w¹²", "¹²", "only the raised digits ² and ³ can be read", "write w^12"),
        ("w²⁴", "²⁴", "only the raised digits ² and ³ can be read", "write w^24"),
        ("2*w⁻¹", "⁻¹", "only the raised digits ² and ³ can be read", "write w^(-1)"),
        ("(x + y)⁴", "⁴", "only the raised digits ² and ³ can be read", "write (…)^4"),
        ("⁴", "⁴", "only the raised digits ² and ³ can be read", "write x^4"),
        ("w₁*x", "₁", "cannot stand in a name", "write w1"),
        ("2 + ŷ", "ŷ", "cannot stand in a name", "write yhat"),
        # comparisons and choices
        ("x > 0", ">", "'>' compares", "step(a - b) is 1 where a > b"),
        ("x<=y", "<=", "'<=' compares", "step(a - b) is 1 where a > b"),
        ("x == y", "==", "'==' compares", "step(a - b)"),
        ("x != y", "!=", "'!=' compares", "step(a - b)"),
        ("x ≥ y", "≥", "'≥' compares", "step(a - b)"),
        ("where(x > 0, x, y)", ">", "'>' compares", "step(a - b)"),
        ("where(x, y, z)", "where", "not a function", "write step(z)*a + (1 - step(z))*b for where(z, a, b)"),
        ("if(x, y, z)", "if", "not a function", "step(a - b) is 1 where a > b"),
        ("x if y else z", "if", "'if' has no meaning", "step(a - b)*u + (1 - step(a - b))*v"),
        ("x then y", "then", "'then' has no meaning", "step(a - b)"),
        ("x and y", "and", "'and' has no meaning", "step(a - b)"),
        ("x ? y : z", "?", "'?' has no meaning", "step(a - b)"),
        ("x = 2", "=", "'=' has no meaning", "before the colon"),
        ("|x|", "|", "no meaning", "abs(x)"),
        ("√x", "√", "no meaning", "sqrt(x)"),
        ("x ÷ y", "÷", "no meaning", "/ to divide"),
        ("x ⋅ y", "⋅", "no meaning", "* to multiply"),
        ("x – y", "–", "no meaning", "- to subtract"),
        ("[x]", "[", "no meaning", "round parentheses"),
        ("f'", "'", "no meaning", "the program finds it"),
        ("ж", "ж", "no meaning", "names and numbers"),
        ("x\u0387y", "\u0387", "no meaning", "names and numbers"),
        ("x\x1b[31m", "\x1b", "invisible character", "names and numbers"),
        ("x + \u202ey", "\u202e", "invisible character", "names and numbers"),
    ],
)
def test_a_text_that_is_no_expression(text: str, marked: str, message: str, help: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert text[problem.start : problem.end] == marked
    assert message in problem.message
    assert help in problem.help


def test_the_first_of_several_like_mistakes_is_told() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("a b + c d")
    assert (caught.value.problems[0].start, caught.value.problems[0].end) == (0, 3)
