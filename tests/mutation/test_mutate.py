"""`make mutate` on a house of one module: what its tests notice, what survives, and that all is put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation.changes import changes_of
from mutation.mutate import files_for, noticed_by, sampled
from mutation.which_tests import recorded

import tui_backprop

SOURCE = "def larger(a, b):\n    return a if a > b else b\n\n\ndef unseen():\n    return 1\n"
TEST = "from tui_backprop.sizes import larger\n\n\ndef test_it():\n    assert larger(1, 2) == 2\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "tui_backprop").mkdir()
    (tmp_path / "tui_backprop/__init__.py").touch()
    for name, text in {"tui_backprop/sizes.py": SOURCE, "tests/test_sizes.py": TEST, "tests/test_none.py": ""}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_change_is_noticed_or_survives_and_the_tree_is_as_it_was(house):
    tests = recorded(house, house / "kept", 1)
    (test,) = tests
    assert (test.name, test.lines["tui_backprop/sizes.py"]) == ("tests/test_sizes.py", [1, 2, 5])
    changes = changes_of("tui_backprop/sizes.py", SOURCE)
    noticed = {(change.line, change.kind): noticed_by(change, house, tests) for change in changes}
    assert noticed == {
        (2, "return"): "tests/test_sizes.py::test_it",
        (2, "condition"): "tests/test_sizes.py::test_it",
        (2, "comparison"): None,
        (6, "return"): None,
        (6, "off by one"): None,
    }
    assert (house / "tui_backprop/sizes.py").read_text() == SOURCE
    assert {change.line for change in changes if not any(files_for(change, tests))} == {6}


def test_a_sample_follows_from_its_seed_and_its_rooms():
    root = Path(tui_backprop.__file__).parents[1]
    first, again, other = (sampled(root, ["moves", "session"], 20, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 20
    assert {change.file.split("/")[1] for change in first} <= {"moves", "session.py"}
    with pytest.raises(
        SystemExit,
        match=r"no such room; there are .*, cli, commands, engine, errors, explain, handout, headless, ",
    ):
        sampled(root, ["kitchen"], 1, 1)
