"""How the screen ends without leaving the terminal in disorder, whatever ends it, and with which exit code."""

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

from textual.driver import Driver

DONE = 0
BUG = 70
INTERRUPTED = 130

_GRACE_SECONDS = 2.0
"""How long the screen may take to end in good order; after that the terminal is put right from outside."""

_SECONDS_FOR_A_FULL_TERMINAL = 0.5

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
_HANG_UP = 1
"""The number of SIGHUP; Windows has none."""

# A frame that was begun is over, colours off; mouse reports, bracketed paste, focus reports, resize reports off; key
# protocol popped; wrap on; main screen; cursor.
_MODES_OFF = (
    "\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?1004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h\x1b]22;default\x07"
)


# Mouse reports in pixels and resize reports, turned on when the terminal says that it has them, in another thread; and
# the shape of the pointer over a field.
_LEFT_ON = "\x1b[?1016l\x1b[?2048l\x1b]22;default\x07"


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

    def watch(self, driver: Driver) -> None:
        """Have Textual's driver of the terminal leave nothing behind, and pause and come back in order."""
        if not hasattr(driver, "_sigtstp_application"):
            return
        _leaving_nothing_on(driver)
        signal.signal(signal.SIGTSTP, lambda number, frame: self._soon(self._pause, driver))
        signal.signal(signal.SIGCONT, lambda number, frame: self._soon(self._continue, driver))

    def _soon(self, action: Callable[[Any], None], driver: Driver) -> None:
        # Not at once: the signal may have come in the midst of a write, and both actions write.
        loop = self._loop or _running_loop()
        if loop is not None:
            loop.call_soon_threadsafe(action, driver)

    def _pause(self, driver: Any) -> None:
        if self.exit_code is None and driver._writer_thread is not None:
            driver._sigtstp_application()

    def _continue(self, driver: Any) -> None:
        # A terminal that hangs up sends this signal too.
        if self.exit_code is not None or driver._writer_thread is None or _is_hung_up():
            return
        # Only ctrl+z leaves the terminal before it stops the program; what else went on has to be begun anew, or its
        # modes would be turned on twice, and off once.
        if not driver._must_signal_resume:
            driver.suspend_application_mode()
            driver._must_signal_resume = True
        driver._sigcont_application()

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Within it, signals end the screen."""
        # None: something outside Python answers it, such as its fault handler, and could not be put back.
        before = {number: handler for number in _SIGNALS if (handler := signal.getsignal(number)) is not None}
        for number in before:
            signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number in (getattr(signal, name) for name in ("SIGTSTP", "SIGCONT") if hasattr(signal, name)):
                signal.signal(number, signal.SIG_DFL)
            for number, handler in before.items():
                signal.signal(number, handler)
            if _is_hung_up():
                _discard_output()
            else:
                _set_terminal_attributes(self._terminal_before)

    def end_if_terminal_is_gone(self) -> None:
        """A window can close without a signal, and Textual would read from it for ever."""
        if self.exit_code is None and _is_hung_up():
            self._end_with(128 + _HANG_UP)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._end_with(128 + number)

    def _end_with(self, exit_code: int) -> None:
        self.exit_code = exit_code
        loop = self._loop or _running_loop()
        if loop is None:
            raise SystemExit(exit_code)
        # Never by an exception: it could come in the midst of turning modes on, before anything turns them off again.
        loop.call_soon_threadsafe(self._end, exit_code)
        # The loop may be stuck: in a long computation, or in writing to a terminal that is gone.
        watchdog = threading.Timer(_GRACE_SECONDS, self._end_at_once, (exit_code,))
        watchdog.daemon = True
        watchdog.start()

    def _end_at_once(self, exit_code: int) -> None:
        # In a thread, because a terminal that nobody reads from any more takes nothing.
        writer = threading.Thread(target=_write_to_terminal, args=(_MODES_OFF,), daemon=True)
        writer.start()
        writer.join(_SECONDS_FOR_A_FULL_TERMINAL)
        _set_terminal_attributes(self._terminal_before)
        os._exit(exit_code)


@contextlib.contextmanager
def drawing_on_standard_output() -> Iterator[None]:
    """Within it, standard error is the terminal too: Textual draws there, and it may have been sent into a file."""
    if sys.__stderr__ is None:
        # It was closed from the start; its number may belong to another file by now.
        sys.stderr = sys.__stderr__ = os.fdopen(os.dup(1), "w")  # type: ignore[misc]
    number = sys.__stderr__.fileno()
    if os.isatty(number):
        yield
        return
    before = os.dup(number)
    os.dup2(1, number)
    try:
        yield
    finally:
        os.dup2(before, number)
        os.close(before)


def _leaving_nothing_on(driver: Driver) -> None:
    """Have the driver turn off what it turns on when a newer terminal answers, and leaves on."""
    leave = driver.stop_application_mode

    def leave_with_nothing_on() -> None:
        leave()
        driver.write(_LEFT_ON)

    driver.stop_application_mode = leave_with_nothing_on  # type: ignore[method-assign]


def _is_hung_up() -> bool:
    if sys.__stdin__ is None or not hasattr(select, "poll"):
        return False
    try:
        poll = select.poll()
        poll.register(sys.__stdin__.fileno(), 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _write_to_terminal(text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(1, text.encode())


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
    except ImportError:
        return None
    try:
        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ else None
    except (OSError, ValueError, termios.error):
        return None


def _set_terminal_attributes(attributes: list[Any] | None) -> None:
    if attributes is None or sys.__stdin__ is None:
        return
    import termios

    with contextlib.suppress(OSError, ValueError, termios.error):
        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, attributes)
