"""The page in a real browser without a window: stepped through to its end and back, it shows the steps' own numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser import Browser, find_chromium
from support.handouts import handout

from tui_backprop.api import load
from tui_backprop.session import Cursor, Session

LESSONS = {"logistic": 1, "logistic-four": 0, "net-2-2-2": 0, "adam": 1}
"""What is handed out, and up to which iteration."""

SEEN = """
({
  at: location.hash,
  value: document.querySelector(".current").dataset.value,
  text: document.querySelector(".current p").textContent,
  where: document.querySelector(".where").textContent,
  visible: document.querySelector(".current").getClientRects().length,
  labels: Object.fromEntries([...document.querySelectorAll("figure.graph text[data-name]")]
    .filter((text) => !text.classList.contains("name") && !text.classList.contains("given"))
    .map((text) => [`${text.getAttribute("class").split(" ")[0]} ${text.dataset.name}`, text.textContent])),
})
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if not program:
        pytest.skip("there is no Chromium here (apt install chromium)")
    with Browser(program) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files to open."""
    folder = tmp_path_factory.mktemp("pages")
    for name, last in LESSONS.items():
        (folder / f"{name}.html").write_text(handout(name, "html", last=last), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in LESSONS}


def _numbers(name: str, last: int) -> list[tuple[str, float]]:
    """Where each step is, and its number, from the JSON of `steps`."""
    history = Session.start(load(name)).history
    history.extend(last)
    found = []
    for number in range(last + 1):
        for step in history.steps(number):
            told = step.to_json()
            found.append((f"#{number}.{step.index + 1}", told["value"] if "value" in told else told["after"]))
    return found


@pytest.mark.parametrize("name", LESSONS)
def test_stepped_to_the_end_and_back_it_shows_the_numbers_of_the_steps(browser, pages, name):
    expected = _numbers(name, LESSONS[name])
    browser.open(pages[name])
    there, back = [], []
    for _ in expected:
        browser.press("ArrowRight")
        there.append(browser.run(SEEN))
    browser.press("ArrowRight")
    assert browser.run(SEEN) == there[-1]
    for _ in expected[1:]:
        back.append(browser.run(SEEN))
        browser.press("ArrowLeft")
    back.append(browser.run(SEEN))
    assert [(seen["at"], float(seen["value"])) for seen in there] == expected
    assert back == there[::-1]
    assert all(seen["visible"] for seen in there)
    assert browser.errors == []


def test_every_number_on_the_page_is_written_as_on_the_screen(browser, pages):
    session = Session.start(load("logistic-four"))
    browser.open(pages["logistic-four"])
    for index in range(len(session.layout)):
        browser.press("ArrowRight")
        here, seen = session.at(Cursor(0, index)), browser.run(SEEN)
        assert here.number(here.step.value).replace("≈ ", "≈") in seen["text"]
        assert seen["where"].endswith(f"step {index + 1} of {len(session.layout)}")
        known = [here.known_value(name).number for name in here.graph.equations]
        shown = {here.number(number) for number in known if number is not None}
        assert shown <= {text.strip("()") for text in seen["labels"].values()}


def test_a_link_opens_at_its_step_and_escape_shows_all_again(browser, pages):
    browser.open(pages["logistic"], "#1.3")
    assert browser.run(SEEN)["where"] == "iteration 1 · forward · step 3 of 17"
    browser.press("Escape")
    assert browser.run("document.querySelector('h1').nextElementSibling.getClientRects().length") == 1
    assert browser.run("document.querySelectorAll('.step').length") == 34
    assert browser.run("location.hash") == ""


def test_brackets_go_to_the_same_step_of_the_next_iteration(browser, pages):
    browser.open(pages["logistic"], "#0.8")
    browser.press("]")
    assert browser.run("location.hash") == "#1.8"
    browser.press("[")
    assert browser.run("location.hash") == "#0.8"


def test_buttons_and_swipes_step_as_keys_do(browser, pages):
    browser.open(pages["logistic"], "#0.5", width=400)
    browser.run("document.querySelector('[data-go=on]').click()")
    assert browser.run("location.hash") == "#0.6"
    for begin, end, place in ((300, 100, "#0.7"), (100, 300, "#0.6"), (300, 290, "#0.6")):
        browser.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": begin, "y": 400}])
        browser.ask("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": end, "y": 402}])
        browser.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        assert browser.run("location.hash") == place


@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("name", LESSONS)
def test_nothing_runs_off_the_side(browser, pages, name, width):
    for place in ("", "#0.7"):
        browser.open(pages[name], place, width=width)
        assert browser.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_the_paper_in_both_themes(browser, pages, theme):
    browser.open(pages["logistic"], "#0.8", theme=theme)
    colours = browser.run(
        "(() => { const style = getComputedStyle(document.documentElement);"
        "return ['--paper', '--ink', '--soft', '--value', '--gradient', '--factor', '--update', '--mark']"
        ".map((name) => style.getPropertyValue(name).trim()); })()"
    )
    paper, *inks, mark = map(_lightness, colours)
    assert all(_contrast(ink, paper) >= 4.5 for ink in inks)
    assert all(_contrast(ink, mark) >= 4.5 for ink in inks[:2])


def _lightness(colour: str) -> float:
    """The relative luminance of #rrggbb or #rgb, as the web's guidelines for readable text define it."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_on_paper_all_is_there_whatever_step_was_on_the_screen(browser, pages, tmp_path):
    browser.open(pages["logistic"], "#0.2")
    before = browser.run("document.querySelector('figure.graph').textContent")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert "−0.5987" not in before
    assert "−0.5987" in browser.run("document.querySelector('figure.graph').textContent")
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run("document.querySelector('figure.graph').textContent") == before
    browser.ask("Emulation.setEmulatedMedia", media="print")
    hidden = (
        "[...document.querySelectorAll('.step')].filter((step) => !step.getClientRects().length).map((step) => step.id)"
    )
    # The second iteration is a table on paper.
    assert json.loads(browser.run(f"JSON.stringify({hidden})")) == [f"1.{number}" for number in range(1, 18)]
    assert browser.run("document.querySelector('.bar').getClientRects().length") == 0
    browser.ask("Emulation.setEmulatedMedia", media="")
    browser.printed(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
