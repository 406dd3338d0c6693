"""The table in a CSV file beside the scenario: what its columns are called, and the cells below them.

Commas, semicolons or tabs are between the columns; the first line tells which.
Only a file in the scenario's own folder is read: whoever wrote the scenario may not look into the rest of the disk.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct

from tui_backprop.maths.tokens import is_name
from tui_backprop.numbers import NumberError, read_number
from tui_backprop.scenario import files
from tui_backprop.scenario.fields import LONGEST_NUMBER
from tui_backprop.scenario.nearest import likewise, shown

MOST_BYTES = 2 * 1024 * 1024
MOST_EXAMPLES = 10_000
MOST_COLUMNS = 100_000
"""Every input is a node of the graph, and a graph has no more."""

MOST_PROBLEMS = 20
_MOST_NAMED = 5

_SEPARATORS = ";,\t"
# What separates nothing: signs in quotes; and, where there are others, one before a blank or inside a number.
_NO_SEPARATOR = (r'"[^"]*"|[;,](?= )|(?<=\d),(?=\d)', r'"[^"]*"')
_NO_SEPARATORS = {"|": "upright strokes", " ": "spaces"}
# How packed files begin, and what spreadsheet programs wrote before they packed.
_SPREADSHEETS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'


class Table(Struct, frozen=True):
    """A table as it is written: what its first row calls the columns, and the cells of the rows below it.

    file: its name, for messages. separator: the sign between two cells. lines: the line of the file in which each row
    begins.
    """

    file: str
    separator: str
    header_line: int
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


class TableRefused(Exception):  # noqa: N818 - the table is refused; nothing went wrong
    """A table cannot be used. `problems` holds pairs of message and help, the first twenty."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(problems[0][0])
        self.problems = problems


def read_table(reference: str, folder: Path | None) -> Table:
    """The table in a file of the folder. Raises TableRefused where the file is none."""
    name = shown(reference)
    path = _inside(reference, folder)
    try:
        data = files.read_regular_file(path, MOST_BYTES)
    except files.FileRefused as refusal:
        raise TableRefused((f"'{name}' {refusal.message}", refusal.help)) from None
    if data.startswith(_SPREADSHEETS):
        help = "save the sheet as CSV in the spreadsheet program, and name that file here: {csv: points.csv}"
        raise TableRefused((f"'{name}' is a spreadsheet (.xlsx, .xls) or another packed file, not a text", help))
    text, flaws = files.decoded(data)
    if flaws:
        raise TableRefused(*_flaws(name, flaws))
    return _table(name, text)


