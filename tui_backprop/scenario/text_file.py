"""The text of a file that somebody wrote: a scenario, answers, gradients; or what is wrong with it as a text."""

from __future__ import annotations

import os

from tui_backprop.errors import Place
from tui_backprop.scenario import files
from tui_backprop.scenario.report import Report


def text_of_file(path: str | os.PathLike[str], most_bytes: int) -> tuple[str, Report]:
    """The text of an ordinary file, and the report on it. Raises ScenarioError where it cannot be read as a text."""
    report = Report(os.fspath(path))
    return text_of(bytes_of_file(path, most_bytes), report), report


def bytes_of_file(path: str | os.PathLike[str], most_bytes: int) -> bytes:
    """What an ordinary file holds. Raises ScenarioError where it cannot be read, or is larger than so many bytes."""
    try:
        return files.read_regular_file(path, most_bytes)
    except files.FileRefused as refusal:
        report = Report(os.fspath(path))
        report.add(None, f"the file {refusal.message}", refusal.help)
        report.fail()


def text_of(data: bytes, report: Report) -> str:
    """The text of bytes in UTF-8, whose lines the report has from now on. Raises ScenarioError where they are none."""
    text, flaws = files.decoded(data)
    report.lines = files.LINE_BREAK.split(text)
    for flaw in flaws:
        report.add(Place(flaw.line, flaw.column), flaw.message, flaw.help)
    report.fail_if_any()
    return text
