"""How does the screen end without leaving the terminal in disorder, whatever ends it, and with which exit code?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

DONE = 0
BUG = 70
INTERRUPTED = 130

_GRACE_SECONDS = 2.0
"""How long the screen may take to end in good order; after that the terminal is put right from outside."""

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
_HANG_UP = 1
"""The number of SIGHUP; Windows has none."""

# Mouse reports, bracketed paste, focus reports, resize reports off; key protocol popped; wrap on; main screen; cursor.
_MODES_OFF = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?1004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h"
)


class Endings:
    """Turns signals into an orderly end of the screen, with exit code 128 + the signal's number.

    end: asks the screen to end with an exit code; called in the loop given to `listen`.
    """

    def __init__(self, end: Callable[[int], None]) -> None:
        self._end = end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._terminal_before = _terminal_attributes()
        self.exit_code: int | None = None
        """The exit code that a signal asked for, if one came."""

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """The screen runs in this loop from now on."""
        self._loop = loop

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Within it, signals end the screen."""
        before: dict[int, Any] = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if _is_hung_up():
                _discard_output()

    def end_if_terminal_is_gone(self) -> None:
        """A window can close without a signal, and Textual would read from it for ever."""
        if self.exit_code is None and _is_hung_up():
            self._end_with(128 + _HANG_UP)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._end_with(128 + number)

    def _end_with(self, exit_code: int) -> None:
        self.exit_code = exit_code
        if self._loop is None:
            raise SystemExit(exit_code)
        self._loop.call_soon_threadsafe(self._end, exit_code)
        # The loop may be stuck: in a long computation, or in writing to a terminal that is gone.
        watchdog = threading.Timer(_GRACE_SECONDS, self._end_at_once, (exit_code,))
        watchdog.daemon = True
        watchdog.start()

    def _end_at_once(self, exit_code: int) -> None:
        with contextlib.suppress(OSError):
            os.write(2, _MODES_OFF.encode())
        _set_terminal_attributes(self._terminal_before)
        os._exit(exit_code)


def _is_hung_up() -> bool:
    if sys.__stdin__ is None or not hasattr(select, "poll"):
        return False
    try:
        poll = select.poll()
        poll.register(sys.__stdin__.fileno(), 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False


def _discard_output() -> None:
    """Send what is still buffered nowhere: flushing it to a terminal that is gone would change the exit code."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)


def _terminal_attributes() -> list[Any] | None:
    try:
        import termios

        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ else None
    except (ImportError, OSError, ValueError, termios.error):
        return None


def _set_terminal_attributes(attributes: list[Any] | None) -> None:
    if attributes is None or sys.__stdin__ is None:
        return
    import termios

    with contextlib.suppress(OSError, ValueError, termios.error):
        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, attributes)
