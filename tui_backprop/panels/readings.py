"""What is read about a step, in place of the equations: how each kind of it is written and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from tui_backprop.panels.lines import Line
from tui_backprop.session import Reading, Session


class Reader(Struct, frozen=True):
    """How one kind is shown.

    lines: what its panel shows, for a width and a height.
    told: a label and what the narration says of it, and then what can be done next.
    """

    lines: Callable[[Session, Reading[Any], int, int], tuple[Line, ...]]
    told: Callable[[Session, Reading[Any]], tuple[str, str, str]]


def reader_of(reading: Reading[Any]) -> Reader:
    """How a reading is shown."""
    # Imported here, so that the first frame need not wait for what a key opens.
    if reading.kind == "derivation":
        from tui_backprop.panels.derivation_panel import derivation_lines, derivation_told

        return Reader(derivation_lines, derivation_told)
    if reading.kind == "words":
        from tui_backprop.panels.words_panel import words_lines, words_told

        return Reader(words_lines, words_told)
    if reading.kind == "refusal":
        from tui_backprop.panels.refusal_panel import refusal_panel_lines, refusal_told

        return Reader(refusal_panel_lines, refusal_told)
    if reading.kind == "inspect":
        from tui_backprop.panels.inspect_panel import inspect_lines, inspect_told

        return Reader(inspect_lines, inspect_told)
    from tui_backprop.panels.nudge_panel import nudge_lines, nudge_told

    return Reader(nudge_lines, nudge_told)


def reading_title(session: Session) -> str:
    """What is read, and where in it the learner is; "" where nothing is read."""
    reading = session.reading
    if reading is None:
        return ""
    part = {"derivation": "line", "inspect": "number"}.get(reading.kind)
    if part is None:
        return reading.title
    return f"{reading.title}{session.characters.between}{part} {reading.position + 1} of {reading.length}"
