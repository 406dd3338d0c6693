"""What is kept between runs: one small file in the user's settings folder, and nothing else anywhere.

A file that is damaged, or of a later version, is told about in one line and left alone; the program goes on without it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

VERSION = 1


class Settings(Struct, frozen=True, omit_defaults=True):
    """The contents of the file.

    lessons_seen: the bundled lessons that were stepped through to their end, in that order.
    knows_the_keys: whether the first screen, which says what the keys do, was closed once.
    """

    version: int = VERSION
    lessons_seen: tuple[str, ...] = ()
    knows_the_keys: bool = False


def settings_path() -> Path:
    """Where the file is; whether it is there, one finds out when it is read."""
    # Here, because whoever runs a command without a screen has no use for it.
    from platformdirs import user_config_path

    return user_config_path("backprop-tui", appauthor=False) / "settings.json"


def read_settings(path: Path) -> tuple[Settings, str]:
    """The settings of a file, and one line about what is wrong with it, or "". Without a file, the defaults."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), f"the settings cannot be read: {error.strerror}"
    try:
        found = msgspec.json.decode(text, type=Settings)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Settings(), f"the settings are damaged and left alone: {path}"
    if found.version > VERSION:
        return Settings(), f"the settings are of a later version and left alone: {path}"
    return found, ""


def write_settings(path: Path, settings: Settings) -> None:
    """Put a file in the place of the one before, whole or not at all; where that cannot be, nothing is kept."""
    # Here, because the first frame need not wait for it.
    import tempfile

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="settings-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
            os.replace(name, path)
        except OSError:
            with suppress(OSError):
                os.unlink(name)


class Kept:
    """The settings of a run: read once, written whenever they change. One that keeps nothing has no path."""

    def __init__(self, path: Path | None = None) -> None:
        self.current, self.complaint = read_settings(path) if path else (Settings(knows_the_keys=True), "")
        # What we could not read is somebody's; it is not written over.
        self._path = path if not self.complaint else None

    def change(self, settings: Settings) -> None:
        """Keep these from now on."""
        if settings != self.current:
            self.current = settings
            if self._path is not None:
                write_settings(self._path, settings)
