"""An expression as text: plain text that parses back, typeset text, and text with numbers put in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from msgspec import Struct

from tui_backprop.charset import CHARACTERS, Characters
from tui_backprop.maths.expression import (
    MOST_CHAINED,
    Call,
    Expression,
    Name,
    Number,
    flattened,
    joined_by_choice,
)
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS, OF_MANY
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.numbers import all_digits, full, is_nearly

# How tightly a piece of text holds together; a piece goes in parentheses where its place asks for more.
_ANY, _SUM, _MINUS, _PRODUCT, _POWER, _ATOM = 0, 1, 2, 3, 5, 6
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER, "neg": _MINUS}
_ASKED = {
    "+": (_SUM, _PRODUCT),
    "-": (_SUM, _PRODUCT),
    "*": (_PRODUCT, _POWER),
    "/": (_PRODUCT, _POWER),
    "^": (_ATOM, _POWER),
    "neg": (_PRODUCT,),
}
_SUPERSCRIPTS = str.maketrans("0123456789-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Style(Struct, frozen=True):
    """How the pieces of an expression are spelled."""

    name: Callable[[str], str]
    number: Callable[[float], str]
    characters: Characters = CHARACTERS["ascii"]
    typeset: bool = False


PLAIN = Style(name=str, number=full)
"""Text of the expression language: it parses back to the same expression."""


def write(tree: Expression, style: Style = PLAIN, values: Mapping[str, float] | None = None) -> str:
    """The expression as text; with `values`, the numbers stand in the names' places."""
    written: list[str] = []
    waiting: list[_Piece] = [(tree, _ANY)]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            written.append(piece)
            continue
        part, asked = piece
        pieces, level = _call(part, style) if isinstance(part, Call) else _leaf(part, style, values or {})
        waiting.extend(reversed(pieces if level >= asked else ["(", *pieces, ")"]))
    return "".join(written)


_Piece = str | tuple[Expression, int]
"""Text as it is, or a part of the tree that is still to be written, and how tightly its place asks it to hold."""


def _leaf(part: Number | Name, style: Style, values: Mapping[str, float]) -> tuple[list[_Piece], int]:
    if isinstance(part, Name) and part.name not in values:
        return [part.name if part.name in CONSTANTS else style.name(part.name)], _ATOM
    text = style.number(part.value if isinstance(part, Number) else values[part.name])
    if is_nearly(text):
        return [text], _ANY
    if text[0] in "-−":
        return [text], _MINUS
    # Raised to a power, 1.2e−5 would read as if its exponent were.
    return [text], _POWER if style.typeset and "e" in text else _ATOM


def _call(call: Call, style: Style) -> tuple[list[_Piece], int]:
    """The pieces of a call, and how tightly they hold together."""
    function, arguments = call.function, call.arguments
    if function not in _LEVELS:
        return _function(call, style)
    if function == "^" and style.typeset and isinstance(arguments[1], Number):
        exponent = style.number(arguments[1].value)
        if exponent.lstrip("-−").isdigit():
            return [(arguments[0], _ATOM), exponent.translate(_SUPERSCRIPTS)], _POWER
    pieces: list[_Piece] = list(zip(arguments, _ASKED[function], strict=True))
    minus, times = style.characters.minus, style.characters.times
    sign = {"+": " + ", "-": f" {minus} ", "*": times, "neg": minus}.get(function, function)
    if function == "*" and all(map(_is_partial, arguments)):
        sign = f" {sign} "
    pieces.insert(len(pieces) - 1, sign)
    return pieces, _LEVELS[function]


def _is_partial(part: Expression) -> bool:
    """Whether a factor is a derivative: with its own fraction bar it wants room beside the sign of a product."""
    return isinstance(part, Name) and parts_of_partial(part.name) is not None


def _function(call: Call, style: Style) -> tuple[list[_Piece], int]:
    name = FUNCTIONS[call.function].typeset if style.typeset else ""
    if name.endswith("^"):
        return [name, (call.arguments[0], _ATOM)], _POWER
    inside: list[_Piece] = []
    for argument in _operands(call):
        inside += [", ", (argument, _ANY)]
    return [f"{name or call.function}(", *inside[1:], ")"], _ATOM


def _operands(call: Call) -> list[Expression]:
    """The operands of a call as they are written: those of max(max(a, b), c) are a, b and c."""
    if OF_MANY.get(call.function) == call.function:
        leaves = flattened(call, call.function)
        if len(leaves) > MOST_CHAINED and joined_by_choice(call.function, leaves) == call:
            return [*leaves]
    operands = [*reversed(call.arguments)]
    while call.function in OF_MANY and isinstance(first := operands[-1], Call) and first.function == call.function:
        operands[-1:] = reversed(first.arguments)
    operands.reverse()
    return operands


