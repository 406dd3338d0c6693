"""What a net gives over the plane of its two inputs: areas in shades, with a glyph for each, and the examples on it."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Any, cast

from msgspec.structs import replace

from tui_backprop.charset import drawn
from tui_backprop.explain.input_plane import InputPlane, frame_of_inputs, plane_at, values_over
from tui_backprop.numbers import equals, four_digits
from tui_backprop.panels.axes import Marks, axis_between, beside_axis, margin_of
from tui_backprop.panels.lines import SHADES, Line, Role, Span, drawing
from tui_backprop.record.history import History
from tui_backprop.session import Session

_FILLS = " █░▒"
"""What an area is filled with, so that it can be told from the others without colours."""

_GLYPHS, _GLYPHS_HERE = "oxvz", "OXVZ"
"""How the examples of a class are drawn, and the one on the screen."""

_NOT_FINITE = -1


def input_map_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines: what is drawn, the map between the numbers of its axes, and the first input's axis.

    A cell is two places, one above the other, where an area ends in it.
    """
    history = session.history
    plane = plane_at(history, session.entry)
    (low, high), (bottom, ceiling) = frame_of_inputs(history, plane.inputs)
    labels = four_digits(ceiling, session.charset), four_digits(bottom, session.charset)
    across, down = width - margin_of(*labels), height - 2
    if across < 8 or down < 2:
        return (_told(session, plane, _divide(history, plane, 0.0, 1.0)[0]),)[:height]
    columns = tuple(low + (high - low) * (place + 0.5) / across for place in range(across))
    rows = tuple(ceiling - (ceiling - bottom) * (place + 0.5) / (2 * down) for place in range(2 * down))
    values = values_over(history, session.cursor.iteration, plane, rows, columns)
    kinds, strengths, divide = _areas(history, plane, values)
    marks = _examples(session, plane, across, down)
    cells = zip(kinds[::2], kinds[1::2], strengths[::2], strengths[1::2], strict=True)
    lines = [_row(row, marks, *(half.tolist() for half in halves)) for row, halves in enumerate(cells)]
    axis = axis_between(low, high, margin_of(*labels), width, session.charset)
    return (_told(session, plane, divide), *drawing((*beside_axis(lines, *labels), axis), session.charset))


def input_map_title(session: Session) -> str:
    """What is drawn over what."""
    plane = plane_at(session.history, session.entry)
    *names, last = map(session.shown, plane.nodes)
    told = f"{', '.join(names)} and {last}" if names else last
    first, second = map(session.shown, plane.inputs)
    return f"{told} over {first} and {second}{', the node under the cursor' if plane.is_inside else ''}"


# --- the areas


def _divide(history: History, plane: InputPlane, least: float, most: float) -> tuple[float, float]:
    """For one node, the value at which one area ends and the other begins, and how far from there it is darkest: half
    way between two targets, half for what is a share, else 0, or the middle of what is drawn."""
    wanted = _target_values(history, plane)
    if not plane.is_inside and len(wanted) == 2:
        return wanted[0] / 2 + wanted[1] / 2, wanted[1] / 2 - wanted[0] / 2
    if least > 0 and most <= 1:
        return 0.5, 0.5
    if least <= 0 <= most:
        return 0.0, max(-least, most) or 1.0
    return least / 2 + most / 2, (most / 2 - least / 2) or 1.0


@lru_cache(maxsize=8)
def _target_values(history: History, plane: InputPlane) -> tuple[float, ...]:
    """The different values of the one target; () where there are others, or more of them than glyphs."""
    if len(plane.targets) != 1:
        return ()
    place = history.graph.inputs.index(plane.targets[0])
    found = sorted({numbers[place] for numbers in history.plan.examples})
    return tuple(found) if len(found) <= len(_GLYPHS) else ()


def _areas(history: History, plane: InputPlane, values: Any) -> tuple[Any, Any, float]:
    """For each place which area it lies in and how strongly; and the value that divides two areas."""
    import numpy as np

    finite = np.isfinite(values).all(axis=0)
    divide = 0.0
    with np.errstate(all="ignore"):
        if len(values) == 1:
            known = values[0][finite]
            divide, span = _divide(history, plane, known.min(), known.max()) if known.size else (0.0, 1.0)
            kinds = (values[0] > divide).astype(int)
            distances = np.abs(values[0] - divide) / span
        else:
            *_, second, first = np.sort(values, axis=0)
            kinds = values.argmax(axis=0)
            margins = first - second
            are_shares = values.min() >= 0 and values.max() <= 1
            distances = margins if are_shares else margins / (margins[finite].max(initial=0.0) or 1.0)
        strengths = np.clip(np.nan_to_num(distances) * SHADES, 0, SHADES - 1).astype(int)
    return np.where(finite, kinds, _NOT_FINITE), strengths, divide


