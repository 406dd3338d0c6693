"""The wide networks that are measured: what is in their files, and that a key's time does not hang on their weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.wide import ROWS, write_network
from tui_backprop.api import load, train
from tui_backprop.moves.along import step_on
from tui_backprop.panels.panel_table import PANELS, narration_lines
from tui_backprop.session import Session


def test_a_network_of_the_benchmark_is_what_its_name_says(tmp_path: Path) -> None:
    scenario = load(write_network(tmp_path, (4, 3, 2)))
    assert (scenario.title, len(scenario.examples), len(scenario.parameters)) == ("4-3-2", ROWS, 4 * 3 + 3 + 3 * 2 + 2)


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    return write_network(tmp_path, (40, 60, 5))


def test_a_wide_network_trains_as_by_matrices_written_out(wide: Path) -> None:
    scenario = load(wide)
    history = train(scenario, 20)
    data = np.array(scenario.examples).T
    values = history.parameters(0)
    x, t = data[:40], data[40:]
    shapes = enumerate([(60, 40), (5, 60)], start=1)
    ws = [np.array([[values[f"w{n}_{j + 1}_{k + 1}"] for k in range(c)] for j in range(r)]) for n, (r, c) in shapes]
    bs = [np.zeros((60, 1)), np.zeros((5, 1))]
    for iteration in range(21):
        hidden = 1 / (1 + np.exp(-(ws[0] @ x + bs[0])))
        out = 1 / (1 + np.exp(-(ws[1] @ hidden + bs[1])))
        assert history.losses[iteration] == pytest.approx(((out - t) ** 2).sum() / ROWS, rel=1e-12)
        upstream = 2 * (out - t) / ROWS * out * (1 - out)
        below = ws[1].T @ upstream * hidden * (1 - hidden)
        for layer, (gradient, before) in enumerate(((below, x), (upstream, hidden))):
            ws[layer] = ws[layer] - 0.1 * gradient @ before.T
            bs[layer] = bs[layer] - 0.1 * gradient.sum(axis=1, keepdims=True)


def test_a_screen_looks_at_a_part_of_a_wide_network_only(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at every entry, factor or name: a step of the screen asks for as many as it shows, and a few more."""
    session = Session.start(load(wide))
    asked: list[object] = []
    layout = type(session.layout.per_example)
    entry = layout.__getitem__
    monkeypatch.setattr(layout, "__getitem__", lambda entries, place: asked.append(place) or entry(entries, place))
    factors = type(session.graph.factors)
    factor = factors.__getitem__
    monkeypatch.setattr(factors, "__getitem__", lambda formulas, edge: asked.append(edge) or factor(formulas, edge))
    for _ in range(5):
        session = step_on(session)
        for lines_of in (*(panel.lines for panel in PANELS.values()), narration_lines):
            lines_of(session, 60, 20)
    assert len(asked) < 1_000 < len(session.scenario.parameters)
