"""How the program ends: the exit codes, and the last words."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from enum import IntEnum
from types import FrameType

from tui_backprop.errors import OutputError, ScenarioError, UsageError
from tui_backprop.headless.messages import say, say_error, say_refusal
from tui_backprop.headless.output import ClosedPipeError, finish_data

DEBUG_VARIABLE = "BACKPROP_TUI_DEBUG"
"""Set in the environment, it shows where in the program a bug came up."""


class Exit(IntEnum):
    """The exit codes; 128 + n stands for the signal n."""

    DONE = 0
    CHECK_FAILED = 1
    WRONG_USAGE = 2
    SCENARIO_REFUSED = 3
    NOT_FINITE = 4
    NOT_WRITTEN = 5
    BUG = 70
    INTERRUPTED = 130


class SignalledError(BaseException):
    """A signal asked the program to end; what is open is closed on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def ended(action: Callable[[], int], name: str = "backprop-tui") -> int:
    """Do something to its end and give the exit code; say why, where it did not succeed.

    A closed pipe is quiet, as `| head` should be, but it is not success: what was asked for was not all written.
    `name` is the command, for the messages.
    """
    try:
        code = action()
        finish_data()
        return code
    except BaseException as error:
        code = _code_and_last_words(error, name)
    # What was printed before the end is still worth pushing out, but why it ended is what the code tells.
    with contextlib.suppress(OutputError):
        finish_data()
    return code


def _code_and_last_words(error: BaseException, name: str) -> int:
    match error:
        case UsageError():
            say_error(str(error), of=name)
            return Exit.WRONG_USAGE
        case ScenarioError():
            say_refusal(error)
            return Exit.SCENARIO_REFUSED
        case ClosedPipeError():
            return Exit.NOT_WRITTEN
        case OutputError():
            say_error(str(error), of=name)
            return Exit.NOT_WRITTEN
        case KeyboardInterrupt():
            return Exit.INTERRUPTED
        case SignalledError():
            return 128 + error.number
        case MemoryError():
            say_error("there is not enough memory for this", "try fewer iterations, fewer examples, a smaller scenario")
            return Exit.BUG
        case Exception():
            _say_bug(error)
            return Exit.BUG
    raise error


def _say_bug(error: Exception) -> None:
    import traceback  # only a program that has a bug needs it

    if os.environ.get(DEBUG_VARIABLE):
        say(traceback.format_exc().rstrip())
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    say_error(
        f"this is a bug in backprop-tui, please report it: {type(error).__name__}: {error}{where}",
        f"set {DEBUG_VARIABLE}=1 in the environment to see where it happened",
    )


@contextlib.contextmanager
def signals_as_errors() -> Iterator[None]:
    """While it lasts, a request to end (SIGTERM, SIGHUP) unwinds the program instead of stopping it on the spot."""

    def unwind(number: int, frame: FrameType | None) -> None:
        raise SignalledError(number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What somebody chose to ignore (nohup) stays ignored; and only a main thread can choose.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError):
                before[number] = signal.signal(number, unwind)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
