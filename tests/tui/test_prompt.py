"""The line at the foot of the screen: what it offers, what typing does to that, completing, and refusing."""

from __future__ import annotations

from support.panel_text import opened
from support.screen import running


async def test_on_the_screen_s_asks_completes_refuses_and_makes_a_run() -> None:
    async with running(opened("logistic")) as shown:
        await shown.press("s")
        assert " what if: w1 = 0.5" in shown.lines[-1]
        await shown.press("tab")
        assert " what if: w2 = -0.5" in shown.lines[-1]
        await shown.write("high")
        await shown.press("enter")
        assert "'high' sets nothing" in shown.text
        assert shown.session.runs == ()
        await shown.press("escape", "s")
        await shown.write("0.9")
        await shown.press("enter")
        assert shown.lines[0].startswith(" what if w₁ = 0.9 from iteration 0")
        await shown.press("s", "enter")
        assert "the first run" in shown.text
        await shown.press("enter")
        assert shown.session.notice == "This is the first run."


async def test_a_number_replaces_the_value_and_a_name_the_whole_line_but_a_word_stands_behind_its_name() -> None:
    async with running(opened("logistic")) as shown:
        await shown.press("s")
        await shown.write("7")
        assert shown.lines[-1].strip() == "what if: w1 = 7"
        await shown.press("escape", "s")
        await shown.write("opt")
        assert shown.lines[-1].strip() == "what if: opt"
        await shown.press("tab")
        await shown.write("adam")
        assert shown.lines[-1].strip() == "what if: optimizer = adam"
        await shown.press("enter")
        assert shown.lines[0].startswith(" what if optimizer = adam from iteration 0")


async def test_tab_goes_round_the_names_that_begin_so_and_back() -> None:
    async with running(opened("logistic")) as shown:
        await shown.press("s")
        await shown.write("w")
        seen = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await shown.press(key)
            seen.append(shown.lines[-1].strip())
        assert seen == [f"what if: {line}" for line in ("w1 = 0.5", "w2 = -0.5", "w1 = 0.5", "w2 = -0.5")]
        await shown.press("escape", "s")
        await shown.write("q")
        await shown.press("tab")
        assert "No name here begins so." in shown.text
