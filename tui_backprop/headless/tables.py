"""How does a table fit the terminal? Drawn by rich, cut into several side parts where it is too wide."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tui_backprop.session import Charset

_WIDTH_WITHOUT_TERMINAL = 120
_SPACE_BETWEEN = 3


def table_of_numbers(headings: Sequence[str], rows: Sequence[Sequence[str]], charset: Charset) -> str:
    """Rows of short texts, aligned to the right. Columns that have no room follow below, again with the first one."""
    widths = [max(map(cell_len, column)) + _SPACE_BETWEEN for column in zip(headings, *rows, strict=True)]
    parts: list[list[int]] = [[0]]
    room = _width() - 1
    for column in range(1, len(headings)):
        used = sum(widths[place] for place in parts[-1])
        if used + widths[column] > room and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(column)
    return "\n".join(_drawn_numbers(part, headings, rows, charset, sum(widths)) for part in parts)


def _drawn_numbers(
    part: Sequence[int], headings: Sequence[str], rows: Sequence[Sequence[str]], charset: Charset, width: int
) -> str:
    table = _table(charset)
    for place in part:
        table.add_column(Text(headings[place]), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(row[place]) for place in part))
    return _drawn(table, width + 2 * _SPACE_BETWEEN)


def table_of_texts(headings: Sequence[str], rows: Sequence[Sequence[str]], charset: Charset) -> str:
    """Rows of texts, aligned to the left; the last column is broken into lines where it is too wide."""
    table = _table(charset)
    for heading in headings:
        table.add_column(Text(heading), no_wrap=heading != headings[-1], overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return _drawn(table, _width())


def _table(charset: Charset) -> Table:
    return Table(box=box.SIMPLE_HEAD if charset == "unicode" else box.ASCII, show_edge=False, pad_edge=False)


def _drawn(table: Table, width: int) -> str:
    # A console of its own that writes into a text: no colours, no markup, whatever the environment says.
    console = Console(
        file=io.StringIO(),
        width=width,
        color_system=None,
        force_terminal=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    with console.capture() as capture:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _width() -> int:
    return max(20, shutil.get_terminal_size((_WIDTH_WITHOUT_TERMINAL, 0)).columns)
