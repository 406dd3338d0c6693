"""From a stream of scalars, beginnings and ends to a tree, without what a scenario may not have.

Limits, anchors, aliases, tags, duplicate keys, further documents and hidden characters are met here, each by its own
message. Nothing here knows YAML's reader; `source` does. Lines and columns come in as it has them, counted from 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Lines
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from tui_backprop.errors import Place
from tui_backprop.scenario import files
from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.syntax_help import (
    Explanation,
    merge_explanation,
    second_document_explanation,
    sign_explanation,
)
from tui_backprop.scenario.tree import MERGE_KEY, Mapping, Node, Pair, Scalar, Sequence

MOST_NODES = 20_000
MOST_NESTING = 32

Mark = tuple[int, int]
"""A line and a column, counted from 0."""

_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(rf"\\(?:x({_HEX}{{2}})|u({_HEX}{{4}})|U(00(?:0{_HEX}|10){_HEX}{{4}})|(.))")
_NAMED_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", "N": "\x85"} | {
    "L": "\N{LINE SEPARATOR}",
    "P": "\N{PARAGRAPH SEPARATOR}",
}


class ReadingStopped(Exception):  # noqa: N818 - it ends the reading of one text, and is always caught
    """There is no going on with this text; `explanation` says why."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation.message)
        self.explanation = explanation


class _Open(Struct):
    """A list or a mapping that is not closed yet."""

    is_mapping: bool
    start: Mark
    flow: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Pair] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    key: Scalar | None = None

    @property
    def place(self) -> Place:
        return Place(self.start[0] + 1, self.start[1] + 1)


