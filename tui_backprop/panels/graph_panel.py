"""The graph at the cursor: the picture with the numbers known so far, and the step marked in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from tui_backprop.lesson import Lesson
from tui_backprop.panels.lines import Line, Role, Span, cut, width_of
from tui_backprop.panels.number_widths import ROOM_IN_PART, ROOMS, Measured, longest, measured, text_within
from tui_backprop.panels.picture.boxes import BoxSize
from tui_backprop.panels.picture.drawing import Active, Label
from tui_backprop.panels.picture.layout import Layout, fitting
from tui_backprop.panels.picture.shape import Relations, Shape, is_elided, neighbourhood, relations_of
from tui_backprop.panels.picture.view import view
from tui_backprop.session import Known, Session

_LARGEST_WHOLE_PICTURE = 150
_RADIUS = 2
_LEAST_ROWS_WITH_LEGEND = 10
_ANY_ROOM = 99


def graph_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines of at most `width` cells, following the step where the picture is larger."""
    if session.whole is None and session.scenario.network is not None:
        # Here, because only networks need it, and most of it, so that other lessons are on the screen sooner.
        from tui_backprop.panels.network.picture import is_network, network_lines

        if is_network(session.lesson):
            return network_lines(session, width, height)
    active = active_of(session)
    has_legend = height >= _LEAST_ROWS_WITH_LEGEND
    rows = height - has_legend
    layout, labels = picture_of(session, width, rows)
    blank: Line = ()
    above = max(0, rows - layout.height) // 3
    beside = Span(" " * (max(0, width - layout.width) // 2))
    seen = view(layout, labels, active, width, rows, charset=session.charset)
    lines = (*(blank for _ in range(above)), *((beside, *line) for line in seen))
    if not has_legend:
        return lines
    is_beside_its_edge = any(span.role == "factor" for line in seen for span in line)
    told = cut(legend(session, "" if is_beside_its_edge else active.factor or "", width), width, session.charset)
    return (*lines, *(blank for _ in range(rows - len(lines))), told)


def picture_of(session: Session, width: int, height: int) -> tuple[Layout, Mapping[str, Label]]:
    """Where everything stands in a picture for so many cells and rows, and the texts that are known at the cursor."""
    layout, room = _layout(measured(session), part_drawn(session), width, height)
    return layout, {name: label_of(session, name, room) for name in layout.boxes}


def legend(session: Session, factor: str, width: int) -> Line:
    """One line that says which number of the picture is what, and the factor of the marked edge itself where it had no
    place beside it; in fewer words where it would be cut."""
    characters = session.characters
    spans = [Span("value", "value"), Span(f"{characters.partial} gradient", "gradient")]
    if factor:
        spans.insert(0, Span(f"factor {factor}", "factor"))
    shorter = [*spans]
    if session.entry.of and not factor:
        spans.append(Span("factor on edge", "factor"))
        shorter.append(Span("factor", "factor"))
    if session.is_over_examples:
        means = "means" if session.history.plan.averages else "sums"
        whose = f"{session.shown(session.graph.loss)} and the parameters' {characters.partial}"
        spans.append(Span(f"{whose}: {means}", "dim"))
        shorter.append(Span(means, "dim"))
    if session.cursor.iteration:
        spans.append(Span("(old)", "stale"))
        shorter.append(Span("(old)", "stale"))
    told = _beside_each_other(spans, characters.between)
    return told if width_of(told) <= width else _beside_each_other(shorter, characters.between)


def _beside_each_other(spans: list[Span], between: str) -> Line:
    return tuple(part for span in spans for part in (Span(between), span))[1:]


def part_drawn(session: Session) -> tuple[str, ...]:
    """The names that a part of a large graph is drawn around, the centre first; none where the whole graph is drawn."""
    graph, entry = session.graph, session.entry
    if len(graph.nodes) + len(graph.parameters) + len(graph.inputs) + len(graph.constants) <= _LARGEST_WHOLE_PICTURE:
        return ()
    return (entry.of, entry.name) if entry.of else (entry.name or graph.loss,)


@lru_cache(maxsize=4)
def _whole_shape(lesson: Lesson) -> Shape:
    graph = lesson.graph
    used = {name for operands in graph.operands.values() for name in operands}
    leaves = (*graph.inputs, *graph.constants, *graph.parameters)
    return Shape(tuple(name for name in leaves if name in used), graph.nodes, graph.operands, graph.loss)


@lru_cache(maxsize=64)
def _shape_around(lesson: Lesson, about: tuple[str, ...]) -> Shape:
    whole = _whole_shape(lesson)
    return neighbourhood(whole, about[0], _RADIUS, _relations(lesson), also=about) if about else whole


@lru_cache(maxsize=4)
def _relations(lesson: Lesson) -> Relations:
    return relations_of(_whole_shape(lesson))


@lru_cache(maxsize=64)
def _layout(numbers: Measured, about: tuple[str, ...], width: int, height: int) -> tuple[Layout, int]:
    """The layout that keeps most room for numbers of those that fit, and how much; the same in all of an iteration."""
    lesson = numbers.notation.lesson
    for room in ROOMS:
        layout = _layout_of(lesson, about, _box_sizes(numbers, about, room), width, height)
        if layout.width <= width and layout.height <= height:
            return layout, room
    return _layout_of(lesson, about, _box_sizes(numbers, about, ROOM_IN_PART), width, height), ROOM_IN_PART


@lru_cache(maxsize=64)
def _layout_of(
    lesson: Lesson, about: tuple[str, ...], sizes: tuple[tuple[str, BoxSize], ...], width: int, height: int
) -> Layout:
    return fitting(_shape_around(lesson, about), dict(sizes), width, height)


def active_of(session: Session) -> Active:
    """What the step under the cursor marks."""
    entry, graph = session.entry, session.graph
    if session.shows_path and session.focused_path():
        return Active(node=session.focus, path=tuple(pairwise(session.focused_path())))
    if entry.of:
        factor = session.known_factor(entry.of, entry.name).number
        text = session.number(factor) if factor is not None else None
        return Active(edge=(entry.of, entry.name), factor=text)
    name = entry.name or graph.loss
    if entry.phase == "backward":
        return Active(node=name, path=tuple((user, name) for user in graph.consumers.get(name, ())))
    return Active(node=name)


def _box_sizes(numbers: Measured, about: tuple[str, ...], room: int) -> tuple[tuple[str, BoxSize], ...]:
    """The cells of every node and leaf that is drawn."""
    shape = _shape_around(numbers.notation.lesson, about)
    return tuple((name, _box_size(numbers, name, room, name in shape.leaves)) for name in (*shape.leaves, *shape.nodes))


def _box_size(numbers: Measured, name: str, room: int, is_leaf: bool) -> BoxSize:
    notation = numbers.notation
    if is_elided(name):
        return BoxSize(len(notation.characters.ellipsis))
    value, gradient = longest(numbers, name, room)
    # A stale number stands in parentheses; what a leaf is given never is one. Before a gradient stands its sign.
    for_gradient = len(notation.characters.partial) + gradient + 2 if gradient else 0
    name_cells = len(notation.shown(name))
    if is_leaf:
        return BoxSize(name_cells, value, for_gradient)
    return BoxSize(name_cells, value + 2, for_gradient, before=1)


def label_of(session: Session, name: str, room: int = _ANY_ROOM) -> Label:
    """The texts of a name, as far as they are known at the cursor, where so many cells are kept for a number."""
    if is_elided(name):
        return Label(session.characters.ellipsis, name_role="dim")
    is_given = name in session.graph.inputs or name in session.graph.constants
    value, gradient = session.known_value(name), session.known_gradient(name)
    is_node = name in session.graph.equations
    sign = session.characters.partial
    return Label(
        session.shown(name),
        _text(session, name, value, room, " " if is_node else ""),
        f"{sign}{_text(session, name, gradient, room, ' ')}" if gradient.number is not None else None,
        name_role="plain" if is_given else "name",
        value_role=_role(value, "value"),
        gradient_role=_role(gradient, "gradient"),
    )


def _text(session: Session, name: str, known: Known, room: int, blank: str) -> str | None:
    """The number, after a blank that a stale one has its parenthesis in: so its digits stay where they are."""
    if known.number is None:
        return None
    text = text_within(session.notation, name, known.number, room)
    return f"({text})" if known.is_stale else f"{blank}{text}"


def _role(known: Known, role: Role) -> Role:
    return "stale" if known.is_stale else role
