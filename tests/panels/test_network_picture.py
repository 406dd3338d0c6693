"""Does the picture of a network of layers keep to its size, stand still, and light only what the graph has?"""

from __future__ import annotations

import time
from itertools import pairwise, product
from typing import get_args

import pytest

from tests.support.panel_text import opened, panel, played
from tests.support.tables import sample
from tui_backprop.panels.graph_panel import graph_lines
from tui_backprop.panels.lines import Role
from tui_backprop.panels.network.bars import LayerBar, Lit, draw_bar
from tui_backprop.panels.network.canvas import Canvas
from tui_backprop.panels.network.folds import Stretch, runs
from tui_backprop.panels.network.marks import marks_of, network_of
from tui_backprop.panels.network.picture import is_network, network_lines
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.panels.picture.layout import Region
from tui_backprop.session import Cursor, Session

NETS = [(2, 2, 2), (2, 4, 3, 1), (1, 1, 1), (1, 2, 2, 1), (5, 3, 4, 2), (2, 16, 16, 1)]
SIZES = [(20, 5), (24, 8), (38, 11), (58, 22), (116, 34)]
HEAVY = set("━┃┏┓┗┛┣┫┠┨┡┩┢┪")


def network_text(*sizes: int, examples: int = 1, drawn: bool = False) -> str:
    """A scenario of a network with so many inputs and so many neurons in each layer, with numbers of all kinds."""
    inputs = [f"x{place}" for place in range(1, sizes[0] + 1)]
    targets = [f"t{place}" for place in range(1, sizes[-1] + 1)] if sizes[-1] > 1 else ["t"]
    layers = []
    for before, neurons in pairwise(sizes):
        rows = [[round(((j * 7 + k * 3) % 11 - 5) / 10 + 0.05, 2) for k in range(before)] for j in range(neurons)]
        weights = "{init: normal, seed: 7}" if drawn else rows
        given = f"weights: {weights}, biases: {[0.1] * neurons}"
        layers.append(f"    - {{neurons: {neurons}, activation: sigmoid, {given}}}")
    data = []
    for example in range(examples):
        shown = [f"{name}: {0.5 if place % 2 else 1 - example / 8}" for place, name in enumerate(inputs)]
        wanted = [f"{name}: {(place + example) % 2}" for place, name in enumerate(targets)]
        data.append(f"  - {{{', '.join(shown + wanted)}}}")
    return "\n".join(
        [
            "title: a network",
            "network:",
            f"  inputs: [{', '.join(inputs)}]",
            "  layers:",
            *layers,
            f"  targets: [{', '.join(targets)}]",
            "  cost: half_squared_error",
            "data:",
            *data,
            "learning_rate: 0.5",
            "",
        ]
    )


def some_steps(session: Session, most: int = 60) -> list[Session]:
    """The session at steps spread over two iterations."""
    count = len(session.layout)
    stride = max(1, count // most)
    return [session.at(Cursor(iteration, index)) for iteration in (0, 1) for index in range(0, count, stride)]


@pytest.mark.parametrize(("sizes", "size"), sample([*product(NETS, SIZES)], 4), ids=str)
def test_the_picture_keeps_to_its_size_at_every_step(sizes: tuple[int, ...], size: tuple[int, int]) -> None:
    width, height = size
    for session in some_steps(opened(network_text(*sizes))):
        lines = graph_lines(session, width, height)
        assert len(lines) <= height
        assert max(sum(len(span.text) for span in line) for line in lines) <= width


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (9, 3), (200, 1), (1, 60)])
def test_tiny_and_odd_panels_are_no_error(width: int, height: int) -> None:
    for session in some_steps(opened(network_text(2, 3, 2)), 20):
        lines = PANELS["graph"].lines(session, width, height)
        assert len(lines) <= height
        assert all(sum(len(span.text) for span in line) <= width for line in lines)


@pytest.mark.parametrize("sizes", NETS, ids=str)
def test_every_lit_edge_is_an_edge_of_the_graph(sizes: tuple[int, ...]) -> None:
    for session in some_steps(opened(network_text(*sizes)), 150):
        network = network_of(session.lesson)
        columns = [network.inputs, *(layer.activations for layer in network.layers)]
        into = [*(layer.pre_activations for layer in network.layers), (network.cost,)]
        for column, source, target in marks_of(session).wires:
            assert columns[column - 1][source] in session.graph.operands[into[column - 1][target]]


