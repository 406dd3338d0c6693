"""A settings folder of the tests' own, in which somebody has closed the first screen: for programs in a terminal."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tui_backprop.settings import Settings, write_settings


def settings_folder() -> str:
    """A new folder for XDG_CONFIG_HOME, taken away when the tests end."""
    folder, owner = tempfile.mkdtemp(prefix="backprop-settings-"), os.getpid()
    write_settings(Path(folder) / "backprop-tui" / "settings.json", Settings(knows_the_keys=True))
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == owner else None)
    return folder
