"""A softmax in the picture of a network: a layer like any other, and below it what is inside."""

from __future__ import annotations

from itertools import product

import pytest

from tests.panels.test_network_picture import SIZES, network_text
from tests.support.panel_text import opened, panel
from tests.support.tables import sample
from tui_backprop.charset import Charset
from tui_backprop.moves.focus import next_focus
from tui_backprop.panels.graph_panel import graph_lines
from tui_backprop.panels.lines import width_of
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Cursor, Session


def softmax_net(*sizes: int, activation: str = "softmax", charset: Charset = "unicode") -> Session:
    """A network all of whose layers are softmaxes."""
    text = network_text(*sizes).replace("activation: sigmoid", f"activation: {activation}")
    return opened(text.replace("half_squared_error", "cross_entropy"), charset)


def below(session: Session, entry: Entry, iteration: int = 0, width: int = 100) -> list[str]:
    """What the picture says at a step about the softmax."""
    session = session.at(Cursor(iteration, session.layout.index(entry)))
    lines = panel(session, "graph", width, 34).splitlines()
    return [line.rstrip() for line in lines if "e⁽¹⁾" in line and "∂C" not in line]


NETS = [(2, 3), (2, 2, 3), (3, 2, 3, 2), (2, 9, 12)]


@pytest.mark.parametrize(
    ("activation", "sizes", "charset"),
    sample([*product(["softmax", "stable_softmax"], NETS, ["unicode", "ascii"])], 3),
    ids=str,
)
def test_every_step_of_it_has_a_picture_of_its_size(activation: str, sizes: tuple[int, ...], charset: Charset) -> None:
    session = softmax_net(*sizes, activation=activation, charset=charset)
    for index in range(0, len(session.layout), 1 + len(session.layout) // 40):
        here = session.at(Cursor(1, index))
        for seen in (here, next_focus(here)):
            for width, height in SIZES:
                lines = graph_lines(seen, width, height)
                assert len(lines) <= height
                assert max(map(width_of, lines)) <= width


# Its z are −0.45 − 0.15/2 + 0.1, 0.25 + 0.55/2 + 0.1 and −0.15 + 0.15/2 + 0.1: −0.425, 0.625 and 0.025.


def test_its_exponentials_and_their_sum_stand_below_the_picture_as_they_come_to_be_known() -> None:
    session = softmax_net(2, 3)
    assert below(session, Entry("value", "z1_2")) == ["e⁽¹⁾₁ + e⁽¹⁾₂ + e⁽¹⁾₃ = s⁽¹⁾"]
    assert below(session, Entry("value", "e1_2")) == [
        "e⁽¹⁾₁ 0.6538 + [e⁽¹⁾₂] 1.868 + e⁽¹⁾₃ = s⁽¹⁾",
    ]
    assert below(session, Entry("value", "a1_1")) == ["e⁽¹⁾₁ 0.6538 + e⁽¹⁾₂ 1.868 + e⁽¹⁾₃ 1.025 = s⁽¹⁾ 3.547"]
    assert below(session, Entry("factor", "s1", "a1_2"))[0].endswith("[s⁽¹⁾] 3.547")


def test_its_gradients_stand_below_the_values() -> None:
    session = softmax_net(2, 3)
    values, gradients = below(session, Entry("gradient", "e1_1"))
    assert values.startswith("[e⁽¹⁾₁] 0.6538 + ")
    assert gradients.startswith("∂: [e⁽¹⁾₁] ")
    assert gradients.count(" · ") == 3


def test_the_stable_form_begins_with_the_largest_z() -> None:
    session = softmax_net(2, 3, activation="stable_softmax")
    (line,) = below(session, Entry("value", "m1"))
    assert line == "[m⁽¹⁾] 0.625; e⁽¹⁾₁ + e⁽¹⁾₂ + e⁽¹⁾₃ = s⁽¹⁾"


def test_of_many_neurons_those_before_the_steps_own_make_way() -> None:
    (line,) = below(softmax_net(2, 12), Entry("value", "e1_11"), width=58)
    assert line.startswith("… e⁽¹⁾₉ ")
    assert "[e⁽¹⁾₁₁]" in line


def test_the_layer_is_called_a_softmax() -> None:
    text = panel(softmax_net(2, 3), "graph", 58, 34)
    assert "layer 1 softmax" in text.splitlines()[0]
