"""How a lesson is opened: at a place, anew after its file has changed, and by which command line it is opened again."""

from __future__ import annotations

import shlex

from msgspec.structs import replace

from tui_backprop.charset import Charset
from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.moves.go_to import go_to
from tui_backprop.numbers import full
from tui_backprop.scenario.bundled import word_for
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import Cursor, Reading, Session


def opened(scenario: Scenario, charset: Charset = "unicode", place: str = "", slip: str = "") -> Session:
    """A lesson at a place in the words of `go_to`, else where its file wants it to start; where that is not there, at
    its first step, with the reason as its notice.

    slip: the slip that is made in it; "": that of its file, where that names one. Raises UsageError for one that cannot
    be made.
    """
    return _at(Session.start(scenario, charset, slip or _own_slip(scenario)), place or scenario.start)


def _own_slip(scenario: Scenario) -> str:
    return scenario.slip.text if scenario.slip else ""


def _at(session: Session, place: str) -> Session:
    # Asked for the name of the step that it stands on, `go_to` would go on to the next one of that name.
    return session if place in ("", session.entry.name) else go_to(session, place)


def opened_at(
    scenario: Scenario, charset: Charset, place: str, slip: str = "", gradients: str | None = None
) -> Session:
    """A lesson at a place that was asked for; "" stands for none. Raises UsageError where the place is not there.

    gradients: a file of the learner's own, which are shown beside those of the place's iteration, else of the first, at
    the first that differs. Raises ScenarioError for one that cannot be used.
    """
    if slip and gradients is not None:
        what = "--gradients and --slip do not go together: your gradients are held against a run without slips"
        raise UsageError(f"{what}\nhelp: leave one of the two out")
    session = opened(scenario, charset, place, slip)
    if place and session.notice and session.cursor == Cursor(0, 0):
        raise UsageError(session.notice)
    if gradients is None:
        return session
    # Only who has some needs it.
    from tui_backprop.moves.comparing import with_own_gradients

    return with_own_gradients(session, gradients, stays=bool(place))


def reread(session: Session, scenario: Scenario) -> Session:
    """The lesson as its file has it now, looked at as before: at the same step, or as far as that is there.

    Raises UsageError where the slip that was asked for cannot be made in it any more.
    """
    own = " Your gradients belong to the file as it was; open it again with them." if session.own else ""
    before = session.whole or session
    slip = before.current_run.slip if before.current_run.slip != _own_slip(before.scenario) else _own_slip(scenario)
    fresh = Session.start(scenario, session.charset, slip)
    iteration = fresh.history.extend(min(before.cursor.iteration, fresh.history.last_possible))
    layout = fresh.history.layout(iteration)
    index = layout.like(before.entry, before.last_turn)
    if index is None:
        index = min(before.cursor.index, len(layout) - 1)
    parameters, others = fresh.graph.parameters, before.graph.parameters
    return replace(
        fresh,
        cursor=Cursor(iteration, index),
        pinned=before.pinned if before.pinned in parameters else "",
        shows_all_digits=before.shows_all_digits,
        loss_view=before.loss_view if len(parameters) == len(others) else fresh.loss_view,
        panel=before.panel,
        is_zoomed=before.is_zoomed,
        is_playing=before.is_playing,
        speed=before.speed,
        notice=f"The file has changed, and was read again.{own}",
    )


def restarted(session: Session, in_file: Scenario | None = None) -> Session:
    """The lesson where it starts, looked at as in the beginning. What-ifs are left for the first run, and kept.

    in_file: what its file holds now; where that has changed, it is read again, and the notice says so. Raises
    UsageError where a slip cannot be made in it any more.
    """
    session, notice = session.whole or session, ""
    if in_file is not None and in_file != (session.runs[0].lesson if session.runs else session.lesson).scenario:
        session = reread(session, in_file)
        notice = session.notice
    run = 0 if session.timeline.past else session.run
    lesson = session.runs[run].lesson if session.runs else session.lesson
    fresh = Session(lesson, charset=session.charset, runs=session.runs, run=run, own=session.own)
    fresh = _at(fresh, lesson.scenario.start)
    return fresh.with_notice(fresh.notice or notice)


def with_refusal(session: Session, refusal: ScenarioError) -> Session:
    """The same session, with what is wrong with the file of its lesson to read."""
    count = len(refusal.problems)
    return session.with_reading(Reading("refusal", f"{session.outside(refusal.file)} cannot be read", refusal, count))


def place_of(session: Session) -> str:
    """Where the learner is, in the words of `go_to`: 3.12; in a view of one iteration, where that was split."""
    cursor = (session.whole or session).cursor
    return f"{cursor.iteration}.{cursor.index + 1}"


def command_for(session: Session) -> str:
    """The command line that opens the lesson at this very step, beside it the learner's gradients where they are those
    of its iteration."""
    whole = session.whole or session
    scenario, iteration, own = whole.scenario, whole.cursor.iteration, whole.own
    options = [word for name, value in scenario.given.items() for word in ("--set", f"{name}={full(value)}")]
    slip = whole.current_run.slip
    if slip not in ("", _own_slip(scenario)):
        options += ["--slip", slip]
    elif own is not None and own.iteration == iteration:
        options.append(f"--gradients={own.file}")
    return shlex.join(["backprop-tui", word_for(scenario), *options, "--at", place_of(session)])


def why_no_command(session: Session) -> str:
    """Why no command line opens the lesson again, or ""."""
    if session.scenario.file in ("", "-"):
        return "This lesson was not read from a file, so no command opens it again. Save it in one first."
    if (session.whole or session).history.past is not None:
        return "No command opens a what-if; S saves it in a file."
    return ""
