"""A table made to fit the terminal: cut into parts side by side, or its last column broken into lines."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_backprop.charset import Charset
from tui_backprop.safe_text import cell_width

if TYPE_CHECKING:
    from rich.table import Table

_WIDTH_WITHOUT_TERMINAL = 120
_BETWEEN = {"unicode": "   ", "ascii": " | "}
_BETWEEN_IN_RULE = {"unicode": "───", "ascii": "-+-"}
_RULE = {"unicode": "─", "ascii": "-"}
_SPACE_BETWEEN = 3


def table_of_numbers(headings: Sequence[str], rows: Sequence[Sequence[str]], charset: Charset) -> str:
    """Rows of short texts, aligned to the right. Columns that have no room follow below, again with the first one."""
    widths = [max(map(cell_width, column)) for column in zip(headings, *rows, strict=True)]
    parts: list[list[int]] = [[0]]
    room = _width() - 1
    for column in range(1, len(headings)):
        used = sum(widths[place] + _SPACE_BETWEEN for place in parts[-1])
        if used + widths[column] + _SPACE_BETWEEN > room and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(column)
    return "\n".join(_drawn_numbers(part, headings, rows, widths, charset) for part in parts)


def _drawn_numbers(
    part: Sequence[int], headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], charset: Charset
) -> str:
    # Drawn without rich, which would take longer to come than all else that a short run needs.
    lines = [
        _BETWEEN[charset].join(" " * (widths[place] - cell_width(row[place])) + row[place] for place in part)
        for row in (headings, *rows)
    ]
    lines.insert(1, _BETWEEN_IN_RULE[charset].join(_RULE[charset] * widths[place] for place in part))
    return "".join(f"{line}\n" for line in lines)


def table_of_texts(headings: Sequence[str], rows: Sequence[Sequence[str]], charset: Charset) -> str:
    """Rows of texts, aligned to the left; the last column is broken into lines where it is too wide."""
    from rich.text import Text

    table = _table(charset)
    for heading in headings:
        table.add_column(Text(heading), no_wrap=heading != headings[-1], overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return _drawn(table, _width())


def _table(charset: Charset) -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD if charset == "unicode" else box.ASCII, show_edge=False, pad_edge=False)


def _drawn(table: Table, width: int) -> str:
    import io

    from rich.console import Console

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
