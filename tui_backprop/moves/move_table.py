"""The moves, in the one table that keys, footer, help, command palette and scripts read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import MappingProxyType

from msgspec.structs import replace

from tui_backprop.explain.input_plane import why_no_plane
from tui_backprop.explain.surface import places_visited, why_no_map
from tui_backprop.moves import along, by_layers, focus, inspecting, opening, reading, trying, what_if
from tui_backprop.moves import split_view as splitting
from tui_backprop.moves.move import Move
from tui_backprop.record.history import History
from tui_backprop.session import SPEEDS, LossView, Session

_QUICK_ITERATION = 2_000
"""Where an iteration takes more operations, a run to see how far parameters go takes longer than a key press may."""

LossViewChange = Callable[[Session], Session]


def _play(session: Session) -> Session:
    return replace(session, is_playing=not session.is_playing, notice="")


def _faster(session: Session) -> Session:
    return _at_speed(session, session.speed + 1)


def _slower(session: Session) -> Session:
    return _at_speed(session, session.speed - 1)


def _at_speed(session: Session, speed: int) -> Session:
    steps = f"{SPEEDS[speed]:g} step{'s' if SPEEDS[speed] != 1 else ''}"
    return replace(session, speed=speed, notice=f"Playing at {steps} a second.")


def _why_not_play(session: Session) -> str:
    return "" if session.is_playing else along.why_not_on(session)


def _next_panel(session: Session) -> Session:
    return replace(session, panel=session.panel + 1, notice="")


def _previous_panel(session: Session) -> Session:
    return replace(session, panel=session.panel - 1, notice="")


def _zoom(session: Session) -> Session:
    return replace(session, is_zoomed=not session.is_zoomed, notice="")


def _leave(session: Session) -> Session:
    if session.reading is not None:
        return reading.close(session)
    if session.is_trying:
        return trying.try_or_leave(session)
    return replace(session, is_zoomed=False, notice="") if session.is_zoomed else focus.follow_again(session)


def _why_not_leave(session: Session) -> str:
    is_left = not session.is_trying and session.reading is None and not session.is_zoomed and not session.pinned
    return "All panels are in view." if is_left else ""


def _why_not_next_lesson(session: Session) -> str:
    if session.reading is not None and session.reading.kind == "inspect":
        return inspecting.ENTER_IS_TAKEN
    return along.why_not_next_lesson(session)


def _all_digits(session: Session) -> Session:
    notice = "Numbers are shown with four digits." if session.shows_all_digits else "Numbers are shown with all digits."
    return replace(session, shows_all_digits=not session.shows_all_digits, notice=notice)


def _loss_view(view: LossView) -> LossViewChange:
    def change(session: Session) -> Session:
        return replace(session, loss_view="linear" if session.loss_view == view else view, notice="")

    return change


def _curve(session: Session) -> Session:
    places_visited(_drawn(session))
    return _map_view("curve")(session)


def _why_no_curve(session: Session) -> str:
    return why_no_map(_drawn(session))


def _curve_is_slow(session: Session) -> bool:
    history = _drawn(session)
    is_long = history.interpreter.cost > _QUICK_ITERATION
    return session.loss_view != "curve" and (is_long or (len(history.graph.parameters) > 1 and _map_is_slow(session)))


def _map_view(view: LossView) -> LossViewChange:
    def change(session: Session) -> Session:
        import_module("numpy")
        return _loss_view(view)(session)

    return change


def _map_is_slow(session: Session) -> bool:
    return "numpy" not in sys.modules


def _drawn(session: Session) -> History:
    """The run that the third panel draws: never that of a view of one iteration."""
    return (session.whole or session).history


def _why_no_plane(session: Session) -> str:
    return why_no_plane(_drawn(session))


def _why_no_table(session: Session) -> str:
    return "" if len(session.history.plan.examples) > 1 else "This lesson has one example; it is on the screen already."


_READINGS = ("derivation", "nudge", "words", "refusal", "inspect")

TABLE = (
    reading.through_lines(
        Move("step_back", ("left", "h"), "left h", "back", "One step back.", "Steps",
             along.step_back, why_not=along.why_not_back, is_in_footer=True), lambda read: read.position - 1),
    reading.through_lines(
        Move("step_on", ("right", "l"), "right l", "step", "One step forward.", "Steps",
             along.step_on, why_not=along.why_not_on, is_in_footer=True), lambda read: read.position + 1),
    reading.through_lines(
        Move("node_on", ("down", "j"), "down j", "next node",
             "One node on, with all its factors and its gradient; while you read, what stands below.",
             "Steps", along.node_on, why_not=along.why_not_on), lambda read: read.position + 1, _READINGS),
    reading.through_lines(
        Move("node_back", ("up", "k"), "up k", "node before", "One node back; while you read, what stands above.",
             "Steps", along.node_back, why_not=along.why_not_back), lambda read: read.position - 1, _READINGS),
    Move("phase_on", ("n",), "n", "next phase", "The next phase: forward, backward, average, update.", "Steps",
         along.phase_on, why_not=along.why_not_on, is_in_footer=True),
    Move("phase_back", ("p",), "p", "phase before", "The start of this phase, then the phase before.", "Steps",
         along.phase_back, why_not=along.why_not_back),
    Move("layer_on", ("L",), "L", "next layer",
         "In a network, the first step of the next layer, forward, backward or in the updates.", "Steps",
         by_layers.layer_on, why_not=by_layers.why_not_layer_on),
    Move("layer_back", ("H",), "H", "layer before", "The start of this layer, then the layer before.",
         "Steps", by_layers.layer_back, why_not=by_layers.why_not_layer_back),
    Move("iteration_on", ("right_square_bracket",), "]", "next iteration", "The same step of the next iteration.",
         "Iterations", along.iteration_on, why_not=along.why_not_next_iteration,
         reach=lambda session: session.cursor.iteration + 1, is_in_footer=True),
    Move("iteration_back", ("left_square_bracket",), "[", "iteration before", "The same step of the iteration before.",
         "Iterations", along.iteration_back, why_not=along.why_not_previous_iteration),
    Move("example_on", ("e",), "e", "next example", "The same step of the next example.", "Iterations",
         along.example_on, why_not=along.why_not_next_example),
    Move("example_back", ("E",), "E", "example before", "The same step of the example before.", "Iterations",
         along.example_back, why_not=along.why_not_previous_example),
    reading.through_lines(
        Move("home", ("home",), "home", "start", "Iteration 0, first step.", "Iterations",
             along.home, why_not=along.why_not_back), lambda read: 0),
    reading.through_lines(
        Move("end", ("end",), "end", "end", "The last step of the scenario's last iteration.", "Iterations",
             along.end, why_not=along.why_not_end, reach=along.last_iteration), lambda read: read.length),
    Move("go_to", ("g",), "g", "go to",
         "Go to an iteration (12), a step of it (12.5), end, example 3, loss < 0.01, or a node.", "Iterations",
         screen_action="ask_where", synonyms="search find jump seek"),
    Move("restart", ("r",), "r", "restart",
         "Back to the start, with four digits and all panels; a file of your own is read anew.", "Iterations",
         screen_action="restart", synonyms="reset begin again reload reread"),
    Move("play", ("space",), "space", "play", "Play and pause.", "Iterations",
         _play, why_not=_why_not_play, is_in_footer=True),
    Move("faster", ("plus", "equals_sign"), "+", "faster", "Play faster.", "Iterations",
         _faster, why_not=lambda session: "" if session.speed + 1 < len(SPEEDS) else "This is the fastest."),
    Move("slower", ("minus",), "-", "slower", "Play slower.", "Iterations",
         _slower, why_not=lambda session: "" if session.speed > 0 else "This is the slowest."),
    Move("next_panel", ("tab",), "tab", "next panel", "The next panel.", "Looking", _next_panel),
    Move("previous_panel", ("shift+tab",), "shift+tab", "panel before", "The panel before.", "Looking",
         _previous_panel),
    Move("zoom", ("z",), "z", "zoom", "This panel on the whole screen, and back; a derivation or a proof too.",
         "Looking", _zoom, synonyms="maximise maximize enlarge full screen"),
    Move("words", ("full_stop",), ".", "all of it",
         "All that is said of this step, with its whole chain of factors, on the whole screen; and back.", "Looking",
         reading.opened_or_closed("words", reading.open_words)),
    Move("leave", ("escape",), "escape", "leave",
         "Close what you are reading; stop trying; show all panels again; let the chain follow the step again.",
         "Looking", _leave, why_not=_why_not_leave, is_offered=True),
    Move("inspect", ("i",), "i", "inspect",
         "Where does each number of this line come from, and where does it go? The arrows go over them.", "Proofs",
         reading.opened_or_closed("inspect", inspecting.inspect), why_not=inspecting.why_not_inspect,
         synonyms="provenance origin trace from where come used"),
    Move("follow", ("I",), "enter I", "go there",
         "While inspecting, go to the step that made the number; escape comes back, one step at a time.", "Proofs",
         inspecting.follow, why_not=inspecting.why_not_follow, otherwise="derive", is_offered=True),
    Move("derive", ("d",), "d", "derive",
         "Derive this factor by the rules, line by line; on a gradient, its whole chain. Again: back to the steps.",
         "Proofs", reading.opened_or_closed("derivation", reading.open_derivation),
         why_not=reading.why_not_derive, is_slow=reading.derivation_is_slow, is_offered=True,
         synonyms="rules explain why"),
    Move("nudge", ("c",), "c", "check",
         "Check this derivative a second way: nudge a number, and see how far the result moves.",
         "Proofs", reading.opened_or_closed("nudge", reading.open_nudge),
         why_not=reading.why_not_nudge, is_slow=reading.nudge_is_slow, is_offered=True,
         synonyms="verify prove finite difference numerical"),
    Move("split", ("x",), "x", "split", "This iteration split into elementary operations, and back.", "Proofs",
         splitting.split, why_not=splitting.why_not_split),
    Move("try", ("t",), "t", "try",
         "Be asked for the next number before it is shown: answer with a number, an expression or a sign; enter on "
         "nothing shows it, ? gives a hint. In a derivation you are asked for the next rule.",
         "Asking", trying.try_or_leave, why_not=trying.why_not_try, synonyms="quiz practise practice exercise test"),
    Move("next_question", ("N",), "N", "next question", "Go to the next question that the lesson asks.",
         "Asking", trying.next_question, why_not=trying.why_no_question, reach=trying.reach_of_question,
         synonyms="ask quiz"),
    Move("focus", ("f",), "f", "focus",
         "Keep this chain of factors and highlight its path; then its next path, then the next parameter's.", "Looking",
         focus.next_focus, why_not=focus.why_no_focus),
    Move("digits", ("v",), "v", "digits", "Numbers with four digits, or all of them.", "Looking", _all_digits),
    Move("matrices", ("m",), "m", "matrices",
         "The equations of a network's layers as matrices, with the entry that the step is; and back.", "Looking",
         by_layers.matrices, why_not=by_layers.why_no_layers, synonyms="vectors layers linear algebra"),
    Move("log_axis", ("a",), "a", "log axis", "The loss on a logarithmic axis, and back.", "Looking",
         _loss_view("log")),
    Move("curve", ("w",), "w", "loss curve",
         "The loss over its parameter, or over two, of many those that move most, with the point on it; and back.",
         "Looking", _curve, why_not=_why_no_curve, is_slow=_curve_is_slow, synonyms="surface contour level lines"),
    Move("plane", ("b",), "b", "input plane",
         "The output over the plane of two inputs, with the examples on it, or the neuron under the cursor; and back.",
         "Looking", _map_view("plane"), why_not=_why_no_plane, is_slow=_map_is_slow,
         synonyms="decision boundary regions"),
    Move("examples", ("u",), "u", "all examples", "All examples in one table: inputs, outputs and losses; and back.",
         "Looking", _loss_view("examples"), why_not=_why_no_table),
    Move("set", ("s",), "s", "what if",
         "What if a number were another one? Set it, and a run goes on from here beside this one.", "Iterations",
         screen_action="ask_what_if", why_not=what_if.why_no_what_if,
         synonyms="set change parameter input constant learning rate optimizer freeze try"),
    Move("runs", ("S",), "S", "runs", "The list of runs: the first one, and those that you made with s.", "Iterations",
         screen_action="choose_run", why_not=what_if.why_no_other_run, synonyms="what if back first run save"),
    Move("copy", ("y",), "y", "copy", "Copy the current line.", "Program", screen_action="copy",
         synonyms="yank clipboard"),
    Move("copy_command", ("Y",), "Y", "copy command",
         "Copy the command that opens this lesson at this step.", "Program", screen_action="copy_command",
         why_not=opening.why_no_command, synonyms="link share place at"),
    Move("open", ("o",), "o", "open", "Open another scenario.", "Program", screen_action="open",
         synonyms="lessons load file chooser"),
    Move("next_lesson", ("enter",), "enter", "next lesson",
         "At the end of a lesson, the lesson after it; elsewhere the same as d.", "Program",
         screen_action="open_next", why_not=_why_not_next_lesson, otherwise="follow", is_offered=True),
    Move("help", ("question_mark", "f1"), "?", "help", "Every key, and the words used here.", "Program",
         screen_action="help", is_in_footer=True, synonyms="keys words glossary manual"),
    Move("quit", ("q",), "q", "quit", "Leave the program.", "Program", screen_action="quit", is_in_footer=True,
         synonyms="exit leave close"),
)  # fmt: skip
"""Every move, in the order of help."""

MOVES = MappingProxyType({move.name: move for move in TABLE})
"""The moves by name."""
