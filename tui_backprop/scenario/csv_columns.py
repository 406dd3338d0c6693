"""What the columns of a table hold: numbers, and words that become inputs of 1 and 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui_backprop.numbers import NumberError
from tui_backprop.scenario.csv_table import MOST_PROBLEMS, Table, TableRefused, number_in
from tui_backprop.scenario.fields import LONGEST_PLAIN, plain_name
from tui_backprop.scenario.nearest import counted, likewise, shown
from tui_backprop.scenario.words import words_in, words_problem

_Problems = list[tuple[str, str]]


def words_of(table: Table, column: str) -> tuple[str, ...]:
    """The different words of a column, in the order of their first rows."""
    index = table.names.index(column)
    cells = (row[index].strip() for row in table.rows if len(row) == len(table.names))
    return tuple(dict.fromkeys(filter(None, cells)))


def column_called(table: Table, name: str) -> str | None:
    """The help for a name that stands in the table, written in a way that no name can be."""
    for number, cell in enumerate(table.names, start=1):
        if len(cell) <= LONGEST_PLAIN and cell != name and plain_name(cell).lower() == name.lower():
            called = f"column {number} of {table.file} is called '{shown(cell)}'"
            return f"{called}; call it {shown(name)} in line {table.header_line} of that file"
    return None


def examples_of(
    table: Table, columns: Sequence[str], one_hot: Mapping[str, Sequence[str]]
) -> tuple[tuple[float, ...], ...]:
    """Row by row the numbers of these columns, and behind them, for each word of those that are `one_hot`, a 1 where it
    stands and a 0 where it does not. Raises TableRefused; what stands in other columns is left alone."""
    problems = [*_uneven_rows(table)]
    places: dict[str, list[int]] = {}
    for place, name in enumerate(table.names):
        places.setdefault(name, []).append(place)
    numbers: list[list[float]] = []
    blocks: list[list[tuple[float, ...]]] = []
    for name in (*columns, *one_hot):
        index, *again = places[name]
        if again:
            where = f"{table.file}, line {table.header_line}, column {again[0] + 1}"
            problems.append((f"{where}: '{shown(name)}' is there twice", "give each column its own name"))
            continue
        cells = [(row[index], line) for row, line in zip(table.rows, table.lines, strict=True) if index < len(row)]
        if name in one_hot:
            problems += _missing_words(table, name, cells)
            blocks.append(_blocks(cells, one_hot[name]))
        else:
            read, wrong = _numbers(table, name, cells, tuple(one_hot))
            numbers.append(read)
            problems += wrong
    if problems:
        raise TableRefused(*problems[:MOST_PROBLEMS])
    rows = tuple(zip(*numbers, strict=True)) if numbers else ((),) * len(table.rows)
    return tuple(sum(parts, ()) for parts in zip(rows, *blocks, strict=True)) if blocks else rows


def _uneven_rows(table: Table) -> Iterator[tuple[str, str]]:
    names = len(table.names)
    uneven = [(len(row), line) for row, line in zip(table.rows, table.lines, strict=True) if len(row) != names]
    if uneven:
        cells, line = uneven[0]
        message = f"{counted(cells, 'cell')}, and {counted(names, 'name')} in the first row"
        more = likewise(len(uneven) - 1, [other for _, other in uneven[1:]], line)
        help = "write one cell for each name"
        if table.separator == ",":
            help += ", and numbers with a point and not a comma (0.5)"
        yield f"{table.file}, line {line}: {message}{more}", help


def _missing_words(table: Table, name: str, cells: Sequence[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    lines = [line for cell, line in cells if not cell.strip()]
    if lines:
        message = f"{_cell(table, lines[0], name)}: a word is missing{likewise(len(lines) - 1, lines[1:], lines[0])}"
        yield message, "write a word, such as unknown, or leave the row out"


def _blocks(cells: Sequence[tuple[str, int]], words: Sequence[str]) -> list[tuple[float, ...]]:
    """For each cell a number a word. The cells of one word share theirs: there may be thousands of either."""
    zeros = (0.0,) * len(words)
    of_word = {word: (*zeros[:place], 1.0, *zeros[place + 1 :]) for place, word in enumerate(words)}
    return [of_word.get(cell.strip(), zeros) for cell, _ in cells]


def _numbers(
    table: Table, name: str, cells: Sequence[tuple[str, int]], one_hot: Sequence[str]
) -> tuple[list[float], _Problems]:
    """The numbers of a column, and what is wrong with it: one problem for each thing that is wrong, and a count."""
    numbers: list[float] = []
    wrong: dict[str, list[tuple[int, NumberError]]] = {}
    for cell, line in cells:
        try:
            numbers.append(number_in(cell, table.separator))
        except NumberError as error:
            wrong.setdefault(error.message.replace(f"'{cell.strip()}'", ""), []).append((line, error))
    words = () if numbers else words_in([cell.strip() for cell, _ in cells])
    if words:
        columns = f"[{', '.join(map(shown, (*one_hot, name)))}]" if one_hot else shown(name)
        as_inputs = f"add one_hot: {columns}, as in {{csv: {table.file}, one_hot: {columns}}}"
        message, help = words_problem(name, words, len(cells), as_inputs)
        return [], [(f"{_cell(table, cells[0][1], name)}: {message}", help)]
    problems = []
    for (line, first), *others in wrong.values():
        more = likewise(len(others), [other for other, _ in others], line)
        message = f"{_cell(table, line, name)}: {shown(first.message, 120)}{more}"
        problems.append((message, shown(first.help, 120)))
    return numbers, problems


def _cell(table: Table, line: int, name: str) -> str:
    return f"{table.file}, line {line}, column '{shown(name)}'"
