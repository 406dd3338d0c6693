"""The Nth call of something fails: which calls there are, and how they are made to fail one after the other."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Fault:
    """Lets calls through until the Nth of one kind, which fails with an error number. N = 0: only counts them."""

    def __init__(self, kind: str = "", number: int = 0, code: int = errno.ENOSPC) -> None:
        self.kind = kind
        self.number = number
        self.code = code
        self.counts: dict[str, int] = {}

    def passes(self, kind: str) -> None:
        """Count a call; raises OSError where it is the one to fail."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if kind == self.kind and self.counts[kind] == self.number:
            raise OSError(self.code, os.strerror(self.code))


def in_folder(patch: pytest.MonkeyPatch, folder: Path, fault: Fault, names: tuple[str, ...]) -> None:
    """Send the calls of these functions of `os` that are about the folder, or about an open file, through the fault."""
    for name in names:
        patch.setattr(os, name, _through(getattr(os, name), name, str(folder), fault))


def _through(function: Callable[..., Any], name: str, folder: str, fault: Fault) -> Callable[..., Any]:
    def called(*arguments: Any, **more: Any) -> Any:
        first = arguments[0]
        if isinstance(first, int) or os.fspath(first).startswith(folder):
            fault.passes(name)
        return function(*arguments, **more)

    return called


class FaultyFile(io.BytesIO):
    """Bytes that are written somewhere where it may fail; `fileno` has none, as in memory nothing has."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault

    def write(self, data: Any) -> int:
        self.fault.passes("write")
        return super().write(data)

    def flush(self) -> None:
        self.fault.passes("flush")
        super().flush()


class FaultyOutput:
    """A standard output whose writing or flushing fails."""

    def __init__(self, fault: Fault) -> None:
        self.buffer = FaultyFile(fault)

    def write(self, text: str) -> int:
        return self.buffer.write(text.encode("utf-8"))

    def flush(self) -> None:
        self.buffer.flush()

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise io.UnsupportedOperation("fileno")

    encoding = "utf-8"
