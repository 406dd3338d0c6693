"""`list` and `show`: the scenarios that come with the program, the slips, and the file of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tui_backprop.api import load
from tui_backprop.charset import Charset, spelled
from tui_backprop.explain.slips import SLIPS
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.headless.json_text import dumped
from tui_backprop.headless.output import print_data
from tui_backprop.safe_text import safe_text
from tui_backprop.scenario.bundled import bundled_names, resolve
from tui_backprop.scenario.source import MOST_BYTES
from tui_backprop.scenario.text_file import text_of_file

ListFormat = Literal["text", "json"]


def list_scenarios(format: ListFormat, charset: Charset) -> int:
    """Print name, title and summary of every bundled scenario."""
    rows = [(name, scenario.title, scenario.summary) for name in bundled_names() for scenario in (load(name),)]
    return _printed("list", "scenarios", ("name", "title", "summary"), rows, format, charset)


def list_slips(format: ListFormat, charset: Charset) -> int:
    """Print every slip, and what is said of it."""
    rows = [(slip.name, slip.says) for slip in SLIPS.values()]
    return _printed("slips", "slips", ("name", "says"), rows, format, charset)


def _printed(
    document: str,
    what: str,
    headings: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    format: ListFormat,
    charset: Charset,
) -> int:
    if format == "json":
        lines = ",\n".join(f"  {dumped(dict(zip(headings, row, strict=True)))}" for row in rows)
        print_data(f'{{"schema": "backprop-tui/{document}/1",\n "{what}": [\n{lines}\n ]}}\n')
        return Exit.DONE
    # Here, because only tables need rich, and it takes its time to come.
    from tui_backprop.headless.tables import table_of_texts

    shown = [tuple(spelled(safe_text(field), charset) for field in row) for row in rows]
    print_data(table_of_texts(headings, shown, charset))
    return Exit.DONE


def show_scenario(word: str) -> int:
    """Print the file of a scenario. Raises ScenarioError where it cannot be read or is no text."""
    text, _ = text_of_file(resolve(word), MOST_BYTES)
    print_data(text if text.endswith("\n") else f"{text}\n")
    return Exit.DONE
