"""What follows from another error is not told, and errors of one cause are told as one, with a count."""

from __future__ import annotations

import pytest

from tui_backprop.errors import MOST_PROBLEMS, ScenarioError
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.nearest import likewise


def told(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    assert caught.value.more == 0
    return [f"{p.place.line}:{p.place.column} {p.message}" for p in caught.value.problems if p.place]


NET = """\
title: x
network:
  inputs: [x]
  layers:
    - {neurons: 2, activation: tanh, weights: [[1], [2]], biases: [0, 0]}
    - {neurons: 1, activation: tanh, weights: [[1, 2]]}
  targets: [t]
  cost: squared_error
data: {x: 1, t: 0}
"""


# (a text with one mistake in it, the one line that is told)
CONSEQUENCES = [
    # a name that cannot be given: what its equation uses is used, and using it is no further mistake
    (
        "title: x\nparameters: {a: 3, b: 2, d: 1}\nequations:\n  c: a + b\n  e: c*d\n",
        "5:3 'e' is a constant of its own",
    ),
    (
        "title: x\nparameters: {w: 1, v: 1}\nequations:\n  w: v*2\n  L: w^2\n",
        "4:3 'w' is defined twice: it is a parameter and an equation",
    ),
    (
        "title: x\nparameters: {w: 1, v: 1}\nequations:\n  z: w\n  z: v*2\n  L: z^2\n",
        "5:3 'z' is given twice",
    ),
    ("title: x\nparameters: {log: 1}\nequations: {L: log^2}\n", "2:14 'log' is the name of a function"),
    ("title: x\nparameters: {w-1: 1}\nequations: {L: w-1*2}\n", "2:14 'w-1' cannot be a name"),
    ("title: x\nparameters: {ŷ: 1}\nequations: {L: 2*ŷ}\n", "2:14 'ŷ' cannot be a name"),
    ("title: x\nparameters: {w₁: 1}\nequations: {L: w₁^2}\n", "2:14 'w₁' cannot be a name"),
    ("title: x\nparameters: {2b: 1}\nequations: {L: 2b}\n", "2:14 '2b' cannot be a name"),
    (
        "title: x\nparameters: {w: 1}\ndata: {x 1: 1}\nequations: {L: w*x}\n",
        "3:8 'x 1' cannot be a name",
    ),
    ("title: x\nparameters: {w: 1}\nequations: {max: w}\nloss: max\n", "3:13 'max' is the name of a function"),
    ("title: x\nparameters: {w: 1, pi: 1}\nequations: {L: w}\nfreeze: pi\n", "2:20 'pi' is a constant of its own"),
    ("title: x\nparameters: {w: 1, 1w: 1}\nequations: {L: w}\nnotes: {1w: a}\n", "2:20 '1w' cannot be a name"),
    (
        "title: x\nparameters: {w: 1, 1w: 1}\nequations: {L: w}\nexpect: [{parameters: {1w: 1}}]\n",
        "2:20 '1w' cannot be a name",
    ),
    # a name that is missing and another that is unused: the one was meant for the other
    ("title: x\nparameters: {weight: 1}\nequations: {L: wieght^2}\n", "3:16 'wieght' is not defined"),
    ("title: x\nparameters: {w: 1, v: 1}\nequations: {L: wv^2}\n", "3:16 'wv' is not defined"),
    # a key that is misspelled or called otherwise: it is read as what is meant
    ("titel: x\nparameters: {w: 1}\nequations: {L: w}\n", "1:1 unknown key 'titel' in a scenario"),
    ("title: x\nparameter: {w: 1}\nequations: {L: w}\n", "2:1 unknown key 'parameter' in a scenario"),
    ("title: x\nparameters: {w: 1}\nequation: {L: w}\n", "3:1 unknown key 'equation' in a scenario"),
    ("title: x\nparameters: {w: 1}\nequations: {L: w*x}\ndataset: {x: 1}\n", "4:1 unknown key 'dataset' in a scenario"),
    (
        "title: x\nparameters: {w: 1}\nequations: {L: w}\nlr: 1\nexpect: [{after: 1, loss: 0.}]\n",
        "4:1 unknown key 'lr' in a scenario",
    ),
    (NET.replace("network:", "netwerk:"), "2:1 unknown key 'netwerk' in a scenario"),
    (NET.replace("neurons: 1", "units: 1"), "6:8 unknown key 'units' in a layer"),
    (NET.replace("targets:", "target:"), "7:3 unknown key 'target' in 'network'"),
    # a layer whose size is in doubt: nothing about its biases, the layer after it and the targets
    (NET.replace("neurons: 2", "neurons: 3"), "5:47 2 rows, and 3 neurons in this layer"),
    (NET.replace("neurons: 1", "neurons: 2"), "6:47 1 row, and 2 neurons in this layer"),
    (NET.replace("[[1], [2]]", "[[1], [2], [3]]"), "5:58 3 rows, and 2 neurons in this layer"),
    (NET.replace("neurons: 2", "neurons: two"), "5:17 'two' is not a number"),
    (NET.replace("inputs: [x]", "inputs: [log]"), "3:12 'log' is the name of a function"),
]


@pytest.mark.parametrize(("text", "line"), CONSEQUENCES)
def test_what_follows_from_another_error_is_not_told(text: str, line: str) -> None:
    (only,) = told(text)
    assert only.startswith(line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "title: x\nparameters: {weight: 1, b: 2}\nequations: {L: wieght^2}\n",
            ["2:25 no equation uses the parameter 'b'", "3:16 'wieght' is not defined"],
        ),
        (
            "title: x\nparameters: {a: 1}\nequations:\n  e: a*q\n  L: a\nloss: L\n",
            ["4:3 'e' is a constant of its own", "4:8 'q' is not defined"],
        ),
        (
            "titel: x\nparameters: {w: 010}\nequations: {L: w}\n",
            ["1:1 unknown key 'titel' in a scenario", "2:17 '010' has a leading zero"],
        ),
        (
            NET.replace("neurons: 2", "neurons: 3").replace("[[1, 2]]", "[[one, 2]]"),
            ["5:47 2 rows, and 3 neurons in this layer", "6:49 'one' is not a number"],
        ),
        (
            "title: x\nparameters: {a: 1, b: 2}\nequations:\n  L: a +\n  M: b +\nloss: L\n",
            ["4:8 the expression ends after '+'", "5:8 the expression ends after '+'"],
        ),
    ],
)
def test_what_does_not_follow_is_told(text: str, lines: list[str]) -> None:
    assert told(text) == lines


