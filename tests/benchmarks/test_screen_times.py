"""The times of the screen: when a frame counts as complete, and how times are compared."""

import os
import sys

import pytest

pytest.importorskip("pty")

from benchmarks.screen_report import Compared, Reach, markdown
from benchmarks.screen_terminal import ProgramOnTerminal, TerminalError

ANSWERS_IN_TWO_PARTS = """
import sys, time, tty
tty.setraw(0)
print("\\x1b[1;31mre\\x1b[0mady", end="", flush=True)
while (key := sys.stdin.read(1)) != "q":
    if key == "s":
        continue
    print("one", end="", flush=True)
    time.sleep(0.03)
    print("two", end="", flush=True)
"""


@pytest.fixture
def program():
    words = (sys.executable, "-c", ANSWERS_IN_TWO_PARTS)
    with ProgramOnTerminal(words, (80, 24), {**os.environ}, os.getcwd()) as running:
        running.time_until(("ready",), 0.1)
        yield running


def test_a_frame_lasts_until_its_last_part(program):
    assert 0.03 <= program.time_key("x") < 5
    assert program.text == "onetwo"


def test_control_sequences_are_no_text(program):
    assert program.text == "ready"


def test_a_program_that_ends_is_no_answer(program):
    with pytest.raises(TerminalError, match="ended"):
        program.time_key("q")


@pytest.mark.parametrize(("most", "mark"), [(2.0, "≤ 2.00 ✓"), (1.4, "≤ 1.40 ✗"), (None, "|  |")])
def test_ratios_are_those_of_the_same_round_and_marked_by_what_was_to_be_reached(most, mark):
    times = {"bare": [1.0, 2.0, 10.0], "ours": [1.5, 3.0, 15.0]}
    compared = Compared.of("ours", times, Reach("bare", most))
    assert compared.ratio is not None
    assert (compared.ratio.low, compared.ratio.median, compared.ratio.high) == (1.5, 1.5, 1.5)
    assert mark in markdown({"key": [compared]})


@pytest.mark.parametrize(("most", "mark"), [(0.003, "≤ 3.00 ms ✓"), (0.002, "≤ 2.00 ms ✗")])
def test_a_figure_may_be_set_in_seconds(most, mark):
    times = {"bare": [0.001, 0.002, 0.003], "ours": [0.001, 0.003, 0.004]}
    assert mark in markdown({"key": [Compared.of("ours", times, Reach("bare", most_seconds=most))]})


def test_on_the_page_is_only_what_has_a_figure_to_reach():
    times = {"bare": [0.001, 0.002], "ours": [0.001, 0.003], "other": [0.001, 0.003]}
    reaches = {"bare": None, "ours": Reach("bare", 2.0), "other": Reach("bare")}
    rows = [Compared.of(name, times, reach) for name, reach in reaches.items()]
    of_page = markdown({"key": rows}, only_judged=True)
    assert [f"\n| {name} |" in of_page for name in times] == [False, True, False]
    assert "\n| other |" in markdown({"key": rows})
