"""What a handout has in it: from a lesson and what is asked of it to a document, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.handout.derivations import derivation_sections
from tui_backprop.handout.document import Block, Document, NumberTable, Picture, Prose, Section, Statement, Statements
from tui_backprop.handout.givens import given_section
from tui_backprop.handout.loss_picture import loss_picture
from tui_backprop.handout.number_tables import tables_of_examples, tables_of_iterations
from tui_backprop.handout.paper_words import words_on_paper
from tui_backprop.handout.pictures import graph_picture
from tui_backprop.handout.solving import statement_at, to_fill_in
from tui_backprop.handout.walking import moments
from tui_backprop.session import Cursor, Session

MOST_STEPPED = 2_000
"""Steps that a page goes through; past this it has only those that are written out in full."""


class Wanted(Struct, frozen=True):
    """What is asked of a handout.

    first, last: the iterations. The first one is written out, the later ones are numbers in tables.
    examples: the examples that are written out, counted from 0; () is the first one that the iteration sees.
    is_blank: whether numbers are left out, and the answers come at the end.
    has_derivations: whether derivations are written out.
    steps: whether it is for a page that goes through the steps. A sheet to fill in has none.
    """

    first: int = 0
    last: int = 0
    examples: tuple[int, ...] = ()
    is_blank: bool = False
    has_derivations: bool = False
    steps: bool = False


def document_of(start: Session, wanted: Wanted) -> Document:
    """The handout of a lesson, whose iterations up to the last one wanted are recorded."""
    return _Builder(start, wanted).document()


class _Builder:
    """Puts a document together; what is found on the way, such as the answers, comes at its end."""

    def __init__(self, start: Session, wanted: Wanted) -> None:
        self._start, self._wanted = start, wanted
        self._first = start.at(Cursor(wanted.first, 0))
        batch = self._first.steps.iteration.batch
        self._in_full = tuple(batch.index(example) for example in wanted.examples) or (0,)
        self._told: set[str] = set()
        self._answers: list[Statement] = []
        self._full_tables: list[NumberTable] = []
        numbers = range(wanted.first, wanted.last + 1)
        self._count = sum(len(start.history.layout(number)) for number in numbers)
        self._stepped = dict.fromkeys(self._cursors()) if wanted.steps and not wanted.is_blank else {}

    def document(self) -> Document:
        """All of it."""
        scenario, is_blank = self._start.scenario, self._wanted.is_blank
        picture = self._picture(has_numbers=not is_blank)
        sections = [
            given_section(self._first),
            *([Section("The graph", (picture,))] if picture else []),
            *self._worked(),
            *self._tables(),
        ]
        if is_blank:
            sections.append(self._answer_section())
        sections += [*self._loss(), *self._derivations()]
        drawing = picture.drawing if picture else None
        told = tuple(moments(self._start, self._stepped, drawing))
        title, summary = self._start.outside(scenario.title), self._start.sentence(scenario.summary)
        return Document(title, summary, tuple(sections), told, self._count > MOST_STEPPED and bool(told))

    def _cursors(self) -> tuple[Cursor, ...]:
        """The steps that a page goes through: all, or where they are very many those written out."""
        layout, layout_of = self._first.layout, self._start.history.layout
        numbers = range(self._wanted.first, self._wanted.last + 1)
        if self._count <= MOST_STEPPED:
            return tuple(Cursor(number, index) for number in numbers for index in range(len(layout_of(number))))
        return tuple(
            Cursor(self._wanted.first, index)
            for index in range(len(layout))
            if layout.turn(index) is None or layout.turn(index) in self._in_full
        )

    # --- the solution

    def _worked(self) -> Iterator[Section]:
        """The first iteration: the examples that are written out, the others as numbers, and what follows them."""
        session, number = self._first, self._wanted.first
        layout, count = session.layout, len(session.scenario.examples)
        yield Section(f"Iteration {number:,}", ())
        length, forward = len(layout.per_example), len(session.graph.nodes)
        for turn, example in enumerate(session.steps.iteration.batch):
            of = f" for example {example + 1}" if count > 1 else ""
            begin = turn * length
            parts = {
                f"Forward{of}": range(begin, begin + forward),
                f"Backward{of}": range(begin + forward, begin + length),
            }
            for heading, indices in parts.items():
                if turn in self._in_full:
                    yield self._section(heading, number, indices)
                elif self._goes_through(number, begin):
                    yield self._stepped_section(heading, number, indices)
        others = [turn for turn in range(layout.batch_size) if turn not in self._in_full]
        if others:
            tables = tuple(self._left_blank(tables_of_examples(session, others)))
            words = Prose("The same steps with the numbers of the other examples that this iteration sees.")
            yield Section("The other examples", (words, *tables), level=3)
        yield from self._after_examples(number)

    def _after_examples(self, number: int) -> Iterator[Section]:
        layout, averages = self._first.layout, self._first.history.plan.averages
        begin = len(layout.per_example) * layout.batch_size
        for phase, run in groupby(range(begin, len(layout)), lambda index: layout.entry(index).phase):
            heading = "Update" if phase == "update" else "Average" if averages else "Sum over the examples"
            yield self._section(heading, number, list(run))

    def _section(self, heading: str, number: int, indices: Sequence[int]) -> Section:
        lines = [self._line(Cursor(number, index)) for index in indices]
        return Section(heading, (Statements(tuple(lines)),), level=3)

    def _line(self, cursor: Cursor) -> Statement:
        """A step of the solution; on a sheet to fill in, its answer is kept for the end."""
        here, is_blank = self._start.at(cursor), self._wanted.is_blank
        statement = statement_at(here, words_on_paper(here, self._told, has_numbers=not is_blank))
        if not is_blank:
            return statement
        question, answer = to_fill_in(statement, len(self._answers) + 1)
        if answer is not None:
            self._answers.append(answer)
        return question

    # --- what repeats

    def _tables(self) -> Iterator[Section]:
        """The later iterations: as numbers, and for a page that steps, step by step too."""
        first, last = self._wanted.first + 1, self._wanted.last
        if first > last:
            return
        heading = f"Iteration {last:,}" if first == last else f"Iterations {first:,} to {last:,}"
        yield Section(heading, tuple(self._left_blank(tables_of_iterations(self._start, first, last))))
        for number in range(first, last + 1):
            if self._goes_through(number, 0):
                layout = self._start.history.layout(number)
                yield self._stepped_section(f"Iteration {number:,}", number, range(len(layout)))

    def _goes_through(self, number: int, index: int) -> bool:
        return Cursor(number, index) in self._stepped

    def _stepped_section(self, heading: str, number: int, indices: Sequence[int]) -> Section:
        lines = (statement_at(self._start.at(Cursor(number, index)), ()) for index in indices)
        return Section(heading, (Statements(tuple(lines)),), level=3, is_for_stepping=True)

    def _left_blank(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks; on a sheet to fill in, tables without their numbers, which are kept for the end."""
        for block in blocks:
            if self._wanted.is_blank and isinstance(block, NumberTable):
                self._full_tables.append(block)
                rows = tuple((first, *("" for _ in rest)) for first, *rest in block.rows)
                block = replace(block, rows=rows)
            yield block

    # --- the end

    def _answer_section(self) -> Section:
        picture = self._picture(has_numbers=True)
        shown = (picture,) if picture else ()
        answers = Statements(tuple(self._answers))
        return Section("The answers", (answers, *self._full_tables, *shown), starts_page=True)

    def _picture(self, *, has_numbers: bool) -> Picture | None:
        """The graph at the end of the backward pass of the first example that is written out."""
        session, turn = self._first, self._in_full[0]
        last = (turn + 1) * len(session.layout.per_example) - 1
        count = len(session.scenario.examples)
        example = f" of example {session.steps.iteration.batch[turn] + 1}" if count > 1 else ""
        sign = session.characters.partial
        told = f"Each value, and after {sign} each gradient, at the end of the backward pass{example}."
        there = self._start.at(Cursor(self._wanted.first, last))
        return graph_picture(there, told if has_numbers else "", has_numbers=has_numbers)

    def _loss(self) -> Iterator[Section]:
        scenario = self._start.scenario
        if scenario.learning_rate is not None:
            picture = loss_picture(self._start, max(scenario.iterations, self._wanted.last))
            if picture is not None:
                yield Section("The loss", (picture,))

    def _derivations(self) -> Iterator[Section]:
        if self._wanted.has_derivations:
            yield Section("Derivations", ())
            index = self._in_full[0] * len(self._first.layout.per_example)
            yield from derivation_sections(self._start.at(Cursor(self._wanted.first, index)))