def _flaws(name: str, flaws: Sequence[files.Flaw]) -> Iterator[tuple[str, str]]:
    alike: dict[str, list[files.Flaw]] = {}
    for flaw in flaws:
        alike.setdefault(flaw.message, []).append(flaw)
    for first, *others in islice(alike.values(), MOST_PROBLEMS):
        more = likewise(len(others), [flaw.line for flaw in others], first.line)
        yield f"{name}, line {first.line}, column {first.column}: {first.message}{more}", first.help


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
    lines = text.splitlines(keepends=True)
    separator = _separator(name, lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: tuple[int, tuple[str, ...]] | None = None
    rows: list[tuple[str, ...]] = []
    begins: list[int] = []
    line = 1
    try:
        for cells in reader:
            begin, line = line, reader.line_num + 1
            if not any(map(str.strip, cells)):
                continue
            if header is None:
                header = (begin, _header(name, begin, cells, separator))
                continue
            if len(rows) >= MOST_EXAMPLES:
                help = "leave out rows until it fits"
                raise TableRefused((f"'{name}' has more rows than {MOST_EXAMPLES:,} examples, the limit", help))
            rows.append(tuple(cells))
            begins.append(begin)
    except csv.Error:
        raise TableRefused(_broken_row(name, "".join(lines[line - 1 :]), line, separator)) from None
    if header is None or not rows:
        raise TableRefused((f"'{name}' holds no examples", "write a row of names, and below it rows of numbers"))
    return Table(name, separator, *header, tuple(rows), tuple(begins))


def _broken_row(name: str, text: str, line: int, separator: str) -> tuple[str, str]:
    """What is wrong with the quotes of a row; the text begins with that row, which begins in that line."""
    place, message, help = _broken_cell(text, separator)
    before = files.LINE_BREAK.split(text[:place])
    return f"{name}, line {line + len(before) - 1}, column {len(before[-1]) + 1}: {message}", help


def _broken_cell(text: str, separator: str) -> tuple[int, str, str]:
    """The offset of the first cell that is none, the reason and the remedy."""
    place = 0
    while True:
        end = place
        if text[place : place + 1] == '"':
            quoted = re.compile(_QUOTED).match(text, place)
            end = quoted.end() if quoted else place
            goes_on = text[end : end + 1] not in ("", separator, "\r", "\n")
            if quoted is None or (goes_on and files.LINE_BREAK.search(quoted[0])):
                return place, "this quote is never closed", "close it at the end of its cell, or remove it"
            if goes_on:
                help = 'put the quote at the end of the cell; a quote inside a cell is doubled: ""'
                return end, "the cell goes on after its closing quote", help
        following = re.compile(f"[{separator}\r\n]").search(text, end)
        if following is None or following.start() - place > csv.field_size_limit():
            return place, "this cell is too long for a number", "shorten it"
        place = following.end()


def _header(name: str, line: int, cells: list[str], separator: str) -> tuple[str, ...]:
    """The names of the columns. A column whose name no scenario can use is left alone, but no column is without one."""
    names = tuple(cell.strip() for cell in cells)
    where = f"{name}, line {line}"
    if len(names) > MOST_COLUMNS:
        raise TableRefused((f"{where}: {len(names):,} columns; the limit is {MOST_COLUMNS:,}", "leave out columns"))
    problems: list[tuple[str, str]] = []
    for column, cell in enumerate(cells, start=1):
        if re.search(r"[\r\n]", cell):
            message, help = "a line break inside a name", "write the name in one line"
        elif not cell.strip():
            message, help = "this column has no name", f"name it in line {line}, or remove the column from the file"
        elif _is_number(cell.strip(), separator):
            message = f"'{shown(cell.strip())}' is a number where the name of a column belongs"
            example = separator.join([*(f"x{number}" for number in range(1, min(len(names), _MOST_NAMED))), "y"])
            help = f"the first line names the columns: put one above it, such as {example}"
        else:
            continue
        problems.append((f"{where}, column {column}: {message}", help))
        if len(problems) >= MOST_PROBLEMS or _is_number(cell.strip(), separator):
            break
    if problems:
        raise TableRefused(*problems)
    return names


def _separator(name: str, lines: Sequence[str]) -> str:
    """The sign between the names of the first line. Refuses a table that has others between them."""
    filled = ((number, line.strip("\r\n")) for number, line in enumerate(lines, start=1) if line.strip())
    number, header = next(filled, (1, ""))
    for text in (re.sub(inside, "", header) for inside in _NO_SEPARATOR):
        most = max(_SEPARATORS, key=text.count)
        if most in text:
            return most
    _, below = next(filled, (0, ""))
    for sign, called in _NO_SEPARATORS.items():
        names, row = ([cell.strip(' "') for cell in line.split(sign)] for line in (header, below))
        if sign in header and all(map(is_name, names)):
            help = f"write commas between the columns and points in the numbers: {shown(','.join(names), 120)}"
            if below:
                help += f", and below it {shown(','.join(cell.replace(',', '.') for cell in row), 120)}"
            where = f"{name}, line {number}, column {header.index(sign) + 1}"
            raise TableRefused((f"{where}: {called} separate the columns, not commas, semicolons or tabs", help))
    return ","


def number_in(cell: str, separator: str) -> float:
    """The number in a cell of a table with this separator. Raises NumberError where it is none."""
    text = cell.strip()
    if "\n" in cell or "\r" in cell:
        raise NumberError("a line break inside a number", "write the number in one line, and close the quote behind it")
    if len(text) > LONGEST_NUMBER:
        raise NumberError(f"'{shown(text)}' is not a number", "write a decimal such as 0.5")
    if separator != ";" or text.count(",") != 1 or "." in text:
        return read_number(text)
    # Semicolons separate where a comma is the decimal point.
    try:
        return read_number(text.replace(",", "."))
    except NumberError as error:
        pointed = text.replace(",", ".")
        raise NumberError(error.message.replace(pointed, text), error.help.replace(pointed, text)) from None


def _is_number(text: str, separator: str) -> bool:
    try:
        number_in(text, separator)
    except NumberError:
        return False
    return True
