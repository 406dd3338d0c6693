"""A network of layers at the cursor: its columns, the bars between them, and the step marked in both."""

from __future__ import annotations

from functools import lru_cache, reduce

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.lesson import Lesson
from tui_backprop.panels.lines import Line, Role, drawing
from tui_backprop.panels.network.bars import LayerBar, Lit, draw_bar
from tui_backprop.panels.network.canvas import Canvas, joined
from tui_backprop.panels.network.choice import states
from tui_backprop.panels.network.contents import draw_column
from tui_backprop.panels.network.fan import MOST_NEURONS, FanWire, draw_fan
from tui_backprop.panels.network.layer_columns import Density, columns_of, natural_rows
from tui_backprop.panels.network.marks import Marks, marks_of, network_of
from tui_backprop.panels.network.notes import note_lines, rows_wanted
from tui_backprop.panels.network.placing import Placed, placed
from tui_backprop.panels.number_widths import ROOM_IN_PART, ROOMS
from tui_backprop.panels.picture.glyphs import MORE_LEFT, MORE_RIGHT
from tui_backprop.panels.picture.layout import Region
from tui_backprop.session import Session

_TIGHT = Density(is_loose=False, room=ROOM_IN_PART)
_STACKED = Density(is_loose=False, is_stacked=True)
_SHAPES = (Density(), replace(_TIGHT, room=ROOMS[0]), _STACKED)
_DENSITIES = tuple(replace(density, room=room) for room in ROOMS for density in (Density(is_beside=True), *_SHAPES))
_TIGHT_FAN = replace(_TIGHT, has_fan=True)
_DENSITIES_OF_FANS = tuple(
    replace(density, has_fan=True, room=room)
    for room in ROOMS
    for density in (Density(is_abreast=True, is_loose=False), *_SHAPES)
)
_ROWS_TO_DO_WITHOUT = (0, 2, 4, 6)
_LEAST_ROWS_WITH_TITLES = 14
_LEAST_ROWS_WITH_NOTES = (8, 20)


@lru_cache(maxsize=8)
def is_network(lesson: Lesson) -> bool:
    """Whether a lesson is nothing but a network of layers: its names cover all equations, and the loss is a cost of the
    last activations."""
    network, graph = lesson.scenario.network, lesson.graph
    if network is None or network.cost != graph.loss or not network.layers:
        return False
    names = {network.cost}.union(*(layer.nodes for layer in network.layers))
    return names == set(graph.equations) and set(network.layers[-1].activations) <= set(graph.operands[network.cost])


class _Division(Struct, frozen=True):
    """How the panel is divided: the columns in their places, with or without titles, and the lines below them."""

    columns: tuple[Placed, ...]
    density: Density
    has_titles: bool
    rows: int
    note_rows: int
    more_left: bool
    more_right: bool

    @property
    def height(self) -> int:
        """The rows that the columns take, with their titles."""
        return 1 + max(row for each in self.columns for row in self._last_rows(each))

    def _last_rows(self, each: Placed) -> tuple[int, ...]:
        if each.state == "full" and each.column.kind == "layer":
            return tuple(
                top + (1 if run.is_folded else self.density.rows_each - 2)
                for top, run in zip(each.tops, each.column.runs, strict=True)
            )
        if each.column.kind == "cost":
            return (each.tops[0] + self.density.activation_at + len(each.column.runs),)
        return (*each.tops, *each.outs)


