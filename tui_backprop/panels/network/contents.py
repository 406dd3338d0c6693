"""What is written in a column: names, what is known of their values and gradients, and what is folded away."""

from __future__ import annotations

from tui_backprop.panels.lines import Role
from tui_backprop.panels.network.canvas import Canvas
from tui_backprop.panels.network.layer_columns import Density, fold_texts
from tui_backprop.panels.network.marks import Marks, Spot, network_of
from tui_backprop.panels.network.placing import Placed
from tui_backprop.panels.number_widths import text_within
from tui_backprop.panels.picture.glyphs import ACTIVE_CLOSE, ACTIVE_OPEN, ARROW, ARROW_BACK
from tui_backprop.session import Known, Session


def draw_column(canvas: Canvas, session: Session, density: Density, each: Placed, marks: Marks) -> None:
    """Put the texts of a column down."""
    if each.state == "box":
        count, what = fold_texts(each.column, each.column.count)
        canvas.text(each.tops[0], each.left + 1, count, "dim")
        canvas.text(each.tops[0] + 1, each.left + 1, what, "dim")
    elif each.column.kind == "cost":
        _draw_cost(canvas, session, density, each, marks)
    else:
        _draw_neurons(canvas, session, density, each, marks)


def _draw_neurons(canvas: Canvas, session: Session, density: Density, each: Placed, marks: Marks) -> None:
    column = each.column
    for run, top in zip(column.runs, each.tops, strict=True):
        if run.is_folded:
            _draw_fold(canvas, each, run.count, top)
            continue
        z, *others = column.names(session, run.first)
        _draw_name(canvas, session, density, each, z, top, marks)
        if not others:
            continue
        below = top + density.outs_at
        _draw_name(canvas, session, density, each, others[0], below, marks, right=column.activation_at)
        if density.has_biases and len(others) > 1:
            _draw_name(canvas, session, density, each, others[1], below + density.activation_at, marks, is_brief=True)
        is_lit = marks.within == Spot(column.place, run.first)
        if density.is_abreast:
            begin = each.left + column.name_at + len(session.shown(z)) + 1
            _draw_beside(canvas, top, begin, each.left + column.activation_at - 1, is_lit, marks.is_back)
        elif is_lit or density.has_fan:
            _draw_down(canvas, top, below, each.left, is_lit)


def _draw_beside(canvas: Canvas, row: int, begin: int, point: int, is_lit: bool, is_back: bool) -> None:
    """The edge from a pre-activation to the activation beside it."""
    for column in range(begin, point):
        canvas.glyph(row, column, "━" if is_lit else "─", "active_edge" if is_lit else "edge")
    if is_lit and is_back:
        canvas.glyph(row, begin, ARROW_BACK, "active_edge")
        canvas.glyph(row, point, ARROW_BACK, "active_edge")
    else:
        canvas.glyph(row, point, ARROW, "active_edge" if is_lit else "edge")


def _draw_down(canvas: Canvas, top: int, below: int, column: int, is_lit: bool) -> None:
    """The edge from a pre-activation to the activation below it."""
    if is_lit:
        for row in range(top, below + 1):
            glyph = "┏" if row == top else "┗" if row == below else "┃"
            canvas.glyph(row, column, glyph, "active_edge")
    else:
        for row in range(top + 1, below):
            canvas.glyph(row, column, "▼" if row == below - 1 else "│", "edge")


def _draw_fold(canvas: Canvas, each: Placed, count: int, top: int) -> None:
    """How many are folded away; of a layer in two rows, for its wires come in the one and go in the other."""
    number, what = fold_texts(each.column, count)
    left = each.left + each.column.name_at
    if each.column.kind == "layer":
        canvas.text(top, left, f"⋮ {number} more", "dim")
        canvas.text(top + 1, left, f"⋮ {what}", "dim")
    else:
        canvas.text(top, left, f"⋮ {number} more" if each.column.kind == "inputs" else f"⋮ {number} more {what}", "dim")


def _draw_cost(canvas: Canvas, session: Session, density: Density, each: Placed, marks: Marks) -> None:
    """The cost, and below it the targets that it compares the outputs with."""
    top = each.tops[0]
    _draw_name(canvas, session, density, each, network_of(session.lesson).cost, top, marks)
    for row, run in enumerate(each.column.runs, top + density.activation_at + 1):
        if run.is_folded:
            _draw_fold(canvas, each, run.count, row)
        else:
            _draw_name(canvas, session, density, each, each.column.names(session, run.first)[0], row, marks)


def _draw_name(
    canvas: Canvas,
    session: Session,
    density: Density,
    each: Placed,
    name: str,
    row: int,
    marks: Marks,
    *,
    is_brief: bool = False,
    right: int = 0,
) -> None:
    """A name with its value, and its gradient beside or below it; a brief one has no gradient."""
    shown, column = session.shown(name), each.column
    left = each.left + right
    is_given = name not in session.graph.equations and name not in session.graph.parameter_places
    if name == marks.node:
        canvas.text(row, left, f"{ACTIVE_OPEN}{shown}{ACTIVE_CLOSE}", "active", name)
    else:
        canvas.text(row, left + column.name_at, shown, "plain" if is_given else "name", name)
    is_target = column.kind == "cost" and is_given
    is_below = density.is_stacked or density.is_abreast
    number_at = column.number_at
    if is_target or (is_brief and is_below):
        number_at = len(shown) + 2 + density.is_loose
    elif is_below and column.kind != "inputs":
        row += 1
    _draw_number(canvas, session, density, row, left + number_at, session.known_value(name), "value", name)
    known = session.known_gradient(name)
    if known.number is None or not column.gradient_at or is_brief:
        return
    row += not density.is_beside
    mark = left + column.gradient_at - 2
    canvas.text(row, mark, session.characters.partial, "stale" if known.is_stale else "gradient", name)
    _draw_number(canvas, session, density, row, left + column.gradient_at, known, "gradient", name)


def _draw_number(
    canvas: Canvas, session: Session, density: Density, row: int, column: int, known: Known, role: Role, name: str
) -> None:
    """A number; a stale one in parentheses around its place."""
    if known.number is None:
        return
    text = text_within(session.notation, name, known.number, density.room)
    if known.is_stale:
        canvas.text(row, column - 1, f"({text})", "stale", name)
    else:
        canvas.text(row, column, text, role, name)
