"""What a move cannot do: every reason, at the place where it holds, and nothing moves; every word that `g` knows."""

import ast
import inspect
import itertools
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.lessons import scenario
from support.panel_text import opened, played
from support.tables import sample

from tui_backprop import moves
from tui_backprop.moves.go_to import go_to, reach_of
from tui_backprop.moves.move import carried_out
from tui_backprop.moves.move_table import TABLE
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.session import SPEEDS, Cursor, Session

FIRST = "This is the first step of the run."
START = "This is iteration 0, where the run starts."
NO_RATE = "This lesson has no learning rate, so there are no updates."
ENDED = "The numbers stopped being finite in iteration 5; the run ends there."
VIEW = "This is a view of iteration 2 alone; press x to return to the whole run."
NO_DERIVATIVE = "This step is not a derivative. Go to a factor or a gradient; n goes to the backward pass."
FIRST_LINE = "This is the first line; press escape to return to the steps."
LAST_LINE = "This is the last line; press escape to return to the steps."
LAST_STEP = "This is the last step of the run."
ONE_EXAMPLE = "This iteration sees one example."
TOGETHER = "This step belongs to all examples together."
NO_PLANE = "What comes out depends on one input here; it can be drawn over the plane of two."
NOT_OVER = "The next lesson follows after the last step of this one."
NONE_AFTER = "No lesson follows after this one."
NOT_INSPECTING = "Press i first: it asks where a number comes from."
ENTER_IS_TAKEN = "While inspecting, enter goes to the step that made the number; escape first."
NO_NUMBERS = "No step made a number of this line; the lines before and after it have some."
ONE_RUN = "There is one run so far; s makes another one."
ONE_VIEW = "This is a view of one iteration; press x to return to the whole run."
ONE_PATH = "w is the only parameter here, and it reaches L by one path."
IN_VIEW = "All panels are in view."
TOO_LARGE = "This lesson has more than 2,000 nodes and parameters: split, it would be too large to read."
MOST = "A run has at most 1,000,000 iterations."

NO_LAYERS = "This lesson has no layers: its equations are written one by one, and not as a network."
NO_LAYERS_SPLIT = "Split into its operations, an iteration has no layers; press x to return to the whole equations."

GROWING = "title: t\nparameters: {w: 2}\nequations: {L: w^4}\nlearning_rate: 1\n"
ALONE = "title: t\nparameters: {w: 2}\nequations: {L: w^2}\n"
NET_ALONE = (
    "title: t\nnetwork: {inputs: [x], layers: [{neurons: 1, activation: tanh, weights: [[1]]}], targets: [t],"
    " cost: squared_error}\ndata: {x: 1, t: 0}\n"
)
IN_BATCHES = (
    "title: t\nparameters: {w: 1}\ndata: [{x: 1}, {x: 2}, {x: 3}]\nequations: {L: (w*x - 3)^2}\n"
    "learning_rate: 0.1\nbatch: 1\n"
)

A_SLIP = "This run has a slip in it, so its numbers are no answers; S leads to the right run."
NO_FILE = "This lesson was not read from a file, so no command opens it again. Save it in one first."
NO_COMMAND = "No command opens a what-if; S saves it in a file."
REFUSALS = [
    # the lesson, what leads to the place, the moves that are not possible there, and why
    ("logistic", (), "step_back node_back phase_back", FIRST),
    ("logistic", (), "iteration_back", START),
    ("logistic", ("5*step_on",), "iteration_back", START),
    ("logistic", ("end",), "end", LAST_STEP),
    ("limit", ("end",), "step_on node_on phase_on play", NO_RATE),
    ("limit", ("end",), "end", LAST_STEP),
    ("limit", (), "iteration_on", NO_RATE),
    ("chain", (), "layer_on layer_back matrices", NO_LAYERS),
    ("net-2-2-2", ("split",), "layer_on layer_back matrices", NO_LAYERS_SPLIT),
    ("net-2-2-2", (), "layer_back", FIRST),
    (NET_ALONE, ("end",), "layer_on", NO_RATE),
    (GROWING, ("end",), "step_on node_on phase_on play iteration_on", ENDED),
    (GROWING, ("5*iteration_on",), "iteration_on", ENDED),
    ("logistic", ("2*iteration_on", "split"), "iteration_on iteration_back", VIEW),
    ("logistic", ("2*iteration_on", "split", "end"), "step_on node_on phase_on play", VIEW),
    ("logistic", ("2*iteration_on", "split", "home"), "step_back node_back", FIRST),
    ("logistic", (), "example_on example_back", ONE_EXAMPLE),
    (IN_BATCHES, (), "example_on example_back", ONE_EXAMPLE),
    ("logistic-four", ("3*example_on",), "example_on", "This is the iteration's last example."),
    ("logistic-four", ("5*step_on",), "example_back", "This is the iteration's first example."),
    ("logistic-four", ("end",), "example_on example_back", TOGETHER),
    ("logistic", (), "derive nudge", NO_DERIVATIVE),
    ("logistic", ("phase_on",), "derive nudge", NO_DERIVATIVE),
    ("logistic", ("phase_on", "step_on", "derive"), "step_back home", FIRST_LINE),
    ("logistic", ("phase_on", "step_on", "derive", "end"), "step_on end", LAST_LINE),
    ("chain", (), "plane", NO_PLANE),
    ("logistic", (), "next_lesson", NOT_OVER),
    (bundled_names()[-1], ("end",), "next_lesson", NONE_AFTER),
    (ALONE, ("end",), "next_lesson", NONE_AFTER),
    ("logistic", (), "examples", "This lesson has one example; it is on the screen already."),
    ("parabola", (), "focus", ONE_PATH),
    ("logistic", (), "runs", ONE_RUN),
    ("logistic", (), "follow", NOT_INSPECTING),
    ("logistic", ("end", "inspect"), "next_lesson", ENTER_IS_TAKEN),
    ("rules", ("phase_on", "step_on", "derive"), "inspect", NO_NUMBERS),
    ("logistic", ("2*iteration_on", "split"), "set runs", ONE_VIEW),
    ("logistic", (), "leave", IN_VIEW),
    ("limit", ("end",), "try", NO_RATE),
    (
        "logistic",
        (),
        "next_question",
        "This lesson asks no questions of its own. Press t to be asked for the next number.",
    ),
    ("logistic", (f"{len(SPEEDS)}*faster",), "faster", "This is the fastest."),
    ("logistic", (f"{len(SPEEDS)}*slower",), "slower", "This is the slowest."),
]
CASES = [(lesson, way, reason, name) for lesson, way, names, reason in REFUSALS for name in names.split()]


