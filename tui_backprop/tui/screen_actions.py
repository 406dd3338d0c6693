"""What a key does that is more than a move of the session: open another screen, ask, copy, begin again, leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_backprop.api import load
from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.lesson import Run
from tui_backprop.moves import go_to, what_if
from tui_backprop.moves.move import ScreenAction
from tui_backprop.moves.opening import command_for, opened, restarted
from tui_backprop.panels.panel_table import current_line
from tui_backprop.scenario.bundled import bundled_name, lesson_after, resolves_to_path
from tui_backprop.scenario.nearest import shown
from tui_backprop.session import Session
from tui_backprop.tui.prompt import Prompt

if TYPE_CHECKING:
    from tui_backprop.tui.app import BackpropApp

_HINT = "Type a number, or another name; tab goes through the names. Enter without a change lists the runs."

# What is opened by a key is imported by it, so that the first frame need not wait for it.


# --- other screens


def open_chooser(app: BackpropApp) -> None:
    """Let a lesson be chosen; where none is open, leaving the choice leaves the program."""
    from tui_backprop.tui.chooser import Chooser

    session = app.session
    current = bundled_name(session.scenario) if session is not None else ""

    def chosen(after: Session | None) -> None:
        if after is not None:
            app.session = after.with_notice(app.key_map.complaint) if session is None else after
        elif session is None:
            app.leave()

    app.open_over(Chooser(app.charset, session is None, current, app.kept.current.lessons_seen), chosen)


def open_first_screen(app: BackpropApp) -> None:
    """Say what the keys do, until the learner has seen it once."""
    from tui_backprop.tui.help import FirstScreen

    def closed(_: None) -> None:
        app.kept.change(replace(app.kept.current, knows_the_keys=True))

    complaint = app.kept.complaint or app.key_map.complaint
    app.push_screen(FirstScreen(app.charset, complaint, app.key_map.table), closed)


def open_help(app: BackpropApp) -> None:
    """Show the keys and the words."""
    from tui_backprop.tui.help import HelpScreen

    app.open_over_lessons(HelpScreen(app.charset, app.key_map.table))


# --- the lesson


def open_next(app: BackpropApp, session: Session) -> None:
    """Open the lesson after this one."""
    try:
        app.session = opened(load(lesson_after(bundled_name(session.scenario))), app.charset)
    except (ScenarioError, UsageError, OSError) as error:
        app.session = session.with_notice(str(error))


def restart(app: BackpropApp, session: Session) -> None:
    """Begin again, with what a file of one's own holds now."""
    if not app.read_file(restarted):
        app.session = restarted(session)


def copy_line(app: BackpropApp, session: Session) -> None:
    """Copy the current line."""
    app.copy_text(session, current_line(session))


def copy_command(app: BackpropApp, session: Session) -> None:
    """Copy the command that opens the lesson at this step."""
    app.copy_text(session, command_for(session))


# --- what is asked for


def ask_where(app: BackpropApp, session: Session) -> None:
    """Ask for a place and go there."""
    app.open_over(Prompt("go to", go_to.EXAMPLES), partial(go, app))


def go(app: BackpropApp, place: str | None) -> None:
    """Go to a place that was written."""
    if place is not None and app.session is not None:
        app.after_recording(go_to.reach_of(app.session, place), lambda session: go_to.go_to(session, place))


def ask_what_if(app: BackpropApp, session: Session) -> None:
    """Ask what is to be set, and go on in a run where it is; where nothing is set, list the runs."""
    offered = what_if.line_here(session)
    completions = partial(what_if.completions, session)

    def refusal(line: str) -> str:
        return "" if line == offered else what_if.why_refused(session, line)

    def then(line: str | None) -> None:
        set_line(app, "" if line == offered else line)

    app.open_over(Prompt("what if", what_if.EXAMPLES, offered, _HINT, app.charset, refusal, completions), then)


def set_line(app: BackpropApp, line: str | None) -> None:
    """Go on in a run with what a line sets; where it is empty, list the runs."""
    if line is not None and line.strip():
        app.after_recording(0, partial(what_if.what_if, line=line))
    elif line is not None:
        app.action_move("runs")


def choose_run(app: BackpropApp, session: Session) -> None:
    """List the runs, and go to the one that is chosen."""
    from tui_backprop.tui.palette import run_palette

    app.open_over(run_palette())


def ask_where_to_save(app: BackpropApp, run: Run) -> None:
    """Ask for the name of a new file, and write a what-if into it; say why where no file can hold it."""
    if app.session is None:
        return
    if app.is_served:
        app.session = app.session.with_notice("A page writes no files; in a terminal this run can be saved.")
        return
    # Here, because the first frame need not wait for what reads and writes files.
    from tui_backprop.moves.saving import text_of_run

    try:
        text = text_of_run(run)
    except UsageError as error:
        app.session = app.session.with_notice(f"This run cannot be saved: {error}.")
        return
    offered = f"{run.lesson.scenario.name or 'run'}-what-if.yaml"
    prompt = Prompt("save as", "a new file", offered, charset=app.charset, refusal=_why_not_saved)
    app.open_over(prompt, partial(save, app, text))


def _why_not_saved(path: str) -> str:
    path = os.path.expanduser(path)
    if not resolves_to_path(path):
        return f"'{shown(path)}' would be taken for the name of a lesson when it is opened: let it end in .yaml"
    return f"'{shown(path)}' exists already; write another name" if os.path.lexists(path) else ""


def save(app: BackpropApp, text: str, path: str | None) -> None:
    """Write a new file, never over an existing one, and say what came of it."""
    if not path or not path.strip() or app.session is None:
        return
    path = os.path.expanduser(path.strip())
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        told = f"'{shown(path)}' could not be written: {reason}."
    else:
        told = f"Saved as {shown(path)}; o opens it."
    app.session = app.session.with_notice(app.session.outside(told))


def _in_lesson(act: Callable[[BackpropApp, Session], None]) -> Callable[[BackpropApp], None]:
    """What does nothing where no lesson is open."""

    def acted(app: BackpropApp) -> None:
        if app.session is not None:
            act(app, app.session)

    return acted


SCREEN_ACTIONS: Mapping[ScreenAction, Callable[[BackpropApp], None]] = MappingProxyType(
    {
        "ask_where": _in_lesson(ask_where),
        "ask_what_if": _in_lesson(ask_what_if),
        "choose_run": _in_lesson(choose_run),
        "open": open_chooser,
        "open_next": _in_lesson(open_next),
        "copy": _in_lesson(copy_line),
        "copy_command": _in_lesson(copy_command),
        "restart": _in_lesson(restart),
        "help": open_help,
        "quit": lambda app: app.leave(),
    }
)
"""What each action of a move does, by its name."""
