"""The scenarios that come with the program, and the file that a word on the command line means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from tui_backprop.errors import UsageError
from tui_backprop.scenario.model import Scenario
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
    """The bundled scenarios as `order.txt` beside them has them: group titles, and under each, indented, its names,
    each with the question that it answers.

    A scenario that it does not name comes last.
    """
    try:
        found = sorted(path.stem for path in scenario_folder().iterdir() if path.suffix == _ENDING)
    except OSError:
        return ()
    groups: dict[str, list[str]] = {}
    for title, name, _ in _order():
        if name in found:
            found.remove(name)
            groups.setdefault(title, []).append(name)
    if found:
        groups.setdefault(_OTHERS, []).extend(found)
    return tuple(LessonGroup(title, tuple(names)) for title, names in groups.items())


def _order() -> Iterator[tuple[str, str, str]]:
    """Group title, name and question of each line of `order.txt` that has a name."""
    file = scenario_folder() / _ORDER
    title = _OTHERS
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace():
            name, _, question = line.strip().partition(" ")
            yield title, name, question.strip()
        else:
            title = line.strip()


@lru_cache(maxsize=1)
def bundled_questions() -> Mapping[str, str]:
    """The question that each bundled scenario answers, for those that have one."""
    return {name: question for _, name, question in _order() if question}


@lru_cache(maxsize=64)
def lesson_after(name: str) -> str:
    """The bundled scenario that a beginner would take after this one; "" after the last, and for one's own."""
    names = bundled_names()
    place = names.index(name) + 1 if name in names else len(names)
    return names[place] if place < len(names) else ""


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


def bundled_name(scenario: Scenario) -> str:
    """The name of a scenario that comes with the program; "" for one's own, whatever its file is called."""
    return scenario.name if os.path.dirname(scenario.file) == str(scenario_folder()) else ""


def word_for(scenario: Scenario) -> str:
    """The word that `resolve` takes for the file of a scenario."""
    file = scenario.file
    is_path = resolves_to_path(file) and file[0] != "-"
    return bundled_name(scenario) or (file if is_path else os.path.join(".", file))


def resolves_to_path(word: str) -> bool:
    """Whether a word means a file of one's own: it has a separator, or ends in `.yaml`."""
    separators = tuple(filter(None, (os.sep, os.altsep)))
    return word.endswith(_ENDING) or any(separator in word for separator in separators)


def resolve(word: str) -> Path:
    """The file that a word means: a path where it has a separator or ends in `.yaml`, else a bundled scenario.

    Raises UsageError for a name that is not bundled. Whether a path exists is found out when it is opened.
    """
    return Path(word) if resolves_to_path(word) else bundled_path(word)
