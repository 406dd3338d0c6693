"""The equations of a network by layers: the one to which the step belongs in symbols and as matrices of numbers, its
entry under the cursor written out, and around it the other equations of the phase."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from msgspec.structs import replace

from tui_backprop.charset import drawn
from tui_backprop.maths.expression import Name
from tui_backprop.maths.writing import Style
from tui_backprop.panels.equations_panel import step_lines
from tui_backprop.panels.lines import Line, Role, Span, wrapped
from tui_backprop.panels.matrix_blocks import Block, SeenMatrix, Texts, block
from tui_backprop.record.layer_equations import LayerEquation, LayerEquations
from tui_backprop.record.layer_places import LayerPlace
from tui_backprop.record.matrix_formulas import (
    PlacedMatrix,
    Source,
    pieces,
    style_of_rule,
    written,
    written_matrix,
    written_symbol,
)
from tui_backprop.session import Session

_MARK, _NO_MARK = "▶ ", "  "
_SIZES = (12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
"""How many rows and columns of a matrix are tried, until all matrices have room."""
_LEAST = 3


def matrices_lines(session: Session, layers: LayerEquations, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines."""
    here = session.layer_equation
    of_phase = layers.of_phase(session.entry.phase, session.layout.batch_size)
    if here is None:
        return _of_no_layer(session, of_phase, width, height)
    equation, place = here
    at = of_phase.index(equation)
    heading = [(Span(text, "heading"),) for text in wrapped(_heading(session, equation), width, 2, session.charset)]
    own: list[Line] = [*heading, *_symbols(session, equation, width, is_here=True)]
    step = [(), *step_lines(session, width)]
    texts, items = Texts(session), [*_items(session, equation, place)]
    # The step as one formula gives way where else hardly anything were seen of the matrices, and so does the heading.
    for others, behind, least in ((own, step, _LEAST), (own, [], _LEAST), (own[len(heading) :], [], 0)):
        matrices = _matrices(texts, items, width, height - len(others) - len(behind), least)
        if matrices:
            break
    body = [*others, *matrices, *(behind if matrices else step)]
    return (*body, *_others(session, of_phase, at, width, height - len(body)))[:height]


def _of_no_layer(session: Session, of_phase: Sequence[LayerEquation], width: int, height: int) -> tuple[Line, ...]:
    """A step that is no entry of a layer's matrices, as its formula, and below it the equations of the phase."""
    step = step_lines(session, width)
    told = "This step is one number by itself, and no entry of a matrix."
    body = [*step, *((Span(text, "dim"),) for text in wrapped(told, width, charset=session.charset))]
    return (*body, *_others(session, of_phase, 0, width, height - len(body), is_above=False))[:height]


def _others(
    session: Session, equations: Sequence[LayerEquation], at: int, width: int, height: int, is_above: bool = True
) -> list[Line]:
    """The equations of the phase in symbols, as many as have room, those around the one that stands above."""
    if height < 3 or len(equations) <= is_above:
        return []
    listed = [_symbols(session, equation, width) for equation in equations]
    if is_above:
        left = _left(session, equations[at])
        listed[at] = [(Span(drawn(_MARK, session.charset), "active"), Span(f"{left}: above", "dim"))]
    first, last, room = at, at + 1, height - 2 - len(listed[at])
    while True:
        fits_after = last < len(listed) and len(listed[last]) <= room
        if fits_after:
            room, last = room - len(listed[last]), last + 1
        fits_before = first > 0 and len(listed[first - 1]) <= room
        if fits_before:
            first, room = first - 1, room - len(listed[first - 1])
        if not (fits_after or fits_before):
            break
    phase = {"average": "average" if session.history.plan.averages else "sum over the examples"}
    text = f"── {phase.get(session.entry.phase, session.entry.phase)}, layer by layer ".ljust(width, "─")[:width]
    return [(), (Span(drawn(text, session.charset), "dim"),), *chain.from_iterable(listed[first:last])]


def _style(session: Session, equation: LayerEquation) -> Style:
    return style_of_rule(session.style) if equation.phase == "update" else session.style


def _heading(session: Session, equation: LayerEquation) -> str:
    count = len(session.scenario.network.layers) if session.scenario.network else 0
    words = {
        "forward": "forward",
        "backward": "backward",
        "average": f"over {session.layout.batch_size} examples, a column for each",
        "update": "update, entry by entry",
    }
    return f"layer {equation.layer} of {count}, {words[equation.phase]}"


def _sign(session: Session, equation: LayerEquation) -> str:
    return f" {session.characters.becomes} " if equation.phase == "update" else " = "


def _left(session: Session, equation: LayerEquation) -> str:
    """What an equation gives, in symbols; what a line of an update gives also with what it is of."""
    left = written_matrix(equation.left, _style(session, equation))
    if equation.line is None:
        return left
    return f"{left} of {written_symbol(f'{equation.part} {equation.layer}', session.style)}"


