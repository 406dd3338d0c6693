"""Gradients that somebody else computed, as a file has them: JSON, YAML, or a CSV table of names and values."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from tui_backprop.errors import Place
from tui_backprop.numbers import NumberError, read_number
from tui_backprop.scenario.fields import read_integer, read_mapping, read_numeral
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.source import read_tree
from tui_backprop.scenario.text_file import text_of_file
from tui_backprop.scenario.tree import Mapping, Node, Sequence

MOST_BYTES = 16 * 1024 * 1024
_EXAMPLE, _GRADIENTS = "example", "gradients"
_WANTED = "write a name and a number for each gradient, such as w1: 0.5"


class GradientsFile(Struct, frozen=True):
    """What stands in such a file.

    entries: by name a number, or lists of numbers: the rows of an array. example: the one whose gradients they are;
    None: those of the batch. places: where each name stands, where that is known.
    """

    report: Report
    entries: dict[str, Any]
    example: int | None
    places: dict[str, Place]


def read_gradients(path: str | os.PathLike[str]) -> GradientsFile:
    """The gradients in a file. Raises ScenarioError, with everything that is wrong, where it cannot be read."""
    text, report = text_of_file(path, MOST_BYTES)
    if report.file.lower().endswith(".csv"):
        found = _of_table(report, text)
    else:
        found = (_of_json(report, text) if text.lstrip().startswith("{") else None) or _of_yaml(report, text)
    report.fail_if_any()
    return found


def _of_json(report: Report, text: str) -> GradientsFile | None:
    """None for what is no JSON: it may be YAML in braces."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    example = None
    if isinstance(document.get(_GRADIENTS), dict):
        example, document = document.get(_EXAMPLE), document[_GRADIENTS]
        if example is not None and (not isinstance(example, int) or isinstance(example, bool)):
            report.add(None, "'example' is not a whole number", "examples are counted from 0: write 0 for the first")
    return GradientsFile(report, document, example, {})


def _of_yaml(report: Report, text: str) -> GradientsFile:
    example: int | None = None
    places: dict[str, Place] = {}
    entries: dict[str, Any] = {}
    root = read_tree(text, report, _WANTED)
    top = None if root is None else read_mapping(report, root, "a file of gradients", _WANTED)
    inner = top.get(_GRADIENTS) if top else None
    if top and inner is not None and isinstance(inner.value, Mapping):
        at = top.get(_EXAMPLE)
        example = read_integer(report, at.value, "'example'", 0, 10**9) if at else None
        top = inner.value
    for pair in top.entries if top else ():
        places[pair.key.text] = pair.key.place
        entries[pair.key.text] = _value(report, pair.key.text, pair.value)
    return GradientsFile(report, entries, example, places)


def _value(report: Report, name: str, node: Node) -> Any:
    """A number, or rows of numbers."""
    what = f"the gradient of '{name}'"
    if not isinstance(node, Sequence):
        return read_numeral(report, node, what)
    return [
        [read_numeral(report, number, what) for number in row.items]
        if isinstance(row, Sequence)
        else read_numeral(report, row, what)
        for row in node.items
    ]


def _rows(report: Report, lines: list[str], separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=separator)
    except csv.Error:
        report.add(None, "a cell is too long for a name or a number", "write name,value in each line, such as w1,0.5")


def _of_table(report: Report, text: str) -> GradientsFile:
    lines = text.splitlines()
    separator = next((sign for sign in ";\t" if lines and sign in lines[0]), ",")
    entries: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for line, row in enumerate(_rows(report, lines, separator), start=1):
        name, *values = (cell.strip() for cell in row) if row else ("",)
        place = Place(line, 1, max(1, len(name)))
        if not name and not values:
            continue
        if len(values) != 1:
            report.add(place, "a line needs a name and a value", "write name,value in each line, such as w1,0.5")
        elif name in entries:
            report.add(place, f"'{name}' is given twice", "leave one of the two out")
        else:
            try:
                entries[name] = read_number(values[0].replace(",", ".") if separator == ";" else values[0])
                places[name] = place
            except NumberError as error:
                # The first line may say what the columns are.
                if line > 1 or any(sign.isdigit() for sign in values[0]):
                    report.add(place, error.message, error.help)
    return GradientsFile(report, entries, None, places)
