"""Every room's `__init__` is a map of its files, every file states what is in it, and no two share a name."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import tui_backprop

HOUSE = Path(tui_backprop.__file__).parent
ROOMS = sorted(path.parent for path in HOUSE.rglob("__init__.py") if path.parent not in (HOUSE, HOUSE / "scenarios"))
FILES = [path for path in HOUSE.rglob("*.py") if path.name != "__init__.py"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(HOUSE)))
def test_a_room_has_a_map_of_all_its_files(room: Path) -> None:
    drawn = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    files = {path.stem for path in room.glob("*.py")} - {"__init__"}
    inner = {path.parent.name for path in room.glob("*/__init__.py")}
    if "▸" in drawn:
        # The map is the way that a picture takes through the room.
        assert set(re.findall(r"[a-z_]+", drawn)) >= files
        return
    assert set(re.findall(r"^`(\w+)`", drawn, re.MULTILINE)) == files
    assert set(re.findall(r"^`(\w+)/`", drawn, re.MULTILINE)) == inner


@pytest.mark.parametrize("file", sorted(HOUSE.rglob("*.py")), ids=lambda file: str(file.relative_to(HOUSE)))
def test_a_file_states_what_is_in_it(file: Path) -> None:
    stated = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    assert stated.partition("\n\n")[0].endswith((".", ":"))


def test_no_two_files_of_the_product_have_one_name() -> None:
    names = Counter(path.name for path in FILES)
    assert [name for name, count in names.items() if count > 1] == []


def test_no_two_classes_of_the_product_have_one_name() -> None:
    names = Counter(
        part.name
        for path in FILES
        for part in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(part, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []
