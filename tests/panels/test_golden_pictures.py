"""The graph of four nets at three sizes of the screen, as literal text in `golden/`, read like code where it changes.

`python tests/panels/test_golden_pictures.py` writes the files anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.panel_text import opened, panel, played  # noqa: E402

from tests.panels.test_network_picture import network_text  # noqa: E402
from tui_backprop.scenario.bundled import bundled_names  # noqa: E402
from tui_backprop.session import Cursor, Session  # noqa: E402

SIZES = {"120x40": (58, 21), "80x24": (38, 11), "160x50": (78, 30)}
"""The cells of the graph on a screen of that size."""

NETS = {
    "net-2-2-2": ("net-2-2-2", ("phase_on", "12*step_on")),
    "net-2-4-3-1": (network_text(2, 4, 3, 1), ("phase_on", "14*step_on")),
    "chain": ("chain", ("phase_on", "4*step_on")),
    "xor-sigmoid": ("xor-sigmoid", ("iteration_on", "phase_on", "6*step_on")),
}
"""What is opened, and what leads to the step."""

LEARNING = [name for name in bundled_names() if opened(name).scenario.learning_rate is not None]


def picture_of(net: str, size: str) -> str:
    """The graph as it is drawn."""
    lesson, moves = NETS[net]
    return panel(played(opened(lesson), *moves), "graph", *SIZES[size])


def _file(net: str, size: str) -> Path:
    return Path(__file__).parent / "golden" / f"{net}.{size}.txt"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("net", NETS)
def test_a_net_is_drawn_like_this(net: str, size: str) -> None:
    assert picture_of(net, size) + "\n" == _file(net, size).read_text(encoding="utf-8")


@pytest.mark.parametrize("net", ["net-2-2-2", "xor-sigmoid"])
def test_in_ascii_a_net_has_bars_in_place_of_lines(net: str) -> None:
    lesson, moves = NETS[net]
    text = panel(played(opened(lesson, "ascii"), *moves), "graph", 58, 21)
    assert text.isascii()
    assert text.count("+") >= 4
    assert "o" not in text.replace("cost", "").replace("neuron", "").replace("from", "").replace("into", "")


def _places(session: Session, width: int, height: int) -> dict[str, tuple[int, int]]:
    """Where the names of the picture stand that stand in it once."""
    found: dict[str, list[tuple[int, int]]] = {}
    shown = set(session.lesson.shown_names.values())
    for row, line in enumerate(panel(session, "graph", width, height).splitlines()[: height - 1]):
        for word in re.finditer(r"[^\W\d]\S*", line):
            found.setdefault(word[0].strip("]"), []).append((row, word.start()))
    return {word: places[0] for word, places in found.items() if len(places) == 1 and word in shown}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lesson", LEARNING)
def test_nothing_moves_in_the_picture_while_a_lesson_learns(lesson: str, size: str) -> None:
    session = opened(lesson)
    last = min(session.scenario.iterations, 60)
    last = session.history.extend(last)
    before: dict[str, tuple[int, int]] = {}
    for iteration in sorted({0, 1, 2, 5, 8, 14, 20, 40, last}):
        if iteration <= last:
            session = session.at(Cursor(iteration, session.layout.index_of_loss))
            places = _places(session, *SIZES[size])
            assert places.items() >= {name: before[name] for name in before if name in places}.items()
            before |= places
    assert before


if __name__ == "__main__":
    for name in NETS:
        for cells in SIZES:
            _file(name, cells).write_text(picture_of(name, cells) + "\n", encoding="utf-8")
