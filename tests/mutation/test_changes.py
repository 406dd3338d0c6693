"""The changes that `make mutate` makes: each gives a program, another one, and differs in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mutation.changes import changes_of

import tui_backprop

HOUSE = Path(tui_backprop.__file__).parent


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("a = b < c\n", {"a = b <= c\n"}),
        ("a = b + c\n", {"a = b - c\n"}),
        ("a = (b or c)\n", {"a = (b and c)\n"}),
        ("a = 3\n", {"a = 4\n"}),
        ("a = True\n", {"a = False\n"}),
        ("a = 'né'\n", {"a = 'n'\n"}),
        ("a = f'x{b}y'\n", {"a = f'{b}y'\n", "a = f'x{b}'\n"}),
        ("while b:\n    break\n", {"while (not (b)):\n    break\n", "while b:\n    pass\n"}),
        ("a = [b for b in c if d]\n", {"a = [b for b in c if (not (d))]\n"}),
        ("def f() -> 'int':\n    'Says.'\n    return b\n", {"def f() -> 'int':\n    'Says.'\n    return None\n"}),
        ("a: 'int'\nKind = Literal['b']\nimport c\n", set()),
        ("ä(); b.c = d\n", {"pass; b.c = d\n", "ä(); pass\n"}),
    ],
)
def test_each_place_is_changed_by_itself(source, made):
    assert {change.made_in(source) for change in changes_of("a.py", source)} == made


def test_every_change_of_the_house_is_another_program():
    for path in sorted(HOUSE.rglob("*.py"))[::30]:
        source = path.read_text(encoding="utf-8")
        before = ast.dump(ast.parse(source))
        for change in changes_of(path.name, source):
            assert ast.dump(ast.parse(change.made_in(source))) != before, change.as_diff(source)


def test_a_change_names_its_place_and_shows_itself():
    source = "a = 1\nif (b and\n        c < 2):\n    d = 3\n"
    comparison = next(change for change in changes_of("a.py", source) if change.kind == "comparison")
    assert (comparison.place, comparison.lines) == ("a.py:3", (2, 3))
    assert "-        c < 2):\n+        c <= 2):" in comparison.as_diff(source)
