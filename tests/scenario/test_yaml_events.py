"""The quick reading of YAML finds what PyYAML finds: the same events, complaints and places."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml
from robustness.cases import bundled_texts, scenario_case
from robustness.worst_files import ACCEPTED, REFUSED

from tui_backprop.scenario import files
from tui_backprop.scenario.yaml_events import events

PIECES = (
    *(
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\n ",
        "\n  ",
        "  ",
        " ",
        "- ",
        "-",
        ": ",
        ":",
        " #",
        "#",
        "? ",
        "?",
        ",",
        "[",
        "]",
        "{",
    ),
    *(
        "}",
        "'",
        "''",
        '"',
        '""',
        "\\",
        "\\\n",
        "\\n",
        "\\u00e9",
        "\\x",
        "&a ",
        "*a",
        "!t ",
        "|",
        ">",
        "|-\n",
        ">+\n",
        "|2\n",
    ),
    *("\n---\n", "\n--- ", "---", "\n...\n", "...", "\n ---", "%TAG ! x\n", "%YAML 1.1\n", "\t", "@", "`", "%"),
    *("a", "b c", "x: y", "é", "数", "👩\u200d🔬", "1", "a:b", "a #b", "http://x", "-1"),
)

EXAMPLES = (
    "",
    "\n",
    "a",
    "a: b",
    "a: b\n",
    "a: >-\n  x\n\n  y\n   z\nb: |+\n x\n\n# c\n? k\n: v\n- x\n",
    "a: 'x\n\n y '' z'\nb: \"x\\\n  y\\n \\u00e9 \n\n z\"\nc: x\n  y\n\n  z # d\n",
    "[a, {b: c, d}, ? e : f, 'g': h, \"i\":j,\n k l\n m]\n---\n%YAML 1.1\n--- x\n...\n",
    "a: b\r\n  c\r\rd: 'e\r\n\r f'\r",
    'a: "b\n---\n"',
    "a: 'b\n\n... \n'",
    "a: b\n--- c\n",
    "a: b\n\n\n---\n",
    "a\n  b\n---",
    "- - - a\n    - b\n- ? c\n",
    "{a:b, c :d, e: f:g, h:, 'i':j}",
    "# only a comment",
    "a: !!str b\nc: &d e\nf: *d\n",
    'a: "\\U00110000"',
)


def _mark(mark: Any) -> tuple[int, int, int] | None:
    return (mark.line, mark.column, mark.index) if mark else None


def _told(stream: Iterable[yaml.Event]) -> list[object]:
    """Everything about the events of a stream, up to the complaint that ends it."""
    told: list[object] = []
    try:
        for event in stream:
            values = {name: value for name, value in vars(event).items() if not name.endswith("_mark")}
            told.append((type(event), values, _mark(event.start_mark), _mark(event.end_mark)))
    except yaml.MarkedYAMLError as error:
        told.append((error.problem, _mark(error.problem_mark), error.context, _mark(error.context_mark)))
    except (ValueError, OverflowError) as error:
        told.append(type(error))
    return told


def _by_pyyaml(text: str) -> Iterator[yaml.Event]:
    loader = yaml.SafeLoader(text)
    while loader.check_event():
        yield loader.get_event()


def agrees(text: str) -> bool:
    """Whether both read a text alike. Texts that `files` refuses never get here."""
    if "\0" in text or files.refused_characters(text):
        return False
    assert _told(events(text)) == _told(_by_pyyaml(text)), text
    return True


@pytest.mark.parametrize("text", [*EXAMPLES, *bundled_texts()])
def test_examples(text: str) -> None:
    assert agrees(text)


def test_scenarios_and_what_comes_of_changing_them() -> None:
    chance = random.Random(4)
    assert sum(agrees(scenario_case(chance).decode("utf-8", "replace")) for _ in range(250)) > 150


def test_heaps_of_pieces() -> None:
    chance = random.Random(5)
    for _ in range(1_500):
        assert agrees("".join(chance.choice(PIECES) for _ in range(chance.randint(1, 30))))


@pytest.mark.parametrize(
    "name", ["a folded summary", "a quoted summary", "doubled quotes", "other empty lines", "comments"]
)
def test_long_texts(name: str) -> None:
    made = ACCEPTED[name]()
    assert agrees(f"{made[:3_000]}{made[-500:]}")


@pytest.mark.parametrize("name", ["brackets", "colons", "lists in lists", "an open quote", "an open brace"])
def test_long_texts_that_are_none(name: str) -> None:
    made = REFUSED[name]()
    assert isinstance(made, str)
    # PyYAML compares itself slowly with deep nesting.
    assert agrees(made[:500])
