"""How is an expression written: as plain text that parses back, as typeset text, and with numbers put in?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tui_backprop.maths.expression import Call, Expression, Name, Number, fold
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.numbers import all_digits, full

# How tightly a piece of text holds together; a piece goes in parentheses where its place asks for more.
_SUM, _MINUS, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 5, 6
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


@dataclass(frozen=True, slots=True)
class Style:
    """How the pieces of an expression are spelled."""

    name: Callable[[str], str]
    number: Callable[[float], str]
    minus: str = "-"
    times: str = "*"
    typeset: bool = False


PLAIN = Style(name=str, number=full)
"""Text of the expression language: it parses back to the same expression."""


def write(tree: Expression, style: Style = PLAIN, values: Mapping[str, float] | None = None) -> str:
    """The expression as text; with `values`, the numbers stand in the names' places."""

    def leaf(part: Number | Name) -> tuple[str, int]:
        if isinstance(part, Name) and (values is None or part.name not in values):
            return (part.name if part.name in CONSTANTS else style.name(part.name)), _ATOM
        number = part.value if isinstance(part, Number) else (values or {})[part.name]
        text = style.number(number)
        return text, _MINUS if text[0] in "-−" else _ATOM

    return fold(tree, leaf, lambda call, pieces: _write_call(call, pieces, style))[0]


def _write_call(call: Call, pieces: list[tuple[str, int]], style: Style) -> tuple[str, int]:
    function = call.function
    if function not in _LEVELS:
        return _write_function(call, pieces, style)
    if function == "^" and style.typeset and isinstance(call.arguments[1], Number):
        exponent = style.number(call.arguments[1].value)
        if exponent.lstrip("-−").isdigit():
            return _enclosed(pieces[0], _ATOM) + exponent.translate(_SUPERSCRIPTS), _POWER
    texts = [_enclosed(piece, asked) for piece, asked in zip(pieces, _ASKED[function], strict=True)]
    if function == "neg":
        return style.minus + texts[0], _MINUS
    sign = {"+": " + ", "-": f" {style.minus} ", "*": style.times}.get(function, function)
    return sign.join(texts), _LEVELS[function]


def _write_function(call: Call, pieces: list[tuple[str, int]], style: Style) -> tuple[str, int]:
    inside = ", ".join(text for text, _ in pieces)
    if not style.typeset:
        return f"{call.function}({inside})", _ATOM
    if call.function == "exp":
        return f"e^{inside if pieces[0][1] == _ATOM else f'({inside})'}", _POWER
    return f"{FUNCTIONS[call.function].typeset or call.function}({inside})", _ATOM


def _enclosed(piece: tuple[str, int], asked: int) -> str:
    text, level = piece
    return text if level >= asked else f"({text})"


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
_NETWORK_NAME = re.compile(r"([wbza])(\d+)_(\d+)(?:_(\d+))?", re.ASCII)


def typeset_name(name: str, is_network: bool = False) -> str:
    """One name as a textbook writes it: w1 is w₁, yhat ŷ, eta η; of a network, w2_1_3 is w⁽²⁾₁₃."""
    layered = _NETWORK_NAME.fullmatch(name) if is_network else None
    if layered:
        letter, layer, into, source = layered.groups()
        indices = (
            f"{into}{source}" if source and len(into) == len(source) == 1 else ",".join(filter(None, (into, source)))
        )
        return f"{letter}{f'({layer})'.translate(_SUPERSCRIPTS)}{indices.translate(_SUBSCRIPTS)}"
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


def typeset_names(names: Iterable[str], network_names: frozenset[str] = frozenset()) -> Mapping[str, str]:
    """How each name is shown. Names that would look alike stay plain."""
    shown = {name: typeset_name(name, name in network_names) for name in names}
    while True:
        bearers: dict[str, list[str]] = {}
        for name, text in shown.items():
            bearers.setdefault(text, []).append(name)
        alike = [name for group in bearers.values() if len(group) > 1 for name in group if shown[name] != name]
        if not alike:
            return MappingProxyType(shown)
        shown.update((name, name) for name in alike)


def typeset_style(shown: Mapping[str, str], number: Callable[[float], str] = all_digits) -> Style:
    """The style of the screen, for the given names."""
    return Style(name=lambda name: shown.get(name, name), number=number, minus="−", times="·", typeset=True)