def rows(*rows: str) -> str:
    listed = "".join(f"  - {{{row}}}\n" for row in rows)
    return f"title: x\nparameters: {{w: 1}}\nequations: {{L: (w*x - y)^2}}\ndata:\n{listed}"


CASCADES = [
    (
        rows("x: 1, y: 2", "x: 1", "x: 2", "x: 3"),
        "6:5 this example has no y (and 2 more like it, in lines 7, 8)",
    ),
    (
        rows("x: 1, y: 2", "x: 1, y: 2, q: 3", "x: 1, y: 2, q: 4"),
        "6:18 'q' is in this example but not in the first one (and 1 more like it, in line 7)",
    ),
    (
        rows("x: 1, y: 010", "x: 1, y: 07", "x: 1, y: 1", "x: 1, y: 00"),
        "5:15 '010' has a leading zero (and 2 more like it, in lines 6, 8)",
    ),
    (rows("x: 1, y: no", "x: 1, y: yes"), "5:15 'no' is not a number (and 1 more like it, in line 6)"),
    (rows("x: 1, y: ", "x: 1, y: ", "x: 1, y: 1"), "5:14 the input 'y' has no value (and 1 more like it, in line 6)"),
    (
        rows(*["x: 1, y: na"] * 9, "x: 1, y: 2"),
        "5:15 'na' is not a number (and 8 more like it, in lines 6, 7, 8, 9 …)",
    ),
    (
        "title: x\nparameters: {w: 1}\nequations:\n  a: w*q\n  b: q + q\n  L: a*b*q\n",
        "4:8 'q' is not defined (and 2 more like it, in lines 5, 6)",
    ),
    (
        NET.replace("neurons", "units"),
        "5:8 unknown key 'units' in a layer (and 1 more like it, in line 6)",
    ),
    (NET.replace("[[1, 2]]", "[[one, two]]"), "6:49 'one' is not a number (and 1 more like it in this line)"),
    (
        NET.replace("activation: tanh", "activation: tnah"),
        "5:32 'tnah' is not a known activation (and 1 more like it, in line 6)",
    ),
    ("title: x\n\tw: 1\n\tb: 2\n\tc: 3\n", "2:1 a tab where YAML needs spaces (and 2 more like it, in lines 3, 4)"),
    (
        "title: x\n# \x07\n# \x07\n# \x07\n",
        "2:3 a control character (U+0007) (and 2 more like it, in lines 3, 4)",
    ),
]


@pytest.mark.parametrize(("text", "line"), CASCADES)
def test_errors_of_one_cause_are_told_as_one_with_a_count(text: str, line: str) -> None:
    assert told(text) == [line]


def test_a_cascade_takes_no_room_from_other_errors() -> None:
    """A thousand wrong cells before it, and the last mistake of the file is still told."""
    text = rows(*[f"x: a{number}, y: 1" for number in range(1_000)], "x: 1, y: 1") + "freeze: q\n"
    assert told(text) == [
        "5:9 'a0' is not a number (and 999 more like it, in lines 6, 7, 8, 9 …)",
        "1006:9 no parameter is called 'q'",
    ]


def test_what_is_counted_past_the_twentieth_are_causes() -> None:
    wrong = "".join(f"  - {{x: 1, y: 1, q{number}: 1}}\n  - {{x: 1, y: 1, q{number}: 1}}\n" for number in range(30))
    with pytest.raises(ScenarioError) as caught:
        load_text(rows("x: 1, y: 1") + wrong, "f.yaml")
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.more == 10


@pytest.mark.parametrize(
    ("count", "lines", "here", "text"),
    [
        (0, [], 1, ""),
        (1, [1], 1, " (and 1 more like it in this line)"),
        (1, [2], 1, " (and 1 more like it, in line 2)"),
        (3, [1, 2, 2], 1, " (and 3 more like it, in line 2)"),
        (4, [2, 3, 4, 5], 1, " (and 4 more like it, in lines 2, 3, 4, 5)"),
        (1_200, list(range(2, 1_202)), 1, " (and 1,200 more like it, in lines 2, 3, 4, 5 …)"),
    ],
)
def test_the_others_of_one_cause_are_counted_and_placed(count: int, lines: list[int], here: int, text: str) -> None:
    assert likewise(count, lines, here) == text


def test_a_key_that_stands_twice_hides_no_other_mistake():
    text = "title: t\nparameters: {w: 1, w: 2}\nequations: {L: w^2}\nnotes: {q: x.}\n"
    with pytest.raises(ScenarioError) as refused:
        load_text(text, "f.yaml")
    told = [problem.message for problem in refused.value.problems]
    assert told == ["'w' is given twice", "a note on 'q', which is not a name in this scenario"]


def test_a_bracket_that_the_end_of_the_file_leaves_open_is_told():
    with pytest.raises(ScenarioError) as refused:
        load_text("title: t\nparameters: {w: [1, 2", "f.yaml")
    assert [problem.message for problem in refused.value.problems] == ["this [ is never closed"]
