"""The inputs that the data of a file give, and what they are in each example."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from tui_backprop.errors import Place
from tui_backprop.scenario.csv_table import MOST_EXAMPLES, TableRefused, numbers_of, read_table
from tui_backprop.scenario.draft import INPUT, Draft
from tui_backprop.scenario.fields import (
    LANGUAGE_CONSTANTS,
    known_entries,
    named_numbers,
    read_mapping,
    read_scalar,
    read_sequence,
    why_no_name,
)
from tui_backprop.scenario.nearest import MOST_LISTED, listed, shown
from tui_backprop.scenario.tree import Mapping, Node, Scalar
from tui_backprop.scenario.words import is_word, words_problem

_HELP = "write one example as {x: 1, y: 0}, or several, each in a line that begins with '- '"


def read_data(draft: Draft, node: Node, folder: Path | None) -> None:
    """Take inputs and examples into the draft, and note what is wrong with them."""
    draft.has_data = True
    draft.example_count = None
    if isinstance(node, Mapping):
        reference = _csv_reference(node)
        if reference is not None:
            _read_csv(draft, node, reference, folder)
            return
        read = read_mapping(draft.report, node, "'data'", _HELP)
        examples = [] if read is None else [read]
        draft.example_count = 1
    else:
        examples = _read_list(draft, node)
    if not examples:
        draft.complete = False
        return
    draft.complete &= not examples[0].merges
    _define_inputs(draft, examples[0])
    names = dict.fromkeys(entry.key.text for entry in examples[0].entries if not entry.key.refused)
    worded = _columns_of_words(draft, examples)
    rows = [_read_example(draft, example, examples[0], names, worded) for example in examples]
    if all(row is not None for row in rows):
        draft.examples = tuple(row for row in rows if row is not None)


def _csv_reference(node: Mapping) -> Scalar | None:
    """The file that the data names, if it names one: an input may be called `csv` too, and is a number then."""
    entry = node.get("csv")
    if entry is None or not isinstance(entry.value, Scalar):
        return None
    begins_as_number = entry.value.text.lstrip("+-. ")[:1].isdigit() and not entry.value.text.endswith(".csv")
    return None if begins_as_number else entry.value


def _read_csv(draft: Draft, node: Mapping, reference: Scalar, folder: Path | None) -> None:
    known_entries(draft.report, node, "'data' with a CSV file", ("csv",))
    draft.complete = False
    scalar = read_scalar(
        draft.report, reference, "'csv'", "write the name of a file beside this one: {csv: points.csv}"
    )
    if scalar is None:
        return
    try:
        table = read_table(scalar.text.strip(), folder)
    except TableRefused as refusal:
        _refuse_table(draft, scalar.place, refusal)
        return
    draft.complete = True
    draft.table, draft.table_place = table, scalar.place
    draft.example_count = len(table.rows)
    for name in dict.fromkeys(table.names):
        # Other columns cannot be used, and are left alone.
        if why_no_name(name) is None:
            draft.define(name, INPUT, scalar.place)


def _refuse_table(draft: Draft, place: Place, refusal: TableRefused) -> None:
    for message, help in refusal.problems:
        draft.report.add(place, message, help)


def take_columns(draft: Draft) -> None:
    """Take the columns that equations use out of the table, when all equations are there; others are left alone."""
    table, place = draft.table, draft.table_place
    if table is None or place is None:
        return
    used = {name for _, name, _ in draft.uses}
    inputs = set(draft.names_of(INPUT))
    draft.inputs = tuple(name for name in dict.fromkeys(table.names) if name in inputs & used)
    for name in LANGUAGE_CONSTANTS:
        if name in used and name in table.names:
            where = f"{table.file}, line {table.header_line}, column {table.names.index(name) + 1}"
            help = f"give the column another name, such as {name}_, there and in the equations"
            draft.report.add(place, f"{where}: '{name}' is a constant of its own", help)
    try:
        draft.examples = numbers_of(table, draft.inputs)
    except TableRefused as refusal:
        _refuse_table(draft, place, refusal)
    if not len(draft.report):
        for name in inputs - used:
            del draft.definitions[name]


def _read_list(draft: Draft, node: Node) -> list[Mapping]:
    """The examples of a list that are mappings, at most as many as there may be."""
    sequence = read_sequence(draft.report, node, "'data'", _HELP)
    if sequence is None:
        return []
    if len(sequence.items) > MOST_EXAMPLES:
        message = f"'data' has {len(sequence.items):,} examples; the limit is {MOST_EXAMPLES:,}"
        draft.report.add(sequence.place, message, "leave some out")
        return []
    draft.example_count = len(sequence.items)
    examples = [read_mapping(draft.report, item, "an example", "write {x: 1, y: 0}") for item in sequence.items]
    return [example for example in examples if example is not None]


def _define_inputs(draft: Draft, first: Mapping) -> None:
    names = [draft.take_name(entry.key, INPUT) for entry in first.entries]
    draft.inputs = tuple(name for name in names if name is not None)


def _columns_of_words(draft: Draft, examples: list[Mapping]) -> frozenset[str]:
    """The inputs that are a word in every example, each noted once."""
    columns: dict[str, list[Scalar]] | None = None
    for example in examples:
        # Only what was a word in all examples before is looked at: there may be thousands of names, or of examples.
        before = columns
        columns = {}
        for entry in example.entries:
            name, value = entry.key.text, entry.value
            if isinstance(value, Scalar) and (before is None or name in before) and is_word(value.text.strip()):
                columns[name] = (before or {}).get(name, [])
                columns[name].append(value)
        if not columns:
            break
    worded = columns if columns and len(examples) > 1 else {}
    for name, cells in worded.items():
        words = dict.fromkeys(cell.text.strip() for cell in cells)
        draft.report.add(cells[0].place, *words_problem(name, list(words), len(cells)))
    return frozenset(worded)


def _read_example(
    draft: Draft, example: Mapping, first: Mapping, names: dict[str, None], worded: frozenset[str]
) -> tuple[float, ...] | None:
    """The numbers of one example in the order of the first one; None where something is wrong with it.

    names: those of the first one. worded: those that are told already to be words.
    """
    before = len(draft.report)
    numbers = {key.text: value for key, value in named_numbers(draft.report, example, "the input", worded)}
    if example is not first:
        # Counted before they are looked for: thousands of short examples may stand below one with thousands of names.
        missing = len(names) - len(numbers.keys() & names.keys())
        if missing and not example.merges:
            some = list(islice((name for name in names if name not in numbers), MOST_LISTED + 1))
            message = f"this example has no {listed(some, total=missing)}"
            draft.report.add(
                example.place, message, f"every example has the inputs of the first one, in line {first.place.line}"
            )
        for entry in example.entries:
            if entry.key.text not in names and not entry.key.refused:
                key = entry.key.text
                message = f"'{shown(key)}' is in this example but not in the first one"
                draft.report.add_unknown(entry.key.place, message, key, names, "give it in every example, or in none")
    if len(draft.report) > before:
        return None
    values = [numbers.get(name) for name in draft.inputs]
    return tuple(value for value in values if value is not None)
