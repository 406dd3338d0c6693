"""Which events does YAML's own reader find in a text, without reading it character by character?

PyYAML's pure-Python reader asks several questions about every single character; a file at its limits took it two
seconds. Here the runs of ordinary characters are found by regular expressions and the questions that have only one
answer are not asked; everything that is rare, and everything that is wrong, is left to PyYAML. The events, the
complaints and their places are the same ones, which a test holds against PyYAML's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yaml.error import Mark
from yaml.events import Event, ScalarEvent
from yaml.parser import Parser
from yaml.scanner import Scanner
from yaml.tokens import ScalarToken

_END = "\0"
_BREAKS = "\r\n"
_NOTHING_BEHIND = "\0 \t\r\n"

_SPACES = re.compile(r" *")
_WHITE = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\0\r\n]*")
_GAP = re.compile(r" *(?:#[^\0\r\n]*)?(\r\n|\r|\n)?")
_QUOTED = re.compile(r"""[^'"\\\0 \t\r\n]*""")

# One line of a plain scalar: words, and the spaces between them. A word ends at a colon that has nothing behind it.
_WORD = r"(?:[^\0 \t\r\n:]++|:(?![\0 \t\r\n]))++"
_FLOW_WORD = r"(?:[^\0 \t\r\n:,?\[\]{}]++|:(?![\0 \t\r\n,\[\]{}]))++"
_PLAIN = re.compile(rf"{_WORD}(?: ++(?!\#){_WORD})*+")
_FLOW_PLAIN = re.compile(rf"{_FLOW_WORD}(?: ++(?!\#){_FLOW_WORD})*+")


def events(text: str) -> Iterator[Event]:
    """The events of a text, one after the other; raises what PyYAML raises.

    The text has none of the characters that `files` refuses: no zero, and no line breaks but those of `\\n` and `\\r`.
    """
    reader = _EventReader(text)
    while reader.check_event():
        yield reader.get_event()  # type: ignore[no-untyped-call]


class _Text:
    """What PyYAML's scanner wants of a reader, for a text that is all there."""

    def __init__(self, text: str) -> None:
        self.encoding = None
        self.buffer = text + _END
        self.index = self.line = self.column = 0

    def peek(self, index: int = 0) -> str:
        return self.buffer[self.index + index]

    def prefix(self, length: int = 1) -> str:
        return self.buffer[self.index : self.index + length]

    def forward(self, length: int = 1) -> None:
        """Go on in the same line; over a line break goes `scan_line_break` alone."""
        self.column += length
        self.index += length

    def get_mark(self) -> Mark:
        return Mark(None, self.index, self.line, self.column, None, None)  # type: ignore[arg-type]

    def go_to(self, index: int) -> str:
        """Go on to a place in the same line; what was passed."""
        passed = self.buffer[self.index : index]
        self.column += index - self.index
        self.index = index
        return passed

    def scan_line_break(self) -> str:
        """Go over a line break, if there is one here; it counts as `\\n` however it is written."""
        character = self.buffer[self.index]
        if character not in _BREAKS:
            return ""
        self.index += 2 if character == "\r" and self.buffer[self.index + 1] == "\n" else 1
        self.line += 1
        self.column = 0
        return "\n"


class _EventReader(_Text, Scanner, Parser):
    """PyYAML's scanner and parser, with shorter ways where a text is ordinary."""

    def __init__(self, text: str) -> None:
        _Text.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    # --- tokens

    def need_more_tokens(self) -> bool:
        if self.done:
            return False
        if not self.tokens:
            return True
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)  # type: ignore[no-untyped-call]

    def check_token(self, *choices: Any) -> bool:
        while not self.tokens or self.possible_simple_keys:
            if not self.need_more_tokens():
                break
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_to_next_token(self) -> None:
        while True:
            found = _GAP.match(self.buffer, self.index)
            assert found is not None
            if found[1] is None:
                self.go_to(found.end())
                return
            self.index = found.end()
            self.line += 1
            self.column = 0
            if not self.flow_level:
                self.allow_simple_key = True

    # --- scalars

    def scan_plain(self) -> ScalarToken:
        chunks: list[str] = []
        start = end = self.get_mark()
        indent = self.indent + 1
        line = _FLOW_PLAIN if self.flow_level else _PLAIN
        spaces: list[str] = []
        while self.buffer[self.index] != "#":
            found = line.match(self.buffer, self.index)
            if found is None:
                break
            self.allow_simple_key = False
            chunks += spaces
            chunks.append(self.go_to(found.end()))
            end = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start)
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), True, start, end)

    def scan_plain_spaces(self, indent: int, start: Mark) -> list[str]:
        """What stands between two parts of a plain scalar, as it counts; nothing where the scalar ends."""
        passed = self._skip(_SPACES)
        if not self.scan_line_break():
            return [passed] if passed else []
        self.allow_simple_key = True
        breaks: list[str] = []
        while not self._document_ends():
            self._skip(_SPACES)
            if not self.scan_line_break():
                return breaks or [" "]
            breaks.append("\n")
        return []

    def scan_flow_scalar_non_spaces(self, double: bool, start: Mark) -> list[str]:
        found = _QUOTED.match(self.buffer, self.index)
        assert found is not None
        passed = self.go_to(found.end())
        if self.buffer[self.index] in ('\0 \t\r\n"' if double else "\0 \t\r\n"):
            return [passed]
        rest: list[str] = Scanner.scan_flow_scalar_non_spaces(self, double, start)
        return [passed, *rest]

    def scan_flow_scalar_breaks(self, double: bool, start: Mark) -> list[str]:
        breaks: list[str] = []
        while True:
            if self._document_ends():
                # Says so.
                Scanner.scan_flow_scalar_breaks(self, double, start)
            self._skip(_WHITE)
            if not self.scan_line_break():
                return breaks
            breaks.append("\n")

    def _skip(self, run: re.Pattern[str]) -> str:
        found = run.match(self.buffer, self.index)
        assert found is not None
        return self.go_to(found.end())

    def _document_ends(self) -> bool:
        """Whether a line begins here that ends the document."""
        return self.buffer.startswith(("---", "..."), self.index) and self.buffer[self.index + 3] in _NOTHING_BEHIND

    # --- events

    def parse_node(self, block: bool = False, indentless_sequence: bool = False) -> Any:
        token = self.peek_token()  # type: ignore[no-untyped-call]
        if type(token) is not ScalarToken:
            return Parser.parse_node(self, block, indentless_sequence)
        self.get_token()  # type: ignore[no-untyped-call]
        self.state = self.states.pop()
        implicit = (True, False) if token.plain else (False, True)
        return ScalarEvent(None, None, implicit, token.value, token.start_mark, token.end_mark, style=token.style)
