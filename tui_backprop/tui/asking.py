"""What the screen asks for in a prompt or a list: where to go, what to set, which run, and where to save it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_backprop.moves import go_to, what_if
from tui_backprop.session import Session
from tui_backprop.tui.prompt import Prompt

if TYPE_CHECKING:
    from tui_backprop.tui.app import BackpropApp

_HINT = "Type a number, or another name; tab goes through the names. Enter without a change lists the runs."


def ask_where(app: BackpropApp, session: Session) -> None:
    """Ask for a place and go there."""
    app.open_over(Prompt("go to", go_to.EXAMPLES), partial(go, app))


def go(app: BackpropApp, place: str | None) -> None:
    """Go to a place that was written."""
    if place is not None and app.session is not None:
        app.after_recording(go_to.reach_of(app.session, place), lambda session: go_to.go_to(session, place))


def ask_what_if(app: BackpropApp, session: Session) -> None:
    """Ask what is to be set, and go on in a run where it is; where nothing is set, list the runs."""
    completions = partial(what_if.completions, session)
    refusal = partial(what_if.why_refused, session)
    offered = what_if.line_here(session)
    app.open_over(
        Prompt("what if", what_if.EXAMPLES, offered, _HINT, app.charset, refusal, completions), partial(set_line, app)
    )


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


ASKING = {"ask_where": ask_where, "ask_what_if": ask_what_if, "choose_run": choose_run}
"""What each of these actions of a move asks, by its name."""
