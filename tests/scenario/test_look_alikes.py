"""Names that no one can tell apart on a screen are refused with both places; names that differ to the eye are not."""

from __future__ import annotations

import unicodedata

import pytest

from tui_backprop.errors import ScenarioError
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.look_alikes import looks


def told(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    return [(f"{p.place.line}:{p.place.column}", p.message, p.help) for p in caught.value.problems if p.place]


@pytest.mark.parametrize(
    ("first", "second", "letter"),
    [
        ("o", "ο", "omicron"),
        ("ο", "o", "omicron"),
        ("cost", "cοst", "omicron"),
        ("loοp", "lοop", "omicron"),
        ("A1", "Α1", "capital alpha"),
        ("v", "ν", "nu"),
        ("φ", "ϕ", "phi symbol"),
        ("θ_1", "ϑ_1", "theta symbol"),
    ],
)
def test_two_names_that_look_alike_are_refused_with_both_places(first: str, second: str, letter: str) -> None:
    text = f"title: x\nparameters:\n  q: 1\n  {first}: 1\n  {second}: 2\nequations: {{L: q*{first} + {second}}}\n"
    ((where, message, help),) = told(text)
    assert where == "5:3"
    assert message.startswith(f"'{second}' looks like the '{first}' in line 4, column 3")
    assert f"the Greek letter {letter}" in message
    assert "same letters" in help


@pytest.mark.parametrize(("defined", "used"), [("ο", "o"), ("o", "ο"), ("ν1", "v1")])
def test_a_name_that_is_defined_in_other_letters_is_explained_and_told_once(defined: str, used: str) -> None:
    ((where, message, help),) = told(f"title: x\nparameters: {{{defined}: 1}}\nequations: {{L: 2*{used}}}\n")
    assert (where, message) == ("3:18", f"'{used}' is not defined")
    assert f"the '{defined}' in line 2 only looks like it" in help
    assert "Greek letter" in help


@pytest.mark.parametrize("names", ["αa", "ρp", "ωw", "γy", "σo", "τt", "ηn", "χx", "κk", "Wω", "φψ", "Oo", "lI"])
def test_names_that_differ_to_the_eye_are_different_names(names: str) -> None:
    first, second = names
    scenario = load_text(
        f"title: x\nparameters: {{{first}: 1, {second}: 2}}\nequations: {{L: {first}*{second}}}\n", "f"
    )
    assert list(scenario.parameters) == [first, second]


def test_a_greek_capital_looks_latin_where_the_letters_go_back_to_one_form() -> None:
    """Unicode's own names say which capitals came over: those whose Latin twin has the same shape since antiquity."""
    twins = "ALPHA:A BETA:B EPSILON:E ZETA:Z ETA:H IOTA:I KAPPA:K MU:M NU:N OMICRON:O RHO:P TAU:T UPSILON:Y CHI:X"
    for twin in twins.split():
        name, latin = twin.split(":")
        assert looks(unicodedata.lookup(f"GREEK CAPITAL LETTER {name}")) == latin
    for name in ["GAMMA", "DELTA", "THETA", "LAMDA", "XI", "PI", "SIGMA", "PHI", "PSI", "OMEGA"]:
        assert not looks(unicodedata.lookup(f"GREEK CAPITAL LETTER {name}")).isascii()


# --- what cannot be seen at all


@pytest.mark.parametrize(
    "text",
    ["\u200b", "\u200b\u200d", "\u2060 \u2060", "\u3164", "\u00ad", "\u2800", "\u0301", "\ufe0f", "\u3000\u200b"],
)
@pytest.mark.parametrize("field", ["title", "summary", "notes"])
def test_a_text_in_which_nothing_can_be_seen_is_no_text(field: str, text: str) -> None:
    fields = {"title": "x", "summary": "x", "notes": "x", field: f'"{text}"'}
    scenario = f"title: {fields['title']}\nsummary: {fields['summary']}\nparameters: {{w: 1}}\nequations: {{L: w^2}}\n"
    ((_, message, _),) = told(f"{scenario}notes: {{w: {fields['notes']}}}\n")
    assert "nothing that can be seen" in message


@pytest.mark.parametrize("title", ["数", "e\u0301", "a\u200db", "∂", "⠁", "…"])
def test_a_text_in_which_something_can_be_seen_is_one(title: str) -> None:
    assert load_text(f"title: {title}\nparameters: {{w: 1}}\nequations: {{L: w^2}}\n", "f").title == title
