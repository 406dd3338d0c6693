"""What is kept between runs: one small file in the user's settings folder, and nothing else anywhere.

A file that is damaged, or of a later version, is told about in one line and left alone; the program goes on without it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

VERSION = 1


class Settings(Struct, frozen=True, omit_defaults=True):
    """The contents of the file.

    lessons_seen: the bundled lessons that were stepped through to their end, in that order.
    knows_the_keys: whether the first screen, which says what the keys do, was closed once.
    theme: the name of the colours that were chosen; "" for those that the program starts with.
    charset: what to draw with where `--charset` does not say; it is set in the file alone, and "" is what the locale
        can show.
    keys: other keys for moves, as they are written; what is wrong with them is no damage, and is told elsewhere.
    """

    version: int = VERSION
    lessons_seen: tuple[str, ...] = ()
    knows_the_keys: bool = False
    theme: str = ""
    charset: Literal["", "unicode", "ascii"] = ""
    keys: Any = None


def settings_path() -> Path | None:
    """Where the file is; whether it is there, one finds out when it is read. None where no folder is known for it."""
    # Here, because whoever runs a command without a screen has no use for it.
    from platformdirs import user_config_path

    try:
        return user_config_path("backprop-tui", appauthor=False) / "settings.json"
    except RuntimeError:
        return None


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
    """Put a file in the place of the one before, whole or not at all; where that cannot be, nothing is kept.

    What else stands in the file stays there. Where a link stands in its place, the file that it leads to is written.
    """
    # Here, because the first frame need not wait for it.
    import tempfile

    ours = {field.name for field in fields(Settings)}
    with suppress(OSError):
        others = {name: value for name, value in _contents(path).items() if name not in ours}
        path = Path(os.path.realpath(path))
        written = msgspec.json.encode({**msgspec.to_builtins(settings), **others})
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="settings-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.format(written) + b"\n")
            os.replace(name, path)
        except OSError:
            with suppress(OSError):
                os.unlink(name)


def _contents(path: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


class Kept:
    """The settings of a run: read once, written whenever they change. One that keeps nothing has no path."""

    def __init__(self, path: Path | None = None) -> None:
        self.current, self.complaint = read_settings(path) if path else (Settings(knows_the_keys=True), "")
        self.path = path

    def change(self, settings: Settings) -> None:
        """Keep these from now on. What somebody else has changed in the file since it was read stays changed."""
        before, self.current = self.current, settings
        if settings == before or self.path is None:
            return
        found, complaint = read_settings(self.path)
        # What we cannot read is somebody's; it is not written over.
        if not complaint and not self.complaint:
            names = [field.name for field in fields(Settings)]
            changed = {name: now for name in names if (now := getattr(settings, name)) != getattr(before, name)}
            write_settings(self.path, replace(found, **changed))
