"""The driver of a terminal: what cannot be understood of what the terminal says is dropped, and the next key works.

Textual's own ends its reading, and with it the program, at a byte that is not UTF-8 and at a key that cannot be; and
what it does not know it takes for the keys that the characters would be. Here only whole sequences are handed to it.
"""

from __future__ import annotations

import os
import re
import select
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Any

from textual import constants, events
from textual._parser import ParseTimeout
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

LARGEST = Size(1_000, 1_000)
"""No window is larger; it would take seconds to draw."""

_LOOK_SECONDS = 0.1
_SECONDS_WITHIN_A_PASTE = 1.0
"""A paste that goes on no more for so long has lost its end."""

_STRINGS = ("\x1bP", "\x1bX", "\x1b^", "\x1b_")
"""What begins strings that Textual asks for none of; it could take their letters for keys."""

_LONGEST = 32
"""Textual knows no longer sequence."""

# Of ECMA-48: a control sequence, a key of the keypad, a string and its end, a key with alt. Besides a function key of
# the Linux console, and the mouse as X10 has it: three bytes, of which two or three can look like one character.
_WHOLE = re.compile(
    r"\x1b(?:\[(?![\[M])[0-?]*[ -/]*[@-~]|\[\[.|O[0-9;]*[:-~]|[PX^_\]][^\x00-\x1f]*(?:\x07|\x1b\\)"
    r"|[^\[OPX^_\]\x1b\udc80-\udcff])",
    re.DOTALL,
)
_BEGUN = re.compile(r"\x1b(?:\[(?:[0-?]*[ -/]*|\[|M[^\x00-\x1f]{0,3})|O[0-9;]*|[PX^_\]][^\x00-\x1f]*\x1b?)?")
_X10_MOUSE, _BYTES_OF_X10_MOUSE = "\x1b[M", 6


class TolerantParser(XTermParser):
    """Makes events of characters; a byte that is not UTF-8 comes as the lone surrogate that stands for it."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._begun = ""
        self._pasted: list[str] | None = None
        self._last_time = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        """The events of some more characters."""
        self._last_time = get_time()
        for character in data:
            if self._pasted is None:
                yield from self._read(character)
            else:
                self._pasted.append(character)
                if "".join(self._pasted[-len(BRACKETED_PASTE_END) :]) == BRACKETED_PASTE_END:
                    yield from self._paste()

    def tick(self) -> Iterable[Message]:
        """The events that follow from nothing having come for a while: a key escape, the end of a paste."""
        silence = get_time() - self._last_time
        if self._pasted is not None and silence >= _SECONDS_WITHIN_A_PASTE:
            yield from self._paste()
        elif self._begun and silence >= constants.ESCAPE_DELAY:
            begun, self._begun = self._begun, ""
            if len(begun) <= 2:
                yield from self._understood(begun)

    def _read(self, character: str) -> Iterator[Message]:
        """What a character brings to its end: the sequence that was begun, or itself."""
        # Of one that is too long its end alone is of interest.
        sequence = self._begun[:_LONGEST] + self._begun[_LONGEST:][-1:] + character
        if self._begun and _is_whole(sequence):
            self._begun = ""
            if sequence == BRACKETED_PASTE_START:
                self._pasted = []
            else:
                yield from self._understood(sequence)
        elif _BEGUN.fullmatch(sequence):
            self._begun = sequence
        else:
            broken, self._begun = self._begun, ""
            if broken == character == "\x1b":
                yield from self._understood(broken)
            if broken[1:].endswith("\x1b"):
                # It was to end a string, and begins something else.
                self._begun = "\x1b"
                yield from self._read(character)
            elif character == "\x1b":
                self._begun = character
            elif not "\ud800" <= character <= "\udfff":
                yield from self._understood(character)

    def _understood(self, sequence: str) -> Iterator[Message]:
        """The events of a whole sequence or of a character; none where it has no meaning."""
        is_string = len(sequence) > 2 and sequence[:2] in _STRINGS
        if is_string or len(sequence) > _LONGEST:
            return
        sizes = self.terminal_size, self.terminal_pixel_size, self.mouse_pixels
        try:
            found = list(super().feed(sequence))
            if self._awaiting.timeout is not None and len(sequence) <= 2:
                self._awaiting = self._gen.throw(ParseTimeout())
                found += self._tokens
                self._tokens.clear()
        except (ValueError, ArithmeticError):
            self._begin_anew()
            return
        if self._awaiting.timeout is not None:
            self._begin_anew()
        if any(isinstance(event, events.Resize) and not _can_be(event.size) for event in found):
            self.terminal_size, self.terminal_pixel_size, self.mouse_pixels = sizes
            return
        yield from found

    def _begin_anew(self) -> None:
        self._tokens.clear()
        self._gen = self.parse(self._tokens.append)
        self._awaiting = next(self._gen)

    def _paste(self) -> Iterator[Message]:
        text = "".join(self._pasted or ()).removesuffix(BRACKETED_PASTE_END)
        self._pasted = None
        yield events.Paste(re.sub("[\x00\ud800-\udfff]", "", text))


def _is_whole(sequence: str) -> bool:
    if sequence.startswith(_X10_MOUSE):
        return len(sequence.encode("utf-8", "surrogateescape")) >= _BYTES_OF_X10_MOUSE
    return _WHOLE.fullmatch(sequence) is not None


def _can_be(size: Size) -> bool:
    return 0 < size.width <= LARGEST.width and 0 < size.height <= LARGEST.height


class TerminalDriver(LinuxDriver):
    """Textual's driver, reading with the tolerant parser; it draws on no more than the largest size."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._size = self._size or self._get_terminal_size()

    def _get_terminal_size(self) -> tuple[int, int]:
        width, height = super()._get_terminal_size()
        return min(width, LARGEST.width), min(height, LARGEST.height)

    def run_input_thread(self) -> None:
        """Read what the terminal says until the program ends, and pass its events on."""
        parser = TolerantParser()
        decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _LOOK_SECONDS)[0]:
                found = parser.feed(decode(os.read(self.fileno, 4_096)))
            else:
                # Only then is it silent: on a busy machine the rest of a sequence may have come long ago.
                found = parser.tick()
            for event in found:
                self.process_message(event)
