"""Whatever a text is, it loads or is refused with places inside it: what hypothesis finds, and makes small.

`robustness/test_fuzzing` tries far more cases, and looks at what was loaded.
"""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robustness.cases import PIECES, scenario_case
from robustness.judge import judge_refusal

from tui_backprop.errors import ScenarioError
from tui_backprop.scenario.loading import load_text

WORDS = ("title", "data", "equations", "parameters", "network", "x", "1", " ")


def loads_or_is_refused(text: str | bytes) -> None:
    """Any other exception than a refusal is the failure that is looked for."""
    try:
        load_text(text, "f.yaml")
    except ScenarioError as error:
        judge_refusal(error, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    loads_or_is_refused(text)


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    loads_or_is_refused(data)


@given(st.lists(st.sampled_from([*PIECES, *WORDS]), max_size=40))
def test_any_heap_of_pieces(pieces: list[str]) -> None:
    loads_or_is_refused("".join(pieces))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_cases_that_hypothesis_looks_for(chance: random.Random) -> None:
    loads_or_is_refused(scenario_case(chance))