@pytest.mark.parametrize("sizes", NETS, ids=str)
def test_the_edges_lit_at_a_gradient_are_those_of_its_terms(sizes: tuple[int, ...]) -> None:
    session = opened(network_text(*sizes))
    network = network_of(session.lesson)
    for name, users in session.graph.consumers.items():
        if name not in network.layers[0].activations:
            continue
        place = next(
            index
            for index in range(len(session.layout))
            if session.layout.entry(index).kind == "gradient" and session.layout.entry(index).name == name
        )
        assert len(marks_of(session.at(Cursor(0, place))).wires) == len(users)


def places_of_names(session: Session, width: int, height: int) -> dict[tuple[int, str], int]:
    """Where in which row each name begins, within or without brackets. Of the picture alone, not of what is below."""
    found: dict[tuple[int, str], int] = {}
    for row, line in enumerate(graph_lines(session, width, height)):
        if line and line[0].text.startswith("into "):
            break
        column = 0
        for span in line:
            shown = span.text.strip("[]")
            if span.target and shown == session.shown(span.target):
                found[row, span.target] = column + span.text.index(shown)
            column += len(span.text)
    return found


@pytest.mark.parametrize("lesson", ["net-2-2-2", "worked-example"])
@pytest.mark.parametrize("size", [(58, 22), (116, 34)])
def test_nothing_moves_within_an_iteration_where_everything_is_seen(lesson: str, size: tuple[int, int]) -> None:
    session = opened(lesson)
    first = places_of_names(session, *size)
    assert len(first) >= 2 + 8 + 1
    for index in range(len(session.layout)):
        assert places_of_names(session.at(Cursor(0, index)), *size) == first


@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 16, 16, 1)], ids=str)
def test_in_ascii_every_sign_is_known(sizes: tuple[int, ...]) -> None:
    for session in some_steps(opened(network_text(*sizes), "ascii")):
        text = panel(session, "graph", 58, 22)
        assert text.isascii()
        assert "?" not in text


def test_ascii_and_unicode_have_the_edge_in_the_same_cells() -> None:
    unicode_text = panel(played(opened(network_text(2, 16, 16, 1)), "80*step_on"), "graph", 116, 34)
    assert any(sign in unicode_text for sign in HEAVY)
    ascii_text = panel(played(opened(network_text(2, 16, 16, 1), "ascii"), "80*step_on"), "graph", 116, 34)
    assert "#" in ascii_text


@pytest.mark.parametrize(("sizes", "size"), sample([*product(NETS, SIZES[2:])], 4), ids=str)
def test_no_wire_goes_through_a_bar(sizes: tuple[int, ...], size: tuple[int, int]) -> None:
    """A wire that joins a bar and one that leaves it never share a row: that would look like one wire crossing it."""
    for session in some_steps(opened(network_text(*sizes))):
        for line in panel(session, "graph", *size).splitlines():
            for bar in "┤┨┩┪┫╯╮┛┓├┠┡┢┣╰╭┗┏":
                for before, after in (("─", "─"), ("━", "━"), ("─", "━"), ("━", "─")):
                    assert before + bar + after not in line


def test_a_learner_sees_which_neurons_are_folded_away_and_the_active_one() -> None:
    text = panel(played(opened(network_text(2, 16, 16, 1)), "24*step_on"), "graph", 58, 22)
    assert "[z⁽¹⁾₁₃]" in text
    assert "more" in text


