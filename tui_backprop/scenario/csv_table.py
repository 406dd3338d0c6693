"""What examples does a CSV file beside the scenario hold, if it is a table of numbers at all?

Only a file in the scenario's own folder is read: whoever wrote the scenario may not look into the rest of the disk.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

from msgspec import Struct

from tui_backprop.numbers import NumberError, read_number
from tui_backprop.scenario import files
from tui_backprop.scenario.fields import LONGEST_NUMBER, why_no_name
from tui_backprop.scenario.nearest import counted, shown

MOST_BYTES = 2 * 1024 * 1024
MOST_EXAMPLES = 10_000
MOST_COLUMNS = 100_000
"""Every input is a node of the graph, and a graph has no more."""

# A table that is wrong is often wrong in every row.
_MOST_PROBLEMS = 20


class Table(Struct, frozen=True):
    """The names in the header row, and the rows of numbers below it."""

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]


class TableRefused(Exception):  # noqa: N818 - the table is refused; nothing went wrong
    """A table cannot be used. `problems` holds pairs of message and help, the first twenty."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(problems[0][0])
        self.problems = problems


def read_table(reference: str, folder: Path | None) -> Table:
    """The table in a file of the folder. Raises TableRefused."""
    name = shown(reference)
    path = _inside(reference, folder)
    try:
        data = files.read_regular_file(path, MOST_BYTES)
    except files.FileRefused as refusal:
        raise TableRefused((f"'{name}' {refusal.message}", refusal.help)) from None
    text, flaws = files.decoded(data)
    if flaws:
        raise TableRefused(
            *(
                (f"{name}, line {flaw.line}, column {flaw.column}: {flaw.message}", flaw.help)
                for flaw in flaws[:_MOST_PROBLEMS]
            )
        )
    return _table(name, text)


def _inside(reference: str, folder: Path | None) -> str:
    help = "name a file in the scenario's own folder, such as points.csv"
    if folder is None:
        raise TableRefused(
            ("a scenario that is not in a file has no folder to find a CSV file in", "write the data here")
        )
    parts = reference.replace("\\", "/").split("/")
    if reference.startswith(("/", "\\", "~")) or ":" in parts[0] or ".." in parts or os.path.isabs(reference):
        raise TableRefused((f"'{shown(reference)}' is not inside the scenario's folder", help))
    try:
        home = os.path.realpath(folder)
        path = os.path.realpath(os.path.join(home, reference))
        inside = os.path.commonpath([home, path]) == home
    except (OSError, ValueError):
        raise TableRefused((f"'{shown(reference)}' is not a path that can exist", help)) from None
    if not inside:
        raise TableRefused((f"'{shown(reference)}' is a link that leads out of the scenario's folder", help))
    return path


def _table(name: str, text: str) -> Table:
    reader = csv.reader(files.LINE_BREAK.split(text), strict=True)
    names: tuple[str, ...] = ()
    rows: list[tuple[float, ...]] = []
    problems: list[tuple[str, str]] = []
    try:
        for cells in reader:
            if not any(map(str.strip, cells)):
                continue
            where = f"{name}, line {reader.line_num}"
            if not names:
                names = _header(where, cells)
                continue
            if len(rows) >= MOST_EXAMPLES:
                help = "leave out rows until it fits"
                raise TableRefused((f"'{name}' has more rows than {MOST_EXAMPLES:,} examples, the limit", help))
            row, wrong = _row(where, cells, names)
            rows.append(row)
            problems += wrong
            if len(problems) >= _MOST_PROBLEMS:
                break
    except csv.Error as error:
        problem = (f"{name}, line {reader.line_num}: {error}", "write rows of numbers, separated by commas")
        raise TableRefused(*problems, problem) from None
    if problems:
        raise TableRefused(*problems[:_MOST_PROBLEMS])
    if not rows:
        raise TableRefused((f"'{name}' holds no examples", "write a row of names, and below it rows of numbers"))
    return Table(names, tuple(rows))


def _header(where: str, cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise TableRefused((f"{where}: the columns are not separated by commas", "write x1,x2,y"))
    if len(names) > MOST_COLUMNS:
        raise TableRefused((f"{where}: {len(names):,} columns; the limit is {MOST_COLUMNS:,}", "leave out columns"))
    problems: list[tuple[str, str]] = []
    seen: set[str] = set()
    for column, name in enumerate(names, start=1):
        if len(problems) >= _MOST_PROBLEMS:
            break
        wrong = why_no_name(name)
        if wrong is not None:
            problems.append((f"{where}, column {column}: {wrong[0]}", f"the first row names the inputs; {wrong[1]}"))
        elif name in seen:
            problems.append(
                (f"{where}, column {column}: '{shown(name)}' is there twice", "give each column its own name")
            )
        seen.add(name)
    if problems:
        raise TableRefused(*problems)
    return names


def _row(where: str, cells: list[str], names: tuple[str, ...]) -> tuple[tuple[float, ...], list[tuple[str, str]]]:
    if len(cells) != len(names):
        help = "write one number for each name, with a point in it and not a comma (0.5)"
        return (), [
            (f"{where}: {counted(len(cells), 'cell')}, and {counted(len(names), 'name')} in the first row", help)
        ]
    numbers: list[float] = []
    problems: list[tuple[str, str]] = []
    for name, cell in zip(names, cells, strict=True):
        text = cell.strip()
        try:
            if len(text) > LONGEST_NUMBER:
                raise NumberError(f"'{shown(text)}' is not a number", "write a decimal such as 0.5")
            numbers.append(read_number(text))
        except NumberError as error:
            problems.append((f"{where}, column '{shown(name)}': {shown(error.message, 120)}", shown(error.help, 120)))
    return tuple(numbers), problems
