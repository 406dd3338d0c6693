"""Screens as a whole: the same cursor gives the same screen, whichever way one came."""

import pytest
from support.panel_text import header_line, opened, played, text_of, whole_screen

from tui_backprop.moves.go_to import go_to

LESSONS = ["parabola", "parabola-too-large", "logistic", "chain"]


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (101, 33)])
@pytest.mark.parametrize("lesson", LESSONS)
def test_walking_to_the_end_of_iteration_3_and_back_gives_the_same_screens(lesson, size):
    session = opened(lesson)
    last = 4 * len(session.layout) - 1
    there = [whole_screen(session, *size)]
    for _ in range(last):
        session = played(session, "step_on")
        there.append(whole_screen(session, *size))
    assert session.cursor.iteration == 3
    assert session.next_cursor().iteration == 4
    back = [whole_screen(session, *size)]
    for _ in range(last):
        session = played(session, "step_back")
        back.append(whole_screen(session, *size))
    assert back[::-1] == there


@pytest.mark.parametrize("lesson", LESSONS)
def test_jumping_gives_the_same_screen_as_walking(lesson):
    walked = opened(lesson)
    walked = played(walked, f"{len(walked.layout) * 2 + 3}*step_on")
    jumped = go_to(played(opened(lesson), "end"), "2.4")
    assert whole_screen(jumped, 120, 40) == whole_screen(walked, 120, 40)


def test_the_published_parameters_of_the_parabola_are_on_the_screen():
    session = opened("parabola")
    seen = []
    for _ in range(4):
        seen.append(whole_screen(session, 120, 40))
        session = played(session, "iteration_on")
    for number, screen in zip(["0", "1.8", "2.52", "2.808"], seen, strict=True):
        assert f"({number} − 3)²" in screen


def test_a_learning_rate_that_is_too_large_is_seen_to_diverge():
    session = played(opened("parabola-too-large"), "3*iteration_on")
    screen = whole_screen(session, 120, 40)
    assert "L = 26.87, rose from 18.66" in screen
    assert "(8.184 − 3)²" in screen


HEADERS = {
    120: f" One neuron per layer{' ' * 43}iteration 0 · forward  · step  4 of 38  ▕█░░░░░░░░░░░░▏",
    80: " One neuron per layer   iteration 0 · forward  · step  4 of 38  ▕█░░░░░░░░░░░░▏",
    71: " One neuron …  iteration 0 · forward  · step  4 of 38  ▕█░░░░░░░░░░░░▏",
    70: " One neuron per layer        iteration 0 · forward  · step  4 of 38",
    60: " One neuron per …  iteration 0 · forward  · step  4 of 38",
    40: " One neuron pe…  it 0 · forward ·  4/38",
}


@pytest.mark.parametrize("width", HEADERS)
def test_the_header_says_where_one_is(width):
    assert text_of([header_line(played(opened("chain"), "3*step_on"), width)]) == HEADERS[width]
