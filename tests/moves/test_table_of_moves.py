"""The moves as help prints them, and what those say that only change how things are looked at."""

from __future__ import annotations

import pytest
from support.panel_text import opened, played

from tui_backprop.moves.move_table import TABLE
from tui_backprop.panels.panel_table import current_panel

PRINTED = """\
left h     back             One step back.
right l    step             One step on.
down j     next node        One node on: its factors and its gradient at once.
up k       node before      One node back.
n          next phase       The next phase: forward, backward, average, update.
p          phase before     The start of this phase, then the phase before.
]          next iteration   The same step of the next iteration.
[          iteration before The same step of the iteration before.
e          next example     The same step of the next example.
E          example before   The same step of the example before.
home       start            Iteration 0, first step.
end        end              The last step of the scenario's last iteration.
g          go to            Go to an iteration (12), a step of it (12.5), end, loss < 0.01, or a node.
r          restart          Back to the start, with four digits and nothing zoomed.
space      play             Play and pause.
+          faster           Play faster.
-          slower           Play slower.
tab        next panel       The next panel.
shift+tab  panel before     The panel before.
z          zoom             The panel alone on the whole screen, and back.
escape     leave            Leave what is read, then the panel that is alone on the screen.
d enter    derive           Derive this factor by the rules, line by line; on a gradient, its whole chain. \
Again: back to the steps.
c          check            Check this derivative a second way: nudge, and see what the quotient comes to.
x          split            This iteration split into elementary operations, and back.
f          focus            Write out the chain of this step's parameter; then its next path, then the next one's.
v          digits           Numbers with four digits, or all of them.
a          log axis         The loss on a logarithmic axis, and back.
w          loss curve       The loss over the one parameter, with the point rolling on it, and back.
y          copy             Copy the current line.
o          open             Open another scenario.
?          help             Every key, and the words used here.
q          quit             Leave the program.
"""


def test_each_move_is_told_with_its_keys_its_brief_name_and_its_sentence():
    told = [f"{move.shown_keys:10} {move.brief:16} {move.description}" for move in TABLE]
    assert told == PRINTED.splitlines()


@pytest.mark.parametrize(
    ("moves", "notice"),
    [
        (["slower"], "Playing takes 1 step a second."),
        (["2*slower"], "Playing takes 0.5 steps a second."),
        (["slower", "faster"], "Playing takes 2 steps a second."),
        (["4*faster"], "Playing takes 30 steps a second."),
        (["digits"], "Numbers are shown with all digits."),
        (["2*digits"], "Numbers are shown with four digits."),
    ],
)
def test_a_change_of_view_is_told(moves, notice):
    assert played(opened("parabola"), *moves).notice == notice


@pytest.mark.parametrize(
    "move", ["play", "next_panel", "previous_panel", "zoom", "leave", "log_axis", "curve", "step_on", "iteration_on"]
)
def test_the_next_move_takes_the_notice_away(move):
    session = played(opened("parabola"), *(["zoom"] if move == "leave" else []), "digits")
    assert session.notice
    assert not played(session, move).notice


def test_the_panels_go_round_both_ways():
    session = opened("parabola")
    on = [current_panel(played(session, f"{count}*next_panel")).name for count in range(4)]
    assert on == ["graph", "equations", "loss", "graph"]
    back = [current_panel(played(session, f"{count}*previous_panel")).name for count in range(4)]
    assert back == ["graph", "loss", "equations", "graph"]


@pytest.mark.parametrize(
    ("move", "of"),
    [
        ("play", lambda session: session.is_playing),
        ("zoom", lambda session: session.is_zoomed),
        ("digits", lambda session: session.shows_all_digits),
        ("log_axis", lambda session: session.loss_view == "log"),
        ("curve", lambda session: session.loss_view == "curve"),
        ("derive", lambda session: session.reading is not None),
        ("nudge", lambda session: session.reading is not None),
        ("split", lambda session: session.lesson.view_of is not None),
    ],
)
def test_what_is_switched_on_is_switched_off_again(move, of):
    session = played(opened("parabola"), "2*step_on")
    assert [bool(of(played(session, f"{count}*{move}"))) for count in range(3)] == [False, True, False]


def test_a_restart_keeps_nothing_but_the_lesson_and_the_characters():
    start = opened("logistic", "ascii")
    session = played(start, "digits", "zoom", "faster", "3*iteration_on", "play", "focus")
    assert played(session, "restart") == start