def network_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines of at most `width` cells, following the step where the picture is larger."""
    return lines_with(session, marks_of(session), width, height)


def lines_with(session: Session, marks: Marks, width: int, height: int) -> tuple[Line, ...]:
    """The same with these marks, in so many cells and rows."""
    if width < 1 or height < 1:
        return ()
    frame = _frame(session, marks, width, height)
    canvas = Canvas(frame.height, frame.columns[-1].right + frame.more_right)
    _draw_ends(canvas, frame)
    for each in frame.columns:
        draw_column(canvas, session, frame.density, each, marks)
        if frame.has_titles:
            canvas.text(0, each.left + each.column.name_at, each.column.title, "heading")
    for before, after in zip(frame.columns, frame.columns[1:], strict=False):
        draw = _draw_lines if frame.density.has_fan else _draw_gap
        draw(canvas, session, before, after, marks)
    lines = canvas.seen(_focus(frame, marks), width, frame.rows)
    notes = note_lines(session, marks, width, frame.note_rows, has_fan=frame.density.has_fan)
    blank: tuple[Line, ...] = ((),) * max(0, frame.rows - len(lines)) if notes else ()
    found = tuple(joined(line) for line in (*lines, *blank, *notes))
    return drawing(found, session.charset)


def _frame(session: Session, marks: Marks, width: int, height: int) -> _Division:
    """The most generous division that everything fits into; the tightest one, in part, where nothing does."""
    return (_found(session, marks, _DENSITIES_OF_FANS, width, height) if _is_fan(session) else None) or (
        _found(session, marks, _DENSITIES, width, height) or _in_part(session, marks, _TIGHT, width, height)
    )


def _found(session: Session, marks: Marks, densities: tuple[Density, ...], width: int, height: int) -> _Division | None:
    has_biases = any(layer.biases for layer in network_of(session.lesson).layers)
    for density in densities:
        for tried in (replace(density, has_biases=has_biases and not density.is_stacked), density):
            # Rows for biases, and names above their values, are for panels that have room for every neuron.
            is_high = tried.has_biases or tried.is_stacked or tried.has_fan
            natural = natural_rows(session, tried)
            if is_high and natural + 2 > height:
                continue
            frame = _divided(session, marks, tried, natural, width, height)
            if frame is not None:
                return frame
    if densities is _DENSITIES_OF_FANS and natural_rows(session, _TIGHT_FAN) < height:
        frame = _in_part(session, marks, _TIGHT_FAN, width, height)
        return frame if len(frame.columns) > 1 and not _has_folds(frame) else None
    return None


def _has_folds(frame: _Division) -> bool:
    return any(run.is_folded for each in frame.columns for run in each.column.runs)


def _in_part(session: Session, marks: Marks, density: Density, width: int, height: int) -> _Division:
    frame = _divided(session, marks, density, natural_rows(session, density), width, height, in_part=True)
    assert frame is not None
    return frame


def _is_fan(session: Session) -> bool:
    """Whether every edge may be a line of its own."""
    network = network_of(session.lesson)
    counts = (len(network.inputs), *(layer.neurons for layer in network.layers), len(network.targets))
    return session.charset == "unicode" and max(counts) <= MOST_NEURONS


def _divided(
    session: Session,
    marks: Marks,
    density: Density,
    natural: int,
    width: int,
    height: int,
    *,
    in_part: bool = False,
) -> _Division | None:
    """The division at a density; None where not all columns fit, unless a part of them will do."""
    if natural < height:
        has_titles = natural + 2 <= height
        note_rows = min(height - natural - has_titles, rows_wanted(session) + 1)
    else:
        has_titles = height >= _LEAST_ROWS_WITH_TITLES
        note_rows = sum(height >= least for least in _LEAST_ROWS_WITH_NOTES)
    # A blank row parts the picture from the lines below it.
    wanted = height if density.has_fan else max(natural, 1) + has_titles + 1
    rows = min(height - note_rows, wanted) if natural < height else height - note_rows
    frame: _Division | None = None
    # Where wires make way for others, rows may be too few for the neurons in sight; then there are fewer.
    for fewer in _ROWS_TO_DO_WITHOUT:
        columns = columns_of(session, marks, density, rows - has_titles - fewer)
        chosen = states(columns, *marks.columns, width, has_boxes=not density.has_fan)
        if not in_part and set(chosen) != {"full"}:
            return None
        drawn = placed(columns, chosen, density, width, range(int(has_titles), rows))
        more_left, more_right = chosen[0] == "hidden", chosen[-1] == "hidden"
        frame = _Division(drawn, density, has_titles, rows, note_rows, more_left, more_right)
        if frame.height <= rows:
            break
    return frame


def _draw_ends(canvas: Canvas, frame: _Division) -> None:
    """Marks where wires come from or go to columns out of sight."""
    if frame.more_left:
        for row in frame.columns[0].ins:
            canvas.glyph(row, frame.columns[0].left - 1, MORE_LEFT, "marker")
    if frame.more_right:
        for row in frame.columns[-1].outs:
            canvas.glyph(row, frame.columns[-1].right, MORE_RIGHT, "marker")


def _draw_gap(canvas: Canvas, session: Session, before: Placed, after: Placed, marks: Marks) -> None:
    first, points = before.right, after.left - 1
    column = first + max(1, (points - first) // 2)
    bar = LayerBar(column, _beginnings(session, before), after.ins, points)
    rows = dict.fromkeys(
        (before.outs[before.run_of(wire.source)], after.ins[after.run_of(wire.target)])
        for wire in marks.wires
        if wire.column == after.column.place
    )
    lit = tuple(Lit(source, target, marks.is_back, marks.role) for source, target in rows)
    draw_bar(canvas, bar, lit)
    for wire, text, role in marks.labels:
        if wire.column == after.column.place and not _is_folded(after, wire.target):
            row = after.ins[after.run_of(wire.target)] - 1
            begin = min(column + 2, canvas.width - len(text))
            if canvas.is_free(row, begin, len(text)):
                canvas.text(row, begin, text, role)


def _draw_lines(canvas: Canvas, session: Session, before: Placed, after: Placed, marks: Marks) -> None:
    column = after.column.place
    lit = {(wire.source, wire.target) for wire in marks.wires if wire.column == column}
    beginnings = _beginnings(session, before)
    targets = range(len(after.ins))
    weights = {
        (source, target): _weight(session, column, source, target)
        for source in range(len(before.outs))
        for target in targets
    }
    largest = max(map(abs, weights.values()))
    wires = [
        FanWire(before.outs[source], beginnings[before.outs[source]], after.ins[target], *_look(weight, largest))
        for (source, target), weight in weights.items()
        if (source, target) not in lit
    ]
    wires += [
        FanWire(
            before.outs[source],
            beginnings[before.outs[source]],
            after.ins[target],
            size=3,
            is_back=marks.is_back,
            role=marks.role,
        )
        for source, target in sorted(lit)
    ]
    first, points = before.right, after.left - 1
    draw_fan(canvas, wires, first, points)
    for wire, text, role in marks.labels:
        if wire.column == column:
            row, begin = after.ins[wire.target] - 1, min(points, canvas.width - len(text))
            if canvas.is_free(row, begin, len(text)):
                canvas.text(row, begin, text, role)


def _weight(session: Session, column: int, source: int, target: int) -> float:
    """The weight of an edge; 0 of one to the cost, which has none."""
    layers = network_of(session.lesson).layers
    if column > len(layers):
        return 0.0
    return session.known_value(layers[column - 1].weights[target][source]).number or 0.0


def _look(weight: float, largest: float) -> tuple[int, bool, bool, Role]:
    """How heavy the line of a weight is, whether dashed, whether it runs back, and its role."""
    size = 2 if weight and abs(weight) >= largest / 2 else 1
    return size, weight < 0, False, "negative_edge" if weight < 0 else "positive_edge" if weight else "edge"


def _beginnings(session: Session, before: Placed) -> dict[int, int]:
    """Where the wires that leave a column begin, by row: where its texts end, be there a gradient yet or not."""
    beginnings = dict.fromkeys(before.outs, before.out_at)
    if before.state == "full" and before.column.kind == "layer":
        for run, row in zip(before.column.runs, before.outs, strict=True):
            activation = before.column.names(session, run.first)[1]
            if not run.is_folded and session.known_gradient(activation).number is None:
                beginnings[row] = before.left + before.column.value_end
    return beginnings


def _is_folded(each: Placed, neuron: int) -> bool:
    if each.column.kind == "cost":
        return False
    return each.state == "box" or each.column.runs[each.run_of(neuron)].is_folded


def _focus(frame: _Division, marks: Marks) -> Region:
    """The region that should be seen: the two ends of the step's edge, or the step's neuron."""
    ends: list[tuple[Placed, int]] = []
    for each in frame.columns:
        kept = marks.kept(each.column.place) or ((0,) if each.column.kind == "cost" and not marks.about else ())
        ends += [(each, each.run_of(neuron)) for neuron in kept if each.column.runs or each.column.kind == "cost"]
    regions = [Region(each.tops[run], each.left, _end_row(each, run), each.right) for each, run in ends]
    return reduce(Region.with_, regions) if regions else Region(0, 0, 0, 0)


def _end_row(each: Placed, run: int) -> int:
    return (each.outs[run] if each.outs else each.tops[run]) + 2
