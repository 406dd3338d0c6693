"""Whatever a text is, it loads or is refused with places inside it: what hypothesis finds, and makes small.

`robustness/test_fuzzing` tries far more cases, and looks at what was loaded.
"""

from __future__ import annotations

import json
import random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from robustness.cases import PIECES, scenario_case
from robustness.judge import judge_refusal

from tui_backprop.errors import ScenarioError
from tui_backprop.maths.parsing import parse
from tui_backprop.maths.tokens import ExpressionError
from tui_backprop.safe_text import is_visible
from tui_backprop.scenario.files import first_refused
from tui_backprop.scenario.loading import load_text

WORDS = ("title", "data", "equations", "parameters", "network", "x", "1", " ")


def loads_or_is_refused(text: str | bytes) -> None:
    """Any other exception than a refusal is the failure that is looked for."""
    try:
        load_text(text, "f.yaml")
    except ScenarioError as error:
        judge_refusal(error, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


@given(st.text(max_size=60))
@example("\u200b")
@example(" a\t b ")
@example("a\nb")
@example("a\u202eb")
def test_any_text_as_a_title_is_that_title_or_is_refused_for_what_it_has(text: str) -> None:
    """Written as JSON, which is YAML too: what is read is what was written, or there is a reason not to."""
    try:
        title = load_text(
            f"title: {json.dumps(text, ensure_ascii=False)}\nparameters: {{w: 1}}\nequations: {{L: w^2}}\n", "f.yaml"
        ).title
    except ScenarioError as error:
        (problem,) = error.problems
        assert problem.place is not None
        assert problem.place.line == 1
        assert first_refused(text) is not None or not is_visible(text) or "\n" in text.strip()
    else:
        assert title == " ".join(text.split())
        assert is_visible(title)
        assert first_refused(text) is None


@given(st.text(max_size=60))
@example("w")
@example("w + 1")
@example("# w")
@example("w #")
@example("*w")
def test_any_text_as_an_expression_is_read_as_the_parser_reads_it(text: str) -> None:
    """The file adds nothing and takes nothing away: it loads exactly where the text is an expression of its names."""
    written = f"title: x\nparameters: {{w: 1}}\nequations:\n  L: {json.dumps(text, ensure_ascii=False)}\n"
    try:
        parsed = parse(text)
    except ExpressionError:
        parsed = None
    fits = parsed is not None and {use.name for use in parsed.names} - {"pi", "e"} == {"w"}
    try:
        scenario = load_text(written, "f.yaml")
    except ScenarioError as error:
        assert not fits
        judge_refusal(error, written.encode("utf-8", "surrogatepass"))
    else:
        assert parsed is not None
        assert fits
        assert scenario.equations["L"] == parsed.expression


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
