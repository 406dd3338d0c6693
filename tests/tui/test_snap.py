"""Does snap give the screen that a person would see, always the same, and tell what it cannot press?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace

from tui_backprop.api import load
from tui_backprop.errors import UsageError
from tui_backprop.tui.snap import snap

LESSONS = ["parabola", "parabola-too-large", "logistic", "chain"]


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("size", [(120, 40), (40, 12)])
def test_a_snap_of_each_lesson_is_a_whole_screen(lesson, size):
    text = snap(load(lesson), ["n", "right", "]"], *size)
    lines = text.split("\n")
    assert len(lines) == size[1] + 1
    assert lines[-1] == ""
    assert all(line == line.rstrip() and len(line) <= size[0] for line in lines)


def test_keys_are_names_or_characters():
    scenario = load("parabola")
    by_name = snap(scenario, ["right", "right_square_bracket", "v", "question_mark", "escape", "z"])
    by_character = snap(scenario, ["l", "]", "v", "?", "escape", "z"])
    assert by_name == by_character
    assert "iteration 1" in by_name


def test_the_same_keys_give_the_same_picture():
    keys = ["n", "right", "right", "]"]
    first, second = (snap(load("logistic"), keys, format="svg") for _ in range(2))
    assert first == second


def test_walking_on_and_back_gives_the_same_screen():
    scenario = load("logistic")
    assert snap(scenario, ["right"] * 20 + ["left"] * 20) == snap(scenario)


@pytest.mark.parametrize("key", ["rigth", "ctrl+rigth", "nokey", ""])
def test_an_unknown_key_is_refused(key):
    with pytest.raises(UsageError, match="no key"):
        snap(load("parabola"), [key])


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_a_key_that_leaves_the_program_is_refused(key):
    with pytest.raises(UsageError, match="leaves the program"):
        snap(load("parabola"), ["right", key])


def test_playing_stands_still():
    scenario = load("parabola")
    assert snap(scenario, ["space"]) == snap(scenario, ["space"])
    assert "step 1 of 5" in snap(scenario, ["space"])


def test_a_snap_waits_for_a_long_training():
    scenario = load("parabola-too-large")
    assert "iteration 100 " in snap(load("chain"), ["end"])
    assert "iteration 60,000 " in snap(load("parabola"), ["g", *"60000", "enter"])
    assert "training" not in snap(scenario, ["end"])


def test_the_picture_is_xml_that_fetches_nothing():
    picture = snap(load("logistic"), ["n"], format="svg")
    root = ET.fromstring(picture)
    assert root.find("{http://www.w3.org/2000/svg}title").text == "Two-feature logistic node"
    links = set(re.findall(r"[a-z]+://[^\s\"')]*", picture))
    assert links == {"http://www.w3.org/2000/svg"}
    assert "just" in picture


@pytest.mark.parametrize("title", ["</title><script>", "{braces} {0} & [/]"])
def test_a_title_is_text_in_the_picture(title):
    picture = snap(replace(load("parabola"), title=title), format="svg")
    assert ET.fromstring(picture).find("{http://www.w3.org/2000/svg}title").text == title


def test_in_ascii_there_is_nothing_else():
    assert snap(load("chain"), ["n", "right"], charset="ascii").isascii()
