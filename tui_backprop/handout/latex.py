"""A document as LaTeX for a plain pdflatex with amsmath, in ASCII: every other sign is spelled in commands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType

from tui_backprop.charset import spelled
from tui_backprop.handout.document import (
    Block,
    Derived,
    Document,
    Drawing,
    EquationLines,
    Lettering,
    NumberTable,
    Picture,
    Place,
    Prose,
    Section,
    Statement,
    Statements,
    Stroke,
    Total,
)
from tui_backprop.handout.formulas import BREAK, Formula, NameParts, derivative_of, typeset, typeset_left
from tui_backprop.numbers import is_nearly

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{amsmath}
\setlength{\textwidth}{16cm}\setlength{\oddsidemargin}{0cm}\setlength{\evensidemargin}{0cm}
\setlength{\textheight}{24cm}\setlength{\topmargin}{-1.5cm}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt plus 2pt}
\setlength{\fboxsep}{2pt}
\raggedright\sloppy
% A line of the solution: its number, and what it says.
\newcommand{\step}[2]{\par\vspace{3pt}\hangindent=3em\makebox[3em][l]{\small #1}\hangafter=1 #2\par}
% A word on the line before it.
\newcommand{\say}[1]{{\leftskip=3em\small\itshape #1\par}}
\newcommand{\blank}[1]{\underline{\hspace{7em}}\;(#1)}
"""
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
_ROWS_OF_TABLE = 36
_POINTS_A_UNIT = 0.62
_WIDEST = 450.0


def latex(document: Document) -> str:
    """The whole document."""
    return "\n".join(_lines(document)) + "\n"


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
        written = rf"\mathrm{{{plain}}}" if plain.isalpha() else f"{{{plain}}}"
        return rf"{written}\mathrm{{e}}{{{exponent.replace('−', '-')}}}" if e and exponent else written

    def name(self, parts: NameParts) -> str:
        """A name with its indices."""
        raised = f"^{{{parts.raised}}}" if parts.raised else ""
        lowered = f"_{{{parts.lowered}}}" if parts.lowered else ""
        return f"{_base(parts.base)}{raised}{lowered}"

    def word(self, text: str) -> str:
        """A word."""
        return rf"\text{{{escaped(text)} }}"

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


_MARKUP = LatexMarkup()


def _base(base: str) -> str:
    if len(base) == 1:
        if base.isascii():
            return base
        letter, *marks = list(unicodedata.normalize("NFD", base))
        if marks == ["\u0302"]:
            return rf"\hat{{{_base(letter)}}}"
        return _greek(base) + " " if _greek(base) else rf"\mathit{{{escaped(base)}}}"
    return rf"\mathit{{{escaped(base)}}}" if base.isascii() else rf"\text{{\itshape {escaped(base)}}}"


def _maths(text: str) -> str:
    """Mathematics in a line of text, which TeX breaks at its signs."""
    return f"${text.replace(BREAK, '')}$" if text else ""


def _formula(formula: Formula) -> str:
    return typeset(formula, _MARKUP)


def _equals(number: str) -> str:
    return _MARKUP.number(number) if is_nearly(number) else f"={_MARKUP.number(number)}"


# --- the document


def _lines(document: Document) -> Iterator[str]:
    yield _PREAMBLE
    yield r"\begin{document}"
    yield rf"{{\LARGE\bfseries {escaped(document.title)}\par}}\medskip"
    yield escaped(document.summary)
    for section in document.sections:
        if not section.is_for_stepping:
            yield from _section(section)
    yield r"\end{document}"


def _section(section: Section) -> Iterator[str]:
    if section.starts_page:
        yield r"\clearpage"
    yield ""
    yield rf"\{'section' if section.level == 2 else 'subsection'}*{{{escaped(section.heading)}}}"
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Prose():
            text = escaped(block.text)
            yield rf"\say{{{text}}}" if block.tone == "note" else f"{text}\\par"
        case EquationLines():
            for equation in block.lines:
                left = typeset_left(equation.left, _MARKUP)
                yield f"{_maths(f'{left}={_formula(equation.right)}')}\\par"
        case Statements():
            for line in block.lines:
                yield from _statement(line)
        case NumberTable():
            yield from _table(block)
        case Derived():
            yield from _derived(block)
        case Picture():
            yield from _drawing(block.drawing)
            yield rf"{{\small {escaped(block.caption)}\par}}"


