"""How a run and a step show themselves in a notebook: HTML without outside parts, all text escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from tui_backprop.maths.writing import PLAIN, write
from tui_backprop.numbers import four_digits

if TYPE_CHECKING:
    from tui_backprop.record.history import History
    from tui_backprop.record.step import Step

_WIDTH, _HEIGHT = 480, 120
_MOST_POINTS = 480


def history_html(history: History) -> str:
    """The title, the loss at both ends, and the losses as a curve from the first iteration to the last."""
    losses, last = history.losses, len(history) - 1
    told = f"loss {four_digits(losses[0])}" + (
        f" to {four_digits(losses[last])} after {last:,} updates" if last else ""
    )
    curve = _curve(losses) if last else ""
    return f"<div><b>{escape(history.scenario.title)}</b><br>{escape(told)}<br>{curve}</div>"


def _curve(losses: Sequence[float]) -> str:
    count = len(losses)
    places = sorted({round(point * (count - 1) / (_MOST_POINTS - 1)) for point in range(_MOST_POINTS)})
    seen = [(place, losses[place]) for place in places if math.isfinite(losses[place])]
    low, high = min(loss for _, loss in seen), max(loss for _, loss in seen)
    scale = (_HEIGHT - 2) / (high - low) if high > low else 0.0
    points = " ".join(
        f"{place * _WIDTH / (count - 1):.1f},{_HEIGHT - 1 - (loss - low) * scale:.1f}" for place, loss in seen
    )
    line = f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="loss">{line}</svg>'


def step_html(step: Step) -> str:
    """What it is of, the formula, the same with the numbers put in, and what comes out."""
    rows = (step.title, write(step.tree), write(step.tree, PLAIN, step.numbers), four_digits(step.value))
    named, formula, numbers, value = map(escape, rows)
    return f"<div>{named} = <code>{formula}</code><br>= <code>{numbers}</code> = <b>{value}</b></div>"
