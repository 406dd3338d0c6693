"""The choice of a lesson: the bundled ones, each with the question that it answers, or a file of one's own.

A bad file is reported, and all stays as it was.
"""

from __future__ import annotations

import os
from collections.abc import Container
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from tui_backprop.api import load
from tui_backprop.charset import CHARACTERS, Charset, drawn, spelled
from tui_backprop.errors import ScenarioError, UsageError
from tui_backprop.moves.opening import opened
from tui_backprop.panels.lines import Line, Span, cut, wrapped
from tui_backprop.panels.refusal_panel import refusal_lines
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.bundled import bundled_groups, bundled_questions
from tui_backprop.session import Session
from tui_backprop.tui.panel_view import PanelView, ScreenOfLines

_NAME_WIDTH = 21
_BEFORE_NAMES = 5
_LEAST_WIDTH_FOR_COLUMNS = 100
_ROOMY_HEIGHT = 16


class _Lesson(Struct, frozen=True):
    """A bundled lesson: its name, group and question, whether it was seen, and once read its title and summary."""

    name: str
    group: str
    question: str
    is_seen: bool = False
    title: str = ""
    summary: str = ""

    def fits(self, words: str) -> bool:
        """Whether all the words stand somewhere in what is told of it."""
        told = " ".join((self.name, self.group, self.question, self.title, self.summary)).casefold()
        return all(word in told for word in words.casefold().split())


