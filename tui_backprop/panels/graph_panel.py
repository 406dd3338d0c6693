"""The graph at the cursor: the picture with the numbers known so far, and the step marked in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from tui_backprop.lesson import Lesson
from tui_backprop.panels.lines import Line, Role, Span, cut
from tui_backprop.panels.number_widths import Measured, longest, measured
from tui_backprop.panels.picture.boxes import BoxSize
from tui_backprop.panels.picture.drawing import Active, Label
from tui_backprop.panels.picture.layout import Layout, fitting
from tui_backprop.panels.picture.shape import Relations, Shape, is_elided, neighbourhood, relations_of
from tui_backprop.panels.picture.view import view
from tui_backprop.session import Known, Session

_LARGEST_WHOLE_PICTURE = 150
_RADIUS = 2
_LEAST_ROWS_WITH_LEGEND = 10


def graph_lines(session: Session, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines of at most `width` cells, following the step where the picture is larger."""
    if session.whole is None and session.scenario.network is not None:
        # Here, because only networks need it, and most of it, so that other lessons are on the screen sooner.
        from tui_backprop.panels.network.picture import is_network, network_lines

        if is_network(session.lesson):
            return network_lines(session, width, height)
    has_legend = height >= _LEAST_ROWS_WITH_LEGEND
    rows = height - has_legend
    layout, labels = picture_of(session, width, rows)
    lines = view(layout, labels, active_of(session), width, rows, charset=session.charset)
    if not has_legend:
        return lines
    blank: Line = ()
    return (*lines, *(blank for _ in range(rows - len(lines))), cut(legend(session), width, session.charset))


def picture_of(session: Session, width: int, height: int) -> tuple[Layout, Mapping[str, Label]]:
    """Where everything stands in a picture for so many cells and rows, and the texts that are known at the cursor."""
    about = part_drawn(session)
    sizes = _box_sizes(measured(session), about)
    layout = _layout(session.lesson, about, sizes, width, height)
    return layout, {name: label_of(session, name) for name, _ in sizes}


def legend(session: Session) -> Line:
    """One line that says which number of the picture is what, the factor only while one stands there."""
    characters = session.characters
    spans = [Span("value", "value"), Span(characters.between), Span(f"{characters.partial} gradient", "gradient")]
    if session.entry.of:
        spans += [Span(characters.between), Span("factor on edge", "factor")]
    if session.is_over_examples:
        means = "means" if session.history.plan.averages else "sums"
        told = f"{session.shown(session.graph.loss)} and the parameters' {characters.partial}: {means}"
        spans += [Span(characters.between), Span(told, "dim")]
    if session.cursor.iteration:
        spans += [Span(characters.between), Span("(old)", "stale")]
    return tuple(spans)


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
def _layout(
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


@lru_cache(maxsize=64)
def _box_sizes(numbers: Measured, about: tuple[str, ...]) -> tuple[tuple[str, BoxSize], ...]:
    """The cells of every node and leaf that is drawn, the same for all steps of an iteration."""
    shape = _shape_around(numbers.notation.lesson, about)
    return tuple((name, _box_size(numbers, name, name in shape.leaves)) for name in (*shape.leaves, *shape.nodes))


def _box_size(numbers: Measured, name: str, is_leaf: bool) -> BoxSize:
    notation = numbers.notation
    if is_elided(name):
        return BoxSize(len(notation.characters.ellipsis))
    value, gradient = longest(numbers, name)
    # A stale number stands in parentheses; what a leaf is given never is one. Before a gradient stands its sign.
    for_gradient = len(notation.characters.partial) + gradient + 2 if gradient else 0
    name_cells = len(notation.shown(name))
    if is_leaf:
        return BoxSize(name_cells, value, for_gradient)
    return BoxSize(name_cells, value + 2, for_gradient, before=1)


def label_of(session: Session, name: str) -> Label:
    """The texts of a name, as far as they are known at the cursor."""
    if is_elided(name):
        return Label(session.characters.ellipsis, name_role="dim")
    is_given = name in session.graph.inputs or name in session.graph.constants
    value, gradient = session.known_value(name), session.known_gradient(name)
    is_node = name in session.graph.equations
    sign = session.characters.partial
    return Label(
        session.shown(name),
        _text(session, value, " " if is_node else ""),
        f"{sign}{_text(session, gradient, ' ')}" if gradient.number is not None else None,
        name_role="plain" if is_given else "name",
        value_role=_role(value, "value"),
        gradient_role=_role(gradient, "gradient"),
    )


def _text(session: Session, known: Known, blank: str) -> str | None:
    """The number, after a blank that a stale one has its parenthesis in: so its digits stay where they are."""
    if known.number is None:
        return None
    text = session.number(known.number)
    return f"({text})" if known.is_stale else f"{blank}{text}"


def _role(known: Known, role: Role) -> Role:
    return "stale" if known.is_stale else role
