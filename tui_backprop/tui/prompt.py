"""One line at the foot of the screen that asks for something, and above it why an answer is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.widgets.input import Selection

from tui_backprop.charset import Charset
from tui_backprop.panels.lines import Role, Span, wrapped
from tui_backprop.safe_text import cell_width
from tui_backprop.tui.panel_view import PanelView, ScreenOfLines

_MOST_ROWS_TOLD = 3
_COMPLETING = ("tab", "shift+tab")


class _Field(Input):
    """A field that may offer a line: what is typed takes the place of what stands behind its equals sign; where that is
    a number, a name that is begun takes the place of the whole line."""

    is_offer = False

    def offer(self, line: str) -> None:
        """Put a line there."""
        self.value = line
        self.selection = Selection(line.rfind("=") + 2 if "= " in line else 0, len(line))
        self.is_offer = True

    def typed(self, character: str) -> None:
        """Put in a character that was typed before the field was ready to take it."""
        self._make_room(character)
        self.replace(character, *sorted(self.selection))

    def on_key(self, event: events.Key) -> None:
        """Make room for what is typed, before it is put in."""
        if event.character is not None and event.is_printable:
            self._make_room(event.character)
        self.is_offer &= event.key in _COMPLETING

    def _make_room(self, character: str) -> None:
        is_number = self.selected_text.lstrip("-")[:1].isdigit()
        if self.is_offer and is_number and (character.isalpha() or character == "_"):
            self.selection = Selection(0, len(self.value))
        self.is_offer = False


class Prompt(ScreenOfLines[str | None], ModalScreen[str | None]):
    """Asks for a line and ends with what was written; None when the learner thinks better of it.

    label: what is asked for. placeholder: what stands in the empty field.
    offered: the line that stands there at first.
    refusal: why an answer is refused, or "". hint: what is told above the field until something is refused.
    completions: the lines that begin with a text, for the tab key.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "back", show=False),
        Binding("tab", "complete(1)", "complete", show=False),
        Binding("shift+tab", "complete(-1)", "complete", show=False),
    ]

    def __init__(
        self,
        label: str,
        placeholder: str = "",
        offered: str = "",
        hint: str = "",
        charset: Charset = "unicode",
        refusal: Callable[[str], str] = lambda text: "",
        completions: Callable[[str], tuple[str, ...]] = lambda text: (),
    ) -> None:
        super().__init__()
        self._label = f" {label}: "
        self._hint = hint
        self._charset: Charset = charset
        self._refusal = refusal
        self._completions = completions
        self._beginning = ""
        self._told = PanelView(id="told")
        self._field = _Field(placeholder=placeholder, id="place", select_on_focus=False)
        self._field.offer(offered)

    def compose(self) -> ComposeResult:
        """What is told, and below it a label and the field."""
        yield self._told
        with Horizontal(id="asked"):
            label = PanelView(id="label")
            label.show(lambda width, height: ((Span(self._label, "key"),),))
            label.styles.width = cell_width(self._label)
            yield label
            yield self._field

    def on_mount(self) -> None:
        """Tell the hint."""
        self._tell(self._hint, "dim")

    def _tell(self, text: str, role: Role) -> None:
        rows = wrapped(f" {text}", max(8, self.app.size.width - 1), 1, self._charset)[:_MOST_ROWS_TOLD] if text else ()
        self._told.styles.height = len(rows)
        self._told.display = bool(rows)
        self._told.show(lambda width, height: tuple((Span(row, role),) for row in rows))

    def action_complete(self, by: int) -> None:
        """Offer the next line that begins with what was typed, and so on round."""
        field = self._field
        if not field.is_offer:
            self._beginning = field.value.rpartition("=")[0] or field.value
        lines = self._completions(self._beginning)
        if lines:
            at = lines.index(field.value) + by if field.value in lines else 0
            field.offer(lines[at % len(lines)])
        elif self._beginning:
            self._tell("No name here begins so.", "warning")

    def on_key(self, event: events.Key) -> None:
        """A letter that was typed before the field was ready to take it."""
        if event.character is not None and event.is_printable:
            event.stop()
            self._field.typed(event.character)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """End with what was written, unless that is refused."""
        event.stop()
        text = event.value.strip()
        refused = self._refusal(text) if text else ""
        if refused:
            self._tell(refused, "warning")
        else:
            self.dismiss(text)
