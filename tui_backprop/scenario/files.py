"""From a file to text, whatever the file may be: a device, gigabytes, another encoding, escape codes."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
import unicodedata

from msgspec import Struct

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
_OPEN_FLAGS |= getattr(os, "O_BINARY", 0)

LINE_BREAK = re.compile(r"\r\n|\r|\n")

# Control characters without tab and line breaks, line separators, bidirectional controls (they show text in another
# order than it has), lone surrogates, a byte order mark inside the text, and what is no character.
_REFUSED = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
)
_REFUSED_CHARACTER = f"[{_REFUSED}]"
_BLANKS = str.maketrans("", "", "\t\n\r")
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)

_KINDS = (
    (stat.S_ISDIR, "is a directory, not a file", "name a file inside it"),
    (stat.S_ISFIFO, "is a pipe, not a file", "write what comes through it into a file first"),
    (stat.S_ISSOCK, "is a socket, not a file", "name an ordinary file"),
    (stat.S_ISCHR, "is a device, not a file", "name an ordinary file"),
    (stat.S_ISBLK, "is a device, not a file", "name an ordinary file"),
)


class FileRefused(Exception):  # noqa: N818 - the file is refused; nothing went wrong
    """A file cannot be read, or is not to be read. `message` goes on from the file's name, `help` says what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Flaw(Struct, frozen=True):
    """Something that a text must not have, with its line and column (counted from 1)."""

    line: int
    column: int
    message: str
    help: str


def read_regular_file(path: str | os.PathLike[str], most_bytes: int) -> bytes:
    """The bytes of an ordinary file of at most `most_bytes`.

    Waits for nothing (a pipe without a writer is refused, not opened). Raises FileRefused.
    """
    try:
        # Looking first: opening a device can already do something. Looking again at what was opened: it may be another.
        _refuse_unusual(os.stat(path).st_mode)
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        raise _refusal(error) from None
    try:
        _refuse_unusual(os.fstat(descriptor).st_mode)
        return _read(descriptor, most_bytes)
    except OSError as error:
        raise _refusal(error) from None
    finally:
        os.close(descriptor)


def _read(descriptor: int, most_bytes: int) -> bytes:
    pieces: list[bytes] = []
    left = most_bytes + 1
    while left > 0:
        piece = os.read(descriptor, min(left, 1 << 16))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise FileRefused(f"is larger than {most_bytes // 1024:,} KiB", too_large_help(most_bytes))
    return b"".join(pieces)


def too_large_help(most_bytes: int) -> str:
    """What to do about a file past its limit."""
    return f"the limit is {most_bytes // 1024:,} KiB; keep what the lesson needs"


def _refuse_unusual(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    for is_kind, message, help in _KINDS:
        if is_kind(mode):
            raise FileRefused(message, help)
    raise FileRefused("is not an ordinary file", "name an ordinary file")


def _refusal(error: OSError | ValueError) -> FileRefused:
    if isinstance(error, FileNotFoundError):
        return FileRefused("does not exist", "check the spelling, and the folder you are in")
    if isinstance(error, PermissionError):
        return FileRefused("cannot be read: you have no permission", "ask its owner for permission, or for a copy")
    if isinstance(error, NotADirectoryError):
        return FileRefused("does not exist: a part of its path is a file", "check the path")
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return FileRefused("is a link that leads in a circle", "name the file itself")
    if isinstance(error, OSError):
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        return FileRefused(f"cannot be read: {reason}", "check the path")
    return FileRefused("is not a path that can exist", "check the spelling")


def decoded(data: bytes) -> tuple[str, tuple[Flaw, ...]]:
    """The text of bytes in UTF-8 (a byte order mark at the start is passed over), and what is wrong with it.

    With flaws, the text is only good for showing the line they stand in.
    """
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return text, (Flaw(1, 1, f"the file is encoded in {encoding}", "save it as UTF-8"),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        flaw = Flaw(*_end_of(before), f"byte 0x{data[error.start]:02X} is not UTF-8", "save the file as UTF-8")
        return data.decode("utf-8", errors="replace").removeprefix("\ufeff"), (flaw,)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        before = text.partition("\0")[0]
        return text, (Flaw(*_end_of(before), "the file has zero bytes: it is not text", "save it as plain UTF-8 text"),)
    return text, refused_characters(text)


def refused_characters(text: str) -> tuple[Flaw, ...]:
    """The first character in each line that no text may have."""
    if first_refused(text) is None:
        return ()
    flaws: list[Flaw] = []
    for number, line in enumerate(LINE_BREAK.split(text), start=1):
        found = re.search(_REFUSED_CHARACTER, line)
        if found:
            flaws.append(Flaw(number, found.start() + 1, *why_refused(found.group())))
    return tuple(flaws)


def first_refused(text: str) -> str | None:
    """The first character that no text may have, or None."""
    # All of them are unprintable, and that is asked quickly; unprintable are blanks and line breaks too.
    if text.translate(_BLANKS).isprintable():
        return None
    found = re.search(_REFUSED_CHARACTER, text)
    return found.group() if found else None


def why_refused(character: str) -> tuple[str, str]:
    """Message and help for a character that no text may have."""
    code = f"U+{ord(character):04X}"
    if character in _BIDIRECTIONAL:
        what = f"an invisible bidirectional character ({code}), which makes text look as if it said something else"
        return what, "remove it"
    if character in "\u2028\u2029":
        return f"an invisible line separator ({code})", "break the line with the enter key"
    if unicodedata.category(character) == "Cc":
        return f"a control character ({code})", "remove it"
    return f"a character that no text has ({code})", "remove it"


def _end_of(text: str) -> tuple[int, int]:
    """Line and column of the place after the text."""
    lines = LINE_BREAK.split(text)
    return len(lines), len(lines[-1]) + 1