class Chooser(ScreenOfLines[Session | None]):
    """Ends with the session of the lesson that was chosen, or with None."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,tab", "choose(1)", show=False),
        Binding("up,k,shift+tab", "choose(-1)", show=False),
        Binding("home", "choose(-100000)", show=False),
        Binding("end", "choose(100000)", show=False),
        Binding("enter,right,l", "open", show=False),
        Binding("escape", "leave", show=False),
        Binding("q", "dismiss(None)", show=False),
        Binding("o", "back", show=False),
        Binding("slash", "search", show=False),
        Binding("question_mark,f1", "app.press('help')", show=False),
    ]

    def __init__(self, charset: Charset, is_start: bool, current: str = "", seen: Container[str] = ()) -> None:
        super().__init__(id="chooser")
        self._charset = charset
        self._is_start = is_start
        questions = bundled_questions()
        self._entries = [
            _Lesson(name, group.title, questions.get(name, ""), name in seen)
            for group in bundled_groups()
            for name in group.names
        ]
        self._fitting = [*range(len(self._entries))]
        names = [entry.name for entry in self._entries]
        self._chosen = names.index(current) if current in names else 0
        self._refusal: ScenarioError | str | None = None

    def compose(self) -> ComposeResult:
        """A title, the lessons, the field for a path, what is wrong, and the keys of this screen."""
        yield self._view("chooser-title", "bar")
        with Horizontal(id="search"):
            yield self._view("search-label")
            yield Input(placeholder="words of its title or question", id="words")
        yield self._view("lessons")
        with Horizontal(id="own-file"):
            yield self._view("own-label")
            yield Input(placeholder="path of a scenario file", id="path")
        yield self._view("problems")
        yield self._view("chooser-keys", "bar")

    def _view(self, name: str, classes: str = "") -> PanelView:
        return PanelView(id=name, classes=classes)

    def _shown(self, text: str) -> str:
        """Text from outside as it can be shown."""
        return spelled(safe_text(text), self._charset)

    def action_back(self) -> None:
        """Go back to the lesson that is open; where none is, stay."""
        if not self._is_start:
            self.dismiss(None)

    def on_mount(self) -> None:
        """Show the names at once; titles and summaries follow, one lesson at a time."""
        leave = "leaves the program" if self._is_start else "goes back"
        characters = CHARACTERS[self._charset]
        keys = Span(
            f" {characters.up} {characters.down} choose   enter opens   / search   ? help   escape {leave}", "dim"
        )
        self.query_one("#search").display = False
        label: Line = (Span(" search: ", "name"),)
        self.query_one("#search-label", PanelView).show(lambda width, height: (label,))
        self.query_one("#chooser-title", PanelView).show(lambda width, height: (self._title(width),))
        self.query_one("#chooser-keys", PanelView).show(lambda width, height: (cut((keys,), width, self._charset),))
        self._show()
        self.call_later(self._read_entry, 0)

    def _read_entry(self, place: int) -> None:
        if place >= len(self._entries):
            return
        entry = self._entries[place]
        try:
            scenario = load(entry.name)
        except (ScenarioError, UsageError, OSError):
            self._entries[place] = replace(entry, title="(cannot be read)")
        else:
            title, summary = self._shown(scenario.title), self._shown(scenario.summary)
            self._entries[place] = replace(entry, title=title, summary=summary)
        self._show()
        self.call_later(self._read_entry, place + 1)

    def _title(self, width: int) -> Line:
        seen = sum(entry.is_seen for entry in self._entries)
        told = f"   {seen} of {len(self._entries)} seen to the end" if seen else ""
        return cut((Span(" Lessons", "heading"), Span(told, "dim")), width, self._charset)

    @property
    def _is_at_own_file(self) -> bool:
        return self._chosen == len(self._fitting)

    def action_choose(self, by: int) -> None:
        """Choose a lesson further down, or up; below the last one is the field for a file of one's own."""
        self._chosen = max(0, min(len(self._fitting), self._chosen + by))
        self._refusal = None
        self.set_focus(self.query_one("#path", Input) if self._is_at_own_file else None)
        self._show()

    def action_search(self) -> None:
        """Ask for words that the lessons must have."""
        self.query_one("#search").display = True
        self.set_focus(self.query_one("#words", Input))

    def action_leave(self) -> None:
        """Show all lessons again; where they are all shown, leave."""
        if self.query_one("#search").display:
            self.query_one("#words", Input).value = ""
            self.query_one("#search").display = False
            self.set_focus(None)
            self._narrow("")
        else:
            self.dismiss(None)

    def _narrow(self, words: str) -> None:
        self._fitting = [place for place, entry in enumerate(self._entries) if entry.fits(words)]
        self._chosen = 0
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the file whose path was written, or the first lesson that fits the words."""
        event.stop()
        if event.input.id == "words":
            if self._fitting:
                self.action_open()
        elif event.value.strip():
            self.open_lesson(os.path.expanduser(event.value.strip()))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another path: what was wrong with the one before is no longer of interest."""
        event.stop()
        self._refusal = None
        if event.input.id == "words":
            self._narrow(event.value)
        else:
            self._show()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click into the field for a path chooses it."""
        if event.widget.id == "path":
            self._chosen = len(self._fitting)
            self._show()

    def on_panel_view_clicked(self, message: PanelView.Clicked) -> None:
        """A click on a lesson opens it."""
        message.stop()
        if message.view.id == "own-label":
            self.action_choose(len(self._fitting))
        elif message.target is not None:
            self.action_choose(self._fitting.index(int(message.target)) - self._chosen)
            self.action_open()

    def on_mouse_scroll_down(self) -> None:
        """The wheel chooses further down."""
        self.action_choose(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel chooses further up."""
        self.action_choose(-1)

    def action_open(self) -> None:
        """Open the chosen lesson."""
        if not self._is_at_own_file:
            self.open_lesson(self._entries[self._fitting[self._chosen]].name)

    @property
    def lessons(self) -> tuple[tuple[str, str], ...]:
        """The names of the lessons, each with its question."""
        return tuple((entry.name, spelled(entry.question, self._charset)) for entry in self._entries)

    def open_lesson(self, name: str) -> None:
        """Open a bundled lesson or a file; where it is refused, stay and say why."""
        try:
            if getattr(self.app, "is_served", False):
                from tui_backprop.tui.page_driver import check_is_in_reach

                check_is_in_reach(name)
            session = opened(load(name), self._charset)
        except ScenarioError as refusal:
            self._refusal = refusal
        except (UsageError, OSError, ValueError) as error:
            self._refusal = self._shown(str(error))
        else:
            self.dismiss(session)
            return
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Lines around the list where there is room; the list and the problems scroll where there is not."""
        self.set_class(event.size.height >= _ROOMY_HEIGHT, "-roomy")
        self._arrange(event.size.height)

    def _arrange(self, height: int) -> None:
        searched = int(self.query_one("#search").display)
        room = max(1, height - searched - (6 if height >= _ROOMY_HEIGHT else 3))
        problems = self.query_one("#problems", PanelView)
        problems.display = self._refusal is not None
        problems.styles.max_height = max(1, room * 2 // 3)
        self.query_one("#lessons", PanelView).styles.max_height = max(1, room // 3) if self._refusal else room

    def _show(self) -> None:
        marker = drawn("▸", self._charset) if self._is_at_own_file else " "
        label: Line = (Span(f" {marker} own file: ", "active" if self._is_at_own_file else "name"),)
        self.query_one("#own-label", PanelView).show(lambda width, height: (label,))
        self._arrange(self.app.size.height)
        for name, lines in (("#lessons", self._lesson_lines), ("#problems", self._problem_lines)):
            view = self.query_one(name, PanelView)
            view.show(lines)
            view.refresh(layout=True)

    def _lesson_lines(self, width: int, height: int) -> tuple[Line, ...]:
        lines: list[Line] = []
        first, last = 0, 0
        group = ""
        for number, place in enumerate(self._fitting):
            entry = self._entries[place]
            is_chosen = number == self._chosen
            if is_chosen:
                first = len(lines)
            if entry.group != group:
                group = entry.group
                lines.append((Span(f" {group}", "heading"),))
            lines += _entry_lines(entry, str(place), is_chosen, width, self._charset)
            if is_chosen:
                last = len(lines)
        if not lines:
            lines.append((Span(" No lesson has all these words. escape: all lessons", "dim"),))
        if self._is_at_own_file:
            first = last = len(lines)
        start = max(0, min(first, last - height))
        return tuple(cut(line, width, self._charset) for line in lines[start : start + height])

    def _problem_lines(self, width: int, height: int) -> tuple[Line, ...]:
        if isinstance(self._refusal, ScenarioError):
            lines = refusal_lines(self._refusal, width, self._charset)
        else:
            lines = tuple((Span(f" {row}", "warning"),) for row in wrapped(self._refusal or "", width - 2))
        return tuple(cut(line, width, self._charset) for line in lines[:height])


def _entry_lines(entry: _Lesson, target: str, is_chosen: bool, width: int, charset: Charset) -> list[Line]:
    mark, tick = drawn("▸", charset) if is_chosen else " ", drawn("✓", charset) if entry.is_seen else " "
    name = Span(f" {mark} {tick} {entry.name:<{_NAME_WIDTH}} ", "active" if is_chosen else "name", target)
    lines: list[Line] = [(name, Span(entry.title, "plain", target))]
    if entry.question:
        indent = _BEFORE_NAMES + 2 if width < _LEAST_WIDTH_FOR_COLUMNS else _BEFORE_NAMES + _NAME_WIDTH + 1
        question = spelled(entry.question, charset)
        rows = wrapped(question, width - indent - 1) if is_chosen else (question,)
        lines += [(Span(" " * indent), Span(row, "note", target)) for row in rows]
    if is_chosen and entry.summary:
        lines += [(Span(f"     {row}", "dim", target),) for row in wrapped(entry.summary, width - 6)]
    return lines