@pytest.mark.parametrize(("lesson", "way", "reason", "name"), CASES, ids=str)
def test_what_is_not_possible_says_why_and_changes_nothing_else(lesson, way, reason, name):
    before = played(opened(lesson), *way)
    assert played(before, name) == before.with_notice(reason)


def test_the_longest_run_ends_with_a_reason():
    lesson = scenario({"w": 1.0}, {"L": "w^2"}, learning_rate=1e-9)
    session = Session.start(lesson)
    assert go_to(session, "1000001").notice == MOST
    assert session.history.last_possible == 1_000_000


def test_a_lesson_too_large_to_be_split_says_so():
    equations = {"n0": "w", **{f"n{k}": f"n{k - 1}" for k in range(1, 2001)}}
    session = Session.start(scenario({"w": 1.0}, equations))
    assert carried_out(_move("split"), session).notice == TOO_LARGE
    smaller = dict(list(equations.items())[:-2])
    assert _move("split").why_not(Session.start(scenario({"w": 1.0}, smaller))) == ""


def _move(name):
    return next(move for move in TABLE if move.name == name)


def test_every_reason_that_a_move_has_is_in_the_table():
    """The reasons are read from the source of `moves/`, so that a new one cannot be forgotten here."""
    told = [reason for *_, reason in REFUSALS] + [MOST, TOO_LARGE, NO_FILE, NO_COMMAND, A_SLIP]
    given = set()
    for file in sorted(Path(inspect.getfile(moves)).parent.glob("*.py")):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_reason = isinstance(function, ast.FunctionDef) and "why_no" in function.name
            # Without the docstring, which is the first statement of each.
            statements = function.body[1:] if is_reason and ast.get_docstring(function) else [function]
            for part in itertools.chain(*map(ast.walk, statements)) if is_reason or _is_lambda(function) else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) > 12:
                    given.add(part.value)
    assert len(given) >= 20
    assert [text for text in given if not any(text in reason for reason in told)] == []


def _is_lambda(node):
    return isinstance(node, ast.Lambda)


PLACES = [
    ("parabola", ()), ("parabola", ("phase_on", "step_on")), ("parabola", ("end",)), ("limit", ("phase_on",)),
    ("logistic-four", ("2*example_on", "phase_on", "3*step_on")), ("logistic-four", ("end",)),
    ("chain", ("phase_on", "4*step_on", "derive")), ("chain", ("phase_on", "4*step_on", "nudge")),
    ("net-2-2-2", ("iteration_on", "split")), ("net-2-2-2", ("matrices", "3*layer_on")),
    ("partials", ("end",)), (GROWING, ("end",)), (IN_BATCHES, ("4*node_on",)),
]  # fmt: skip


@pytest.mark.parametrize(("place", "move"), sample([*itertools.product(PLACES, [m for m in TABLE if m.apply])], 2))
def test_a_move_changes_something_or_says_why_not(place, move):
    lesson, way = place
    before = played(opened(lesson), *way).with_notice("")
    reason, after = move.why_not(before), carried_out(move, before)
    assert (after == before.with_notice(reason)) if reason else (after != before or move.name == "restart")
    assert reason == "" or reason[-1] == "."


# --- g


