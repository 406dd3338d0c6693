"""The field that says where the stepper opens: `start: 3`, `start: 3.12`, or a name."""

from __future__ import annotations

import re

from tui_backprop.scenario.draft import Draft
from tui_backprop.scenario.expectations import MOST_ITERATIONS
from tui_backprop.scenario.fields import read_scalar
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.tree import Node

PLACE = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)
"""An iteration, and a step of it counted from 1."""

_HELP = "write an iteration (3), one of its steps (3.12), or a name"


def read_start(draft: Draft, node: Node, learns: bool) -> str:
    """The place, as far as it can be told without the steps; what is wrong with it is noted, and gives "".

    learns: whether there are iterations after the first.
    """
    report = draft.report
    scalar = read_scalar(report, node, "'start'", _HELP)
    if scalar is None:
        return ""
    text = scalar.text.strip()
    place = PLACE.fullmatch(text)
    if place is None:
        known = text in draft.definitions or text in draft.refused
        if not known and draft.complete:
            message = f"'start' is '{shown(text)}', which is neither a place nor a name in this scenario"
            report.add_unknown_name(scalar.place, message, text, lambda: [*draft.definitions], f"{_HELP}:")
    elif place[2] == "0":
        report.add(scalar.place, "steps are counted from 1, so there is no step 0", f"write {place[1]}.1")
    elif int(place[1]) > MOST_ITERATIONS:
        report.add(scalar.place, f"a run has at most {MOST_ITERATIONS:,} iterations", _HELP)
    elif int(place[1]) and not learns:
        message = "there is only iteration 0, because nothing is updated without a learning rate"
        report.add(scalar.place, message, "write learning_rate: 0.1, or a step of iteration 0 such as 0.5")
    return text
