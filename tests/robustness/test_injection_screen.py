"""Does any text from outside reach the screen, its terminal or its toolkit as something else than a text?"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from msgspec.structs import replace
from support.lessons import PARABOLA
from support.panel_text import opened
from support.payloads import PAYLOADS, in_yaml, longest_stack, unsafe_characters
from support.screen import running
from support.tables import sample
from textual import events

from tui_backprop import session
from tui_backprop.errors import Place, Problem, ScenarioError
from tui_backprop.safe_text import MOST_MARKS, cell_width, safe_text
from tui_backprop.scenario.bundled import LessonGroup
from tui_backprop.session import Session
from tui_backprop.tui import chooser, panel_view, snap
from tui_backprop.tui.app import BackpropApp
from tui_backprop.tui.screen_actions import go

NAMES = sample([*PAYLOADS], 7)
SIZE = (100, 30)


def _lesson(payload: str) -> Session:
    """A session whose every text is the payload; no file could bring most of these."""
    return Session.start(
        replace(PARABOLA, title=payload, summary=payload, notes={"L": payload, "w": payload}), "unicode"
    )


def _assert_is_text(drawn: str, width: int = SIZE[0]) -> None:
    assert unsafe_characters(drawn) == set()
    assert longest_stack(drawn) <= MOST_MARKS
    assert max(map(cell_width, drawn.splitlines())) <= width


async def test_titles_and_notes_are_shown_as_text():
    async with running(opened("parabola"), SIZE) as shown:
        for name in NAMES:
            payload = PAYLOADS[name]
            shown.app.session = _lesson(payload)
            await shown.press("right", "left")
            _assert_is_text(shown.text)
            first = safe_text(payload)[:6].strip()
            assert shown.lines[0].startswith(f" {safe_text(payload)[:6]}".rstrip()), name
            assert any("note:" in line and first in line for line in shown.lines), name
            # Whatever the title, what stands behind it is where it always is.
            assert cell_width(shown.lines[0].partition("iteration 0 ·")[0]) == 46, name


@pytest.mark.parametrize("opening", [("g",), ("o", "end"), ("ctrl+p",)], ids=lambda keys: keys[0])
async def test_what_is_pasted_is_shown_as_text(opening):
    async with running(opened("parabola"), SIZE) as shown:
        await shown.press(*opening)
        for name in NAMES if opening[0] == "g" else sample(NAMES, 4):
            shown.app.post_message(events.Paste(PAYLOADS[name]))
            await shown.pilot.pause(0)
            await shown.press("home")
            _assert_is_text(shown.text)
            assert safe_text(PAYLOADS[name].split("\n")[0])[:10].strip() in shown.text, name
            await shown.press("ctrl+k")
            assert shown.app.return_code is None, name


@pytest.mark.parametrize("title", ["数学の授業 한국어", "e\u0301te\u0301", "हिन्दी", "plain", "Größe"])
async def test_behind_wide_signs_and_marks_all_is_in_its_place(title):
    for charset in ("unicode", "ascii"):
        async with running(replace(_lesson(title), charset=charset), SIZE, charset) as shown:
            assert cell_width(shown.lines[0].partition("iteration 0")[0]) == 46
            assert max(map(cell_width, shown.lines)) <= SIZE[0]


async def test_what_one_asked_for_is_shown_as_text():
    async with running(opened("parabola"), SIZE) as shown:
        for name in NAMES:
            go(shown.app, PAYLOADS[name])
            await shown.pilot.pause(0)
            _assert_is_text(shown.text)
            assert shown.app.return_code is None, name


async def test_lessons_to_choose_from_are_shown_as_text(monkeypatch):
    lessons = {f"lesson{place}": _lesson(PAYLOADS[name]).scenario for place, name in enumerate(NAMES)}
    monkeypatch.setattr(chooser, "bundled_groups", lambda: (LessonGroup("All", tuple(lessons)),))
    monkeypatch.setattr(chooser, "load", lessons.__getitem__)
    async with running(None, SIZE) as shown:
        for _ in NAMES:
            _assert_is_text(shown.text)
            await shown.press("down")


async def test_refusals_are_shown_as_text(monkeypatch):
    told: list[ScenarioError] = []

    def load(name: str) -> None:
        raise told[-1]

    async with running(opened("parabola"), SIZE) as shown:
        await shown.press("o")
        monkeypatch.setattr(chooser, "load", load)
        for name in NAMES:
            payload = PAYLOADS[name][:300]
            problem = Problem(Place(3, 1 + len(payload) // 2, 2), payload, payload, payload)
            told.append(ScenarioError(payload, (problem, Problem(None, payload, payload)), 7))
            shown.app.screen.open_lesson("x.yaml")
            await shown.pilot.pause(0)
            _assert_is_text(shown.text)
            assert any(line.strip().startswith("^") for line in shown.lines), name


async def test_the_caret_stands_under_the_fault_behind_wide_signs(monkeypatch):
    problem = Problem(Place(1, 9, 2), "wrong", "help", "title: 数字 wide")

    def load(name: str) -> None:
        raise ScenarioError("x.yaml", (problem._replace(place=Place(1, 8, 2)),))

    async with running(opened("parabola"), SIZE) as shown:
        await shown.press("o")
        monkeypatch.setattr(chooser, "load", load)
        shown.app.screen.open_lesson("x.yaml")
        await shown.pilot.pause(0)
        row = next(place for place, line in enumerate(shown.lines) if "数字" in line)
        line, carets = shown.lines[row : row + 2]
        assert cell_width(line.partition("数")[0]) == len(carets) - len(carets.lstrip())
        assert carets.strip() == "^^^^"


async def test_no_text_leaves_the_program_or_calls_a_server_when_it_is_clicked():
    async with running(_lesson("[@click=app.quit]x[/][link=https://example.org]y[/link]"), SIZE) as shown:
        for offset in [(3, 0), (20, 0), (30, 0), (5, 28), (20, 28), (40, 28)]:
            await shown.pilot.click(offset=offset)
        assert shown.app.return_code is None


# --- the picture


@pytest.mark.parametrize("name", sample([*PAYLOADS], 20))
def test_the_picture_is_xml_that_runs_nothing_and_asks_nobody(name):
    scenario = _lesson(PAYLOADS[name]).scenario
    picture = snap.snap(scenario, ("right",), 80, 24, "svg")
    assert unsafe_characters(picture) == set()
    root = ElementTree.fromstring(picture)
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        assert tag in {"svg", "title", "style", "defs", "clipPath", "rect", "g", "text"}, tag
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on")
            assert "href" not in attribute
            assert "url(" not in value or value.startswith("url(#")
        # What asks for a file or runs one stands in an attribute or a style; between tags it is text.
        assert "http" not in (element.text or "") or tag in {"title", "text"}
    assert "@import" not in picture


# --- from a file to the screen


async def test_what_a_file_may_bring_is_refused_with_a_place_or_shown_as_text():
    shown_names: set[str] = set()
    refused: list[ScenarioError] = []
    async with running(opened("parabola"), SIZE) as shown:
        for name in NAMES:
            text = in_yaml(PAYLOADS[name])
            try:
                session = opened(
                    f"title: {text}\nsummary: {text}\nparameters: {{w: 1}}\nequations: {{L: w^2}}\n"
                    f"learning_rate: 0.1\nnotes: {{w: {text}}}\n"
                )
            except ScenarioError as error:
                refused.append(error)
                continue
            shown_names.add(name)
            shown.app.session = session
            await shown.press("right", "left")
            _assert_is_text(shown.text)
    assert all(problem.place and problem.help for error in refused for problem in error.problems)
    assert {"colour", "right to left"}.isdisjoint(shown_names)
    assert shown_names


# --- a guard that is missing is noticed


@pytest.mark.parametrize("payload", ["colour", "right to left", "one-byte sequence", "bell"])
async def test_without_the_guards_these_tests_would_fail(monkeypatch, payload):
    for module in (panel_view, session):
        monkeypatch.setattr(module, "safe_text", lambda text: text)
    async with running(opened("parabola"), SIZE) as shown:
        shown.app.session = _lesson(PAYLOADS[payload])
        await shown.press("right", "left")
        with pytest.raises(AssertionError):
            _assert_is_text(shown.text)


@pytest.mark.parametrize("payload", ["colour", "right to left", "a flood of marks"])
async def test_the_view_is_safe_by_itself(monkeypatch, payload):
    """A panel that forgets to make a text safe is not a way around it."""
    monkeypatch.setattr(session, "safe_text", lambda text: text)
    async with running(opened("parabola"), SIZE) as shown:
        shown.app.session = _lesson(PAYLOADS[payload])
        await shown.press("right", "left")
        assert unsafe_characters(shown.text) == set()


async def test_without_the_guard_on_pasting_these_tests_would_fail(monkeypatch):
    monkeypatch.setattr("tui_backprop.tui.safe_app.safe_text", lambda text: text)
    async with running(opened("parabola"), SIZE) as shown:
        await shown.press("g")
        shown.app.post_message(events.Paste(PAYLOADS["colour"]))
        await shown.pilot.pause(0)
        assert unsafe_characters(shown.text)


def test_there_are_enough_payloads():
    assert len(PAYLOADS) >= 40
    assert sum(bool(unsafe_characters(payload)) for payload in PAYLOADS.values()) >= 30
    assert BackpropApp.TITLE.isascii()
