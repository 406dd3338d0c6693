"""A document as one HTML file that needs nothing from outside: to read, to print, and to go through step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape as _escaped
from pathlib import Path
from typing import Any

from tui_backprop.handout.document import (
    Block,
    Derived,
    Document,
    Drawing,
    EquationLines,
    Moment,
    NumberTable,
    Picture,
    Prose,
    Section,
    Statement,
    Statements,
    Total,
)
from tui_backprop.handout.formulas import BREAK, derivative_of, typeset, typeset_left
from tui_backprop.handout.mathml import MARKUP, in_pieces
from tui_backprop.handout.svg import svg
from tui_backprop.numbers import is_nearly

_FOLDER = Path(__file__).parent
_EQUALS, _BECOMES = (f"{BREAK}{MARKUP.sign(sign)}" for sign in "=←")
_WIDE = 2.5
"""A drawing that is more times as wide as high has a row for itself while one steps."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def html(document: Document) -> str:
    """The whole file."""
    return "\n".join(_PageWriter(document).lines()) + "\n"


def escape(text: str) -> str:
    """Text as it stands in a page. No line is broken inside of a name, between what is raised and what is lowered."""
    return _escaped(text).replace("⁾", "⁾\N{WORD JOINER}")


class _PageWriter:
    """Writes one document. Names and edges of its graph have numbers, by which the script finds them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        drawing = _graph_of(document)
        labels, strokes = (drawing.labels, drawing.strokes) if drawing else ((), ())
        self._names = _numbered(label.name for label in labels if label.name)
        self._edges = _numbered(stroke.edge for stroke in strokes if stroke.edge)

    def lines(self) -> Iterator[str]:
        """The lines of the file."""
        title = escape(self._document.title)
        yield "<!DOCTYPE html>"
        yield f'<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
        yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<style>\n{_part('page.css')}</style>\n</head>\n<body>\n<main>"
        yield f"<header><h1>{title}</h1>\n<p>{escape(self._document.summary)}</p></header>"
        for section in self._document.sections:
            yield from self._section(section)
        yield "</main>"
        if self._document.moments:
            yield _part("bar.html")
            yield f'<script type="application/json" id="moments">{self._moments()}</script>'
            yield f"<script>\n{_part('page.js')}</script>"
        yield "</body>\n</html>"

    def _section(self, section: Section) -> Iterator[str]:
        kinds = [
            *(["for-stepping"] if section.is_for_stepping else []),
            *(["starts-page"] if section.starts_page else []),
        ]
        yield f'<section class="{" ".join(kinds)}">' if kinds else "<section>"
        yield f"<h{section.level}>{escape(section.heading)}</h{section.level}>"
        for block in section.blocks:
            yield from self._block(block)
        yield "</section>"

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Prose():
                yield f'<p class="{block.tone}">{escape(block.text)}</p>'
            case EquationLines():
                for equation in block.lines:
                    formula = f"{typeset_left(equation.left, MARKUP)}{_EQUALS}{typeset(equation.right, MARKUP)}"
                    yield f'<p class="equation">{in_pieces(formula)}</p>'
            case Statements():
                for line in block.lines:
                    yield from _statement(line)
            case NumberTable():
                yield from _table(block)
            case Derived():
                yield from _derived(block)
            case Picture():
                names, edges = (self._names, self._edges) if block.is_graph else ({}, {})
                kind = "graph" if block.is_graph else "plot"
                if block.drawing.width > _WIDE * block.drawing.height:
                    kind += " wide"
                drawn = svg(block.drawing, names, edges, block.caption or "The computation graph")
                yield f'<figure class="{kind}">{drawn}\n<figcaption>{escape(block.caption)}</figcaption></figure>'

    def _moments(self) -> str:
        """The moments for the script; nothing in it can end the element that it stands in."""
        written = json.dumps([*map(self._moment, self._document.moments)], ensure_ascii=False, separators=(",", ":"))
        return written.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")

    def _moment(self, moment: Moment) -> list[Any]:
        changes = [[self._names[one.name], one.value, one.gradient, *map(int, one.is_old)] for one in moment.changes]
        edges = [self._edges[edge] for edge in moment.edges]
        return [moment.anchor, moment.where, moment.says, changes, self._names.get(moment.node, -1), edges]


def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _graph_of(document: Document) -> Drawing | None:
    """The first graph of the document, in which the steps are shown."""
    blocks = (block for section in document.sections for block in section.blocks)
    return next((block.drawing for block in blocks if isinstance(block, Picture) and block.is_graph), None)


def _numbered(things: Any) -> Mapping[Any, int]:
    return {thing: number for number, thing in enumerate(dict.fromkeys(things))}


def _equals(number: str) -> str:
    return f"{'' if is_nearly(number) else _EQUALS}{MARKUP.number(number)}"


def _statement(line: Statement) -> Iterator[str]:
    anchor = f' id="{line.anchor}"' if line.anchor else ""
    value = f' data-value="{line.value.digits}" title="{line.value.digits}"' if line.value else ""
    yield f'<div class="step {line.kind}"{anchor}{value}><span class="label">{line.label}</span><div>'
    remark = f' <span class="remark">{escape(line.remark)}</span>' if line.remark else ""
    yield f"<p>{in_pieces(_sides(line))}{_blank(line)}{remark}</p>"
    yield from (f'<p class="note">{escape(words)}</p>' for words in line.words)
    yield "</div></div>"


def _sides(line: Statement) -> str:
    sides = [_total(side) if isinstance(side, Total) else typeset(side, MARKUP) for side in (line.symbols,) if side]
    if line.numbers:
        sides.append(typeset(line.numbers, MARKUP))
    written = typeset_left(line.left, MARKUP)
    for place, side in enumerate(sides):
        written += f"{_BECOMES if line.replaces and place == 0 else _EQUALS}{side}"
    if line.value:
        is_first = line.replaces and not sides
        written += f"{_BECOMES}{MARKUP.number(line.value.text)}" if is_first else _equals(line.value.text)
    return written


def _blank(line: Statement) -> str:
    if not line.blank:
        return ""
    sign = "←" if line.replaces and not line.symbols else "="
    return f' {sign} <span class="blank"></span> ({line.blank})'


def _total(side: Total) -> str:
    share = ""
    if side.averages:
        share = f"{MARKUP.fraction(MARKUP.number('1'), MARKUP.number(f'{side.examples}'))}{MARKUP.sign('·')}"
    return f"{share}{MARKUP.sign('Σ')}{typeset_left(side.of_one, MARKUP)}"


def _table(table: NumberTable) -> Iterator[str]:
    yield f"<table><thead><tr>{''.join(f'<th>{escape(text)}</th>' for text in table.headings)}</tr></thead><tbody>"
    for first, *rest in table.rows:
        yield f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(text)}</td>' for text in rest)}</tr>"
    yield "</tbody></table>"


def _derived(block: Derived) -> Iterator[str]:
    yield from (f'<p class="equation">{escape(text)}</p>' for text in block.opening)
    for place, line in enumerate(block.lines, 1):
        left, formula = derivative_of(line.subject, line.wrt, MARKUP), typeset(line.expression, MARKUP)
        value = "" if formula == MARKUP.number(line.value) else _equals(line.value)
        yield f'<div class="derived"><span class="label">{place}</span><div>'
        yield f'<p>{in_pieces(f"{left}{_EQUALS}{formula}{value}")} <span class="remark">{escape(line.rule)}</span></p>'
        yield f'<p class="note">{escape(line.why)}</p></div></div>'
    if block.closing:
        yield f"<p>{escape(block.closing)}</p>"
