"""What repeats, as numbers in tables: the other examples of an iteration, and the iterations after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_backprop.handout.document import NumberTable, Prose
from tui_backprop.panels.statements import is_one_factor
from tui_backprop.panels.symbols import left_side
from tui_backprop.record.step_layout import Entry
from tui_backprop.record.step_sequence import Steps
from tui_backprop.session import Session

_MOST_COLUMNS = 5


def tables_of_examples(session: Session, turns: Sequence[int]) -> Iterator[NumberTable]:
    """The steps of these examples of the iteration under the cursor: a row for each step, a column for each example."""
    batch, entries = session.steps.iteration.batch, _told(session, session.layout.per_example)
    for some in _in_parts(turns):
        headings = ("example", *(f"{batch[turn] + 1}" for turn in some))
        columns = [[session.number(session.steps.number(entry, turn)) for entry in entries] for turn in some]
        yield _table(session, headings, entries, columns)


def tables_of_iterations(session: Session, first: int, last: int) -> Iterator[NumberTable | Prose]:
    """The steps of iterations: for each example that they see, and then for what follows the examples, a table with a
    row for each step and a column for each iteration."""
    history, count = session.history, len(session.scenario.examples)
    for some in _in_parts(range(first, last + 1)):
        every = [history.steps(number) for number in some]
        headings = ("iteration", *(f"{number:,}" for number in some))
        for example in range(count):
            turns = [_turn(steps.iteration.batch, example) for steps in every]
            if max(turns) < 0:
                continue
            entries = _told(session, every[0].layout.per_example)
            if count > 1:
                yield Prose(f"Example {example + 1}:")
            columns = [_column(session, steps, entries, turn) for steps, turn in zip(every, turns, strict=True)]
            yield _table(session, headings, entries, columns)
        entries = _told(session, max((steps.layout.tail for steps in every), key=len))
        if entries:
            if count > 1:
                yield Prose("After the examples:")
            yield _table(session, headings, entries, [_column(session, steps, entries, 0) for steps in every])


def _turn(batch: Sequence[int], example: int) -> int:
    """Which turn an example has in an iteration; -1 where the iteration does not see it."""
    return batch.index(example) if example in batch else -1


def _in_parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(numbers), _MOST_COLUMNS):
        yield numbers[begin : begin + _MOST_COLUMNS]


def _told(session: Session, entries: Sequence[Entry]) -> list[Entry]:
    """The steps whose numbers are worth a row: not the seed, and no gradient that is the factor before it."""
    return [entry for entry in entries if entry.kind != "seed" and not is_one_factor(session.notation, entry)]


def _column(session: Session, steps: Steps, entries: Sequence[Entry], turn: int) -> list[str]:
    """The numbers of an example's turn; blank cells where the iteration does not see the example."""
    places = steps.layout.places
    return [session.number(steps.number(entry, turn)) if turn >= 0 and entry in places else "" for entry in entries]


def _table(
    session: Session, headings: tuple[str, ...], entries: Sequence[Entry], columns: Sequence[Sequence[str]]
) -> NumberTable:
    return NumberTable(headings, tuple(zip([_left(session, entry) for entry in entries], *columns, strict=True)))


def _left(session: Session, entry: Entry) -> str:
    is_direct = entry.of and session.graph.is_direct(entry.of, entry.name)
    return f"{left_side(session.notation, entry)}{' (direct)' if is_direct else ''}"
