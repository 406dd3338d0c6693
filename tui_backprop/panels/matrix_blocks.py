"""A matrix as a block of rows in brackets: numbers, what the cursor has not come to as `·`, what is left out as `…`."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from tui_backprop.charset import drawn
from tui_backprop.panels.lines import Line, Role, Span
from tui_backprop.panels.step_words import role_of
from tui_backprop.record.matrix_formulas import Given, Lit, Matrix, MatrixCell
from tui_backprop.record.matrix_numbers import is_known, number_of
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Session

_LEFT, _RIGHT = ("⎡", "⎢", "⎣"), ("⎤", "⎥", "⎦")
_ROW_MARK, _COLUMN_MARK = "▸", "▾"


class SeenMatrix(Struct, frozen=True):
    """What is to be seen of a matrix.

    lit: the entries that the one under the cursor is made of, or that one itself; None where none is.
    active: the entry under the cursor; None where it is not in this matrix.
    is_marked: whether a row or a column that is lit has a mark beside it.
    around: the row, or the column, around which what has no room is left out, where all are lit.
    most: how many rows, or columns, are shown at most.
    """

    matrix: Matrix
    lit: Lit | None = None
    active: tuple[int, int] | None = None
    is_marked: bool = True
    around: int = 0
    most: int = 12


class Texts:
    """The entries of matrices as texts, at a session's cursor; each is written once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._steps, self._layout, self._turn = session.steps, session.layout, session.last_turn
        self._number, self._index = session.style.number, session.cursor.index
        self._made: dict[MatrixCell, tuple[str, bool]] = {}

    def of(self, cell: MatrixCell) -> tuple[str, bool]:
        """An entry's number, and whether the cursor has come to it."""
        if cell not in self._made:
            number = number_of(self._steps, cell, self._turn)
            text = self._number(number) if number is not None else self.session.characters.none
            self._made[cell] = text, is_known(self._layout, self._index, cell, self._turn)
        return self._made[cell]


class Block(NamedTuple):
    """Rows of the same width; above them what marks a column, and below them the shape."""

    above: Line
    rows: tuple[Line, ...]
    below: Line
    width: int


def block(texts: Texts, seen: SeenMatrix) -> Block:
    """A matrix in brackets; one of a single entry is that number."""
    matrix, session = seen.matrix, texts.session
    charset = session.charset
    lit = seen.lit or (None, None)
    rows, columns = _shown(matrix.rows, lit[0], seen), _shown(matrix.columns, lit[1], seen)
    entries = [[_entry(texts, seen, row, column) for column in columns] for row in rows]
    widths = [max(len(entry.text) for entry in column) for column in zip(*entries, strict=True)]
    gaps = _Gaps(columns, matrix.columns, session.characters.ellipsis)
    lines = [gaps.joined([entry.span(width) for entry, width in zip(line, widths, strict=True)]) for line in entries]
    if matrix.is_number:
        # Without the room on either side that would part it from others.
        number = entries[0][0].span(widths[0], is_alone=True)
        return Block((), (number,), (), len(number[0].text))
    width = sum(len(span.text) for span in lines[0])
    dots = Span(drawn("⋮", charset).center(width), "dim")
    numbers: list[int | None] = [*rows]
    if rows[0] > 0:
        lines, numbers = [(dots,), *lines], [None, *numbers]
    if rows[-1] < matrix.rows - 1:
        lines, numbers = [*lines, (dots,)], [*numbers, None]
    has_row_mark = seen.is_marked and lit[0] is not None and matrix.rows > 1
    bracketed = []
    for place, line in enumerate(lines):
        left, right = _bracket(_LEFT, place, len(lines)), _bracket(_RIGHT, place, len(lines))
        is_marked = has_row_mark and numbers[place] == lit[0]
        mark = Span(drawn(_ROW_MARK if is_marked else left, charset), "path_edge" if is_marked else "plain")
        bracketed.append((mark, *line, Span(drawn(right, charset))))
    shape = Span(f"{matrix.rows}{session.characters.by}{matrix.columns}".center(width + 2), "dim")
    return Block(_column_mark(session, seen, columns, widths, gaps), tuple(bracketed), (shape,), width + 2)


def _bracket(pieces: tuple[str, str, str], place: int, count: int) -> str:
    """A piece of a bracket; where there is one row, the middle one."""
    return pieces[1] if count == 1 or 0 < place < count - 1 else pieces[0] if place == 0 else pieces[2]


def _column_mark(session: Session, seen: SeenMatrix, columns: range, widths: list[int], gaps: _Gaps) -> Line:
    """The mark above the only column that is lit, where there are others."""
    column = seen.lit[1] if seen.lit is not None else None
    if column is None or column not in columns or not seen.is_marked or seen.matrix.columns == 1:
        return ()
    place = columns.index(column)
    before = 1 + len(gaps.before) + sum(width + 2 for width in widths[:place]) + widths[place]
    return (Span(" " * before), Span(drawn(_COLUMN_MARK, session.charset), "path_edge"))


def _shown(size: int, lit: int | None, seen: SeenMatrix) -> range:
    """The rows, or the columns, that are shown: those around the one that is lit. Where most of them are, all are: to
    leave out one would gain nothing."""
    most = size if size == seen.most + 1 and seen.most > 1 else seen.most
    first = max(0, min((seen.around if lit is None else lit) - most // 2, size - most))
    return range(first, min(size, first + most))


class _Gaps(Struct, frozen=True):
    """Where columns are left out."""

    columns: range
    count: int
    ellipsis: str

    @property
    def before(self) -> str:
        return f" {self.ellipsis}" if self.columns[0] > 0 else ""

    def joined(self, spans: list[Line]) -> Line:
        """The entries of a row, and what stands for those left out."""
        before = [Span(self.before, "dim")] if self.before else []
        behind = [Span(f"{self.ellipsis} ", "dim")] if self.columns[-1] < self.count - 1 else []
        return (*before, *(span for entry in spans for span in entry), *behind)


class _Shown(NamedTuple):
    """An entry as text. `text` has the width that its number will need."""

    text: str
    shown: str
    role: Role
    is_active: bool
    target: str | None

    def span(self, width: int, is_alone: bool = False) -> Line:
        opening, closing = ("[", "]") if self.is_active else ("", "") if is_alone else (" ", " ")
        pad = width - len(self.shown)
        return (Span(f"{' ' * pad}{opening}{self.shown}{closing}", self.role, self.target),)


def _entry(texts: Texts, seen: SeenMatrix, row: int, column: int) -> _Shown:
    cell = seen.matrix.cell(row, column)
    is_active = seen.active == (row, column)
    text, is_passed = texts.of(cell)
    shown = text if is_passed else texts.session.characters.unknown
    role: Role = "plain"
    if is_active:
        role = "active"
    elif not is_passed:
        role = "unknown"
    elif _is_lit(seen.lit, row, column):
        role = "path_edge"
    elif isinstance(cell.source, Entry):
        role = role_of(cell.source)
    target = cell.source.name if isinstance(cell.source, Entry | Given) else None
    return _Shown(text, shown, role, is_active, target)


def _is_lit(lit: Lit | None, row: int, column: int) -> bool:
    return lit is not None and lit[0] in (None, row) and lit[1] in (None, column)
