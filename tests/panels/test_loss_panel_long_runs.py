"""The loss panel of long runs: a key reads as few losses as in a short run, and going back shows what was there."""

import random

import pytest
from msgspec.structs import replace
from support.panel_text import opened, panel

from tui_backprop.record.history import History
from tui_backprop.session import Cursor


def at(session, iteration, index=-1):
    assert session.history.extend(iteration) == iteration
    return replace(session, cursor=Cursor(iteration, index % len(session.layout)))


def losses_read(session, monkeypatch):
    """How many single losses the panel reads for a session, and how many stretches it asks for."""
    read = []
    loss, extremes = History.loss, session.history.loss_extremes
    with monkeypatch.context() as patch:
        patch.setattr(History, "loss", lambda self, iteration: read.append(iteration) or loss(self, iteration))
        between = extremes.between
        patch.setattr(extremes, "between", lambda start, stop: read.append((start, stop)) or between(start, stop))
        panel(session, "loss", 118, 8)
    return len(read)


@pytest.mark.parametrize("view", ["linear", "log"])
def test_one_iteration_further_costs_the_same_in_a_long_run(view, monkeypatch):
    reads = []
    for iteration in (1_200, 60_000):
        session = replace(opened("logistic"), loss_view=view)
        panel(at(session, iteration), "loss", 118, 8)
        reads.append(losses_read(at(session, iteration + 1), monkeypatch))
    assert reads[1] <= reads[0] < 10


def test_a_step_in_the_same_iteration_reads_no_curve_again(monkeypatch):
    session = opened("logistic")
    panel(at(session, 5_000, -2), "loss", 118, 8)
    assert losses_read(at(session, 5_000, -1), monkeypatch) == 0


@pytest.mark.parametrize("view", ["linear", "log"])
def test_the_same_place_looks_the_same_by_every_way_to_it(view):
    numbers = random.Random(1)
    wandered = replace(opened("logistic"), loss_view=view)
    for _ in range(25):
        iteration = numbers.choice([numbers.randint(0, 40), numbers.randint(200, 260), numbers.randint(900, 2_600)])
        at_once = replace(opened("logistic"), loss_view=view)
        assert panel(at(wandered, iteration), "loss", 100, 9) == panel(at(at_once, iteration), "loss", 100, 9)
