"""The README's five minutes, walked: its file, its keys, and what it says of each; and the mistake that it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.headless.messages import refusal_text
from tui_backprop.moves.move_table import TABLE
from tui_backprop.scenario.loading import load_text
from tui_backprop.tui.snap import snap

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## A first scenario of your own, in five minutes")[2].partition("\n## ")[0]
(NEURON,) = re.findall("```yaml\n(.*?)```", SECTION, re.DOTALL)
(MISTAKE,) = re.findall("```\n(neuron.yaml:.*?)```", SECTION, re.DOTALL)

THROUGH_THE_FACTORS = ["n", *["right"] * 5]


@pytest.mark.parametrize(
    ("said", "keys", "seen"),
    [
        ("the value of `z` is computed, `0.5·2 + 0 = 1`", [], ["value z = 1", "0.5·2 + 0 = 1"]),
        ("Press `→`: the value of `a` is computed, `σ(1) = 0.7311`", ["right"], ["value a = 0.7311", "σ(1) = 0.7311"]),
        ("`←` goes back", ["right", "left"], ["value z = 1"]),
        ("`n` for the backward pass", ["n"], ["backward", "(the seed)"]),
        ("∂L/∂a", ["n", "right"], ["▶ ∂L/∂a = 2·(a − y)", "2·(0.7311 − 1) = −0.5379"]),
        ("∂a/∂z", ["n", *["right"] * 3], ["▶ ∂a/∂z = a·(1 − a)", "0.7311·(1 − 0.7311) = 0.1966"]),
        ("each gradient is the upstream gradient times a factor", ["n", *["right"] * 4], ["▶ ∂L/∂z = ∂L/∂a · ∂a/∂z"]),
        ("∂z/∂w", THROUGH_THE_FACTORS, ["▶ ∂z/∂w = x", "= 2"]),
        ("`n` again for the update of `w`", [*THROUGH_THE_FACTORS, "n"], ["▶ w ← w − η·∂L/∂w", "0.6058"]),
        ("once more for iteration 1", [*THROUGH_THE_FACTORS, "n", "n"], ["iteration 1 · forward"]),
    ],
)
def test_the_five_minutes_are_as_told(said, keys, seen):
    assert said in " ".join(SECTION.split())
    screen = snap(load_text(NEURON, "neuron.yaml"), keys)
    assert [text for text in seen if text not in screen] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("(a - y)^2", "bce(y, a)"), ("  - {x: 2, y: 1}\n", "  - {x: 2, y: 1}\n  - {x: -1, y: 0}\n")],
)
def test_the_changes_that_it_suggests_can_be_made(before, after):
    assert before in NEURON
    assert "iteration 1" in snap(load_text(NEURON.replace(before, after), "neuron.yaml"), ["]"])


def test_a_mistake_is_told_as_it_is_printed():
    with pytest.raises(ScenarioError) as refused:
        load_text(NEURON.replace("(a - y)", "(aa - y)"), "neuron.yaml")
    assert refusal_text("neuron.yaml", refused.value.problems[0]) == MISTAKE.strip()


def test_every_key_is_in_its_table():
    told = set(re.findall(r"`([^`]+)`", README.partition("## Keys")[2].partition("\n## ")[0]))
    assert [key for move in TABLE for key in move.printed_keys("unicode") if key not in told] == []
