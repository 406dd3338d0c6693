"""From a tree to mathematics as it is printed, with fraction bars and raised exponents, in the pieces of any format.

A format is a `Markup`. A formula comes in parts that a line may be broken between; what stands under a bar, in an
exponent or below a root is never broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from msgspec import Struct

from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS, OF_MANY
from tui_backprop.maths.writing import Style
from tui_backprop.numbers import is_nearly

BREAK = "\0"
"""Where a line may be broken, in what the functions here give."""

_PRODUCT_BREAK = "\1"
"""Where it may be, if the product that it stands in turns out to be the whole formula."""


class Formula(Struct, frozen=True):
    """A tree as it is shown: how its names and numbers are spelled, and the numbers that take the places of names."""

    tree: Expression
    style: Style
    numbers: Mapping[str, float] | None = None


class NameParts(Struct, frozen=True):
    """A name as the screen writes it, taken apart: w⁽²⁾₁₃ is w, (2) and 13."""

    base: str
    raised: str = ""
    lowered: str = ""


class Markup(Protocol):
    """How the pieces of a formula are written in one format. Every method gives text of it."""

    def number(self, text: str) -> str:
        """A number as the screen writes it."""

    def name(self, parts: NameParts) -> str:
        """A name."""

    def word(self, text: str) -> str:
        """A word in a formula: mean, of, (direct)."""

    def constant(self, name: str) -> str:
        """The number e, or pi."""

    def sign(self, text: str) -> str:
        """A sign between two operands, or before one: + − · = ← Σ ∂."""

    def negative(self, sign: str) -> str:
        """A minus before an operand, which stands closer than between two."""

    def fraction(self, above: str, below: str) -> str:
        """One over the other, under a bar."""

    def power(self, base: str, exponent: str) -> str:
        """A power."""

    def root(self, inside: str) -> str:
        """A square root."""

    def function(self, name: str) -> str:
        """The name of a function."""

    def parentheses(self, inside: str) -> str:
        """Something in parentheses, which a line may be broken inside of."""

    def comma(self) -> str:
        """What stands between the operands of a function."""


_ANY, _SUM, _MINUS, _PRODUCT, _POWER, _ATOM = range(6)
_ASKED = {"+": (_SUM, _PRODUCT), "-": (_SUM, _PRODUCT), "*": (_PRODUCT, _POWER), "neg": (_PRODUCT,)}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")
_NAME = re.compile("(.+?)([⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾]*)([₀₁₂₃₄₅₆₇₈₉,]*)")
_PARTIAL = re.compile(r"∂(\S+)/∂(\S+)")
_WORDS = frozenset({"mean", "sum", "of", "in", "example", "(direct)"})


class _Text(NamedTuple):
    """Text of a format, how tightly it holds together, and of a function of many the operands."""

    text: str
    level: int
    operands: tuple[str, ...] = ()


def parts_of_name(shown: str) -> NameParts:
    """A name as the screen writes it, taken apart."""
    match = _NAME.fullmatch(shown)
    assert match is not None
    base, raised, lowered = match.groups()
    return NameParts(base, raised.translate(_SUPERSCRIPTS), lowered.translate(_SUBSCRIPTS))


def typeset(formula: Formula, markup: Markup) -> str:
    """A formula in a format, with `BREAK` wherever a line may be broken."""
    writer = _FormulaWriter(formula, markup)
    return fold(formula.tree, writer.leaf, writer.call).text.replace(_PRODUCT_BREAK, BREAK)


def typeset_left(text: str, markup: Markup) -> str:
    """The left side of a statement as the screen writes it: a name, a derivative, v of w₁, mean ∂L/∂w₁."""
    return "".join(_shown(word, markup) for word in text.split())


def derivative_of(subject: Formula, wrt: str, markup: Markup) -> str:
    """The derivative of an expression: ∂a/∂z of a name, and of anything else the sign before it in parentheses."""
    tree, style = subject.tree, subject.style
    if isinstance(tree, Name) and " " in tree.name:
        return "".join(_shown(word, markup) for word in tree.name.split())
    below = f"{markup.sign('∂')}{_named(style.name(wrt), markup)}"
    if isinstance(tree, Name):
        return markup.fraction(f"{markup.sign('∂')}{_named(style.name(tree.name), markup)}", below)
    inside = typeset(subject, markup)
    return f"{markup.fraction(markup.sign('∂'), below)}{markup.parentheses(inside)}"


def _named(shown: str, markup: Markup) -> str:
    return markup.name(parts_of_name(shown))


def _shown(word: str, markup: Markup) -> str:
    """One word of what the screen writes: a derivative, a name, or a word."""
    if word in _WORDS or word.isdigit():
        return markup.word(word)
    partial = _PARTIAL.fullmatch(word)
    if partial is None:
        return _named(word, markup)
    above, below = (f"{markup.sign('∂')}{_named(part, markup)}" for part in partial.groups())
    return markup.fraction(above, below)


def _whole(text: str) -> str:
    return _unbroken(text).replace(BREAK, "")


def _unbroken(text: str) -> str:
    """The text of a product that is a part of something."""
    return text.replace(_PRODUCT_BREAK, "")


class _FormulaWriter:
    """Writes one tree from its leaves up."""

    def __init__(self, formula: Formula, markup: Markup) -> None:
        self._style, self._numbers, self._markup = formula.style, formula.numbers or {}, markup

    def leaf(self, part: Number | Name) -> _Text:
        """A number, or a name, or the number in its place."""
        markup = self._markup
        if isinstance(part, Name) and part.name not in self._numbers:
            if part.name in CONSTANTS:
                return _Text(markup.constant(part.name), _ATOM)
            if part.name.startswith(self._style.characters.ellipsis):
                return _Text(markup.word(part.name), _ATOM)
            return _Text("".join(_shown(word, markup) for word in self._style.name(part.name).split()), _ATOM)
        text = self._style.number(part.value if isinstance(part, Number) else self._numbers[part.name])
        level = _ANY if is_nearly(text) else _MINUS if text[0] in "-−" else _POWER if "e" in text else _ATOM
        return _Text(markup.number(text), level)

    def call(self, call: Call, written: list[_Text]) -> _Text:
        """An operator with its operands, or a function."""
        function, markup = call.function, self._markup
        if function == "/":
            return _Text(markup.fraction(*(_whole(part.text) for part in written)), _POWER)
        if function == "^":
            return _Text(markup.power(_whole(self._held(written[0], _ATOM)), _whole(written[1].text)), _POWER)
        if function not in _ASKED:
            return self._function(call, written)
        operands = [self._held(part, asked) for part, asked in zip(written, _ASKED[function], strict=True)]
        characters = self._style.characters
        signs = {"+": "+", "-": characters.minus, "*": characters.times, "neg": characters.minus}
        sign = markup.sign(signs[function])
        if function == "neg":
            return _Text(f"{markup.negative(sign)}{operands[0]}", _MINUS)
        if function == "*":
            return _Text(f"{operands[0]}{_PRODUCT_BREAK}{sign}{operands[1]}", _PRODUCT)
        return _Text(f"{_unbroken(operands[0])}{BREAK}{sign}{_unbroken(operands[1])}", _SUM)

    def _function(self, call: Call, written: list[_Text]) -> _Text:
        markup, function = self._markup, call.function
        shown = FUNCTIONS[function].typeset or function
        if shown.endswith("^"):
            return _Text(markup.power(markup.constant(shown[:-1]), _whole(written[0].text)), _POWER)
        if shown == "√":
            return _Text(markup.root(_whole(written[0].text)), _ATOM)
        first = call.arguments[0]
        inside = tuple(part.text for part in written)
        if function in OF_MANY and isinstance(first, Call) and first.function == function:
            inside = (*written[0].operands, *inside[1:])
        joined = f"{markup.comma()}{BREAK}".join(map(_unbroken, inside))
        return _Text(f"{markup.function(shown)}{markup.parentheses(joined)}", _ATOM, inside)

    def _held(self, part: _Text, asked: int) -> str:
        """An operand, in parentheses where its place asks for them."""
        return part.text if part.level >= asked else self._markup.parentheses(_unbroken(part.text))
