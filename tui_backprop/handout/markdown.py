"""A document as Markdown, in lines of at most 90 columns: formulas as on the screen, in fences, and words between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from tui_backprop.charset import CHARACTERS, Charset
from tui_backprop.handout.document import (
    Block,
    Derived,
    DerivedLine,
    Document,
    EquationLines,
    NumberTable,
    Picture,
    Prose,
    Section,
    Statement,
    Statements,
    Total,
)
from tui_backprop.handout.formulas import Formula
from tui_backprop.maths.derivation.reasons import partial
from tui_backprop.maths.writing import write
from tui_backprop.numbers import equals
from tui_backprop.panels.lines import wrapped
from tui_backprop.safe_text import cell_width

WIDTH = 90
_LONGEST_PIECE = 80
_FENCE = "```"
_BLANK = "_" * 12
_ACTIVE = re.compile(r"[\\`*_{}\[\]()<>#|~$&!]|(?<=[a-z]):(?=//)|(?<=www)\.|@", re.IGNORECASE)
_AT_BEGIN = re.compile(r"^([-+=]|\d+(?=[.)]))")


def markdown(document: Document, charset: Charset) -> str:
    """The whole document."""
    return "\n".join(_MarkdownWriter(charset).lines(document))


def paragraph(text: str, before: str = "") -> Iterator[str]:
    """Text that is read as nothing but text, in lines that begin with `before`, and a blank line after it."""
    row = ""
    for piece in chain.from_iterable(map(_pieces, text.split())):
        if row and cell_width(f"{before}{row} {piece}") > WIDTH:
            yield f"{before}{row}"
            row = ""
        # Some signs mean something at the beginning of a line alone.
        row = f"{row} {piece}" if row else _AT_BEGIN.sub(_as_text, piece)
    if row:
        yield f"{before}{row}"
        yield ""


def _pieces(word: str) -> Iterator[str]:
    """A word, escaped; one that is longer than a line in pieces."""
    begin = 0
    while begin < len(word):
        end = len(word)
        while cell_width(escaped(word[begin:end])) > _LONGEST_PIECE:
            end -= 1
        yield escaped(word[begin:end])
        begin = end


def escaped(text: str) -> str:
    """A piece of text without what Markdown would take for more than text."""
    return _ACTIVE.sub(lambda sign: "&#64;" if sign[0] == "@" else f"\\{sign[0]}", text)


class _MarkdownWriter:
    """Writes in the signs of a charset."""

    def __init__(self, charset: Charset) -> None:
        self._charset, self._characters = charset, CHARACTERS[charset]

    def lines(self, document: Document) -> Iterator[str]:
        """The lines of a document."""
        yield from _heading(1, document.title)
        yield from paragraph(document.summary)
        for section in document.sections:
            if not section.is_for_stepping:
                yield from self._section(section)

    def _section(self, section: Section) -> Iterator[str]:
        if section.starts_page:
            yield from ("---", "")
        yield from _heading(section.level, section.heading)
        for block in section.blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Prose():
                yield from paragraph(block.text, "> " if block.tone == "note" else "")
            case EquationLines():
                texts = [f"{line.left} = {_written(line.right)}" for line in block.lines]
                yield from _fenced(row for text in texts for row in self._wrapped(text, 4))
            case Statements():
                yield from self._statements(block)
            case NumberTable():
                yield from _table(block)
            case Derived():
                yield from self._derived(block)
            case Picture():
                if block.rows:
                    yield from _fenced(block.rows)
                    yield from paragraph(block.caption)

    def _wrapped(self, text: str, indent: int) -> Sequence[str]:
        return wrapped(text, WIDTH, indent, self._charset)

    # --- the solution

    def _statements(self, block: Statements) -> Iterator[str]:
        width = max((len(line.label) for line in block.lines), default=0)
        for has_words, run in groupby(block.lines, lambda line: bool(line.words)):
            # What is said of a step follows it; steps of which nothing is said stand together.
            for lines in [[line] for line in run] if has_words else [[*run]]:
                yield from _fenced(row for line in lines for row in self._statement(line, width))
                for words in lines[0].words:
                    yield from paragraph(words, "> ")

    def _statement(self, line: Statement, width: int) -> Iterator[str]:
        first, *others = self._sides(line)
        before = f"{line.label:>{width}}  "
        left = f"{line.left} {self._characters.becomes if line.replaces else '='} " if first else f"{line.left}: "
        remark = f"   ({line.remark})" if line.remark and first else line.remark
        together = f"{before}{left}{' '.join([first, *map(equals, others)])}{remark}"
        if cell_width(together) <= WIDTH:
            yield together
            return
        indent = len(before) + min(len(line.left) + 1, 12)
        yield from self._wrapped(f"{before}{left}{first}", indent + 2)
        for other in others:
            yield from self._wrapped(f"{' ' * indent}{equals(other)}", indent + 2)
        if remark:
            yield f"{' ' * indent}{remark.strip()}"

    def _sides(self, line: Statement) -> list[str]:
        sides = [self._total(side) if isinstance(side, Total) else _written(side) for side in (line.symbols,) if side]
        if line.numbers:
            sides.append(_written(line.numbers))
        if line.value:
            sides.append(line.value.text)
        elif line.blank:
            sides.append(f"{_BLANK} ({line.blank})")
        return sides or [""]

    def _total(self, side: Total) -> str:
        share = f"1/{side.examples}{self._characters.times}" if side.averages else ""
        return f"{share}{self._characters.total} {side.of_one} over {side.examples} examples"

    def _derived(self, block: Derived) -> Iterator[str]:
        if block.opening:
            yield from _fenced(row for text in block.opening for row in self._wrapped(text, 4))
        yield from _fenced(row for place, line in enumerate(block.lines, 1) for row in self._derived_line(place, line))
        yield from paragraph(block.closing)

    def _derived_line(self, place: int, line: DerivedLine) -> Iterator[str]:
        formula = _written(line.expression)
        value = "" if formula == line.value else f" {equals(line.value)}"
        left = partial(line.subject.tree, line.wrt, line.subject.style)
        yield f"{place}  {line.rule}"
        yield from self._wrapped(f"   {left} = {formula}{value}", 6)
        yield from self._wrapped(f"   {line.why}", 3)


def _heading(level: int, text: str) -> Iterator[str]:
    """A heading, which is one line, however long."""
    yield from (f"{'#' * level} {escaped(' '.join(text.split()))}", "")


def _written(formula: Formula) -> str:
    return write(formula.tree, formula.style, formula.numbers)


def _as_text(sign: re.Match[str]) -> str:
    return f"{sign[0]}\\" if sign[0].isdigit() else f"\\{sign[0]}"


def _fenced(rows: Iterable[str]) -> Iterator[str]:
    yield from (f"{_FENCE}text", *(row.rstrip() for row in rows), _FENCE, "")


def _table(table: NumberTable) -> Iterator[str]:
    """A table, in parts where it is too wide, each with the first column."""
    columns = [[escaped(text) for text in column] for column in zip(table.headings, *table.rows, strict=True)]
    first, *others = columns
    while others:
        some = [first]
        while others and (len(some) == 1 or _width_of([*some, others[0]]) <= WIDTH):
            some.append(others.pop(0))
        widths = [max(2, *map(cell_width, column)) for column in some]
        heads, *rows = zip(*some, strict=True)
        yield _row(heads, widths)
        yield _row(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])], widths)
        yield from (_row(row, widths) for row in rows)
        yield ""


def _width_of(columns: Sequence[Sequence[str]]) -> int:
    return sum(max(map(cell_width, column)) + 3 for column in columns) + 1


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = cells
    padded = [f"{first}{' ' * (widths[0] - cell_width(first))}"]
    padded += [f"{' ' * (width - cell_width(text))}{text}" for text, width in zip(others, widths[1:], strict=True)]
    return f"| {' | '.join(padded)} |"
