"""One line at the foot of the screen that asks where to go."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui_backprop.moves.go_to import EXAMPLES
from tui_backprop.panels.lines import Span
from tui_backprop.tui.panel_view import PanelView, ScreenOfLines

_LABEL = " go to: "


class Prompt(ScreenOfLines[str | None], ModalScreen[str | None]):
    """Asks for a place in the run and ends with what was written; None when the learner thinks better of it."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "back", show=False)]

    def compose(self) -> ComposeResult:
        """A label and a field."""
        label = PanelView(id="label")
        label.show(lambda width, height: ((Span(_LABEL, "key"),),))
        yield label
        yield Input(placeholder=EXAMPLES, id="place")

    def on_key(self, event: events.Key) -> None:
        """A letter that was typed before the field was ready to take it."""
        if event.character is not None and event.is_printable:
            event.stop()
            self.query_one(Input).insert_text_at_cursor(event.character)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """End with what was written."""
        event.stop()
        self.dismiss(event.value)
