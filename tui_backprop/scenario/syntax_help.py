"""What someone meant who wrote something that YAML reads otherwise, and what to write instead.

YAML's own words for what is wrong ("found character that cannot start any token") help nobody who wanted to write an
equation. Here they become a place, a reason and a remedy. Nothing here reads YAML; `source` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from tui_backprop.scenario.nearest import shown
from tui_backprop.scenario.tree import MERGE_KEY

# The key of a line: `w1: `, `- x: `. What follows it is the line's value.
_KEY = r"(?P<indent>\s*(?:- +)*)(?P<key>[^\s:#'\"\[\]{},&*!|>%@`-][^:#]*):"
_KEYED_LINE = rf"{_KEY}(?: +(?P<value>.*))?"
_VALUE_START = rf"{_KEY} +"
_NO_SPACE = r"\s*(?:- +)*(?P<key>[^\s:#'\"\[\]{},&*!|>%@`-][^:\s]*):(?P<value>\S.*)"
_EQUALS = r"\s*(?P<key>\w+) *= *(?P<value>\S.*)"
_QUOTES = ("'", '"')

_LONGEST_QUOTED = 60
"""A longer text is not repeated in a help text."""

SIGNS = {
    "*": "'*' begins an alias in YAML, and scenarios have no aliases",
    "&": "'&' begins an anchor in YAML, and scenarios have no anchors",
    "!": "'!' begins a tag in YAML, and scenarios have no tags",
    "|": "'|' begins a block of text in YAML",
    ">": "'>' begins a block of text in YAML",
    "?": "'? ' begins a key in YAML",
    "-": "'- ' begins an item of a list in YAML",
    "%": "'%' cannot begin a value in YAML",
    "@": "'@' cannot begin a value in YAML",
    "`": "'`' cannot begin a value in YAML",
    "]": "this ] closes nothing",
    "}": "this } closes nothing",
    ",": "a ',' with nothing before it",
}


class Complaint(Struct, frozen=True):
    """What the YAML reader said; lines and columns count from 0 here, as its own do."""

    problem: str
    line: int
    column: int
    context: str = ""
    context_line: int = 0
    context_column: int = 0
    open_flow: tuple[int, int] | None = None
    """The innermost bracket or brace that was open, as (line, column)."""


class Explanation(Struct, frozen=True):
    """A problem of syntax, with lines and columns from 1. With a `value_column`, only that line's value is wrong, from
    there to its end: what is wrong elsewhere can still be told. `length`: how far the caret reaches."""

    line: int
    column: int
    message: str
    help: str
    value_column: int | None = None
    length: int = 1


def explain(complaint: Complaint, lines: Sequence[str]) -> Explanation:
    """The reason and the remedy for what the YAML reader stumbled over."""
    for sign, explanation in _EXPLANATIONS:
        if sign in complaint.problem or sign in complaint.context:
            found = explanation(complaint, lines)
            if found is not None:
                return found
    line, column = _inside(complaint.line, complaint.column, lines)
    return Explanation(
        line + 1,
        column + 1,
        f"this cannot be read as YAML: {shown(complaint.problem, 80)}",
        "put quotes around an expression or a text with special signs",
    )


def sign_explanation(line: int, column: int, lines: Sequence[str]) -> Explanation:
    """A value that begins with a sign that YAML takes for its own, at a line and column counted from 0."""
    sign = lines[line][column : column + 1]
    value = _value_of(lines[line], column)
    # No more than is shown: a line may have thousands of such signs.
    written = lines[line][column : column + 2 * _LONGEST_QUOTED]
    if value is None:
        written = re.split(r"[]},]", written, maxsplit=1)[0]
    message = SIGNS.get(sign, "a value is missing here")
    remedy = f"an expression or a text that begins with {sign} needs quotes: {in_quotes(written)}"
    if sign in ("&", "*"):
        remedy += "; a value that is used twice is written twice"
    if sign == "|":
        remedy = f"an absolute value is written abs(w); {remedy}"
    if sign in ("]", "}", ","):
        remedy = "remove it, or put the value in quotes if it belongs to a text"
    return Explanation(line + 1, column + 1, message, remedy, value)


def merge_explanation(line: int, column: int) -> Explanation:
    """`<<: …`, with which YAML takes the entries of another mapping, at a line and column counted from 0."""
    message = f"'{MERGE_KEY}' is YAML's merge key, and scenarios have no merging"
    return Explanation(line + 1, column + 1, message, "write the entries out here", length=len(MERGE_KEY))


def in_quotes(value: str) -> str:
    """The value as it would stand in quotes, for a help text."""
    value = value.strip()
    if len(value) > _LONGEST_QUOTED or ('"' in value and "'" in value):
        return '"…"'
    return f"'{value}'" if '"' in value or "\\" in value else f'"{value}"'


def no_space(text: str) -> str | None:
    """The key, where the text is `key:value` without the space that YAML wants after the colon."""
    match = re.fullmatch(_NO_SPACE, text)
    return match["key"] if match else None


def _value_of(line: str, column: int) -> int | None:
    """The column (from 1) at which a line's value begins, if it begins by a column (from 0) and not with a bracket."""
    match = re.match(_VALUE_START, line)
    if match is None or line[match.end() : match.end() + 1] in ("[", "{"):
        return None
    return match.end() + 1 if match.end() <= column else None


