"""Does loading a file touch anything but that file? An audit hook sees what is opened, run, imported and connected."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tui_backprop.scenario

# What the program, or Python for a codec, imports when it is first needed is none of a file's doing.
for _module in pkgutil.iter_modules(tui_backprop.scenario.__path__):
    importlib.import_module(f"tui_backprop.scenario.{_module.name}")
for _module_name in ("csv", "difflib", "unicodedata"):
    importlib.import_module(_module_name)
for _encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "utf-8-sig"):
    "warm".encode(_encoding).decode(_encoding)

# What Python reports though it touches nothing outside: looking at its own records.
_HARMLESS = ("sys._getframe", "object.__getattr__", "object.__setattr__", "object.__delattr__", "builtins.id")

_allowed: frozenset[str] | None = None
_violations: list[str] = []
_is_installed = False


class TouchedError(BaseException):
    """Something was touched that is not to be touched. No `except Exception` in between keeps it from being seen."""


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _allowed is None or event in _HARMLESS:
        return
    if event == "open" and str(arguments[0]) in _allowed:
        return
    violation = f"{event} {arguments!r:.200}"
    _violations.append(violation)
    raise TouchedError(violation)


@contextmanager
def only_these_files(*paths: str) -> Iterator[None]:
    """Inside, nothing may be opened but these files, and nothing run, imported, connected or removed at all.

    Raises TouchedError, there and once more at the end: what happened in between may have caught it.
    """
    global _allowed, _is_installed
    if not _is_installed:
        sys.addaudithook(_hook)  # There is no taking it off again; it is idle while nothing is watched.
        _is_installed = True
    _violations.clear()
    _allowed = frozenset(paths)
    try:
        yield
    finally:
        _allowed = None
    if _violations:
        raise TouchedError(_violations[0])