_GREEK = MappingProxyType(
    {
        name: unicodedata.lookup(f"GREEK SMALL LETTER {'LAMDA' if name == 'lambda' else name.upper()}")
        for name in (
            *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda"),
            *("mu", "nu", "xi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
        )
    }
)
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]+?)(hat)?_?(\d*)")
_NETWORK_NAME = re.compile(r"([wbzae](?=\d+_)|[ms](?=\d+$))(\d+)(?:_(\d+)(?:_(\d+))?)?", re.ASCII)


def of_layer(layer: str) -> str:
    """The number of a layer as it stands behind a letter: ⁽²⁾."""
    return f"({layer})".translate(_SUPERSCRIPTS)


def typeset_name(name: str, is_network: bool = False) -> str:
    """One name as a textbook writes it: w1 is w₁, yhat ŷ, eta η; of a network, w2_1_3 is w⁽²⁾₁₃, and s2 s⁽²⁾."""
    layered = _NETWORK_NAME.fullmatch(name) if is_network else None
    if layered:
        letter, layer, into, source = layered.groups()
        indices = (
            f"{into}{source}" if source and len(into) == len(source) == 1 else ",".join(filter(None, (into, source)))
        )
        return f"{letter}{of_layer(layer)}{indices.translate(_SUBSCRIPTS)}"
    match = _LETTERS_THEN_DIGITS.fullmatch(name)
    if not match:
        return name
    letters, hat, digits = match.groups()
    letters = _GREEK.get(letters, letters)
    if hat:
        letters = unicodedata.normalize("NFC", letters + "\N{COMBINING CIRCUMFLEX ACCENT}")
        if len(letters) != 1:
            return name
    return letters + digits.translate(_SUBSCRIPTS)


def typeset_names(
    names: Iterable[str], network_names: frozenset[str] = frozenset(), weights: frozenset[str] = frozenset()
) -> Mapping[str, str]:
    """How each name is shown. Names that would look alike stay plain.

    weights: more names, each as w2_1_3, and each of the network's; they are thought about when one is asked for.
    """
    shown = {name: typeset_name(name, name in network_names) for name in names}
    texts = frozenset(shown.values())
    while True:
        bearers: dict[str, list[str]] = {}
        for name, text in shown.items():
            bearers.setdefault(text, []).append(name)
        alike = [name for group in bearers.values() if len(group) > 1 for name in group if shown[name] != name]
        if not alike:
            return _WithWeights(shown, weights, texts) if weights else MappingProxyType(shown)
        shown.update((name, name) for name in alike)


class _WithWeights(Mapping[str, str]):
    """How the other names are shown, and the weights of a network, of which no two look alike."""

    def __init__(self, others: dict[str, str], weights: frozenset[str], texts: frozenset[str]) -> None:
        self._weights = weights
        self._texts = texts
        # Of all other names only such as w2_13 can look like a weight: like w2_1_3.
        alike = [name for name in others if re.sub(r"^(w\d+_\d)(\d)$", r"\1_\2", name) in weights]
        self._others = others | dict(zip(alike, alike, strict=True))

    def __getitem__(self, name: str) -> str:
        if name not in self._weights:
            return self._others[name]
        text = typeset_name(name, is_network=True)
        return name if text in self._texts else text

    def __iter__(self) -> Iterator[str]:
        return chain(self._others, self._weights)

    def __len__(self) -> int:
        return len(self._others) + len(self._weights)


def typeset_style(shown: Mapping[str, str], number: Callable[[float], str] = all_digits) -> Style:
    """The style of the screen, for the given names."""
    characters = CHARACTERS["unicode"]
    return Style(name=_spelling(shown, characters), number=number, characters=characters, typeset=True)


def plain_style(number: Callable[[float], str]) -> Style:
    """The style of the screen in ASCII, where names are what they are in the scenario."""
    return Style(name=_spelling({}, CHARACTERS["ascii"]), number=number)


def _spelling(shown: Mapping[str, str], characters: Characters) -> Callable[[str], str]:
    """How names are spelled, those of derivatives too, whose parts are spelled like any other name."""
    d = characters.partial

    def spelled(name: str) -> str:
        parts = parts_of_partial(name)
        return "/".join(f"{d}{one_name(part)}" for part in parts) if parts else one_name(name)

    def one_name(name: str) -> str:
        # Behind a space stands what makes the name another one: `w1 updated`.
        word, space, rest = name.partition(" ")
        return f"{shown.get(word, word)}{space}{rest}"

    return spelled