def _inside(line: int, column: int, lines: Sequence[str]) -> tuple[int, int]:
    """The place itself, or the end of the last line that has something in it."""
    line = min(line, len(lines) - 1)
    while line > 0 and not lines[line].strip():
        line -= 1
        column = len(lines[line].rstrip())
    return line, min(column, len(lines[line]))


def _second_colon(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = complaint.line, complaint.column
    text = lines[line]
    match = re.fullmatch(_KEYED_LINE, text)
    if match and match["value"] is not None and match.end("key") < column:
        key, value = match["key"].rstrip(), match["value"]
        remedy = f"put the value in quotes: {shown(key)}: {in_quotes(value)}"
        return Explanation(line + 1, column + 1, "a second ': ' in one line", remedy, _value_of(text, column))
    above = _line_above(line, lines)
    if above is None:
        return None
    key_above = no_space(lines[above])
    if key_above is not None:
        return _missing_space(above, lines)
    above_match = re.fullmatch(_KEYED_LINE, lines[above])
    start = len(text) - len(text.lstrip(" "))
    if above_match is None:
        return _no_colon(above, lines)
    if start > len(above_match["indent"]):
        message = "this line is indented more than the one above it, so YAML reads it as more of the same value"
        return Explanation(line + 1, start + 1, message, "line it up with the line above")
    return None


def _line_above(line: int, lines: Sequence[str]) -> int | None:
    for above in range(line - 1, -1, -1):
        text = lines[above].strip()
        if text and not text.startswith("#"):
            return above
    return None


def _missing_space(line: int, lines: Sequence[str]) -> Explanation:
    match = re.fullmatch(_NO_SPACE, lines[line])
    assert match is not None
    key, value = match["key"], match["value"]
    return Explanation(
        line + 1, match.end("key") + 1, f"'{shown(key)}:' needs a space after it", f"write {shown(f'{key}: {value}')}"
    )


def _no_colon(line: int, lines: Sequence[str]) -> Explanation:
    text = lines[line]
    start = len(text) - len(text.lstrip(" "))
    if no_space(text) is not None:
        return _missing_space(line, lines)
    remedy = "every line here is a name, a colon, a space and a value"
    equals = re.fullmatch(_EQUALS, text)
    if equals is not None:
        remedy = f"write {shown(equals['key'])}: {shown(equals['value'])}"
    length = len(text.strip()) or 1
    return Explanation(line + 1, start + 1, "this line has no ': '", remedy, length=length)


def _simple_key(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    return _no_colon(complaint.context_line, lines)


def _list_item(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    return sign_explanation(complaint.line, complaint.column, lines)


def _begun_by_sign(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = complaint.context_line, complaint.context_column
    return _after_the_end(line, column, lines) or sign_explanation(line, column, lines)


def _cannot_start(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = complaint.line, complaint.column
    if lines[line][column : column + 1] == "\t":
        return tab_explanation(line, column)
    return _after_the_end(line, column, lines) or sign_explanation(line, column, lines)


def tab_explanation(line: int, column: int) -> Explanation:
    """A tab where YAML wants spaces, at a line and column counted from 0."""
    return Explanation(line + 1, column + 1, "a tab where YAML needs spaces", "write spaces instead of the tab")


def _after_the_end(line: int, column: int, lines: Sequence[str]) -> Explanation | None:
    """Something that stands behind a closing quote or bracket in its line."""
    text = lines[line]
    before = text[:column].rstrip()
    start = _value_of(text, column)
    if before.endswith(_QUOTES) and start is not None and text[start - 1] in _QUOTES and start < len(before):
        quote, whole = text[start - 1], text[start - 1 :].rstrip()
        inner = whole[1:-1] if whole.endswith(quote) else whole.replace(quote, "")
        remedy = f"put all of it inside one pair of quotes: {in_quotes(inner)}"
        if text[start - 1] == "'":
            remedy += "; an apostrophe inside single quotes is doubled"
        return Explanation(line + 1, column + 1, "the text goes on after its closing quote", remedy, start)
    if text[column : column + 1] not in ("]", "}") and before.endswith(("]", "}")):
        remedy = "an expression is written with round parentheses; a text with brackets needs quotes"
        return Explanation(line + 1, column + 1, "there is something after the closing bracket", remedy)
    return None


def _unclosed_quote(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    return Explanation(
        complaint.context_line + 1,
        complaint.context_column + 1,
        "this quote is never closed",
        "close it at the end of the text; a text with an apostrophe needs double quotes",
    )


def _escape(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = _inside(complaint.line, complaint.column, lines)
    remedy = "in single quotes, or without any, a backslash is only a backslash"
    value = _value_of(lines[line], column)
    return Explanation(line + 1, column + 1, "a backslash that begins no known escape", remedy, value)


def _block_end(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = _inside(complaint.line, complaint.column, lines)
    after = _after_the_end(line, column, lines)
    if after is not None:
        return after
    found = lines[line][column : column + 1]
    first = not lines[line][:column].strip()
    if not first and found in SIGNS:
        return sign_explanation(line, column, lines)
    if found == ":" and first:
        return Explanation(line + 1, column + 1, "a name is missing before ':'", "write name: value")
    if found == "-" and first:
        message = "an item of a list among 'name: value' lines"
        return Explanation(line + 1, column + 1, message, "indent the items of a list under the name they belong to")
    if first:
        message = "this line's indentation fits none of the lines above it"
        return Explanation(line + 1, column + 1, message, "line it up with the lines it belongs to")
    return None


def _flow(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = _inside(complaint.line, complaint.column, lines)
    if complaint.open_flow is not None and (
        complaint.problem.endswith("'<stream end>'") or complaint.line > complaint.open_flow[0]
    ):
        open_line, open_column = complaint.open_flow
        sign = lines[open_line][open_column]
        closing = "]" if sign == "[" else "}"
        message = f"this {sign} is never closed"
        return Explanation(
            open_line + 1, open_column + 1, message, f"add the {closing}, and separate entries with commas"
        )
    if "but got" in complaint.problem:
        message = "this does not fit between the brackets"
        return Explanation(
            line + 1, column + 1, message, "separate entries with commas, as in {x: 1, y: 0} or [0.1, 0.2]"
        )
    return None


def _value_missing(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = _inside(complaint.line, complaint.column, lines)
    if complaint.open_flow is not None:
        message = "a name or a value is missing here"
        return Explanation(line + 1, column + 1, message, "write entries as in {x: 1, y: 0} or [0.1, 0.2]")
    return sign_explanation(line, column, lines)


def _document(complaint: Complaint, lines: Sequence[str]) -> Explanation | None:
    line, column = _inside(complaint.line, complaint.column, lines)
    if any(text.startswith("%") for text in lines[: line + 1]):
        line = next(number for number, text in enumerate(lines) if text.startswith("%"))
        return directive_explanation(line)
    return second_document_explanation(line, column)


def directive_explanation(line: int) -> Explanation:
    """A line such as `%YAML 1.2`, at a line counted from 0."""
    return Explanation(
        line + 1, 1, "a line that begins with '%' is a directive in YAML", "remove it; a comment begins with #"
    )


def second_document_explanation(line: int, column: int) -> Explanation:
    """`---` or text after `...`, at a line and column counted from 0."""
    return Explanation(
        line + 1,
        column + 1,
        "a second document begins here",
        "a file holds one scenario; write the other into its own file",
    )


# The first whose words occur in what the reader said explains it, unless it declines.
_EXPLANATIONS = (
    ("mapping values are not allowed", _second_colon),
    ("sequence entries are not allowed", _list_item),
    ("mapping keys are not allowed", _list_item),
    ("while scanning an alias", _begun_by_sign),
    ("while scanning an anchor", _begun_by_sign),
    ("while scanning a tag", _begun_by_sign),
    ("while parsing a tag", _begun_by_sign),
    ("while parsing a node", _begun_by_sign),
    ("while scanning a block scalar", _begun_by_sign),
    ("cannot start any token", _cannot_start),
    ("found unexpected end of stream", _unclosed_quote),
    ("found unexpected document separator", _unclosed_quote),
    ("escape", _escape),
    ("could not find expected ':'", _simple_key),
    ("expected <block end>", _block_end),
    ("while parsing a flow", _flow),
    ("expected the node content", _value_missing),
    ("expected '<document start>'", _document),
    ("incompatible YAML document", _document),
    ("while scanning a directive", _document),
    ("duplicate YAML directive", _document),
    ("duplicate tag handle", _document),
)
