"""The inputs that the data of a file give, and what they are in each example."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path

from tui_backprop.errors import Place
from tui_backprop.maths.tokens import is_name
from tui_backprop.scenario.csv_columns import column_called, examples_of, words_of
from tui_backprop.scenario.csv_table import MOST_EXAMPLES, Table, TableRefused, read_table
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
from tui_backprop.scenario.nearest import MOST_LISTED, did_you_mean, listed, shown
from tui_backprop.scenario.tree import Mapping, Node, Pair, Scalar
from tui_backprop.scenario.words import inputs_of, is_word, words_problem

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
    entries = known_entries(draft.report, node, "'data' with a CSV file", ("csv", "columns", "one_hot"))
    was_complete, draft.complete = draft.complete, False
    help = "write the name of a file beside this one: {csv: points.csv}"
    scalar = read_scalar(draft.report, reference, "'csv'", help)
    if scalar is None:
        return
    try:
        table = read_table(scalar.text.strip(), folder)
    except TableRefused as refusal:
        _refuse_table(draft, scalar.place, refusal)
        return
    draft.table, draft.table_place = table, scalar.place
    draft.example_count = len(table.rows)
    before = len(draft.report)
    one_hot = _column_names(draft, entries.get("one_hot"), table)
    named = _column_names(draft, entries.get("columns"), table)
    # Columns with other names cannot be used, and are left alone.
    columns = named or {name: scalar.place for name in table.names if why_no_name(name) is None}
    taken = []
    for name, place in columns.items():
        wrong = None if name in one_hot else why_no_name(name)
        if wrong is not None:
            draft.report.add(place, wrong[0], _rename(table, name))
        elif name not in one_hot and draft.define(name, INPUT, place):
            taken.append(name)
    draft.columns = tuple(taken) if named else None
    for column, place in one_hot.items():
        _define_words(draft, table, column, place)
    draft.complete = was_complete and len(draft.report) == before and all(draft.one_hot.values())


def _column_names(draft: Draft, entry: Pair | None, table: Table) -> dict[str, Place]:
    """The columns that a field of the data names, one or a list, each with its place; empty without the field."""
    if entry is None:
        return {}
    what = f"'{entry.key.text}'"
    help = f"write the names of columns: [{listed(table.names[:MOST_LISTED])}]"
    items: tuple[Node, ...] = (entry.value,)
    if not isinstance(entry.value, Scalar):
        sequence = read_sequence(draft.report, entry.value, what, help)
        items = () if sequence is None else sequence.items
    names: dict[str, Place] = {}
    known = frozenset(table.names)
    for item in items:
        scalar = read_scalar(draft.report, item, f"a column of {what}", help)
        if scalar is None:
            continue
        name = scalar.text.strip()
        if name in names:
            draft.report.add(scalar.place, f"'{shown(name)}' is listed twice", "name each column once")
        elif name in known:
            names[name] = scalar.place
        else:
            message = f"{table.file} has no column '{shown(name)}'"
            draft.report.add(scalar.place, message, partial(_column_help, table, name))
    return names


def _column_help(table: Table, name: str) -> str:
    help = f"its columns are {listed(table.names)}"
    return column_called(table, name) or did_you_mean(name, table.names, help)


def _rename(table: Table, name: str) -> str:
    number, line = table.names.index(name) + 1, table.header_line
    return f"give column {number} of {table.file} another name, in line {line} of that file and here"


def _define_words(draft: Draft, table: Table, column: str, place: Place) -> None:
    """Define an input for each word of a column."""
    words = words_of(table, column)
    names = [name for name, _ in inputs_of(column, words)]
    clash = next((name for name in names if name in draft.definitions and name in table.names), None)
    if not is_name(f"{column}_1"):
        message = f"'{shown(column)}_1', of the first word of this column, cannot be the name of an input"
        draft.report.add(place, message, _rename(table, column))
    elif clash is not None:
        message = f"a word of this column would be the input '{clash}', but {table.file} has a column of that name"
        draft.report.add(place, message, f"{_rename(table, clash)}; or list the other columns in 'columns'")
    else:
        for name in names:
            draft.define(name, INPUT, place)
        draft.one_hot[column] = words


def _refuse_table(draft: Draft, place: Place, refusal: TableRefused) -> None:
    for message, help in refusal.problems:
        draft.report.add(place, message, help)


def choose_columns(draft: Draft) -> None:
    """Decide on the inputs, when all equations are there: the columns of the table that the data names, else those that
    equations use, and the words. Others are left alone."""
    table, place = draft.table, draft.table_place
    if table is None or place is None:
        return
    used = {name for _, name, _ in draft.uses}
    inputs = set(draft.names_of(INPUT))
    columns = draft.columns
    if columns is None:
        columns = tuple(name for name in dict.fromkeys(table.names) if name in inputs & used)
        _refuse_constants(draft, table, place, used)
        if not len(draft.report):
            for name in set(table.names) & (inputs - used):
                del draft.definitions[name]
    draft.columns = columns
    draft.words = {name: word for column, words in draft.one_hot.items() for name, word in inputs_of(column, words)}
    draft.inputs = (*columns, *draft.words)


def _refuse_constants(draft: Draft, table: Table, place: Place, used: set[str]) -> None:
    for name in LANGUAGE_CONSTANTS:
        if name in used and name in table.names and name not in draft.one_hot:
            where = f"{table.file}, line {table.header_line}, column {table.names.index(name) + 1}"
            help = f"give the column another name, such as {name}_, there and in the equations"
            draft.report.add(place, f"{where}: '{name}' is a constant of its own", help)


def take_examples(draft: Draft) -> None:
    """Take the examples out of the table, once its columns are chosen and it is known that they are not too many."""
    if draft.table is None or draft.table_place is None:
        return
    try:
        draft.examples = examples_of(draft.table, draft.columns or (), draft.one_hot)
    except TableRefused as refusal:
        _refuse_table(draft, draft.table_place, refusal)


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
