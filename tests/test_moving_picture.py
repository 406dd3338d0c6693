"""The README's moving picture: at every moment it shows what the screen of that moment shows, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tui_backprop.api import load
from tui_backprop.tui.snap import snap

PROJECT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def _texts(parent: ElementTree.Element) -> list[tuple[str, str, str]]:
    """Where each text stands, and what it says."""
    found = [(text.get("x", ""), text.get("y", ""), text.text or "") for text in parent.iter(f"{SVG}text")]
    return sorted(text for text in found if text[2].strip("\u00a0 \n"))


def _shown_at(moving: str, percent: float) -> list[tuple[str, str, str]]:
    """The texts that can be seen when so much of its time has gone by."""
    rules = dict(re.findall(r"@keyframes t(\d+) \{ (.*) \}", moving))
    shown = []
    for group in ElementTree.fromstring(moving).iter(f"{SVG}g"):
        changes = re.findall(r"([\d.]+)% \{ visibility: (\w+)", rules.get(group.get("id", "g")[1:], ""))
        if "transform" in group.attrib or [word for at, word in changes if float(at) <= percent][-1:] == ["hidden"]:
            continue
        shown += _texts(group)
    return sorted(shown)


@pytest.mark.parametrize("keys", [["right", "n", "d"], ["right", "left", "right"]], ids=" ".join)
def test_at_every_moment_it_shows_one_screen(keys, monkeypatch):
    monkeypatch.syspath_prepend(PROJECT / "docs")
    import moving_picture

    screens = [snap(load("logistic"), keys[:count], 90, 24, "svg") for count in range(len(keys) + 1)]
    moving = moving_picture.moving(screens, 1.0)
    for number, screen in enumerate(screens):
        assert _shown_at(moving, 100 * (number + 0.5) / len(screens)) == _texts(ElementTree.fromstring(screen))
    assert len(moving) < len(screens[0]) + 30_000


def test_the_one_in_the_docs_is_whole_and_asks_nobody():
    moving = (PROJECT / "docs" / "moving.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(moving)
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)|<script|@import|url\(", moving) == []
    assert "Two-feature logistic node" in moving