@pytest.mark.parametrize(
    ("count", "kept", "rows", "expected"),
    [
        (2, (), 10, (Stretch(0, 1, False), Stretch(1, 1, False))),
        (4, (), 13, (Stretch(0, 1, False), Stretch(1, 1, False), Stretch(2, 2, True))),
        (4, (3,), 13, (Stretch(0, 1, False), Stretch(1, 2, True), Stretch(3, 1, False))),
        (9, (4,), 9, (Stretch(0, 4, True), Stretch(4, 1, False), Stretch(5, 4, True))),
        (9, (4,), 0, (Stretch(0, 4, True), Stretch(4, 1, False), Stretch(5, 4, True))),
        (3, (), 0, (Stretch(0, 1, False), Stretch(1, 2, True))),
    ],
)
def test_the_active_neurons_and_the_first_ones_are_in_sight(
    count: int, kept: tuple[int, ...], rows: int, expected: tuple[Stretch, ...]
) -> None:
    assert runs(count, kept, 5, rows) == expected


@pytest.mark.parametrize(
    ("lit", "expected"),
    [
        ((), ["──╮", "  ├─▶", "  │", "──┤", "  ╰─▶"]),
        (((0, 1),), ["━━┓", "  ┡━▶", "  │", "──┤", "  ╰─▶"]),
        (((3, 4),), ["──╮", "  ├─▶", "  │", "━━┪", "  ┗━▶"]),
        (((0, 4),), ["━━┓", "  ┠─▶", "  ┃", "──┨", "  ┗━▶"]),
        (((0, 1), (0, 4)), ["━━┓", "  ┣━▶", "  ┃", "──┨", "  ┗━▶"]),
    ],
)
def test_a_lit_edge_is_heavy_from_its_source_along_the_bar_to_its_target(
    lit: tuple[tuple[int, int], ...], expected: list[str]
) -> None:
    canvas = Canvas(5, 5)
    bar = LayerBar(2, {0: 0, 3: 0}, (1, 4), 4)
    draw_bar(canvas, bar, tuple(Lit(source, target, False, "active_edge") for source, target in lit))
    lines = canvas.seen(Region(0, 0, 0, 0), 5, 5)
    assert ["".join(span.text for span in line) for line in lines] == expected


def test_half_a_number_is_not_shown_where_the_panel_ends() -> None:
    canvas = Canvas(1, 20)
    canvas.text(0, 2, "name", "name", "name")
    canvas.text(0, 7, "0.3775", "value", "name")
    assert ["".join(span.text for span in line) for line in canvas.seen(Region(0, 0, 1, 4), 10, 1)] == ["  name   ›"]


def test_only_a_scenario_that_is_a_network_and_nothing_else_has_the_picture() -> None:
    assert is_network(opened("net-2-2-2").lesson)
    assert not is_network(opened("logistic").lesson)
    more = network_text(2, 2, 1).replace("learning_rate", "equations: {L: C + w1_1_1^2}\nlearning_rate")
    assert not is_network(opened(more).lesson)


def test_an_iteration_split_into_operations_has_the_picture_of_equations() -> None:
    split = played(opened("net-2-2-2"), "split")
    assert split.whole is not None
    assert "layer 1" not in panel(split, "graph", 116, 34)


def test_a_click_on_a_name_a_number_or_a_weight_goes_to_it() -> None:
    session = played(opened("net-2-2-2"), "20*step_on")
    targets = {span.target for line in graph_lines(session, 58, 22) for span in line}
    assert {"z1_1", "a1_1", "x1", "t1", "C"} <= targets
    assert any(target.startswith("w") for target in targets if target)


def test_a_large_net_is_drawn_at_once_at_every_step() -> None:
    session = opened(network_text(120, 60, 10, drawn=True))
    graph_lines(session, 58, 22)
    took = []
    for index in range(0, len(session.layout), len(session.layout) // 25):
        before = time.perf_counter()
        graph_lines(session.at(Cursor(0, index)), 58, 22)
        took.append(time.perf_counter() - before)
    assert sorted(took)[len(took) // 2] < 0.03


@pytest.mark.parametrize("net", [(2, 2, 2), (2, 4, 3, 1), (2, 16, 16, 1)])
def test_every_role_in_a_net_is_one_that_there_is(net: tuple[int, ...]) -> None:
    session = opened(network_text(*net))
    for index in range(0, len(session.layout), 1 if len(net) < 4 else 5):
        for size in ((58, 22), (116, 34)):
            lines = network_lines(session.at(Cursor(0, index)), *size)
            assert {span.role for line in lines for span in line} <= {*get_args(Role)}
