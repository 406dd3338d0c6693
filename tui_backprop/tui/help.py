"""The help screen: the keys, from the one table of moves, and what the words mean; and the first screen, six lines."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui_backprop.charset import CHARACTERS, Charset, spelled
from tui_backprop.moves.move import Move
from tui_backprop.moves.move_table import TABLE
from tui_backprop.panels.lines import Line, Span, cut, wrapped
from tui_backprop.tui.panel_view import PanelView, ScreenOfLines

Table = tuple[Move, ...]
"""The moves with the keys that they have in this run."""

FIRST_LINES = (
    ("what", "Each step is one number: a value, a factor of the chain rule, a gradient, an update."),
    ("{step_on} {step_back}", "One step on, and one step back. Nothing is lost by going back."),
    ("graph", "Which node the number belongs to. In brackets is what was just computed."),
    ("equations", "The same as a formula, and below it with the numbers put in."),
    (
        "{derive} {nudge}",
        "Where the number is a derivative: {derive} derives it by the rules, {nudge} checks it a second way.",
    ),
    ("{help} {quit}", "All keys and words; leave."),
)
"""What someone who opens the program for the first time has to know. In braces, the moves whose keys stand there."""

WORDS = (
    ("node", "a name with an equation: z, a, L. Edges lead to it from its operands."),
    ("operand", "a name that an equation uses: an input, a constant, a parameter or another node."),
    ("parameter", "what training changes: weights and biases. Inputs come from the data, constants stay."),
    ("value", "a node's number in the forward pass."),
    (
        "pre-activation z",
        "the weighted sum, which goes into an activation function. Elsewhere: logit.",
    ),
    ("activation a", "what comes out of it."),
    ("∂", "∂a/∂z is read: how far a moves for each 1 that z moves. It is a rate, and holds for small moves."),
    (
        "factor",
        "one factor of the chain rule: the local derivative ∂z/∂w, how far a node moves for each 1 that one operand "
        "moves, the others standing still. Elsewhere: local gradient.",
    ),
    (
        "gradient",
        "∂L/∂w: how far the loss moves for each 1 that w moves. It is a sum of products, one for each use of w.",
    ),
    ("δ, adjoint", "what other books call a gradient on the way: δ that of z, adjoint that of any node."),
    ("upstream gradient", "the gradient of the node that a factor comes from; upstream gradient × factor is one term."),
    ("seed", "∂L/∂L = 1, where the backward pass starts."),
    ("loss", "the number that training makes small. Elsewhere: cost, error, objective."),
    ("learning rate η", "how far an update goes against the gradient: w ← w − η·∂L/∂w."),
    ("example", "one line of the data. The batch is the examples that one update sees."),
    ("iteration", "one update and all that leads to it; iteration k starts after k updates."),
    ("epoch", "one pass over all examples: one iteration, or with batches several."),
    ("run, what-if", "one timeline of a lesson; a what-if leaves it where something is set, and goes beside it."),
    ("phase", "forward, backward, average (with several examples) or update."),
    ("step", "one thing that is computed; the right arrow takes one. A factor is a step, and so is a gradient."),
    ("step(z), sign(z)", "how slopes with a corner are written: step is 1 above 0, else 0; sign is 1, −1, and 0 at 0."),
    ("stale", "a number left over from before the update, or from the example before."),
)
"""The words of the screen, and what other books call the same things."""

_BESIDES = (
    ("ctrl+p", "Every command by its name, and other colours."),
    ("ctrl+c", "Quit at once."),
    (
        "mouse",
        "A click on a node goes to its step, a click on a key presses it. Text that it is dragged over is copied.",
    ),
)
_KEYS_WIDTH = 11
_LEAST_ROOM_BESIDE_KEYS = 16
_LEAST_WIDTH_FOR_COLUMNS = 110


def first_lines(width: int, charset: Charset, table: Table = TABLE) -> list[Line]:
    """What one has to know first."""
    keys = {move.name: (*move.printed_keys(charset), "")[0] for move in table}
    lines: list[Line] = []
    for key, told in FIRST_LINES:
        lines += _key_entry(key.format_map(keys), told.format_map(keys), width)
    return lines


def help_lines(width: int, charset: Charset, table: Table = TABLE) -> tuple[Line, ...]:
    """What one has to know first, then every key and every word; side by side where there is room."""
    return (*first_lines(width, charset, table), (), *_all_lines(width, charset, table))


def _all_lines(width: int, charset: Charset, table: Table) -> tuple[Line, ...]:
    if width < _LEAST_WIDTH_FOR_COLUMNS:
        return (*_key_lines(width, charset, table), (), *_word_lines(width, charset))
    left = width * 11 // 20
    words = _word_lines(width - left - 1, charset)
    return tuple(_side_by_side(_key_lines(left - 2, charset, table), words, left, charset))


def _key_lines(width: int, charset: Charset, table: Table) -> list[Line]:
    lines: list[Line] = []
    group = ""
    for move in table:
        if move.group != group:
            group = move.group
            lines += [(), (Span(f" {group}", "heading"),)]
        lines += _key_entry(" ".join(move.printed_keys(charset)), move.description, width)
    lines += [(), (Span(" Besides", "heading"),)]
    for key, told in _BESIDES:
        lines += _key_entry(key, told, width)
    return lines[1:]


def _word_lines(width: int, charset: Charset) -> list[Line]:
    lines: list[Line] = [(Span(" Words", "heading"),)]
    for name, meaning in WORDS:
        word, told = spelled(name, charset), spelled(meaning, charset)
        first, *rest = wrapped(f"{word}: {told}", width - 2, indent=2)
        lines.append((Span(" "), Span(first[: len(word)], "name"), Span(first[len(word) :])))
        lines += [(Span(f" {row}"),) for row in rest]
    return lines


def _key_entry(keys: str, told: str, width: int) -> list[Line]:
    """Keys and what they do, which goes on beneath itself; under the keys where they do not fit beside each other."""
    room = width - _KEYS_WIDTH - 3
    name = Span(f" {keys:<{_KEYS_WIDTH}} ", "key")
    if room < _LEAST_ROOM_BESIDE_KEYS:
        return [(name,), *[(Span("   "), Span(row)) for row in wrapped(told, width - 4)]]
    first, *rest = wrapped(told, room)
    return [(name, Span(first)), *[(Span(" " * (_KEYS_WIDTH + 2)), Span(row)) for row in rest]]


def _side_by_side(left: list[Line], right: list[Line], left_width: int, charset: Charset) -> list[Line]:
    rows: list[Line] = []
    for row in range(max(len(left), len(right))):
        line = cut(left[row], left_width, charset) if row < len(left) else ()
        used = sum(len(span.text) for span in line)
        rows.append((*line, Span(" " * (left_width - used)), *(right[row] if row < len(right) else ())))
    return rows


class FirstScreen(ScreenOfLines[None]):
    """Shows the first lines once; any key closes it."""

    def __init__(self, charset: Charset, complaint: str = "", table: Table = TABLE) -> None:
        super().__init__(id="first")
        self._charset = charset
        self._table = table
        self._complaint = complaint

    def compose(self) -> ComposeResult:
        """A title, the lines, and how to go on."""
        for name in ("help-title", "help-text", "help-keys"):
            yield PanelView(id=name, classes="bar" if name != "help-text" else "")

    def on_mount(self) -> None:
        """Show all of it."""
        title, keys = Span(" backprop-tui, step by step", "heading"), Span(" any key goes on", "dim")
        self.query_one("#help-title", PanelView).show(lambda width, height: ((title,),))
        self.query_one("#help-text", PanelView).show(self._lines)
        self.query_one("#help-keys", PanelView).show(lambda width, height: ((keys,),))

    def _lines(self, width: int, height: int) -> tuple[Line, ...]:
        told = [(Span(f" {row}", "warning"),) for row in wrapped(self._complaint, width - 2) if row]
        return ((), *first_lines(width, self._charset, self._table), (), *told)[:height]

    def on_key(self, event: events.Key) -> None:
        """Go on."""
        event.stop()
        self.dismiss(None)

    def on_click(self) -> None:
        """Go on."""
        self.dismiss(None)


class HelpScreen(ScreenOfLines[None]):
    """Shows the help and scrolls through it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,f1,enter", "dismiss(None)", "close", show=False),
        Binding("down,j", "scroll_by(1)", show=False),
        Binding("up,k", "scroll_by(-1)", show=False),
        Binding("pagedown,space,n", "scroll_pages(1)", show=False),
        Binding("pageup,p", "scroll_pages(-1)", show=False),
        Binding("home", "scroll_by(-100000)", show=False),
        Binding("end", "scroll_by(100000)", show=False),
    ]

    def __init__(self, charset: Charset = "unicode", table: Table = TABLE) -> None:
        super().__init__(id="help")
        self._charset = charset
        self._table = table
        self._first = 0

    def compose(self) -> ComposeResult:
        """A title, the text, and the keys of this screen."""
        for name in ("help-title", "help-text", "help-keys"):
            yield PanelView(id=name, classes="bar" if name != "help-text" else "")

    def on_mount(self) -> None:
        """Show the beginning."""
        self.query_one("#help-title", PanelView).show(lambda width, height: ((Span(" Help", "heading"),),))
        self._show()

    def action_scroll_by(self, rows: int) -> None:
        """Show the lines further down, or up; never past either end."""
        size = self.query_one("#help-text", PanelView).content_size
        last = max(0, len(help_lines(size.width, self._charset, self._table)) - size.height)
        self._first = max(0, min(last, self._first + rows))
        self._show()

    def action_scroll_pages(self, pages: int) -> None:
        """Show the page after, or before."""
        height = self.query_one("#help-text", PanelView).content_size.height
        self.action_scroll_by(pages * max(1, height - 1))

    def on_mouse_scroll_down(self) -> None:
        """The wheel scrolls down."""
        self.action_scroll_by(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel scrolls up."""
        self.action_scroll_by(-3)

    def on_resize(self, event: events.Resize) -> None:
        """Stay within the text when it is broken into other lines."""
        self.action_scroll_by(0)

    def _show(self) -> None:
        self.query_one("#help-text", PanelView).show(self._lines)
        self.query_one("#help-keys", PanelView).show(self._keys)

    def _lines(self, width: int, height: int) -> tuple[Line, ...]:
        return help_lines(width, self._charset, self._table)[self._first : self._first + height]

    def _keys(self, width: int, height: int) -> tuple[Line, ...]:
        size = self.query_one("#help-text", PanelView).content_size
        last, count = self._first + size.height, len(help_lines(size.width, self._charset, self._table))
        place = "" if size.height >= count else f"   line {self._first + 1} to {min(last, count)} of {count}"
        characters = CHARACTERS[self._charset]
        keys = f" {characters.up} {characters.down} page home end scroll   escape closes{place}"
        return (cut((Span(keys, "dim"),), width, self._charset),)
