"""Is what a scenario says ever read as markup, or sent to the terminal as it is?"""

from __future__ import annotations

from support.panel_text import opened
from support.screen import running

from tui_backprop.scenario.bundled import LessonGroup

PAYLOADS = [
    "[/]",
    "[@click=app.quit]leave[/]",
    "[w-3]^2",
    "[bold red]x",
    "[link=https://example.org]y[/link]",
    "$primary {x} %s \\[/]",
    "]",
    "[[[",
]


def _lesson(payload):
    quoted = payload.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'title: "{quoted}"\nsummary: "{quoted}"\nparameters: {{w: 1, v: 2}}\n'
        f'equations: {{L: (w - v)^2}}\nlearning_rate: 0.1\nnotes: {{L: "{quoted}", w: "{quoted}"}}\n'
    )


async def test_titles_and_notes_are_shown_as_they_are():
    async with running(opened("parabola")) as shown:
        for payload in PAYLOADS:
            shown.app.session = opened(_lesson(payload))
            await shown.press("right", "left", "v", "v", "right", "left")
            assert payload in shown.lines[0]
            assert any("note:" in line and payload in line for line in shown.lines), payload
            await shown.press("z", "tab", "escape", "question_mark", "escape")
            await shown.pilot.click("#header", offset=(3, 0))
            assert payload in shown.lines[0]
            assert shown.app.return_code is None, payload


async def test_the_palette_opens_over_any_lesson():
    async with running(opened(_lesson("[/]"))) as shown:
        await shown.press("ctrl+p", *"[/", "escape")
        await shown.pilot.pause(0.1)
        assert shown.app.return_code is None


async def test_what_was_asked_for_is_shown_as_it_is():
    async with running(opened("parabola")) as shown:
        for payload in PAYLOADS:
            await shown.press("g", *payload, "enter")
            assert shown.app.return_code is None
            assert payload in shown.text


async def test_the_list_of_lessons_shows_titles_as_they_are(monkeypatch):
    scenarios = {f"lesson{place}": opened(_lesson(payload)).scenario for place, payload in enumerate(PAYLOADS)}
    monkeypatch.setattr("tui_backprop.tui.chooser.bundled_groups", lambda: (LessonGroup("All", tuple(scenarios)),))
    monkeypatch.setattr("tui_backprop.tui.chooser.load", scenarios.__getitem__)
    async with running(None) as shown:
        for payload in PAYLOADS:
            assert sum(payload in line for line in shown.lines) >= 1 + (payload == PAYLOADS[0])
            await shown.press("down")


async def test_problems_show_lines_and_messages_as_they_are(tmp_path):
    path = tmp_path / "x.yaml"
    async with running(opened("parabola"), (160, 40)) as shown:
        await shown.press("o", "end", *str(path))
        for payload in PAYLOADS:
            path.write_text(_lesson(payload).replace("parameters:", f"{payload.strip('[]$ {}')[:4]}x: 1\nparameters:"))
            await shown.press("enter")
            assert "x.yaml:" in shown.text, payload
            assert shown.app.return_code is None


async def test_control_and_bidirectional_characters_of_a_path_do_not_reach_the_screen(tmp_path):
    path = tmp_path / "a\x1b[31m\u202eb.yaml"
    path.write_text("title: 1\n")
    async with running(opened("parabola"), (160, 40)) as shown:
        await shown.press("o")
        shown.app.screen.open_lesson(str(path))
        await shown.pilot.pause(0)
        assert "\x1b" not in shown.text
        assert "\u202e" not in shown.text
