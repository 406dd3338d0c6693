"""What is the least that the toolkit needs? A Textual app of the stepper's shape with nothing behind it.

It has as many widgets, in the same arrangement, each one a piece of fixed text. `right` changes one line: a counter in
the header. So its times are the toolkit's own: starting, reading a key, painting one row.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

FIXED_TEXTS = ("graph panel", "equations panel", "loss panel", "narration bar", "footer bar")
"""What is on the screen once it is filled, besides the counter."""


class BareApp(App[None]):
    """A header with a counter, three framed panels, a narration and a footer."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [Binding("right,right_square_bracket", "count", show=False)]
    CSS = """
    Screen { overflow: hidden; }
    .bar { height: 1; background: $surface; }
    #top { height: 1fr; }
    .panel { width: 1fr; height: 1fr; border: round $primary; }
    #loss { height: 6; }
    #narration { height: 3; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._header = Static("counter 0", classes="bar", markup=False)

    def compose(self) -> ComposeResult:
        """The widgets, from top to bottom."""
        graph, equations, loss, narration, footer = FIXED_TEXTS
        yield self._header
        with Horizontal(id="top"):
            yield Static(graph, classes="panel")
            yield Static(equations, classes="panel")
        yield Static(loss, id="loss", classes="panel")
        yield Static(narration, id="narration")
        yield Static(footer, classes="bar")

    def action_count(self) -> None:
        """Change the one line."""
        self._count += 1
        self._header.update(f"counter {self._count}", layout=False)


if __name__ == "__main__":
    BareApp().run()
