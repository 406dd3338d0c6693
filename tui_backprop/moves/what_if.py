"""A run from here with something set otherwise, and from one run to another."""

from __future__ import annotations

from msgspec.structs import replace

from tui_backprop.errors import UsageError
from tui_backprop.lesson import Lesson, Run
from tui_backprop.moves.go_to import name_meant
from tui_backprop.numbers import MINUS
from tui_backprop.record.history import History
from tui_backprop.record.past import Past
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.setting import FREEZE, LEARNING_RATE, OPTIMIZER, Setting, read_setting, settable, value_of
from tui_backprop.session import Session

EXAMPLES = "w1 = 0.9, x1 = 2, learning_rate = 1.1, optimizer = adam, freeze w1; nothing: the runs there are"
"""What may be written, for prompts and help."""


def why_no_what_if(session: Session) -> str:
    """Why nothing can be set here, or ""."""
    return "This is a view of one iteration; press x to return to the whole run." if session.whole else ""


def why_no_other_run(session: Session) -> str:
    """Why there is no list of runs, or ""."""
    return why_no_what_if(session) or ("" if session.runs else "There is one run so far; s makes another one.")


def what_if(session: Session, line: str) -> Session:
    """The session in a run that goes on from the iteration under the cursor with what the line sets.

    Raises UsageError with the reason where it sets nothing.
    """
    setting = _setting(session, line)
    if not session.runs:
        session = replace(session, runs=(Run("", session.lesson),))
    iteration, history = session.cursor.iteration, session.history
    past = Past(history, iteration, frozenset({setting.name}))
    scenario = replace(setting.scenario, expectations=())
    lesson = Lesson(scenario, History(scenario, past))
    run = Run(f"what if {_told(session, setting)} from iteration {iteration:,}", lesson, iteration, _owner(session))
    told = f"{run.title[0].upper()}{run.title[1:]}. s with nothing leads back."
    return session.in_run((*session.runs, run), len(session.runs)).with_notice(told)


def why_refused(session: Session, line: str) -> str:
    """Why a line sets nothing, or ""."""
    try:
        _setting(session, line)
    except UsageError as error:
        return str(error)
    return ""


def to_run(session: Session, place: int) -> Session:
    """The session in one of its runs."""
    after = session.in_run(session.runs, place)
    title = name_of_run(after.current_run)
    told = f"{title[0].upper()}{title[1:]}." if after.current_run.title else f"This is {title}."
    return after.with_notice(told)


def name_of_run(run: Run) -> str:
    """What a run is called in a sentence."""
    return run.title or run.known_as or "the first run"


def told_of_run(session: Session, place: int) -> str:
    """What is said of one of the runs in a list of them: how far it is recorded, and its loss there."""
    history = session.runs[place].lesson.history
    last = min(session.cursor.iteration, len(history) - 1)
    here = "you are here; " if place == session.run else ""
    return f"{here}iteration {last:,}: {session.shown(session.graph.loss)} = {session.number(history.losses[last])}"


# --- the line that is edited


def line_here(session: Session) -> str:
    """A line that sets what the step under the cursor is about to what it is already."""
    return line_of(session, _name_here(session))


def line_of(session: Session, name: str) -> str:
    """A line that sets a name to what it is already."""
    parameters = {name: session.steps.parameter(name)} if name in session.graph.parameter_places else {}
    return f"{name} = {value_of(session.scenario, name, session.example, parameters)}"


def completions(session: Session, beginning: str) -> tuple[str, ...]:
    """The lines for all names that begin so, in either writing."""
    word = beginning.strip().casefold()
    names = settable(session.scenario)
    found = [name for name in names if name.casefold().startswith(word) or session.shown(name).startswith(word)]
    return tuple(line_of(session, name) for name in found)


def _name_here(session: Session) -> str:
    """The parameter that the step is about, or that its equation uses; else a constant or an input of it."""
    scenario, graph, entry = session.scenario, session.graph, session.entry
    if entry.kind == "update" and not entry.name:
        return LEARNING_RATE
    used = (entry.name, *graph.operands.get(entry.of or entry.name, ()), session.focus, *scenario.parameters)
    groups = (scenario.parameters, scenario.constants, scenario.inputs)
    return next((name for group in groups for name in used if name in group), LEARNING_RATE)


# --- what it sets


def _owner(session: Session) -> Run:
    """The run that the iteration under the cursor belongs to."""
    run = session.current_run
    while run.beside is not None and session.cursor.iteration < run.first:
        run = run.beside
    return run


def _setting(session: Session, line: str) -> Setting:
    scenario = _as_it_is(session)
    setting = read_setting(scenario, line, session.example, lambda name: name_meant(session, name))
    if setting.scenario == scenario:
        what = session.shown(setting.name) if setting.name in session.lesson.shown_names else setting.name
        raise UsageError(f"{what} is {setting.value} already; write something else")
    return setting


def _as_it_is(session: Session) -> Scenario:
    """The scenario with the parameters of the iteration under the cursor."""
    steps, scenario = session.steps, session.scenario
    return replace(scenario, parameters={name: steps.parameter(name) for name in scenario.parameters})


def _told(session: Session, setting: Setting) -> str:
    """What is set, as it is written on the screen."""
    name, value = setting.name, setting.value
    if name == FREEZE and name not in session.lesson.shown_names:
        frozen = [session.shown(of) for of in setting.scenario.frozen]
        shown = ", ".join(frozen[:3]) + (f" and {len(frozen) - 3} more" if len(frozen) > 3 else "")
        return f"{shown} is frozen" if len(frozen) == 1 else f"{shown} are frozen"
    if name == OPTIMIZER and name not in session.lesson.shown_names:
        return f"optimizer = {session.outside(value)}"
    left = session.characters.eta if name == LEARNING_RATE else session.shown(name)
    text = value.replace("-", MINUS) if session.charset == "unicode" else value.replace(MINUS, "-")
    where = f" in example {session.example + 1}" if name in session.graph.inputs and _has_several(session) else ""
    return f"{left} = {session.outside(text)}{where}"


def _has_several(session: Session) -> bool:
    return len(session.history.plan.examples) > 1
