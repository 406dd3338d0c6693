"""What happens when a key is pressed. The app holds the one thing that changes, the session, and moves it."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from typing import ClassVar, TypeVar

from msgspec.structs import replace
from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import Initialize, Reactive, var
from textual.screen import Screen
from textual.theme import Theme
from textual.timer import Timer
from textual.worker import WorkType

from tui_backprop.charset import Charset
from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.moves.along import is_at_the_end
from tui_backprop.moves.go_to import go_to_name
from tui_backprop.moves.move import Move, carried_out
from tui_backprop.moves.move_table import MOVES, TABLE
from tui_backprop.moves.opening import reread, with_refusal
from tui_backprop.panels.panel_table import PANELS
from tui_backprop.scenario.bundled import bundled_name
from tui_backprop.scenario.model import Scenario
from tui_backprop.session import SPEEDS, Session
from tui_backprop.settings import Kept
from tui_backprop.tui.answer_line import change_by
from tui_backprop.tui.dragging import TextTaken
from tui_backprop.tui.key_map import AS_DELIVERED, KeyMap
from tui_backprop.tui.long_work import LongWork, Recorder, Thought
from tui_backprop.tui.open_file import OpenFile, is_own_file
from tui_backprop.tui.panel_view import PanelView
from tui_backprop.tui.safe_app import SafeApp
from tui_backprop.tui.screen_actions import SCREEN_ACTIONS, open_chooser, open_first_screen
from tui_backprop.tui.stepper import Stepper
from tui_backprop.tui.terminal_endings import DONE, INTERRUPTED
from tui_backprop.tui.themes import DARK, LIGHT, is_light

_WHILE_AT_WORK = frozenset({"quit", "help", "next_panel", "previous_panel"})
_STOPPING = next(move.name for move in TABLE if "escape" in move.keys)
Change = Callable[[Session], Session]
Result = TypeVar("Result")

_SECONDS_BETWEEN_PROGRESS = 0.1
_SECONDS_BETWEEN_LOOKS_AT_TERMINAL = 1.0
_SECONDS_BETWEEN_LOOKS_AT_FILE = 0.5


# What is opened by a key is imported by it, so that the first frame need not wait for it.


def _collect_garbage_again() -> None:
    """From the first frame on; of what there is by then nothing becomes garbage, and it need not be looked at."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


