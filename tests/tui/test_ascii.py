"""In ASCII: is every panel, bar and screen made of ASCII alone, with no question mark in the place of a character?"""

import itertools
import re

import pytest
from support.panel_text import opened, panel, played
from support.screen import running
from support.tables import sample

from tui_backprop.moves.go_to import go_to
from tui_backprop.moves.move_table import TABLE
from tui_backprop.panels.panel_table import PANELS, current_line, current_panel, header_line, narration_lines
from tui_backprop.scenario.bundled import bundled_names
from tui_backprop.tui.help import help_lines
from tui_backprop.tui.line_bars import footer_line, tab_line

SIZES = [(120, 40), (80, 24), (60, 20)]
WAYS = [
    (),
    ("phase_on", "2*node_on", "step_on"),
    ("phase_on", "2*node_on", "derive", "2*step_on"),
    ("phase_on", "step_on", "nudge"),
    ("phase_on", "focus", "focus"),
    ("2*iteration_on", "log_axis", "digits", "phase_on", "step_on"),
    ("3*iteration_on", "curve", "digits"),
    ("2*iteration_on", "plane", "step_on"),
    ("split", "phase_on", "2*step_on"),
    ("end",),
    ("home", "step_back"),
    ("slower", "slower"),
]


# A question mark ends a word, or stands alone: as a key, or for a number that is not known yet.
_NO_QUESTION = re.compile(r"(?<=[^A-Za-z)\s|])\?|\?(?=[^\s'])")


def _is_in_ascii(text):
    return text.isascii() and not _NO_QUESTION.search(text)


def test_a_question_mark_in_the_place_of_a_character_is_told_from_others():
    assert all(map(_is_in_ascii, ["Where did it go?", "a  ?  b", "?", "called 'x?'"]))
    assert not any(map(_is_in_ascii, ["?L/?w", "2?x", "w1?x", "w <?", "x?y", "η"]))


def _spans(session, size):
    width, height = size
    for lines in (*(each.lines for each in PANELS.values()), narration_lines):
        yield from (span for line in lines(session, width, height) for span in line)
    yield from header_line(session, width)
    yield from footer_line(session, width)
    yield from tab_line(current_panel(session), width, session.charset)


@pytest.mark.parametrize(("lesson", "way"), sample([*itertools.product(bundled_names(), WAYS)], 3), ids=str)
def test_every_lesson_is_shown_in_ascii(lesson, way):
    session = played(opened(lesson, "ascii"), *way)
    for size in SIZES:
        for span in _spans(session, size):
            assert _is_in_ascii(span.text), (size, span)
    for text in (current_line(session), *(each.title(session) for each in PANELS.values()), session.notice):
        assert _is_in_ascii(text), text


@pytest.mark.parametrize("lesson", sample(bundled_names(), 5))
def test_every_step_of_an_iteration_is_said_in_ascii(lesson):
    session = opened(lesson, "ascii")
    for _ in range(min(len(session.layout), 60)):
        text = "".join(span.text for lines in narration_lines(session, 400, 4) for span in lines)
        assert _is_in_ascii(text), text
        session = played(session, "step_on")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    "keys",
    [
        ("question_mark",),
        ("question_mark", "end"),
        ("o",),
        ("o", "end", "n", "o", "enter"),
        ("g",),
        ("g", *"ζ", "enter"),
        ("ctrl+p",),
        ("ctrl+p", *"ex"),
        ("end", "right", "home", "left", "y"),
        ("n", "d", "right", "tab", "z"),
    ],
    ids=" ".join,
)
async def test_every_screen_is_in_ascii(size, keys):
    async with running(opened("many-neurons", "ascii"), size, "ascii") as shown:
        await shown.press(*keys)
        assert _is_in_ascii(shown.text), shown.text


UPDATE = "  w <- w - eta*dL/dw\n    <- 0 - 0.3*(-6) = 1.8"


def test_text_is_made_in_ascii_from_the_start():
    session = played(opened("parabola", "ascii"), "end")
    assert current_line(session).startswith("w <- w - eta*dL/dw = ")
    assert UPDATE.replace("  w", "> w") in panel(played(opened("parabola", "ascii"), "2*phase_on"), "equations", 60, 20)
    mean = played(opened("logistic-four", "ascii"), "phase_on", "node_on", *["phase_on"] * 7)
    assert current_line(mean).startswith("mean L = 1/4*sum of L over 4 examples = (")


def test_what_has_no_room_ends_in_three_points():
    session = opened("parabola", "ascii")
    assert "...  iteration 0 | " in "".join(span.text for span in header_line(session, 60))
    told = "".join(span.text for span in narration_lines(session, 60, 3)[2])
    assert told.endswith("squared ... (.: all of it)")


def test_no_mark_makes_another_sign_of_what_stands_beside_it():
    """An update is no "less than", and a marked path no "greater than or equal to"."""
    for lesson in bundled_names():
        for session in (played(opened(lesson, "ascii"), "phase_on", "focus"), played(opened(lesson, "ascii"), "end")):
            text = panel(session, "equations", 60, 40)
            assert not re.search(r"\w\s*(<|>=|<=)\s+\w", text), text


def test_the_marks_of_tabs_and_titles_have_twins():
    assert "".join(span.text for span in tab_line(PANELS["graph"], 60, "ascii")).startswith(" > Graph")
    assert "".join(span.text for span in tab_line(PANELS["graph"], 20, "ascii")).startswith(" > Graph")


def test_what_was_typed_is_told_in_ascii():
    assert go_to(opened("logistic", "ascii"), "ζ").notice.startswith("Nothing here is called 'zeta'.")
    assert go_to(opened("logistic", "ascii"), "loss ≤ −9").notice == "The loss is never <= -9 up to iteration 100."


def test_help_names_the_arrow_keys_as_they_are_called():
    text = "\n".join("".join(span.text for span in line) for line in help_lines(100, "ascii"))
    assert text.isascii()
    assert "left h" in text
    assert "right l" in text
    for move in TABLE:
        assert all(key.isascii() for key in move.printed_keys("ascii"))