def _statement(line: Statement) -> Iterator[str]:
    left = typeset_left(line.left, _MARKUP)
    becomes = _SIGNS["←"] if line.replaces else "="
    sides = []
    if line.symbols:
        sides.append(_total(line.symbols) if isinstance(line.symbols, Total) else _formula(line.symbols))
    if line.numbers:
        sides.append(_formula(line.numbers))
    texts = [_maths(f"{f'={side}' if place else f'{left}{becomes}{side}'}") for place, side in enumerate(sides)]
    if line.value:
        end = _equals(line.value.text) if sides else f"{left}{becomes}{_MARKUP.number(line.value.text)}"
        texts.append(_maths(end))
    elif line.blank:
        texts.append(_maths(f"{'' if sides else left}{'=' if sides else becomes}\\blank{{{line.blank}}}"))
    elif not sides:
        texts.append(f"{_maths(left)}:")
    if line.remark:
        texts.append(rf"\quad {{\small ({escaped(line.remark)})}}")
    yield rf"\step{{{line.label}}}{{{' '.join(texts)}}}"
    yield from (rf"\say{{{escaped(words)}}}" for words in line.words)


def _total(side: Total) -> str:
    share = rf"\dfrac{{1}}{{{side.examples}}}\cdot " if side.averages else ""
    return rf"{share}{_SIGNS['Σ']}{typeset_left(side.of_one, _MARKUP)}"


def _table(table: NumberTable) -> Iterator[str]:
    """A table, in parts of which each fits on a page."""
    for begin in range(0, len(table.rows), _ROWS_OF_TABLE):
        rows = table.rows[begin : begin + _ROWS_OF_TABLE]
        yield rf"\par\begin{{tabular}}{{l{'r' * (len(table.headings) - 1)}}}"
        yield rf"{' & '.join(map(escaped, table.headings))} \\ \hline"
        yield from (rf"{' & '.join(map(escaped, row))} \\" for row in rows)
        yield r"\end{tabular}\par"


def _derived(block: Derived) -> Iterator[str]:
    yield from (f"{escaped(text)}\\par" for text in block.opening)
    for place, line in enumerate(block.lines, 1):
        left, formula = derivative_of(line.subject, line.wrt, _MARKUP), _formula(line.expression)
        value = "" if formula == _MARKUP.number(line.value) else _equals(line.value)
        yield rf"\step{{{place}}}{{{_maths(f'{left}={formula}{value}')} \quad {{\small {escaped(line.rule)}}}}}"
        yield rf"\say{{{escaped(line.why)}}}"
    if block.closing:
        yield f"{escaped(block.closing)}\\par"


# --- drawings, in LaTeX's own picture environment


def _drawing(drawing: Drawing) -> Iterator[str]:
    unit = min(_POINTS_A_UNIT, _WIDEST / drawing.width)
    yield rf"\par{{\setlength{{\unitlength}}{{{unit:.3f}pt}}\scriptsize"
    yield rf"\begin{{picture}}({drawing.width:.0f},{drawing.height:.0f})"
    for stroke in drawing.strokes:
        yield from _stroke(stroke, drawing.height)
    yield from (_label(label, drawing.height) for label in drawing.labels if label.text)
    yield r"\end{picture}}\par"


def _stroke(stroke: Stroke, height: float) -> Iterator[str]:
    places = [(x, height - y) for x, y in stroke.places]
    for place, (begin, end) in enumerate(pairwise(places)):
        is_last = stroke.has_arrow and place == len(places) - 2
        yield _straight(begin, end, is_last)


def _straight(begin: Place, end: Place, has_arrow: bool) -> str:
    (x, y), (to_x, to_y) = begin, end
    across, up = to_x - x, to_y - y
    if abs(across) > 0.01 and abs(up) > 0.01:
        middle = (x + to_x) / 2, (y + to_y) / 2
        return rf"\qbezier({x:.1f},{y:.1f})({middle[0]:.1f},{middle[1]:.1f})({to_x:.1f},{to_y:.1f})"
    command = "vector" if has_arrow else "line"
    direction = (0, 1 if up > 0 else -1) if abs(up) > abs(across) else (1 if across >= 0 else -1, 0)
    length = max(abs(across), abs(up))
    return rf"\put({x:.1f},{y:.1f}){{\{command}({direction[0]},{direction[1]}){{{length:.1f}}}}}"


def _label(label: Lettering, height: float) -> str:
    x, y = label.at
    side = {"start": "l", "middle": "", "end": "r"}[label.anchor]
    box = rf"\makebox(0,0)[{side}]" if side else r"\makebox(0,0)"
    return rf"\put({x:.1f},{height - y:.1f}){{{box}{{{escaped(label.text)}}}}}"
