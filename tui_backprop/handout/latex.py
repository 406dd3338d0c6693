"""A document as LaTeX for a plain pdflatex with amsmath: its drawings are made by LaTeX itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

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
from tui_backprop.handout.formulas import BREAK, derivative_of, typeset_left
from tui_backprop.handout.latex_formulas import MARKUP, equals, escaped, in_latex, maths

_ROWS_OF_TABLE = 36
_POINTS_A_UNIT = 0.62
_WIDEST = 450.0
_LEAST_FOR_LETTERS = 0.5

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{amsmath}
\hfuzz=2pt
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


def latex(document: Document) -> str:
    """The whole document."""
    return "\n".join(_lines(document)) + "\n"


def derivation_in_latex(derived: Derived) -> str:
    """A derivation alone, to put into a document of one's own that uses amsmath."""
    rows = []
    for line in derived.lines:
        left, formula = derivative_of(line.subject, line.wrt, MARKUP), in_latex(line.expression)
        value = "" if formula == MARKUP.number(line.value) else equals(line.value)
        rows.append(rf"{left} &= {formula}{value} && \text{{{escaped(line.rule)}}}".replace(BREAK, ""))
    opening = [rf"{escaped(text)}\par" for text in derived.opening]
    closing = [escaped(derived.closing)] if derived.closing else []
    return "\n".join([*opening, r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}", *closing]) + "\n"


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
                left = typeset_left(equation.left, MARKUP)
                yield f"{maths(f'{left}={in_latex(equation.right)}')}\\par"
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
    left = typeset_left(line.left, MARKUP)
    becomes = MARKUP.sign("←") if line.replaces else "="
    sides = []
    if line.symbols:
        sides.append(_total(line.symbols) if isinstance(line.symbols, Total) else in_latex(line.symbols))
    if line.numbers:
        sides.append(in_latex(line.numbers))
    texts = [maths(f"{f'={side}' if place else f'{left}{becomes}{side}'}") for place, side in enumerate(sides)]
    if line.value:
        end = equals(line.value.text) if sides else f"{left}{becomes}{MARKUP.number(line.value.text)}"
        texts.append(maths(end))
    elif line.blank:
        texts.append(maths(f"{'' if sides else left}{'=' if sides else becomes}\\blank{{{line.blank}}}"))
    elif not sides:
        texts.append(f"{maths(left)}:")
    if line.remark:
        texts.append(rf"\quad {{\small ({escaped(line.remark)})}}")
    yield rf"\step{{{line.label}}}{{{' '.join(texts)}}}"
    yield from (rf"\say{{{escaped(words)}}}" for words in line.words)


def _total(side: Total) -> str:
    share = rf"\dfrac{{1}}{{{side.examples}}}\cdot " if side.averages else ""
    return rf"{share}{MARKUP.sign('Σ')}{typeset_left(side.of_one, MARKUP)}"


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
        left, formula = derivative_of(line.subject, line.wrt, MARKUP), in_latex(line.expression)
        value = "" if formula == MARKUP.number(line.value) else equals(line.value)
        yield rf"\step{{{place}}}{{{maths(f'{left}={formula}{value}')} \quad {{\small {escaped(line.rule)}}}}}"
        yield rf"\say{{{escaped(line.why)}}}"
    if block.closing:
        yield f"{escaped(block.closing)}\\par"


# --- drawings, in LaTeX's own picture environment


def _drawing(drawing: Drawing) -> Iterator[str]:
    unit = min(_POINTS_A_UNIT, _WIDEST / drawing.width)
    letters = r"\tiny" if unit < _LEAST_FOR_LETTERS else r"\scriptsize"
    yield rf"\par{{\setlength{{\unitlength}}{{{unit:.3f}pt}}{letters}"
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
