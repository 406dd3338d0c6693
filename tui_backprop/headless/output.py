"""Where the data go: the one place that writes to standard output, and to the file of `--output`."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys

from tui_backprop.errors import OutputError
from tui_backprop.safe_text import safe_text, without_controls

_CLOSED = (errno.EPIPE, errno.ECONNRESET)


class ClosedPipeError(OutputError):
    """Nobody reads what is printed any more (`| head`): an end that needs no words."""


def print_data(text: str) -> None:
    """Write to standard output, always in UTF-8: the data must not depend on the locale.

    Whatever wrote the text, no control character but the line break goes out: it may be a terminal that reads this.
    Raises OutputError where it cannot be written, ClosedPipeError where nobody reads it.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    try:
        sys.stdout.buffer.write(without_controls(text).encode("utf-8"))
    except OSError as error:
        raise _failed(error) from None


def finish_data() -> None:
    """Push out what standard output still holds back, so that a full disk is noticed. Raises as `print_data` does."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError as error:
        raise _failed(error) from None


def _failed(error: OSError) -> OutputError:
    # What is still held back would be tried once more when Python ends, with a message of its own.
    with contextlib.suppress(OSError, ValueError):
        standard_output = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, standard_output)
        os.close(nowhere)
    if error.errno in _CLOSED:
        return ClosedPipeError("standard output was closed")
    return OutputError(f"standard output could not be written: {_reason(error)}")


def check_target(path: str | None, may_replace: bool) -> None:
    """Raises OutputError where a file is not to be written: it exists and is to be kept, it is no ordinary file, or
    there is no folder for it. None stands for standard output."""
    if path is None:
        return
    folder, name = os.path.split(path)
    if name in ("", os.curdir, os.pardir) and not os.path.exists(path):
        raise OutputError(f"'{safe_text(path)}' is a folder that is not there; name a file in a folder that is")
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        # A link may lead to a file that is not there yet.
        target = os.path.dirname(os.path.realpath(path))
        if _is_folder(target, path):
            return
        missing = safe_text(folder or target)
        raise OutputError(f"'{safe_text(path)}' cannot be written: there is no folder '{missing}'") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"'{safe_text(path)}' cannot be written: {_reason(error)}") from None
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "not an ordinary file"
        raise OutputError(f"'{safe_text(path)}' is {what}; name a file, or leave out --output to print")
    if not may_replace:
        raise OutputError(f"'{safe_text(path)}' already exists; --force replaces it")


def _is_folder(folder: str, path: str) -> bool:
    """Whether there is such a folder for a file. Raises OutputError where that cannot be found out."""
    try:
        return stat.S_ISDIR(os.stat(folder).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise OutputError(f"'{safe_text(path)}' cannot be written: {_reason(error)}") from None


def put(text: str, path: str | None, may_replace: bool) -> None:
    """Print a text, or write it to a file where one is named. Raises as `print_data` and `write_file` do."""
    if path is None:
        print_data(text)
    else:
        write_file(path, text, may_replace)


def write_file(path: str, text: str, may_replace: bool) -> None:
    """Write a file in UTF-8: beside its place, flushed, then renamed, so that a file is either the old or the new one.

    Raises OutputError, and leaves what was there as it was, where that does not succeed or `check_target` forbids it.
    """
    check_target(path, may_replace)
    target = os.path.realpath(path)
    beside = os.path.join(os.path.dirname(target), f".backprop-tui-{os.urandom(8).hex()}.part")
    try:
        _write_new(beside, text.encode("utf-8"))
        _put_in_place(beside, target, may_replace)
    except FileExistsError:
        raise OutputError(f"'{safe_text(path)}' already exists; --force replaces it") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"'{safe_text(path)}' could not be written: {_reason(error)}") from None
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.unlink(beside)


def _write_new(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        opened = open(descriptor, "wb")  # noqa: SIM115 - it is closed below
    except BaseException:
        os.close(descriptor)
        raise
    with opened as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(beside: str, target: str, may_replace: bool) -> None:
    if may_replace:
        with contextlib.suppress(FileNotFoundError):
            os.chmod(beside, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(beside, target)
        return
    try:
        # A link, unlike a rename, never takes the place of a file that appeared in the meantime.
        os.link(beside, target)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has links.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        os.replace(beside, target)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return safe_text(str(error)) or type(error).__name__