class BackpropApp(SafeApp):
    """The stepper. Everything that is seen follows from `session`; None until a lesson is chosen.

    plays: whether playing goes on by itself; `snap` has it stand still, so that its pictures are always the same.
    kept: what is kept between runs; nothing is, where none is given. key_map: the moves with their keys.
    """

    TITLE = "backprop-tui"
    CSS_PATH = "styles.tcss"
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+q", "quit", show=False, priority=True),
    ]

    # As the default: a theme that is set afterwards would have all styles parsed once more before the first frame.
    theme: Reactive[str] = Reactive(Initialize(methodcaller("first_theme")))
    session: var[Session | None] = var(None, init=False)

    def __init__(
        self,
        session: Session | None,
        charset: Charset = "unicode",
        plays: bool = True,
        kept: Kept | None = None,
        is_served: bool = False,
        key_map: KeyMap = AS_DELIVERED,
    ) -> None:
        # First, because the driver depends on it.
        self.is_served = is_served
        self.kept = kept or Kept()
        super().__init__()
        self.charset: Charset = charset
        self.set_class(charset == "ascii", "-ascii")
        self._plays = plays
        self.key_map = key_map
        self._stepper = Stepper(key_map.table)
        self._work: LongWork | None = None
        self._play_timer: Timer | None = None
        self._file: OpenFile | None = None
        self._repaint_is_due = False
        self.set_reactive(BackpropApp.session, session and session.with_notice(session.notice or key_map.complaint))

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes, and ours."""
        return {**super().available_themes, LIGHT.name: LIGHT}

    def first_theme(self) -> str:
        """The colours to begin with: what the environment asks for, else what was chosen last, else dark ones, or light
        ones where the terminal has said that it is light."""
        kept = self.kept.current.theme
        return os.environ.get("TEXTUAL_THEME") or (kept if kept in self.available_themes else self._usual_theme())

    def _usual_theme(self) -> str:
        # In a terminal alone, so that a picture of `snap` is the same everywhere.
        return LIGHT.name if self.kept.path and is_light(os.environ.get("COLORFGBG", "")) else DARK

    def watch_theme(self, theme: str) -> None:
        """Keep the colours that were chosen."""
        if theme != self.first_theme():
            self.kept.change(replace(self.kept.current, theme=theme))

    def get_default_screen(self) -> Screen[None]:
        """The stepper's main screen."""
        if self.session is not None:
            self._stepper.expect(self.session, self.size)
        return self._stepper

    def on_mount(self) -> None:
        """Show the session, or ask for a lesson first."""
        if self.endings is not None:
            self.endings.listen(asyncio.get_running_loop())
            self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
            self.set_interval(_SECONDS_BETWEEN_LOOKS_AT_TERMINAL, self.endings.end_if_terminal_is_gone)
        if self.session is None:
            open_chooser(self)
        else:
            self._watch_file(self.session.scenario)
            self._repaint()
        if self._plays:
            self.set_interval(_SECONDS_BETWEEN_LOOKS_AT_FILE, self.read_changed_file)
        if not self.kept.current.knows_the_keys:
            open_first_screen(self)
        self.call_after_refresh(_collect_garbage_again)

    # --- the session

    def watch_session(self, before: Session | None, after: Session | None) -> None:
        """Show it, and let playing go on at its speed."""
        playing = (after.is_playing, after.speed) if after else (False, 0)
        if before is None or playing != (before.is_playing, before.speed):
            self._set_play_timer()
        if after is not None and (self._file is None or not self._file.is_of(after.scenario)):
            self._watch_file(after.scenario)
        if after is not None and is_at_the_end(after):
            self._tick(bundled_name(after.scenario))
        self._repaint_soon()

    def _tick(self, name: str) -> None:
        """Keep that a bundled lesson was seen to its end."""
        settings = self.kept.current
        if name and name not in settings.lessons_seen:
            self.kept.change(replace(settings, lessons_seen=(*settings.lessons_seen, name)))

    @property
    def is_busy(self) -> bool:
        """Whether work goes on, such as a training, or the screen does not show the session yet."""
        return self._repaint_is_due or any(not worker.is_finished for worker in self.workers)

    def _repaint_soon(self) -> None:
        # Behind the keys that wait already: however often a held key has moved the session, it is painted once.
        if not self._repaint_is_due:
            self._repaint_is_due = True
            self.call_later(self._repaint)

    def _repaint(self) -> None:
        self._repaint_is_due = False
        self._stepper.show(self.session, self._work)

    def _set_play_timer(self) -> None:
        if self._play_timer is not None:
            self._play_timer.stop()
            self._play_timer = None
        if self.session is not None and self.session.is_playing and self._plays:
            self._play_timer = self.set_interval(1 / SPEEDS[self.session.speed], self._play_a_step)

    def _play_a_step(self) -> None:
        session = self.session
        if session is None or not session.is_playing or self._work is not None:
            return
        reason = MOVES["step_on"].why_not(session)
        if reason:
            self.session = replace(session, is_playing=False, notice=reason)
        else:
            self.session = carried_out(MOVES["step_on"], session)

    # --- the answer line

    def takes(self, event: events.Event) -> bool:
        """Whether a key, or what is pasted, went into the answer line."""
        session = self.session
        change = change_by(session, event) if session is not None and not event.is_forwarded else None
        if session is None or change is None or self._work is not None or self.screen is not self._stepper:
            return False
        self.after_recording(session.cursor.iteration, change)
        return True

    # --- moves

    def action_press(self, name: str) -> None:
        """Carry out what a key does here: a move of the table, or where that is not possible, the other one it has."""
        move = MOVES[name]
        while move.otherwise and self.session is not None and move.why_not(self.session):
            move = MOVES[move.otherwise]
        self.action_move(move.name)

    def action_move(self, name: str) -> None:
        """Carry out a move of the table, by its name."""
        move = MOVES[name]
        if self._work is not None and name not in _WHILE_AT_WORK:
            if name == _STOPPING:
                self._stop_work(self._work)
        elif move.screen_action is not None and not (self.session and move.why_not(self.session)):
            SCREEN_ACTIONS[move.screen_action](self)
        elif self.session is not None:
            self._carry_out(move, self.session)

    def _carry_out(self, move: Move, session: Session) -> None:
        reason = move.why_not(session)
        if reason:
            self.session = session.with_notice(reason)
        elif move.is_slow(session):
            thought = Thought(move.brief)
            self._begin_work(thought, partial(self._think, thought, partial(carried_out, move)))
        else:
            self.after_recording(move.reach(session), partial(carried_out, move))

    def after_recording(self, iteration: int, then: Change) -> None:
        """Go on once the history reaches an iteration: at once where that is quick, else answering keys meanwhile."""
        assert self.session is not None
        recorder = Recorder(self.session.histories, iteration)
        if recorder.work():
            self.move_to(then)
        else:
            self._begin_work(recorder, partial(self._record, recorder, then))

    def move_to(self, then: Change) -> None:
        """The session after a move; one that moves the cursor by hand ends playing."""
        if self.session is None:
            return
        after = then(self.session)
        if self.session.is_playing and after.cursor != self.session.cursor:
            after = replace(after, is_playing=False)
        self.session = after

    # --- long work

    def _begin_work(self, work: LongWork, task: WorkType[None]) -> None:
        self._pause()
        self._work = work
        self._repaint_soon()
        self.run_worker(task, group="work", exclusive=True)

    def _stop_work(self, work: LongWork) -> None:
        self._work = None
        if self.session is not None:
            self.session = self.session.with_notice(work.told_when_stopped)

    async def _record(self, recorder: Recorder, then: Change) -> None:
        """Train in slices; between them, keys are answered and the screen is painted."""
        loop = asyncio.get_running_loop()
        shown_at = loop.time()
        while self._work is recorder:
            await asyncio.sleep(0)
            if self._work is recorder and recorder.work():
                self._end_work(then)
            elif loop.time() - shown_at > _SECONDS_BETWEEN_PROGRESS:
                shown_at = loop.time()
                self._repaint_soon()

    async def _think(self, thought: Thought, then: Change) -> None:
        """Find out in a thread where a move leads; what it loaded makes it quick the next time."""
        session = self.session
        assert session is not None
        after = await asyncio.to_thread(then, session)
        if self._work is thought:
            self._end_work(lambda current: after if current is session else then(current))

    def _end_work(self, then: Change) -> None:
        self._work = None
        self.move_to(then)
        self._repaint_soon()

    def _pause(self) -> None:
        if self.session is not None and self.session.is_playing:
            self.session = replace(self.session, is_playing=False)

    # --- other screens

    def open_over(self, screen: Screen[Result], then: Callable[[Result | None], None] | None = None) -> None:
        """Put a screen over the stepper, which stops playing; where one is there already, nothing is put over it."""
        if self.screen is self._stepper:
            self._pause()
            self.push_screen(screen, then)

    def open_over_lessons(self, screen: Screen[None]) -> None:
        """Put a screen over the stepper, or over the choice of lessons."""
        if self.screen.id == "chooser":
            self.push_screen(screen)
        else:
            self.open_over(screen)

    # --- the file of the lesson

    def _watch_file(self, scenario: Scenario) -> None:
        self._file = OpenFile(scenario) if is_own_file(scenario) else None

    def read_changed_file(self) -> None:
        """Read the file of the lesson again if it was changed; a mistake in it is shown, and the lesson stays."""
        if self._file is not None and self._work is None and self._file.has_changed():
            self.read_file(reread)

    def read_file(self, then: Callable[[Session, Scenario], Session]) -> bool:
        """Read the file of the lesson, and go on with what it holds, or say what is wrong with it; whether there is a
        file of one's own."""
        if self._file is None or self.session is None:
            return False
        try:
            self.session = then(self.session, self._file.read())
        except ScenarioError as refusal:
            self.session = with_refusal(self.session, refusal)
        except UsageError as error:
            self.session = self.session.with_notice(str(error))
        return True

    # --- the clipboard, and the way out

    def copy_text(self, session: Session, text: str) -> None:
        """Copy a text, and say so."""
        self.copy_to_clipboard(text)
        lines = text.splitlines()
        told = f"Copied: {session.outside(text)}" if len(lines) == 1 else f"Copied: {len(lines)} lines"
        self.session = session.with_notice(told)

    def on_text_taken(self, message: TextTaken) -> None:
        """Copy what the mouse was dragged over."""
        if self.session is None:
            self.copy_to_clipboard(message.text)
        else:
            self.copy_text(self.session, message.text)

    def leave(self) -> None:
        """Leave the program."""
        self.exit(return_code=DONE)

    def action_interrupt(self) -> None:
        """Leave at once, as ctrl+c does everywhere."""
        self.exit(return_code=INTERRUPTED)

    def action_command_palette(self) -> None:
        """Offer all moves by name; while a lesson is chosen, all lessons."""
        from tui_backprop.tui.palette import lesson_palette, move_palette

        self.open_over_lessons(lesson_palette() if self.screen.id == "chooser" else move_palette())

    def search_themes(self) -> None:
        """Offer all colours by name."""
        from tui_backprop.tui.palette import theme_palette

        self.open_over_lessons(theme_palette())

    def on_panel_view_clicked(self, message: PanelView.Clicked) -> None:
        """A click on a node goes to its step, on a panel or its name chooses the panel, on a key presses it."""
        target, panel = message.target, message.view.id
        if self.session is None:
            return
        if panel == "footer" and target is not None:
            self.action_press(target)
        chosen = target if panel == "tabs" else panel
        if chosen and chosen in PANELS:
            self.session = replace(self.session, panel=[*PANELS].index(chosen), notice="")
        if panel in PANELS and target is not None and self._work is None:
            self.move_to(partial(go_to_name, name=target))
