"""Is a safe text safe, as long as the text it came from, and as wide as it is counted?"""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.payloads import PAYLOADS, longest_stack, unsafe_characters
from support.tables import all_or

from tui_backprop import safe_text as room
from tui_backprop.panels.lines import Span, cut, width_of, wrapped
from tui_backprop.safe_text import MOST_MARKS, REPLACEMENT, beginning, cell_width, safe_text, without_controls

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("ab \t\n\r\x1b\x9b[\u202e\u200d\u0301\u0324\u0489\ufe0f\U0001f3fd数한\u1161\u3164ｗ∂η½…"),
    ),
    max_size=60,
)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_becomes_text(name):
    payload = PAYLOADS[name]
    made = safe_text(payload)
    assert unsafe_characters(made) == set()
    assert "\n" not in made
    assert longest_stack(made) <= MOST_MARKS
    assert len(made) == len(payload)
    assert cell_width(made) == cell_len(made)


@given(TEXTS)
def test_any_text_becomes_safe_and_stays_so(text):
    made = safe_text(text)
    assert unsafe_characters(made) == set()
    assert len(made) == len(text)
    assert safe_text(made) == made
    assert longest_stack(made) <= MOST_MARKS
    assert cell_width(made) == cell_len(made)


@given(TEXTS, st.integers(-2, 40))
def test_the_beginning_is_all_that_fits(text, cells):
    made = safe_text(text)
    first = beginning(made, cells)
    assert made.startswith(first)
    assert cell_width(first) <= max(0, cells)
    if first != made:
        assert cell_width(first) + cell_width(made[len(first)]) > cells


@given(st.lists(TEXTS, max_size=4), st.integers(0, 30))
def test_a_line_is_cut_to_its_width(texts, width):
    line = tuple(Span(safe_text(text)) for text in texts)
    assert width_of(cut(line, width, "unicode")) <= width
    if width_of(line) <= width:
        assert cut(line, width, "unicode") == line


@given(TEXTS, st.integers(1, 40), st.integers(0, 6))
def test_a_wrapped_text_fits_and_loses_nothing(text, width, indent):
    made = safe_text(text)
    rows = wrapped(made, width, indent)
    assert all(cell_width(row) <= max(width, 8) for row in rows)
    assert "".join("".join(rows).split()) == "".join(made.split())


def test_a_very_long_text_is_wrapped_in_no_time():
    rows = wrapped("数 " * 50_000, 40)
    assert len(rows) == 50_000 // 13 + 1


def test_every_character_is_as_wide_as_the_toolkit_counts_it():
    """A character for itself and behind a letter, in whichever version of Unicode."""
    few = [*range(0x3400), *range(0xA000, 0xAC00), *range(0xD700, 0x11000), *range(0x1F000, 0x1FC00)]
    for code in all_or([*few, *range(0, sys.maxunicode, 97)], range(sys.maxunicode + 1)):
        made = safe_text(f"a{chr(code)}")
        assert made[0] == "a"
        assert cell_width(made) == cell_len(made), hex(code)


def test_the_shortcut_takes_only_what_is_safe_and_one_cell_wide():
    for character in map(chr, range(0x3000)):
        if room._ORDINARY.fullmatch(character):
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Mc", "Me"}
            assert cell_len(character) == 1


@pytest.mark.parametrize("sign", "abcäη∂²₁⁽·×−←→▸│╭█░⣿½ŷ…’ŁЖ")
def test_what_lessons_are_written_with_stays(sign):
    assert safe_text(sign) == sign


@pytest.mark.parametrize("text", ["e\u0301", "v\u1ec7 vie\u0323\u0302t", "שלום", "हिन्दी", "数学", "한국어", "naïve"])
def test_what_people_write_stays(text):
    assert safe_text(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a\x1b[31mb", f"a{REPLACEMENT}[31mb"),
        ("\u0301a", f"{REPLACEMENT}a"),
        ("a\tb\nc\rd", "a b c d"),
        ("❤\ufe0f", f"❤{REPLACEMENT}"),
    ],
)
def test_what_is_put_in_its_place(text, made):
    assert safe_text(text) == made


def test_the_data_keep_every_letter_and_mark():
    for payload in PAYLOADS.values():
        made = without_controls(payload)
        assert unsafe_characters(made) == set()
        for before, after in zip(payload, made, strict=True):
            assert after in (before, REPLACEMENT)
            assert before == after or before in unsafe_characters(payload)
