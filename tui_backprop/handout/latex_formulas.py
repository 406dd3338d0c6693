"""Text and formulas in LaTeX, in ASCII: every other sign is spelled in commands."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from tui_backprop.charset import spelled
from tui_backprop.handout.formulas import BREAK, Formula, NameParts, typeset
from tui_backprop.numbers import is_nearly

_FUNCTIONS = frozenset({"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "max", "min"})
_SIGNS = MappingProxyType({"−": "-", "·": r"\cdot ", "←": r"\leftarrow ", "∂": r"\partial ", "Σ": r"\textstyle\sum "})
_IN_MATHS = MappingProxyType(
    {
        **{"−": "-", "·": r"\cdot", "×": r"\times", "←": r"\leftarrow", "→": r"\rightarrow", "≤": r"\le", "≥": r"\ge"},
        **{"≠": r"\ne", "≈": r"\approx", "∂": r"\partial", "∇": r"\nabla", "Σ": r"\Sigma", "∞": r"\infty"},
        **{"√": r"\surd", "⋮": r"\vdots", "±": r"\pm", "°": r"^\circ", "⁻": "^{-}"},
        **{"⊙": r"\odot", "∈": r"\in", "½": r"\tfrac12", "¼": r"\tfrac14", "¾": r"\tfrac34"},
    }
)
_IN_TEXT = MappingProxyType(
    {
        **{"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%"},
        **{"_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "$|$"},
        **{'"': "{''}", "…": r"\dots{}", "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''"},
        **{"ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}", "§": r"\S{}", "\xa0": "~"},
        **{"`": "{`}", "'": "{'}", "-": "{-}", "?": "{?}", "!": "{!}"},
    }
)
_MARKS = MappingProxyType(
    {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0327": "c", "\u030c": "v"}
)
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")
# Capital letters that look like Latin ones, and omicron, have no command.
_NO_COMMAND = frozenset({"ALPHA", "BETA", "EPSILON", "ZETA", "ETA", "IOTA", "KAPPA", "MU", "NU", "RHO", "TAU", "CHI"})


def escaped(text: str) -> str:
    """Text in ASCII that LaTeX reads as nothing but text."""
    return "".join(map(_escaped, unicodedata.normalize("NFC", text)))


def _escaped(sign: str) -> str:
    if sign in _IN_TEXT:
        return _IN_TEXT[sign]
    if sign.isascii():
        return sign if sign.isprintable() else " "
    if sign in _IN_MATHS:
        return f"${_IN_MATHS[sign]}$"
    greek = _greek(sign)
    if greek:
        return f"${greek}$"
    decomposed = unicodedata.decomposition(sign)
    if decomposed.startswith(("<super>", "<sub>")):
        how = "^" if decomposed.startswith("<super>") else "_"
        plain = unicodedata.normalize("NFKD", sign).replace("−", "-")
        return f"${how}{{{plain}}}$" if plain.isascii() else escaped(spelled(sign, "ascii"))
    letter, *marks = list(unicodedata.normalize("NFD", sign))
    if letter.isascii() and letter.isalpha() and len(marks) == 1 and marks[0] in _MARKS:
        return f"\\{_MARKS[marks[0]]}{{{letter}}}"
    return escaped(spelled(sign, "ascii"))


def _greek(letter: str) -> str:
    """The command for a Greek letter; "" for any other sign."""
    match = _GREEK.fullmatch(unicodedata.name(letter, ""))
    if match is None or match[2] == "OMICRON" or (match[1] == "CAPITAL" and match[2] in _NO_COMMAND):
        return ""
    name = match[2].lower().replace("lamda", "lambda")
    if not name.isalpha() or name in ("final", "san", "koppa", "sampi", "stigma", "digamma", "omicron"):
        return ""
    return f"\\{name if match[1] == 'SMALL' else name.title()}"


class LatexMarkup:
    """The pieces of a formula in LaTeX's mathematics."""

    def number(self, text: str) -> str:
        """A number."""
        mantissa, e, exponent = text.partition("e")
        plain = mantissa.replace("−", "-").replace("≈ ", r"\approx ").replace("∞", r"\infty ").replace(",", "{,}")
        # In braces, a minus is a sign and not an operator.
        written = rf"\mathrm{{{plain}}}" if plain.isalpha() else f"{{{plain}}}" if plain[0] == "-" else plain
        return rf"{written}\mathrm{{e}}{{{exponent.replace('−', '-')}}}" if e and exponent else written

    def name(self, parts: NameParts) -> str:
        """A name with its indices."""
        raised = f"^{{{parts.raised}}}" if parts.raised else ""
        lowered = f"_{{{parts.lowered}}}" if parts.lowered else ""
        return f"{_base(parts.base)}{raised}{lowered}"

    def word(self, text: str) -> str:
        """A word."""
        return rf"\text{{{escaped(text)} }}"

    def constant(self, name: str) -> str:
        """The number e, or pi."""
        return r"\mathrm{e}" if name == "e" else r"\pi "

    def sign(self, text: str) -> str:
        """A sign."""
        return _SIGNS.get(text, text)

    def negative(self, sign: str) -> str:
        """A minus before an operand."""
        return f"{{{sign}}}"

    def fraction(self, above: str, below: str) -> str:
        """A fraction."""
        return rf"\dfrac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"{{{base}}}^{{{exponent}}}"

    def root(self, inside: str) -> str:
        """A square root."""
        return rf"\sqrt{{{inside}}}"

    def function(self, name: str) -> str:
        """A function's name."""
        if name in _FUNCTIONS:
            return f"\\{name}"
        return _greek(name) + " " if len(name) == 1 and _greek(name) else rf"\operatorname{{{escaped(name)}}}"

    def parentheses(self, inside: str) -> str:
        """Parentheses, larger ones around fractions."""
        is_high = r"\dfrac" in inside
        return rf"\Bigl({inside}\Bigr)" if is_high else f"({inside})"

    def comma(self) -> str:
        """A comma."""
        return ",\\,"


MARKUP = LatexMarkup()


def _base(base: str) -> str:
    if len(base) == 1:
        if base.isascii():
            return base
        letter, *marks = list(unicodedata.normalize("NFD", base))
        if marks == ["\u0302"]:
            return rf"\hat{{{_base(letter)}}}"
        return _greek(base) + " " if _greek(base) else rf"\mathit{{{escaped(base)}}}"
    return rf"\mathit{{{escaped(base)}}}" if base.isascii() else rf"\text{{\itshape {escaped(base)}}}"


def maths(text: str) -> str:
    """Mathematics in a line of text, which TeX breaks at its signs."""
    return f"${text.replace(BREAK, '')}$" if text else ""


def in_latex(formula: Formula) -> str:
    """A formula, with `BREAK` where a line may be broken."""
    return typeset(formula, MARKUP)


def equals(number: str) -> str:
    """A number with the sign before it that says what it is."""
    return MARKUP.number(number) if is_nearly(number) else f"={MARKUP.number(number)}"
