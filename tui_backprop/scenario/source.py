"""From the text of a scenario to a tree of scalars, lists and mappings, each with its place.

The only room that knows YAML, and of YAML only the pure-Python events: nothing is constructed, resolved or typed here.
Events come one after the other, so nothing recurses, however deep the text nests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Lines

import yaml

from tui_backprop.errors import Place
from tui_backprop.scenario import files
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.syntax_help import (
    Complaint,
    Explanation,
    directive_explanation,
    explain,
    in_quotes,
    tab_explanation,
)
from tui_backprop.scenario.tree import Node, Scalar
from tui_backprop.scenario.tree_builder import Mark, ReadingStopped, TreeBuilder, goes_on

MOST_BYTES = 256 * 1024

# After a line that YAML could not read, reading begins again with that line's value put aside: so often, and for as
# much text altogether.
_MOST_TRAPS = 20
_MOST_REREAD = 512 * 1024
_MOST_NODES_REREAD = 50_000


def read_tree(text: str, report: Report, help: str) -> Node | None:
    """The tree of a text, with its problems noted; None where it could not be read to the end, or is empty.

    help: what such a file begins with, for one that is empty.
    """
    lines = files.LINE_BREAK.split(text)
    report.lines = lines
    tabs = [number for number, line in enumerate(lines) if _indented_by_tab(line)]
    if tabs:
        for number in tabs:
            _note(report, tab_explanation(number, lines[number].index("\t")))
        return None
    told, builder, finished = _read_around_traps(text, lines)
    lines_told = {explanation.line for explanation in told}
    for explanation in [*told, *(problem for problem in builder.problems if problem.line not in lines_told)]:
        _note(report, explanation)
    if finished and builder.root is None:
        report.add(Place(1, 1), "the file is empty", help)
    return builder.root if finished else None


def eaten_by_comment(scalar: Scalar, lines: Lines[str]) -> tuple[Place, str] | None:
    """The place of a ` #` directly behind a plain scalar, and the value with what it made a comment, in quotes."""
    if scalar.style != "plain" or scalar.line != scalar.end_line:
        return None
    line = lines[scalar.line - 1]
    behind = line[scalar.end_column - 1 :].lstrip()
    if not behind.startswith("#"):
        return None
    return Place(scalar.line, len(line) - len(behind) + 1, len(behind)), in_quotes(line[scalar.column - 1 :])


def no_space_after_colon(scalar: Scalar) -> tuple[Place, str, str] | None:
    """Place, message and help where a plain scalar is `name:value`, which YAML does not read as a name and a value."""
    name, _, rest = scalar.text.partition(":")
    if scalar.style != "plain" or not rest or rest[0].isspace() or not name or any(map(str.isspace, name)):
        return None
    rest = rest.split(maxsplit=1)[0]
    message, help = f"'{shown(name)}:' needs a space after it", f"write {shown(name)}: {shown(rest)}"
    return scalar.place_at(len(name), len(name) + 1), message, help


def _read_around_traps(text: str, lines: Lines[str]) -> tuple[list[Explanation], TreeBuilder, bool]:
    """Read, and where one line's value stops the reader, read again with that value put aside."""
    told: list[Explanation] = []
    put_aside: set[int] = set()
    current = list(lines)
    reread = nodes_reread = 0
    while True:
        builder = TreeBuilder(current, put_aside)
        trap = _read(text, builder)
        if trap is None:
            return told, builder, True
        told.append(trap)
        reread += len(text)
        nodes_reread += builder.nodes
        enough = reread > _MOST_REREAD or nodes_reread > _MOST_NODES_REREAD
        given_up = len(told) >= _MOST_TRAPS or enough
        if trap.value_column is None or trap.line in put_aside or given_up or goes_on(trap.line, current):
            return told, builder, False
        put_aside.add(trap.line)
        current[trap.line - 1] = current[trap.line - 1][: trap.value_column - 1] + '""'
        text = "\n".join(current)


def _read(text: str, builder: TreeBuilder) -> Explanation | None:
    """Feed the events of a text to the builder; what stopped it, if something did."""
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            _feed(builder, event)
    except ReadingStopped as stop:
        return stop.explanation
    except yaml.MarkedYAMLError as error:
        return explain(_complaint(error, builder), builder.lines)
    except (yaml.YAMLError, ValueError, OverflowError):
        # An escape beyond the last character there is: the reader trips over it without saying where.
        return _impossible_escape(builder.lines)
    return None


def _feed(builder: TreeBuilder, event: yaml.Event) -> None:
    start = _mark(event.start_mark)
    if isinstance(event, yaml.ScalarEvent):
        marked = event.anchor is not None or event.tag is not None
        builder.scalar(event.value, event.style or "", start, _mark(event.end_mark), marked)
    elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
        marked = event.anchor is not None or event.tag is not None
        builder.begin(isinstance(event, yaml.MappingStartEvent), start, bool(event.flow_style), marked)
    elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
        builder.end()
    elif isinstance(event, yaml.AliasEvent):
        builder.alias(start)
    elif isinstance(event, yaml.DocumentStartEvent):
        builder.begin_document(start)
        if event.tags:
            directive = next(number for number, line in enumerate(builder.lines) if line.startswith("%TAG"))
            builder.problems.append(directive_explanation(directive))


def _mark(mark: object) -> Mark:
    return (mark.line, mark.column) if isinstance(mark, yaml.Mark) else (0, 0)


def _complaint(error: yaml.MarkedYAMLError, builder: TreeBuilder) -> Complaint:
    return Complaint(
        error.problem or "",
        *_mark(error.problem_mark),
        error.context or "",
        *_mark(error.context_mark),
        builder.open_flow(),
    )


def _impossible_escape(lines: Lines[str]) -> Explanation:
    for number, line in enumerate(lines, start=1):
        for match in re.finditer(r"\\U([0-9A-Fa-f]{8})", line):
            if int(match[1], 16) > 0x10FFFF:
                return Explanation(number, match.start() + 1, "an escape that stands for no character", "remove it")
    return Explanation(1, 1, "this cannot be read as YAML", "write the file in plain lines of 'name: value'")


def _indented_by_tab(line: str) -> bool:
    stripped = line.lstrip(" \t")
    return bool(stripped) and "\t" in line[: len(line) - len(stripped)]


def _note(report: Report, explanation: Explanation) -> None:
    report.add(Place(explanation.line, explanation.column, explanation.length), explanation.message, explanation.help)