WORDS = [
    # what is written, and where it leads from step 6 of iteration 3
    ("0", (0, 0)),
    ("12", (12, 0)),
    ("12.5", (12, 4)),
    ("  7.17 ", (7, 16)),
    ("end", (100, 16)),
    ("home", (0, 0)),
    ("start", (0, 0)),
    ("", (3, 5)),
    ("loss < 0.2", (2, 2)),
    ("loss<=0.2", (2, 2)),
    ("loss ≤ 0.2", (2, 2)),
    ("loss > 0.5", (0, 2)),
    ("loss >= 0.5", (0, 2)),
    ("loss ≥ 0.5", (0, 2)),
    ("loss > −1", (0, 2)),
    ("a", (3, 5)),
    ("z", (3, 7)),
    ("L", (3, 3)),
    ("w₁", (3, 9)),
    ("w1", (3, 9)),
    ("w_1", (3, 9)),
    ("b", (3, 13)),
]


@pytest.mark.parametrize(("text", "place"), WORDS)
def test_where_words_lead(text, place):
    session = played(opened("logistic"), "3*iteration_on", "5*step_on")
    if text == "a":
        session = played(session, "step_on")
    there = go_to(session, text)
    assert (there.cursor, there.notice) == (Cursor(*place), "")


@pytest.mark.parametrize("text", [word for word, _ in WORDS] + ["-1", "12.99", "nothing"])
def test_what_must_be_recorded_first_is_all_that_going_there_needs(text):
    session = played(opened("logistic"), "3*iteration_on")
    session.history.extend(reach_of(session, text))
    recorded = len(session.history)
    assert recorded <= 101
    go_to(session, text)
    assert len(session.history) == recorded


@pytest.mark.parametrize("written", ["w2_1_2", "w⁽²⁾₁₂", "w(2)12", "w212"])
def test_a_name_is_known_as_the_screen_writes_it_and_as_a_keyboard_can(written):
    assert go_to(opened("net-2-2-2"), written).entry.name == "w2_1_2"


def test_what_may_be_two_names_is_neither():
    lesson = "title: t\nparameters: {w1_11: 1, w11_1: 2}\nequations: {L: w1_11*w11_1}\n"
    assert go_to(opened(lesson), "w111").notice.startswith("Nothing here is called 'w111'.")


@pytest.mark.parametrize("place", ["3000", "3000.2", "6"])
def test_past_its_end_it_goes_to_where_the_run_stopped_and_says_why(place):
    there = go_to(opened(GROWING), place)
    assert (there.cursor, there.notice) == (Cursor(5, 0), ENDED)


def test_where_there_is_nothing_to_split_it_says_so():
    before = opened(ALONE)
    assert played(before, "split") == before.with_notice(
        "Every equation here is one operation already: there is nothing to split."
    )


def test_of_a_run_without_end_no_more_is_recorded_than_there_can_be():
    assert reach_of(opened("logistic"), "5000000") == 1_000_000
    assert reach_of(opened("limit"), "5000000") == 0


NOT_THERE = [
    ("5.0", "An iteration of this lesson has the steps 1 to 17, not 0."),
    ("5.18", "An iteration of this lesson has the steps 1 to 17, not 18."),
    ("2000000", MOST),
    ("example 2", "This lesson has one example, not 2."),
    ("loss < -1", "The loss is never < -1 up to iteration 100."),
    ("loss ≥ 9", "The loss is never ≥ 9 up to iteration 100."),
    ("loss < ten", "'ten' is not a number: write a decimal such as 0.5, -2 or 1e-3."),
    ("Z", "Nothing here is called 'Z'. Did you mean z?"),
    (
        "homme",
        "Nothing here is called 'homme'. Write 12 (an iteration), 12.5 (its step 5), end, example 3, loss < 0.01, or a",
    ),
    ("-1", "Nothing here is called '-1'. Write 12"),
    ("y", "y is given, not computed: it has no step of its own."),
]


@pytest.mark.parametrize(("text", "reason"), NOT_THERE)
def test_a_place_that_there_is_not_says_why_and_nothing_moves(text, reason):
    before = played(opened("logistic"), "2*step_on")
    after = go_to(before, text)
    assert after.notice.startswith(reason)
    assert replace(after, notice="") == before


@pytest.mark.parametrize(
    ("lesson", "text", "reason"),
    [("limit", "1", NO_RATE), (GROWING, "50", ENDED), ("limit", "end", ""), (GROWING, "5", "")],
)
def test_an_iteration_that_the_run_does_not_have(lesson, text, reason):
    assert go_to(opened(lesson), text).notice == reason


def test_example_3_is_the_same_step_of_that_example():
    session = played(opened("logistic-four"), "phase_on", "2*step_on")
    there = go_to(session, "example 3")
    assert there.entry == session.entry
    assert there.example == 2
    averaged = go_to(there, "end")
    assert go_to(averaged, "example 2").cursor == Cursor(averaged.cursor.iteration, len(there.layout.per_example))
    assert go_to(there, "example 5").notice == "This lesson has the examples 1 to 4, not 5."


def test_an_example_that_the_iteration_does_not_see_is_refused():
    session = opened("epochs")
    unseen = next(number for number in range(1, 9) if number - 1 not in session.steps.iteration.batch)
    assert go_to(session, f"example {unseen}").notice == f"Iteration 0 sees {session.batch_text}, not {unseen}."