class TreeBuilder:
    """Makes the tree of one text. `put_aside`: lines (from 1) whose value has been reported and replaced by `""`;
    `nodes`: how many scalars, lists and mappings there were so far.

    Every method raises ReadingStopped where there is no going on.
    """

    def __init__(self, lines: Lines[str], put_aside: set[int]) -> None:
        self.lines = lines
        self.put_aside = put_aside
        self.root: Node | None = None
        self.problems: list[Explanation] = []
        self._open: list[_Open] = []
        self.nodes = 0
        self._documents = 0

    def open_flow(self) -> Mark | None:
        """The innermost bracket or brace that is not closed."""
        return next((frame.start for frame in reversed(self._open) if frame.flow), None)

    def begin_document(self, start: Mark) -> None:
        """A document begins; the first is the only one."""
        self._documents += 1
        if self._documents > 1:
            raise ReadingStopped(second_document_explanation(*start))

    def scalar(self, text: str, style: str, start: Mark, end: Mark, marked: bool) -> None:
        """A scalar. `style` is empty, a quote, or a block's sign; `marked`: it has an anchor or a tag."""
        self._begin_node(start, marked)
        line, column = start
        kind: Literal["plain", "quoted", "block"] = (
            "plain" if not style else "quoted" if style in ("'", '"') else "block"
        )
        text_column = None
        if line == end[0] and kind != "block":
            margin = 1 if kind == "quoted" else 0
            written = self.lines[line][column + margin : end[1] - margin]
            text_column = column + margin + 1 if written == text else None
        refused = line + 1 in self.put_aside and kind == "quoted" and not text
        if style == '"' and files.first_refused(text) is not None:
            self._refuse_escape(text, start, end)
            refused = True
        self._place(Scalar(text, kind, line + 1, column + 1, end[0] + 1, end[1] + 1, text_column, refused))

    def alias(self, start: Mark) -> None:
        """An alias, which stands for nothing here."""
        if self.open_flow() is None and not self._merges():
            raise ReadingStopped(sign_explanation(*start, self.lines))
        self._begin_node(start, marked=True)
        line, column = start[0] + 1, start[1] + 1
        self._place(Scalar("", "plain", line, column, line, column, refused=True))

    def begin(self, is_mapping: bool, start: Mark, flow: bool, marked: bool) -> None:
        """A list or a mapping begins."""
        self._begin_node(start, marked)
        if len(self._open) >= MOST_NESTING:
            message = f"lists and mappings nest deeper than {MOST_NESTING} levels"
            raise ReadingStopped(
                Explanation(start[0] + 1, start[1] + 1, message, "a scenario needs five levels at most")
            )
        self._open.append(_Open(is_mapping, start, flow))

    def end(self) -> None:
        """The innermost list or mapping ends."""
        frame = self._open.pop()
        node: Node
        if frame.is_mapping:
            node = Mapping(tuple(frame.entries), frame.place, frame.flow)
        else:
            node = Sequence(tuple(frame.items), frame.place, frame.flow)
        self._place(node)

    # --- what a scenario may not have

    def _begin_node(self, start: Mark, marked: bool) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            message = f"the file has more than {MOST_NODES:,} names, values, lists and mappings"
            help = "put long data into a file of its own: data: {csv: points.csv}"
            raise ReadingStopped(Explanation(start[0] + 1, start[1] + 1, message, help))
        if not marked or self._merges():
            return
        # An anchor, an alias or a tag. Alone in its line its value is put aside, elsewhere it is noted and passed over.
        explanation = sign_explanation(*start, self.lines)
        if explanation.value_column is not None and not self.open_flow() and not goes_on(start[0] + 1, self.lines):
            raise ReadingStopped(explanation)
        self.problems.append(explanation)

    def _merges(self) -> bool:
        """Whether what comes belongs to a merge key, which is refused with all that is merged."""
        return any(frame.key is not None and _is_merge(frame.key) for frame in self._open)

    def _refuse_escape(self, text: str, start: Mark, end: Mark) -> None:
        """A character that a text may not have can be hidden in an escape."""
        character = files.first_refused(text)
        assert character is not None
        found = (
            (number, _escape_of(character, self.lines[number], start[1] if number == start[0] else 0))
            for number in range(start[0], end[0] + 1)
        )
        line, column = next(((number, column) for number, column in found if column is not None), start)
        self.problems.append(Explanation(line + 1, column + 1, *files.why_refused(character)))

    # --- putting nodes together

    def _place(self, node: Node) -> None:
        """Put a finished node where it belongs: into the list or mapping around it, as item, key or value."""
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = node if isinstance(node, Scalar) else self._no_key(node)
        else:
            key, frame.key = frame.key, None
            self._add(frame, *self._with_space(frame, key, node))

    def _no_key(self, node: Sequence | Mapping) -> Scalar:
        line, column = node.place.line, node.place.column
        message = "there is a list or a mapping where a name belongs"
        self.problems.append(Explanation(line, column, message, "write name: value"))
        return Scalar("", "plain", line, column, line, column, refused=True)

    def _with_space(self, frame: _Open, key: Scalar, value: Node) -> tuple[Scalar, Node]:
        """`{x:1}` is read by YAML as the name `x:1` with nothing after it: note it, and read what was meant."""
        empty = isinstance(value, Scalar) and not value.text and value.style == "plain"
        name, _, rest = key.text.partition(":")
        if not frame.flow or not empty or not name or not rest or key.style != "plain" or key.text_column is None:
            return key, value
        middle = key.column + len(name)
        message = f"'{shown(name)}:' needs a space after it"
        self.problems.append(Explanation(key.line, middle, message, f"write {shown(name)}: {shown(rest)}"))
        return (
            Scalar(name, "plain", key.line, key.column, key.line, middle, key.column),
            Scalar(rest, "plain", key.line, middle + 1, key.line, key.end_column, middle + 1),
        )

    def _add(self, frame: _Open, key: Scalar, value: Node) -> None:
        """Note a merge key or a key that was there before; what stands behind it is read all the same."""
        if _is_merge(key):
            self.problems.append(merge_explanation(key.line - 1, key.column - 1))
            key = replace(key, refused=True)
        elif not key.refused and key.text in frame.keys:
            message = f"'{shown(key.text)}' is given twice"
            help = f"remove one of the two; the first is in line {frame.keys[key.text]}"
            self.problems.append(Explanation(key.line, key.column, message, help, length=key.place.length))
            key = replace(key, refused=True)
        else:
            frame.keys[key.text] = key.line
        frame.entries.append(Pair(key, value))


def _is_merge(key: Scalar) -> bool:
    return key.text == MERGE_KEY and key.style == "plain"


def goes_on(line: int, lines: Lines[str]) -> bool:
    """Whether the value of a line (counted from 1) goes on in the lines after it."""
    following = next((text for text in lines[line:] if text.strip() and not text.lstrip().startswith("#")), "")
    return _indent(following) > _indent(lines[line - 1])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _escape_of(character: str, line: str, start: int) -> int | None:
    """The column (from 0) of the escape that stands for a character, at or after a start."""
    for match in _ESCAPE.finditer(line, start):
        code = match[1] or match[2] or match[3]
        if character == (chr(int(code, 16)) if code else _NAMED_ESCAPES.get(match[4])):
            return match.start()
    return None
