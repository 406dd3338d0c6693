"""The scenarios that come with the program, and the file that a word on the command line means."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from tui_backprop.errors import UsageError
from tui_backprop.scenario.nearest import did_you_mean, listed, shown

_PACKAGE = Path(__file__).resolve().parent.parent
_ENDING = ".yaml"
_ORDER = "order.txt"
_OTHERS = "More"


def scenario_folder() -> Path:
    """Where the bundled scenarios are: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "scenarios"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


class LessonGroup(Struct, frozen=True):
    """Lessons that belong together, in the order in which a beginner would take them."""

    title: str
    names: tuple[str, ...]


def bundled_groups() -> tuple[LessonGroup, ...]:
    """The bundled scenarios as `order.txt` beside them has them: group titles, and under each, indented, its names.

    A scenario that it does not name comes last.
    """
    try:
        found = sorted(path.stem for path in scenario_folder().iterdir() if path.suffix == _ENDING)
    except OSError:
        return ()
    order_file = scenario_folder() / _ORDER
    order = order_file.read_text(encoding="utf-8") if order_file.is_file() else ""
    groups: dict[str, list[str]] = {}
    title = _OTHERS
    for line in order.splitlines():
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        if not line[0].isspace():
            title = word
        elif word in found:
            found.remove(word)
            groups.setdefault(title, []).append(word)
    if found:
        groups.setdefault(_OTHERS, []).extend(found)
    return tuple(LessonGroup(title, tuple(names)) for title, names in groups.items())


def bundled_names() -> tuple[str, ...]:
    """The names of the bundled scenarios, in the order in which a beginner would take them."""
    return tuple(name for group in bundled_groups() for name in group.names)


def bundled_path(name: str) -> Path:
    """The file of a bundled scenario. Raises UsageError, with the nearest name, where there is none of this name."""
    names = bundled_names()
    if name not in names:
        help = did_you_mean(name, names, f"there are {listed(names, 20)}; a file of your own is named with its path")
        raise UsageError(f"there is no bundled scenario '{shown(name)}'; {help}")
    return scenario_folder() / f"{name}{_ENDING}"


def resolve(word: str) -> Path:
    """The file that a word means: a path where it has a separator or ends in `.yaml`, else a bundled scenario.

    Raises UsageError for a name that is not bundled. Whether a path exists is found out when it is opened.
    """
    separators = tuple(filter(None, (os.sep, os.altsep)))
    if word.endswith(_ENDING) or any(separator in word for separator in separators):
        return Path(word)
    return bundled_path(word)
