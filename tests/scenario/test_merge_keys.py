"""YAML's merge key is named, in every place where it can stand, and nothing is said of what it would have brought."""

from __future__ import annotations

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.scenario.loading import load_text

MERGES = [
    ("title: x\n<<: *base\n", "2:1"),
    ("<<: {parameters: {w: 1}}\ntitle: x\nequations: {L: w^2}\n", "1:1"),
    ("title: x\nparameters: {<<: *base, w: 1}\nequations: {L: w*v}\n", "2:14"),
    ("title: x\nparameters:\n  <<: [*a, *b]\n  w: 1\nequations: {L: w*v}\n", "3:3"),
    ("title: x\nparameters: {w: 1}\nequations:\n  <<: *base\n  L: w*z\n", "4:3"),
    ("title: x\nparameters: {w: 1}\nequations: {L: w*x}\ndata: {<<: *base}\n", "4:8"),
    ("title: x\nparameters: {w: 1}\nequations: {L: w*x}\ndata:\n  - {x: 1}\n  - {<<: *base}\n", "6:6"),
]


@pytest.mark.parametrize(("text", "where"), MERGES)
def test_a_merge_key_is_named_and_nothing_follows_from_it(text: str, where: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (f"{problem.place.line}:{problem.place.column}", problem.place.length) == (where, 2)
    assert problem.message == "'<<' is YAML's merge key, and scenarios have no merging"
    assert problem.help == "write the entries out here"
