"""All that is said of a step, whole: what the narration and the chain have no room for."""

from __future__ import annotations

import pytest
from support.panel_text import narration, opened, panel, played

from tui_backprop.session import Cursor

LESSONS = ["logistic", "chain", "xor-sigmoid", "limit", "log-zero"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_it_holds_every_word_of_a_narration_without_limits_and_the_whole_chain(lesson: str) -> None:
    session = opened(lesson)
    for index in range(0, len(session.layout.per_example), 2):
        at = session.at(Cursor(0, index))
        text = panel(played(at, "words"), "equations", 78, 100)
        for line in narration(at, 5_000, 9).splitlines():
            assert " ".join(line[16:].split()) in " ".join(text.split())
        assert "all of it" not in text


def test_where_the_narration_is_cut_it_says_by_which_key_all_is_read() -> None:
    at = opened("xor-sigmoid").at(Cursor(0, 8))
    for width in (60, 80):
        lines = narration(at, width, 3).splitlines()
        cut = [line for line in lines if "…" in line]
        assert cut[-1].endswith(" … (.: all of it)")
        assert all(line.endswith(" …") for line in cut[:-1])
        assert max(map(len, lines)) <= width
    assert "all of it" not in narration(at, 300, 3)


def test_what_is_left_out_for_want_of_rows_is_told_too() -> None:
    at = opened("half-square").at(Cursor(0, 0))
    assert "note:" in narration(at, 200, 3)
    assert narration(at, 200, 2).splitlines()[-1].endswith(" … (.: all of it)")


def test_in_a_low_panel_the_arrows_lead_to_every_line() -> None:
    words = played(opened("chain").at(Cursor(0, 26)), "words")
    whole = panel(words, "equations", 38, 100).splitlines()
    seen = []
    for _ in range(20):
        shown = panel(words, "equations", 38, 9).splitlines()
        assert len(shown) <= 9
        seen += shown
        words = played(words, "node_on")
    assert [line for line in whole if line not in seen] == []


def test_what_answered_the_key_before_is_read_there_too() -> None:
    at = played(opened("decaying-rate").at(Cursor(0, 4)), "derive")
    assert "once for all parameters; k is the iteration" not in narration(at, 60, 2)
    assert narration(at, 60, 2).endswith(" … (.: all of it)")
    text = panel(played(at, "words"), "equations", 78, 30)
    assert " ".join(text.split()).count(at.notice) == 1
    later = played(played(opened("decaying-rate"), "iteration_on").at(Cursor(1, 4)), "derive")
    assert later.notice in " ".join(panel(played(later, "words"), "equations", 78, 30).split())
