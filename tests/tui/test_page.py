"""What a visitor of a page can open, and what not; how large a page is drawn."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from support.panel_text import opened, played
from support.screen import running

from tui_backprop.errors import UsageError
from tui_backprop.moves.what_if import what_if
from tui_backprop.tui.page_driver import PageDriver, check_is_in_reach

LESSON = "title: {title}\nparameters: {{w: 1}}\nequations: {{L: w}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is served: it has lessons, and a link that leads out of it."""
    served = tmp_path / "served"
    (served / "inner").mkdir(parents=True)
    for place in ("served/mine.yaml", "served/inner/mine.yaml", "served/secret.txt", "outside.yaml"):
        (tmp_path / place).write_text(LESSON.format(title=place), encoding="utf-8")
    (served / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    monkeypatch.chdir(served)
    return served


@pytest.mark.parametrize("word", ["parabola", "mine.yaml", "./mine.yaml", "inner/mine.yaml", "inner/../mine.yaml"])
def test_what_is_bundled_or_in_the_folder_is_in_reach(folder, word):
    check_is_in_reach(word)


@pytest.mark.parametrize(
    "word", ["../outside.yaml", "inner/../../outside.yaml", "link.yaml", "./secret.txt", "/etc/passwd", "~/x.yaml"[1:]]
)
def test_nothing_else_is_in_reach(folder, word):
    with pytest.raises(UsageError, match=r"only \.yaml files in or below the folder"):
        check_is_in_reach(word)


async def test_a_visitor_opens_a_file_of_the_folder_and_no_other(folder):
    async with running(None, is_served=True) as shown:
        await shown.press("end")
        await shown.write("../outside.yaml")
        await shown.press("enter")
        assert shown.app.session is None
        assert "only .yaml files in or below the folder" in shown.text
        await shown.press(*["backspace"] * len("../outside.yaml"))
        await shown.write("mine.yaml")
        await shown.press("enter")
        assert shown.session.scenario.title == "served/mine.yaml"


async def test_in_a_terminal_every_file_can_be_opened(folder):
    async with running(None) as shown:
        await shown.press("end")
        await shown.write("../outside.yaml")
        await shown.press("enter")
        assert shown.session.scenario.title == "outside.yaml"


async def test_a_page_writes_no_file(folder):
    before = sorted(folder.rglob("*"))
    async with running(what_if(played(opened("logistic"), "iteration_on"), "w1 = 0.9"), is_served=True) as shown:
        await shown.press("S")
        await shown.write("save")
        await shown.press("enter")
        assert shown.session.notice == "A page writes no files; in a terminal this run can be saved."
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("asked", "drawn"), [((120, 40), (120, 40)), ((100_000, 40), (1_000, 40)), ((120, -3), (120, 1)), ((0, 0), (1, 1))]
)
async def test_no_page_is_drawn_larger_than_the_largest_or_smaller_than_a_cell(monkeypatch, asked, drawn):
    monkeypatch.setattr("textual.drivers.web_driver.InputReader", object)
    sizes = []
    app = SimpleNamespace(post_message=lambda event: sizes.append(tuple(event.size)), _loop=None)
    driver = PageDriver(app, size=asked)
    assert driver._size == drawn
    width, height = asked
    driver.on_meta("resize", {"type": "resize", "width": width, "height": height})
    assert sizes == [drawn]
