"""Matrices of numbers that steps have computed, and formulas of them.

A matrix says of each entry which step, or which given number, it is; nothing is computed here. A formula is a tree
whose leaves are matrices; it is written in symbols, or in pieces between which whoever draws it puts the matrices.

The symbol of a matrix is a name of its own, letter and layer with a space between them: `W 2` is written W⁽²⁾. Like any
name it may stand in the name of a derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.maths.expression import Expression
from tui_backprop.maths.functions import FUNCTIONS
from tui_backprop.maths.partials import parts_of_partial
from tui_backprop.maths.writing import Style, of_layer, typeset_name, write
from tui_backprop.record.step_layout import Entry
from tui_backprop.scenario.optimizers import RATE


class Given(Struct, frozen=True):
    """A number that an iteration begins with: an input, a target, a constant, or a parameter before its update."""

    name: str


class Operand(Struct, frozen=True):
    """What the step of an update reads under a name of its rule, such as the state left from the update before."""

    entry: Entry
    name: str


Source = Entry | Given | Operand | float | None
"""Where an entry's number comes from: a step, what is given, what an update reads, a number that is always the same, or
nowhere: a weight that is frozen has no update."""


class MatrixCell(NamedTuple):
    """An entry of a matrix; `turn` is the example it belongs to, in the iteration's order, None: the one on the
    screen."""

    source: Source
    turn: int | None = None


class Matrix(Struct, frozen=True):
    """So many rows and columns of cells under a symbol. A matrix of one entry is written as a plain number.

    slope_of: the function of whose derivative at the symbol's numbers it consists: σ′(z⁽²⁾); "" for none.
    remark: what tells it from another of the same symbol; "" for nothing.
    """

    symbol: str
    rows: int
    columns: int
    cell: Callable[[int, int], MatrixCell]
    slope_of: str = ""
    remark: str = ""
    is_transposed: bool = False

    @property
    def transposed(self) -> Matrix:
        """The matrix with its rows as columns."""
        across = replace(self, rows=self.columns, columns=self.rows, is_transposed=not self.is_transposed)
        return replace(across, cell=lambda row, column: self.cell(column, row))

    @property
    def is_number(self) -> bool:
        """Whether it is one number."""
        return self.rows == self.columns == 1


class Entrywise(Struct, frozen=True):
    """An expression that is computed for every entry by itself, of the matrices that its names stand for; one that is a
    single number is the same in all entries."""

    tree: Expression
    matrices: Mapping[str, Matrix]


class Combined(Struct, frozen=True):
    """Formulas put together: the matrix product, or a number times a matrix; the product entry by entry; the sum; the
    largest of all entries; the total of all entries; or one of `count` equal shares of the only part."""

    how: Literal["product", "entrywise", "sum", "largest", "total", "share"]
    parts: tuple[Formula, ...]
    count: int = 1


Formula = Matrix | Entrywise | Combined

Lit = tuple[int | None, int | None]
"""Which entries of a matrix an entry of the result is made of: those of a row and a column, None being every one."""


class PlacedMatrix(NamedTuple):
    """A matrix in a formula, and its entries that one entry of the result is made of."""

    matrix: Matrix
    lit: Lit


def product(*parts: Formula) -> Combined:
    return Combined("product", parts)


def column(symbol: str, names: Sequence[str], source: Callable[[str], Source], slope_of: str = "") -> Matrix:
    """The numbers of some names, one below the other."""
    return Matrix(symbol, len(names), 1, lambda row, _: MatrixCell(source(names[row])), slope_of)


def written_symbol(symbol: str, style: Style) -> str:
    """A symbol as it is shown: W⁽²⁾, δ⁽²⁾, ∂C/∂W⁽²⁾; those of no layer are ordinary names."""
    parts = parts_of_partial(symbol)
    if parts:
        return "/".join(f"{style.characters.partial}{written_symbol(part, style)}" for part in parts)
    letter, space, layer = symbol.partition(" ")
    if not space:
        return style.name(symbol)
    if not style.typeset:
        return f"{letter}{layer}"
    letter = {"Delta": "Δ"}.get(letter) or typeset_name(letter)
    return f"{letter}{of_layer(layer)}" if layer else letter


def written_matrix(matrix: Matrix, style: Style) -> str:
    """A matrix as it stands in a formula: (W⁽²⁾)ᵀ, σ′(z⁽²⁾)."""
    text = written_symbol(matrix.symbol, style)
    if matrix.slope_of:
        function = (FUNCTIONS[matrix.slope_of].typeset if style.typeset else "") or matrix.slope_of
        text = f"{function}{style.characters.slope}({text})"
    if matrix.is_transposed:
        text = f"{text if text.isalpha() else f'({text})'}{style.characters.transposed}"
    return f"{text} ({matrix.remark})" if matrix.remark else text


def written(formula: Formula, style: Style) -> str:
    """A formula in symbols."""
    parts = pieces(formula, style)
    return "".join(piece if isinstance(piece, str) else written_matrix(piece.matrix, style) for piece in parts)


def pieces(formula: Formula, style: Style, lit: Lit = (None, None)) -> list[str | PlacedMatrix]:
    """A formula as text and matrices in turn, from left to right, for one entry of its result, or for all of them."""
    if isinstance(formula, Matrix):
        return [PlacedMatrix(formula, (0, 0) if formula.is_number else lit)]
    if isinstance(formula, Entrywise):
        return [*_around_matrices(formula, style, lit)]
    characters, how = style.characters, formula.how
    if how == "largest":
        return ["max(", *pieces(formula.parts[0], style), ")"]
    if how == "total":
        return [f"{characters.total} ", *pieces(formula.parts[0], style)]
    if how == "share":
        return [f"1/{formula.count}{characters.times}", *_in_product(formula.parts[0], style, lit)]
    if how == "sum":
        return _sum(formula.parts, style, lit)
    sign = characters.times if how == "product" else f" {characters.entrywise} "
    joined: list[str | PlacedMatrix] = []
    for part, of_part in zip(formula.parts, _lit_in(formula, lit), strict=True):
        joined += [sign, *_in_product(part, style, of_part)]
    return joined[1:]


def _sum(parts: tuple[Formula, ...], style: Style, lit: Lit) -> list[str | PlacedMatrix]:
    """The terms of a sum; of many the first two and the last one."""
    ellipsis, left_out = style.characters.ellipsis, len(parts) - 3
    joined: list[str | PlacedMatrix] = []
    for place, part in enumerate((*parts[:2], parts[-1]) if left_out > 1 else parts):
        more = [f" + {ellipsis} {left_out} more {ellipsis}"] if place == 2 and left_out > 1 else []
        joined += [*more, " + ", *pieces(part, style, lit)]
    return joined[1:]


def _lit_in(formula: Combined, lit: Lit) -> list[Lit]:
    """What is lit in each part: in a product a row of the first matrix and a column of the second one."""
    large = [place for place, part in enumerate(formula.parts) if not (isinstance(part, Matrix) and part.is_number)]
    if formula.how != "product" or len(large) < 2:
        return [lit] * len(formula.parts)
    return [(lit[0] if place == large[0] else None, lit[1] if place == large[-1] else None) for place in large]


def _in_product(part: Formula, style: Style, lit: Lit) -> list[str | PlacedMatrix]:
    """A part of a product; a sum in parentheses."""
    inside = pieces(part, style, lit)
    return ["(", *inside, ")"] if isinstance(part, Combined) and part.how == "sum" else inside


_MARK = "\x00"


def _around_matrices(formula: Entrywise, style: Style, lit: Lit) -> Iterator[str | PlacedMatrix]:
    """An expression with its matrices taken out: what `write` makes of it is cut where they stand."""
    marked = write(formula.tree, replace(style, name=lambda name: f"{_MARK}{name}{_MARK}"))
    for place, part in enumerate(marked.split(_MARK)):
        if place % 2:
            yield from pieces(formula.matrices[part], style, lit)
        elif part:
            yield part


def style_of_rule(style: Style) -> Style:
    """How the names of an optimizer's lines are written, which are no names of the scenario."""
    spelled = typeset_name if style.typeset else str
    return replace(style, name=lambda name: style.characters.eta if name == RATE else spelled(name))
