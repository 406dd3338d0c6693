"""How long does a program on a terminal take to answer? Runs it in a pseudo-terminal and reads what it draws.

A frame counts as complete when its last byte has arrived: the program is silent after it for a while, and that silence
is not counted. Times are those of the terminal's side, from sending a key (or starting the program) to that byte.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

SILENCE_AFTER_START = 0.4
SILENCE_AFTER_KEY = 0.06
"""Seconds without a byte after which a frame is over; no frame of a key is sent in parts so far apart."""

_LONGEST_WAIT = 60.0
_CONTROL = re.compile(r"\x1b(\[[0-9;:?<>=$ ]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[P_^X][^\x1b]*\x1b\\|[()][A-Z0-9]|.)")
_ASKS_FOR_WHOLE_FRAMES = b"\x1b[?2026$p"
_YES_TO_WHOLE_FRAMES = b"\x1b[?2026;2$y"


class TerminalError(RuntimeError):
    """The program ended, or never came to show what it should."""


class ProgramOnTerminal:
    """A running program on a terminal of its own, of a size in columns and rows; ended with the `with` block."""

    def __init__(
        self, words: Sequence[str], size: tuple[int, int], environment: Mapping[str, str], folder: str
    ) -> None:
        self.shown = bytearray()
        """All that was drawn since `forget`."""
        self._process, self._terminal = _forked(words, size, environment, folder)

    def __enter__(self) -> ProgramOnTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._terminal)

    @property
    def text(self) -> str:
        """What was drawn since `forget`, without control sequences."""
        return _CONTROL.sub("", self.shown.decode("utf-8", "replace"))

    def most_megabytes(self) -> float:
        """How much memory the program took at its largest, as Linux counts it."""
        with open(f"/proc/{self._process}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6

    def processor_seconds(self) -> float:
        """How long the program has kept a processor busy so far, as Linux counts it."""
        with open(f"/proc/{self._process}/stat", encoding="utf-8") as status:
            fields = status.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def forget(self) -> None:
        """Read what still waits, and forget what was drawn."""
        self._read_until_silent(0.0, time.perf_counter())
        self.shown.clear()

    def time_key(self, key: str) -> float:
        """Press a key; the seconds until its frame is complete. Raises TerminalError where nothing is drawn."""
        self.forget()
        began = time.perf_counter()
        self.send(key)
        return self.time_until((), SILENCE_AFTER_KEY, began)

    def send(self, keys: str) -> None:
        """Press keys and wait for nothing."""
        os.write(self._terminal, keys.encode())

    def time_until(self, texts: Sequence[str], silence: float, began: float | None = None) -> float:
        """The seconds until a frame is complete and all the texts have been drawn."""
        began = time.perf_counter() if began is None else began
        while True:
            last = self._read_until_silent(silence, began)
            if last is not None and all(text in self.text for text in texts):
                return last - began
            if time.perf_counter() - began > _LONGEST_WAIT:
                raise TerminalError(f"{texts} did not come to the screen; drawn was {self.text[-2000:]!r}")

    def _read_until_silent(self, silence: float, began: float) -> float | None:
        """Read until nothing comes for so long; when the last byte came, None where none did."""
        last: float | None = None
        while select.select([self._terminal], [], [], silence)[0]:
            try:
                drawn = os.read(self._terminal, 1 << 16)
            except OSError:
                drawn = b""
            if not drawn:
                raise TerminalError(f"the program ended: {self.text[-2000:]!r}")
            last = time.perf_counter()
            self.shown += drawn
            # Told that the terminal shows frames as a whole, Textual draws as it does in current terminals.
            if _ASKS_FOR_WHOLE_FRAMES in drawn:
                os.write(self._terminal, _YES_TO_WHOLE_FRAMES)
            if last - began > 2 * _LONGEST_WAIT:
                raise TerminalError("the program does not stop drawing")
        return last


def _forked(
    words: Sequence[str], size: tuple[int, int], environment: Mapping[str, str], folder: str
) -> tuple[int, int]:
    """Start a program on a new terminal; its process and the terminal's descriptor."""
    process, terminal = pty.fork()
    if process == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.chdir(folder)
            os.execve(words[0], list(words), dict(environment))
        finally:
            os._exit(127)
    return process, terminal
