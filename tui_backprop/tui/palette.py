"""The commands of the palette: the moves of the one table, those that do nothing now with the reason; or lessons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Literal, cast

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.errors import NoWidget
from textual.theme import ThemeProvider

from tui_backprop.moves.slip_twin import slips_offered, to_twin, what_is_said_of
from tui_backprop.moves.what_if import name_of_run, to_run, told_of_run
from tui_backprop.safe_text import safe_text
from tui_backprop.tui.left_once import LeftOnce
from tui_backprop.tui.screen_actions import ask_where_to_save

if TYPE_CHECKING:
    from tui_backprop.tui.app import BackpropApp
    from tui_backprop.tui.chooser import Chooser


class _Offered(CommandList):
    """The commands that fit."""

    def on_click(self, event: events.Click) -> None:
        """Leave alone a click on one that is gone by now: Textual looks for it among those there are."""
        if event.style.meta.get("option", -1) >= self.option_count:
            event.prevent_default()

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        # While the list is empty, or has no room, Textual knows no line of it.
        with suppress(KeyError):
            super()._move_page(direction)


class Palette(LeftOnce, CommandPalette):
    """A list of commands, of which one is carried out."""

    def compose(self) -> ComposeResult:
        """What Textual puts there, with a list of our own."""
        for widget in super().compose():
            yield _Offered() if isinstance(widget, CommandList) else widget

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave the list, and do not say in a moment that nothing fits."""
        self._stop_no_matches_countdown()
        return super().dismiss(result)

    async def _watch__show_busy(self) -> None:
        """Show nothing for a search that takes long: the styles hide it, and it may be over when the list is gone."""

    def on_click(self, event: events.Click) -> None:
        """Leave alone a click where nothing is yet, or any more: Textual looks for what is under it."""
        try:
            self.get_widget_at(event.screen_x, event.screen_y)
        except NoWidget:
            event.prevent_default()


def move_palette() -> Palette:
    """All moves, and the choice of colours."""
    return Palette([MoveCommands], placeholder="part of a move's name", id="palette")


def lesson_palette() -> Palette:
    """What can be done while a lesson is chosen: open one, search, read help, choose colours, leave."""
    return Palette([LessonCommands], placeholder="part of a lesson's name or question", id="palette")


def run_palette() -> Palette:
    """All runs."""
    return Palette([RunCommands], placeholder="part of what a run sets", id="palette")


def theme_palette() -> Palette:
    """All colours."""
    return Palette([ThemeProvider], placeholder="part of a name")


class _Commands(Provider):
    """Commands by their names, or by other words for them."""

    def commands(self) -> Iterator[tuple[str, str, str, Callable[[], object]]]:
        """Name, other words for it, help, and what it does."""
        told = "Other colours: dark, light, or the terminal's own."
        app = cast("BackpropApp", self.app)
        yield "colours", "theme colors dark light contrast", told, app.action_change_theme

    async def discover(self) -> Hits:
        """Every command, in the order of help."""
        for name, _, told, command in self.commands():
            yield DiscoveryHit(Content(name), command, name, _as_it_is(told))

    async def search(self, query: str) -> Hits:
        """The commands whose name, or other words, fit what was typed; those by their name before the others."""
        matcher = self.matcher(query)
        for name, synonyms, told, command in self.commands():
            by_name = matcher.match(name)
            score = by_name or max((matcher.match(word) for word in synonyms.split()), default=0) / 2
            if score > 0:
                shown = matcher.highlight(name) if by_name else Content(name)
                yield Hit(score, shown, command, name, _as_it_is(told))


class MoveCommands(_Commands):
    """The moves as commands, and the choice of colours."""

    def commands(self) -> Iterator[tuple[str, str, str, Callable[[], object]]]:
        """The moves in the order of help, then the slips that can be made, and the colours."""
        app = cast("BackpropApp", self.app)
        for move in app.key_map.table:
            reason = move.why_not(app.session) if app.session else ""
            told = f"Not now: {reason}" if reason else move.description
            keys = " ".join(move.printed_keys(app.charset))
            yield move.brief, move.synonyms, f"{keys}   {told}", partial(app.action_move, move.name)
        for slip in slips_offered(app.session) if app.session else ():
            then = partial(app.move_to, partial(to_twin, slip=slip))
            yield f"slip: {slip}", "mistake", what_is_said_of(slip), then
        yield from super().commands()


class LessonCommands(_Commands):
    """The lessons as commands, and what else the choice of lessons can do."""

    def commands(self) -> Iterator[tuple[str, str, str, Callable[[], object]]]:
        """The keys of that screen and the colours, then the lessons in its order."""
        app, chooser = cast("BackpropApp", self.app), cast("Chooser", self.screen)
        yield "search", "find filter", "/   Only the lessons that have some words.", chooser.action_search
        for name in ("help", "quit"):
            move = app.key_map.moves[name]
            keys = " ".join(move.printed_keys(app.charset))
            yield move.brief, move.synonyms, f"{keys}   {move.description}", partial(app.action_move, name)
        yield from super().commands()
        for name, question in chooser.lessons:
            yield question or name, name, name, partial(chooser.open_lesson, name)


class RunCommands(_Commands):
    """The runs that there are, each with its loss, and what writes one into a file."""

    def commands(self) -> Iterator[tuple[str, str, str, Callable[[], object]]]:
        """Name, help, and what it does."""
        app = cast("BackpropApp", self.app)
        session = app.session
        if session is None:
            return
        for place, run in enumerate(session.runs):
            yield name_of_run(run), "", told_of_run(session, place), partial(app.move_to, partial(to_run, place=place))
        for run in session.runs:
            if run.lesson.history.past is not None:
                yield f"save: {run.title}", "", "Write it into a scenario file.", partial(ask_where_to_save, app, run)


def _as_it_is(text: str) -> str:
    # The palette reads a str as markup, but leaves content alone.
    return Content(safe_text(text))  # type: ignore[return-value]
