"""The loss over the iterations as a picture: its curve with its axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tui_backprop.handout.document import Drawing, Lettering, Picture, Place, Stroke
from tui_backprop.handout.pictures import COLUMNS
from tui_backprop.panels.loss_history import axis_end, history_lines
from tui_backprop.session import Cursor, Session

_WIDTH, _HEIGHT, _ROWS = 560.0, 180.0, 12
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 20.0, 14.0, 24.0
_MOST_POINTS = 240
_TOLD_APART = 0.05


def loss_picture(start: Session, last: int) -> Picture | None:
    """The loss from iteration 0 to `last`, or to where the run ends; None where there are no two finite ones."""
    reached = start.history.extend(last)
    session = start.at(Cursor(reached, 0))
    session = session.at(Cursor(reached, session.layout.index_of_loss))
    losses = session.history.losses
    finite = reached if math.isfinite(losses[reached]) else reached - 1
    if finite < 1:
        return None
    extremes = session.history.loss_extremes.between(0, finite + 1)
    low, high = min(extremes.lowest, 0.0), extremes.highest
    if not low < high:
        high = low + 1.0
    end = axis_end(finite)

    def place(iteration: int) -> Place:
        # Halved, because the span of two large numbers may itself be too large.
        share = (losses[iteration] / 2 - low / 2) / (high / 2 - low / 2)
        across = _LEFT + (_WIDTH - _LEFT - _RIGHT) * iteration / end
        return across, _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - share)

    foot, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    strokes = (
        Stroke(((_LEFT, _TOP), (_LEFT, foot), (right, foot)), "axis"),
        Stroke(tuple(_corners([*map(place, _iterations(finite))])), "curve"),
    )
    labels = (
        Lettering((_LEFT - 6, _TOP), session.number(high), "axis", anchor="end"),
        Lettering((_LEFT - 6, foot), session.number(low), "axis", anchor="end"),
        Lettering((_LEFT, foot + 14), "0", "axis", anchor="middle"),
        Lettering((right, foot + 14), f"{end:,}", "axis", anchor="end"),
        Lettering(((_LEFT + right) / 2, foot + 14), "iteration", "axis", anchor="middle"),
    )
    loss = session.shown(session.graph.loss)
    caption = (
        f"{loss} over the iterations: {session.number(session.loss(0))} in iteration 0, "
        f"{session.number(session.loss(reached))} in iteration {reached:,}."
    )
    rows = tuple("".join(span.text for span in line).rstrip() for line in history_lines(session, COLUMNS, _ROWS)[1:])
    return Picture(Drawing(_WIDTH, _HEIGHT, strokes, labels), rows, caption)


def _iterations(last: int) -> list[int]:
    """The iterations whose losses the curve goes through: all, or of very many as many as can be told apart."""
    if last <= _MOST_POINTS:
        return [*range(last + 1)]
    return [round(place * last / _MOST_POINTS) for place in range(_MOST_POINTS + 1)]


def _corners(places: Sequence[Place]) -> Iterator[Place]:
    """The places without those in the middle of a level stretch."""
    for number, (_, down) in enumerate(places):
        beside = places[max(0, number - 1)][1], places[min(len(places) - 1, number + 1)][1]
        if number in (0, len(places) - 1) or any(abs(other - down) > _TOLD_APART for other in beside):
            yield places[number]
