"""`run --format table`: which iterations of a long run the table shows, and its columns."""

from __future__ import annotations

from itertools import count

from tui_backprop.headless.messages import say_note
from tui_backprop.headless.output import print_data
from tui_backprop.session import Session

MOST_ROWS = 40
"""How many iterations a table shows at most, about; the other formats have them all."""

MOST_PARAMETERS = 24
"""How many parameters have columns; past this nobody reads a table."""

_LAST_BEFORE_THE_END = 3


def print_table(session: Session, last: int) -> None:
    """Print the history up to an iteration as a table to read, and say what it leaves out."""
    # Here, because only tables need rich, and it takes its time to come.
    from tui_backprop.headless.tables import table_of_numbers

    names = session.graph.parameters[:MOST_PARAMETERS]
    rule = session.history.plan.rule
    headings = ["iteration", session.shown(session.graph.loss)]
    headings += [session.characters.eta] if rule and rule.rate_changes else []
    headings += [session.shown(name) for name in names]
    headings += [session.notation.gradient(name) for name in names]
    updated = [place for place in session.history.plan.updated_places if place < len(names)]
    headings += [
        f"{kept} of {session.shown(names[place])}" for kept in session.history.state_names for place in updated
    ]
    numbers, every = shown_iterations(last, session.history.ended_at is not None)
    rows = [_row(session, number, len(names)) for number in numbers]
    table = table_of_numbers(headings, rows, session.charset)
    print_data(f"{session.outside(session.scenario.title)}\n\n{table}")
    left_out = []
    if every > 1:
        left_out.append(f"every {_ordinal(every)} iteration of {last + 1:,} is shown")
    if len(names) < len(session.graph.parameters):
        left_out.append(f"{len(names)} parameters of {len(session.graph.parameters):,} are shown")
    if left_out:
        say_note(f"{' and '.join(left_out)}; --format csv or json has them all")


def shown_iterations(last: int, ends_early: bool) -> tuple[list[int], int]:
    """The iterations that a table shows, and every how many; always the first and the last.

    Where the run ends for want of finite numbers, those just before the end too: they show how it came to that.
    """
    every = next(
        step for power in count() for step in (10**power, 2 * 10**power, 5 * 10**power) if last / step < MOST_ROWS
    )
    chosen = {*range(0, last + 1, every), last}
    if ends_early:
        chosen.update(range(max(0, last - _LAST_BEFORE_THE_END), last))
    return sorted(chosen), every


def _row(session: Session, number: int, width: int) -> list[str]:
    iteration = session.history.iteration(number)
    rule, count = session.history.plan.rule, len(session.history.plan.updated_places)
    rate = [iteration.rate] if rule and rule.rate_changes and iteration.rate is not None else []
    kept = [
        iteration.state[count * turn + of]
        for turn in range(len(session.history.state_names))
        for of, place in enumerate(session.history.plan.updated_places)
        if place < width
    ]
    values = (iteration.loss, *rate, *iteration.parameters[:width], *iteration.gradients[:width], *kept)
    return [f"{number}", *map(session.number, values)]


def _ordinal(number: int) -> str:
    return "2nd" if number == 2 else f"{number:,}th"
