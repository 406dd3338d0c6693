"""The documents: every link leads somewhere, what is said to be seen is seen, and what is said to be printed is."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import shlex
import sys
import tomllib
import types
from pathlib import Path

import pytest

from tui_backprop.api import load
from tui_backprop.cli import main
from tui_backprop.headless.exit_codes import Exit
from tui_backprop.moves.move_table import TABLE
from tui_backprop.tui.snap import snap

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
PAGES = [*PROJECT.glob("*.md"), *DOCS.glob("*.md")]
LINK = re.compile(r"\]\(([^)#]+)(?:#([^)]*))?\)")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_of_the_project(page):
    links = [link for link, _ in LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith("http")]
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_every_page_and_picture_is_reached():
    listed = {link for link, _ in LINK.findall(_text("index.md"))}
    assert {page.name for page in DOCS.glob("*.md")} == {link for link in listed if "/" not in link} | {"index.md"}
    shown = {link for page in PAGES for link, _ in LINK.findall(page.read_text(encoding="utf-8"))}
    made = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for picture in DOCS.glob("*.svg"):
        assert f"docs/{picture.name}" in shown
        assert re.search(rf"docs/{picture.name}\s", made)


# --- the tour

ROWS = re.findall(r"^\| (.*?) ?\| (.+) \|$", _text("tour.md"), re.MULTILINE)[2:]


@pytest.mark.parametrize("count", range(len(ROWS)), ids=lambda count: ROWS[count][0] or "at first")
def test_the_tour_shows_what_it_says(count):
    keys = [key for pressed, _ in ROWS[: count + 1] for key in re.findall(r"`([^`]+)`", pressed)]
    screen = snap(load("logistic"), keys)
    told = re.findall(r"`([^`]+)`", ROWS[count][1])
    assert told
    assert [words for words in told if words not in screen] == []


def test_the_keys_that_the_tour_names_are_there():
    named = set(re.findall(r"^- `(.)`", _text("tour.md"), re.MULTILINE))
    assert named
    assert named <= {key for move in TABLE for key in move.printed_keys("unicode")}


# --- teaching


def test_a_lesson_is_written_checked_handed_out_and_graded_as_told(tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    lesson, answers = (text for kind, text in FENCED.findall(_text("teaching.md")) if kind == "yaml")
    assert len(lesson.splitlines()) <= 10
    Path("weight.yaml").write_text(lesson, encoding="utf-8")
    Path("answers.yaml").write_text(answers, encoding="utf-8")
    consoles = "".join(text for kind, text in FENCED.findall(_text("teaching.md")) if kind == "console")
    calls = re.findall(r"^\$ backprop-tui (.*)\n((?:[^$].*\n)*)", consoles, re.MULTILINE)
    assert [shlex.split(words)[0] for words, _ in calls] == ["check", "handout", "handout", "grade"]
    for words, told in calls:
        assert main([*shlex.split(words), "--charset", "unicode"]) == (1 if words.startswith("grade") else 0)
        printed = capsysbinary.readouterr().out.decode()
        assert [line for line in told.splitlines() if line not in printed] == []
    assert "One weight, one step" in snap(load("weight.yaml"), ["N"], 80, 24)


# --- the Python face


def test_the_scripts_print_what_they_are_said_to_print():
    blocks = FENCED.findall(_text("api.md"))
    printed = ""
    for kind, text in blocks:
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                names: dict = {}
                exec(text, names)
            printed = out.getvalue()
            assert printed
        else:
            assert text == printed
    (mended,) = re.findall(r"`(d1 = [^`]+)`", _text("api.md"))
    script = next(text for kind, text in reversed(blocks) if kind == "python")
    assert script.count("d1 = d2 @ W2\n") == 1
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script.replace("d1 = d2 @ W2\n", f"{mended}\n"), names)
    assert names["found"].differ == ()


# --- exit codes, dependencies, links on a package index


def test_every_exit_code_is_told():
    told = re.findall(r"^\| (\d+) \|", _text("exit-codes.md"), re.MULTILINE)
    assert [*map(int, told)] == [*Exit]


def test_every_dependency_is_told_with_its_reason():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[^\w-]", words)[0].lower() for words in asked}
    assert names == {name.lower() for name in re.findall(r"`([\w-]+)`(?=[, ]|$)", _dependencies(), re.MULTILINE)}


def test_what_is_installed_is_used_and_what_is_used_is_installed():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[^\w-]", words)[0].lower() for words in project["dependencies"]}
    used: set[str] = set()
    for path in (PROJECT / "tui_backprop").rglob("*.py"):
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Import):
                used |= {name.name.partition(".")[0] for name in part.names}
            elif isinstance(part, ast.ImportFrom):
                used.add((part.module or "").partition(".")[0])
    foreign = used - sys.stdlib_module_names - {"tui_backprop"}
    assert {name.replace("yaml", "pyyaml") for name in foreign} == asked


def _dependencies() -> str:
    """The names that the page gives: the first column of its tables, and the sentence on the benchmarks."""
    columns = re.findall(r"^\| (`.*?) \|", _text("dependencies.md"), re.MULTILINE)
    return " ".join([*columns, *re.findall(r"^`make bench` (.*?)\.", _text("dependencies.md"), re.MULTILINE)])


def test_on_a_package_index_links_lead_to_the_home_of_the_project(monkeypatch):
    # The build has its own environment; what is tried here asks nothing of it.
    interface = types.SimpleNamespace(MetadataHookInterface=object)
    monkeypatch.setitem(sys.modules, "hatchling", types.ModuleType("hatchling"))
    monkeypatch.setitem(sys.modules, "hatchling.metadata", types.ModuleType("hatchling.metadata"))
    monkeypatch.setitem(sys.modules, "hatchling.metadata.plugin", types.ModuleType("hatchling.metadata.plugin"))
    monkeypatch.setitem(sys.modules, "hatchling.metadata.plugin.interface", interface)
    spec = importlib.util.spec_from_file_location("hatch_build", PROJECT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    links = [link for link, _ in LINK.findall(module.with_absolute_links(readme, "https://host/project"))]
    assert len(links) == len(LINK.findall(readme))
    assert [link for link in links if not re.match(r"https://host/project/(blob|raw)/HEAD/\w", link)] == []
    assert {link for link in links if link.endswith(".svg")} == {link for link in links if "/raw/" in link}
