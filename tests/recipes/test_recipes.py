"""The recipes of CONTRIBUTING, followed to the letter on a copy of the project.

Each fenced block belongs to the file that is named last before it. A `diff` changes that file, and a block of yaml or
python is the whole of it. The commands of a `console` are run; what stands below one is part of what it prints.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
_, *SECTIONS = re.split(r"^### … ", (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
RECIPES = {title: rest.partition("\n## ")[0] for title, _, rest in (part.partition("\n") for part in SECTIONS)}
FENCED = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w/.-]+\.(?:py|md|yaml|txt))`")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project as it is checked out, without what tools have left in it."""
    for name in ("tui_backprop", "scenarios", "docs", "tests", "README.md", "pyproject.toml"):
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def _contents(root: Path) -> Mapping[str, str]:
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in root.rglob("*") if path.is_file()}


def _blocks(recipe: str) -> Iterator[tuple[str, str, str]]:
    """Every fenced block: its language, its text, and the file that it belongs to."""
    for block in FENCED.finditer(recipe):
        indent, language, text = block.groups()
        files = FILE.findall(FENCED.sub("", recipe[: block.start()]))
        yield language, re.sub(f"^{indent}", "", text, flags=re.MULTILINE), files[-1]


def _apply(diff: str, file: Path) -> None:
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{file} has it {text.count(before)} times:\n{before}"
    file.write_text(text.replace(before, after), encoding="utf-8")


def _printed(command: str, copy: Path) -> str:
    program, *words = shlex.split(command)
    module = {"backprop-tui": ["-m", "tui_backprop"], "python": []}[program]
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "COLUMNS": "120",
    }
    done = subprocess.run(
        [sys.executable, *module, *words], cwd=copy, env=environment, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_does_what_it_says_and_changes_the_files_that_it_names(title: str, copy: Path) -> None:
    recipe, as_it_was = RECIPES[title], _contents(copy)
    for language, text, file in _blocks(recipe):
        if language == "diff":
            _apply(text, copy / file)
        elif language != "console":
            assert file not in as_it_was
            (copy / file).write_text(text, encoding="utf-8")
    changed = {file for file, text in _contents(copy).items() if as_it_was.get(file) != text}
    assert changed == set(FILE.findall(FENCED.sub("", recipe)))

    runs = [run for language, text, _ in _blocks(recipe) if language == "console" for run in text.split("$ ")[1:]]
    assert any("\n" in run.strip() for run in runs), "nothing is said of what one sees"
    for command, *expected in map(str.splitlines, runs):
        printed = _printed(command, copy)
        assert [line for line in expected if line.strip() not in printed] == []


def test_every_kind_of_thing_has_a_recipe() -> None:
    assert list(RECIPES) == ["a function", "an optimizer", "a slip", "a lesson", "a panel", "a key"]