def _symbols(session: Session, equation: LayerEquation, width: int, is_here: bool = False) -> list[Line]:
    """An equation in symbols."""
    style, sign = _style(session, equation), _sign(session, equation)
    left = _left(session, equation)
    rows = wrapped(f"{left}{sign}{written(equation.right, style)}", width - 2, len(left) + len(sign), session.charset)
    role: Role = "active" if is_here else "dim"
    mark = drawn(_MARK, session.charset) if is_here else _NO_MARK
    return [(Span(_NO_MARK if place else mark, "active"), Span(row, role)) for place, row in enumerate(rows)]


# --- the matrices


def _matrices(texts: Texts, items: Sequence[str | SeenMatrix], width: int, height: int, least: int) -> list[Line]:
    """The equation with numbers; [] where there is no room for so many rows and columns; 0: as much as there is."""

    @cache
    def lines(most: int) -> list[Line]:
        blocks = [item if isinstance(item, str) else block(texts, replace(item, most=most)) for item in items]
        return _flowing(blocks, width) or []

    # What has room at one size has it at all smaller ones, or nearly so: few of them need to be tried.
    sizes = [size for size in _SIZES if size >= least]
    at = bisect_left(sizes, True, key=lambda most: 0 < len(lines(most)) <= height)
    if at < len(sizes):
        return lines(sizes[at])
    return lines(sizes[-1])[: max(height, 0)] if least == 0 else []


def _items(session: Session, equation: LayerEquation, place: LayerPlace) -> Iterator[str | SeenMatrix]:
    """The matrices of an equation, and what stands between them."""
    entry, own = session.entry, (place.row, place.column)
    into = session.layers.places.of(entry.of) if session.layers and entry.of else None
    around = into.row if into is not None else 0
    right = pieces(equation.right, _style(session, equation), own)
    active = _active_on_the_right(session, right, around) if entry.of else None
    yield SeenMatrix(equation.left, own, None if active else own, is_marked=False, around=around)
    yield _sign(session, equation)
    for piece in right:
        if isinstance(piece, str):
            yield f" {piece} " if piece == session.characters.times else piece
        else:
            is_active = active is not None and piece is active[0]
            yield SeenMatrix(piece.matrix, piece.lit, active[1] if active and is_active else None, around=around)


def _active_on_the_right(
    session: Session, right: Sequence[str | PlacedMatrix], around: int
) -> tuple[PlacedMatrix, tuple[int, int]] | None:
    """The entry on the right side that a factor is; None where it stands in none of the matrices."""
    entry = session.entry
    sought: set[Source] = {entry}
    formula = session.graph.factors[entry.of, entry.name]
    if isinstance(formula, Name) and session.layers is not None:
        sought.add(session.layers.matrices.value(formula.name))
    for piece in right:
        if isinstance(piece, PlacedMatrix):
            matrix, (row, column) = piece
            at = (
                min(around, matrix.rows - 1) if row is None else row,
                min(around, matrix.columns - 1) if column is None else column,
            )
            if matrix.cell(*at).source in sought:
                return piece, at
    return None


def _flowing(items: Sequence[str | Block], width: int) -> list[Line] | None:
    """Blocks side by side, going on below where a line is full; None where one is wider than the line."""
    bands: list[list[str | Block]] = [[]]
    used = 0
    for place, item in enumerate(items):
        cells = len(item) if isinstance(item, str) else item.width
        # A sign goes with what follows it.
        following = items[place + 1] if isinstance(item, str) and place + 1 < len(items) else ""
        needed = cells + (following.width if isinstance(following, Block) else 0)
        if used + needed > width and bands[-1]:
            if needed > width - 2:
                return None
            bands.append([])
            used = 2
        bands[-1].append(item)
        used += cells
    lines: list[Line] = []
    for place, band in enumerate(bands):
        lines += _beside(band, 2 if place else 0)
    return lines if used <= width else None


def _beside(band: Sequence[str | Block], indent: int) -> list[Line]:
    """The lines of blocks that stand beside each other, each in the middle of them."""
    blocks = [item for item in band if isinstance(item, Block)]
    height = max((len(item.rows) for item in blocks), default=1)
    has_above, has_below = any(item.above for item in blocks), any(item.below for item in blocks)
    lines: list[list[Span]] = [[Span(" " * indent)] for _ in range(height + has_above + has_below)]
    for item in band:
        width = len(item) if isinstance(item, str) else item.width
        rows: dict[int, Line] = {}
        if isinstance(item, str):
            rows[has_above + (height - 1) // 2] = (Span(item),)
        else:
            top = has_above + (height - len(item.rows)) // 2
            rows |= {top - 1: item.above, **dict(enumerate(item.rows, top)), top + len(item.rows): item.below}
        for place, line in enumerate(lines):
            spans = rows.get(place, ())
            line += [*spans, Span(" " * (width - sum(len(span.text) for span in spans)))]
    return [tuple(span for span in line if span.text) for line in lines]