def _row(
    row: int, marks: Marks, kinds: list[int], kinds_below: list[int], strengths: list[int], strengths_below: list[int]
) -> Line:
    """A row of cells, those that look alike in one span."""
    halves = zip(kinds, kinds_below, strengths, strengths_below, strict=True)
    cells = [_cell(*half) for half in halves]
    for (column, at), (glyph, role) in marks.items():
        if at == row:
            cells[column] = Span(glyph, role, ground=_ground(cells[column]))
    return tuple(replace(span, text=span.text * len([*alike])) for span, alike in groupby(cells))


@lru_cache(maxsize=1024)
def _cell(upper: int, lower: int, strength: int, strength_below: int) -> Span:
    if _NOT_FINITE in (upper, lower):
        return Span("╌", "dim")
    if upper == lower:
        shade = _shade(upper, (strength + strength_below) // 2)
        if upper % len(_FILLS) == 1:
            return Span("█", shade, ground=shade)
        return Span(_FILLS[upper % len(_FILLS)], "edge", ground=shade)
    above, below = _shade(upper, strength), _shade(lower, strength_below)
    return Span("▀", above, ground=below) if upper > lower else Span("▄", below, ground=above)


def _shade(kind: int, strength: int) -> Role:
    return cast("Role", f"area_{kind % len(_FILLS)}_{strength}")


def _ground(cell: Span) -> Role | None:
    """The colour under a glyph that is put into a cell: that of its upper half, if its halves differ."""
    return cell.role if cell.text == "▀" else cell.ground


# --- the examples


def _examples(session: Session, plane: InputPlane, across: int, down: int) -> Marks:
    """A glyph in the cell of each example, by its class; the one on the screen over all others."""
    history = session.history
    marks: Marks = {}
    places = _places(history, plane, across, down)
    for cell, kind in places:
        marks[cell] = (_GLYPHS[kind], "example")
    if session.turn is not None:
        cell, kind = places[session.example]
        marks[cell] = (_GLYPHS_HERE[kind], "example")
    return marks


@lru_cache(maxsize=8)
def _places(history: History, plane: InputPlane, across: int, down: int) -> tuple[tuple[tuple[int, int], int], ...]:
    """The cell of each example, and its class."""
    (low, high), (bottom, ceiling) = frame_of_inputs(history, plane.inputs)
    first, second = (history.graph.inputs.index(name) for name in plane.inputs)
    found: list[tuple[tuple[int, int], int]] = []
    for example, numbers in enumerate(history.plan.examples):
        column = min(across - 1, int((numbers[first] - low) / (high - low) * across))
        row = min(down - 1, int((ceiling - numbers[second]) / (ceiling - bottom) * down))
        found.append(((column, row), _class_of(history, plane, example)))
    return tuple(found)


def _class_of(history: History, plane: InputPlane, example: int) -> int:
    """The place of an example's target among the different ones, or of its largest target; 0 where there is none."""
    numbers = history.plan.examples[example]
    wanted = [numbers[history.graph.inputs.index(name)] for name in plane.targets]
    if len(wanted) > 1:
        return wanted.index(max(wanted)) % len(_GLYPHS)
    values = _target_values(history, plane)
    return values.index(wanted[0]) if values else 0


# --- what is said of them


def _told(session: Session, plane: InputPlane, divide: float) -> Line:
    """Where the example on the screen lies, and what the areas and glyphs mean."""
    gap = Span(session.characters.between, "dim")
    spans: list[Span] = []
    if session.turn is not None:
        first, second = (session.known_value(name).number for name in plane.inputs)
        names = ", ".join(map(session.shown, plane.inputs))
        assert first is not None
        assert second is not None
        spans.append(Span(f"at ({names}) = ({session.number(first)}, {session.number(second)})"))
        known = session.known_value(plane.nodes[0])
        # Of several there is no room.
        if len(plane.nodes) == 1 and known.number is not None and not known.is_stale:
            spans.append(Span(f", {session.shown(plane.nodes[0])} {equals(session.number(known.number))}", "value"))
        spans.append(gap)
    if len(plane.nodes) == 1:
        spans.append(Span(drawn("█", session.charset), _shade(1, SHADES - 1)))
        spans.append(Span(f" {session.shown(plane.nodes[0])} above {session.number(divide)}"))
    else:
        for kind, node in enumerate(plane.nodes):
            fill = _cell(kind, kind, SHADES - 1, SHADES - 1)
            spans += [replace(fill, text=drawn(fill.text, session.charset)), Span(f" {session.shown(node)}  ")]
        spans.append(Span("is largest"))
    spans += [gap, *_glyphs_told(session, plane)]
    return tuple(spans)


def _glyphs_told(session: Session, plane: InputPlane) -> list[Span]:
    values = _target_values(session.history, plane)
    if len(plane.targets) > 1:
        told = [
            f"{session.shown(name)} is largest" if place == 0 else session.shown(name)
            for place, name in enumerate(plane.targets)
        ]
    elif values:
        told = [f"{session.shown(plane.targets[0])} {equals(session.number(value))}" for value in values]
    else:
        told = ["an example"]
    spans: list[Span] = []
    for glyph, text in zip(_GLYPHS, told, strict=False):
        spans += [Span(glyph, "example"), Span(f" {text}  ")]
    if session.turn is not None:
        spans.append(Span("capital: this one", "dim"))
    return spans
